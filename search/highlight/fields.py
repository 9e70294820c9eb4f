"""The fields of one paragraph, laid out as the index lays them out: which term stands where, run after run."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from search.analysis import capitals, scan, sentences
from search.model import Paragraph, Span
from search.query.nodes import TEXT
from search.topics import names_of

_GAP = 10_000
"""Positions between two runs: further than any distance."""


@dataclass(frozen=True)
class Field:
    """terms[i] stands at position at[i], and from starts[i] to ends[i] of ``text`` when the field is a part of it."""

    text: str
    terms: Sequence[str]
    at: Sequence[int]
    starts: Sequence[int]
    ends: Sequence[int]
    runs: Sequence[Span]

    def written(self, i: int) -> str:
        """How the capitals of a token are."""
        return capitals(self.text[self.starts[i] : self.ends[i]])

    def sentence(self, i: int) -> int:
        """A number that tokens of one sentence share, and no others."""
        return bisect_right(self._sentences, self.at[i])

    @cached_property
    def _sentences(self) -> list[int]:
        """The position of the first token of every sentence."""
        found, i = [], 0
        for run in self.runs:
            for offset in (0, *sentences(run.of(self.text))):
                while i < len(self.at) and self.starts[i] < run.start + offset:
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

    def values(self, name: str) -> Sequence[str]:
        """The whole values of a field."""
        return _VALUES[name](self.paragraph)

    def _lay_out(self, name: str) -> Field:
        text = self.paragraph.text
        if name == TEXT:
            return lay_out(text, [Span(0, len(text))])
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
    if len(runs) == 1 and runs[0] == Span(0, len(text)):  # nearly always, and ten times for every page of hits
        terms, starts, ends = _columns(list(scan(text)))
        return Field(text, terms, range(len(terms)), starts, ends, runs)
    found, at = [], []
    position = 0
    for run in runs:
        for term, start, end in scan(run.of(text)):
            found.append((term, run.start + start, run.start + end))
            at.append(position)
            position += 1
        position += _GAP
    terms, starts, ends = _columns(found)
    return Field(text, terms, at, starts, ends, runs)


def _columns(found: Sequence[tuple[str, int, int]]) -> tuple[Sequence[str], Sequence[int], Sequence[int]]:
    return tuple(zip(*found, strict=True)) if found else ((), (), ())  # type: ignore[return-value]


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
