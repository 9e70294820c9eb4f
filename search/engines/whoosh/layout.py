"""A field laid out for its postings: where each term stands, where sentences begin, which words have capitals."""

from __future__ import annotations

from array import array
from collections.abc import Iterable

from search.analysis import capitals, scan, sentences

Packed = dict[bytes, bytes]
"""Terms with their positions, four bytes each."""
CASES = ("initial", "upper", "mixed")
_GAP = 1000
"""Positions between two runs of one field, so that no phrase spans them, nor any distance."""


def lay_out(runs: Iterable[str], marked: str = "") -> tuple[Packed, Packed]:
    """The terms of a field and, when it is to be ``marked`` under its name, its marks."""
    found: dict[str, array[int]] = {}
    marks: dict[str, array[int]] = {}
    position = 0
    for run in runs:
        ahead = sentences(run)[::-1] if marked else []
        if marked and position:  # the very first sentence begins with the document
            ahead.append(0)
        for term, start, end in scan(run):
            _add(found, term, position)
            if marked:
                if ahead and start >= ahead[-1]:
                    _add(marks, "sentence", position)
                while ahead and start >= ahead[-1]:
                    ahead.pop()
                raw = run[start:end]
                if raw != term and (how := capitals(raw)):
                    _mark_capitals(marks, how, position)
            position += 1
        position += _GAP
    return _packed(found), {mark(marked, name): value.tobytes() for name, value in marks.items()}


def in_order(packed: Packed) -> list[str]:
    """The terms of a field as they stand.

    >>> in_order(lay_out(["to be or not to be"])[0])
    ['to', 'be', 'or', 'not', 'to', 'be']
    """
    placed = sorted((place, term) for term, places in packed.items() for place in memoryview(places).cast("I"))
    return [term.decode("utf-8", "replace") for _, term in placed]


def _mark_capitals(marks: dict[str, array[int]], how: str, position: int) -> None:
    if how in CASES:
        _add(marks, how, position)
    else:
        _add(marks, "mixed", position)
        _add(marks, f"={how}", position)


def mark(field: str, name: str) -> bytes:
    """The term in the field ``marks`` that keeps some places of another: ``sentence``, a case, or ``=McAda``."""
    return f"{field} {name}".encode("utf-8", "replace")


def _add(found: dict[str, array[int]], term: str, position: int) -> None:
    if term in found:
        found[term].append(position)
    else:
        found[term] = array("I", [position])


def _packed(found: dict[str, array[int]]) -> Packed:
    return {term.encode("utf-8", "replace"): positions.tobytes() for term, positions in found.items()}
