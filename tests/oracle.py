"""A second opinion: evaluates query trees by going through every paragraph, slowly and plainly."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from datetime import datetime

from search.analysis import stem, terms
from search.model import Article, Paragraph, SearchRequest, Sort
from search.query.nodes import And, Everything, Node, Not, Or, Phrase, Prefix, Published, Word

K1, B, TITLE = 1.2, 0.75, 0.5


class Oracle:
    """Knows the paragraphs of some articles."""

    def __init__(self, articles: Sequence[Article]) -> None:
        self.paragraphs = [paragraph for article in articles for paragraph in article.paragraphs]

    def answer(self, tree: Node, request: SearchRequest) -> list[tuple[str, float]]:
        """Every match with its score, in order."""
        found = [(p, self.score(tree, p)) for p in self.paragraphs if self.matches(tree, p) and self.passes(request, p)]
        return [(p.id, score) for p, score in sorted(found, key=lambda pair: self.rank(request.sort, *pair))]

    @staticmethod
    def rank(sort: Sort, p: Paragraph, score: float) -> tuple[object, ...]:
        published = p.article.published
        newest = -(published - datetime(1, 1, 1)).total_seconds() if published else 1.0
        oldest = -newest if published else math.inf
        ties = (-round(score, 4), newest, p.article.id, p.number)
        return {Sort.RELEVANCE: ties, Sort.NEWEST: (newest, *ties), Sort.OLDEST: (oldest, *ties)}[sort]

    @staticmethod
    def passes(request: SearchRequest, p: Paragraph) -> bool:
        published = p.article.published
        names = {speaker.name for speaker in p.speakers}
        return (
            (not request.outlet or p.article.outlet in request.outlet)
            and (not request.kind or p.kind in request.kind)
            and (not request.speaker or bool(names & set(request.speaker)))
            and (not request.published_from or (published is not None and published >= request.published_from))
            and (not request.published_to or (published is not None and published <= request.published_to))
        )

    def matches(self, node: Node, p: Paragraph) -> bool:
        match node:
            case Everything():
                return True
            case Published(first, last):
                day = p.article.published.date() if p.article.published else None
                return day is not None and (not first or day >= first) and (not last or day <= last)
            case And(parts):
                return all(self.matches(part, p) for part in parts)
            case Or(parts):
                return any(self.matches(part, p) for part in parts)
            case Not(part):
                return not self.matches(part, p)
            case Word() | Phrase() | Prefix():
                return any(self.count(node, text, field) for field, text in self.texts(node.field, p))

    @staticmethod
    def texts(field: str, p: Paragraph) -> list[tuple[str, str]]:
        """Where a word of that field is looked for."""
        if field == "text":
            return [("text", p.text), ("title", p.article.title)]
        return [(field, {"title": p.article.title, "outlet": p.article.outlet, "kind": p.kind.value}[field])]

    @staticmethod
    def count(node: Word | Phrase | Prefix, text: str, field: str) -> int:
        """How often the node stands in a text."""
        have, want = terms(text), terms(node.text)
        if isinstance(node, Prefix):
            return sum(term.startswith(want[0]) for term in have)
        if isinstance(node, Word) and not node.exact and len(want) == 1 and field in ("text", "title"):
            return sum(stem(term) == stem(want[0]) for term in have)
        return sum(have[i : i + len(want)] == want for i in range(len(have) - len(want) + 1))

    def score(self, node: Node, p: Paragraph) -> float:
        match node:
            case And(parts):
                return sum(self.score(part, p) for part in parts)
            case Or(parts):
                return sum(self.score(part, p) for part in parts if self.matches(part, p))
            case Word() | Phrase() | Prefix() if self.matches(node, p):
                return sum(
                    (TITLE if field == "title" and node.field == "text" else 1.0) * self.bm25(node, p, field)
                    for field, _ in self.texts(node.field, p)
                )
            case _:
                return 0.0

    def bm25(self, node: Word | Phrase | Prefix, p: Paragraph, field: str) -> float:
        if field not in ("text", "title"):
            return 0.0
        text: Callable[[Paragraph], str] = lambda q: q.text if field == "text" else q.article.title  # noqa: E731
        if isinstance(node, Prefix):
            return float(self.count(node, text(p), field) > 0)
        having = sum(self.count(node, text(q), field) > 0 for q in self.paragraphs)
        idf = math.log(1 + (len(self.paragraphs) - having + 0.5) / (having + 0.5))
        average = sum(len(terms(text(q))) for q in self.paragraphs) / len(self.paragraphs)
        tf = self.count(node, text(p), field)
        length = len(terms(text(p)))
        return idf * (K1 + 1) * tf / (tf + K1 * (1 - B + B * length / max(average, 1e-9)))
