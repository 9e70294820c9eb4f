"""Posting lists of a whole index as arrays: its segments one after the other, deleted documents left out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from search.cache import Cache
from search.engines.whoosh.segments import Segment

Ints = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float32]
Places = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

_CACHE_BYTES = 48 * 2**20


@dataclass(frozen=True, slots=True)
class Postings:
    """Where a term stands: documents in rising order, how often in each, and the places.

    A place is document and position in one number, ``(document << 32) + position``.
    """

    docs: Ints
    counts: Floats
    located: Places = field(default_factory=lambda: np.empty(0, np.int64))

    @classmethod
    def at(cls, places: Places) -> Postings:
        """What stands at these places, which rise."""
        docs = (places >> 32).astype(np.int32)
        fresh = np.ones(len(docs), np.bool_)
        np.not_equal(docs[1:], docs[:-1], out=fresh[1:])
        first = fresh.nonzero()[0]
        counts = np.empty(len(first), np.float32)
        counts[:-1] = first[1:] - first[:-1]
        counts[-1:] = len(docs) - first[-1:]
        return cls(docs.take(first), counts, places)

    @property
    def nbytes(self) -> int:
        return int(self.docs.nbytes + self.counts.nbytes + self.located.nbytes)

    def places(self) -> Places:
        """All its places, in rising order."""
        return self.located


EMPTY = Postings(np.empty(0, np.int32), np.empty(0, np.float32))


class Lexicon:
    """The terms and postings of all segments of an index, deleted documents left out."""

    def __init__(self, segments: Sequence[Segment], live: Mask) -> None:
        self._segments = segments
        self._live = live
        self._whole = bool(live.all())
        self._cache: Cache[Postings] = Cache(_CACHE_BYTES)

    def postings(self, field: str, term: bytes) -> Postings:
        """With places, where the field has them."""
        found = self._cache.find((field, term))
        if found is None:
            found = self._assemble(field, term, True)
            self._cache.put((field, term), found, found.nbytes)
        return found

    def docs(self, field: str, term: bytes) -> Postings:
        """Without places, and not kept."""
        return self._assemble(field, term, False)

    def count(self, field: str, term: bytes) -> int:
        """How many documents have a term."""
        return self.frequency(field, term) if self._whole else len(self.docs(field, term).docs)

    def frequency(self, field: str, term: bytes) -> int:
        """How many documents have a term, by the lexicon alone; those deleted since count too."""
        return sum(segment.frequency(field, term) for segment in self._segments)

    def terms(self, field: str, prefix: bytes = b"") -> Iterator[bytes]:
        """The terms of a field that begin so; a term of several segments comes once for each."""
        for segment in self._segments:
            known = segment.terms(field)
            if prefix:
                there = known.beginning(prefix)
                yield from known[there.start : there.stop]
            else:
                yield from known

    def forms(self, field: str, stemmed: str) -> list[bytes]:
        """The terms of a field that have this stem, in order."""
        wanted = stemmed.encode("utf-8", "replace")
        return sorted({form for segment in self._segments for form in segment.forms(field, wanted)})

    def _assemble(self, field: str, term: bytes, located: bool) -> Postings:
        parts = []
        for segment in self._segments:
            if (found := segment.docs(field, term)) is not None:
                parts.append((*found, segment.places(field, term) if located else EMPTY.located))
        if not parts:
            return EMPTY
        docs, counts, places = parts[0] if len(parts) == 1 else map(np.concatenate, zip(*parts, strict=True))
        if not self._whole and not (keep := self._live[docs]).all():
            docs, counts, places = docs[keep], counts[keep], places[self._live[places >> 32]]
        return Postings(docs, counts, places)
