"""Other search engines, each as its own documentation would have it used: stock Whoosh, SQLite FTS5 and tantivy.

All index the bare text of the same paragraphs. A query comes as words and a way of joining them: ``any``, ``all``,
``phrase`` or ``near`` (within five words). What a peer needs to understand a query is done in ``compile``; ``rank`` is
its own search call and nothing else; ``door`` is text in, ten texts out.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

SIZE = 10
_JOINED = {"any": " OR ", "all": " AND "}


class Peer(Protocol):
    """``kinds``: the ways of joining words that it has."""

    name: str
    kinds: Sequence[str]

    def build(self, texts: Sequence[str], folder: Path) -> None: ...

    def compile(self, words: Sequence[str], kind: str) -> Any: ...

    def rank(self, query: Any) -> object: ...

    def door(self, words: Sequence[str], kind: str) -> Sequence[str]: ...


class Stock:
    """Whoosh's own parser, matchers and BM25F over one stored TEXT field that keeps every word and finds its other
    forms, as the others here do: the same question is asked of all, and of every phrase that a person may type."""

    name = "whoosh"
    kinds: Sequence[str] = ("any", "all", "phrase", "near")

    def analyser(self) -> Any:
        from whoosh.analysis import StemmingAnalyzer

        return StemmingAnalyzer(stoplist=None, minsize=1)

    def build(self, texts: Sequence[str], folder: Path) -> None:
        from whoosh import fields, index, scoring
        from whoosh.qparser import QueryParser

        folder.mkdir()
        text = fields.TEXT(stored=True, analyzer=self.analyser())
        made = index.create_in(folder, fields.Schema(id=fields.STORED, text=text))
        writer = made.writer(limitmb=256)
        for number, text in enumerate(texts):
            writer.add_document(id=number, text=text)
        writer.commit(optimize=True)
        self.searcher = made.searcher(weighting=scoring.BM25F())
        self.parser = QueryParser("text", made.schema)

    def compile(self, words: Sequence[str], kind: str) -> Any:
        text = {"phrase": f'"{" ".join(words)}"', "near": f'"{" ".join(words)}"~5'}
        return self.parser.parse(text.get(kind) or _JOINED[kind].join(words))

    def rank(self, query: Any) -> object:
        return self.searcher.search(query, limit=SIZE)

    def door(self, words: Sequence[str], kind: str) -> Sequence[str]:
        return [hit["text"] for hit in self.searcher.search(self.compile(words, kind), limit=SIZE)]


class AsItComes(Stock):
    """The same with a field's defaults: no stems, and words such as “the” left out, so that it has less to do and
    cannot tell most phrases from others."""

    name = "whoosh_defaults"
    kinds = ("any", "all")

    def analyser(self) -> Any:
        return None


class Fts5:
    """SQLite's full-text table, with its Porter stemmer and its bm25."""

    name = "fts5"
    kinds = ("any", "all", "phrase", "near")

    def build(self, texts: Sequence[str], folder: Path) -> None:
        folder.mkdir()
        self.base = sqlite3.connect(folder / "fts.db")
        self.base.execute("CREATE VIRTUAL TABLE paragraphs USING fts5(text, tokenize='porter unicode61')")
        self.base.executemany("INSERT INTO paragraphs (text) VALUES (?)", ([text] for text in texts))
        self.base.execute("INSERT INTO paragraphs (paragraphs) VALUES ('optimize')")
        self.base.commit()

    def compile(self, words: Sequence[str], kind: str) -> Any:
        quoted = [f'"{word}"' for word in words]
        together = {"phrase": " + ".join(quoted), "near": f"NEAR({' '.join(quoted)}, 5)"}
        return together.get(kind) or _JOINED[kind].join(quoted)

    def rank(self, query: Any) -> object:
        sql = "SELECT rowid, rank FROM paragraphs WHERE paragraphs MATCH ? ORDER BY rank LIMIT ?"
        return self.base.execute(sql, (query, SIZE)).fetchall()

    def door(self, words: Sequence[str], kind: str) -> Sequence[str]:
        sql = "SELECT text FROM paragraphs WHERE paragraphs MATCH ? ORDER BY rank LIMIT ?"
        return [row[0] for row in self.base.execute(sql, (self.compile(words, kind), SIZE))]


class Tantivy:
    """tantivy with its English stemmer, as its tutorial uses it; one segment, as the others have."""

    name = "tantivy"
    kinds = ("any", "all", "phrase", "near")

    def build(self, texts: Sequence[str], folder: Path) -> None:
        import tantivy

        folder.mkdir()
        schema = tantivy.SchemaBuilder().add_text_field("text", stored=True, tokenizer_name="en_stem").build()
        self.index = tantivy.Index(schema, path=str(folder))
        writer = self.index.writer(heap_size=512 * 2**20, num_threads=1)
        for text in texts:
            writer.add_document(tantivy.Document(text=text))
        writer.commit()
        writer.wait_merging_threads()
        self.index.reload()
        self.searcher = self.index.searcher()

    def compile(self, words: Sequence[str], kind: str) -> Any:
        text = {"phrase": f'"{" ".join(words)}"', "near": f'"{" ".join(words)}"~5'}
        return self.index.parse_query(text.get(kind) or _JOINED[kind].join(words), ["text"])

    def rank(self, query: Any) -> object:
        return self.searcher.search(query, SIZE).hits

    def door(self, words: Sequence[str], kind: str) -> Sequence[str]:
        found = self.searcher.search(self.compile(words, kind), SIZE).hits
        return [self.searcher.doc(address)["text"][0] for _, address in found]


def available() -> list[Peer]:
    """The peers that are installed; tantivy comes with the extra ``bench``."""
    peers: list[Peer] = [Stock(), AsItComes(), Fts5()]
    try:
        import tantivy  # noqa: F401
    except ImportError:
        return peers
    return [*peers, Tantivy()]
