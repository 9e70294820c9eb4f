"""The matches over time, as two histograms: of the matches, and of all there is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from search.engines import periods
from search.engines.opensearch.compiling import between
from search.engines.opensearch.facets import number_of
from search.model import Interval, Period, SearchRequest

Json = dict[str, Any]
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


def histograms(request: SearchRequest, query: Json, interval: Interval) -> Json:
    """A search that counts the matches of ``query``, and everything, by period within the days asked for."""
    counted = {"date_histogram": {"field": "published", "calendar_interval": interval.value, "min_doc_count": 1}}
    within = between(request.published_from, request.published_to)
    return {
        "size": 0,
        "query": within,
        "aggs": {"there": counted, "found": {"filter": query, "aggs": {"found": counted}}},
    }


def read_timeline(request: SearchRequest, span: Days, interval: Interval, answer: Json) -> tuple[Period, ...]:
    there = {number_of(interval, bucket): bucket["doc_count"] for bucket in answer["there"]["buckets"]}
    found = {number_of(interval, bucket): bucket["doc_count"] for bucket in answer["found"]["found"]["buckets"]}
    start, end = periods.number_of(interval, span.first), periods.number_of(interval, span.last)
    return tuple(
        _period(interval, number, span, request, found.get(number, 0), there.get(number, 0))
        for number in range(start, end + 1)
    )


def _period(interval: Interval, number: int, span: Days, request: SearchRequest, count: int, total: int) -> Period:
    start, end = periods.bounds_of(interval, number)
    if request.published_from:
        start = max(start, span.first)
    if request.published_to:
        end = min(end, span.last)
    return Period(start, end, count, total)
