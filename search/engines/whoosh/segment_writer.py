"""A segment as Whoosh writes one, file by file, but a whole term at a time instead of a posting.

Whoosh's own writer takes documents one by one, pools each posting in Python, sorts the pool and writes it out, posting
by posting again. Here the fields come sorted, as arrays; the files are the same, and Whoosh reads them as its own.
Only this reaches into the writers of its codec. The arrays of the segment are laid down in the same go.
"""

from __future__ import annotations

import struct
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from pickle import dumps
from typing import Any
from zlib import adler32, compress

import numpy as np
from whoosh.codec import whoosh3

from search.copies import WIDTH, rows_of
from search.engines.stored import stamped
from search.engines.whoosh.arrays import segment_file, segment_key
from search.engines.whoosh.documents import Sheaf
from search.engines.whoosh.laying import field_sections, lengths_of, text_sections
from search.engines.whoosh.mapped import Array, write
from search.engines.whoosh.postings_writer import BLOCK, as_bytes, field_writer, write_field
from search.engines.whoosh.schema import STEMMED, VALUES, WORDS
from search.engines.whoosh.streams import Gathered, Packed, Source
from search.ranges import starts_of
from search.room import Spool, forget, on_disk, stretches

_PROTOCOL = 3
_WHOLE, _SIZES = 0xFFFF, struct.Struct("<HH")
"""The largest block that deflate may leave as it is, and what it begins with."""
_TOGETHER = 2_000
"""Documents of which the bodies are read into memory at a time."""
_STORED_BYTES = 20
"""What is kept in memory of a document beside its postings."""
CODEC = whoosh3.W3Codec(blocklimit=BLOCK)


class SegmentWriter:
    """Gathers documents and makes a segment of them."""

    def __init__(self, index: Any, folder: Path) -> None:
        self._schema, self._storage, self._folder = index.schema, index.storage, folder
        self._segment = CODEC.new_segment(index.storage, index.indexname)
        self._documents = CODEC.per_document_writer(index.storage, self._segment)
        self._gathered = {field: Gathered() for field in (*WORDS, *VALUES)}
        self._fields: dict[str, Source] = {**self._gathered}
        self._heads, self._bodies, self._signatures = (Spool(folder) for _ in range(3))
        self._head_sizes, self._head_of, self._sizes = array("q"), array("i"), array("q")

    def __len__(self) -> int:
        """How many documents it has."""
        return len(self._head_of)

    @property
    def nbytes(self) -> int:
        """What is kept in memory."""
        return _STORED_BYTES * len(self) + sum(gathered.nbytes for gathered in self._fields.values())

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
        self.store((head.encode() for head in heads), head_of, [bodies], sizes, [signatures.tobytes()])

    def _stamp(self, moments: Array, first: int) -> None:
        """When the articles of documents, from ``first`` on, were first indexed, where that is known."""
        known, which = np.unique(moments, return_inverse=True)
        there = np.flatnonzero(np.not_equal(moments, ""))
        self.extend("indexed", [moment.encode() for moment in known.tolist()], which[there], (first + there) << 32)

    def store(
        self,
        heads: Iterable[bytes],
        head_of: Array,
        bodies: Iterable[bytes],
        sizes: Array,
        signatures: Iterable[bytes],
    ) -> None:
        """What is stored of the next documents: the heads of their articles and the place of each one's among them;
        their bodies one after the other, some at a time, and the size of each; their signatures, some at a time."""
        self._head_of.frombytes((head_of + len(self._head_sizes)).astype(np.int32).tobytes())
        for head in heads:
            self._heads.extend((head,))
            self._head_sizes.append(len(head))
        self._bodies.extend(bodies)
        self._sizes.frombytes(sizes.astype(np.int64).tobytes())
        self._signatures.extend(signatures)

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
        self._close()
        return self._segment

    def _sections(self, size: int) -> Iterator[tuple[str, Array]]:
        """The arrays, a field at a time; each is written for Whoosh before it is forgotten."""
        fields, room = field_writer(CODEC, self._storage, self._segment), on_disk(self._folder)
        lengths: dict[str, Array] = {}
        for field in sorted(self._fields):  # the order that Whoosh's lexicon needs
            inverted = self._fields.pop(field).inverted(room)
            if field in STEMMED:
                lengths[field] = lengths_of(inverted, size)
            if inverted.terms:
                write_field(fields, field, self._schema[field], inverted, lengths.get(field))
            yield from field_sections(field, inverted, size, room)
        del inverted
        fields.close()
        heads = Packed(self._heads.content(), starts_of(np.array(self._head_sizes)))
        bodies = Packed(self._bodies.content(), starts_of(np.array(self._sizes)))
        signatures = self._signatures.content()
        self._write_stored(heads, bodies, signatures.reshape(-1, WIDTH))
        self._write_documents(lengths)
        yield from text_sections("heads", heads)
        yield "head_of", np.array(self._head_of)
        yield from text_sections("bodies", bodies)
        yield "signatures", signatures
        self._segment.create_compound_file(self._storage)  # of all its files so far, of which this one is none

    def _write_stored(self, heads: Packed, bodies: Packed, signatures: Array) -> None:
        """What is stored of each document as Whoosh's column has it: pickled, as if deflated."""
        column = self._documents._colwriters["_stored"]._child
        lengths = array("I")
        before = -1
        for part in stretches(len(bodies), _TOGETHER):
            signed = _texts_of(signatures[part])
            for head, body, signature in zip(self._head_of[part], bodies[part], signed, strict=True):
                first = {"head": heads[head].decode()} if head != before else {}
                fields = {**first, "body": body.decode(), "signature": signature}
                made = _as_if_deflated(dumps(fields, _PROTOCOL))
                column._dbfile.write(made)
                lengths.append(len(made))
                before = head
            for read in (heads.content, bodies.content, signatures):
                forget(read)
        column._lengths.array = lengths
        column._offsets.array = array("I", starts_of(np.array(lengths))[:-1].astype(np.uint32).tobytes())
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
        self._close()
        self._documents.close()

    def _close(self) -> None:
        for spool in (self._heads, self._bodies, self._signatures):
            spool.close()


def _texts_of(rows: Array) -> list[bytes]:
    """Each signature; of one of zeros, none."""
    return [row.tobytes() if signed else b"" for row, signed in zip(rows, np.any(rows, axis=1).tolist(), strict=True)]


def _as_if_deflated(content: bytes) -> bytes:
    """What ``zlib.decompress`` takes. Deflating so little takes fifty times as long and saves a third of it."""
    size = len(content)
    if size > _WHOLE:
        return compress(content, 1)
    return b"\x78\x01\x01%b%b%b" % (_SIZES.pack(size, size ^ _WHOLE), content, adler32(content).to_bytes(4, "big"))
