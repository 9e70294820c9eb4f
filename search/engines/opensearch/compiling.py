"""A query tree compiled to OpenSearch's query DSL; the user's text never goes there, only terms.

``KEYS`` is all that a compiled query consists of; ``query_string`` and its kind are not among it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time
from typing import Any

from search.analysis import pattern, stem, terms
from search.engines.fields import NARROWING
from search.engines.opensearch.documents import STEMMED
from search.engines.opensearch.intervals import occurs
from search.engines.weights import EXACT_WEIGHT, TITLE_WEIGHT, repeated
from search.query import limits
from search.query.nodes import (
    TEXT,
    WHOLE,
    And,
    AtLeast,
    Caps,
    Everything,
    Fuzzy,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Published,
    Wildcard,
    Word,
    field_of,
)  # fmt: skip

KEYS = frozenset(
    "all_of analyzer any_of bool boost constant_score exists field filter fuzziness fuzzy gte ids intervals lte "
    "match match_all match_none match_phrase max_expansions max_gaps must must_not contained_by not_overlapping "
    "ordered pattern prefix prefix_length query range rewrite should term terms transpositions use_field value values "
    "wildcard".split()
)
"""Beside the names of our own fields."""
NOTHING: dict[str, Any] = {"match_none": {}}

Json = dict[str, Any]
Resolved = Mapping[Node, list[str]]
"""Nodes that the DSL cannot say, with the ids of what they match; see ``verifying``."""


def compile_tree(node: Node, resolved: Resolved | None = None, scale: float = 1.0) -> Json:
    """What matches ``node``, scored as ``search.engines.base.Reader.search`` says where the cluster can.

    scale: by which the scores of words are multiplied; later versions leave out the constant factor of BM25.
    """
    compiler = _Compiler(resolved or {}, scale)
    return compiler.compile(node)


class _Compiler:
    def __init__(self, resolved: Resolved, scale: float) -> None:
        self._resolved, self._scale = resolved, scale

    def compile(self, node: Node) -> Json:
        if node in self._resolved:
            return unscored({"ids": {"values": self._resolved[node]}})
        match node:
            case Everything():
                return unscored({"match_all": {}})
            case Published(first, last):
                return between(_moment(first, time.min), _moment(last, time.max))
            case And(parts):
                wanted = self._each(part for part in parts if not isinstance(part, Not))
                without = [self.compile(part.part) for part in parts if isinstance(part, Not)]
                return _all(wanted, without)
            case Or(parts):
                return any_of(self._each(parts))
            case Not(part):
                return _all([], [self.compile(part)])
            case Word(text, "language") | Phrase(text, "language"):
                return in_language(text)
            case Word(text, field) | Phrase(text, field) if field in WHOLE:
                return unscored({"term": {field: {"value": text.casefold()}}})
            case Word() | Phrase():
                return self._everywhere(node.field, lambda field, boost: self._words(node, field, boost))
            case Prefix() | Wildcard() | Fuzzy():
                return self._everywhere(node.field, lambda field, boost: _fitting(node, field, boost))
            case Near() | AtLeast() | Caps():
                where = field_of(node.part if isinstance(node, AtLeast) else node) or TEXT
                return self._everywhere(where, lambda field, boost: occurs(node, field, boost * self._scale))

    def _each(self, parts: Iterable[Node]) -> list[Json]:
        """What each part matches; one that is repeated counts more, but not as often as it is."""
        return [
            {"bool": {"must": [self.compile(part)], "boost": repeated(times)}} if times > 1 else self.compile(part)
            for part, times in Counter(parts).items()
        ]

    def _everywhere(self, field: str, look: Callable[[str, float], Json | None]) -> Json:
        """In the one field of the index that is meant, or in text and title alike."""
        if field == TEXT:
            found = [look("text", 1.0), look("title", TITLE_WEIGHT)]
        else:
            found = [look(NARROWING.get(field, field), 1.0)]
        some = any_of([one for one in found if one])
        return some if field in STEMMED else unscored(some)

    def _words(self, node: Word | Phrase, field: str, boost: float) -> Json | None:
        found = terms(node.text)
        boost *= self._scale
        if not found:
            return None
        if len(found) > 1:
            return {"match_phrase": {field: {"query": "\n".join(found), "boost": boost}}}
        if isinstance(node, Word) and not node.exact and field in STEMMED:
            stems = {"term": {f"{field}_stem": {"value": stem(found[0]), "boost": boost}}}
            return any_of([stems, {"term": {field: {"value": found[0], "boost": boost * EXACT_WEIGHT}}}])
        return {"term": {field: {"value": found[0], "boost": boost}}}


def _fitting(node: Prefix | Wildcard | Fuzzy, field: str, boost: float) -> Json | None:
    """Paragraphs with any term that fits; each scores the same, since what is found so has no weight of its own."""
    query: Json
    match node:
        case Prefix(text):
            start = "".join(terms(text))
            query = {"prefix": {field: {"value": start}}} if start else NOTHING
        case Wildcard(text):
            folded = pattern(text) or ""
            query = {"wildcard": {field: {"value": folded}}} if folded else NOTHING
        case Fuzzy(text, distance):
            word = "".join(terms(text))
            query = {
                "fuzzy": {
                    field: {
                        "value": word,
                        "fuzziness": distance,
                        "prefix_length": 1,
                        "max_expansions": limits.EXPANSIONS,
                        "transpositions": True,
                        "rewrite": "constant_score",
                    }
                }
            }
    return {"constant_score": {"filter": query, "boost": boost}}


def between(first: datetime | None, last: datetime | None) -> Json:
    """Published from one moment to another, both included; what is undated is not among them."""
    if not first and not last:
        return unscored({"exists": {"field": "published"}})
    bounds = {"gte": first, "lte": last}
    told = {name: moment.isoformat(timespec="milliseconds") for name, moment in bounds.items() if moment}
    return unscored({"range": {"published": told}})


def in_language(value: str) -> Json:
    """“en” is every English, “en-GB” only that."""
    wanted = value.casefold()
    regional = {"prefix": {"language_fold": {"value": f"{wanted}-"}}}
    return unscored(any_of([{"term": {"language_fold": {"value": wanted}}}, regional]))


def unscored(query: Json) -> Json:
    return {"bool": {"filter": [query]}}


def any_of(queries: list[Json]) -> Json:
    if not queries:
        return NOTHING
    return queries[0] if len(queries) == 1 else {"bool": {"should": queries}}


def _all(wanted: list[Json], without: list[Json]) -> Json:
    """Where nothing is wanted, everything but."""
    if len(wanted) == 1 and not without:
        return wanted[0]
    clauses: Json = {"must": wanted} if wanted else {"filter": [{"match_all": {}}]}
    return {"bool": {**clauses, **({"must_not": without} if without else {})}}


def _moment(day: date | None, hour: time) -> datetime | None:
    return datetime.combine(day, hour) if day else None
