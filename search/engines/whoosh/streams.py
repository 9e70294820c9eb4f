"""Terms on their way into a segment: gathered as they stand, article by article, and sorted all at once."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from search.engines.whoosh.mapped import Array

_TERM_BYTES = 150
"""What a new term costs in memory, roughly."""


@dataclass(frozen=True, slots=True)
class Stream:
    """The terms of one field of an article: each once, and, occurrence by occurrence, which it is and its place.

    A place is ``(paragraph << 32) + position``; both are packed, four and eight bytes each.
    """

    terms: tuple[bytes, ...]
    which: bytes
    places: bytes


class Occurrences:
    """Makes a Stream."""

    def __init__(self) -> None:
        self._known: defaultdict[str | bytes, int] = defaultdict()
        self._known.default_factory = self._known.__len__
        self._which = array("i")
        self._places = array("q")

    def add(self, paragraph: int, terms: Sequence[str | bytes], positions: Iterable[int]) -> None:
        self._which.extend(map(self._known.__getitem__, terms))
        base = paragraph << 32
        self._places.extend([base + position for position in positions])

    def stream(self) -> Stream:
        terms = (term if isinstance(term, bytes) else term.encode("utf-8", "replace") for term in self._known)
        return Stream(tuple(terms), self._which.tobytes(), self._places.tobytes())


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


def starts_of(sizes: Array) -> Array:
    out = np.zeros(len(sizes) + 1, np.int64)
    np.cumsum(sizes, out=out[1:])
    return out


class Gathered:
    """The streams of one field, of many articles."""

    def __init__(self) -> None:
        self._known: dict[bytes, int] = {}
        self._which: list[Array] = []
        self._places: list[Array] = []
        self.nbytes = 0

    def add(self, stream: Stream, first: int, copies: int = 1) -> None:
        """Take a stream whose paragraph 0 is the document ``first``; or so many copies of it, a document each."""
        which, places = np.frombuffer(stream.which, np.int32), np.frombuffer(stream.places, np.int64) + (first << 32)
        if copies != 1:
            which = np.tile(which, copies)
            places = (places + (np.arange(copies, dtype=np.int64) << 32)[:, None]).ravel()
        self.extend(stream.terms, which, places)

    def extend(self, terms: Sequence[bytes], which: Array, places: Array) -> None:
        known = self._known
        before = len(known)
        numbers = [known.setdefault(term, len(known)) for term in terms]
        if len(which):
            self._which.append(np.array(numbers, np.int32).take(which))
            self._places.append(places)
        self.nbytes += 12 * len(which) + _TERM_BYTES * (len(known) - before)

    def inverted(self) -> Inverted:
        """All of it, sorted; nothing is kept here after that."""
        terms = sorted(self._known)
        rank = np.empty(len(terms), np.int64)
        rank[[self._known[term] for term in terms]] = np.arange(len(terms))
        which = np.concatenate([np.empty(0, np.int32), *self._which])
        places = np.concatenate([np.empty(0, np.int64), *self._places])
        self._known, self._which, self._places = {}, [], []
        # Sorted by term, and within one as they came, which is by place.
        keys = (rank.take(which) << 32) + np.arange(len(which))
        keys.sort()
        places = places.take(keys & 0xFFFFFFFF)
        ranks, docs = keys >> 32, places >> 32
        fresh = np.ones(len(keys), np.bool_)
        fresh[1:] = (ranks[1:] != ranks[:-1]) | (docs[1:] != docs[:-1])
        first = fresh.nonzero()[0]
        sizes = np.bincount(ranks.take(first), minlength=len(terms))
        return Inverted(terms, sizes, docs.take(first).astype(np.int32), np.diff(first, append=len(keys)), places)
