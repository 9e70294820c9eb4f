"""Whom a mention stands for: names in short, pronouns, roles, capitals; or nobody that can be told."""

from __future__ import annotations

from dataclasses import dataclass

from search.attribution.bits import (
    CAPITAL,
    DEMONYM,
    DOCUMENT,
    FEMALE,
    HEAD,
    MALE,
    NATION,
    PLURAL,
    ROLE,
    TITLE,
)
from search.attribution.entities import Cast, Entity
from search.attribution.lexicon import Lexicon
from search.attribution.names import FIRM_ENDINGS, Name, Sort
from search.attribution.tokens import OWN, Sentence
from search.model import SpeakerType

_MEMORY = 8
"""Sentences that a pronoun may look back over."""
_ENVOYS = {"envoy", "representative", "ambassador", "negotiator", "diplomat", "emissary"}
_FIRMS = {
    "company",
    "firm",
    "group",
    "bank",
    "agency",
    "newspaper",
    "paper",
    "ministry",
    "organisation",
    "organization",
    "party",
    "network",
    "magazine",
    "union",
    "department",
    "court",
    "council",
    "committee",
    "commission",
    "body",
    "government",
    "airline",
    "carrier",
    "charity",
    "campaign",
    "university",
    "association",
    "institute",
    "fund",
    "outlet",
    "site",
    "website",
    "publication",
    "team",
    "club",
    "federation",
    "bureau",
    "office",
    "board",
    "regulator",
    "watchdog",
}


_SEATS = {"mp", "member", "senator", "councillor", "lawmaker", "legislator", "delegate", "representative", "deputy"}
_COMPANIES = {"company", "firm", "group"}
_AUTHORITIES = {
    "administration", "agency", "assembly", "board", "bureau", "cabinet", "commission", "committee", "congress",
    "council", "court", "department", "exchange", "federation", "government", "house", "ministry", "office",
    "parliament", "party", "police", "senate", "treasury", "union",
}  # fmt: skip
"""What ends the name of no company."""


_SPEAKING = ROLE | TITLE | HEAD | DOCUMENT | NATION | DEMONYM | PLURAL


@dataclass(frozen=True, slots=True)
class Referent:
    """Whom a mention stands for; ``rule`` is the way it was found, for its certainty."""

    name: str | None
    type: SpeakerType | None
    rule: str
    why: str
    entity: Entity | None = None


@dataclass(frozen=True, slots=True)
class _Step:
    entity: Entity
    clock: int
    weight: float


class Resolver:
    """Follows one article from its first sentence to its last and remembers who was named."""

    def __init__(self, words: Lexicon, cast: Cast) -> None:
        self.words, self.cast = words, cast
        self.trail: list[_Step] = []
        self.clock = self.paragraph = 0
        self.speaker: Referent | None = None
        self.spoke_at = -99
        self.recent_by_word: dict[str, Entity] = {}

    # ------------------------------------------------------------------ memory

    def next(self, gap: int = 1) -> None:
        self.clock += gap
        if len(self.trail) > 200:
            self.trail = self.trail[-100:]

    def saw(self, entity: Entity, weight: float) -> None:
        self.trail.append(_Step(entity, self.clock, weight))

    def said(self, who: Referent) -> None:
        self.speaker, self.spoke_at = who, self.clock
        if who.entity is not None:
            who.entity.spoke = self.clock
            self.saw(who.entity, 1.5)
            for word in {who.entity.words[-1], who.entity.words[0]}:
                self.recent_by_word[word] = who.entity

    # ------------------------------------------------------------------ names

    def named(self, name: Name, after_the: bool = False) -> Referent:
        """The one a name stands for."""
        entity, rule, why = self.lookup(name, after_the)
        if entity is None:
            return Referent(plain(name.text), SpeakerType.PERSON, rule, why)
        if entity.person and not after_the:
            return Referent(plain(entity.name), SpeakerType.PERSON, rule, why, entity)
        full = self.words.nations.get(entity.name.lower().removeprefix("the "), entity.name)
        return Referent(plain(full), SpeakerType.ORGANISATION, rule, why, entity)

    def lookup(self, name: Name, after_the: bool = False) -> tuple[Entity | None, str, str]:
        size = len(name.text.split())
        if size > 1:
            entity = self.cast.add(name, 0)
            if len(entity.words) > size:
                return entity, "short", f"short for {plain(entity.name)}"
            return entity, "full", "named in full beside the quotation"
        fits = [] if after_the else self.cast.candidates(name)
        if name.sort is Sort.ORGANISATION and not any(e.person for e in fits):
            return self.cast.add(name, 0), "full", "named in full beside the quotation"
        word = name.text.lower()
        if len(fits) > 1:
            # Nobody is called by surname before being introduced.
            fits = [e for e in fits if e.first <= self.paragraph] or fits
        if len(fits) == 1:
            short = (
                "surname" if word in fits[0].words[1:] and fits[0].person else "forename" if fits[0].person else "short"
            )
            return fits[0], short, f"{short if short != 'short' else 'short name'} of {plain(fits[0].name)}"
        if fits:
            matching = [e for e in fits if self.holds(e, name.titles)]
            if len(matching) == 1:
                return (
                    matching[0],
                    "surname",
                    f"surname of {plain(matching[0].name)}, by the title “{' '.join(name.titles)}”",
                )
            last = self.recent_by_word.get(word)
            if last in fits and last is not None and self.clock - last.spoke < 25:
                return last, "shared", f"the {plain(name.text)} who spoke last; there are {len(fits)} of that name"
            return None, "ambiguous", f"could be any of {', '.join(plain(e.name) for e in fits[:4])}"
        if name.sort is Sort.PLACE:
            nation = self.words.nations.get(word)
            if nation and self.words.flags.get(word, 0) & CAPITAL:
                return self.cast.country(nation), "capital", f"{plain(name.text)} stands for {nation}"
        return self.cast.add(name, 0), "single", "named by one word only"

    def holds(self, entity: Entity, titles: tuple[str, ...]) -> bool:
        """Whether somebody holds the office in a title, and not for another country."""
        mine = {self.words.nations[w] for w in titles if w in self.words.nations}
        theirs = {self.words.nations[w] for w in entity.titles if w in self.words.nations}
        if mine and theirs and not mine & theirs:
            return False
        offices = {w for w in titles if self.words.flags.get(w, 0) & (TITLE | ROLE)}
        if offices & _ENVOYS:
            offices |= _ENVOYS
        return bool(offices & entity.titles.keys())

    # ------------------------------------------------------------------ pronouns

    def pronoun(self, s: Sentence, i: int, before: list[tuple[Entity, float]], quoted: bool) -> Referent:
        """Whom a pronoun at token i stands for; ``before`` are those named earlier in its sentence."""
        bits, low = s.bits[i], s.low[i]
        gender = bits & (MALE | FEMALE)
        if gender:
            return self.he_or_she(s.words[i], gender, before, quoted)
        if low in {"it", "they"}:
            return self.it_or_they(s.words[i], low, before)
        return Referent(None, None, "nobody", "the speaker is not named")

    def he_or_she(self, word: str, gender: int, before: list[tuple[Entity, float]], quoted: bool) -> Referent:
        scores: dict[int, float] = {}
        people: dict[int, Entity] = {}
        for entity, weight in before:
            people[id(entity)] = entity
            scores[id(entity)] = scores.get(id(entity), 0) + 1.3 * weight
        for step in self.trail:
            age = self.clock - step.clock
            if age <= _MEMORY:
                people[id(step.entity)] = step.entity
                scores[id(step.entity)] = scores.get(id(step.entity), 0) + step.weight * 0.58**age
        if self.speaker is not None and self.speaker.entity is not None and self.clock - self.spoke_at < 7:
            key = id(self.speaker.entity)
            people[key] = self.speaker.entity
            scores[key] = scores.get(key, 0) + (2.0 if quoted else 1.0)
        ranked = []
        for key, entity in people.items():
            if not entity.person or (entity.gender and entity.gender != gender):
                continue
            score = (
                scores[key]
                + (0.8 if entity.gender else 0)
                - (1.2 if entity.sort is Sort.UNKNOWN and entity.evidence < 1 else 0)
            )
            ranked.append((score, -entity.order, entity))
        if not ranked:
            return Referent(None, None, "nobody", f"nobody before fits “{word}”")
        ranked.sort(key=lambda row: row[:2], reverse=True)
        best = ranked[0][2]
        close = len(ranked) > 1 and ranked[0][0] - ranked[1][0] < 0.8
        if close:
            both = f"{plain(best.name)} or {plain(ranked[1][2].name)}"
            return Referent(None, None, "nobody", f"“{word}” may be {both}")
        if not best.gender:
            best.gender = gender
        return Referent(
            plain(best.name),
            SpeakerType.PERSON,
            "pronoun",
            f"“{word}” is {plain(best.name)}, named shortly before",
            best,
        )

    def it_or_they(self, word: str, low: str, before: list[tuple[Entity, float]]) -> Referent:
        if low == "they" and self.speaker is not None and self.speaker.type is SpeakerType.UNNAMED:
            return Referent(
                self.speaker.name, SpeakerType.UNNAMED, "continued", f"“{word}” goes on for {self.speaker.name}"
            )
        spoke = self.speaker.entity if self.speaker is not None and self.clock - self.spoke_at <= 2 else None
        last = [(spoke, 1.0)] if low == "it" and spoke is not None and not spoke.person else []
        steps = (
            [(e, w) for e, w in before if not e.person]
            or last
            or [
                (step.entity, step.weight * 0.6 ** (self.clock - step.clock))
                for step in self.trail
                if not step.entity.person and self.clock - step.clock <= 3
            ]
        )
        if steps:
            best = max(steps, key=lambda row: row[1])[0]
            full = self.words.nations.get(best.name.lower(), best.name)
            return Referent(
                plain(full),
                SpeakerType.ORGANISATION,
                "continued",
                f"“{word}” is {plain(full)}, named shortly before",
                best,
            )
        return Referent(None, None, "nobody", f"nobody before fits “{word}”")

    # ------------------------------------------------------------------ roles

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
        seated = head in _SEATS and stop > end  # the member for Quayside, who may be anybody
        if bits & (ROLE | TITLE) and definite and not seated and not bits & PLURAL and not head.endswith("s"):
            found = self.office(s, start, stop, head)
            if found is not None:
                return found
        if definite and head in _FIRMS and s.low[start] in {"the", "this"} and end - start <= 2:
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
        scores: dict[Entity, float] = {}
        for step in self.trail[-30:]:
            if self.clock - step.clock <= 6:
                scores[step.entity] = scores.get(step.entity, 0) + step.weight * 0.6 ** (self.clock - step.clock)
        near = sorted(scores, key=lambda e: -scores[e])
        fits = [e for e in near if not e.person and e.name.lower() not in self.words.nations]
        if head not in _COMPANIES:
            return next((e for e in fits if head in e.words), None)
        spoke = self.speaker.entity if self.speaker is not None else None
        if spoke in fits and spoke is not None and spoke.words[-1] not in _AUTHORITIES:
            return spoke
        firms = [e for e in fits if e.words[-1] in FIRM_ENDINGS] or [e for e in fits if e.words[-1] not in _AUTHORITIES]
        return firms[0] if firms else None

    def office(self, s: Sentence, start: int, stop: int, head: str) -> Referent | None:
        heads = _ENVOYS if head in _ENVOYS else {head}
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


def plain(name: str) -> str:
    """A name with straight apostrophes, however the article types them."""
    return name.replace("’", "'")


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
