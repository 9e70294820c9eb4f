"""A value of a filter as a reader meets it."""

from __future__ import annotations

from typing import NamedTuple


class Choice(NamedTuple):
    """A value that can be chosen or taken back, by its checkbox or by following its ``link``, if it has one.

    ``below`` holds the finer choices of a topic; ``type`` is a speaker's, where that is known. A tuple, since a page
    has a hundred, and a frozen dataclass takes four times as long to make.
    """

    name: str
    value: str
    label: str
    count: int  # type: ignore[assignment]
    selected: bool
    link: str = ""
    below: tuple[Choice, ...] = ()
    type: str = ""

    @property
    def open(self) -> bool:
        """Whether something finer is chosen, so that it must be seen."""
        return any(choice.selected or choice.open for choice in self.below)
