"""A paragraph as a row of tokens in which what stands between quotation marks is one token.

So a sentence reads the same to the rules whatever it quotes: “…,” said X.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field

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
    PERSON,
    SUBJECT,
)
from search.attribution.lexicon import Lexicon, Word
from search.attribution.marks import Run

QUOTED = "“”"
"""The token that stands for a stretch between quotation marks."""
OWN = "'s"
_TOKEN = re.compile(
    r"[^\W\d_](?:\.[^\W\d_])+\.?|\d[\d.,]*\d(?:-\w+)*|\w+(?:[-–‑&/@]\w+|['’](?![sS]\b)\w+)*|['’][sS]\b|\.\.+|--+|[^\w\s]"
)
_CONTRACTED = {"he", "she", "it", "that", "who", "what", "there", "here", "where", "let"}
_PREFIXES = {"co", "ex", "then", "vice", "deputy", "former", "sub", "self"}
_ENDS = ".?!…"
_STOPS = {*_ENDS, "..", "..."}
_LONGEST = 150
"""Tokens; a longer sentence is a list or a table, and is parted at the next mark, or in any case at twice as many."""
_REMEMBERED = 100_000
"""Words that a process keeps looked up."""
_DATELINE = re.compile(
    r"\s*(?:[A-Z][A-Z.'’-]{2,}|[A-Z][\w.'’-]+(?= ?[(/]))(?:[ /][A-Z][\w.'’-]*){0,3}(?:, ?[^—–()“\"-]{1,30})?"
    r" ?(?:\([\w /]{2,30}\))? ?(?:—|–|--|-|:)(?=\s)"
)
"""Where and when an article was filed, before its first sentence: LONDON, March 3 (Reuters) -"""


@dataclass(slots=True)
class Sentence:
    """Tokens outside of quotation marks, with their words in small letters, bits, and ``spans`` in the paragraph.

    ``capitals`` are the tokens that begin with a capital. ``runs`` leads from the index of a token QUOTED to the
    stretch it stands for.
    """

    words: list[str] = field(default_factory=list)
    low: list[str] = field(default_factory=list)
    bits: list[int] = field(default_factory=list)
    spans: list[tuple[int, int]] = field(default_factory=list)
    runs: dict[int, Run] = field(default_factory=dict)
    capitals: list[int] = field(default_factory=list)
    cued: bool = False
    shouts: bool = False

    def __len__(self) -> int:
        return len(self.words)

    def start(self, i: int) -> int:
        return self.spans[i][0]

    def end(self, i: int) -> int:
        return self.spans[i][1]


def folded(word: str) -> str:
    """A word without its accents: Zoë is Zoe."""
    return "".join(c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c))


def sentences(text: str, runs: tuple[Run, ...], words: Lexicon) -> list[Sentence]:
    """The sentences of a paragraph; a full stop inside of quotation marks ends the one around it, too."""
    reader = _Reader(text, words)
    dateline = _DATELINE.match(text)
    at = dateline.end() if dateline else 0
    for run in runs:
        reader.read(at, max(at, run.start))
        reader.quoted(run)
        at = run.end
    reader.read(at, len(text))
    found = list(_joined(reader.finish()))
    for s in found:
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


def _look_up(word: str, words: Lexicon) -> Word:
    """Look a word up and remember it."""
    low = word.lower().replace("’", "'")
    if low in words.upper and word.isupper():
        low = words.upper[low]
    bits = words.flags.get(low, 0)
    if not bits and not low.isascii():
        bits = words.flags.get(folded(low), 0) & PERSON
    if not bits and "'" in low:
        bits = words.flags.get(low.partition("'")[0], 0) & SUBJECT  # I’ve, they’re
    if not bits and "-" in low:
        prefix, _, rest = low.partition("-")
        if prefix in _PREFIXES:
            bits = words.flags.get(rest, 0) & ~CUE
    if len(words.known) > _REMEMBERED:
        words.known.clear()
    special = not word[0].isalnum() or word[-1] == "." or bool(bits & CUE) or low == "according"
    entry = words.known[word] = low, bits, word[0].isupper(), special
    return entry


class _Reader:
    def __init__(self, text: str, words: Lexicon) -> None:
        self.text, self.words = text, words
        self.done: list[Sentence] = []
        self.now = Sentence()
        self.depth = 0
        self.over = self.shortened = False

    def read(self, start: int, stop: int) -> None:
        """Take in the tokens of a stretch. This loop sees every word of an archive, so it asks little of plain ones."""
        known, now = self.words.known, self.now
        words, lows, flags, spans = now.words, now.low, now.bits, now.spans
        for found in _TOKEN.finditer(self.text, start, stop):
            word = found[0]
            low, bits, large, special = known.get(word) or _look_up(word, self.words)
            if self.over or self.shortened or len(words) > 2 * _LONGEST:
                now = self.part(word, bits, large)
                words, lows, flags, spans = now.words, now.low, now.bits, now.spans
            if special:
                if word == "." and self.abbreviates(now, found.start()):
                    words[-1] += "."
                    spans[-1] = spans[-1][0], found.end()
                    self.shortened = True
                    continue
                low, bits = self.mark(word, low, bits, found.start())
            if large:
                now.capitals.append(len(words))
            words.append(word)
            lows.append(low)
            flags.append(bits)
            spans.append(found.span())

    def part(self, word: str, bits: int, large: bool) -> Sentence:
        """The sentence that a token belongs to which may begin a new one."""
        if (
            (self.over and (large or word[0].isdigit() or word in "([•*"))
            or (large and self.shortened and bits & (SUBJECT | ARTICLE | OPENER) and not bits & CONJUNCTION)
            or len(self.now.words) > 2 * _LONGEST
        ):
            self.next()
        self.over = self.over and word in ")]"
        self.shortened = False
        return self.now

    def mark(self, word: str, low: str, bits: int, begin: int) -> tuple[str, int]:
        """What a word of saying, a shortened word or a sign means for its sentence; its own word and bits."""
        now = self.now
        if word[0].isalnum():
            self.shortened = word[-1] == "." and len(word) > 2
            now.cued = now.cued or bool(bits & CUE) or low == "according"
        elif word in _STOPS:
            self.over = self.depth == 0
        elif word in "'’" and now.words and now.spans[-1][1] == begin and now.low[-1].endswith("s"):
            return OWN, bits  # the officials’ claim
        elif word in "([":
            self.depth += bool(now.words)  # brackets around whole sentences hold no aside
        elif word in ")]":
            self.depth = max(0, self.depth - 1)
        elif low == OWN and now.low and now.low[-1] in _CONTRACTED:
            return low, bits | BE | HAVE
        elif len(now.words) > _LONGEST:
            self.over = True
        return low, bits

    def abbreviates(self, now: Sentence, begin: int) -> bool:
        """Whether a full stop at ``begin`` shortens the word before it."""
        return bool(now.words) and now.spans[-1][1] == begin and self.abbreviation(now)

    def abbreviation(self, now: Sentence) -> bool:
        last = now.words[-1]
        return (len(last) == 1 and last.isupper()) or now.low[-1] in self.words.abbreviations

    def quoted(self, run: Run) -> None:
        begins = self.shortened and self.text[run.inner].isupper() and not self.now.bits[-1] & HONORIFIC
        if self.over or begins or len(self.now.words) > 2 * _LONGEST:
            self.next()
        self.now.runs[len(self.now)] = run
        tail = self.text[max(run.inner, run.stop - 3) : run.stop].rstrip(" ’'”\"")
        # Its last sign stands for the word: a comma says that somebody is about to be named.
        self.now.words.append(QUOTED)
        self.now.low.append(tail[-1:] or QUOTED)
        self.now.bits.append(0)
        self.now.spans.append((run.start, run.end))
        self.over = tail[-1:] in _STOPS and self.depth == 0
        self.shortened = False

    def next(self) -> Sentence:
        self.done.append(self.now)
        self.now = Sentence()
        self.over = False
        self.depth = 0
        return self.now

    def finish(self) -> list[Sentence]:
        if self.now.words:
            self.done.append(self.now)
        return self.done


def _joined(parts: list[Sentence]) -> Iterator[Sentence]:
    """Put back together what a quotation's own full stop parted: “Go!” | Kim said."""
    held: Sentence | None = None
    for part in parts:
        if held is not None and _goes_on(held, part):
            shift = len(held)
            held.words += part.words
            held.low += part.low
            held.bits += part.bits
            held.spans += part.spans
            held.capitals += [shift + i for i in part.capitals]
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
