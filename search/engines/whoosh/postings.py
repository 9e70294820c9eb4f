"""Posting lists as arrays. Only this file reaches into Whoosh's codec, whose own way in is one posting at a time."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]

_CACHE_BYTES = 64 * 2**20


@dataclass(frozen=True, slots=True)
class Postings:
    """Where a term stands: documents in rising order, how often in each, and the positions, one run a document."""

    docs: Ints
    counts: Floats
    positions: Ints

    @property
    def nbytes(self) -> int:
        return int(self.docs.nbytes + self.counts.nbytes + self.positions.nbytes)


EMPTY = Postings(np.empty(0, np.int32), np.empty(0, np.float32), np.empty(0, np.int32))


class Lexicon:
    """The terms and postings of all segments of an index, deleted documents left out."""

    def __init__(self, leaves: list[tuple[Any, int]], live: Mask) -> None:
        self._leaves = leaves
        self._live = live
        self._cache: OrderedDict[tuple[str, bytes], Postings] = OrderedDict()
        self._bytes = 0
        # Whoosh's files have one position each, so two threads must not read at once.
        self._lock = threading.Lock()

    def postings(self, field: str, term: bytes) -> Postings:
        with self._lock:
            found = self._cache.get((field, term))
            if found is not None:
                self._cache.move_to_end((field, term))
                return found
            found = self._decode(field, term)
            self._cache[field, term] = found
            self._bytes += found.nbytes
            while self._bytes > _CACHE_BYTES and len(self._cache) > 1:
                self._bytes -= self._cache.popitem(last=False)[1].nbytes
            return found

    def read(self, field: str, term: bytes) -> Postings:
        """The same, from the file whatever has been kept."""
        with self._lock:
            return self._decode(field, term)

    def terms(self, field: str, prefix: bytes = b"") -> Iterator[bytes]:
        """The terms of a field that begin so; a term of several segments comes once for each."""
        with self._lock:
            for leaf, _ in self._leaves:
                if field not in leaf._terms.indexed_field_names():
                    continue
                for name, term in leaf._terms.terms_from(field, prefix):
                    if name != field or not term.startswith(prefix):
                        break
                    yield bytes(term)

    def _decode(self, field: str, term: bytes) -> Postings:
        parts = [part for leaf, offset in self._leaves if (part := self._read_leaf(leaf, offset, field, term))]
        if not parts:
            return EMPTY
        docs, counts, positions = (np.concatenate(arrays) for arrays in zip(*parts, strict=True))
        keep = self._live[docs]
        if not keep.all():
            if positions.size:
                positions = positions[np.repeat(keep, counts.astype(np.int64))]
            docs, counts = docs[keep], counts[keep]
        return Postings(docs, counts, positions)

    def _read_leaf(self, leaf: Any, offset: int, field: str, term: bytes) -> tuple[Ints, Floats, Ints] | None:
        if (field, term) not in leaf._terms:
            return None
        matcher = leaf._terms.matcher(field, term, leaf.schema[field].format)
        ids: list[int] = []
        weights: list[float] = []
        values: list[bytes] = []
        if hasattr(matcher, "_next_block"):
            while not matcher._atend:
                matcher._read_ids()
                matcher._read_weights()
                matcher._read_values()
                ids.extend(matcher._ids)
                weights.extend(matcher._weights)
                values.extend(value or b"" for value in matcher._values)
                matcher._next_block()
        else:  # a list of one, kept in the lexicon itself
            while matcher.is_active():
                ids.append(matcher.id())
                weights.append(matcher.weight())
                values.append(matcher.value() or b"")
                matcher.next()
        docs = np.array(ids, np.int32) + np.int32(offset)
        return docs, np.array(weights, np.float32), np.frombuffer(b"".join(values), np.int32)
