"""One generation, open for searching."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import numpy as np
from whoosh.index import FileIndex

from search.analysis import terms
from search.engines.base import Coverage, Ranked
from search.engines.whoosh.arrays import compute, key_of, leaves_of, load
from search.engines.whoosh.columns import Column
from search.engines.whoosh.documents import restore
from search.engines.whoosh.evaluate import Evaluator, Matched
from search.engines.whoosh.postings import Ints, Lexicon, Mask
from search.engines.whoosh.schema import VALUES, WORDS
from search.engines.whoosh.storage import DurableStorage
from search.errors import IndexDamaged, SearchError
from search.model import Article, Counts, FacetValue, Paragraph, SearchRequest, Sort
from search.query.nodes import Node, Phrase

FACETS = ("speaker", "topic", "outlet", "kind", "language")
_FACET_VALUES = 50


class WhooshReader:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = threading.Lock()
        with self._sound():
            index = FileIndex(DurableStorage(str(folder)))
            self._reader = index.reader()
            arrays = load(folder, key_of(index)) or compute(self._reader)
            self._live, self._columns = arrays.live, arrays.columns
            self._lexicon = Lexicon(leaves_of(self._reader), self._live)
            size = len(self._live)
            self._articles, self._numbers, self._published = (
                self._columns[field].single(size) for field in ("article", "number", "published")
            )
            # Newer first, then by id: article ids and numbers are in order already. Undated counts as oldest.
            order = np.lexsort((self._numbers, self._articles, -self._published))
            self._tie = np.empty(size, np.int64)
            self._tie[order] = np.arange(size)
            self._evaluator = Evaluator(self._lexicon, arrays, self._published)

    # ------------------------------------------------------------------------- searching

    def search(self, tree: Node, request: SearchRequest) -> Ranked:
        with self._sound():
            matched = self._evaluator.evaluate(tree)
            filters = self._filters(request)
            mask = matched.mask
            for narrowing in filters.values():
                mask = mask & narrowing
            docs = np.flatnonzero(mask).astype(np.int32)
            page = self._page(docs, matched, request)
            hits = tuple((self._paragraph(int(doc)), float(matched.scores[doc])) for doc in page)
            facets = {name: self._facet(name, matched.mask, filters, request) for name in request.facets}
        return Ranked(hits, len(docs), facets)

    def _page(self, docs: Ints, matched: Matched, request: SearchRequest) -> Ints:
        scores, ties = matched.scores[docs], self._tie[docs]
        published = self._published[docs]
        keys = {
            Sort.RELEVANCE: (ties, -scores),
            Sort.NEWEST: (ties, -scores, -published),
            Sort.OLDEST: (ties, -scores, np.where(published < 0, np.iinfo(np.int32).max, published)),
        }[request.sort]
        end = request.page * request.size
        best = docs[np.lexsort(keys)[:end]]
        return best[end - request.size :]

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
        """Documents with that very value; or, when nobody has it, with these words in it."""
        column = self._columns[name]
        exact = [i for i, known in enumerate(column.values) if known.casefold() == value.casefold()]
        if exact:
            return column.having(exact, len(self._live))
        return (
            self._evaluator.evaluate(Phrase(value, name)).mask if terms(value) else np.zeros(len(self._live), np.bool_)
        )

    def _facet(
        self, name: str, matching: Mask, filters: dict[str, Mask], request: SearchRequest
    ) -> tuple[FacetValue, ...]:
        """Counted over all matches, under all filters but its own, so that a choice does not hide its siblings."""
        mask = matching
        for other, narrowing in filters.items():
            if other != name:
                mask = mask & narrowing
        column = self._columns[name]
        counts = column.counts(mask)
        chosen = {str(value).casefold() for value in getattr(request, name, ())}
        best = sorted(np.flatnonzero(counts), key=lambda i: (-int(counts[i]), column.values[i]))
        kept = [i for place, i in enumerate(best) if place < _FACET_VALUES or column.values[i].casefold() in chosen]
        labels = self._topic_labels() if name == "topic" else {}
        return tuple(
            FacetValue(
                column.values[i],
                labels.get(column.values[i], column.values[i]),
                int(counts[i]),
                column.values[i].casefold() in chosen,
            )
            for i in kept
        )

    def _topic_labels(self) -> dict[str, str]:
        column = self._columns["topic"]
        labels: dict[str, str] = {}
        for doc, ordinal in zip(*map(list, _first_of_each(column)), strict=True):
            for topic in self._paragraph(doc).topics:
                labels[topic.code] = topic.label
            labels.setdefault(column.values[ordinal], column.values[ordinal])
        return labels

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

    def _stored(self, doc: int) -> Sequence[str]:
        with self._lock:
            stored: Sequence[str] = self._reader.stored_fields(doc)["paragraph"]
        return stored

    # ------------------------------------------------------------------------ describing

    def count(self) -> Counts:
        return Counts(len(self._columns["article"].values_of(self._live)), int(self._live.sum()))

    def coverage(self) -> Coverage:
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
            forms = sorted(set(self._lexicon.terms("text", found[-1].encode("utf-8", "replace"))))[:1000]
            counted = {form: len(self._lexicon.postings("text", form).docs) for form in forms}
        best = sorted(counted, key=lambda form: (-counted[form], form))[:limit]
        return [form.decode() for form in best if counted[form]]

    def articles(self) -> Iterator[tuple[str, int]]:
        values = self._columns["article"].values
        for ordinal, count in sorted(Counter(self._articles[self._live].tolist()).items()):
            yield values[ordinal], count

    def check(self) -> Iterator[str]:
        for number, doc in enumerate(np.flatnonzero(self._live).tolist()):
            yield from _tried(lambda doc: restore(self._stored(doc)), f"paragraph {doc}", doc)
            if number % 500 == 0:
                yield ""
        for field in (*WORDS, *VALUES):
            for term in sorted(set(self._lexicon.terms(field))):
                yield from _tried(self._lexicon.read, f"the postings of {field}:{term!r}", field, term)
            yield ""

    def close(self) -> None:
        with self._lock:
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


def _first_of_each(column: Column) -> tuple[Ints, Ints]:
    """A document for every ordinal that occurs."""
    ordinals, first = np.unique(column.ordinals, return_index=True)
    return column.docs[first], ordinals


def _tried(attempt: Callable[..., object], what: str, *arguments: object) -> Iterator[str]:
    try:
        attempt(*arguments)
    except Exception as error:  # whatever it is, it is a fault to be named
        yield f"{what} cannot be read: {error}"
