"""The words and names that an archive in a cluster has: completion, spelling, frequency."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from search.analysis import terms
from search.engines.fields import NARROWING
from search.engines.opensearch.facets import every_value, label_of, listed
from search.model import FacetValue
from search.query.spelling import edits

Json = dict[str, Any]
_SHORTEST = 3
_LONG = 7
"""Letters from which on two of them may be wrong."""
_CANDIDATES = 200
_SPELLINGS = 50


class Vocabulary:
    """search: sends the body of a search and gives the answer."""

    def __init__(self, search: Callable[[Json], Any]) -> None:
        self._search = search

    def words(self, prefix: str, limit: int) -> list[FacetValue]:
        """Words of the text that begin as the last word does, the most frequent first."""
        found = terms(prefix)
        if not found:
            return []
        order = [{"_count": "desc"}, {"_key": "asc"}]
        counted = {"field": "words", "include": f"{_literal(found[-1])}.*", "size": limit, "shard_size": 1_000}
        body = {
            "size": 0,
            "query": {"prefix": {"text": {"value": found[-1]}}},
            "aggs": {"words": {"terms": {**counted, "order": order}}},
        }
        buckets = self._search(body)["aggregations"]["words"]["buckets"]
        return [FacetValue(bucket["key"], bucket["key"], bucket["doc_count"]) for bucket in buckets]

    def names(self, field: str, prefix: str, limit: int) -> list[FacetValue]:
        """Values with a word in their label at which all of the prefix begins."""
        found = terms(prefix)
        if not found:
            return []
        words = NARROWING[field]
        having: list[Json] = [{"term": {words: {"value": term}}} for term in found[:-1]]
        having.append({"prefix": {words: {"value": found[-1]}}})
        body = {"size": 0, "query": {"bool": {"filter": having}}, "aggs": {"values": every_value(field)}}
        counts = {b["key"]: b["doc_count"] for b in self._search(body)["aggregations"]["values"]["buckets"]}
        chosen, _ = listed(field, counts, prefix, 0, limit, by_name=False)
        return [FacetValue(value, label_of(field, value), counts[value]) for value in chosen]

    def spellings(self, field: str, term: str) -> list[tuple[str, int]]:
        """The words of a field that are written nearly so, the likeliest first."""
        if len(term) < _SHORTEST:
            return []
        most = 2 if len(term) >= _LONG else 1
        options = {
            "field": field, "suggest_mode": "always", "max_edits": most, "prefix_length": 1, "min_word_length": 1,
            "size": _CANDIDATES, "shard_size": _CANDIDATES, "analyzer": "keyword",
        }  # fmt: skip
        own = {"own": {"filter": {"term": {field: {"value": term}}}}}
        answer = self._search({"size": 0, "suggest": {"words": {"text": term, "term": options}}, "aggs": own})
        counts = {one["text"]: int(one["freq"]) for entry in answer["suggest"]["words"] for one in entry["options"]}
        counts[term] = answer["aggregations"]["own"]["doc_count"]
        near = [
            (edits(term, word, most), word[:2] != term[:2], -count, word) for word, count in counts.items() if count
        ]
        found = [word for away, _, _, word in sorted(near) if away <= most][:_SPELLINGS]
        # What the suggester tells counts paragraphs that were written again as often as they were written.
        return [(word, count) for word, count in zip(found, self.frequencies(field, found), strict=True) if count]

    def frequencies(self, field: str, words: Sequence[str]) -> list[int]:
        if not words:
            return []
        wanted = {str(i): {"term": {field: {"value": word}}} for i, word in enumerate(words)}
        answer = self._search({"size": 0, "aggs": {"terms": {"filters": {"filters": wanted}}}})
        buckets = answer["aggregations"]["terms"]["buckets"]
        return [buckets[str(i)]["doc_count"] for i in range(len(words))]


def _literal(text: str) -> str:
    """For Lucene's regular expressions: everything but letters and digits escaped."""
    return "".join(c if c.isalnum() else f"\\{c}" for c in text)
