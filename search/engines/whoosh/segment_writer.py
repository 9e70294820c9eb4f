"""A segment as Whoosh writes one, file by file, but a whole term at a time instead of a posting.

Whoosh's own writer takes documents one by one, pools each posting in Python, sorts the pool and writes it out, posting
by posting again. Here the fields come sorted, as arrays; the files are the same, and Whoosh reads them as its own.
Only this reaches into the writers of its codec. The arrays of the segment are laid down in the same go.
"""

from __future__ import annotations

import mmap
import struct
import tempfile
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from pickle import dumps
from typing import Any
from zlib import adler32, compress

import numpy as np
from whoosh.codec import whoosh3

from search.copies import rows_of
from search.engines.stored import stamped
from search.engines.whoosh.arrays import segment_file, segment_key
from search.engines.whoosh.documents import Sheaf
from search.engines.whoosh.laying import field_sections, lengths_of, packed
from search.engines.whoosh.mapped import Array, write
from search.engines.whoosh.postings_writer import BLOCK, as_bytes, write_field
from search.engines.whoosh.schema import STEMMED, VALUES, WORDS
from search.engines.whoosh.streams import Gathered, Source
from search.ranges import starts_of
from search.room import forget

_PROTOCOL = 3
_WHOLE, _SIZES = 0xFFFF, struct.Struct("<HH")
"""The largest block that deflate may leave as it is, and what it begins with."""
_TOGETHER = 5_000
"""Bodies that are read into memory at a time."""
CODEC = whoosh3.W3Codec(blocklimit=BLOCK)


class SegmentWriter:
    """Gathers documents and makes a segment of them."""

    def __init__(self, index: Any, folder: Path) -> None:
        self._schema, self._storage, self._folder = index.schema, index.storage, folder
        self._segment = CODEC.new_segment(index.storage, index.indexname)
        self._documents = CODEC.per_document_writer(index.storage, self._segment)
        self._gathered = {field: Gathered() for field in (*WORDS, *VALUES)}
        self._fields: dict[str, Source] = {**self._gathered}
        self._heads: list[bytes] = []
        self._head_of = array("i")
        self._signatures: list[bytes] = []
        self._bodies = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 - closed in finish
        self._sizes = array("q")

    def __len__(self) -> int:
        """How many documents it has."""
        return len(self._sizes)

    @property
    def nbytes(self) -> int:
        """What is kept in memory."""
        kept = sum(gathered.nbytes for gathered in self._fields.values())
        return kept + 100 * len(self) + 1000 * len(self._heads)

    def add(self, sheaf: Sheaf, articles: Sequence[tuple[int, datetime | None]]) -> None:
        """Add articles of a sheaf that have paragraphs, each by its place there and when it was first indexed."""
        counts = [sheaf.firsts[place + 1] - sheaf.firsts[place] for place, _ in articles]
        chosen = None  # all of them
        if [place for place, _ in articles] != list(range(len(sheaf.heads))):
            chosen = np.concatenate([np.arange(*sheaf.firsts[place : place + 2]) for place, _ in articles])
        first = len(self)
        for field, stream in sheaf.streams:
            which, places = stream.of(chosen)
            self.extend(field, stream.terms, which, places + (first << 32))
        self._stamp(np.array([moment.isoformat() if moment else "" for _, moment in articles]).repeat(counts), first)
        heads = [stamped(sheaf.heads[place], moment) if moment else sheaf.heads[place] for place, moment in articles]
        bodies, sizes, signatures = sheaf.bodies, np.array(sheaf.sizes), rows_of(sheaf.signatures)
        if chosen is not None:
            ends = np.cumsum(sizes)
            bodies = b"".join(bodies[end - sizes[i] : end] for i, end in zip(chosen, ends[chosen], strict=True))
            sizes, signatures = sizes[chosen], signatures[chosen]
        head_of = np.repeat(np.arange(len(heads)), counts)
        self.store([head.encode() for head in heads], head_of, [bodies], sizes, signatures)

    def _stamp(self, moments: Array, first: int) -> None:
        """When the articles of documents, from ``first`` on, were first indexed, where that is known."""
        known, which = np.unique(moments, return_inverse=True)
        there = np.flatnonzero(np.not_equal(moments, ""))
        self.extend("indexed", [moment.encode() for moment in known.tolist()], which[there], (first + there) << 32)

    def store(
        self, heads: Sequence[bytes], head_of: Array, bodies: Iterable[bytes], sizes: Array, signatures: Array
    ) -> None:
        """What is stored of the next documents: the heads of their articles and the place of each one's among them;
        their bodies one after the other, some at a time, and the size of each; their signatures, a row each."""
        self._head_of.extend((head_of + len(self._heads)).tolist())
        self._heads += heads
        self._bodies.writelines(bodies)
        self._sizes.extend(sizes.tolist())
        self._signatures.append(signatures.tobytes())

    def extend(self, field: str, terms: Sequence[bytes], which: Array, places: Array) -> None:
        """Occurrences of a field, as ``Gathered`` takes them."""
        self._gathered[field].extend(terms, which, places)

    def take(self, field: str, source: Source) -> None:
        """All of a field, instead of what is given by and by."""
        self._fields[field] = source

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
                write_field(fields, field, self._schema[field], inverted, lengths.get(field))
            yield from field_sections(field, inverted, size)
        fields.close()
        self._bodies.flush()
        bodies, at, signatures = _mapped(self._bodies), starts_of(np.array(self._sizes)), b"".join(self._signatures)
        self._write_stored(bodies, at.tolist(), rows_of(signatures))
        self._write_documents(lengths)
        yield from packed("heads", self._heads)
        yield "head_of", np.array(self._head_of)
        yield "bodies", bodies
        yield "bodies.at", at
        yield "signatures", np.frombuffer(signatures, np.uint8)
        self._segment.create_compound_file(self._storage)  # of all its files so far, of which this one is none

    def _write_stored(self, bodies: Array, at: Sequence[int], signatures: Array) -> None:
        """What is stored of each document as Whoosh's column has it: pickled, as if deflated."""
        column = self._documents._colwriters["_stored"]._child
        lengths: list[int] = []
        before = -1
        content, signed = bodies.data, np.any(signatures, axis=1).tolist()
        for doc, (head, start, end) in enumerate(zip(self._head_of, at[:-1], at[1:], strict=True)):
            first = {"head": self._heads[head].decode()} if head != before else {}
            signature = signatures[doc].tobytes() if signed[doc] else b""
            fields = {**first, "body": str(content[start:end], "utf-8"), "signature": signature}
            made = _as_if_deflated(dumps(fields, _PROTOCOL))
            column._dbfile.write(made)
            lengths.append(len(made))
            before = head
            if doc % _TOGETHER == 0:
                forget(bodies)
        column._lengths.array, column._offsets.array = (
            array("I", lengths),
            array("I", starts_of(np.array(lengths, np.int64))[:-1].tolist()),
        )
        column._count = len(lengths)

    def _write_documents(self, lengths: Mapping[str, Array]) -> None:
        documents = self._documents
        for field, counted in lengths.items():
            if counted.any():
                name = f"_{field}_len"
                documents._create_column(name, whoosh3.LENGTHS_COLUMN)
                documents._colwriters[name]._dbfile.write(as_bytes(counted).tobytes())
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


def _as_if_deflated(content: bytes) -> bytes:
    """What ``zlib.decompress`` takes. Deflating so little takes fifty times as long and saves a third of it."""
    size = len(content)
    if size > _WHOLE:
        return compress(content, 1)
    return b"\x78\x01\x01%b%b%b" % (_SIZES.pack(size, size ^ _WHOLE), content, adler32(content).to_bytes(4, "big"))
