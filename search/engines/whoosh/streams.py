"""Terms on their way into a segment: gathered as they stand, article by article, and sorted all at once."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import compress
from typing import Protocol

import numpy as np

from search.engines.whoosh.mapped import Array
from search.ranges import ranges, starts_of

_TERM_BYTES = 150
"""What a new term costs in memory, roughly."""


@dataclass(frozen=True, slots=True)
class Stream:
    """The terms of one field of many paragraphs: each once, and, occurrence by occurrence, which it is and its place.

    A place is ``(row << 32) + position``. ``rows`` has the row of each paragraph, where several may share one, and is
    empty when each has its own. All three are packed: four, eight and four bytes each.
    """

    terms: tuple[bytes, ...]
    which: bytes
    places: bytes
    rows: bytes = b""

    def of(self, paragraphs: Array | None) -> tuple[Array, Array]:
        """Which term stands at which place, for these of the paragraphs alone; rows are then places among them."""
        which, places = np.frombuffer(self.which, np.int32), np.frombuffer(self.places, np.int64)
        rows = np.frombuffer(self.rows, np.int32) if self.rows else None
        if paragraphs is not None:
            rows = paragraphs if rows is None else rows.take(paragraphs)
        if rows is None:
            return which, places
        bounds = places.searchsorted(np.arange(int(rows.max(initial=0)) + 2) << 32)
        begun, sizes = bounds.take(rows), np.diff(bounds).take(rows)
        chosen = ranges(begun, sizes)
        renumbered = np.repeat(np.arange(len(rows)), sizes) << 32
        return which.take(chosen), renumbered + (places.take(chosen) & 0xFFFFFFFF)


class Values:
    """Makes a Stream of whole values, row by row."""

    def __init__(self) -> None:
        self._known: defaultdict[str, int] = defaultdict()
        self._known.default_factory = self._known.__len__
        self._which = array("i")
        self._places = array("q")

    def add(self, row: int, values: Iterable[str]) -> None:
        """The values of the next row, each once however often it is given."""
        for value in dict.fromkeys(values):
            self._which.append(self._known[value])
            self._places.append(row << 32)

    def stream(self, rows: bytes = b"") -> Stream:
        terms = tuple(value.encode("utf-8", "replace") for value in self._known)
        return Stream(terms, self._which.tobytes(), self._places.tobytes(), rows)


def single(values: Sequence[str], rows: bytes = b"") -> Stream:
    """The one value of each row, or none where it is empty."""
    known = {value: place for place, value in enumerate(dict.fromkeys(filter(None, values)))}
    given = np.array([known.get(value, -1) for value in values], np.int32)
    there = np.flatnonzero(given >= 0)
    terms = tuple(value.encode("utf-8", "replace") for value in known)
    return Stream(terms, given[there].tobytes(), (there << 32).tobytes(), rows)


@dataclass(frozen=True, slots=True)
class Inverted:
    """A field turned round: its terms in order and, one term after the other, documents, counts and places.

    ``sizes``: how many documents each term has. ``counts``: how often it stands in each.
    """

    terms: list[bytes]
    sizes: Array
    docs: Array
    counts: Array
    places: Array

    @property
    def starts(self) -> Array:
        """Where each term's documents begin, and where the last one's end."""
        return starts_of(self.sizes)


def invert(terms: list[bytes], which: Array, places: Array) -> Inverted:
    """Turn a field round: of its terms in order, which of them stands at which place."""
    # Sorted by term, and within one as they came, which is by place.
    keys = (which << 32) + np.arange(len(which))
    keys.sort()
    places = places.take(keys & 0xFFFFFFFF)
    ranks, docs = keys >> 32, places >> 32
    fresh = np.ones(len(keys), np.bool_)
    fresh[1:] = (ranks[1:] != ranks[:-1]) | (docs[1:] != docs[:-1])
    first = fresh.nonzero()[0]
    sizes = np.bincount(ranks.take(first), minlength=len(terms))
    return Inverted(terms, sizes, docs.take(first).astype(np.int32), np.diff(first, append=len(keys)), places)


class Source(Protocol):
    """Where a field comes from when its segment is written. ``nbytes``: what it keeps in memory until then."""

    @property
    def nbytes(self) -> int: ...

    def inverted(self) -> Inverted: ...


class Gathered:
    """The streams of one field, of many articles."""

    def __init__(self) -> None:
        self._known: dict[bytes, int] = {}
        self._which: list[Array] = []
        self._places: list[Array] = []
        self._nbytes = 0

    @property
    def nbytes(self) -> int:
        return self._nbytes

    def extend(self, terms: Sequence[bytes], which: Array, places: Array) -> None:
        """Take occurrences, behind all that were taken before; terms that stand nowhere are left out."""
        known = self._known
        before = len(known)
        there = np.bincount(which, minlength=len(terms)).astype(np.bool_)
        used = terms if there.all() else compress(terms, there.tolist())
        numbers = np.zeros(len(terms), np.int32)
        numbers[there] = [known.setdefault(term, len(known)) for term in used]
        if len(which):
            self._which.append(numbers.take(which))
            self._places.append(places)
        self._nbytes += 12 * len(which) + _TERM_BYTES * (len(known) - before)

    def inverted(self) -> Inverted:
        """All of it, sorted; nothing is kept here after that."""
        terms = sorted(self._known)
        rank = np.empty(len(terms), np.int64)
        rank[[self._known[term] for term in terms]] = np.arange(len(terms))
        which = np.concatenate([np.empty(0, np.int32), *self._which])
        places = np.concatenate([np.empty(0, np.int64), *self._places])
        self._known, self._which, self._places = {}, [], []
        return invert(terms, rank.take(which), places)
