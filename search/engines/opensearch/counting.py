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
_FIELDS = {"stories": "story", "articles": "article_key"}
_PRECISION = 10_000
"""Different values up to which an estimate is hardly ever wrong; it takes a byte for each."""
_PAGE = 10_000
_CERTAIN = 4_000
"""Beyond, the estimate makes up for hashes that fall together."""
LEFT_OUT = "-**.each_story.buckets,-**.each_article_key.buckets"
"""What need not be sent: only how many they are is of interest."""


@dataclass(frozen=True, slots=True)
class Distinct:
    """Of some matches the number of stories and of articles, and whether these are estimates."""

    stories: int
    articles: int
    estimated: bool

    def names(self, folded: str | None) -> tuple[str, ...]:
        """What of an answer is estimated, as ``search.model.SearchResult`` calls it."""
        return ("stories", "articles", *(["rows"] if folded else [])) if self.estimated else ()


def estimates(names: Sequence[str] = tuple(_FIELDS), precision: int = _PRECISION) -> Json:
    return {name: {"cardinality": {"field": _FIELDS[name], "precision_threshold": precision}} for name in names}


def exact(most: int, names: Sequence[str] = tuple(_FIELDS)) -> Json:
    """Counts of at most so many; each value is a bucket, and the buckets are counted by the cluster."""
    counts: Json = {}
    for name in names:
        field = _FIELDS[name]
        counts[f"each_{field}"] = {"terms": {"field": field, "size": most}}
        counts[name] = {"stats_bucket": {"buckets_path": f"each_{field}>_count"}}
    return counts


def are_single(estimated: Json, total: int) -> bool:
    """Is it certain that no two of the matches are copies? So few hashes are counted one by one: as many as there are
    matches cannot be of fewer stories."""
    return bool(total <= _CERTAIN and estimated["stories"]["value"] == total)


def read(estimated: Json, counted: Json, hits: Sequence[Json], total: int) -> Distinct:
    """estimated, counted: what came back of ``estimates`` and ``exact``. hits: on the page."""
    if "articles" in counted:
        stories = counted["stories"]["count"] if "stories" in counted else total
        return Distinct(stories, counted["articles"]["count"], False)
    if total == len(hits):
        stories, articles = {hit["fields"]["story"][0] for hit in hits}, {hit["sort"][-2] for hit in hits}
        return Distinct(len(stories), len(articles), False)
    stories, articles = (min(total, estimated[name]["value"]) for name in _FIELDS)
    return Distinct(stories, articles, True)


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
