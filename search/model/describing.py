"""What an archive says of itself: how much it holds, who is heard in it, what it is about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from search.model.articles import SpeakerType
from search.model.searching import FacetValue, Interval, Period


@dataclass(frozen=True, slots=True)
class Completion:
    """What a beginning may become: ``kind`` is ``word``, ``speaker``, ``topic`` or ``outlet``; ``query`` finds it."""

    kind: str
    value: str
    label: str
    count: int
    query: str


@dataclass(frozen=True, slots=True)
class Distinctive:
    """A word that somebody or something has more of than the rest of the archive, by log-likelihood ``score``."""

    word: str
    count: int
    score: float


@dataclass(frozen=True, slots=True)
class Profile:
    """A speaker or a topic across the archive.

    ``paragraphs`` counts every paragraph, ``stories`` copies once. ``first`` and ``last`` are days, None when nothing
    is dated. ``neighbours`` are the speakers of the same paragraphs. ``words`` are told from the newest
    paragraphs: those that stand in more of them than in the rest of the archive. ``type`` is a speaker's.
    ``estimated``: which of the numbers are right to within some per cent only.
    """

    name: str
    label: str
    paragraphs: int
    stories: int
    articles: int
    first: date | None
    last: date | None
    interval: Interval
    timeline: tuple[Period, ...]
    topics: tuple[FacetValue, ...]
    outlets: tuple[FacetValue, ...]
    neighbours: tuple[FacetValue, ...]
    words: tuple[Distinctive, ...]
    aliases: tuple[str, ...] = ()
    type: SpeakerType | None = None
    generation: int = 0
    estimated: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of values with their counts, and how many there are in all."""

    values: tuple[FacetValue, ...]
    total: int
    page: int
    size: int
    generation: int

    @property
    def pages(self) -> int:
        return -(-self.total // self.size)


@dataclass(frozen=True, slots=True)
class Counts:
    """How much an index holds."""

    articles: int
    paragraphs: int


@dataclass(frozen=True, slots=True)
class Status:
    """What an archive holds, and since when. ``first`` and ``last`` are the days its articles span."""

    index: str
    engine: str
    generation: int
    previous: int | None
    built: datetime
    version: str
    articles: int
    paragraphs: int
    outlets: int
    speakers: int
    first: date | None
    last: date | None
    roots: tuple[str, ...]
