"""Segments made into one: what small changes leave behind, put together again without what was deleted."""

from __future__ import annotations

import heapq
from array import array
from collections.abc import Iterator, Sequence
from itertools import compress, repeat

import numpy as np

from search.engines.whoosh.mapped import Array
from search.engines.whoosh.postings import Mask
from search.engines.whoosh.schema import VALUES, WORDS
from search.engines.whoosh.segment_writer import SegmentWriter
from search.engines.whoosh.segments import Segment, Texts, packed
from search.engines.whoosh.streams import Inverted, Packed, invert
from search.ranges import whose
from search.room import Room, stretches

_DOCUMENTS = 2_000
"""Documents of which the bodies are put together at a time."""
MOST = 8
"""Segments beyond which the smaller half become one, so that a query never has many to look through."""


def to_merge(sizes: Sequence[int], deleted: Sequence[int]) -> list[int]:
    """Which segments, by their documents and how many of these are deleted, are to become one; none while they are few.

    >>> to_merge([9000] + [10] * 8, [0] * 9)
    [4, 5, 6, 7, 8]
    """
    hollow = {place for place, size in enumerate(sizes) if deleted[place] * 2 > size}
    smaller = sorted(range(len(sizes)), key=lambda place: (-sizes[place], place))[len(sizes) // 2 :]
    return sorted(hollow | set(smaller if len(sizes) > MOST else ()))


def merge(segments: Sequence[Segment], live: Sequence[Mask], writer: SegmentWriter) -> None:
    """Have the writer put what lives of the segments into a new one, in order."""
    ends = np.cumsum([0, *map(np.count_nonzero, live)])
    numbers = [(np.cumsum(alive) - 1 + end).astype(np.int32) for alive, end in zip(live, ends[:-1], strict=True)]
    for field in (*WORDS, *VALUES):
        writer.take(field, Merged([_Part(field, *part) for part in zip(segments, live, numbers, strict=True)]))
    for segment, alive in zip(segments, live, strict=True):
        _move_stored(segment, alive, writer)
        segment.forget()


class _Part:
    """What one segment has of a field. numbers: what its documents will be called."""

    def __init__(self, field: str, segment: Segment, alive: Mask, numbers: Array) -> None:
        self.field, self.segment = field, segment
        self._alive, self._numbers = alive, numbers

    def stands(self) -> Array:
        """In how many living places each term stands."""
        at = self.segment.occurrences_at(self.field)
        if self._alive.all():
            return np.diff(at)
        out = np.zeros(len(at) - 1, np.int64)
        for which, _ in self.occurrences():
            out += np.bincount(which, minlength=len(out))
        return out

    def terms(self, stands: Array) -> Iterator[bytes]:
        """The terms that stand somewhere, in order."""
        return compress(packed(self.segment.sections, self.field), stands.data)

    def occurrences(self) -> Iterator[tuple[Array, Array]]:
        """Which term stands at which place as it will be, in living documents, term by term, some at a time."""
        at = self.segment.occurrences_at(self.field)
        for part in stretches(int(at[-1])):
            found = self.segment.occurrences(self.field, part.start, part.stop)
            docs = found >> 32
            keep = self._alive.take(docs)
            places = (self._numbers.take(docs).astype(np.int64) << 32) + (found & 0xFFFFFFFF)
            yield whose(at, part)[keep], places[keep]
        self.segment.forget()


class Merged:
    """A field of several segments, turned round again when it is asked for."""

    nbytes = 0

    def __init__(self, parts: Sequence[_Part]) -> None:
        self._parts = parts

    def inverted(self, room: Room) -> Inverted:
        found = [part.stands() for part in self._parts]
        terms, ranks = _together([part.terms(stands) for part, stands in zip(self._parts, found, strict=True)], found)
        stands = np.zeros(len(terms), np.int64)
        for rank, its in zip(ranks, found, strict=True):
            stands[rank[its > 0]] += its[its > 0]
        return invert(terms, stands, self._occurrences(ranks), room)

    def _occurrences(self, ranks: Sequence[Array]) -> Iterator[tuple[Array, Array]]:
        for part, rank in zip(self._parts, ranks, strict=True):
            for which, places in part.occurrences():
                yield rank.take(which), places


def _together(terms: Sequence[Iterator[bytes]], stands: Sequence[Array]) -> tuple[Packed, list[Array]]:
    """All of several segments' terms, in order; and for each segment, which of them each of its own is, where it stands
    anywhere."""
    found = [array("i") for _ in terms]

    def different() -> Iterator[bytes]:
        last, count = None, 0
        for term, place in heapq.merge(*(zip(its, repeat(place)) for place, its in enumerate(terms))):
            if term != last:
                last, count = term, count + 1
                yield term
            found[place].append(count - 1)

    packed = Packed.of(different())
    ranks = [np.zeros(len(its), np.int32) for its in stands]
    for rank, its, those in zip(ranks, stands, found, strict=True):
        rank[its > 0] = those
    return packed, ranks


def _move_stored(segment: Segment, alive: Mask, writer: SegmentWriter) -> None:
    sections, docs = segment.sections, np.flatnonzero(alive)
    heads = Texts(sections, "heads")
    # An article is deleted whole, so where one of its paragraphs is, all are.
    kept, head_of = np.unique(sections.whole("head_of")[docs], return_inverse=True)
    writer.store(
        (heads[head] for head in kept.tolist()),
        head_of,
        _bodies(segment, alive),
        np.diff(sections.whole("bodies.at"))[docs],
        (segment.signatures()[part][alive[part]].tobytes() for part in stretches(len(alive), _DOCUMENTS)),
    )


def _bodies(segment: Segment, alive: Mask) -> Iterator[bytes]:
    """The bodies of living documents, one after the other, some at a time."""
    at = segment.sections.whole("bodies.at")
    for part in stretches(len(alive), _DOCUMENTS):
        content = segment.sections.part("bodies", int(at[part.start]), int(at[part.stop]))
        yield content[np.repeat(alive[part], np.diff(at[part.start : part.stop + 1]))].tobytes()
        segment.forget()
