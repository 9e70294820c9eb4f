"""A second opinion: evaluates query trees by going through every paragraph, slowly and plainly.

What ``search.query.nodes`` says a node means, this does, word for word; engines and highlights are compared with it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import pairwise, product
from typing import NamedTuple

from search.analysis import capitals, fold, pattern, sentences, stem, terms, tokens
from search.model import Article, Paragraph, SearchRequest, Sort
from search.query.nodes import (
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
    Unit,
    Wildcard,
    Word,
    field_of,
)  # fmt: skip
from search.topics import names_of

K1, B, K3, TITLE, EXACT = 1.2, 0.75, 2.0, 0.6, 0.2
SCORED = ("text", "title", "said")
APART = 10_000
"""Positions between two runs of a field: further than any distance."""


class Place(NamedTuple):
    """A token: its position in the field, how it is written, its sentence, and its characters in text or title."""

    at: int
    term: str
    capitals: str
    sentence: tuple[int, int]
    start: int
    end: int


Stretch = tuple[int, int]


class Oracle:
    """Knows the paragraphs of some articles."""

    def __init__(self, articles: Sequence[Article]) -> None:
        self.paragraphs = [paragraph for article in articles for paragraph in article.paragraphs]
        self._places: dict[tuple[str, str], list[Place]] = {}
        self._having: dict[tuple[Node, str], int] = {}

    def answer(self, tree: Node, request: SearchRequest) -> list[tuple[str, float]]:
        """Every match with its score, in order."""
        found = [(p, self.score(tree, p)) for p in self.paragraphs if self.matches(tree, p) and self.passes(request, p)]
        return [(p.id, score) for p, score in sorted(found, key=lambda pair: self.rank(request.sort, *pair))]

    @staticmethod
    def rank(sort: Sort, p: Paragraph, score: float) -> tuple[object, ...]:
        published = p.article.published
        newest = -(published - datetime(1, 1, 1)).total_seconds() if published else 1.0
        oldest = -newest if published else math.inf
        ties = (-round(score, 6), newest, p.article.id, p.number)
        indexed = p.article.indexed
        last = -(indexed - datetime(1, 1, 1)).total_seconds() if indexed else 1.0
        return {
            Sort.RELEVANCE: ties,
            Sort.NEWEST: (newest, *ties),
            Sort.OLDEST: (oldest, *ties),
            Sort.INDEXED: (last, newest, *ties),
        }[sort]

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

    # ------------------------------------------------------------------------- matching

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
            case Word() | Phrase() | Prefix() | Wildcard() | Fuzzy() if node.field in WHOLE:
                return any(is_meant(node.field, node.text, value) for value in runs(node.field, p))
            case AtLeast(part):
                return any(self.count(node, p, name) for name in names(field_of(part)))
            case _:
                return any(self.count(node, p, name) for name in names(field_of(node)))

    def count(self, node: Node, p: Paragraph, name: str) -> int:
        """How often the node occurs in one of the texts of its field."""
        places = self.places(name, p)
        if isinstance(node, AtLeast):
            count = len(occurrences(node.part, places, name))
            return count if count >= node.count else 0
        if isinstance(node, Near):
            return len({choice[0] for choice in choices(node, places, name)})
        return len(occurrences(node, places, name))

    def places(self, name: str, p: Paragraph) -> list[Place]:
        key = (name, p.id)
        if key not in self._places:
            offsets = [run.start for quotation in p.quotations for run in quotation.quoted] if name == "said" else [0]
            self._places[key] = list(lay_out(runs(name, p), offsets, name in SCORED))
        return self._places[key]

    def marks(self, node: Node, p: Paragraph) -> set[tuple[str, int, int]]:
        """What answers: which characters of ``text`` or ``title``, in stretches that may overlap."""
        if not self.matches(node, p):
            return set()
        match node:
            case And(parts) | Or(parts):
                return set().union(*(self.marks(part, p) for part in parts))
            case Everything() | Published() | Not():
                return set()
            case AtLeast(part):
                counted = [name for name in names(field_of(part)) if self.count(node, p, name)]
                return set().union(*(self.marks_in(part, p, name) for name in counted))
            case _ if field_of(node) in SCORED:
                return set().union(*(self.marks_in(node, p, name) for name in names(field_of(node))))
            case _:
                return set()

    def marks_in(self, node: Node, p: Paragraph, name: str) -> set[tuple[str, int, int]]:
        if name not in SCORED:
            return set()
        places = self.places(name, p)
        characters = {place.at: (place.start, place.end) for place in places}
        where = "title" if name == "title" else "text"
        return {
            (where, characters[start][0], characters[end - 1][1]) for start, end in answering(node, places, name, None)
        }

    # -------------------------------------------------------------------------- scoring

    def score(self, node: Node, p: Paragraph) -> float:
        match node:
            case And(parts) | Or(parts):
                times = {part: parts.count(part) for part in parts if self.matches(part, p)}
                return sum((K3 + 1) * n / (K3 + n) * self.score(part, p) for part, n in times.items())
            case Everything() | Published() | Not():
                return 0.0
            case AtLeast(part):
                field = field_of(part)
            case _:
                field = field_of(node)
        if field not in SCORED or not self.matches(node, p):
            return 0.0
        score = sum((TITLE if name != field else 1.0) * self.bm25(node, p, name) for name in names(field))
        if isinstance(node, Word) and not node.exact and len(terms(node.text)) == 1:
            score += EXACT * self.score(replace(node, exact=True), p)
        return score

    def bm25(self, node: Node, p: Paragraph, name: str) -> float:
        tf = self.count(node, p, name)
        if isinstance(node, Prefix | Wildcard | Fuzzy):
            return float(tf > 0)
        if (node, name) not in self._having:
            self._having[node, name] = sum(self.count(node, q, name) > 0 for q in self.paragraphs)
        having = self._having[node, name]
        idf = math.log(1 + (len(self.paragraphs) - having + 0.5) / (having + 0.5))
        average = sum(len(self.places(name, q)) for q in self.paragraphs) / len(self.paragraphs)
        length = len(self.places(name, p))
        return idf * (K1 + 1) * tf / (tf + K1 * (1 - B + B * length / max(average, 1e-9)))


def is_meant(field: str, asked: str, value: str) -> bool:
    """The same value, whatever the case; a language is also meant by its first part."""
    asked, value = asked.casefold(), value.casefold()
    return value == asked or (field == "language" and value.startswith(asked + "-"))


def names(field: str | None) -> tuple[str, ...]:
    """The texts in which a node of that field is looked for, each on its own."""
    assert field is not None
    return ("text", "title") if field == "text" else (field,)


def runs(name: str, p: Paragraph) -> list[str]:
    """What stands in a field; nothing spans two of these."""
    meta = p.article
    return {
        "text": [p.text],
        "title": [meta.title],
        "said": [run.of(p.text) for quotation in p.quotations for run in quotation.quoted],
        "speaker": [name for speaker in p.speakers for name in (speaker.name, *speaker.aliases)],
        "mentions": list(p.mentions),
        "topic": list(names_of(p.topics)),
        "outlet": [meta.outlet],
        "section": [meta.section],
        "byline": [meta.byline],
        "kind": [p.kind.value],
        "language": [meta.language],
        "quoted": [quotation.kind.value for quotation in p.quotations],
    }[name]


def lay_out(texts: Sequence[str], offsets: Sequence[int], marked: bool) -> Iterator[Place]:
    at = 0
    for number, text in enumerate(texts):
        starts = sentences(text) if marked else []  # a name or a label is one sentence
        offset = offsets[number] if number < len(offsets) else 0
        for token in tokens(text):
            sentence = (number, sum(start <= token.start for start in starts))
            written = capitals(text[token.start : token.end])
            yield Place(at, token.term, written, sentence, offset + token.start, offset + token.end)
            at += 1
        at += APART


# ---------------------------------------------------------------------------- occurrences


def occurrences(node: Node, places: Sequence[Place], name: str) -> set[Stretch]:
    """Every stretch of positions where the node stands, half-open."""
    match node:
        case Or(parts):
            return {stretch for part in parts for stretch in occurrences(part, places, name)}
        case Near():
            return {(min(s for s, _ in c), max(e for _, e in c)) for c in choices(node, places, name)}
        case Word(text, _, exact):
            want = terms(text)
            if len(want) == 1 and not exact and name in SCORED:
                return single(places, [stem(place.term) == stem(want[0]) for place in places])
            return in_a_row(want, places)
        case Phrase(text):
            return in_a_row(terms(text), places)
        case Prefix(text):
            return single(places, [place.term.startswith(terms(text)[0]) for place in places])
        case Wildcard(text):
            fits = re.compile((pattern(text) or "").replace("?", ".").replace("*", ".*"), re.DOTALL)
            return single(places, [fits.fullmatch(place.term) is not None for place in places])
        case Fuzzy(text, distance):
            word = terms(text)[0]
            return single(places, [p.term[0] == word[0] and edits(word, p.term) <= distance for p in places])
        case Caps(text):
            want_capitals = capitals(text)
            return single(places, [p.term == fold(text) and p.capitals == want_capitals for p in places])
        case _:
            raise AssertionError(f"{node} does not occur")


def single(places: Sequence[Place], holds: Sequence[bool]) -> set[Stretch]:
    return {(place.at, place.at + 1) for place, it_does in zip(places, holds, strict=True) if it_does}


def in_a_row(want: Sequence[str], places: Sequence[Place]) -> set[Stretch]:
    found = set()
    for i in range(len(places) - len(want) + 1 if want else 0):
        part = places[i : i + len(want)]
        if [p.term for p in part] == list(want) and part[-1].at - part[0].at == len(want) - 1:
            found.add((part[0].at, part[-1].at + 1))
    return found


def answering(node: Node, places: Sequence[Place], name: str, whole: Stretch | None) -> set[Stretch]:
    """The stretches of words that make up the occurrences of a node, or the one occurrence that is ``whole``."""
    match node:
        case Or(parts):
            return set().union(*(answering(part, places, name, whole) for part in parts))
        case Near(parts):
            found: set[Stretch] = set()
            for choice in choices(node, places, name):
                if whole in (None, (min(s for s, _ in choice), max(e for _, e in choice))):
                    for part, stretch in zip(parts, choice, strict=True):
                        found |= answering(part, places, name, stretch)
            return found
        case _:
            return {stretch for stretch in occurrences(node, places, name) if whole in (None, stretch)}


def choices(near: Near, places: Sequence[Place], name: str) -> Iterator[tuple[Stretch, ...]]:
    """Every choice of one occurrence of each part that keeps apart, in order, and close."""
    sentence = {place.at: place.sentence for place in places}
    for choice in product(*(sorted(occurrences(part, places, name)) for part in near.parts)):
        in_order = choice if near.ordered else sorted(choice)
        if any(one[1] > two[0] for one, two in pairwise(in_order)):
            continue
        if near.distance is Unit.SENTENCE:
            close = len({sentence[at] for start, end in choice for at in (start, end - 1)}) == 1
        elif near.distance is Unit.PARAGRAPH:
            close = True
        else:
            others = in_order[-1][1] - in_order[0][0] - sum(end - start for start, end in choice)
            close = others < near.distance
        if close:
            yield choice


def edits(one: str, two: str) -> int:
    """Optimal string alignment, by its recursion."""
    rows = [list(range(len(two) + 1))]
    for i, a in enumerate(one, 1):
        row = [i]
        for j, b in enumerate(two, 1):
            best = min(rows[-1][j] + 1, row[-1] + 1, rows[-1][j - 1] + (a != b))
            if i > 1 and j > 1 and a == two[j - 2] and one[i - 2] == b:
                best = min(best, rows[-2][j - 2] + 1)
            row.append(best)
        rows.append(row)
    return rows[-1][-1]
