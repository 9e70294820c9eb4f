"""Copies that are no more than nearly alike, found when a run has sent what it has.

A paragraph is written under a number of its own signature, so that those which are alike word by word are one story at
once. Here the groups are made that ``search.copies`` makes of all signatures. Whoever belongs to another story now is
written again, as is whoever has copies now: what has none can then be counted without being looked at. Only what may
have been touched is gone through: signatures that came or went, those that share a run of hashes with them, and the
groups of all of these. What comes of it does not depend on who came first.
"""

from __future__ import annotations

from base64 import b64decode
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, NamedTuple

from search.copies import groups, together
from search.engines.opensearch.answering import IDS, restored
from search.engines.opensearch.bulk import Bulk, replace
from search.engines.opensearch.client import Cluster, Json, each_hit
from search.engines.opensearch.counting import combinations
from search.engines.opensearch.documents import bands, number_of, regrouped

MOST = 200_000
"""Different signatures that are held against each other at a time."""
_VALUES = 30_000
"""Numbers that are looked for in one request; OpenSearch takes twice as many."""
_PAGE = 500


class _Kept(NamedTuple):
    """Paragraphs of one signature that are kept alike: as of a story, which is known to have several or not."""

    signature: bytes
    story: int
    copied: bool
    paragraphs: int


class Grouping:
    """Brings the stories of one index in order.

    cluster: whose index it is. search: sends the body of a search of it, which may take so many seconds.
    """

    def __init__(self, cluster: Cluster, index: str, search: Callable[..., Any]) -> None:
        self._cluster, self._index, self._search = cluster, index, search

    def all(self) -> None:
        """Of everything that is in the index."""
        every = self._kept({"match_all": {}})
        first = list(islice(every, MOST))
        if len(first) < MOST:
            self._settle(first)
            return
        self.touched(kept.signature for kept in first)
        while part := list(islice(every, MOST)):
            self.touched(kept.signature for kept in part)

    def touched(self, signatures: Iterable[bytes]) -> None:
        """Of what may belong together because these have come or gone."""
        wanted = iter(signatures)
        while part := list(islice(wanted, MOST // 4)):
            near = self._having("bands", {number for signature in part for number in bands(signature)})
            self._settle(self._having("story", {kept.story for kept in near}))

    def _kept(self, query: Json) -> Iterator[_Kept]:
        for key, count in combinations(self._search, ["signature", "story", "copied"], query):
            yield _Kept(b64decode(key["signature"]), key["story"], key["copied"], count)

    def _having(self, field: str, numbers: set[int]) -> set[_Kept]:
        """What has any of these numbers in a field."""
        return {kept for part in _parts(sorted(numbers)) for kept in self._kept({"terms": {field: part}})}

    def _settle(self, every: Iterable[_Kept]) -> None:
        """Give every signature the story of its group: the smallest number that one of the group has by itself."""
        counts: Counter[bytes] = Counter()
        for kept in set(every):
            counts[kept.signature] += kept.paragraphs
        signatures = sorted(counts)
        labels = groups(together(signatures)).tolist() if signatures else []
        alone = [number_of(signature) for signature in signatures]
        least: dict[int, int] = {}
        for label, number in zip(labels, alone, strict=True):
            least[label] = min(number, least.get(label, number))
        stories = [least[label] if label >= 0 else number for label, number in zip(labels, alone, strict=True)]
        sizes: Counter[int] = Counter()
        for signature, story in zip(signatures, stories, strict=True):
            sizes[story] += counts[signature]
        belongs = {signature: (story, sizes[story] > 1) for signature, story in zip(signatures, stories, strict=True)}
        wrong = [kept for kept in every if belongs[kept.signature] != (kept.story, kept.copied)]
        for copied in (False, True):
            self._move(sorted({kept.story for kept in wrong if kept.copied is copied}), copied, belongs)

    def _move(self, stories: Sequence[int], copied: bool, belongs: Mapping[bytes, tuple[int, bool]]) -> None:
        """Write those of these stories again that belong to another, or have copies now, or none any longer."""
        bulk = Bulk(self._cluster, self._index)
        changed = 0
        for part in _parts(stories):
            query = {"bool": {"filter": [{"terms": {"story": part}}, {"term": {"copied": copied}}]}}
            for hit in self._paragraphs(query):
                fields = hit["fields"]
                signature = b64decode(fields["signature"][0]) if "signature" in fields else b""
                now = belongs.get(signature, (fields["story"][0], copied))
                if now != (fields["story"][0], copied):
                    kept = {"head": hit["_source"]["head"], "run": hit["_source"]["run"]}
                    kept |= {"story": now[0], "copied": now[1]}
                    bulk.add(replace(hit, regrouped(kept, restored(hit)[0], signature)))
                    changed += 1
        bulk.flush()
        if changed:
            self._cluster.ask("POST", f"/{self._index}/_refresh", seconds=120)

    def _paragraphs(self, query: Json) -> Iterator[Any]:
        body: Json = {
            "query": query,
            "docvalue_fields": ["signature", "story"],
            "seq_no_primary_term": True,
            "size": _PAGE,
            "sort": IDS,
        }
        return each_hit(self._search, body)


def _parts(numbers: Sequence[int]) -> Iterator[list[int]]:
    rest = iter(numbers)
    while part := list(islice(rest, _VALUES)):
        yield part
