"""What a name seems to name: a person, an organisation, a place, or one that cannot be told."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum
from typing import NamedTuple

from search.attribution.bits import (
    CAPITAL,
    DEMONYM,
    FEMALE,
    HEAD,
    KNOWN,
    MALE,
    NATION,
    NOT_NAME,
    PERSON,
    PLACE,
    ROLE,
    TITLE,
)
from search.attribution.lexicon import Lexicon
from search.attribution.shapes import OWN
from search.attribution.tokens import Sentence

_OWNING = {OWN, "'", "’"}


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

    def after_the(self, s: Sentence) -> bool:
        """Whether “the” stands before the name and its titles."""
        return self.title > 0 and s.low[self.title - 1] == "the"

    def owns(self, s: Sentence) -> bool:
        """Whether an apostrophe stands behind the name: Holm's ferry."""
        return self.end < len(s) and s.low[self.end] in _OWNING


class Sorter:
    """Sorts the names of one article, in which ``common`` are the words also written in small letters."""

    def __init__(self, words: Lexicon, common: Collection[str]) -> None:
        self.words, self.groups, self.common = words, words.groups, common

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
        if s.low[end - 1].rstrip(".") in self.groups.firm_endings and not bits & PERSON:
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


def _camel(word: str) -> bool:
    """Whether a word has a capital inside, as brands do and McDonald and O'Neill do not: ProPublica, YouTube."""
    inner = next((i for i in range(1, len(word)) if word[i].isupper() and word[i - 1].islower()), 0)
    return bool(inner) and word[:inner] not in {"Mc", "Mac", "De", "Di", "Du", "La", "Le", "Van", "Fitz", "Al", "El"}
