"""How often each value of a field occurs among the matches: counts over ordinals, values only of what is shown."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np

from search.analysis import terms
from search.engines import periods
from search.engines.whoosh.columns import Column
from search.engines.whoosh.copies import CopyGroups
from search.engines.whoosh.mapped import Array
from search.engines.whoosh.matched import first_of
from search.engines.whoosh.postings import Ints, Mask
from search.engines.whoosh.timeline import Timeline
from search.model import FacetValue, SearchRequest
from search.topics import taxonomy


class Facets:
    def __init__(self, columns: dict[str, Column], groups: CopyGroups, timeline: Timeline) -> None:
        self._columns, self._groups, self._timeline = columns, groups, timeline
        self._folded: dict[str, list[str]] = {}

    def of(self, name: str, docs: Ints, masks: dict[str, Mask], request: SearchRequest) -> tuple[FacetValue, ...]:
        """The values of one field among what the query matches, under all masks but the field's own."""
        for other, mask in masks.items():
            if other != name:
                docs = docs[mask.take(docs)]
        if name == "date":
            return self._dates(docs, request)
        return self.count(name, docs, request.facet_size, getattr(request, name))

    def count(self, name: str, docs: Ints, most: int, chosen: Sequence[str] = ()) -> tuple[FacetValue, ...]:
        """The commonest values among these documents, and those that were chosen, if any paragraph has them."""
        column = self._columns[name]
        counts = column.counts(docs)
        stories = counts - self._groups.repeats(column, docs)
        kept = self._best(counts, most)
        selected = self._chosen(name, chosen)
        kept += [i for i in sorted(selected, key=lambda i: -int(counts[i])) if i not in kept]
        return tuple(
            FacetValue(value, label_of(name, value), int(counts[i]), i in selected, int(stories[i]))
            for i in kept
            for value in [column.values[i]]
        )

    def listed(
        self, name: str, docs: Ints, prefix: str, start: int, size: int, *, by_name: bool
    ) -> tuple[list[FacetValue], int]:
        """A page of the values these documents have, and how many such values there are."""
        column = self._columns[name]
        counts = column.counts(docs)
        there = np.flatnonzero(counts)
        labels = self._labels(name)
        if start_of := " " + " ".join(terms(prefix)) if terms(prefix) else "":
            there = np.array([i for i in there if start_of in labels[i]], np.int64)
        if by_name:
            chosen = sorted(there.tolist(), key=lambda i: (labels[i], i))[start : start + size]
        else:
            chosen = self._best(np.where(np.isin(np.arange(len(counts)), there), counts, 0), start + size)[start:]
        stories = counts - self._groups.repeats(column, docs)
        values = [
            FacetValue(value, label_of(name, value), int(counts[i]), False, int(stories[i]))
            for i in chosen
            for value in [column.values[i]]
        ]
        return values, len(there)

    def _labels(self, name: str) -> list[str]:
        """The words of each value's label, a blank before each."""
        if name not in self._folded:
            self._folded[name] = [" " + " ".join(terms(label_of(name, value))) for value in self._columns[name].values]
        return self._folded[name]

    @staticmethod
    def _best(counts: Array, most: int) -> list[int]:
        """The most frequent ordinals, equal ones as they rise."""
        there = np.flatnonzero(counts)
        if not len(there):
            return []
        first = first_of((-counts[there].astype(np.int64), there), min(most, len(there)))
        return [int(i) for i in there[first]]

    def _chosen(self, name: str, chosen: Sequence[str]) -> set[int]:
        if not chosen:
            return set()
        wanted = {(taxonomy().find(value) or value if name == "topic" else value).casefold() for value in chosen}
        return {i for i, value in enumerate(self._columns[name].values) if value.casefold() in wanted}

    def _dates(self, docs: Ints, request: SearchRequest) -> tuple[FacetValue, ...]:
        """Years, months or days, newest first."""
        interval = periods.finer_than_week(request.interval)
        numbers = self._timeline.numbers(interval)
        dated = docs[self._columns["published"].single.take(docs) >= 0]
        of_doc = numbers.take(self._columns["published"].single.take(dated))
        known, of_doc = np.unique(of_doc, return_inverse=True)
        counts = np.bincount(of_doc, minlength=len(known))
        stories = counts - self._groups.repeated(dated, of_doc, len(known))
        return tuple(
            FacetValue(text, text, int(counts[i]), _within(bounds, request), int(stories[i]))
            for i in range(len(known) - 1, -1, -1)[: request.facet_size]
            for bounds in [periods.bounds_of(interval, int(known[i]))]
            for text in [periods.label_of(interval, int(known[i]))]
        )


def label_of(name: str, value: str) -> str:
    """What a value is called: a topic's code has a name, all others are their own."""
    return taxonomy().label(value) if name == "topic" else value


def _within(bounds: tuple[date, date], request: SearchRequest) -> bool:
    """Is all of a period asked for by the dates?"""
    first, last = request.published_from, request.published_to
    if not (first or last):
        return False
    return (not first or first.date() <= bounds[0]) and (not last or bounds[1] <= last.date())
