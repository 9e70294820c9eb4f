"""The postings and the lexicon of a field as Whoosh has them in its files, written a whole term at a time."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from hashlib import md5
from itertools import pairwise
from pickle import dumps
from typing import Any
from zlib import compress

import numpy as np
from whoosh.codec import whoosh3
from whoosh.system import pack_ushort
from whoosh.util.numeric import _length_byte_cache

from search.engines.whoosh.mapped import Array
from search.engines.whoosh.streams import Inverted
from search.ranges import starts_of

BLOCK = 2_048
"""Postings in a block. Whoosh's 128 suits matchers that skip; here whole lists are read, faster in larger blocks."""
_CHUNK = 100_000
"""Postings turned into Python's own numbers at a time."""
_WORTH_COMPRESSING = 400
_PROTOCOL = 3
"""Whoosh reads any protocol of pickle and writes the second, which has no bytes and spells each value out as a call."""
_LENGTH = struct.Struct("!i")
_TERM = struct.Struct("!BfIBBfIIqi")
_PAIR = struct.Struct("!ii")
_LENGTH_BYTES = np.array(_length_byte_cache)


def as_bytes(lengths: Array) -> Array:
    """Lengths as Whoosh keeps them, in one byte each, as its ``length_to_byte``."""
    return np.minimum(_LENGTH_BYTES.searchsorted(lengths), 255).astype(np.uint8)


def write_field(writer: Any, name: str, field: Any, inverted: Inverted, lengths: Array | None) -> None:
    """A field's terms with their postings, in order."""
    writer.start_field(name, field)
    prefix, file, lexicon = pack_ushort(writer._fieldid), writer._postfile, writer._tindex
    at, place = file.tell(), lexicon.dbfile.tell()
    note, buckets = lexicon.index.append, lexicon.buckets
    for postings in _chunks(inverted, lengths, field.format.fixed_value_size() == 0):
        posted: list[bytes] = []
        listed: list[bytes] = []
        for term, stands, content in postings.terms():
            posted.append(content)
            key, value = prefix + term, _TERM.pack(0, *stands, at, len(content))
            listed += (_PAIR.pack(len(key), len(value)), key, value)
            hashed = int.from_bytes(md5(key, usedforsecurity=False).digest()[-4:], "big")
            buckets[hashed & 255].append((hashed, place))
            note(place)
            at += len(content)
            place += _PAIR.size + len(key) + len(value)
        file.write(b"".join(posted))
        lexicon.dbfile.write(b"".join(listed))
    writer.finish_field()


def _chunks(inverted: Inverted, lengths: Array | None, bare: bool) -> Iterator[_Postings]:
    """The postings of a field, some terms at a time. ``bare``: they hold no value."""
    starts = inverted.starts
    begin = base = 0
    while begin < len(inverted.terms):
        end = max(begin + 1, int(starts.searchsorted(starts[begin] + _CHUNK, "right")) - 1)
        first, last = int(starts[begin]), int(starts[end])
        docs, counts = inverted.docs[first:last], inverted.counts[first:last]
        short = as_bytes(lengths)[docs] if lengths is not None else np.zeros(last - first, np.uint8)
        values: list[bytes] = []
        if not bare:
            cuts = starts_of(counts)
            content = inverted.places[base : base + int(cuts[-1])].astype(np.uint32).tobytes()
            values = [content[one:other] for one, other in pairwise((cuts * 4).tolist())]
            base += int(cuts[-1])
        yield _Postings(inverted.terms[begin:end], starts[begin : end + 1] - first, docs, counts, short, values)
        begin = end


class _Postings:
    """The postings of some terms, one after the other, in Python's own numbers.

    bounds: where the postings of each term begin, and where the last one's end.
    """

    def __init__(
        self, terms: list[bytes], bounds: Array, docs: Array, counts: Array, lengths: Array, values: list[bytes]
    ) -> None:
        first = bounds[:-1]
        weights = counts.astype(np.float64)
        self._docs, self._weights, self._steps = docs.tolist(), weights.tolist(), np.diff(docs, prepend=0).tolist()
        self._lengths, self._values = lengths, values
        self._rows = zip(
            terms,
            np.add.reduceat(weights, first).tolist(),
            np.minimum.reduceat(lengths, first).tolist(),
            np.maximum.reduceat(lengths, first).tolist(),
            np.minimum.reduceat(weights, first).tolist(),
            np.maximum.reduceat(weights, first).tolist(),
            bounds[:-1].tolist(),
            bounds[1:].tolist(),
            strict=True,
        )

    def terms(self) -> Iterator[tuple[bytes, tuple[Any, ...], bytes]]:
        """Each term with what Whoosh keeps of it (weight, documents, shortest, longest, most, first and last document),
        and its postings."""
        docs = self._docs
        for term, weight, shortest, longest, least, most, start, end in self._rows:
            stands = weight, end - start, shortest, longest, most, docs[start], docs[end - 1]
            if end - start <= BLOCK:
                yield (
                    term,
                    stands,
                    whoosh3.WHOOSH3_HEADER_MAGIC + self._block(start, end, least, most, shortest, longest),
                )
            else:
                yield term, stands, whoosh3.WHOOSH3_HEADER_MAGIC + b"".join(self._blocks(start, end))

    def _blocks(self, start: int, end: int) -> Iterator[bytes]:
        for one in range(start, end, BLOCK):
            other = min(one + BLOCK, end)
            weights, lengths = self._weights[one:other], self._lengths[one:other]
            bounds = min(weights), max(weights), int(lengths.min()), int(lengths.max())
            yield self._block(one, other, *bounds, last=other == end)

    def _block(
        self, start: int, end: int, least: float, most: float, shortest: int, longest: int, *, last: bool = True
    ) -> bytes:
        """Postings with their smallest and largest weight and length."""
        weights: Any = None if most == 1 else most if least == most else tuple(self._weights[start:end])
        steps = self._docs[start], *self._steps[start + 1 : end]
        values = tuple(self._values[start:end]) if self._values else None
        content = dumps((steps, weights, values), _PROTOCOL)
        level = 1 if len(content) >= _WORTH_COMPRESSING else 0
        if level:
            content = compress(content, level)
        head = dumps((end - start, self._docs[end - 1], most, level, shortest, longest), _PROTOCOL)
        length = len(head) + len(content)
        return _LENGTH.pack(-length if last else length) + head + content
