"""What each index of a cluster was made of: the lines of ``sources.jsonl``, each a document or, when long, several."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import partial
from hashlib import blake2b
from itertools import groupby
from typing import Any

from search.engines.opensearch.bulk import Bulk, delete, put
from search.engines.opensearch.client import Cluster, each_hit
from search.generations.manifest import SourceEntry, SourceList
from search.room import Room, in_memory

_PART = 1_000_000
"""Characters of a line that one document holds."""
_PAGE = 100

Json = dict[str, Any]


class Sources:
    """The sources of all indexes of one archive, in its small index."""

    def __init__(self, cluster: Cluster, register: str) -> None:
        self._cluster, self._register = cluster, register

    def read(self, index: str, room: Room = in_memory) -> SourceList:
        """The source files by path. Raises ValueError or TypeError when a line makes no sense."""
        sources = SourceList(room)
        for _, hits in groupby(self._parts(index), lambda hit: hit["_source"]["order"]):
            for entry in SourceEntry.read((hit["_source"]["content"] for hit in hits), sources.pages):
                sources.put(entry)
        return sources

    def _parts(self, index: str) -> Iterator[Any]:
        body: Json = {"size": _PAGE, "query": _of(index), "sort": [{"order": "asc"}, {"part": "asc"}]}
        return each_hit(partial(self._cluster.ask, "POST", f"/{self._register}/_search"), body)

    def write(self, index: str, before: Mapping[str, SourceEntry], now: Mapping[str, SourceEntry], run: int) -> None:
        """Write down what a run has changed, and that alone: others may be changing the rest."""
        bulk = Bulk(self._cluster, self._register)
        for path, entry in now.items():
            if before.get(path) != entry:
                _write(bulk, index, entry, before.get(path), run)
        for path in before.keys() - now.keys():
            for part in range(_parts_of(before[path])):
                bulk.add(delete(_part_id(index, path, part)))
        bulk.flush()
        self._cluster.ask("POST", f"/{self._register}/_refresh")

    def has(self, index: str, run: int) -> bool:
        """Has a run written down what it did, or is it not to be told from one that was killed?"""
        query = {"bool": {"filter": [_of(index), {"term": {"run": run}}]}}
        body = {"size": 0, "track_total_hits": 1, "query": query}
        answer = self._cluster.ask("POST", f"/{self._register}/_search", body)
        return bool(answer["hits"]["total"]["value"])

    def counts(self, index: str) -> tuple[int, int]:
        """The articles and the paragraphs that all sources together have."""
        sums = {name: {"sum": {"field": name}} for name in ("articles", "paragraphs")}
        body = {"size": 0, "query": _of(index), "aggs": sums}
        found = self._cluster.ask("POST", f"/{self._register}/_search", body)["aggregations"]
        return int(found["articles"]["value"]), int(found["paragraphs"]["value"])

    def drop(self, index: str) -> None:
        parameters = {"conflicts": "proceed", "refresh": "true"}
        path = f"/{self._register}/_delete_by_query"
        self._cluster.ask("POST", path, {"query": _of(index)}, parameters, seconds=120)


def _of(index: str) -> Json:
    return {"bool": {"filter": [{"term": {"generation": index}}]}}


def _write(bulk: Bulk, index: str, entry: SourceEntry, before: SourceEntry | None, run: int) -> None:
    count = 0
    for part, content in enumerate(_parts(entry)):
        document: Json = {
            "generation": index,
            "order": _order(entry.path),
            "part": part,
            "run": run,
            "content": content,
        }
        if part == 0:
            document |= {"articles": entry.records.articles, "paragraphs": entry.records.paragraphs}
        bulk.add(put(_part_id(index, entry.path, part), json.dumps(document).encode()))
        count = part + 1
    for part in range(count, _parts_of(before) if before else 0):
        bulk.add(delete(_part_id(index, entry.path, part)))


def _parts(entry: SourceEntry) -> Iterator[str]:
    """The line of a file, of which each part but the last has the same length."""
    rest = ""
    for piece in entry.pieces():
        rest += piece
        while len(rest) > _PART:
            yield rest[:_PART]
            rest = rest[_PART:]
    yield rest


def _parts_of(entry: SourceEntry) -> int:
    return -(-sum(map(len, entry.pieces())) // _PART)


def _order(path: str) -> str:
    """Sorts the parts of one file together; a path may be longer than what can be sorted by."""
    return blake2b(path.encode("utf-8", "surrogateescape"), digest_size=16).hexdigest()


def _part_id(index: str, path: str, part: int) -> str:
    return f"{index}/{_order(path)}/{part}"
