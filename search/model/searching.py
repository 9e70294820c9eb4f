"""What is asked of an archive and what it answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from functools import partial
from typing import Any, NamedTuple

from search.model.articles import Kind, Paragraph, QuotationKind, Span, SpeakerType


class Match(StrEnum):
    """What joins bare words."""

    ALL = "all"
    ANY = "any"


class Sort(StrEnum):
    """The best first, the newest or oldest published first, or the last taken into the archive first."""

    RELEVANCE = "relevance"
    NEWEST = "newest"
    OLDEST = "oldest"
    INDEXED = "indexed"


class ListingSort(StrEnum):
    """Values by how often they occur, or by what they are called."""

    COUNT = "count"
    NAME = "name"


class Interval(StrEnum):
    """How long a period of a timeline is. A week begins on Monday."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


class Copies(StrEnum):
    """Whether near-identical paragraphs are one hit, or each its own."""

    GROUP = "group"
    ALL = "all"


class Group(StrEnum):
    """What one hit stands for: a paragraph, or an article by the best of its paragraphs."""

    PARAGRAPH = "paragraph"
    ARTICLE = "article"


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """One question: a query, filters beside it, and which page of the answer.

    Values of one filter mean OR, different filters AND. ``published_from`` and ``published_to``
    are both inclusive; the latter is the last moment that counts. Pages count from 1. ``cursor`` is
    ``SearchResult.cursor`` of the page before, in place of a page number.
    """

    text: str = ""
    match: Match = Match.ALL
    speaker: tuple[str, ...] = ()
    topic: tuple[str, ...] = ()
    outlet: tuple[str, ...] = ()
    kind: tuple[Kind, ...] = ()
    language: tuple[str, ...] = ()
    section: tuple[str, ...] = ()
    quoted: tuple[QuotationKind, ...] = ()
    published_from: datetime | None = None
    published_to: datetime | None = None
    sort: Sort = Sort.RELEVANCE
    page: int = 1
    size: int = 20
    cursor: str | None = None
    facets: tuple[str, ...] = ()
    facet_size: int = 50
    interval: Interval | None = None
    copies: Copies = Copies.GROUP
    group: Group = Group.PARAGRAPH
    explain: bool = False


@dataclass(frozen=True, slots=True)
class Notice:
    """Something the reader of a result should know; ``position`` is a 0-based character of the query."""

    message: str
    position: int | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """What one word, phrase or other part of a query gave to a hit's score.

    ``found`` is the part in the query language, ``field`` where it stands (``text``, ``title``, …). ``count`` is how
    often it stands there, ``length`` how many tokens there are, ``having`` how many paragraphs have it, ``idf`` what
    its rarity is worth, ``share`` the weight of that field, and ``score`` what all of that comes to.
    """

    found: str
    field: str
    count: int
    length: int
    having: int
    idf: float
    share: float
    score: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a hit has its score: the reasons add up to it, but for ``rest``, which no single word gave."""

    reasons: tuple[Reason, ...]
    score: float

    @property
    def rest(self) -> float:
        return self.score - sum(reason.score for reason in self.reasons)


@dataclass(frozen=True, slots=True)
class Hit:
    """One paragraph with its score, and the spans of its text, and of its article's title, that answer the query.

    ``window`` is the part of the text to show where there is no room for all of it. ``copies`` is how many other
    matches were folded into this one because they say the same, ``others`` how many because they are of the same
    article.
    """

    paragraph: Paragraph
    score: float
    highlights: tuple[Span, ...] = ()
    window: Span = Span(0, 0)  # noqa: RUF009 - frozen
    copies: int = 0
    others: int = 0
    explanation: Explanation | None = None
    title_highlights: tuple[Span, ...] = ()


class FacetValue(NamedTuple):
    """One value of a field among all matches: how many matches have it, and how many when copies count once.

    ``type`` is a speaker's; other values have none. ``estimated``: whether ``stories`` is right to within some per cent
    only. A tuple, as ``Period`` is, since an answer has hundreds.
    """

    value: str
    label: str
    count: int  # type: ignore[assignment]
    selected: bool = False
    stories: int = 0
    type: SpeakerType | None = None
    estimated: bool = False


facet_value = partial(tuple.__new__, FacetValue)
"""A value from a row of its seven parts: an answer has hundreds, and ``FacetValue`` takes three times as long."""


class Period(NamedTuple):
    """A stretch of time from the first day to the last, with its matches, and all paragraphs the archive has of it.

    A ``total`` of 0 is a gap in the archive, which says nothing about who was silent. A tuple, since a timeline has
    hundreds, and a frozen dataclass takes four times as long to make.

    >>> Period(date(2024, 4, 1), date(2024, 4, 30), 3, 12).share
    0.25
    """

    start: date
    end: date
    count: int  # type: ignore[assignment]
    total: int

    @property
    def share(self) -> float | None:
        """Matches among all paragraphs of that time; None in a gap."""
        return self.count / self.total if self.total else None


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The answer: a page of hits, and what is true of all matches.

    ``total`` counts every matching paragraph, ``stories`` the same with copies counted once, ``articles`` the
    articles they are in; ``rows`` is how many hits all pages together hold, which is one of the three.
    ``query`` is how the text was understood, in the query language, and ``tree`` the same as ``search.query.nodes``
    has it. ``estimated`` names what is right to within some per cent only, as a cluster counts where there is much:
    ``stories``, ``articles``, ``rows``; and ``facets.speaker``, when other speakers may be as common as those shown.
    ``suggestion`` is offered, never applied, and finds ``suggestion_total`` paragraphs. ``cursor`` leads to
    the next page, None on the last. ``interval`` is that of the timeline, which may be coarser than was asked for;
    ``undated`` matches are not in it.
    """

    hits: tuple[Hit, ...]
    total: int
    query: str
    request: SearchRequest
    generation: int
    took_ms: float
    notices: tuple[Notice, ...] = ()
    facets: Mapping[str, tuple[FacetValue, ...]] = field(default_factory=dict)
    suggestion: str | None = None
    suggestion_total: int = 0
    stories: int = 0
    articles: int = 0
    rows: int = 0
    timeline: tuple[Period, ...] = ()
    interval: Interval | None = None
    undated: int = 0
    cursor: str | None = None
    tree: Any = None
    estimated: tuple[str, ...] = ()

    @property
    def pages(self) -> int:
        return -(-self.rows // self.request.size)
