"""The hits of one page: matches in the order asked for, from a page's number or from behind a hit."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from search.engines.whoosh.columns import Column
from search.engines.whoosh.mapped import Array
from search.engines.whoosh.matched import Matched, first_of
from search.engines.whoosh.postings import Floats, Ints, Mask
from search.model import SearchRequest, Sort
from search.ranges import heads

_LAST = np.int32(np.iinfo(np.int32).max)


class Order:
    """tie: the place of every document by date and id. published, indexed: the columns of its moments."""

    def __init__(self, tie: Ints, published: Column, indexed: Column) -> None:
        self._tie, self._published, self._indexed = tie, published, indexed

    def page(
        self, matched: Matched, request: SearchRequest, hidden: Callable[[Ints], Mask] | None = None
    ) -> tuple[Ints, Floats]:
        """The documents on the page that the request's number names, and their scores.

        hidden: which of some documents are left out. That is asked of the first few rather than of all.
        """
        end = request.page * request.size
        count = 2 * end if hidden else end
        while True:
            docs, scores = self.first(matched, request.sort, count)
            are_all = len(docs) < count
            if hidden:
                shown = ~hidden(docs)
                docs, scores = docs[shown], scores[shown]
            if are_all or len(docs) >= end:
                return docs[end - request.size : end], scores[end - request.size : end]
            count *= 4

    def first(self, matched: Matched, sort: Sort, count: int) -> tuple[Ints, Floats]:
        if sort is Sort.RELEVANCE:
            return matched.best(count, self._tie)
        chosen = first_of(self._keys(matched.docs, matched.scores, sort), count)
        return matched.docs[chosen], matched.scores[chosen]

    def behind(self, matched: Matched, sort: Sort, doc: int, score: float) -> Matched:
        """The matches that come after a document, which need not be one of them, with this score."""
        at = np.array([doc], np.int32)
        own = np.flatnonzero(matched.docs == doc)
        scores = matched.scores[own] if len(own) else np.array([score], np.float32)
        later = np.zeros(len(matched.docs), np.bool_)
        here = self._keys(at, scores, sort)
        for key, last in reversed(list(zip(self._keys(matched.docs, matched.scores, sort), here, strict=True))):
            later = (key > last[0]) | ((key == last[0]) & later)
        return matched.keep(later)

    def first_of_each(self, matched: Matched, of: Ints) -> tuple[Matched, Ints]:
        """The first match of each article, and how many others there are of it; ``of`` is a document's article.

        An article has one date, so whatever the order, the first is the best, and of equals the first by ``tie``.
        """
        docs, scores = matched.docs, matched.scores
        starts = _runs(of.take(docs))
        sizes = np.diff(starts, append=len(docs))
        if not len(docs):
            return matched, sizes.astype(np.int32)
        best = scores == np.repeat(np.maximum.reduceat(scores, starts), sizes)
        ties = np.where(best, self._tie.take(docs), _LAST)
        chosen = ties == np.repeat(np.minimum.reduceat(ties, starts), sizes)
        return matched.keep(chosen), (sizes - 1).astype(np.int32)

    def _keys(self, docs: Ints, scores: Floats, sort: Sort) -> Sequence[Array]:
        """What the order goes by, the first key first; smaller comes first."""
        keys: list[Array] = [-scores, self._tie.take(docs)]
        if sort is Sort.RELEVANCE:
            return keys
        published = self._published.single.take(docs)
        if sort is Sort.NEWEST:
            keys.insert(0, -published)
        elif sort is Sort.INDEXED:
            keys = [-self._indexed.single.take(docs), -published, *keys]
        else:
            keys.insert(0, np.where(published < 0, _LAST, published))
        return keys


def _runs(articles: Ints) -> Array:
    """Where each article begins. Its paragraphs are put together and stay so, whatever is merged or deleted."""
    starts = heads(articles)
    assert len(starts) == len(np.unique(articles[starts])), "an article's paragraphs are not together"
    return starts
