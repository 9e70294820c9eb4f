"""Values with their counts, as a list that shows how they compare."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from search.model import FacetValue


@dataclass(frozen=True, slots=True)
class Row:
    """A value, where it leads, and its count, also in percent of the largest in the list. ``type`` is a speaker's."""

    label: str
    link: str
    count: int
    share: float
    type: str = ""


def rows(values: Sequence[FacetValue], link: Callable[[str], str], most: int | None = None) -> list[Row]:
    """A row for each value, in their order. ``most``: what counts as the whole, instead of the largest here."""
    whole = most or max((value.count for value in values), default=0) or 1
    return [
        Row(value.label, link(value.value), value.count, round(100 * value.count / whole, 1), value.type or "")
        for value in values
    ]
