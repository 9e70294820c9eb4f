"""Whom a pronoun stands for: whoever the last sentences speak of; nobody where two are as likely."""

from __future__ import annotations

from search.attribution.bits import (
    FEMALE,
    MALE,
)
from search.attribution.entities import Entity
from search.attribution.memory import Memory, Referent, plain
from search.attribution.sorting import Sort
from search.attribution.tokens import Sentence
from search.model import SpeakerType

_MEMORY = 8
"""Sentences that a pronoun may look back over."""


class Pronouns(Memory):
    """Looks back over the sentences before."""

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
