"""Segments made into one: what small changes leave behind, put together again without what was deleted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import compress, pairwise

import numpy as np

from search.engines.whoosh.mapped import Array
from search.engines.whoosh.postings import Mask
from search.engines.whoosh.schema import VALUES, WORDS
from search.engines.whoosh.segment_writer import SegmentWriter
from search.engines.whoosh.segments import Segment, Texts
from search.engines.whoosh.streams import Inverted, invert
from search.room import Room, forget, in_memory, stretches

_CHUNK = 250_000
"""Occurrences that are put together at a time."""
_DOCUMENTS = 10_000
"""Documents of which the bodies are."""
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


def merge(segments: Sequence[Segment], live: Sequence[Mask], writer: SegmentWriter, room: Room = in_memory) -> None:
    """Have the writer put what lives of the segments into a new one, in order, with room for a field at a time."""
    for field in (*WORDS, *VALUES):
        writer.take(field, Merged(field, segments, live, room))
    for segment, alive in zip(segments, live, strict=True):
        _move_stored(segment, alive, writer)
        segment.forget()


class Merged:
    """One field of several segments, turned round again when it is asked for, some terms at a time.

    What it takes room for is the field as it becomes; little of it is in memory besides.
    """

    nbytes = 0

    def __init__(self, field: str, segments: Sequence[Segment], live: Sequence[Mask], room: Room) -> None:
        self._field, self._segments, self._live, self._room = field, segments, live, room
        firsts = np.cumsum([0, *(int(alive.sum()) for alive in live)]).tolist()
        self._numbers = [np.cumsum(alive) - 1 + first for alive, first in zip(live, firsts[:-1], strict=True)]

    def inverted(self) -> Inverted:
        known = [list(segment.terms(self._field)) for segment in self._segments]
        terms = sorted(set().union(*known))
        rank = {term: place for place, term in enumerate(terms)}
        ranks = [np.fromiter(map(rank.__getitem__, its), np.int64, len(its)) for its in known]
        stands = np.zeros(len(terms), np.int64)
        for segment, its in zip(self._segments, ranks, strict=True):
            stands[its] += np.diff(segment.occurrences_at(self._field))
        ends = np.cumsum(stands)
        cuts = np.searchsorted(ends, np.arange(_CHUNK, int(stands.sum()), _CHUNK)) + 1
        bounds = np.unique(np.array([0, *cuts.tolist(), len(terms)])).tolist()
        most = sum(int(segment.sections.whole(f"{self._field}.docs.at")[-1]) for segment in self._segments)
        docs, counts = self._room(most, np.int32), self._room(most, np.int32)
        places = self._room(int(stands.sum()), np.int64)
        sizes = np.zeros(len(terms), np.int64)
        posting = place = 0
        for first, last in pairwise(bounds):
            part = self._part(terms, ranks, first, last)
            sizes[first:last] = part.sizes
            docs[posting : posting + len(part.docs)] = part.docs
            counts[posting : posting + len(part.docs)] = part.counts
            places[place : place + len(part.places)] = part.places
            posting, place = posting + len(part.docs), place + len(part.places)
            for filled in (docs, counts, places):
                forget(filled)
        there = sizes > 0  # terms that stood in deleted documents alone go with them
        left = list(compress(terms, there.tolist()))
        return Inverted(left, sizes[there], docs[:posting], counts[:posting], places[:place])

    def _part(self, terms: list[bytes], ranks: Sequence[Array], first: int, last: int) -> Inverted:
        """The terms from one place to another."""
        which: list[Array] = [np.empty(0, np.int64)]
        places: list[Array] = [np.empty(0, np.int64)]
        for segment, its, alive, numbers in zip(self._segments, ranks, self._live, self._numbers, strict=True):
            start, end = its.searchsorted((first, last)).tolist()
            at = segment.occurrences_at(self._field)[start : end + 1]
            found = segment.occurrences(self._field, int(at[0]), int(at[-1]))
            docs = found >> 32
            keep = alive.take(docs)
            which.append(np.repeat(its[start:end] - first, np.diff(at))[keep])
            places.append((numbers.take(docs[keep]) << 32) + (found[keep] & 0xFFFFFFFF))
            segment.forget()
        return invert(terms[first:last], np.concatenate(which), np.concatenate(places))


def _move_stored(segment: Segment, alive: Mask, writer: SegmentWriter) -> None:
    sections, docs = segment.sections, np.flatnonzero(alive)
    heads = Texts(sections, "heads")
    # An article is deleted whole, so where one of its paragraphs is, all are.
    kept, head_of = np.unique(sections.whole("head_of")[docs], return_inverse=True)
    writer.store(
        [heads[head] for head in kept.tolist()],
        head_of,
        _bodies(segment, alive),
        np.diff(sections.whole("bodies.at"))[docs],
        segment.signatures()[docs],
    )


def _bodies(segment: Segment, alive: Mask) -> Iterator[bytes]:
    """The bodies of living documents, one after the other, some at a time."""
    at = segment.sections.whole("bodies.at")
    for part in stretches(len(alive), _DOCUMENTS):
        content = segment.sections.part("bodies", int(at[part.start]), int(at[part.stop]))
        yield content[np.repeat(alive[part], np.diff(at[part.start : part.stop + 1]))].tobytes()
        segment.forget()
