"""From what a query matches to an answer: narrowed down, folded, ordered, counted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from search.engines.base import Place, Ranked
from search.engines.whoosh.arrays import Arrays
from search.engines.whoosh.copies import Folded
from search.engines.whoosh.evaluate import Evaluator
from search.engines.whoosh.facets import Facets
from search.engines.whoosh.filters import Filters
from search.engines.whoosh.matched import Matched, narrowed
from search.engines.whoosh.order import Order
from search.engines.whoosh.postings import Floats, Ints, Places
from search.engines.whoosh.timeline import Timeline
from search.errors import ParameterError
from search.model import Copies, Group, Paragraph, SearchRequest
from search.query.nodes import Node


class _Page(NamedTuple):
    """The documents of a page and their scores; how many there are on all pages, and whether another one follows; and
    how many others each stands for that are of its article."""

    docs: Ints
    scores: Floats
    rows: int
    is_followed: bool
    others: tuple[int, ...] = ()


class Answering:
    """paragraph: restores a document. document: finds one by its paragraph's id, None when it is not here."""

    def __init__(
        self,
        arrays: Arrays,
        evaluator: Evaluator,
        paragraph: Callable[[int], Paragraph],
        document: Callable[[str], int | None],
    ) -> None:
        self._columns, self._evaluator, self._groups = arrays.columns, evaluator, arrays.copies
        self._paragraph, self._document = paragraph, document
        self._size = evaluator.size
        self._order = Order(arrays.tie, arrays.columns["published"], arrays.columns["indexed"])
        self.timeline = Timeline(arrays.columns["published"], arrays.live)
        self._filters = Filters(arrays.columns, evaluator)
        self.facets = Facets(arrays, self.timeline)

    def search(self, tree: Node, request: SearchRequest, after: Place | None) -> Ranked:
        matched = self._evaluator.evaluate(tree)
        masks = self._filters.of(request)
        found = narrowed(matched, masks.values())
        places = found.places
        folded = self._groups.fold(found)
        page = self._page(found, folded, request, after)
        docs, scores = page.docs, page.scores
        hits = tuple((self._paragraph(doc), score) for doc, score in zip(docs.tolist(), scores.tolist(), strict=True))
        timeline, interval, undated = self.timeline.of(places, request)
        return Ranked(
            hits=hits,
            total=len(found),
            facets=self.facets.of(matched, masks, places, folded, request) if request.facets else {},
            stories=len(found) - folded.repeats,
            articles=self._articles(places),
            rows=page.rows,
            copies=tuple(folded.more(docs)) if request.copies is Copies.GROUP else (0,) * len(hits),
            others=page.others or (0,) * len(hits),
            end=(hits[-1][1], hits[-1][0].id) if hits and page.is_followed else None,
            timeline=timeline,
            interval=interval,
            undated=undated,
        )

    def _page(self, found: Matched, folded: Folded, request: SearchRequest, after: Place | None) -> _Page:
        are_grouped = request.copies is Copies.GROUP
        if request.group is Group.PARAGRAPH and after is None:
            rows = len(found) - (folded.repeats if are_grouped else 0)
            docs, scores = self._order.page(found, request, folded.hides if are_grouped else None)
            return _Page(docs, scores, rows, request.page * request.size < rows)
        left = folded.of(found, self._size) if are_grouped else found
        others: Ints | None = None
        if request.group is Group.ARTICLE:
            left, others = self._order.first_of_each(left, self._columns["article"].single)
        remaining, asked = (left, request) if after is None else self._behind(left, request, after)
        docs, scores = self._order.page(remaining, asked)
        of_article = () if others is None else tuple(others[np.searchsorted(left.docs, docs)].tolist())
        return _Page(docs, scores, len(left), asked.page * asked.size < len(remaining), of_article)

    def docs(self, tree: Node, request: SearchRequest) -> Ints:
        """All matches under all filters."""
        return self._narrowed(tree, request).docs

    def total(self, tree: Node, request: SearchRequest) -> int:
        """How many they are."""
        return len(self._narrowed(tree, request))

    def _narrowed(self, tree: Node, request: SearchRequest) -> Matched:
        return narrowed(self._evaluator.evaluate(tree), self._filters.of(request).values())

    def _articles(self, docs: Places) -> int:
        """How many articles these are of; those of one stand together, since an article is written whole."""
        articles = self._columns["article"].single.take(docs)
        return int(np.count_nonzero(articles[1:] != articles[:-1])) + (len(docs) > 0)

    def _behind(self, rows: Matched, request: SearchRequest, after: Place) -> tuple[Matched, SearchRequest]:
        """What comes after a place, of which the first page is wanted."""
        match after:
            case [float() | int() as score, str() as identifier] if (doc := self._document(identifier)) is not None:
                return self._order.behind(rows, request.sort, doc, float(score)), replace(request, page=1)
        raise ParameterError("This cursor leads nowhere in this archive; start from the first page.", "cursor", "")
