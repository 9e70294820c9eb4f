"""The embedded engine: Whoosh keeps the index, numpy ranks it.

Whoosh writes and reads the lexicon, the postings and the stored fields. Its matchers, which go through a posting
list document by document in Python, are not in the path of a query: postings are decoded into arrays once,
kept, and the tree is evaluated on whole arrays.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from search.engines.base import PreparedArticle, Reader, Writer
from search.engines.whoosh.documents import prepare
from search.engines.whoosh.reader import WhooshReader
from search.engines.whoosh.schema import SCHEMA_VERSION
from search.engines.whoosh.writer import WhooshWriter
from search.model import Article


class WhooshEngine:
    name = "whoosh"
    schema_version = SCHEMA_VERSION

    def prepare(self, articles: Sequence[Article]) -> Sequence[PreparedArticle]:
        return prepare(articles)

    def create(self, folder: Path, *, memory: int) -> Writer:
        return WhooshWriter(folder, memory, fresh=True)

    def append(self, folder: Path, *, memory: int) -> Writer:
        return WhooshWriter(folder, memory, fresh=False)

    def open(self, folder: Path) -> Reader:
        return WhooshReader(folder)
