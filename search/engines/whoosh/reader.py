"""One generation, open for searching."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from whoosh.index import FileIndex

from search.engines.base import Coverage, Place, Ranked
from search.engines.fields import NARROWING
from search.engines.speaking import ENOUGH, SpeakerTypes
from search.engines.stored import restore, restore_speakers
from search.engines.whoosh.answering import Answering
from search.engines.whoosh.arrays import leaves_of, open_arrays, open_segments
from search.engines.whoosh.completion import NAMED, Names, Words
from search.engines.whoosh.evaluate import Evaluator
from search.engines.whoosh.explain import Explaining
from search.engines.whoosh.laying import check_segments
from search.engines.whoosh.postings import Floats, Ints, Lexicon
from search.engines.whoosh.segments import StoredTexts
from search.engines.whoosh.storage import DurableStorage
from search.errors import IndexDamaged, SearchError
from search.model import (
    Article,
    Counts,
    Explanation,
    FacetValue,
    Paragraph,
    SearchRequest,
    Speaker,
    SpeakerType,
)
from search.query.nodes import Node
from search.room import keep_freed


class WhooshReader:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = threading.Lock()
        self._reader: Any = None
        keep_freed()
        with self._sound():
            self._index = FileIndex(DurableStorage(str(folder)))
            self._segments = open_segments(folder, self._index, self._leaves)
            arrays = self._arrays = open_arrays(folder, self._index, self._segments)
            self._live, self._tie, self._columns = arrays.live, arrays.tie, arrays.columns
            self._lexicon = Lexicon(self._segments, self._live)
            self._articles, self._numbers, self._published = (
                self._columns[field].single for field in ("article", "number", "published")
            )
            self._evaluator = Evaluator(self._lexicon, arrays)
            self._texts = StoredTexts(self._segments)
            self._groups = arrays.copies
            self._words = Words(self._segments, self._lexicon)
            self._names = {field: Names(field, self._columns[field], self._live) for field in NAMED}
            self._explaining = Explaining(self._evaluator, arrays)
            self._types = SpeakerTypes(self._heard)
            self._answering = Answering(arrays, self._evaluator, self._paragraph, self._document)

    def _leaves(self) -> list[Any]:
        """Whoosh's own readers, opened when there is need of them."""
        with self._lock:
            if self._reader is None:
                self._reader = self._index.reader()
            return leaves_of(self._reader)

    def rank(self, tree: Node, count: int) -> tuple[Ints, Floats]:
        """The numbers of the best documents and their scores, in order: what ranking alone costs."""
        return self._evaluator.evaluate(tree).best(count, self._tie)

    # ------------------------------------------------------------------------- searching

    def search(self, tree: Node, request: SearchRequest, after: Place | None = None) -> Ranked:
        with self._sound():
            return self._answering.search(tree, request, after)

    # -------------------------------------------------------------------------- fetching

    def paragraph(self, paragraph_id: str) -> Paragraph | None:
        with self._sound():
            doc = self._document(paragraph_id)
            return None if doc is None else self._paragraph(doc)

    def paragraphs(self, paragraph_ids: Sequence[str]) -> Sequence[Paragraph | None]:
        with self._sound():
            docs = [self._document(identifier) for identifier in paragraph_ids]
            return [None if doc is None else self._paragraph(doc) for doc in docs]

    def _document(self, paragraph_id: str) -> int | None:
        article, _, number = paragraph_id.rpartition("#")
        if number.isascii() and number.isdigit() and len(number) < 10:
            for doc in self._documents(article):
                if self._columns["number"].values[self._numbers[doc]] == f"{int(number):09d}":
                    return doc
        return None

    def explain(self, tree: Node, paragraph_ids: Sequence[str]) -> Sequence[Explanation]:
        with self._sound():
            docs = [self._document(identifier) for identifier in paragraph_ids]
            return [
                Explanation((), 0.0) if doc is None else self._explaining.explain(tree, doc, self._paragraph(doc))
                for doc in docs
            ]

    def values(
        self,
        tree: Node,
        request: SearchRequest,
        name: str,
        *,
        prefix: str = "",
        by_name: bool = False,
        start: int = 0,
        size: int = 20,
    ) -> tuple[Sequence[FacetValue], int]:
        with self._sound():
            docs = self._answering.docs(tree, request)
            return self._answering.facets.listed(name, docs, prefix, start, size, by_name=by_name)

    def speaker_types(self, names: Sequence[str]) -> Mapping[str, SpeakerType]:
        with self._sound():
            return self._types.of(names)

    def _heard(self, names: Sequence[str]) -> Iterator[tuple[str, Iterable[Speaker]]]:
        """Who speaks in the first few paragraphs in which each of these is heard."""
        for name in names:
            docs = self._lexicon.docs("speaker", name.encode("utf-8", "replace")).docs[:ENOUGH]
            yield name, [speaker for doc in docs.tolist() for speaker in restore_speakers(self._stored(doc))]

    def days(self, tree: Node, request: SearchRequest) -> tuple[date | None, date | None]:
        with self._sound():
            return self._answering.timeline.ends(self._answering.docs(tree, request))

    def copies(self, paragraph_id: str) -> Sequence[Paragraph]:
        with self._sound():
            doc = self._document(paragraph_id)
            return [] if doc is None else [self._paragraph(int(other)) for other in self._groups.of(doc)]

    def article(self, article_id: str) -> Article | None:
        with self._sound():
            docs = sorted(self._documents(article_id), key=lambda doc: int(self._numbers[doc]))
            if not docs:
                return None
            stored = [restore(self._stored(doc)) for doc in docs]
        return Article(stored[0][0].article, tuple(paragraph for paragraph, _ in stored), stored[0][1])

    def _documents(self, article_id: str) -> list[int]:
        return [int(doc) for doc in self._lexicon.postings("article", article_id.encode("utf-8", "replace")).docs]

    def _paragraph(self, doc: int) -> Paragraph:
        return restore(self._stored(doc))[0]

    def _stored(self, doc: int) -> tuple[bytes, bytes]:
        return self._texts[doc]

    # ------------------------------------------------------------------------ describing

    def count(self) -> Counts:
        return self._count

    def coverage(self) -> Coverage:
        return self._coverage

    @cached_property
    def _count(self) -> Counts:
        return Counts(len(self._columns["article"].values), int(self._live.sum()))

    @cached_property
    def _coverage(self) -> Coverage:
        columns = self._columns
        days = columns["published"].values
        return Coverage(
            outlets=len(columns["outlet"].values),
            speakers=len(columns["speaker"].values),
            first=date.fromisoformat(days[0][:10]) if days else None,
            last=date.fromisoformat(days[-1][:10]) if days else None,
        )

    def suggest(self, prefix: str, limit: int = 10) -> Sequence[str]:
        return [word.value for word in self.beginning("text", prefix, limit)]

    def beginning(self, field: str, prefix: str, limit: int = 10) -> Sequence[FacetValue]:
        with self._sound():
            return (self._words if field == "text" else self._names[field]).beginning(prefix, limit)

    def spellings(self, field: str, term: str) -> Sequence[tuple[str, int]]:
        with self._sound():
            return self._words.spellings(NARROWING.get(field, field), term)

    def totals(self, trees: Sequence[Node], request: SearchRequest) -> Sequence[int]:
        with self._sound():
            return [self._answering.total(tree, request) for tree in trees]

    def frequencies(self, terms: Sequence[str]) -> Sequence[int]:
        with self._sound():
            return [self._lexicon.frequency("text", term.encode("utf-8", "replace")) for term in terms]

    def articles(self) -> Iterator[tuple[str, int]]:
        values = self._columns["article"].values
        for ordinal, count in sorted(Counter(self._articles[self._live].tolist()).items()):
            yield values[ordinal], count

    def check(self) -> Iterator[str]:
        for number, doc in enumerate(np.flatnonzero(self._live).tolist()):
            yield from _tried(lambda doc: restore(self._stored(doc)), f"paragraph {doc}", doc)
            if number % 500 == 0:
                yield ""
        yield from self._arrays.check()
        yield from check_segments(self._segments, self._leaves())

    def close(self) -> None:
        with self._lock:
            if self._reader is not None:
                self._reader.close()

    # --------------------------------------------------------------------------- helpers

    @contextmanager
    def _sound(self) -> Iterator[None]:
        """Whoosh raises almost anything when a file is torn."""
        try:
            yield
        except SearchError:
            raise
        except Exception as error:
            raise IndexDamaged(
                f"The index in {self.folder.parent.parent} is damaged ({type(error).__name__}). The articles are "
                "untouched; run “onrecord reindex”, or “onrecord reindex --rollback”.",
                self.folder.parent.parent,
            ) from error


def _tried(attempt: Callable[..., object], what: str, *arguments: object) -> Iterator[str]:
    try:
        attempt(*arguments)
    except Exception as error:  # whatever it is, it is a fault to be named
        yield f"{what} cannot be read: {error}"
