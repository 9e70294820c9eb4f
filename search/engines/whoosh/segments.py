"""One segment of the index as arrays: the postings of every term, the forms of every stem, and what is stored.

Whoosh's segments are the index; these files are made from them, one each, once, since a segment never changes.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property, lru_cache
from typing import Any

import numpy as np

from search.copies import WIDTH
from search.engines.whoosh.mapped import Array, Fallback, Mapped, Sections
from search.engines.whoosh.schema import VALUES
from search.engines.whoosh.streams import Packed
from search.room import stretches

BETWEEN_TOPS = 128
"""Terms of which the first one is among the tops."""
OFTEN = 40
"""Look-ups that are still cheaper one by one than to read everything."""
_TERMS = 1 << 13
"""Terms that are read at a time."""
_BEHIND = b"\xff"
"""Comes after every byte of UTF-8."""
_HEADS = 1024
"""Heads of articles that are kept as they are stored."""


class Texts(Sequence[bytes]):
    """What ``laying.text_sections`` laid down. A slice is not among what can be asked for."""

    def __init__(self, sections: Sections, name: str) -> None:
        self._sections, self._name = sections, name
        self._at = sections.whole(f"{name}.at").data

    def __len__(self) -> int:
        return len(self._at) - 1

    def __getitem__(self, i: Any) -> Any:
        return self._sections.part(self._name, self._at[i], self._at[i + 1]).tobytes()


class Bounds:
    """Where each of some runs begins and ends: read one by one, and all of them once they are asked for often."""

    def __init__(self, sections: Sections, name: str) -> None:
        self._sections, self._name = sections, name
        self._all: memoryview | None = None
        self._asked = 0

    def __getitem__(self, place: int) -> tuple[int, int]:
        if self._all is None:
            self._asked += 1
            if self._asked <= OFTEN:
                start, end = self._sections.part(self._name, place, place + 2).tolist()
                return start, end
            self._all = self._sections.whole(self._name).data
        return self._all[place], self._all[place + 1]


class Terms(Sequence[bytes]):
    """What ``laying.term_sections`` laid down: texts in rising order. To find one, little of them is read; once that is
    asked for often, all are in memory."""

    def __init__(self, sections: Sections, name: str) -> None:
        self._sections, self._name = sections, name
        self._size = sections.size(f"{name}.at") - 1
        self._all: Packed | None = None
        self._asked = 0

    def __len__(self) -> int:
        return self._size

    def __getitem__(self, i: Any) -> Any:
        if isinstance(i, slice):
            return list(self._read(i.start, i.stop))
        return self._read(i, i + 1)[0] if self._all is None else self._all[i]

    def __iter__(self) -> Iterator[bytes]:
        for part in stretches(self._size, _TERMS):
            yield from self._read(part.start, part.stop)

    def find(self, term: bytes) -> int:
        """The place of a term, -1 when it is not there."""
        place = self._first_from(term)
        return place if place < self._size and self[place] == term else -1

    def beginning(self, prefix: bytes) -> range:
        """The places of the terms that begin so."""
        return range(self._first_from(prefix), self._first_from(prefix + _BEHIND))

    def _first_from(self, wanted: bytes) -> int:
        """The place of the first that is no less."""
        if self._all is None:
            self._asked += 1
            if self._asked > OFTEN:
                self._all = packed(self._sections, self._name)
        if self._all is not None:
            return bisect_left(self._all, wanted)
        top = bisect_left(self._tops, wanted)  # it stands behind the one before, or is this one
        first, last = max(top - 1, 0) * BETWEEN_TOPS, min(top * BETWEEN_TOPS, self._size)
        return first + bisect_left(self._read(first, last), wanted)

    @cached_property
    def _tops(self) -> list[bytes]:
        """Every so many terms one."""
        return list(packed(self._sections, f"{self._name}.tops"))

    def _read(self, first: int, last: int) -> Packed:
        """The terms from one place to another."""
        at = self._sections.part(f"{self._name}.at", first, last + 1)
        return Packed(self._sections.part(self._name, int(at[0]), int(at[-1])), at - at[0])


def packed(sections: Sections, name: str) -> Packed:
    """All of what ``laying.text_sections`` laid down."""
    return Packed(sections.whole(name), sections.whole(f"{name}.at"))


class Segment:
    """The arrays of one segment; ``offset`` is the number of its first document in the whole index."""

    def __init__(self, sections: Sections, offset: int) -> None:
        self.sections, self.offset = sections, offset
        self._terms: dict[str, Terms] = {}
        self._bounds: dict[str, Bounds] = {}

    def terms(self, name: str) -> Terms:
        """The terms of a field, or the stems of one, ``FIELD.stems``."""
        if name not in self._terms:
            self._terms[name] = Terms(self.sections, name)
        return self._terms[name]

    def forms(self, field: str, stemmed: bytes) -> list[bytes]:
        """The terms of a field that have this stem."""
        place = self.terms(f"{field}.stems").find(stemmed)
        if place < 0:
            return []
        places = self.sections.part(f"{field}.forms", *self._run(f"{field}.forms.at", place))
        return list(map(self.terms(field).__getitem__, places.tolist()))

    def docs(self, field: str, term: bytes) -> tuple[Array, Array] | None:
        """The documents that have a term, and how often each."""
        place = self.terms(field).find(term)
        if place < 0:
            return None
        start, end = self._run(f"{field}.docs.at", place)
        docs = self.sections.part(f"{field}.docs", start, end)
        if field in VALUES:
            return docs + np.int32(self.offset), np.ones(len(docs), np.float32)
        counts = self.sections.part(f"{field}.counts", start, end).astype(np.float32)
        return docs + np.int32(self.offset) if self.offset else docs, counts

    def frequency(self, field: str, term: bytes) -> int:
        """How many documents have a term."""
        place = self.terms(field).find(term)
        if place < 0:
            return 0
        start, end = self._run(f"{field}.docs.at", place)
        return end - start

    def commonest(self, field: str, prefix: bytes, most: int) -> list[tuple[bytes, int]]:
        """Of the terms that begin so, those that most documents have, and how many have each."""
        known = self.terms(field)
        there = known.beginning(prefix)
        counts = np.diff(self.sections.part(f"{field}.docs.at", there.start, there.stop + 1))
        first = np.argsort(-counts, kind="stable")[:most]
        return [(known[there.start + i], int(counts[i])) for i in first.tolist()]

    def places(self, field: str, term: bytes) -> Array:
        """Where a term stands, ``(document << 32) + position``, in rising order."""
        place = self.terms(field).find(term)
        if place < 0 or field in VALUES:
            return np.empty(0, np.int64)
        places = self.sections.part(f"{field}.places", *self._run(f"{field}.places.at", place))
        return places + (self.offset << 32) if self.offset else places

    def occurrences_at(self, field: str) -> Array:
        """Where the occurrences of each term of a field begin, and where the last one's end."""
        return self.sections.whole(f"{field}.docs.at" if field in VALUES else f"{field}.places.at")

    def occurrences(self, field: str, start: int, end: int) -> Array:
        """The places of these occurrences, one term after the other."""
        if field in VALUES:
            return self.sections.part(f"{field}.docs", start, end).astype(np.int64) << 32
        return self.sections.part(f"{field}.places", start, end)

    def forget(self) -> None:
        """Let go of the memory that what was read of it takes."""
        if isinstance(self.sections, Fallback | Mapped):
            self.sections.forget()

    def signatures(self) -> Array:
        """A row for each document."""
        return self.sections.whole("signatures").reshape(-1, WIDTH)

    def _run(self, name: str, place: int) -> tuple[int, int]:
        """Where the run of numbers with this place begins, and where it ends."""
        if name not in self._bounds:
            self._bounds[name] = Bounds(self.sections, name)
        return self._bounds[name][place]


class StoredTexts:
    """What is stored of each document of an index: the head, which an article's paragraphs share, and the body."""

    def __init__(self, segments: Sequence[Segment]) -> None:
        self._segments = segments
        self._ends = [segment.offset for segment in segments[1:]]
        self._opened: dict[int, tuple[memoryview, Texts, Texts]] = {}
        self._head = lru_cache(_HEADS)(self._read_head)  # the hits of a page often are of few articles

    def __getitem__(self, doc: int) -> tuple[bytes, bytes]:
        place = bisect_right(self._ends, doc)
        if place not in self._opened:
            sections = self._segments[place].sections
            self._opened[place] = (
                sections.whole("head_of").data,
                Texts(sections, "heads"),
                Texts(sections, "bodies"),
            )
        head_of, _, bodies = self._opened[place]
        doc -= self._segments[place].offset
        return self._head(place, head_of[doc]), bodies[doc]

    def _read_head(self, place: int, number: int) -> bytes:
        head: bytes = self._opened[place][1][number]
        return head
