"""Segments made into one: what small changes leave behind, put together again without what was deleted."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from search.engines.whoosh.mapped import Array
from search.engines.whoosh.postings import Mask
from search.engines.whoosh.schema import VALUES, WORDS
from search.engines.whoosh.segment_writer import SegmentWriter
from search.engines.whoosh.segments import Segment, Texts

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
    """Put what lives of the segments into a new one, in order."""
    first = 0
    for segment, alive in zip(segments, live, strict=True):
        renumbered = np.cumsum(alive) - 1 + first
        for field in (*WORDS, *VALUES):
            _move(segment, field, alive, renumbered, writer)
        _move_stored(segment, alive, writer)
        first += int(alive.sum())


def _move(segment: Segment, field: str, alive: Mask, renumbered: Array, writer: SegmentWriter) -> None:
    terms, which, places = segment.occurrences(field)
    docs = places >> 32
    keep = alive[docs]
    writer.extend(field, terms, which[keep], (renumbered[docs[keep]] << 32) + (places[keep] & 0xFFFFFFFF))


def _move_stored(segment: Segment, alive: Mask, writer: SegmentWriter) -> None:
    sections, docs = segment.sections, np.flatnonzero(alive)
    heads, bodies, at = Texts(sections, "heads"), sections.whole("bodies"), sections.whole("bodies.at")
    # An article is deleted whole, so where one of its paragraphs is, all are.
    kept, head_of = np.unique(sections.whole("head_of")[docs], return_inverse=True)
    if len(docs) < len(alive):
        bodies = bodies[np.repeat(alive, np.diff(at))]
    writer.store(
        [heads[head] for head in kept.tolist()],
        head_of,
        bodies.tobytes(),
        np.diff(at)[docs],
        segment.signatures()[docs],
    )
