"""Terms on their way into a segment: gathered as they stand, article by article, and sorted all at once."""

from __future__ import annotations

from array import array
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import compress, pairwise
from typing import Protocol, overload

import numpy as np

from search.engines.whoosh.mapped import Array
from search.ranges import ranges, starts_of
from search.room import Room, forget, in_memory, stretches

_TERM_BYTES = 150
"""What a new term costs in memory, roughly."""
_TEXTS = 1 << 13
"""Texts that are made of packed ones at a time."""


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


class Packed(Sequence[bytes]):
    """Texts one after the other, and where each begins and the last one ends: a few bytes each beside their own.

    >>> texts = Packed.of([b"ferry", b"", b"ice"])
    >>> texts.at.tolist(), texts[2], texts[0:2]
    ([0, 5, 5, 8], b'ice', [b'ferry', b''])
    """

    def __init__(self, content: Array, at: Array) -> None:
        self.content, self.at = content, at
        self._content, self._at = content.data, at.data  # which give one text in a fraction of the time

    @classmethod
    def of(cls, texts: Iterable[bytes]) -> Packed:
        content, at = bytearray(), array("q", [0])
        for text in texts:
            content += text
            at.append(len(content))
        return cls(np.frombuffer(content, np.uint8), np.frombuffer(at, np.int64))

    def __len__(self) -> int:
        return len(self.at) - 1

    @overload
    def __getitem__(self, at: int) -> bytes: ...

    @overload
    def __getitem__(self, at: slice) -> list[bytes]: ...

    def __getitem__(self, at: int | slice) -> bytes | list[bytes]:
        if isinstance(at, int):
            return self._content[self._at[at] : self._at[at + 1]].tobytes()
        bounds = self.at[at.start : at.stop + 1]
        content = self.content[bounds[0] : bounds[-1]].tobytes()
        return [content[start:end] for start, end in pairwise((bounds - bounds[0]).tolist())]

    def __iter__(self) -> Iterator[bytes]:
        for part in stretches(len(self), _TEXTS):
            yield from self[part]


@dataclass(frozen=True, slots=True)
class Inverted:
    """A field turned round: its terms in order and, one term after the other, documents, counts and places.

    ``sizes``: how many documents each term has, ``stands``: how many places. ``counts``: how often it stands in each
    document.
    """

    terms: Packed
    sizes: Array
    stands: Array
    docs: Array
    counts: Array
    places: Array

    @property
    def starts(self) -> Array:
        """Where each term's documents begin, and where the last one's end."""
        return starts_of(self.sizes)


def invert(terms: Packed, stands: Array, pieces: Iterable[tuple[Array, Array]], room: Room = in_memory) -> Inverted:
    """Turn a field round; what there is for each occurrence is in the room, and little else in memory.

    terms: in order. stands: in how many places each of them stands, one at least. pieces: which of them stands at which
    place, some occurrences at a time; the places of a term rise, within a piece and from one to the next.

    >>> pieces = [(np.array([1, 0, 1]), np.array([0, 1, 2])), (np.array([0, 0]), np.array([0, 1]) + (1 << 32))]
    >>> field = invert(Packed.of([b"ferry", b"ice"]), np.array([3, 2]), pieces)
    >>> field.sizes.tolist(), field.docs.tolist(), field.counts.tolist(), (field.places & 0xFFFF).tolist()
    ([2, 1], [0, 1, 0], [1, 2, 2], [1, 0, 1, 0, 2])
    """
    starts = starts_of(stands)
    places, free = room(int(starts[-1]), np.int64), starts[:-1].copy()
    for which, those in pieces:
        # Sorted by term, and within one as they came, which is by place.
        keys = (which.astype(np.int64) << 32) + np.arange(len(which))
        keys.sort()
        ranks = keys >> 32
        begins = np.flatnonzero(np.diff(ranks, prepend=-1))
        found, sizes = ranks[begins], np.diff(begins, append=len(ranks))
        places[ranges(free[found], sizes)] = those.take(keys & 0xFFFFFFFF)
        free[found] += sizes
    return Inverted(terms, *_counted(starts, places, room), places)


def _counted(starts: Array, places: Array, room: Room) -> tuple[Array, Array, Array, Array]:
    """The rest of a field, from its places. starts: where those of each term begin, and where the last one's end."""
    docs, counts = room(len(places), np.int32), room(len(places), np.int32)
    firsts = np.zeros(len(starts), np.int64)
    end, before = 0, -1
    for part in stretches(len(places)):
        here = places[part] >> 32
        begin, stop = starts.searchsorted((part.start, part.stop)).tolist()
        own = starts[begin:stop] - part.start
        fresh = np.diff(here, prepend=before) != 0
        fresh[own] = True
        at = np.flatnonzero(fresh)
        firsts[begin:stop] = end + at.searchsorted(own)
        if end:
            counts[end - 1] += at[0] if len(at) else len(here)  # the last document before may go on here
        docs[end : end + len(at)] = here[at]
        counts[end : end + len(at)] = np.diff(at, append=len(here))
        end, before = end + len(at), int(here[-1])
    firsts[-1] = end
    for filled in (docs, counts, places):
        forget(filled)
    return np.diff(firsts), np.diff(starts), docs[:end], counts[:end]


class Source(Protocol):
    """Where a field comes from when its segment is written. ``nbytes``: what it keeps in memory until then."""

    @property
    def nbytes(self) -> int: ...

    def inverted(self, room: Room) -> Inverted: ...


class Gathered:
    """The streams of one field, of many articles."""

    def __init__(self) -> None:
        self._known: dict[bytes, int] = {}
        self._pieces: deque[tuple[Array, Array]] = deque()
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
            self._pieces.append((numbers.take(which), places))
        self._nbytes += 12 * len(which) + _TERM_BYTES * (len(known) - before)

    def inverted(self, room: Room) -> Inverted:
        """All of it, sorted; nothing is kept here after that."""
        stands = np.zeros(len(self._known), np.int64)
        for which, _ in self._pieces:
            stands += np.bincount(which, minlength=len(stands))
        terms, order = self._sorted()
        rank = np.empty(len(order), np.int32)
        rank[order] = np.arange(len(order))
        return invert(terms, stands[order], self._ranked(rank), room)

    def _sorted(self) -> tuple[Packed, Array]:
        """The terms in order, and as the how-manieth each came; they are kept packed from here on."""
        terms = sorted(self._known)
        order = np.fromiter(map(self._known.__getitem__, terms), np.int32, len(terms))
        self._known = {}
        return Packed.of(terms), order

    def _ranked(self, rank: Array) -> Iterator[tuple[Array, Array]]:
        """The pieces, each let go of when the next is asked for."""
        while self._pieces:
            which, places = self._pieces.popleft()
            yield rank.take(which), places
