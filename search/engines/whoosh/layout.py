"""A field laid out for its postings: where each term stands, where sentences begin, which words have capitals."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from search.analysis import capitals, scan, sentences

CASES = ("initial", "upper", "mixed")
_GAP = 1000
"""Positions between two runs of one field, so that no phrase spans them, nor any distance."""


@dataclass(frozen=True, slots=True)
class Layout:
    """The terms of a field as they stand, the position of each, and its marks, each with a position."""

    terms: list[str]
    positions: list[int]
    marks: list[tuple[bytes, int]]


def lay_out(runs: Iterable[str], marked: str = "") -> Layout:
    """The terms of a field and, when it is to be ``marked`` under its name, its marks.

    >>> lay_out(["Ferry sails. All wave."], "text")
    Layout(terms=['ferry', 'sails', 'all', 'wave'], positions=[0, 1, 2, 3], marks=[(b'text initial', 0), \
(b'text sentence', 2), (b'text initial', 2)])
    """
    laid = Layout([], [], [])
    position = 0
    for run in runs:
        end = _lay_run(laid, run, position, marked)
        position = end + _GAP
    return laid


def _lay_run(laid: Layout, run: str, position: int, marked: str) -> int:
    """Lay one run out from a position on; gives the position behind it."""
    found = list(scan(run))
    laid.terms.extend([term for term, _, _ in found])
    laid.positions.extend(range(position, position + len(found)))
    if marked:
        ahead = sentences(run)[::-1]
        if position:  # the very first sentence begins with the document
            ahead.append(0)
        for place, (term, start, end) in enumerate(found, position):
            if ahead and start >= ahead[-1]:
                laid.marks.append((mark(marked, "sentence"), place))
                while ahead and start >= ahead[-1]:
                    ahead.pop()
            raw = run[start:end]
            if raw != term and (how := capitals(raw)):
                laid.marks.extend((mark(marked, name), place) for name in _names(how))
    return position + len(found)


def _names(how: str) -> tuple[str, ...]:
    return (how,) if how in CASES else ("mixed", f"={how}")


def mark(field: str, name: str) -> bytes:
    """The term in the field ``marks`` that keeps some places of another: ``sentence``, a case, or ``=McAda``."""
    return f"{field} {name}".encode("utf-8", "replace")
