"""One generation, open for searching."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from whoosh.index import FileIndex

from search.analysis import terms
from search.engines.base import Coverage, Ranked
from search.engines.stored import restore
from search.engines.whoosh.arrays import leaves_of, open_arrays, open_segments
from search.engines.whoosh.evaluate import Evaluator
from search.engines.whoosh.matched import Matched, first_of
from search.engines.whoosh.postings import Floats, Ints, Lexicon, Mask
from search.engines.whoosh.segments import StoredTexts, check_segments
from search.engines.whoosh.storage import DurableStorage
from search.errors import IndexDamaged, SearchError
from search.model import Article, Counts, FacetValue, Paragraph, SearchRequest, Sort
from search.query.nodes import Node, Phrase
from search.topics import taxonomy

FACETS = ("speaker", "topic", "outlet", "kind", "language")
_FACET_VALUES = 50


class WhooshReader:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = threading.Lock()
        self._reader: Any = None
        with self._sound():
            self._index = FileIndex(DurableStorage(str(folder)))
            self._segments = open_segments(folder, self._index, self._leaves)
            arrays = open_arrays(folder, self._index, self._segments)
            self._live, self._tie, self._columns = arrays.live, arrays.tie, arrays.columns
            self._lexicon = Lexicon(self._segments, self._live)
            self._articles, self._numbers, self._published = (
                self._columns[field].single for field in ("article", "number", "published")
            )
            self._evaluator = Evaluator(self._lexicon, arrays)
            self._texts = StoredTexts(self._segments)

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

    def search(self, tree: Node, request: SearchRequest) -> Ranked:
        with self._sound():
            matched = self._evaluator.evaluate(tree)
            filters = self._filters(request)
            answer = matched
            for narrowing in filters.values():
                answer = answer.keep(narrowing[answer.docs])
            hits = tuple((self._paragraph(int(doc)), float(score)) for doc, score in self._page(answer, request))
            facets = {name: self._facet(name, matched, filters, request) for name in request.facets}
            return Ranked(hits, len(answer), facets)

    def _page(self, matched: Matched, request: SearchRequest) -> Iterator[tuple[int, float]]:
        end = request.page * request.size
        if request.sort is Sort.RELEVANCE:
            docs, scores = matched.best(end, self._tie)
        else:
            published = self._published[matched.docs]
            if request.sort is Sort.NEWEST:
                published = -published
            else:
                published = np.where(published < 0, np.iinfo(np.int32).max, published)
            chosen = first_of((published, -matched.scores, self._tie[matched.docs]), end)
            docs, scores = matched.docs[chosen], matched.scores[chosen]
        begin = end - request.size
        return zip(docs[begin:].tolist(), scores[begin:].tolist(), strict=True)

    def _filters(self, request: SearchRequest) -> dict[str, Mask]:
        filters: dict[str, Mask] = {}
        for name, values in (("speaker", request.speaker), ("topic", request.topic), ("outlet", request.outlet)):
            if values:
                masks = [self._named(name, value) for value in values]
                filters[name] = np.logical_or.reduce(masks)
        if request.kind:
            column_ = self._columns["kind"]
            chosen = [i for i, value in enumerate(column_.values) if value in request.kind]
            filters["kind"] = column_.having(chosen, len(self._live))
        if request.published_from or request.published_to:
            filters["published"] = self._evaluator.between(request.published_from, request.published_to)
        return filters

    def _named(self, name: str, value: str) -> Mask:
        """Documents with that very value; or, when nobody has it, with these words in it.

        A topic may be given by its code or by its label, and then is that topic, even where nothing has it.
        """
        column = self._columns[name]
        code = taxonomy().find(value) if name == "topic" else None
        wanted = (code or value).casefold()
        exact = [i for i, known in enumerate(column.values) if known.casefold() == wanted]
        if exact or code:
            return column.having(exact, len(self._live))
        if not terms(value):
            return np.zeros(len(self._live), np.bool_)
        return self._evaluator.evaluate(Phrase(value, name)).mask(len(self._live))

    def _facet(
        self, name: str, matching: Matched, filters: dict[str, Mask], request: SearchRequest
    ) -> tuple[FacetValue, ...]:
        """Counted over all matches, under all filters but its own, so that a choice does not hide its siblings."""
        docs = matching.docs
        for other, narrowing in filters.items():
            if other != name:
                docs = docs[narrowing[docs]]
        column = self._columns[name]
        counts = column.counts(docs)
        chosen = {str(value).casefold() for value in getattr(request, name, ())}
        if name == "topic":
            chosen = {taxonomy().find(value) or value for value in chosen}
        best = sorted(np.flatnonzero(counts), key=lambda i: (-int(counts[i]), column.values[i]))
        kept = [i for place, i in enumerate(best) if place < _FACET_VALUES or column.values[i].casefold() in chosen]
        return tuple(
            FacetValue(
                column.values[i],
                taxonomy().label(column.values[i]) if name == "topic" else column.values[i],
                int(counts[i]),
                column.values[i].casefold() in chosen,
            )
            for i in kept
        )

    # -------------------------------------------------------------------------- fetching

    def paragraph(self, paragraph_id: str) -> Paragraph | None:
        article, _, number = paragraph_id.rpartition("#")
        if not (number.isascii() and number.isdigit() and len(number) < 10):
            return None
        with self._sound():
            for doc in self._documents(article):
                if self._columns["number"].values[self._numbers[doc]] == f"{int(number):09d}":
                    return self._paragraph(doc)
        return None

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
        return Counts(len(self._columns["article"].values_of(self._live)), int(self._live.sum()))

    @cached_property
    def _coverage(self) -> Coverage:
        columns = self._columns
        days = columns["published"].values_of(self._live)
        return Coverage(
            outlets=len(columns["outlet"].values_of(self._live)),
            speakers=len(columns["speaker"].values_of(self._live)),
            first=date.fromisoformat(days[0][:10]) if days else None,
            last=date.fromisoformat(days[-1][:10]) if days else None,
        )

    def suggest(self, prefix: str, limit: int = 10) -> Sequence[str]:
        found = terms(prefix)
        if not found:
            return []
        with self._sound():
            forms = self._evaluator.beginning(found[-1], "text")[:1000]
            counted = {form: len(self._lexicon.docs("text", form).docs) for form in forms}
        best = sorted(counted, key=lambda form: (-counted[form], form))[:limit]
        return [form.decode() for form in best if counted[form]]

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
