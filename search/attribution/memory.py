"""What an article has said so far: who was named, how lately, and who spoke last."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from search.attribution.entities import Cast, Entity
from search.attribution.lexicon import Lexicon
from search.model import SpeakerType


@dataclass(frozen=True, slots=True)
class Referent:
    """Whom a mention stands for; ``rule`` is the way it was found, for its certainty."""

    name: str | None
    type: SpeakerType | None
    rule: str
    why: str
    entity: Entity | None = None


class _Step(NamedTuple):
    entity: Entity
    clock: int
    weight: float


class Memory:
    """Follows one article from its first sentence to its last and remembers who was named."""

    def __init__(self, words: Lexicon, cast: Cast) -> None:
        self.words, self.cast = words, cast
        self.trail: list[_Step] = []
        self.clock = self.paragraph = 0
        self.speaker: Referent | None = None
        self.spoke_at = -99
        self.recent_by_word: dict[str, Entity] = {}

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


def plain(name: str) -> str:
    """A name with straight apostrophes, however the article types them."""
    return name.replace("’", "'")
