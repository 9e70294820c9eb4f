"""How often each value of a field occurs among the matches: counts over ordinals, values only of what is shown."""

from __future__ import annotations

from collections.abc import Container, Sequence
from datetime import date
from functools import lru_cache
from itertools import repeat
from operator import add

import numpy as np

from search.analysis import terms
from search.engines import periods
from search.engines.whoosh.arrays import Arrays
from search.engines.whoosh.columns import first_of_counts
from search.engines.whoosh.copies import Folded
from search.engines.whoosh.mapped import Array
from search.engines.whoosh.matched import Matched, narrowed
from search.engines.whoosh.postings import Ints, Mask, Places
from search.engines.whoosh.repeats import Repeated
from search.engines.whoosh.timeline import Timeline
from search.model import FacetValue, SearchRequest, facet_value
from search.topics import taxonomy

_KEPT = 20_000
"""So many values are kept as texts."""


class Facets:
    def __init__(self, arrays: Arrays, timeline: Timeline) -> None:
        self._arrays, self._columns, self._groups, self._timeline = arrays, arrays.columns, arrays.copies, timeline
        self._folded: dict[str, list[str]] = {}
        self._called = lru_cache(_KEPT)(self._call)

    def of(
        self, matched: Matched, masks: dict[str, Mask], found: Places, folded: Folded, request: SearchRequest
    ) -> dict[str, tuple[FacetValue, ...]]:
        """The values of each field asked for, among what the query matches, under all masks but the field's own.

        matched: all that the query matches. found: those in every mask. folded: those of them that are copies.
        """
        facets = self._of([name for name in request.facets if name not in masks], found, folded, request)
        for name in set(request.facets).intersection(masks):
            own = narrowed(matched.plain(), [mask for other, mask in masks.items() if other != name])
            facets |= self._of([name], own.places, self._groups.fold(own), request)
        return {name: facets[name] for name in request.facets}

    def _of(
        self, names: Sequence[str], docs: Places, folded: Folded, request: SearchRequest
    ) -> dict[str, tuple[FacetValue, ...]]:
        """The commonest values of each field among these documents, and those that were chosen, if any has them."""
        if not names:
            return {}
        repeats = self._arrays.repeats.among(folded.doubled)
        return {
            name: self._dates(docs, folded, request) if name == "date" else self._among(name, docs, repeats, request)
            for name in names
        }

    def _among(self, name: str, docs: Places, repeats: Repeated, request: SearchRequest) -> tuple[FacetValue, ...]:
        column = self._columns[name]
        ordinals, counts = column.commonest(docs, request.facet_size)
        selected = self._chosen(name, getattr(request, name))
        if besides := sorted(selected.difference(ordinals.tolist())):
            more = column.counts(docs).take(besides)
            order = np.argsort(-more, kind="stable")
            ordinals = np.concatenate((ordinals, np.take(besides, order)))
            counts = np.concatenate((counts, more.take(order)))
        return self._values(name, ordinals, counts, repeats, selected)

    def _values(
        self, name: str, ordinals: Array, counts: Array, repeats: Repeated, selected: Container[int] = ()
    ) -> tuple[FacetValue, ...]:
        chosen = ordinals.tolist()
        called = map(self._called, repeat(name), chosen)
        stories = (counts - repeats.of(name, ordinals)).tolist()
        counted = zip(counts.tolist(), map(selected.__contains__, chosen), stories, repeat(None), repeat(False))
        return tuple(map(facet_value, map(add, called, counted)))

    def _call(self, name: str, ordinal: int) -> tuple[str, str]:
        """A value and what it is called."""
        value: str = self._columns[name].values[ordinal]
        return value, label_of(name, value)

    def listed(
        self, name: str, docs: Ints, prefix: str, start: int, size: int, *, by_name: bool
    ) -> tuple[Sequence[FacetValue], int]:
        """A page of the values these documents have, and how many such values there are."""
        counts = self._columns[name].counts(docs)
        there = np.flatnonzero(counts)
        words = self._words(name)
        if start_of := " " + " ".join(terms(prefix)) if terms(prefix) else "":
            there = np.array([i for i in there if start_of in words[i]], np.int64)
        if by_name:
            chosen = np.array(sorted(there.tolist(), key=lambda i: (words[i], i))[start : start + size], np.int64)
        else:
            first, _ = first_of_counts(counts.take(there), start + size, there)
            chosen = first[start:]
        repeats = self._arrays.repeats.among(self._groups.fold(Matched(docs, None)).doubled)
        return self._values(name, chosen, counts.take(chosen), repeats), len(there)

    def _words(self, name: str) -> list[str]:
        """The words of each value's label, a blank before each."""
        if name not in self._folded:
            labels = (label_of(name, value) for value in self._columns[name].values)
            self._folded[name] = [" " + " ".join(terms(label)) for label in labels]
        return self._folded[name]

    def _chosen(self, name: str, chosen: Sequence[str]) -> set[int]:
        return {
            i
            for value in chosen
            for i in self._columns[name].alike((taxonomy().find(value) if name == "topic" else None) or value)
        }

    def _dates(self, docs: Places, folded: Folded, request: SearchRequest) -> tuple[FacetValue, ...]:
        """Years, months or days, newest first."""
        interval = periods.finer_than_week(request.interval)
        numbers, moments = self._timeline.numbers(interval), self._columns["published"].single

        def periods_of(docs: Array) -> tuple[Mask, Array]:
            moment = moments.take(docs)
            return moment >= 0, numbers.take(moment[moment >= 0])

        known, of_doc = np.unique(periods_of(docs)[1], return_inverse=True)
        counts = np.bincount(of_doc, minlength=len(known))
        doubled = folded.doubled
        dated, again = periods_of(self._groups.members.take(doubled))
        stories = counts - self._groups.repeated(doubled[dated], np.searchsorted(known, again), len(known))
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
