"""One writer, one batch: all of it on leaving the block, nothing if anything goes wrong."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
from whoosh.index import FileIndex

from search.engines.base import PreparedArticle
from search.engines.whoosh.arrays import leaves_of, live_of, open_segments, save, segment_file, segment_key
from search.engines.whoosh.documents import Prepared, Sheaf
from search.engines.whoosh.mapped import Mapped
from search.engines.whoosh.merging import merge, to_merge
from search.engines.whoosh.postings import Mask
from search.engines.whoosh.schema import schema
from search.engines.whoosh.segment_writer import CODEC, SegmentWriter
from search.engines.whoosh.segments import Segment
from search.engines.whoosh.storage import DurableStorage
from search.held import Numbers
from search.room import on_disk

_TOGETHER = 3
"""Segments of a long run that become one: a field is put together at a time, which bounds the memory."""
_SHARE = 4
"""The part of the memory that may be full of postings before they are sorted and written, which takes as much again."""


class WhooshWriter:
    """Changes the generation in a folder.

    Whoosh's writer keeps the lock, marks what is deleted, and commits; the segments come from ``segment_writer``.
    """

    def __init__(self, folder: Path, memory: int, *, fresh: bool) -> None:
        storage = DurableStorage(str(folder))
        self._folder = folder
        self._index = FileIndex.create(storage, schema(), "MAIN") if fresh else FileIndex(storage)
        self._segments = open_segments(folder, self._index, lambda: leaves_of(self._index.reader()))
        self._writer: Any = self._index.writer(codec=CODEC, timeout=1.0)
        self._most = memory * 2**20 // _SHARE
        self._put = Numbers(on_disk(folder))
        self._sheaf: Sheaf | None = None
        self._waiting: list[tuple[int, datetime | None]] = []
        self._open: SegmentWriter | None = None
        # Segments are finished beside, while more is put; one at a time, which bounds the memory.
        self._finisher = ThreadPoolExecutor(1, "segment")
        self._finishing: Future[None] | None = None
        self._made: list[Any] = []
        self._spilled = 0
        self.refused: dict[str, str] = {}  # there is nothing that cannot be kept

    def put(self, article: PreparedArticle, indexed: datetime | None = None) -> None:
        assert isinstance(article, Prepared)
        if article.id in self._put:
            raise ValueError(f"{article.id} is put twice in one batch")
        self._put.put(article.id, 1)
        self.delete(article.id)
        if not article.paragraphs:
            return
        if article.sheaf is not self._sheaf:
            self._take()
            self._sheaf = article.sheaf
        self._waiting.append((article.place, indexed))

    def _take(self) -> None:
        """Add the articles of one sheaf that wait, all at once, which takes little longer than one."""
        if self._sheaf is None or not self._waiting:
            return
        if self._open is None:
            self._open = SegmentWriter(self._index, self._folder)
        self._open.add(self._sheaf, self._waiting)
        self._sheaf, self._waiting = None, []
        if self._open.nbytes > self._most:
            self._flush()

    def delete(self, article_id: str) -> None:
        term = article_id.encode("utf-8", "replace")
        for segment, held in zip(self._segments, self._writer.segments, strict=True):
            docs, _ = segment.docs("article", term) or (np.empty(0, np.int32), None)
            for doc in (docs - segment.offset).tolist():
                held.delete_document(doc)

    def __enter__(self) -> WhooshWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._finisher:  # also when something went wrong, its thread ends before the files are let go of
            if error is None:
                self._take()
                self._flush(last=True)
                self._wait()
        if error is not None:
            if self._open:
                self._open.cancel()
            self._writer.cancel()
            return
        self._writer.commit(mergetype=lambda _, segments: [*self._merged(segments), *self._made])
        save(self._folder, self._index)

    def _flush(self, *, last: bool = False) -> None:
        """Have what was gathered made into a segment, when the one before is done."""
        self._wait()
        if self._open is not None:
            self._finishing = self._finisher.submit(self._finish, self._open, last)
        self._open = None

    def _wait(self) -> None:
        if self._finishing is not None:
            self._finishing.result()

    def _finish(self, writer: SegmentWriter, last: bool) -> None:
        """Write a segment; several as large as the memory allowed become one, while more is put, and not at the end,
        when somebody waits."""
        self._made.append(writer.finish())
        self._spilled += 1
        if self._spilled == _TOGETHER and not last:
            parts = self._made[-_TOGETHER:]
            opened = [Segment(Mapped(segment_file(self._folder, part), segment_key(part)), 0) for part in parts]
            self._made[-_TOGETHER:] = self._one_of(opened, list(map(live_of, parts)))
            self._spilled = 0
            for path in (path for part in parts for path in self._folder.glob(f"{part.segment_id()}.*")):
                with suppress(OSError):  # a system may keep what is mapped; the commit clears it away then
                    path.unlink()

    def _fits(self, segment: Any) -> bool:
        """Is a segment small enough to be read whole?"""
        return segment_file(self._folder, segment).stat().st_size < self._most

    def _merged(self, segments: list[Any]) -> Iterator[Any]:
        """The segments that were there already, some of them perhaps made into one."""
        sizes = [segment.doc_count_all() for segment in (*segments, *self._made)]
        deleted = [segment.deleted_count() for segment in (*segments, *self._made)]
        chosen = [place for place in to_merge(sizes, deleted) if place < len(segments) and self._fits(segments[place])]
        yield from (segment for place, segment in enumerate(segments) if place not in chosen)
        if chosen:
            masks = [live_of(segments[place]) for place in chosen]
            yield from self._one_of([self._segments[place] for place in chosen], masks)

    def _one_of(self, segments: Sequence[Segment], live: Sequence[Mask]) -> list[Any]:
        """What lives of some segments as one, or as none where nothing does."""
        writer = SegmentWriter(self._index, self._folder)
        merge(segments, live, writer)
        if len(writer):
            return [writer.finish()]
        writer.cancel()
        return []
