"""A paragraph as a row of tokens in which what stands between quotation marks is one token.

So a sentence reads the same to the rules whatever it quotes: “…,” said X.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import accumulate, compress
from operator import itemgetter

from search.attribution.bits import (
    ADVERB,
    ARTICLE,
    AUXILIARY,
    BE,
    CLOSED,
    CONJUNCTION,
    CUE,
    DAY,
    HAVE,
    HONORIFIC,
    OBJECT,
    OPENER,
    SUBJECT,
)
from search.attribution.lexicon import Lexicon, Word
from search.attribution.marks import Run
from search.attribution.shapes import GLUE, OPEN, OWN, QUOTATION
from search.attribution.spelling import spelt

QUOTED = "“”"
"""The token that stands for a stretch between quotation marks."""
_CONTRACTED = {"he", "she", "it", "that", "who", "what", "there", "here", "where", "let"}
_ENDS = ".?!…"
_STOPS = {*_ENDS, "..", "..."}
_LONGEST = 150
"""Tokens; a longer sentence is a list or a table, and is parted at the next mark, or in any case at twice as many."""
_DATELINE = re.compile(
    r"\s*(?:[A-Z][A-Z.'’-]{2,}|[A-Z][\w.'’-]+(?= ?[(/]))(?:[ /][A-Z][\w.'’-]*){0,3}(?:, ?[^—–()“\"-]{1,30})?"
    r" ?(?:\([\w /]{2,30}\))? ?(?:—|–|--|-|:)(?=\s)"
)
"""Where and when an article was filed, before its first sentence: LONDON, March 3 (Reuters) -"""
_width = itemgetter(6)


@dataclass(slots=True)
class Sentence:
    """Tokens outside of quotation marks, with their words in small letters, bits, and ``starts`` in the paragraph.

    ``large`` says of each token whether it begins with a capital; ``capitals`` are those that do. ``runs`` leads from
    the index of a token QUOTED to the stretch it stands for.
    """

    words: list[str]
    low: list[str]
    bits: list[int]
    shapes: list[str]
    large: list[bool]
    starts: list[int]
    runs: dict[int, Run] = field(default_factory=dict)
    cued: bool = False
    capitals: list[int] = field(default_factory=list)
    shouts: bool = False

    def __len__(self) -> int:
        return len(self.words)

    def start(self, i: int) -> int:
        return self.starts[i]

    def end(self, i: int) -> int:
        run = self.runs.get(i)
        return run.end if run else self.starts[i] + len(self.words[i])


def sentences(text: str, runs: tuple[Run, ...], words: Lexicon) -> list[Sentence]:
    """The sentences of a paragraph; a full stop inside of quotation marks ends the one around it, too."""
    row = _Row(text, words)
    dateline = _DATELINE.match(text)
    at = dateline.end() if dateline else 0
    for run in runs:
        row.read(at, max(at, run.start))
        row.quoted(run)
        at = run.end
    row.read(at, len(text))
    if not row.found:
        return []
    found = _Parter(row).parts()
    if runs:
        found = list(_joined(found))
    for s in found:
        s.capitals = list(compress(range(len(s.words)), s.large))
        if len(s.capitals) > 3 and 2 * len(s.capitals) > len(s.words):
            long = [w[0].isupper() for w, bits in zip(s.words, s.bits, strict=True) if len(w) > 2 and not bits & CLOSED]
            s.shouts = len(long) > 3 and sum(long) > 0.9 * len(long) and not _plain(s)
    return found


def _plain(s: Sentence) -> bool:
    """Whether an auxiliary in small letters shows that a sentence is no headline, however many names it holds."""
    return any(
        bits & AUXILIARY and len(word) > 2 and word[0].isalpha() and word.islower()
        for word, bits in zip(s.words, s.bits, strict=True)
    )


class _Row:
    """All tokens of a paragraph as the lexicon gave them, where each starts in ``text``, and which are ``runs``."""

    def __init__(self, text: str, words: Lexicon) -> None:
        self.text, self.words = text, words
        self.found: list[Word] = []
        self.starts: list[int] = []
        self.runs: dict[int, Run] = {}

    def read(self, start: int, stop: int) -> None:
        """Take in the tokens of a stretch."""
        text = self.text[start:stop]
        found = spelt(text, self.words)
        if not found:
            return
        at = stop - len(text.lstrip())
        starts = list(accumulate(map(_width, found), initial=at))
        if starts.pop() - at - 1 != len(text.strip()):  # more than one blank somewhere
            starts.clear()
            for word in found:
                at = self.text.index(word[0], at)
                starts.append(at)
                at += len(word[0])
        self.found += found
        self.starts += starts

    def quoted(self, run: Run) -> None:
        # Its last sign stands for the word: a comma says that somebody is about to be named.
        tail = self.text[max(run.inner, run.stop - 3) : run.stop].rstrip(" ’'”\"")
        self.runs[len(self.found)] = run
        self.found.append((QUOTED, tail[-1:] or QUOTED, 0, QUOTATION, False, True, 0))
        self.starts.append(run.start)


class _Parter:
    """Parts a row of tokens into sentences.

    ``begin`` is the first token of the sentence that is open. This sees every word of an archive, so it looks only at
    what can tell anything, and lets plain words pass by whole rows. ``gone`` are tokens joined to the one after.
    """

    def __init__(self, row: _Row) -> None:
        self.text, self.runs, self.starts = row.text, row.runs, row.starts
        self.abbreviations = row.words.abbreviations
        columns = zip(*row.found, strict=True)
        self.words, self.low, self.bits, self.shapes, self.large, self.telling, _ = map(list, columns)
        self.done: list[Sentence] = []
        self.gone: list[int] = []
        self.begin = self.depth = 0
        self.over = self.shortened = self.cued = False

    def parts(self) -> list[Sentence]:
        size = len(self.words)
        long = size > _LONGEST
        for k in range(size) if long else compress(range(size), self.telling):
            if k in self.runs:
                self.quoted(k)
            else:
                if long and self.length(k) > 2 * _LONGEST:
                    self.part(k)
                self.mark(k)
            if (self.over or self.shortened) and k + 1 < size and k + 1 not in self.runs:
                self.look(k + 1)
        self.part(size)
        return self.done

    def length(self, k: int) -> int:
        """How many tokens the open sentence has before token k."""
        return k - self.begin - len(self.gone)

    def look(self, k: int) -> None:
        """Part the sentence before token k, which may begin a new one, if it does."""
        word, bits, large = self.words[k], self.bits[k], self.large[k]
        if (self.over and (large or word[0].isdigit() or word in "([•*")) or (
            large and self.shortened and bits & (SUBJECT | ARTICLE | OPENER) and not bits & CONJUNCTION
        ):
            self.part(k)
        self.over = self.over and word in ")]"
        self.shortened = False

    def mark(self, k: int) -> None:
        """What a word of saying, a shortened word or a sign means for its sentence."""
        word = self.words[k]
        if word[0].isalnum():
            self.shortened = word[-1] == "." and len(word) > 2
            self.cued = self.cued or bool(self.bits[k] & CUE) or self.low[k] == "according"
        elif word in _STOPS:
            if word == "." and self.touches(k) and self.abbreviation(k - 1):
                self.join(k)
            else:
                self.over = self.depth == 0
        elif word in "'’" and self.touches(k) and self.low[k - 1].endswith("s"):
            self.low[k], self.shapes[k] = OWN, GLUE  # the officials’ claim
        elif word in "([":
            self.depth += k > self.begin  # brackets around whole sentences hold no aside
        elif word in ")]":
            self.depth = max(0, self.depth - 1)
        elif self.low[k] == OWN and k > self.begin and self.low[k - 1] in _CONTRACTED:
            self.bits[k] |= BE | HAVE
        elif self.length(k) > _LONGEST:
            self.over = True

    def touches(self, k: int) -> bool:
        """Whether nothing stands between token k and the one before it in its sentence."""
        if k == self.begin:
            return False
        run = self.runs.get(k - 1)
        return self.starts[k] == (run.end if run else self.starts[k - 1] + len(self.words[k - 1]))

    def abbreviation(self, k: int) -> bool:
        word = self.words[k]
        return (len(word) == 1 and word.isupper()) or self.low[k] in self.abbreviations

    def join(self, k: int) -> None:
        """Join a full stop to the word before, which it shortens."""
        self.words[k], self.shapes[k] = self.words[k - 1] + ".", OPEN
        for column in (self.low, self.bits, self.large, self.starts):
            column[k] = column[k - 1]
        self.gone.append(k - 1)
        self.shortened = True

    def quoted(self, k: int) -> None:
        run = self.runs[k]
        begins = self.shortened and self.text[run.inner].isupper() and not self.bits[k - 1] & HONORIFIC
        if self.over or begins or self.length(k) > 2 * _LONGEST:
            self.part(k)
        self.over = self.low[k] in _STOPS and self.depth == 0
        self.shortened = False

    def part(self, k: int) -> None:
        """End the open sentence before token k."""
        begin = self.begin
        if k > begin:
            s = Sentence(
                self.words[begin:k], self.low[begin:k], self.bits[begin:k], self.shapes[begin:k], self.large[begin:k],
                self.starts[begin:k],
            )  # fmt: skip
            s.cued = self.cued
            if self.runs:
                s.runs = {
                    i - begin - sum(gone < i for gone in self.gone): run
                    for i, run in self.runs.items()
                    if begin <= i < k
                }
            for i in reversed(self.gone):
                for column in (s.words, s.low, s.bits, s.shapes, s.large, s.starts):
                    del column[i - begin]
            self.done.append(s)
        self.begin, self.depth, self.over, self.cued = k, 0, False, False
        self.gone = []


def _joined(parts: list[Sentence]) -> Iterator[Sentence]:
    """Put back together what a quotation's own full stop parted: “Go!” | Kim said."""
    held: Sentence | None = None
    for part in parts:
        if held is not None and _goes_on(held, part):
            shift = len(held)
            held.words += part.words
            held.low += part.low
            held.bits += part.bits
            held.shapes += part.shapes
            held.large += part.large
            held.starts += part.starts
            held.runs.update({shift + i: run for i, run in part.runs.items()})
            held.cued = held.cued or part.cued
            continue
        if held is not None:
            yield held
        held = part
    if held is not None:
        yield held


def _goes_on(held: Sentence, part: Sentence) -> bool:
    """Whether a sentence after a quotation is only the words that say who spoke: Kim said on Monday."""
    if not held.words or held.words[-1] != QUOTED or not part.cued or part.words[0] == QUOTED:
        return False
    place = next((i for i in range(min(9, len(part))) if part.bits[i] & CUE), None)
    if place is None or (part.low[0] == "according" and len(part) < 12):
        return place is None
    after = place + 1
    if held.low[-1] in "?!" and not (
        after < len(part) and part.low[after] in {"that", "the", "he", "she", "it", "they"}
    ):
        return QUOTED not in part.words[:after]
    return all(
        part.bits[i] & (DAY | ADVERB | OBJECT) or part.words[i] in {".", QUOTED, ":", "on"}
        for i in range(place + 1, len(part))
    )
