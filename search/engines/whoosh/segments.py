"""One segment of the index as arrays: the postings of every term, the forms of every stem, and what is stored.

Whoosh's segments are the index; these files are made from them, one each, once, since a segment never changes.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any

import numpy as np

from search.copies import WIDTH
from search.engines.whoosh.mapped import Array, Fallback, Mapped, Sections
from search.engines.whoosh.schema import VALUES

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


class Terms(Sequence[bytes]):
    """Texts in rising order, all read at once."""

    def __init__(self, sections: Sections, name: str) -> None:
        self._bytes = sections.whole(name).tobytes()
        self._at = sections.whole(f"{name}.at").data

    def __len__(self) -> int:
        return len(self._at) - 1

    def __getitem__(self, i: Any) -> Any:
        return self._bytes[self._at[i] : self._at[i + 1]]

    def __iter__(self) -> Iterator[bytes]:
        for start, end in pairwise(self._at.tolist()):
            yield self._bytes[start:end]

    def find(self, term: bytes) -> int:
        """The place of a term, -1 when it is not there."""
        place = bisect_left(self, term)
        return place if place < len(self) and self[place] == term else -1

    def beginning(self, prefix: bytes) -> range:
        """The places of the terms that begin so."""
        first = bisect_left(self, prefix)
        last = bisect_left(self, True, first, key=lambda term: not term.startswith(prefix))
        return range(first, last)


class Segment:
    """The arrays of one segment; ``offset`` is the number of its first document in the whole index."""

    def __init__(self, sections: Sections, offset: int) -> None:
        self.sections, self.offset = sections, offset
        self._terms: dict[str, Terms] = {}
        self._bounds: dict[str, memoryview] = {}

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
        at, known = self._bound(f"{field}.forms.at"), self.terms(field)
        return [known[i] for i in self.sections.part(f"{field}.forms", at[place], at[place + 1]).tolist()]

    def docs(self, field: str, term: bytes) -> tuple[Array, Array] | None:
        """The documents that have a term, and how often each."""
        place = self.terms(field).find(term)
        if place < 0:
            return None
        at = self._bound(f"{field}.docs.at")
        start, end = at[place], at[place + 1]
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
        at = self._bound(f"{field}.docs.at")
        return int(at[place + 1] - at[place])

    def commonest(self, field: str, prefix: bytes, most: int) -> list[bytes]:
        """Of the terms that begin so, those that most documents have."""
        known = self.terms(field)
        there = known.beginning(prefix)
        at = self.sections.part(f"{field}.docs.at", there.start, there.stop + 1)
        first = np.argsort(-np.diff(at), kind="stable")[:most]
        return [known[there.start + i] for i in first.tolist()]

    def places(self, field: str, term: bytes) -> Array:
        """Where a term stands, ``(document << 32) + position``, in rising order."""
        place = self.terms(field).find(term)
        if place < 0 or field in VALUES:
            return np.empty(0, np.int64)
        at = self._bound(f"{field}.places.at")
        places = self.sections.part(f"{field}.places", at[place], at[place + 1])
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

    def _bound(self, name: str) -> memoryview:
        if name not in self._bounds:
            self._bounds[name] = self.sections.whole(name).data
        return self._bounds[name]


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
