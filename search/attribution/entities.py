"""Everybody an article names, each once: full names, and what surnames, forenames, titles and acronyms stand for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from search.attribution.bits import FAMILY, PERSON, TITLE
from search.attribution.lexicon import Lexicon
from search.attribution.sorting import Name, Sort

_NAMESAKES = 50
"""How many entities are kept under one word; more is a table of names, in which none can be told from another."""


@dataclass(slots=True, eq=False)
class Entity:
    """Somebody or something named in an article, under the fullest name it gives."""

    name: str
    words: tuple[str, ...]
    sort: Sort
    order: int
    gender: int = 0
    titles: Counter[str] = field(default_factory=Counter)
    count: int = 0
    first: int = 0
    last: int = -1
    spoke: int = -1
    evidence: int = 0  # above 0 for a person, below for an organisation

    @property
    def person(self) -> bool:
        return self.sort is Sort.PERSON or (self.sort is Sort.UNKNOWN and self.evidence >= 0)


@lru_cache(maxsize=16_384)
def key_words(text: str) -> tuple[str, ...]:
    """The words that a name is known by, in small letters, without what is put behind it: Jr, MP."""
    words = [word.lower().replace("’", "'").rstrip(".,") for word in text.split()]
    while len(words) > 1 and words[-1] in {"jr", "sr", "ii", "iii", "iv", "phd", "md", "mp", "qc", "kc"}:
        words.pop()
    return tuple(word for word in words if word)


class Cast:
    """The entities of one article."""

    def __init__(self, words: Lexicon) -> None:
        self.words = words
        self.entities: list[Entity] = []
        self.by_word: dict[str, list[Entity]] = {}
        self.by_title: dict[str, list[Entity]] = {}
        self.seen: dict[int, tuple[Name, Entity]] = {}  # by the identity of the name, kept lest another take it over

    def add(self, name: Name, paragraph: int) -> Entity:
        """Take in a name of two words or more, or one that is complete by itself."""
        if (known := self.seen.get(id(name))) is not None:
            return known[1]
        words = key_words(name.text)
        entity = self.same(words, name)
        if entity is None:
            entity = Entity(name.text, words, name.sort, len(self.entities), first=paragraph)
            self.entities.append(entity)
            self.file(entity)
        elif len(words) > len(entity.words) and (len(entity.words) == 1 or words[-len(entity.words) :] == entity.words):
            if len(entity.words) == 1 or self.begins(words) or not self.begins(entity.words):
                entity.name, entity.words = name.text, words
                self.file(entity)
        elif len(words) < len(entity.words) and len(words) > 1 and self.begins(words) and not self.begins(entity.words):
            entity.name, entity.words = name.text, words  # what stood before it was a title
            self.file(entity)
        self.learn(entity, name)
        self.seen[id(name)] = name, entity
        return entity

    def begins(self, words: tuple[str, ...]) -> bool:
        """Whether a name begins with a known forename, or family name where that comes first."""
        return bool(self.words.flags.get(words[0], 0) & (PERSON | FAMILY))

    def file(self, entity: Entity) -> None:
        for word in set(entity.words):
            filed = self.by_word.setdefault(word, [])
            if len(filed) < _NAMESAKES and entity not in filed:
                filed.append(entity)

    def learn(self, entity: Entity, name: Name) -> None:
        entity.count += 1
        entity.gender = entity.gender or name.gender
        self.entitle(entity, name.titles)
        if name.honoured or (name.titles and any(self.words.flags.get(t, 0) & TITLE for t in name.titles)):
            entity.evidence += 1
        if entity.sort is Sort.UNKNOWN and name.sort is Sort.PERSON:
            entity.sort = Sort.PERSON

    def entitle(self, entity: Entity, titles: Iterable[str]) -> None:
        """Learn what somebody is called beside the name."""
        for title in titles:
            if title not in entity.titles:
                filed = self.by_title.setdefault(title, [])
                if len(filed) < _NAMESAKES:
                    filed.append(entity)
            entity.titles[title] += 1

    def same(self, words: tuple[str, ...], name: Name) -> Entity | None:
        partial: Entity | None = None
        for entity in self.by_word.get(words[-1], ()):
            if entity.words == words:
                return entity
            if (
                len(words) > 1 < len(entity.words)
                and entity.words[-1] == words[-1]
                and entity.person
                and name.sort is not Sort.ORGANISATION
            ):
                a, b = entity.words[0], words[0]
                if a == b or (len(a) != 2 and b.startswith(a)) or (len(b) != 2 and a.startswith(b)):  # K., Ken, Kenneth
                    return entity
                if entity.words[-len(words) :] == words or words[-len(entity.words) :] == entity.words:
                    partial = entity
        return partial

    def country(self, name: str) -> Entity:
        """The entity of a country, whether or not the article names it."""
        words = key_words(name)
        for entity in self.by_word.get(words[-1], ()):
            if entity.words == words:
                return entity
        entity = Entity(name, words, Sort.ORGANISATION, len(self.entities))
        self.entities.append(entity)
        self.file(entity)
        return entity

    def candidates(self, name: Name) -> list[Entity]:
        """Those a name of one word can stand for, people by surname first."""
        word = key_words(name.text)[-1]
        known = [e for e in self.by_word.get(word, ()) if len(e.words) > 1]
        if not known:
            return known
        people = [e for e in known if e.person]
        fits = [
            e for e in people if e.words[-1] == word or (e.words[0] == word and self.words.flags.get(word, 0) & FAMILY)
        ]
        if name.gender:
            fits = [e for e in fits if not e.gender or e.gender == name.gender]
        if not fits and name.honoured and not self.words.flags.get(word, 0) & PERSON:
            # Mr Peerawit, where people go by the first of their names.
            fits = [e for e in people if e.words[0] == word]
            fits = fits if len(fits) == 1 else []
        if not fits:
            # Alejandro Martinez Cuenca is Martinez, where the family has two names.
            fits = [e for e in people if len(e.words) > 2 and e.words[-2] == word and self.begins(e.words)]
        if not fits and not name.honoured:
            fits = [e for e in people if e.words[0] == word and (e.sort is Sort.PERSON or self.begins(e.words))]
        if not fits and not name.honoured:
            fits = [e for e in known if e.sort is not Sort.PERSON and e.words[0] == word]
            fits = [e for e in fits if not e.person] or fits
        return fits
