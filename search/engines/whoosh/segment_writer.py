"""A segment as Whoosh writes one, file by file, but a whole term at a time instead of a posting.

Whoosh's own writer takes documents one by one, pools each posting in Python, sorts the pool and writes it out, posting
by posting again. Here the fields come sorted, as arrays; the files are the same, and Whoosh reads them as its own.
Only this reaches into the writers of its codec. The arrays of the segment are laid down in the same go.
"""

from __future__ import annotations

import mmap
import struct
import tempfile
from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from pickle import dumps
from typing import Any
from zlib import compress

import numpy as np
from whoosh import columns
from whoosh.codec import whoosh3
from whoosh.system import pack_int, pack_long, pack_ushort
from whoosh.util.numeric import _length_byte_cache

from search.copies import together
from search.engines.stored import stamped
from search.engines.whoosh.arrays import segment_file, segment_key
from search.engines.whoosh.documents import Prepared, stored
from search.engines.whoosh.laying import field_sections, lengths_of, packed
from search.engines.whoosh.mapped import Array, write
from search.engines.whoosh.schema import STEMMED, VALUES, WORDS
from search.engines.whoosh.streams import Gathered, Inverted, Stream, starts_of

_BLOCK = 2_048
"""Postings in a block. Whoosh's 128 suits matchers that skip; here whole lists are read, faster in larger blocks."""
_CHUNK = 100_000
"""Postings turned into Python's own numbers at a time."""
_WORTH_COMPRESSING = 200
_PROTOCOL = 4
"""Whoosh reads any protocol of pickle and writes the second, which has no bytes and spells each value out as a call."""
_TERM = struct.Struct("!BfIBBfII")
_LENGTH_BYTES = np.array(_length_byte_cache)
CODEC = whoosh3.W3Codec(blocklimit=_BLOCK)


class SegmentWriter:
    """Gathers documents and makes a segment of them."""

    def __init__(self, index: Any, folder: Path) -> None:
        self._schema, self._storage, self._folder = index.schema, index.storage, folder
        self._segment = CODEC.new_segment(index.storage, index.indexname)
        self._documents = CODEC.per_document_writer(index.storage, self._segment)
        self._stored = self._documents._colwriters["_stored"]._child
        self._fields = {field: Gathered() for field in (*WORDS, *VALUES)}
        self._heads: list[bytes] = []
        self._head_of: list[int] = []
        self._signatures: list[bytes] = []
        self._bodies = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 - closed in finish
        self._sizes: list[int] = []

    def __len__(self) -> int:
        """How many documents it has."""
        return len(self._sizes)

    @property
    def nbytes(self) -> int:
        """What is kept in memory."""
        kept = sum(gathered.nbytes for gathered in self._fields.values())
        return kept + 300 * len(self) + 1000 * len(self._heads)

    def add(self, article: Prepared, indexed: datetime | None) -> None:
        """Add an article that has paragraphs. indexed: when it was first indexed."""
        first, head = len(self), article.head
        if indexed is not None:
            head = stamped(head, indexed)
            since = Stream((indexed.isoformat().encode(),), bytes(4), bytes(8))
            self._fields["indexed"].add(since, first, article.paragraphs)
        for field, stream in article.own.items():
            self._fields[field].add(stream, first)
        for field, stream in article.shared.items():
            self._fields[field].add(stream, first, article.paragraphs)
        self.store_first(head, article.bodies[0], article.signatures[0])
        for prepared, body, signature in zip(article.stored, article.bodies[1:], article.signatures[1:], strict=True):
            self.store(prepared, body, signature)

    def store_first(self, head: str, body: bytes, signature: bytes) -> None:
        """What is stored of the next document, the first of its article."""
        self._heads.append(head.encode())
        self.store(stored(head=head, body=body.decode(), signature=signature), body, signature)

    def store(self, prepared: bytes, body: bytes, signature: bytes) -> None:
        """What is stored of the next document of the same article; ``prepared`` is Whoosh's form of it."""
        columns.VarBytesColumn.Writer.add(self._stored, len(self), prepared)
        self._head_of.append(len(self._heads) - 1)
        self._signatures.append(signature)
        self._bodies.write(body)
        self._sizes.append(len(body))

    def extend(self, field: str, terms: list[bytes], which: Array, places: Array) -> None:
        """Occurrences of a field, as ``Gathered`` takes them."""
        self._fields[field].extend(terms, which, places)

    def finish(self) -> Any:
        """Write everything; gives Whoosh's segment."""
        size = len(self)
        self._segment.set_doc_count(size)
        write(segment_file(self._folder, self._segment), segment_key(self._segment), self._sections(size))
        self._bodies.close()
        return self._segment

    def _sections(self, size: int) -> Iterator[tuple[str, Array]]:
        """The arrays, a field at a time; each is written for Whoosh before it is forgotten."""
        fields = CODEC.field_writer(self._storage, self._segment)
        lengths: dict[str, Array] = {}
        for field in sorted(self._fields):  # the order that Whoosh's lexicon needs
            inverted = self._fields.pop(field).inverted()
            if field in STEMMED:
                lengths[field] = lengths_of(inverted, size)
            if inverted.terms:
                _write_field(fields, field, self._schema[field], inverted, lengths.get(field))
            yield from field_sections(field, inverted, size)
        fields.close()
        self._write_documents(lengths)
        yield from packed("heads", self._heads)
        yield "head_of", np.array(self._head_of, np.int32)
        self._bodies.flush()
        yield "bodies", _mapped(self._bodies)
        yield "bodies.at", starts_of(np.array(self._sizes, np.int64))
        yield "signatures", together(self._signatures).ravel()
        self._segment.create_compound_file(self._storage)  # of all its files so far, of which this one is none

    def _write_documents(self, lengths: Mapping[str, Array]) -> None:
        documents = self._documents
        for field, counted in lengths.items():
            if counted.any():
                name = f"_{field}_len"
                documents._create_column(name, whoosh3.LENGTHS_COLUMN)
                documents._colwriters[name]._dbfile.write(_as_bytes(counted).tobytes())
                documents._colwriters[name]._count = len(counted)
                documents._fieldlengths[field] = int(counted.sum())
        documents._doccount = len(self)
        documents.close()

    def cancel(self) -> None:
        """Let go of everything; Whoosh removes the files when it next commits."""
        self._bodies.close()
        self._documents.close()


def _mapped(file: Any) -> Array:
    size = file.tell()
    if not size:
        return np.empty(0, np.uint8)
    return np.frombuffer(mmap.mmap(file.fileno(), size, access=mmap.ACCESS_READ), np.uint8)


def _as_bytes(lengths: Array) -> Array:
    """Lengths as Whoosh keeps them, in one byte each, as its ``length_to_byte``."""
    return np.minimum(_LENGTH_BYTES.searchsorted(lengths), 255).astype(np.uint8)


# ----------------------------------------------------------------------------- postings


def _write_field(writer: Any, name: str, field: Any, inverted: Inverted, lengths: Array | None) -> None:
    """A field's terms with their postings, in order."""
    writer.start_field(name, field)
    prefix = pack_ushort(writer._fieldid)
    file, lexicon = writer._postfile, writer._tindex
    for term, *counts, blocks in _terms(inverted, lengths, field.format.fixed_value_size() == 0):
        at = file.tell()
        file.write(whoosh3.WHOOSH3_HEADER_MAGIC)
        for place, (info, values) in enumerate(blocks, 1):
            _write_block(file, info, values, last=place == len(blocks))
        place_and_size = pack_long(at) + pack_int(file.tell() - at)
        lexicon.add(prefix + term, _TERM.pack(0, *counts) + place_and_size)
    writer.finish_field()


def _write_block(file: Any, info: tuple[Any, ...], data: tuple[Any, ...], *, last: bool) -> None:
    content = dumps(data, _PROTOCOL)
    level = 1 if len(content) >= _WORTH_COMPRESSING else 0
    if level:
        content = compress(content, level)
    count, last_id, most, shortest, longest = info
    head = dumps((count, last_id, most, level, shortest, longest), _PROTOCOL)
    length = len(head) + len(content)
    file.write_int(-length if last else length)
    file.write(head)
    file.write(content)


def _terms(inverted: Inverted, lengths: Array | None, bare: bool) -> Iterator[tuple[Any, ...]]:
    """Each term with what Whoosh keeps of it (weight, documents, shortest, longest, most, first and last document), and
    its blocks. ``bare``: postings hold no value."""
    starts = inverted.starts
    at = starts_of(inverted.counts)
    begin = 0
    while begin < len(inverted.terms):
        end = max(begin + 1, int(starts.searchsorted(starts[begin] + _CHUNK, "right")) - 1)
        first, last = int(starts[begin]), int(starts[end])
        docs, counts = inverted.docs[first:last], inverted.counts[first:last]
        short = _as_bytes(lengths)[docs] if lengths is not None else np.zeros(last - first, np.uint8)
        bounds = (starts[begin : end + 1] - first).astype(np.int64)
        rows = zip(
            inverted.terms[begin:end],
            np.add.reduceat(counts, bounds[:-1]).tolist(),
            np.diff(bounds).tolist(),
            np.minimum.reduceat(short, bounds[:-1]).tolist(),
            np.maximum.reduceat(short, bounds[:-1]).tolist(),
            np.maximum.reduceat(counts, bounds[:-1]).tolist(),
            docs[bounds[:-1]].tolist(),
            docs[bounds[1:] - 1].tolist(),
            strict=True,
        )
        values: list[bytes] = []
        if not bare:
            base = int(at[first])
            content = inverted.places[base : int(at[last])].astype(np.uint32).tobytes()
            cuts = ((at[first : last + 1] - base) * 4).tolist()
            values = [content[one:other] for one, other in pairwise(cuts)]
        blocks = _Blocks(docs, counts, short, values)
        for row, (start, stop) in zip(rows, pairwise(bounds.tolist()), strict=True):
            yield (*row, [blocks.of(one, min(one + _BLOCK, stop)) for one in range(start, stop, _BLOCK)])
        begin = end


class _Blocks:
    """Postings of some terms, one after the other, in Python's own numbers."""

    def __init__(self, docs: Array, counts: Array, lengths: Array, values: list[bytes]) -> None:
        self._docs, self._counts = docs.tolist(), counts.astype(np.float64).tolist()
        self._steps = np.diff(docs, prepend=0).tolist()
        self._lengths, self._values = lengths, values

    def of(self, start: int, end: int) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
        """One block: what Whoosh says of it, and its data."""
        docs, counts = self._docs, self._counts[start:end]
        most, lengths = max(counts), self._lengths[start:end]
        weights: Any = None if most == 1 else most if min(counts) == most else tuple(counts)
        values = tuple(self._values[start:end]) if self._values else None
        steps = (docs[start], *self._steps[start + 1 : end])
        return (end - start, docs[end - 1], most, int(lengths.min()), int(lengths.max())), (steps, weights, values)
