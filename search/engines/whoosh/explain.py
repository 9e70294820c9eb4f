"""Why a hit has its score: what each part of a query gave to it, in the text and in the title."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from search.analysis import terms
from search.engines.weights import TITLE_WEIGHT, repeated
from search.engines.whoosh.arrays import Arrays
from search.engines.whoosh.evaluate import Evaluator
from search.engines.whoosh.expansion import expand
from search.engines.whoosh.matched import Matched
from search.engines.whoosh.proximity import counted
from search.engines.whoosh.schema import STEMMED
from search.highlight import highlight
from search.model import Explanation, Paragraph, Reason
from search.query.nodes import TEXT, And, AtLeast, Fuzzy, Node, Not, Or, Phrase, Prefix, Wildcard, Word, field_of


class Explaining:
    def __init__(self, evaluator: Evaluator, arrays: Arrays) -> None:
        self._evaluator, self._arrays = evaluator, arrays

    def explain(self, tree: Node, doc: int, paragraph: Paragraph) -> Explanation:
        """The reasons for a document's score, the weightiest first."""
        score = _of(self._evaluator.evaluate(tree), doc) or 0.0
        reasons = [reason for leaf, times in _leaves(tree) for reason in self._reasons(leaf, times, doc, paragraph)]
        return Explanation(tuple(sorted(reasons, key=lambda reason: -reason.score)), score)

    def _reasons(self, leaf: Node, times: float, doc: int, paragraph: Paragraph) -> Iterator[Reason]:
        field = _field(leaf)
        for name in ("text", "title") if field == TEXT else (field,):
            if name not in STEMMED:
                continue
            matched = self._inside(leaf, name)
            gained = _of(matched, doc)
            if gained is None:
                continue
            share = times * (TITLE_WEIGHT if field == TEXT and name == "title" else 1.0)
            length = int(self._arrays.lengths(name)[doc])
            yield Reason(
                str(leaf), name, _count(leaf, name, paragraph), length, len(matched), self._idf(leaf, len(matched)),
                share, gained * share,
            )  # fmt: skip

    def _inside(self, leaf: Node, field: str) -> Matched:
        """What a part of a query matches in one field of the index, unweighted."""
        evaluator = self._evaluator
        match leaf:
            case Word(text, _, exact):
                return evaluator._find_in(terms(text), field, exact)
            case Phrase(text):
                return evaluator.phrase(terms(text), field)
            case Prefix() | Wildcard() | Fuzzy():
                return evaluator._any(expand(evaluator, leaf, field), field)
            case _:
                return evaluator.score([counted(evaluator, leaf, field)], field)  # type: ignore[arg-type]

    def _idf(self, leaf: Node, having: int) -> float:
        """What rarity is worth; what stands for many words has none, and counts one."""
        if isinstance(leaf, Prefix | Wildcard | Fuzzy):
            return 1.0
        return math.log(1 + (self._evaluator.count - having + 0.5) / (having + 0.5))


def _of(matched: Matched, doc: int) -> float | None:
    """The score of one document, None where it does not match."""
    place = int(np.searchsorted(matched.docs, doc))
    there = place < len(matched.docs) and matched.docs[place] == doc
    return float(matched.scores[place]) if there else None


def _count(leaf: Node, field: str, paragraph: Paragraph) -> int:
    if field == "title":
        paragraph = replace(paragraph, text=paragraph.article.title, quotations=())
        leaf = replace(leaf, field=TEXT) if isinstance(leaf, Word | Phrase | Prefix | Wildcard | Fuzzy) else leaf
    return len(highlight(leaf, paragraph))


def _leaves(node: Node, times: float = 1.0) -> Iterator[tuple[Node, float]]:
    """The parts that score, with what each is multiplied by where it is repeated."""
    match node:
        case And(parts) | Or(parts):
            for part, n in Counter(parts).items():
                yield from _leaves(part, times * repeated(n))
        case Not():
            return
        case _ if _field(node) is not None:
            yield node, times


def _field(leaf: Node) -> str | None:
    return field_of(leaf.part if isinstance(leaf, AtLeast) else leaf)
