"""The matches over time: counted together with them, beside all there is, which is kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import repeat
from typing import Any

from search.engines import periods
from search.engines.opensearch.compiling import between
from search.engines.opensearch.facets import number_of
from search.model import Interval, Period, SearchRequest

Json = dict[str, Any]
Counts = dict[int, int]
"""Paragraphs by the number of their period."""
_KEPT = 100
"""Timelines of everything, each within other dates, that are kept."""
SPAN: Json = {
    "first": {"min": {"field": "published"}},
    "last": {"max": {"field": "published"}},
    "undated": {"missing": {"field": "published"}},
}
"""Asked of the matches, and of the whole archive, to know how far a timeline runs."""


@dataclass(frozen=True, slots=True)
class Days:
    """The first and the last day of something."""

    first: date
    last: date

    @classmethod
    def read(cls, answer: Json) -> Days | None:
        if answer["first"]["value"] is None:
            return None
        return cls(*(date.fromisoformat(answer[end]["value_as_string"][:10]) for end in ("first", "last")))


def span_of(request: SearchRequest, matches: Days | None, archive: Days | None) -> Days | None:
    """The days a timeline runs from and to: those asked for, cut to what there is, or those of the matches."""
    if archive is None:
        return None
    first, last = archive.first, archive.last
    if request.published_from:
        first = max(first, request.published_from.date())
    elif matches:
        first = matches.first
    if request.published_to:
        last = min(last, request.published_to.date())
    elif matches:
        last = matches.last
    asked = request.published_from and request.published_to
    return Days(first, last) if first <= last and (matches or asked) else None


def histogram(interval: Interval) -> Json:
    return {"date_histogram": {"field": "published", "calendar_interval": interval.value, "min_doc_count": 1}}


class Calendar:
    """When the paragraphs of one index were published: what it spans, and how many there are of each period.

    Both are asked for when they are first wanted and then kept. search: sends the body of a search, gives the answer.
    """

    def __init__(self, search: Callable[[Json], Any]) -> None:
        self._search = search
        self._span: tuple[Days | None] | None = None
        self._counts: dict[tuple[Interval, datetime | None, datetime | None], Counts] = {}

    @property
    def days(self) -> Days | None:
        if self._span is None:
            self._span = (Days.read(self._search({"size": 0, "aggs": SPAN})["aggregations"]),)
        return self._span[0]

    def interval(self, request: SearchRequest) -> Interval | None:
        """By which the matches are best counted while it is not known yet what they span; None for no timeline."""
        within = span_of(request, self.days, self.days) if request.interval else None
        return periods.fitting(request.interval, within.first, within.last) if within and request.interval else None

    def timeline(
        self, request: SearchRequest, query: Json, counted: Interval | None, found: Json
    ) -> tuple[Interval, tuple[Period, ...]]:
        """The interval that is taken, and the periods.

        counted: by which the matches of ``query`` were counted, with ``found`` as what came back of that and of
        ``SPAN``. Where they span so little that they go into shorter periods, they are counted once more.
        """
        asked = request.interval
        assert asked is not None
        span = span_of(request, Days.read(found), self.days)
        if span is None:
            return asked, ()
        interval = periods.fitting(asked, span.first, span.last)
        if interval is counted:
            there = self._within(interval, request.published_from, request.published_to)
            return interval, _read(request, span, interval, _counts(interval, found["periods"]), there)
        answer = self._search(_closer(request, span, query, interval))["aggregations"]
        both = (_counts(interval, one) for one in (answer["found"]["found"], answer["there"]))
        return interval, _read(request, span, interval, *both)

    def _within(self, interval: Interval, first: datetime | None, last: datetime | None) -> Counts:
        """How many paragraphs there are of each period, from one moment to another."""
        key = (interval, first, last)
        counts = self._counts.get(key)  # which another thread may clear away
        if counts is None:
            body = {"size": 0, "query": between(first, last), "aggs": {"there": histogram(interval)}}
            counts = _counts(interval, self._search(body)["aggregations"]["there"])
            if len(self._counts) >= _KEPT:
                self._counts.clear()
            self._counts[key] = counts
        return counts


def _closer(request: SearchRequest, span: Days, query: Json, interval: Interval) -> Json:
    """A search that counts the matches of a query, and everything, in the periods of a span."""
    start, end = (periods.bounds_of(interval, periods.number_of(interval, day)) for day in (span.first, span.last))
    first = max(datetime.combine(start[0], time.min), request.published_from or datetime.min)
    last = min(datetime.combine(end[1], time.max), request.published_to or datetime.max)
    found = {"filter": query, "aggs": {"found": histogram(interval)}}
    return {"size": 0, "query": between(first, last), "aggs": {"there": histogram(interval), "found": found}}


def _counts(interval: Interval, answer: Json) -> Counts:
    return {number_of(interval, bucket): bucket["doc_count"] for bucket in answer["buckets"]}


def _read(request: SearchRequest, span: Days, interval: Interval, found: Counts, there: Counts) -> tuple[Period, ...]:
    start, end = periods.number_of(interval, span.first), periods.number_of(interval, span.last)
    matches, everything = (map(of.get, range(start, end + 1), repeat(0)) for of in (found, there))
    return periods.line(request, interval, span.first, span.last, matches, tuple(everything))
