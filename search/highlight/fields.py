"""The fields of one paragraph, laid out as the index lays them out: which term stands where, run after run."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from search.analysis import capitals, columns, sentences, stem
from search.model import Paragraph, Span
from search.query.nodes import TEXT
from search.topics import names_of

_GAP = 10_000
"""Positions between two runs: further than any distance."""


@dataclass(eq=False)
class Field:
    """terms[i] stands at position at[i], and at spans[i], start and end, in ``text`` when the field is a part of it."""

    text: str
    terms: Sequence[str]
    at: Sequence[int]
    spans: Sequence[tuple[int, int]]
    runs: Sequence[Span]

    @cached_property
    def stems(self) -> Sequence[str]:
        """The stem of each term."""
        return list(map(stem, self.terms))

    def written(self, i: int) -> str:
        """How the capitals of a token are."""
        return capitals(self.text[slice(*self.spans[i])])

    def sentence(self, i: int) -> int:
        """A number that tokens of one sentence share, and no others."""
        return bisect_right(self._sentences, self.at[i])

    @cached_property
    def _sentences(self) -> list[int]:
        """The position of the first token of every sentence."""
        found, i = [], 0
        for run in self.runs:
            for offset in (0, *sentences(run.of(self.text))):
                while i < len(self.at) and self.spans[i][0] < run.start + offset:
                    i += 1
                if i < len(self.at):
                    found.append(self.at[i])
        return sorted(found)


class Fields:
    """The fields of a paragraph, each laid out when it is first asked for."""

    def __init__(self, paragraph: Paragraph) -> None:
        self.paragraph = paragraph
        self._laid: dict[str, Field] = {}

    def __getitem__(self, name: str) -> Field:
        if name not in self._laid:
            self._laid[name] = self._lay_out(name)
        return self._laid[name]

    def text(self, name: str) -> str:
        """The text that is searched for words: ``text`` or ``title``."""
        return self.paragraph.text if name == TEXT else self.paragraph.article.title

    def values(self, name: str) -> Sequence[str]:
        """The whole values of a field."""
        return _VALUES[name](self.paragraph)

    def _lay_out(self, name: str) -> Field:
        text = self.paragraph.text
        if name == TEXT:
            return _whole(text)
        if name == "title":
            return _title(self.paragraph.article.title)
        if name == "said":
            return lay_out(text, [run for quotation in self.paragraph.quotations for run in quotation.quoted])
        runs, at = [], 0
        values = self.values(name)
        for value in values:
            runs.append(Span(at, at + len(value)))
            at += len(value) + 1
        return lay_out("\n".join(values), runs)


def lay_out(text: str, runs: Sequence[Span]) -> Field:
    """Runs of a text with their tokens; positions go on from run to run, with a gap between."""
    found: list[str] = []
    at: list[int] = []
    spans: list[tuple[int, int]] = []
    position = 0
    for run in runs:
        of_run, where = columns(run.of(text))
        found += of_run
        spans += [(run.start + start, run.start + end) for start, end in where]
        at += range(position, position + len(of_run))
        position += len(of_run) + _GAP
    return Field(text, found, at, spans, runs)


def _whole(text: str) -> Field:
    """A text as its one run."""
    found, spans = columns(text)
    return Field(text, found, range(len(found)), spans, [Span(0, len(text))])


_title = lru_cache(1024)(_whole)
"""The paragraphs of one article share its title, and the hits of a page often are of few articles."""

_VALUES: dict[str, Callable[[Paragraph], Sequence[str]]] = {
    "title": lambda p: [p.article.title],
    "speaker": lambda p: [name for speaker in p.speakers for name in (speaker.name, *speaker.aliases)],
    "mentions": lambda p: p.mentions,
    "topic": lambda p: names_of(p.topics),
    "outlet": lambda p: [p.article.outlet],
    "section": lambda p: [p.article.section],
    "byline": lambda p: [p.article.byline],
    "kind": lambda p: [p.kind.value],
    "language": lambda p: [p.article.language],
    "quoted": lambda p: [quotation.kind.value for quotation in p.quotations],
}
