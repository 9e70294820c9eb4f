"""How often each value occurs among all matches, as aggregations, and what comes back of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from search.analysis import terms
from search.engines import periods
from search.engines.opensearch import counting
from search.engines.opensearch.compiling import unscored
from search.model import FacetValue, Interval, SearchRequest
from search.topics import taxonomy

Json = dict[str, Any]
_SHARD = 500
"""Of so many values each shard tells its counts, at least: where it has more, the shown ones are counted once more."""
_EVERY = 65_000
"""Values that are asked for at a time where all are wanted; OpenSearch gives no more."""
_EXACT = 5_000
"""Matches of the shown values of a facet up to which their stories are counted one by one."""
_PRECISION = 1_000
"""Stories of one value up to which an estimate is hardly ever wrong."""


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
    told = max(_SHARD, 4 * request.facet_size)
    terms = {"field": name, "size": request.facet_size, "shard_size": told, "order": order}
    inner: Json = {"values": {"terms": terms}}
    if chosen := _chosen(name, request):
        inner["chosen"] = {"terms": {"field": name, "include": chosen, "size": len(chosen), "min_doc_count": 0}}
    return inner


def _chosen(name: str, request: SearchRequest) -> list[str]:
    return [_value(name, str(value)) for value in getattr(request, name)]


def _dates(request: SearchRequest) -> Json:
    return {"values": _histogram(request)}


def _histogram(request: SearchRequest) -> Json:
    interval = periods.finer_than_week(request.interval)
    histogram = {
        "field": "published", "calendar_interval": interval.value, "min_doc_count": 1, "order": {"_key": "desc"}
    }  # fmt: skip
    return {"date_histogram": histogram}


def details(request: SearchRequest, filters: dict[str, Json], found: Json, copied: int) -> Json:
    """For every facet an aggregation that counts the stories of the values that are shown.

    copied: matches that have copies. Where none has, every value has as many stories as matches.
    """
    asked: Json = {}
    for name in request.facets:
        if not copied and name not in filters and not _error(found[f"facet {name}"]):
            continue
        if buckets := _shown(request, found[f"facet {name}"]):
            others = [query for other, query in filters.items() if other != name]
            if name == "date":
                earliest = min(bucket["key_as_string"] for bucket in buckets)
                others.append(unscored({"range": {"published": {"gte": earliest}}}))
                counted = {**_histogram(request), "aggs": _stories(buckets)}
            else:
                counted = stories_of(name, buckets)
            asked[name] = {"filter": {"bool": {"filter": others}}, "aggs": {"values": counted}}
    return asked


def stories_of(name: str, buckets: Sequence[Json]) -> Json:
    """Counts the stories of values of a field, given as the buckets that were counted for them."""
    values = [bucket["key"] for bucket in buckets]
    return {"terms": {"field": name, "include": values, "size": len(values)}, "aggs": _stories(buckets)}


def _stories(buckets: Sequence[Json]) -> Json:
    if are_few(buckets):
        return counting.stories(max(bucket["doc_count"] for bucket in buckets))
    return counting.stories(0, _PRECISION)


def are_few(buckets: Sequence[Json]) -> bool:
    matches: int = sum(bucket["doc_count"] for bucket in buckets)
    return 0 < matches <= _EXACT


def _shown(request: SearchRequest, answer: Json) -> list[Json]:
    """The buckets of the values that a facet shows: the most frequent, and those that are chosen; or the latest."""
    buckets: list[Json] = answer["values"]["buckets"][: request.facet_size]
    known = {bucket["key"] for bucket in buckets}
    more = answer.get("chosen", {}).get("buckets", ())
    return buckets + [bucket for bucket in more if bucket["key"] not in known]


def read_facets(request: SearchRequest, found: Json, more: Json) -> dict[str, tuple[FacetValue, ...]]:
    """found: the aggregations that counted the values; more: those that counted their stories."""
    return {
        name: tuple(_read(name, request, found[f"facet {name}"], more.get(f"facet {name}"))) for name in request.facets
    }


def _read(name: str, request: SearchRequest, answer: Json, more: Json | None) -> Iterator[FacetValue]:
    buckets = _shown(request, answer)
    counted = {one["key"]: one for one in more["values"].get("buckets", ())} if more else {}
    few = are_few(buckets)
    chosen = {value.casefold() for value in _chosen(name, request)} if name != "date" else set()
    interval = periods.finer_than_week(request.interval)
    for bucket in buckets:
        again = counted.get(bucket["key"], bucket)
        stories, estimated = told_stories(again, few)
        if name == "date":
            number = number_of(interval, bucket)
            value = label = periods.label_of(interval, number)
            selected = _within(periods.bounds_of(interval, number), request)
        else:
            value, label = bucket["key"], label_of(name, bucket["key"])
            selected = value.casefold() in chosen
        yield FacetValue(value, label, again["doc_count"], selected, stories, estimated=estimated)


def told_stories(bucket: Json, few: bool) -> tuple[int, bool]:
    """How many stories a value is in, and whether that is estimated."""
    count: int = bucket["doc_count"]
    if "copied" not in bucket:
        return count, False
    copied = bucket["copied"]["doc_count"]
    return count - copied + counting.number_of(bucket["copied"]["stories"], copied), not few and copied > 1


def unsure(request: SearchRequest, found: Json) -> list[str]:
    """The facets of so many values that those which are shown may not be the most frequent of all."""
    answers = {name: found[f"facet {name}"] for name in request.facets}
    return [
        f"facets.{name}" for name, answer in answers.items() if (error := _error(answer)) and error > _least(answer)
    ]


def _error(answer: Json) -> int:
    """By how much the counts of values may be too small, since some shards did not tell theirs."""
    error: int = answer["values"].get("doc_count_error_upper_bound", 0)
    return error


def _least(answer: Json) -> int:
    return min((int(bucket["doc_count"]) for bucket in answer["values"]["buckets"]), default=0)


def number_of(interval: Interval, bucket: Json) -> int:
    """The period that a bucket of a histogram by date stands for."""
    return _number_at(interval, bucket["key_as_string"][:10])


@lru_cache(20_000)
def _number_at(interval: Interval, day: str) -> int:
    return periods.number_of(interval, date.fromisoformat(day))


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
    return {"terms": {"field": name, "size": _EVERY, "shard_size": _EVERY}}


def listed(
    name: str, counts: dict[str, int], prefix: str, start: int, size: int, *, by_name: bool
) -> tuple[list[str], int]:
    """A page of values, and how many there are: those with words in their label that begin so, in order."""
    beginning = " " + " ".join(terms(prefix)) if terms(prefix) else ""
    labels = {value: " " + " ".join(terms(label_of(name, value))) for value in counts}
    there = [value for value in counts if beginning in labels[value]]
    there.sort(key=(lambda value: (labels[value], value)) if by_name else (lambda value: (-counts[value], value)))
    return there[start : start + size], len(there)
