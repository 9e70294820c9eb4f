"""Copies that are no more than nearly alike, found when a run has sent what it has.

A paragraph is written under a number of its own signature, so that those which are alike word by word are one story at
once. Here the groups are made that ``search.copies`` makes of all signatures, and whoever belongs to another story
now is written again. Only what may have been touched is looked at: signatures that came or went, those that share a
run of hashes with them, and the groups of all of these. What comes of it does not depend on who came first.
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from search.copies import groups, together
from search.engines.opensearch.answering import IDS, restored
from search.engines.opensearch.bulk import Bulk, replace
from search.engines.opensearch.client import Cluster, Json
from search.engines.opensearch.counting import combinations
from search.engines.opensearch.documents import bands, number_of, regrouped

MOST = 200_000
"""Different signatures that are held against each other at a time."""
_VALUES = 30_000
"""Numbers that are looked for in one request; OpenSearch takes twice as many."""
_PAGE = 500


class Grouping:
    """Brings the stories of one index in order.

    cluster: whose index it is. search: sends the body of a search of it, which may take so many seconds.
    """

    def __init__(self, cluster: Cluster, index: str, search: Callable[..., Any]) -> None:
        self._cluster, self._index, self._search = cluster, index, search
        self.changed = 0

    def all(self) -> None:
        """Of everything that is in the index."""
        found = combinations(self._search, ["signature", "story"], {"match_all": {}})
        pairs = ((b64decode(key["signature"]), key["story"]) for key, _ in found)
        first = list(islice(pairs, MOST))
        if len(first) < MOST:
            self._settle(first)
            return
        self.touched(signature for signature, _ in first)
        while part := list(islice(pairs, MOST)):
            self.touched(signature for signature, _ in part)

    def touched(self, signatures: Iterable[bytes]) -> None:
        """Of what may belong together because these have come or gone."""
        wanted = iter(signatures)
        while part := list(islice(wanted, MOST // 4)):
            near = self._pairs("bands", {number for signature in part for number in bands(signature)})
            self._settle(self._pairs("story", {story for _, story in near}))

    def _pairs(self, field: str, numbers: set[int]) -> list[tuple[bytes, int]]:
        """The signatures, each with its story, of the paragraphs that have any of these numbers in a field."""
        found: set[tuple[bytes, int]] = set()
        for part in _parts(sorted(numbers)):
            for key, _ in combinations(self._search, ["signature", "story"], {"terms": {field: part}}):
                found.add((b64decode(key["signature"]), key["story"]))
        return sorted(found)

    def _settle(self, pairs: Sequence[tuple[bytes, int]]) -> None:
        """Give every signature the story of its group: the smallest number that one of the group has by itself."""
        signatures = sorted({signature for signature, _ in pairs})
        labels = groups(together(signatures)).tolist() if signatures else []
        alone = [number_of(signature) for signature in signatures]
        least: dict[int, int] = {}
        for label, number in zip(labels, alone, strict=True):
            least[label] = min(number, least.get(label, number))
        belongs = {
            signature: least[label] if label >= 0 else number
            for signature, label, number in zip(signatures, labels, alone, strict=True)
        }
        left = {story for signature, story in pairs if belongs[signature] != story}
        self._move(sorted(left), belongs)

    def _move(self, stories: Sequence[int], belongs: dict[bytes, int]) -> None:
        """Write those paragraphs again that are in another story than they belong to."""
        bulk = Bulk(self._cluster, self._index)
        for part in _parts(stories):
            for hit in self._paragraphs(part):
                fields = hit["fields"]
                signature = b64decode(fields["signature"][0]) if "signature" in fields else b""
                story = belongs.get(signature)
                if story is not None and story != fields["story"][0]:
                    kept = {"head": hit["_source"]["head"], "run": hit["_source"]["run"], "story": story}
                    bulk.add(replace(hit, regrouped(kept, restored(hit)[0], signature)))
                    self.changed += 1
        bulk.flush()
        if self.changed:
            self._cluster.ask("POST", f"/{self._index}/_refresh", seconds=120)

    def _paragraphs(self, stories: Sequence[int]) -> Iterator[Any]:
        body: Json = {
            "query": {"terms": {"story": list(stories)}},
            "docvalue_fields": ["signature", "story"],
            "seq_no_primary_term": True,
            "size": _PAGE,
            "sort": IDS,
        }
        while True:
            hits = self._search(body, seconds=120)["hits"]["hits"]
            yield from hits
            if len(hits) < _PAGE:
                return
            body["search_after"] = hits[-1]["sort"]


def _parts(numbers: Sequence[int]) -> Iterator[list[int]]:
    rest = iter(numbers)
    while part := list(islice(rest, _VALUES)):
        yield part
