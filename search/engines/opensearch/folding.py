"""Copies among the matches folded before articles are: which matches only repeat an earlier one.

A cluster folds by one field at a time. Where articles are folded, the copies among the matches are looked through
first, and those which repeat another are left out of the hits, by their ids.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

Json = dict[str, Any]
MOST = 10_000
"""Matches with copies that are looked through; where there are more, copies are not folded besides."""
_PART = "timed_out,_shards.failed,hits.hits._id,hits.hits.sort"


@dataclass(frozen=True, slots=True)
class Folds:
    """``repeats`` are what the cluster calls the matches that repeat an earlier one; ``copies``, of each that leads
    some, how many. ``whole``: whether all were looked through."""

    repeats: tuple[str, ...] = ()
    copies: Mapping[str, int] = field(default_factory=dict)
    whole: bool = True

    @property
    def left_out(self) -> list[Json]:
        """For ``must_not``."""
        return [{"ids": {"values": list(self.repeats)}}] if self.repeats else []


def fold(search: Callable[..., Any], query: Json, order: list[Json]) -> Folds:
    """The copies among the matches of a query; ``order`` puts those of one story in order, its leader first.

    search: sends the body of a search, of whose answer a part is wanted.
    """
    body: Json = {
        "query": {"bool": {"filter": [query, {"term": {"copied": True}}]}},
        "sort": [{"story": {"order": "asc"}}, *order],
        "size": MOST + 1,
        "track_total_hits": False,
        "_source": False,
    }
    hits = search(body, part=_PART).get("hits", {}).get("hits", [])
    if len(hits) > MOST:
        return Folds(whole=False)
    repeats: list[str] = []
    copies: dict[str, int] = {}
    for _, same in groupby(hits, key=lambda hit: hit["sort"][0]):
        leader, *others = (hit["_id"] for hit in same)
        if others:
            copies[leader] = len(others)
            repeats += others
    return Folds(tuple(repeats), copies)
