"""One writer, one batch: all of it on leaving the block, nothing if anything goes wrong."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
from whoosh.index import FileIndex

from search.engines.base import PreparedArticle
from search.engines.whoosh.arrays import leaves_of, live_of, open_segments, save, segment_file
from search.engines.whoosh.documents import Prepared, Sheaf
from search.engines.whoosh.merging import merge, to_merge
from search.engines.whoosh.schema import schema
from search.engines.whoosh.segment_writer import CODEC, SegmentWriter
from search.engines.whoosh.storage import DurableStorage

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
        self._put: set[str] = set()
        self._sheaf: Sheaf | None = None
        self._waiting: list[tuple[int, datetime | None]] = []
        self._open: SegmentWriter | None = None
        # Segments are finished beside, while more is put; one at a time, which bounds the memory.
        self._finisher = ThreadPoolExecutor(1, "segment")
        self._finished: list[Future[Any]] = []
        self.refused: dict[str, str] = {}  # there is nothing that cannot be kept

    def put(self, article: PreparedArticle, indexed: datetime | None = None) -> None:
        assert isinstance(article, Prepared)
        if article.id in self._put:
            raise ValueError(f"{article.id} is put twice in one batch")
        self._put.add(article.id)
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
            made = self._finish() if error is None else []
        if error is not None:
            if self._open:
                self._open.cancel()
            self._writer.cancel()
            return
        self._writer.commit(mergetype=lambda _, segments: [*self._merged(segments, made), *made])
        save(self._folder, self._index)

    def _finish(self) -> list[Any]:
        """Write what is still in memory; gives all new segments."""
        self._take()
        self._flush()
        return [future.result() for future in self._finished]

    def _fits(self, segment: Any) -> bool:
        """Is a segment small enough to be read whole?"""
        return segment_file(self._folder, segment).stat().st_size < self._most

    def _flush(self) -> None:
        """Have what was gathered made into a segment, when the one before is done."""
        if self._finished:
            self._finished[-1].result()
        if self._open is not None:
            self._finished.append(self._finisher.submit(self._open.finish))
        self._open = None

    def _merged(self, segments: list[Any], made: list[Any]) -> Iterator[Any]:
        """The segments that were there already, some of them perhaps made into one."""
        sizes = [segment.doc_count_all() for segment in segments] + [segment.doc_count_all() for segment in made]
        deleted = [segment.deleted_count() for segment in segments] + [0] * len(made)
        chosen = [place for place in to_merge(sizes, deleted) if place < len(segments) and self._fits(segments[place])]
        yield from (segment for place, segment in enumerate(segments) if place not in chosen)
        if chosen:
            writer = SegmentWriter(self._index, self._folder)
            masks = [live_of(segments[place]) for place in chosen]
            merge([self._segments[place] for place in chosen], masks, writer)
            if len(writer):
                yield writer.finish()
            else:
                writer.cancel()
