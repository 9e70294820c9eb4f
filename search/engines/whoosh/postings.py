"""Posting lists of a whole index as arrays: its segments one after the other, deleted documents left out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt

from search.engines.whoosh.cache import Cache
from search.engines.whoosh.segments import Segment

Ints = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float32]
Places = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

_CACHE_BYTES = 48 * 2**20


@dataclass(frozen=True)
class Postings:
    """Where a term stands: documents in rising order, how often in each, and the positions, one run a document."""

    docs: Ints
    counts: Floats
    positions: Ints = field(default_factory=lambda: np.empty(0, np.int32))

    @property
    def nbytes(self) -> int:
        return int(self.docs.nbytes * 4 + self.positions.nbytes)

    @cached_property
    def starts(self) -> Places:
        """Where each document's run of positions begins."""
        out = np.zeros(len(self.docs) + 1, np.int64)
        np.cumsum(self.counts, out=out[1:])
        return out

    def places(self, at: npt.NDArray[np.intp] | None = None) -> Places:
        """Document and position in one number, ``(document << 32) + position``, in rising order.

        at: only of the documents with these indices in ``docs``, rising.
        """
        if at is None:
            docs = np.repeat(self.docs.astype(np.int64), self.counts.astype(np.int64))
            return (docs << 32) + self.positions
        first, sizes = self.starts[at], self.starts[at + 1] - self.starts[at]
        # The running number of each position, less that of its run's first, plus where the run begins.
        shifts = np.repeat(first - np.cumsum(sizes) + sizes, sizes)
        docs = np.repeat(self.docs[at].astype(np.int64) << 32, sizes)
        return docs + self.positions[shifts + np.arange(len(shifts))]


EMPTY = Postings(np.empty(0, np.int32), np.empty(0, np.float32))


class Lexicon:
    """The terms and postings of all segments of an index, deleted documents left out."""

    def __init__(self, segments: Sequence[Segment], live: Mask) -> None:
        self._segments = segments
        self._live = live
        self._whole = bool(live.all())
        self._cache: Cache[Postings] = Cache(_CACHE_BYTES)

    def postings(self, field: str, term: bytes) -> Postings:
        """With positions, where the field has them."""
        found = self._cache.find((field, term))
        if found is None:
            found = self._assemble(field, term, True)
            self._cache.put((field, term), found, found.nbytes)
        return found

    def docs(self, field: str, term: bytes) -> Postings:
        """Without positions, and not kept."""
        return self._assemble(field, term, False)

    def terms(self, field: str, prefix: bytes = b"") -> Iterator[bytes]:
        """The terms of a field that begin so; a term of several segments comes once for each."""
        for segment in self._segments:
            known = segment.terms(field)
            yield from map(known.__getitem__, known.beginning(prefix)) if prefix else known

    def forms(self, field: str, stemmed: str) -> list[bytes]:
        """The terms of a field that have this stem, in order."""
        wanted = stemmed.encode("utf-8", "replace")
        return sorted({form for segment in self._segments for form in segment.forms(field, wanted)})

    def _assemble(self, field: str, term: bytes, positioned: bool) -> Postings:
        parts = []
        for segment in self._segments:
            if (found := segment.docs(field, term)) is not None:
                parts.append((*found, segment.positions(field, term) if positioned else EMPTY.positions))
        if not parts:
            return EMPTY
        docs, counts, positions = parts[0] if len(parts) == 1 else map(np.concatenate, zip(*parts, strict=True))
        if not self._whole and not (keep := self._live[docs]).all():
            if positions.size:
                positions = positions[np.repeat(keep, counts.astype(np.int64))]
            docs, counts = docs[keep], counts[keep]
        return Postings(docs, counts, positions)
