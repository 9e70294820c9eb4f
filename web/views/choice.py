"""A value of a filter as a reader meets it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Choice:
    """A value that can be chosen or taken back, by its checkbox or by following its ``link``, if it has one.

    ``below`` holds the finer choices of a topic.
    """

    name: str
    value: str
    label: str
    count: int
    selected: bool
    link: str = ""
    below: tuple[Choice, ...] = ()

    @property
    def open(self) -> bool:
        """Whether something finer is chosen, so that it must be seen."""
        return any(choice.selected or choice.open for choice in self.below)
