"""Whom a description stands for: “the envoy”, “the company”; whoever bears that title, or the words themselves."""

from __future__ import annotations

from search.attribution.bits import (
    DEMONYM,
    DOCUMENT,
    HEAD,
    NATION,
    PLURAL,
    ROLE,
    TITLE,
)
from search.attribution.entities import Entity
from search.attribution.lexicon import Lexicon
from search.attribution.memory import Memory, Referent, plain
from search.attribution.shapes import OWN
from search.attribution.tokens import Sentence
from search.model import SpeakerType

_SPEAKING = ROLE | TITLE | HEAD | DOCUMENT | NATION | DEMONYM | PLURAL


class Roles(Memory):
    """Knows who bears which title."""

    def role(self, s: Sentence, start: int, end: int, stop: int) -> Referent:
        """Whom a description at tokens ``start`` to ``end`` stands for; with what hangs on it, it ends at ``stop``."""
        text = plain(_joined(s, start, stop))
        head = s.low[end - 1]
        bits = s.bits[end - 1]
        definite = (
            s.low[start] in {"the", "this", "that"}
            or OWN in s.low[start:end]
            or bool(s.bits[start] & (DEMONYM | NATION))
        )
        seated = head in self.words.groups.seats and stop > end  # the member for Quayside, who may be anybody
        if bits & (ROLE | TITLE) and definite and not seated and not bits & PLURAL and not head.endswith("s"):
            found = self.office(s, start, stop, head)
            if found is not None:
                return found
        if definite and head in self.words.groups.houses and s.low[start] in {"the", "this"} and end - start <= 2:
            house = self.house(head)
            if house is not None:
                why = f"“{text}” is {plain(house.name)}, named before"
                return Referent(plain(house.name), SpeakerType.ORGANISATION, "office", why, house)
        if bits & (HEAD | NATION) and not bits & ROLE and not bits & DOCUMENT:
            return Referent(_opened(text), SpeakerType.ORGANISATION, "described", "described, not named")
        if not any(map(str.isalpha, text)):
            return Referent(None, None, "nobody", "no words name anybody here")
        rule = "described" if self.speaks(s, start, stop) else "thing"
        return Referent(_opened(text), SpeakerType.UNNAMED, rule, "described, not named")

    def speaks(self, s: Sentence, start: int, stop: int) -> bool:
        """Whether a description has any word for people, a house or a text, which may speak; “the doors” do not."""
        flags = self.words.flags
        return any(
            (bits | flags.get(low.removesuffix("s"), 0)) & _SPEAKING
            for low, bits in zip(s.low[start:stop], s.bits[start:stop], strict=True)
        )

    def house(self, head: str) -> Entity | None:
        """Which organisation “the bank”, “the company” is: one named shortly before that is called so, or is a firm."""
        groups = self.words.groups
        scores: dict[Entity, float] = {}
        for step in self.trail[-30:]:
            if self.clock - step.clock <= 6:
                scores[step.entity] = scores.get(step.entity, 0) + step.weight * 0.6 ** (self.clock - step.clock)
        near = sorted(scores, key=lambda e: -scores[e])
        fits = [e for e in near if not e.person and e.name.lower() not in self.words.nations]
        if head not in groups.companies:
            return next((e for e in fits if head in e.words), None)
        spoke = self.speaker.entity if self.speaker is not None else None
        if spoke in fits and spoke is not None and spoke.words[-1] not in groups.authorities:
            return spoke
        firms = [e for e in fits if e.words[-1] in groups.firm_endings] or [
            e for e in fits if e.words[-1] not in groups.authorities
        ]
        return firms[0] if firms else None

    def office(self, s: Sentence, start: int, stop: int, head: str) -> Referent | None:
        envoys = self.words.groups.envoys
        heads = envoys if head in envoys else {head}
        nations = {self.words.nations[w] for w in _lows(s, start, stop, self.words)}
        fits = []
        for entity in dict.fromkeys(e for word in heads for e in self.cast.by_title.get(word, ())):
            if entity.person and ("vice" in entity.titles) == ("vice" in s.low[start:stop]):
                theirs = {self.words.nations[w] for w in entity.titles if w in self.words.nations}
                if not (nations and theirs and not nations & theirs):
                    fits.append((entity, len(nations & theirs)))
        if len(fits) > 1:
            best = max(score for _, score in fits)
            fits = [row for row in fits if row[1] == best]
        if len(fits) != 1:
            return None
        entity = fits[0][0]
        return Referent(
            plain(entity.name),
            SpeakerType.PERSON,
            "office",
            f"“{plain(_joined(s, start, min(stop, start + 6)))}” is {plain(entity.name)}, by the title",
            entity,
        )


def _opened(text: str) -> str:
    """Words for somebody, with a capital as if they opened a sentence: “analysts” and “Analysts” are one speaker."""
    return text[:1].upper() + text[1:]


def _joined(s: Sentence, start: int, stop: int) -> str:
    """The words as they stand, single blanks between them."""
    out = ""
    for i in range(start, stop):
        gap = " " if out and s.start(i) > s.end(i - 1) else ""
        out += gap + s.words[i]
    return out


def _lows(s: Sentence, start: int, stop: int, words: Lexicon) -> list[str]:
    """The countries and their adjectives among the words, as the lexicon writes them."""
    found = []
    for i in range(start, stop):
        for size in (3, 2, 1):
            text = " ".join(s.low[i : i + size])
            if i + size <= stop and text in words.nations:
                found.append(text)
                break
    return found
