"""The postings and the lexicon of a field as Whoosh has them in its files, written a whole term at a time."""

from __future__ import annotations

import struct
from array import array
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
_CHUNK = 16 * BLOCK
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


class Slots:
    """Terms as Whoosh's lexicon keeps them until it writes its tables, each a hash and a place in the file, in a tenth
    of what pairs of Python's own numbers take."""

    def __init__(self) -> None:
        self.hashes, self.places = array("I"), array("q")

    def __len__(self) -> int:
        return len(self.hashes)

    def __iter__(self) -> Iterator[tuple[int, int]]:
        return zip(self.hashes, self.places, strict=True)


def field_writer(codec: Any, storage: Any, segment: Any) -> Any:
    """What a segment's fields are written with."""
    writer = codec.field_writer(storage, segment)
    writer._tindex.buckets = [Slots() for _ in writer._tindex.buckets]
    return writer


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
            slots = buckets[hashed & 255]
            slots.hashes.append(hashed)
            slots.places.append(place)
            note(place)
            at += len(content)
            place += _PAIR.size + len(key) + len(value)
        file.write(b"".join(posted))
        lexicon.dbfile.write(b"".join(listed))
    writer.finish_field()


def _chunks(inverted: Inverted, lengths: Array | None, bare: bool) -> Iterator[_Postings]:
    """The postings of a field, some terms at a time. ``bare``: they hold no value."""
    starts, short_of = inverted.starts, as_bytes(lengths) if lengths is not None else None
    begin = base = 0
    while begin < len(inverted.terms):
        end = max(begin + 1, int(starts.searchsorted(starts[begin] + _CHUNK, "right")) - 1)
        first, last = int(starts[begin]), int(starts[end])
        docs, counts = inverted.docs[first:last], inverted.counts[first:last]
        short = short_of[docs] if short_of is not None else np.zeros(last - first, np.uint8)
        stands = int(counts.sum(dtype=np.int64))
        places = None if bare else inverted.places[base : base + stands]
        yield _Postings(inverted.terms[begin:end], starts[begin : end + 1] - first, docs, counts, short, places)
        begin, base = end, base + stands


class _Postings:
    """The postings of some terms, one after the other; if many, not all in Python's own numbers at once.

    bounds: where the postings of each term begin, and where the last one's end. places: None where they hold no value.
    """

    def __init__(
        self, terms: list[bytes], bounds: Array, docs: Array, counts: Array, lengths: Array, places: Array | None
    ) -> None:
        first = bounds[:-1]
        self._arrays = docs, counts, places
        self._lengths = lengths
        self._begin = self._end = 0
        self._place = 0
        self._rows = zip(
            terms,
            np.add.reduceat(counts, first, dtype=np.float64).tolist(),
            np.minimum.reduceat(lengths, first).tolist(),
            np.maximum.reduceat(lengths, first).tolist(),
            np.minimum.reduceat(counts, first).astype(np.float64).tolist(),
            np.maximum.reduceat(counts, first).astype(np.float64).tolist(),
            first.tolist(),
            bounds[1:].tolist(),
            docs[first].tolist(),
            docs[bounds[1:] - 1].tolist(),
            strict=True,
        )

    def _turn(self, start: int) -> None:
        """Turn postings into Python's own numbers, those before ``start`` having been written."""
        part = slice(start, start + _CHUNK)
        docs, counts, places = self._arrays
        cuts = starts_of(counts[part])
        self._docs, self._weights = docs[part].tolist(), counts[part].astype(np.float64).tolist()
        self._steps = np.diff(docs[part], prepend=0).tolist()
        self._values: list[bytes] = []
        if places is not None:
            content = places[self._place : self._place + int(cuts[-1])].astype(np.uint32).tobytes()
            self._values = [content[one:other] for one, other in pairwise((cuts * 4).tolist())]
            self._place += int(cuts[-1])
        self._begin, self._end = start, start + len(self._docs)

    def terms(self) -> Iterator[tuple[bytes, tuple[Any, ...], bytes]]:
        """Each term with what Whoosh keeps of it (weight, documents, shortest, longest, most, first and last document),
        and its postings."""
        for term, weight, shortest, longest, least, most, start, end, first, last in self._rows:
            stands = weight, end - start, shortest, longest, most, first, last
            if end - start <= BLOCK:
                yield (
                    term,
                    stands,
                    whoosh3.WHOOSH3_HEADER_MAGIC + self._block(start, end, least, most, shortest, longest),
                )
            else:
                yield term, stands, whoosh3.WHOOSH3_HEADER_MAGIC + b"".join(self._blocks(start, end))

    def _blocks(self, start: int, end: int) -> Iterator[bytes]:
        _, counts, _ = self._arrays
        for one in range(start, end, BLOCK):
            other = min(one + BLOCK, end)
            weights, lengths = counts[one:other], self._lengths[one:other]
            bounds = float(weights.min()), float(weights.max()), int(lengths.min()), int(lengths.max())
            yield self._block(one, other, *bounds, last=other == end)

    def _block(
        self, start: int, end: int, least: float, most: float, shortest: int, longest: int, *, last: bool = True
    ) -> bytes:
        """Postings with their smallest and largest weight and length."""
        if end > self._end:
            self._turn(start)
        one, other = start - self._begin, end - self._begin
        weights: Any = None if most == 1 else most if least == most else tuple(self._weights[one:other])
        steps = self._docs[one], *self._steps[one + 1 : other]
        values = tuple(self._values[one:other]) if self._values else None
        content = dumps((steps, weights, values), _PROTOCOL)
        level = 1 if len(content) >= _WORTH_COMPRESSING else 0
        if level:
            content = compress(content, level)
        head = dumps((end - start, self._docs[other - 1], most, level, shortest, longest), _PROTOCOL)
        length = len(head) + len(content)
        return _LENGTH.pack(-length if last else length) + head + content
