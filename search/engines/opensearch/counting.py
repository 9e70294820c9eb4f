"""How many stories and articles the matches are of: exact where there are few, or else an estimate that says so.

A cluster counts different values by their hashes (HyperLogLog++), which is quick and right to within one per cent. To
count them one by one takes a moment for each of them, which is worth it as long as they can be looked through at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]
Search = Callable[..., Any]
EXACT = 1_000
"""Matches up to which different values are counted one by one."""
_PRECISION = 10_000
"""Different values up to which an estimate is hardly ever wrong; it takes a byte for each."""
_PAGE = 10_000
LEFT_OUT = "-**.each_story.buckets,-**.each_article_key.buckets"
"""What need not be sent: only how many they are is of interest."""


@dataclass(frozen=True, slots=True)
class Distinct:
    """Of some matches the number of stories and of articles, and which of the two are estimates."""

    stories: int
    articles: int
    estimated: tuple[str, ...]


def estimates() -> Json:
    """Of the articles, and of the stories of what has copies: everything else is a story by itself."""
    return {
        **articles_about(),
        **copied({"stories": _cardinality("story", _PRECISION)}),
    }


def stories(most: int, precision: int = 0) -> Json:
    """Of what has copies, the stories: of at most so many exactly, or with a precision."""
    return copied({"stories": _cardinality("story", precision)} if precision else _each("stories", "story", most))


def articles_about() -> Json:
    return {"articles": _cardinality("article_key", _PRECISION)}


def articles(most: int) -> Json:
    return _each("articles", "article_key", most)


def copied(counts: Json) -> Json:
    return {"copied": {"filter": {"term": {"copied": True}}, "aggs": counts}}


def _cardinality(field: str, precision: int) -> Json:
    return {"cardinality": {"field": field, "precision_threshold": precision}}


def _each(name: str, field: str, most: int) -> Json:
    """Each value is a bucket, and the buckets are counted by the cluster."""
    buckets = {"terms": {"field": field, "size": most}}
    return {f"each_{field}": buckets, name: {"stats_bucket": {"buckets_path": f"each_{field}>_count"}}}


def exact(estimated: Json, shown: int, total: int) -> Json:
    """What is to be counted one by one, after the estimates are known."""
    few = 1 < estimated["copied"]["doc_count"] <= EXACT
    return {
        **(stories(EXACT) if few and shown < total else {}),
        **(articles(EXACT) if shown < total <= EXACT else {}),
    }


def read(estimated: Json, counted: Json, hits: Sequence[Json], total: int) -> Distinct:
    """estimated, counted: what came back of ``estimates`` and ``exact``. hits: on the page."""
    if total == len(hits):
        by_story, by_article = {hit["fields"]["story"][0] for hit in hits}, {hit["sort"][-2] for hit in hits}
        return Distinct(len(by_story), len(by_article), ())
    with_copies = estimated["copied"]["doc_count"]
    told: Json = (counted if "copied" in counted else estimated)["copied"]["stories"]
    unsure = [
        *(["stories"] if "copied" not in counted and with_copies > 1 else []),
        *(["articles"] if "articles" not in counted else []),
    ]
    found: Json = (counted if "articles" in counted else estimated)["articles"]
    return Distinct(total - with_copies + number_of(told, with_copies), number_of(found, total), tuple(unsure))


def number_of(told: Json, most: int) -> int:
    """How many values there are, however they were counted."""
    number: int = told["count"] if "count" in told else min(told["value"], most)
    return number


def combinations(search: Search, fields: Sequence[str], query: Json) -> Iterator[tuple[Json, int]]:
    """Every combination of values that some fields have in what a query finds, with its number of paragraphs, in order.

    search: sends the body of a search, which may take so many seconds, and gives the answer.
    """
    sources: Json = {"sources": [{field: {"terms": {"field": field}}} for field in fields], "size": _PAGE}
    body = {"size": 0, "track_total_hits": False, "query": query, "aggs": {"found": {"composite": sources}}}
    while True:
        found = search(body, seconds=120)["aggregations"]["found"]
        for bucket in found["buckets"]:
            yield bucket["key"], bucket["doc_count"]
        if "after_key" not in found:
            return
        sources["after"] = found["after_key"]
