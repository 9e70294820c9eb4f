"""Why a hit has its score, read from the cluster's own account of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from search.analysis import stem, terms
from search.engines.opensearch.documents import STEMMED
from search.engines.weights import TITLE_WEIGHT
from search.model import Explanation, Reason
from search.query.nodes import And, Node, Not, Or, Word

_WEIGHT = re.compile(r"weight\((?P<field>\w+):(?P<term>.+) in \d+\)")
_CONSTANT = re.compile(r"ConstantScore\((?P<field>\w+):(?P<term>.+?)\)(\^[\d.]+)?$")


def read_explanation(hit: Any, tree: Node) -> Explanation:
    """The reasons for a hit's score, the weightiest first."""
    names = dict(_words(tree))
    reasons = sorted(_reasons(hit["_explanation"], names), key=lambda reason: -reason.score)
    return Explanation(tuple(reasons), float(hit["_score"] or 0.0))


def _words(tree: Node) -> Iterator[tuple[str, str]]:
    """Stems with the word that was asked for."""
    match tree:
        case And(parts) | Or(parts):
            for part in parts:
                yield from _words(part)
        case Not():
            return
        case Word(text) if len(found := terms(text)) == 1:
            yield stem(found[0]), str(tree)


def _reasons(told: Any, names: dict[str, str]) -> Iterator[Reason]:
    found = _WEIGHT.match(told["description"]) or _CONSTANT.match(told["description"])
    if not found:
        for part in told.get("details", ()):
            yield from _reasons(part, names)
        return
    field, stemmed = re.subn(r"_(stem|marks)$", "", found["field"])
    if field not in STEMMED or not told["value"]:
        return
    term = " ".join(found["term"].strip('"').split())
    numbers = _numbers(told)
    yield Reason(
        found=names.get(term, term) if stemmed else term,
        field=field,
        count=round(numbers.get("freq", 1)),
        length=round(numbers.get("dl", 0)),
        having=round(numbers.get("n", 0)),
        idf=numbers.get("idf", 1.0),
        share=TITLE_WEIGHT if field == "title" else 1.0,
        score=float(told["value"]),
    )


def _numbers(told: Any) -> dict[str, float]:
    """The numbers in an account by the letters it gives them."""
    found: dict[str, float] = {}
    for part in told.get("details", ()):
        found |= _numbers(part)
    name = re.match(r"(freq|dl|n|idf)\b", told["description"])
    if name:
        found[name[1]] = float(told["value"])
    return found
