"""Where nodes occur, as OpenSearch's intervals: proximity, counts, capitals."""

from __future__ import annotations

from typing import Any

from search.analysis import capitals, fold, pattern, stem, terms
from search.engines.opensearch.documents import BEGIN, END, GAP, STEMMED, written
from search.query.nodes import AtLeast, Caps, Fuzzy, Near, Node, Or, Phrase, Prefix, Unit, Wildcard, Word

Json = dict[str, Any]


def occurs(node: Near | AtLeast | Caps, field: str, boost: float) -> Json | None:
    """The paragraphs in which a node occurs in a field of the index; None where it cannot."""
    if isinstance(node, Caps) and (how := capitals(node.text)):
        return {"term": {f"{field}_marks": {"value": written(fold(node.text), how), "boost": boost}}}
    found = interval(node, field)
    return {"intervals": {field: {**found, "boost": boost}}} if found else None


def interval(node: Node, field: str) -> Json | None:
    """Every stretch where a node stands; of two that end or begin alike, the shorter one."""
    match node:
        case Word(text, _, exact):
            found = terms(text)
            if len(found) == 1 and not exact and field in STEMMED:
                return _token(stem(found[0]), f"{field}_stem")
            return _in_a_row(found)
        case Phrase(text):
            return _in_a_row(terms(text))
        case Prefix(text):
            start = "".join(terms(text))
            return {"prefix": {"prefix": start}} if start else None
        case Wildcard(text):
            folded = pattern(text)
            return {"wildcard": {"pattern": folded, "max_expansions": 1024}} if folded else None
        case Fuzzy(text, distance):
            word = "".join(terms(text))
            fits = {"term": word, "fuzziness": distance, "prefix_length": 1, "transpositions": True}
            return {"fuzzy": fits} if word else None
        case Caps(text):
            return _written(text, field)
        case Or(parts):
            found_parts = [one for part in parts if (one := interval(part, field))]
            return {"any_of": {"intervals": found_parts}} if found_parts else None
        case AtLeast(part, count):
            one = interval(part, field)
            return _all([one] * count, -1) if one else None
        case Near():
            return _near(node, field)
        case _:
            raise TypeError(f"{node} does not occur")


def _near(node: Near, field: str) -> Json | None:
    parts = [one for part in node.parts if (one := interval(part, field))]
    if len(parts) < len(node.parts):
        return None
    gaps = {Unit.PARAGRAPH: -1, Unit.SENTENCE: GAP - 1}
    most = gaps[node.distance] if isinstance(node.distance, Unit) else node.distance - 1
    # A name or a label is one sentence, and has no marks.
    marked = node.distance is Unit.SENTENCE and field in STEMMED
    apart = {"filter": {"contained_by": _sentence(field)}} if marked else {}
    if node.ordered:
        return _all(parts, most, apart)
    if len(parts) == 2:
        # In either order rather than in any: only what is in order is known not to overlap.
        return {"any_of": {"intervals": [_all(parts, most, apart), _all(parts[::-1], most, apart)]}}
    return _all(parts, most, apart, ordered=False)


def _all(parts: list[Json], gaps: int, rest: Json | None = None, *, ordered: bool = True) -> Json:
    return {"all_of": {"ordered": ordered, "max_gaps": gaps, "intervals": parts, **(rest or {})}}


def _sentence(field: str) -> Json:
    """From a first token to the last that follows: the shortest such stretches are the sentences."""
    return _all([_token(BEGIN, f"{field}_marks"), _token(END, f"{field}_marks")], -1)


def _token(value: str, field: str) -> Json:
    return {"match": {"query": value, "use_field": field, "analyzer": "keyword"}}


def _in_a_row(found: list[str]) -> Json | None:
    if not found:
        return None
    return {"match": {"query": "\n".join(found), "analyzer": "lines", "max_gaps": 0, "ordered": True}}


def _written(text: str, field: str) -> Json:
    """A word in certain capitals; one in small letters is one that no mark says is written otherwise."""
    term, how = fold(text), capitals(text)
    if how:
        return _token(written(term, how), f"{field}_marks")
    marked = {"prefix": {"prefix": written(term, ""), "use_field": f"{field}_marks"}}
    return {"match": {"query": term, "analyzer": "keyword", "filter": {"not_overlapping": marked}}}
