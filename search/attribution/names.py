"""Proper names in a sentence: where they begin and end, the titles before them, and what they seem to name."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from enum import StrEnum
from typing import NamedTuple

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
from search.attribution.tokens import OWN, QUOTED, Sentence

_NEVER_FIRST = ARTICLE | CLOSED | OPENER | ADVERB | VERB | NUMBER | TIME
_NAMING = PERSON | FAMILY | PARTICLE | KNOWN | NATION | CAPITAL | PLACE
"""What a word that may open a headline as a name can be besides."""
_LONGEST = 12
"""Words; a longer row of capitals is a headline or a list, no name."""
_JOINED_BY_OF = {
    "study", "advancement", "protection", "development", "promotion", "prevention", "treatment", "conservation",
    "bank", "university", "ministry", "department", "house", "college", "institute", "council", "board", "bureau",
    "court", "chamber", "union", "league", "federation", "association", "society", "church", "republic", "state",
    "office", "centre", "center", "school", "confederation", "organization", "organisation", "academy", "commission",
    "committee", "conference", "congress", "alliance", "democrats", "daughters", "sons", "party", "movement",
    "city", "county", "isle", "cape", "gulf", "airport", "hospital", "institution", "institutes",
}  # fmt: skip


_PLURALS = {"people", "women", "men", "children"}
_GEOGRAPHIC = {
    "camp",
    "fort",
    "lake",
    "port",
    "mount",
    "st",
    "st.",
    "san",
    "santa",
    "saint",
    "new",
    "south",
    "north",
    "los",
    "las",
}


def _camel(word: str) -> bool:
    """Whether a word has a capital inside, as brands do and McDonald and O'Neill do not: ProPublica, YouTube."""
    inner = next((i for i in range(1, len(word)) if word[i].isupper() and word[i - 1].islower()), 0)
    return bool(inner) and word[:inner] not in {"Mc", "Mac", "De", "Di", "Du", "La", "Le", "Van", "Fitz", "Al", "El"}


class Sort(StrEnum):
    """What a name seems to name; ``UNKNOWN`` may be a person or an organisation."""

    PERSON = "person"
    ORGANISATION = "organisation"
    PLACE = "place"
    UNKNOWN = "unknown"


class Name(NamedTuple):
    """A name at tokens ``start`` to ``end`` of a sentence; its titles begin at ``title``.

    ``gender`` is MALE, FEMALE or 0. ``titles`` are the words before the name, in small letters.
    """

    start: int
    end: int
    title: int
    sort: Sort
    gender: int
    text: str
    titles: tuple[str, ...]
    honoured: bool


_COMPOUNDED = (
    "-based", "-born", "-bred", "-raised", "-educated", "-trained", "-winning", "-winner", "-nominated", "-nominee",
    "-led", "-backed", "-owned", "-listed", "-controlled", "-appointed", "-elected", "-turned", "-style", "-area",
    "-speaking", "-headquartered", "-registered", "-funded", "-supported", "-native", "-era",
)  # fmt: skip
"""How words end that are set before a name and are no part of it."""
FIRM_ENDINGS = frozenset("co cos corp inc llc ltd plc ag sa nv bv gmbh spa oy ab asa bhd pty kk".split())


class NameFinder:
    """Finds the names of one article's sentences.

    ``common`` are the words that the article also writes in small letters: no names where a sentence begins with one.
    ``names`` are the words it capitalises within sentences of small letters: names in a headline, too.
    """

    def __init__(self, words: Lexicon, common: Collection[str], names: Collection[str] = ()) -> None:
        self.words, self.common, self.names = words, common, names

    def find(self, s: Sentence) -> Iterator[Name]:
        if s.shouts:
            yield from self.headline(s)
            return
        done = 0
        for at in s.capitals:
            if at < done or (s.bits[at] & (DAY | MONTH) and not self.forename(s, at)):
                continue
            done = self.extent(s, at)
            yield from self.parts(s, at, done)

    def headline(self, s: Sentence) -> Iterator[Name]:
        """Only a forename and the word after it, and single words, can be told from the rest in a headline."""
        first, i = self.voice(s)
        if i:
            yield self.made(s, first, i, 0, 0, (), False)
        while i < len(s):
            word, bits = s.words[i], s.bits[i]
            more = i + 1 < len(s) and s.words[i + 1][0].isupper()
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

    @staticmethod
    def forename(s: Sentence, i: int) -> bool:
        if i + 1 >= len(s):
            return False
        return s.low[i + 1].rstrip(".") in FIRM_ENDINGS or (bool(s.bits[i] & PERSON) and s.words[i + 1][0].isupper())

    def extent(self, s: Sentence, i: int) -> int:
        """The token after a row of capitals with the small words that names hold."""
        end, size = i + 1, len(s)
        while end < size and end - i < _LONGEST:
            word = s.words[end]
            if word[0].isupper() and not (s.bits[end] & (DAY | MONTH) and not s.bits[end] & PERSON):
                end += 1
            elif end + 1 < size and s.words[end + 1][0].isupper() and self.binds(s, i, end):
                end += 2
            elif (
                s.bits[end] & PARTICLE
                and end + 2 < size
                and s.bits[end + 1] & PARTICLE
                and s.words[end + 2][0].isupper()
            ):
                end += 3
            elif (
                s.low[end] == OWN
                and end + 1 < size
                and s.bits[end + 1] & HEAD
                and s.words[end + 1][0].isupper()
                and (s.low[end - 1].endswith("s") or s.low[end - 1] in _PLURALS)
                and not s.bits[end - 1] & NATION
            ):
                end += 2  # the Farmers' Union
            elif (
                s.low[end] in {"of", "for"}
                and end + 2 < size
                and s.low[end + 1] == "the"
                and s.words[end + 2][0].isupper()
                and self.binds(s, i, end)
            ):
                end += 3  # Institute for the Study of War
            else:
                break
        return end

    def binds(self, s: Sentence, start: int, i: int) -> bool:
        low = s.low[i]
        if s.bits[i] & PARTICLE and s.words[i].islower():
            return True
        if low == "&" or (low == "and" and len(s.words[i - 1]) == len(s.words[i + 1]) == 1):
            return True  # S and P, as wires without the sign write it
        if low == "of":
            return s.low[i - 1] in _JOINED_BY_OF
        if low in {"for", "and"}:
            head = s.low[start]
            return (
                low == "and"
                and "of" in s.low[start:i]
                and any(
                    s.low[k] in {"department", "ministry", "committee", "bureau", "office"} for k in range(start, i)
                )
            ) or (
                low == "for"
                and s.low[i - 1]
                in {
                    "centers",
                    "center",
                    "centre",
                    "institute",
                    "campaign",
                    "committee",
                    "agency",
                    "council",
                    "society",
                }
                and bool(head)
            )
        return False

    def parts(self, s: Sentence, start: int, end: int) -> Iterator[Name]:
        """The names in a row of capitals, which may hold a country, a title and a person."""
        while start < end and self.country(s, start, end) < 2 and self.foreign(s, start):
            start += 1
        after = end
        while end - start > 2 and s.bits[end - 1] & SUFFIX:
            end -= 1  # Ada Holm MP
        if start >= end or (s.words[start][1:2] == "-" and s.words[start][0] in "RDI"):
            return
        if end - start == 1 and (self.shortened(s, start) or not self.surely(s, start)):
            return
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
        if end - first == 1 and (len(s.low[first].rstrip(".")) == 1 or s.low[first].rstrip(".") in FIRM_ENDINGS):
            return  # a letter, or the end of a name of which the beginning was not seen
        if first < end and (not self.words.nouns_large or honoured or s.bits[first] & (PERSON | KNOWN | NATION)):
            name = self.made(s, first, end, before, gender, tuple(titles), honoured)
            yield name if after == end else name._replace(end=after)

    def shortened(self, s: Sentence, i: int) -> bool:
        """A state or month in short, Tex., and no name."""
        return s.words[i].endswith(".") and s.low[i].rstrip(".") in self.words.abbreviations

    def surely(self, s: Sentence, i: int) -> bool:
        """Whether a single capital at the start of a sentence is a name and not just its first word."""
        if i and s.words[i - 1][0].isdigit() and not s.bits[i] & PERSON:
            return False  # 13 Hours
        if i and s.words[i - 1] not in {QUOTED, "(", "-", "–", "—", ";", "•", '"'}:
            return True
        if s.words[i] in self.names or s.bits[i] & (PERSON | KNOWN | NATION | CAPITAL | PLACE) or s.words[i].isupper():
            return True
        return i + 1 < len(s) and bool(s.bits[i + 1] & (CUE | AUXILIARY) or s.words[i + 1] in {",", ":", "'s", "’s"})

    def core(self, s: Sentence, start: int, end: int) -> int:
        """The first token of the name itself, after countries, parties, offices and honorifics."""
        if end - start == 1:
            return end if s.bits[start] & (TITLE | ROLE) and not s.bits[start] & (PERSON | KNOWN) else start
        for i in range(start, end - 1):
            if s.low[i].endswith(_COMPOUNDED):
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
                    and s.low[i - 1] not in _GEOGRAPHIC
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
        first = i == 0 or s.words[i - 1] in {QUOTED, ":", "(", "-", "–", "—", ";", "•"}
        if bits & PERSON and i + 1 < len(s) and s.words[i + 1][0].isupper() and not bits & (ARTICLE | PREPOSITION):
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
            return not (i + 1 < len(s) and s.words[i + 1][0].isupper() and s.bits[i + 1] & HEAD)
        return (
            first
            and low.endswith(("ly", "ing", "ed"))
            and low.isalpha()
            and not bits
            and len(low) > 4
            and i + 1 < len(s)
            and not s.words[i + 1][0].isupper()
        )

    def house(self, s: Sentence, start: int, end: int) -> bool:
        """Whether the row ends in a word that makes all of it an organisation."""
        last = s.bits[end - 1]
        return end - start > 1 and bool(last & HEAD) and not last & PERSON

    def country(self, s: Sentence, i: int, end: int) -> int:
        """How many words of a country's or other known name begin at token i."""
        for name in self.words.full.get(s.low[i], ()):
            if len(name) <= end - i and tuple(s.low[i : i + len(name)]) == name:
                return len(name)
        return 0

    def made(
        self, s: Sentence, start: int, end: int, title: int, gender: int, titles: tuple[str, ...], honoured: bool
    ) -> Name:
        text = " ".join(s.words[start:end])
        if "’" in text or "'" in text:
            text = text.replace(" ’s", "’s").replace(" 's", "'s").replace(" ’ ", "’ ").replace(" ' ", "' ")
        sort = self.sort(s, start, end, titles, honoured)
        if sort is not Sort.ORGANISATION and end - start > 1 and s.bits[start] & PERSON and not gender:
            both = s.bits[start] & PERSON
            gender = 0 if both == PERSON else MALE if both == 1 << 40 else FEMALE
        return Name(start, end, title, sort, gender, text, titles, honoured)

    def sort(self, s: Sentence, start: int, end: int, titles: tuple[str, ...], honoured: bool) -> Sort:
        bits, last, size = s.bits[start], s.bits[end - 1], end - start
        if honoured:
            return Sort.PERSON
        if self.country(s, start, end) == size > 1:
            return Sort.ORGANISATION
        if size == 1:
            return self.sort_of_one(s, start, titles)
        if s.low[end - 1].rstrip(".") in FIRM_ENDINGS and not bits & PERSON:
            return Sort.ORGANISATION
        if (
            last & HEAD
            or (last & KNOWN and not bits & PERSON)
            or "of" in s.low[start:end]
            or "&" in s.words[start:end]
            or "for" in s.low[start:end]
        ):
            return Sort.ORGANISATION
        if bits & PERSON:
            return Sort.PERSON
        if bits & (NATION | DEMONYM | NOT_NAME) or (bits & HEAD and not titles):
            return Sort.ORGANISATION
        if titles and any(self.words.flags.get(word, 0) & (TITLE | ROLE) for word in titles):
            return Sort.PERSON
        if bits & (PLACE | CAPITAL | KNOWN) and not bits & PERSON:
            return Sort.ORGANISATION
        if last & (NATION | PLACE | CAPITAL | DEMONYM | NOT_NAME | TITLE) or any(
            low in self.common for low in s.low[start:end]
        ):
            return Sort.ORGANISATION  # ordinary words written large: the name of a thing
        return Sort.UNKNOWN

    def sort_of_one(self, s: Sentence, i: int, titles: tuple[str, ...]) -> Sort:
        bits, word = s.bits[i], s.words[i]
        person = any(self.words.flags.get(title, 0) & (TITLE | ROLE) for title in titles)
        if bits & (KNOWN | NATION) or bits & HEAD:
            return Sort.ORGANISATION
        if bits & (CAPITAL | PLACE) and not (person and bits & PERSON):
            return Sort.PLACE
        if person:
            return Sort.PERSON
        if bits & (DEMONYM | NOT_NAME):
            return Sort.PLACE
        if (word.isupper() and len(word) > 1) or _camel(word):
            return Sort.ORGANISATION
        return Sort.UNKNOWN
