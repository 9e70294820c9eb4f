"""One writer, one batch: all of it on leaving the block, nothing if anything goes wrong."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from types import TracebackType

from whoosh.codec.whoosh3 import W3Codec
from whoosh.index import FileIndex

from search.engines.base import PreparedArticle
from search.engines.stored import stamped
from search.engines.whoosh.arrays import save
from search.engines.whoosh.documents import Document, Prepared
from search.engines.whoosh.schema import schema
from search.engines.whoosh.storage import DurableStorage

_BLOCK = 2_048
"""Postings in a block. Whoosh's 128 suits matchers that skip; here whole lists are read, faster in larger blocks."""
_MOST_SEGMENTS = 8
"""Segments beyond which a small change merges them all, so that a query never has many to look through."""


class WhooshWriter:
    """Changes the generation in a folder. Any error cancels the whole batch: Whoosh may keep the postings of a
    document that it rejected, and give them to the next one."""

    def __init__(self, folder: Path, memory: int, *, fresh: bool) -> None:
        storage = DurableStorage(str(folder))
        self._folder = folder
        self._index = FileIndex.create(storage, schema(), "MAIN") if fresh else FileIndex(storage)
        self._segments = len(self._index._segments())
        self._there = frozenset() if fresh else self._articles()
        self._writer = self._index.writer(limitmb=memory, codec=W3Codec(blocklimit=_BLOCK), timeout=1.0)
        self._put: set[str] = set()

    def put(self, article: PreparedArticle, indexed: datetime | None = None) -> None:
        assert isinstance(article, Prepared)
        if article.id in self._put:
            raise ValueError(f"{article.id} is put twice in one batch")
        self._put.add(article.id)
        if article.id in self._there:
            self.delete(article.id)
        for document in article.documents:
            self._writer.add_document(**document | _since(document, indexed))

    def delete(self, article_id: str) -> None:
        self._writer.delete_by_term("article", article_id)

    def __enter__(self) -> WhooshWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None:
            self._writer.cancel()
            return
        if self._segments >= _MOST_SEGMENTS:
            self._writer.commit(optimize=True)
        else:
            self._writer.commit(merge=False)
        save(self._folder, self._index)

    def _articles(self) -> frozenset[str]:
        """The ids that are there already: to delete an article that is not is harmless, but slow."""
        with self._index.reader() as reader:
            return frozenset(term.decode() for term in reader.lexicon("article"))


def _since(document: Document, indexed: datetime | None) -> Document:
    """The fields that say when the article was first indexed."""
    if indexed is None:
        return {"indexed": []}
    head, body = document["paragraph"]
    return {"paragraph": [stamped(head, indexed), body], "indexed": [indexed.isoformat().encode()]}
