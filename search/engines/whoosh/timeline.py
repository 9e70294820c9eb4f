"""When the matches were published, counted by day, week, month or year, beside all there is of that time."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from datetime import date
from functools import cached_property, lru_cache

import numpy as np

from search.engines import periods
from search.engines.whoosh.columns import Column
from search.engines.whoosh.mapped import Array
from search.engines.whoosh.postings import Ints, Mask, Places
from search.model import Interval, Period, SearchRequest
from search.ranges import starts_of


class Timeline:
    def __init__(self, column: Column, live: Mask) -> None:
        self._column, self._live = column, live
        self._numbers: dict[Interval, Array] = {}
        self._cuts = lru_cache(64)(self._cut)

    @cached_property
    def _days(self) -> list[date]:
        """The day of every moment in the column."""
        return [date.fromisoformat(value[:10]) for value in self._column.values]

    def numbers(self, interval: Interval) -> Array:
        """The number of the period of every moment in the column, in rising order."""
        if interval not in self._numbers:
            of_day = {day: periods.number_of(interval, day) for day in dict.fromkeys(self._days)}
            self._numbers[interval] = np.array([of_day[day] for day in self._days], np.int32)
        return self._numbers[interval]

    @cached_property
    def _all(self) -> Array:
        """How many live documents there are of every moment."""
        return self._column.counts(np.flatnonzero(self._live))

    @cached_property
    def _sums(self) -> Array:
        return starts_of(self._all)

    def of(self, docs: Places, request: SearchRequest) -> tuple[tuple[Period, ...], Interval | None, int]:
        """The periods, the interval they have, and how many of the documents have no date; nothing if not asked for."""
        if request.interval is None:
            return (), None, 0
        moments = self._column.sorted(docs)
        undated = len(docs) - len(moments)
        span = self._span(moments, request)
        if span is None:
            return (), request.interval, undated
        first, last = span
        interval = periods.fitting(request.interval, first, last)
        start, end = periods.number_of(interval, first), periods.number_of(interval, last)
        cuts, there = self._cuts(interval, start, end, self._within(request))
        ends = moments.searchsorted(cuts)
        found = (ends[1:] - ends[:-1]).tolist()
        return periods.line(request, interval, first, last, found, there), interval, undated

    def _cut(self, interval: Interval, start: int, end: int, within: tuple[int, int]) -> tuple[Array, tuple[int, ...]]:
        """Where the moments of each period begin, and those of the last one end, and how many documents each has."""
        numbers = self.numbers(interval)
        cuts = np.searchsorted(numbers, np.arange(start, end + 2, dtype=numbers.dtype)).clip(*within)
        return cuts.astype(np.int32), tuple(np.diff(self._sums.take(cuts)).tolist())

    def ends(self, docs: Ints) -> tuple[date | None, date | None]:
        """The first and the last day of these documents."""
        moments = self._column.sorted(docs)
        return (self._days[moments[0]], self._days[moments[-1]]) if len(moments) else (None, None)

    def _within(self, request: SearchRequest) -> tuple[int, int]:
        """The first of the moments that the request asks for, as an ordinal, and the one behind the last."""
        values = self._column.values
        first, last = request.published_from, request.published_to
        start = bisect_left(values, first.isoformat()) if first else 0
        end = bisect_right(values, last.isoformat()) if last else len(values)
        return start, end

    def _span(self, found: Ints, request: SearchRequest) -> tuple[date, date] | None:
        """The days a timeline runs from and to: those asked for, cut to what there is, or those of what was found."""
        if not self._days:
            return None
        first, last = self._days[0], self._days[-1]
        if request.published_from:
            first = max(first, request.published_from.date())
        elif len(found):
            first = self._days[found[0]]
        if request.published_to:
            last = min(last, request.published_to.date())
        elif len(found):
            last = self._days[found[-1]]
        asked = request.published_from and request.published_to
        return (first, last) if first <= last and (len(found) or asked) else None
