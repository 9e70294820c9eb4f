"""What a request narrows the matches down to, beside its query: one mask of documents for each filter."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np

from search.analysis import terms
from search.engines.whoosh.columns import Column
from search.engines.whoosh.evaluate import Evaluator
from search.engines.whoosh.postings import Mask
from search.model import SearchRequest
from search.query.nodes import Phrase
from search.topics import taxonomy


class Filters:
    def __init__(self, columns: dict[str, Column], evaluator: Evaluator) -> None:
        self._columns, self._evaluator = columns, evaluator
        self._size = evaluator.size

    def of(self, request: SearchRequest) -> dict[str, Mask]:
        """The masks that together are the request's filters, by name; a date range is called ``date``."""
        masks: dict[str, Mask] = {}
        for name in ("speaker", "topic", "outlet", "section"):
            if values := getattr(request, name):
                masks[name] = np.logical_or.reduce([self._named(name, value) for value in values])
        for name, fits in (("kind", _same), ("quoted", _same), ("language", _same_language)):
            if values := getattr(request, name):
                masks[name] = self._having(name, lambda known, v=values, f=fits: any(f(known, one) for one in v))  # type: ignore[misc]
        if request.published_from or request.published_to:
            masks["date"] = self._evaluator.between(request.published_from, request.published_to)
        return masks

    def _named(self, name: str, value: str) -> Mask:
        """Documents with that very value; or, when nobody has it, with these words in it.

        A topic may be given by its code or by its label, and then is that topic, even where nothing has it.
        """
        code = taxonomy().find(value) if name == "topic" else None
        if code or any(_same(known, value) for known in self._columns[name].values):
            return self._having(name, lambda known: _same(known, code or value))
        if not terms(value):
            return np.zeros(self._size, np.bool_)
        return self._evaluator.evaluate(Phrase(value, name)).mask(self._size)

    def _having(self, name: str, fits: Callable[[str], bool]) -> Mask:
        column = self._columns[name]
        chosen: Iterable[int] = [i for i, value in enumerate(column.values) if fits(value)]
        return column.having(chosen, self._size)


def _same(known: str, wanted: str) -> bool:
    return known.casefold() == wanted.casefold()


def _same_language(known: str, wanted: str) -> bool:
    """“en” is every English, “en-GB” only that.

    >>> _same_language("en-GB", "en"), _same_language("en", "en-GB")
    (True, False)
    """
    known, wanted = known.casefold(), wanted.casefold()
    return known == wanted or known.startswith(wanted + "-")
