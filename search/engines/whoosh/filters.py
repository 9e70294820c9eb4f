"""What a request narrows the matches down to, beside its query: one mask of documents for each filter."""

from __future__ import annotations

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
        for name in ("kind", "quoted"):
            if values := getattr(request, name):
                column = self._columns[name]
                masks[name] = column.having(i for value in values for i in column.alike(value))
        if request.language:
            known = self._columns["language"]
            wanted = [i for i, own in enumerate(known.values) if any(_is_of(own, one) for one in request.language)]
            masks["language"] = known.having(wanted)
        if request.published_from or request.published_to:
            masks["date"] = self._evaluator.between(request.published_from, request.published_to)
        return masks

    def _named(self, name: str, value: str) -> Mask:
        """Documents with that very value; or, when nobody has it, with these words in it.

        A topic may be given by its code or by its label, and then is that topic, even where nothing has it.
        """
        column = self._columns[name]
        code = taxonomy().find(value) if name == "topic" else None
        alike = column.alike(code or value)
        if code or alike:
            return column.having(alike)
        if not terms(value):
            return np.zeros(self._size, np.bool_)
        return self._evaluator.evaluate(Phrase(value, name)).mask(self._size)


def _is_of(known: str, wanted: str) -> bool:
    """“en” is every English, “en-GB” only that.

    >>> _is_of("en-GB", "en"), _is_of("en", "en-GB")
    (True, False)
    """
    known, wanted = known.casefold(), wanted.casefold()
    return known == wanted or known.startswith(wanted + "-")
