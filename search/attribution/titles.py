"""What people are called beside their names: the envoy, Noh; Noh, the envoy of Seoul."""

from __future__ import annotations

from search.attribution.bits import (
    ARTICLE,
    CUE,
    DEMONYM,
    NATION,
    PREPOSITION,
    ROLE,
    TITLE,
)
from search.attribution.entities import Cast
from search.attribution.lexicon import Lexicon
from search.attribution.resolve import Resolver
from search.attribution.shapes import OWN
from search.attribution.sorting import Name, Sort
from search.attribution.tokens import Sentence


class Titles:
    """Learns the titles of one article's people from the words in apposition to their names."""

    def __init__(self, words: Lexicon, cast: Cast, resolver: Resolver) -> None:
        self.words, self.cast, self.resolver = words, cast, resolver

    def describe(self, s: Sentence, name: Name) -> None:
        """Learn a person's titles from the words in apposition: the envoy, Noh; Noh, the envoy of Seoul."""
        if name.sort is Sort.ORGANISATION or name.sort is Sort.PLACE:
            return
        words: list[str] = []
        if name.end + 1 < len(s) and s.words[name.end] == ",":
            words += self.apposed(s, range(name.end + 1, min(len(s), name.end + 9)))
        if name.title >= 2 and s.words[name.title - 1] == ",":
            words += self.apposed(s, range(name.title - 2, max(-1, name.title - 8), -1))
        if not words:
            return
        entity = self.resolver.lookup(name)[0]
        if entity is not None:
            self.cast.entitle(entity, words)
            entity.evidence += 1

    def apposed(self, s: Sentence, places: range) -> list[str]:
        words: list[str] = []
        office = False
        for i in places:
            if not (s.words[i][0].isalnum() or s.low[i] == OWN):
                break
            if s.bits[i] & CUE and not s.bits[i] & ROLE:
                if office and places.step > 0:
                    return []  # …, Mr Holm, a party source said: another one
                break
            if places.step > 0 and s.bits[i] & PREPOSITION and office and s.low[i] not in {"of", "for", "to"}:
                break
            office = office or bool(s.bits[i] & (ROLE | TITLE))
            if s.bits[i] & (ROLE | TITLE | NATION | DEMONYM):
                words.append(s.low[i])
            for size in (2, 3):
                joined = " ".join(s.low[i : i + size])
                if joined in self.words.nations:
                    words.append(joined)
            if places.step < 0 and s.bits[i] & ARTICLE:
                break
        return words if office else []
