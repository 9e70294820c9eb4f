"""How often each value occurs among all matches, as aggregations, and what comes back of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from search.analysis import terms
from search.engines import periods
from search.model import FacetValue, Interval, SearchRequest
from search.topics import taxonomy

Json = dict[str, Any]
_SHARD = 65_000
"""Values that each shard counts before the best are chosen: with fewer values than these, every count is exact."""
_STORIES = {"cardinality": {"field": "story", "precision_threshold": 1_000}}


def aggregations(request: SearchRequest, filters: dict[str, Json]) -> Json:
    """For every facet an aggregation under all filters but its own, so that a choice does not hide its siblings."""
    return {
        name: {
            "filter": {"bool": {"filter": [query for other, query in filters.items() if other != name]}},
            "aggs": _dates(request) if name == "date" else _values(name, request),
        }
        for name in request.facets
    }


def _values(name: str, request: SearchRequest) -> Json:
    order = [{"_count": "desc"}, {"_key": "asc"}]
    terms = {"field": name, "size": request.facet_size, "shard_size": _SHARD, "order": order}
    inner: Json = {"values": {"terms": terms, "aggs": {"stories": _STORIES}}}
    if chosen := [_value(name, str(value)) for value in getattr(request, name)]:
        chosen_terms = {"field": name, "include": chosen, "size": len(chosen), "min_doc_count": 0}
        inner["chosen"] = {"terms": chosen_terms, "aggs": {"stories": _STORIES}}
    return inner


def _dates(request: SearchRequest) -> Json:
    interval = periods.finer_than_week(request.interval)
    histogram = {
        "field": "published", "calendar_interval": interval.value, "min_doc_count": 1, "order": {"_key": "desc"}
    }  # fmt: skip
    return {"values": {"date_histogram": histogram, "aggs": {"stories": _STORIES}}}


def read_facets(request: SearchRequest, answer: Json) -> dict[str, tuple[FacetValue, ...]]:
    return {
        name: _read_dates(request, answer[name]) if name == "date" else _read_values(name, request, answer[name])
        for name in request.facets
    }


def _read_values(name: str, request: SearchRequest, answer: Json) -> tuple[FacetValue, ...]:
    chosen = {_value(name, str(value)).casefold() for value in getattr(request, name)}
    buckets = {bucket["key"]: bucket for bucket in answer["values"]["buckets"]}
    for bucket in answer.get("chosen", {}).get("buckets", ()):
        buckets.setdefault(bucket["key"], bucket)
    return tuple(
        FacetValue(
            value, label_of(name, value), bucket["doc_count"], value.casefold() in chosen, bucket["stories"]["value"]
        )
        for value, bucket in buckets.items()
    )


def _read_dates(request: SearchRequest, answer: Json) -> tuple[FacetValue, ...]:
    interval = periods.finer_than_week(request.interval)
    found = []
    for bucket in answer["values"]["buckets"][: request.facet_size]:
        number = number_of(interval, bucket)
        text = periods.label_of(interval, number)
        within = _within(periods.bounds_of(interval, number), request)
        found.append(FacetValue(text, text, bucket["doc_count"], within, bucket["stories"]["value"]))
    return tuple(found)


def number_of(interval: Interval, bucket: Json) -> int:
    """The period that a bucket of a histogram by date stands for."""
    return periods.number_of(interval, date.fromisoformat(bucket["key_as_string"][:10]))


def _within(bounds: tuple[date, date], request: SearchRequest) -> bool:
    """Is all of a period asked for by the dates?"""
    first, last = request.published_from, request.published_to
    if not (first or last):
        return False
    return (not first or first.date() <= bounds[0]) and (not last or bounds[1] <= last.date())


def _value(name: str, value: str) -> str:
    return (taxonomy().find(value) or value) if name == "topic" else value


def label_of(name: str, value: str) -> str:
    return taxonomy().label(value) if name == "topic" else value


def every_value(name: str) -> Json:
    return {"terms": {"field": name, "size": _SHARD, "shard_size": _SHARD}}


def stories_of(name: str, values: Sequence[str]) -> Json:
    return {"terms": {"field": name, "include": list(values), "size": len(values)}, "aggs": {"stories": _STORIES}}


def listed(
    name: str, counts: dict[str, int], prefix: str, start: int, size: int, *, by_name: bool
) -> tuple[list[str], int]:
    """A page of values, and how many there are: those with words in their label that begin so, in order."""
    beginning = " " + " ".join(terms(prefix)) if terms(prefix) else ""
    labels = {value: " " + " ".join(terms(label_of(name, value))) for value in counts}
    there = [value for value in counts if beginning in labels[value]]
    there.sort(key=(lambda value: (labels[value], value)) if by_name else (lambda value: (-counts[value], value)))
    return there[start : start + size], len(there)
