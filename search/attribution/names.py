"""Proper names in a sentence: where they begin and end, the titles before them, and what they seem to name."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from search.attribution.bits import (
    ADVERB,
    ARTICLE,
    AUXILIARY,
    CAPITAL,
    CLOSED,
    CUE,
    DAY,
    DEMONYM,
    FAMILY,
    FEMALE,
    HEAD,
    HONORIFIC,
    KNOWN,
    MALE,
    MONTH,
    NATION,
    NOT_NAME,
    NUMBER,
    OPENER,
    PARTICLE,
    PERSON,
    PLACE,
    PREPOSITION,
    ROLE,
    SUFFIX,
    TIME,
    TITLE,
    VERB,
)
from search.attribution.lexicon import Lexicon
from search.attribution.rows import extent
from search.attribution.shapes import LARGE_ARTICLE, OWN
from search.attribution.sorting import Name, Sorter
from search.attribution.tokens import QUOTED, Sentence

_NEVER_FIRST = ARTICLE | CLOSED | OPENER | ADVERB | VERB | NUMBER | TIME
_NAMING = PERSON | FAMILY | PARTICLE | KNOWN | NATION | CAPITAL | PLACE
"""What a word that may open a headline as a name can be besides."""
_BREAKS = {QUOTED, ":", "(", "-", "–", "—", ";", "•"}
"""Signs after which a word has a capital as if it began a sentence."""
_BEGINS = _BREAKS - {":"} | {'"'}


class NameFinder(Sorter):
    """Finds the names of one article's sentences.

    ``common`` are the words that the article also writes in small letters: no names where a sentence begins with one.
    ``names`` are the words it capitalises within sentences of small letters: names in a headline, too.
    """

    def __init__(self, words: Lexicon, common: Collection[str], names: Collection[str] = ()) -> None:
        super().__init__(words, common)
        self.names = names

    @classmethod
    def of(cls, words: Lexicon, article: list[Sentence]) -> NameFinder:
        """A finder for the sentences of one article, which has seen how it writes its words."""
        common: set[str] = set()
        names: set[str] = set()
        for s in article:
            common.update(s.words)
            for i in () if s.shouts else s.capitals:
                if i or (len(s) > 1 and (s.bits[1] & CUE or s.low[1] == OWN)):
                    names.add(s.words[i])
        return cls(words, common, names)

    def find(self, s: Sentence) -> list[Name]:
        if s.shouts:
            return list(self.headline(s))
        found: list[Name] = []
        done = 0
        for at in s.capitals:
            if at < done or (s.bits[at] & (DAY | MONTH) and not self.forename(s, at)):
                continue
            done = extent(s, at, self.groups)
            if done == at + 1 and s.shapes[at] == LARGE_ARTICLE:
                continue  # The, as so many sentences begin
            name = self.part(s, at, done)
            if name is not None:
                found.append(name)
        return found

    def headline(self, s: Sentence) -> Iterator[Name]:
        """Only a forename and the word after it, and single words, can be told from the rest in a headline."""
        first, i = self.voice(s)
        if i:
            yield self.made(s, first, i, 0, 0, (), False)
        while i < len(s):
            word, bits = s.words[i], s.bits[i]
            more = i + 1 < len(s.words) and s.words[i + 1][0].isupper()
            if (
                bits & PERSON
                and more
                and not s.bits[i + 1] & (CLOSED | VERB | CUE)
                and s.low[i + 1] not in self.common
                and s.words[i + 1] in self.names
            ):
                yield self.made(s, i, i + 2, i, 0, (), False)
                i += 1
            elif word[0].isupper() and word in self.names and not bits & (CLOSED | TITLE | ROLE | ARTICLE | OPENER):
                yield self.made(s, i, i + 1, i, 0, (), False)
            i += 1

    def voice(self, s: Sentence) -> tuple[int, int]:
        """The tokens of a name that opens a headline, Dr. Holm: Ships to Sail; none, 0 to 0, where there is none."""
        size = next((i for i in range(1, min(5, len(s))) if s.words[i] == ":"), 0)
        first = 0
        while first < size - 1 and s.bits[first] & (HONORIFIC | TITLE) and not s.bits[first] & PERSON:
            first += 1
        words = s.bits[first:size]
        if not words or any(bits & ~_NAMING for bits in words) or (len(words) > 1 and not words[0] & PERSON):
            return 0, 0
        return (first, size) if all(word[0].isupper() for word in s.words[first:size]) else (0, 0)

    def forename(self, s: Sentence, i: int) -> bool:
        if i + 1 >= len(s):
            return False
        return s.low[i + 1].rstrip(".") in self.groups.firm_endings or (
            bool(s.bits[i] & PERSON) and s.words[i + 1][0].isupper()
        )

    def part(self, s: Sentence, start: int, end: int) -> Name | None:
        """The name in a row of capitals, which may hold a country, a title and a person."""
        while start < end and self.country(s, start, end) < 2 and self.foreign(s, start):
            start += 1
        after = end
        while end - start > 2 and s.bits[end - 1] & SUFFIX:
            end -= 1  # Ada Holm MP
        if start >= end or (s.words[start][1:2] == "-" and s.words[start][0] in "RDI"):
            return None
        if end - start == 1 and (self.shortened(s, start) or not self.surely(s, start)):
            return None
        first = self.core(s, start, end)
        size = self.country(s, first, end) if first < end else 0
        if first == start and 1 < size < end - start - 1 and not self.house(s, start, end):
            first += size  # North Korea's neighbours: “North Korea Sung Kim” is a country and a man
        titles = [s.low[i] for i in range(start, first)]
        before = start
        if not self.house(s, first, end):
            # Titles in small letters before the row belong to it: special envoy Kim.
            while before and s.words[before - 1].islower() and s.bits[before - 1] & (TITLE | ROLE):
                before -= 1
                titles.insert(0, s.low[before])
            if titles and before and s.bits[before - 1] & (DEMONYM | NATION):
                titles.insert(0, s.low[before - 1])
        gender, honoured = 0, False
        for i in range(start, first):
            gender = gender or s.bits[i] & (MALE | FEMALE)
            honoured = honoured or bool(s.bits[i] & HONORIFIC)
        alone = s.low[first].rstrip(".") if end - first == 1 else ""
        if len(alone) == 1 or alone in self.groups.firm_endings:
            return None  # a letter, or the end of a name of which the beginning was not seen
        if first < end and (not self.words.nouns_large or honoured or s.bits[first] & (PERSON | KNOWN | NATION)):
            name = self.made(s, first, end, before, gender, tuple(titles), honoured)
            return name if after == end else name._replace(end=after)
        return None

    def shortened(self, s: Sentence, i: int) -> bool:
        """A state or month in short, Tex., and no name."""
        return s.words[i].endswith(".") and s.low[i].rstrip(".") in self.words.abbreviations

    def surely(self, s: Sentence, i: int) -> bool:
        """Whether a single capital at the start of a sentence is a name and not just its first word."""
        if i and s.words[i - 1][0].isdigit() and not s.bits[i] & PERSON:
            return False  # 13 Hours
        if i and s.words[i - 1] not in _BEGINS:
            return True
        if s.words[i] in self.names or s.bits[i] & (PERSON | KNOWN | NATION | CAPITAL | PLACE) or s.words[i].isupper():
            return True
        return i + 1 < len(s.words) and bool(
            s.bits[i + 1] & (CUE | AUXILIARY) or s.words[i + 1] in {",", ":", "'s", "’s"}
        )

    def core(self, s: Sentence, start: int, end: int) -> int:
        """The first token of the name itself, after countries, parties, offices and honorifics."""
        if end - start == 1:
            return end if s.bits[start] & (TITLE | ROLE) and not s.bits[start] & (PERSON | KNOWN) else start
        for i in range(start, end - 1):
            if "-" in s.low[i] and s.low[i].rpartition("-")[2] in self.groups.compounded:
                start = i + 1  # Korean-born Monte Haines, Manila-based Ayala Corp
        if self.house(s, start, end):
            return start
        for i in range(end - 1, start - 1, -1):
            bits = s.bits[i]
            if bits & (TITLE | ROLE | HONORIFIC) and not (
                bits & PERSON and i + 1 < end and i == start and not s.words[i].endswith(".") and not bits & HONORIFIC
            ):
                if i + 1 == end and i > start and s.bits[i - 1] & PERSON:
                    continue  # Alan Chancellor: an office for a surname
                return i + 1
        if not s.bits[start] & PERSON and len(s.words[start]) > 2:
            for i in range(start + 1, end - 1):
                if (
                    s.bits[i] & PERSON
                    and s.low[i - 1] not in self.groups.geographic
                    and s.bits[i - 1] & PARTICLE == 0
                    and s.words[i + 1][0].isupper()
                ):
                    return i
        i = start
        while i + 1 < end and s.bits[i] & (DEMONYM | NATION | NOT_NAME) and not s.bits[i] & PERSON and end - i > 2:
            i += 1
        return i

    def foreign(self, s: Sentence, i: int) -> bool:
        """Whether the capital at token i only begins a sentence, or is no part of names."""
        bits, low = s.bits[i], s.low[i]
        first = i == 0 or s.words[i - 1] in _BREAKS
        if (
            bits & PERSON
            and i + 1 < len(s.words)
            and s.words[i + 1][0].isupper()
            and not bits & (ARTICLE | PREPOSITION)
        ):
            return False
        if (
            bits & _NEVER_FIRST
            and not bits & (PARTICLE | TITLE | HEAD | KNOWN)
            and (first or bits & (ARTICLE | CLOSED))
        ):
            return True
        if first and bits & (ARTICLE | PREPOSITION) and not bits & PARTICLE:
            return True
        if first and low in self.common and not bits & (TITLE | HONORIFIC | PERSON | DEMONYM | NATION | KNOWN):
            return not (i + 1 < len(s.words) and s.words[i + 1][0].isupper() and s.bits[i + 1] & HEAD)
        return (
            first
            and low.endswith(("ly", "ing", "ed"))
            and low.isalpha()
            and not bits
            and len(low) > 4
            and i + 1 < len(s.words)
            and not s.words[i + 1][0].isupper()
        )
