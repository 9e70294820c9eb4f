"""The value each paragraph has in a field, turned round from the postings: for filters, facets and order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

import numpy as np

from search.engines.whoosh.laying import packed
from search.engines.whoosh.mapped import Array, Sections
from search.engines.whoosh.postings import Ints, Mask
from search.engines.whoosh.segments import Segment, Terms

_FEW = 4
"""Of fewer documents than this part of all, values are looked up document by document."""


class Column:
    """``values`` in rising order; pairs of a document and the ordinal of a value it has."""

    def __init__(self, sections: Sections, field: str) -> None:
        self._sections, self._field = sections, field

    @cached_property
    def values(self) -> list[str]:
        return [value.decode("utf-8", "replace") for value in Terms(self._sections, f"{self._field}.values")]

    @cached_property
    def docs(self) -> Ints:
        return self._sections.whole(f"{self._field}.docs")

    @cached_property
    def ordinals(self) -> Ints:
        return self._sections.whole(f"{self._field}.ordinals")

    @cached_property
    def single(self) -> Ints:
        """The ordinal of every document's one value, -1 where it has none."""
        return self._sections.whole(f"{self._field}.single")

    def counts(self, docs: Ints) -> Ints:
        """How many of the documents have each value."""
        if self._one_each:
            ordinals = self.single.take(docs) + 1  # what has none is counted too, and left off
            return np.bincount(ordinals, minlength=len(self.values) + 1)[1:].astype(np.int32)
        return np.bincount(self.having_of(docs)[1], minlength=len(self.values)).astype(np.int32)

    def having_of(self, docs: Ints) -> tuple[Ints, Ints]:
        """The pairs of these documents."""
        if self._one_each:
            ordinals = self.single.take(docs)
            there = ordinals >= 0
            return (docs, ordinals) if there.all() else (docs[there], ordinals[there])
        if len(docs) * _FEW > len(self.single):
            mask = np.zeros(len(self.single), np.bool_)
            mask[docs] = True
            chosen = mask.take(self.docs)
            return self.docs[chosen], self.ordinals[chosen]
        starts, ordinals = self._by_document
        first = starts.take(docs)
        sizes = starts.take(docs + 1) - first
        ends = np.cumsum(sizes)
        places = np.arange(ends[-1] if len(ends) else 0) + np.repeat(first - (ends - sizes), sizes)
        return np.repeat(docs, sizes), ordinals.take(places)

    @cached_property
    def _one_each(self) -> bool:
        """Has no document more than one value?"""
        return int(np.count_nonzero(self.single >= 0)) == len(self.docs)

    @cached_property
    def _by_document(self) -> tuple[Array, Ints]:
        """The ordinals in the order of their documents, and where each document's begin."""
        order = np.argsort(self.docs, kind="stable")
        starts = np.searchsorted(self.docs[order], np.arange(len(self.single) + 1))
        return starts, self.ordinals[order]

    def having(self, ordinals: Iterable[int], size: int) -> Mask:
        """The documents that have any of these values."""
        chosen = np.zeros(len(self.values), np.bool_)
        chosen[list(ordinals)] = True
        out = np.zeros(size, np.bool_)
        out[self.docs[chosen[self.ordinals]]] = True
        return out

    def values_of(self, mask: Mask) -> list[str]:
        """The values that a document in the mask has, in order."""
        return [self.values[i] for i in np.unique(self.ordinals[mask[self.docs]])]


def column_sections(field: str, segments: Sequence[Segment], live: Mask) -> Iterator[tuple[str, Array]]:
    """A column of a whole index as sections, from its segments; deleted documents have no value."""
    parts = [segment.values(field) for segment in segments]
    values = sorted({value for known, _, _ in parts for value in known})
    places = {value: place for place, value in enumerate(values)}
    renumbered = [np.array([places[value] for value in known], np.int32)[ordinals] for known, _, ordinals in parts]
    docs = np.concatenate([np.empty(0, np.int32), *(docs for _, docs, _ in parts)])
    ordinals = np.concatenate([np.empty(0, np.int32), *renumbered])
    keep = live[docs]
    docs, ordinals = docs[keep], ordinals[keep]
    single = np.full(len(live), -1, np.int32)
    single[docs] = ordinals
    yield from packed(f"{field}.values", values)
    yield f"{field}.docs", docs
    yield f"{field}.ordinals", ordinals
    yield f"{field}.single", single
