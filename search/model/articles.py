"""Articles, their paragraphs, and who speaks in them.

Offsets are Unicode code points within one paragraph's text, 0-based, end exclusive.
Everything is frozen: an article is replaced whole, never edited.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range of characters: ``text[start:end]``.

    >>> Span(4, 9).of("The envoy said")
    'envoy'
    """

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"not a span: {self.start}..{self.end}")

    def of(self, text: str) -> str:
        return text[self.start : self.end]


shared_span = lru_cache(8192)(Span)
"""A span that others may hold as well: an answer has hundreds, and to make one anew takes several times as long."""


@dataclass(frozen=True, slots=True)
class Mention(Span):
    """A span that refers to somebody, in the paragraph numbered ``paragraph``."""

    paragraph: int = 0


class Kind(StrEnum):
    """What a paragraph is in its article."""

    HEADLINE = "headline"
    STANDFIRST = "standfirst"
    BODY = "body"
    CAPTION = "caption"
    SUBHEADING = "subheading"
    BYLINE = "byline"
    CREDIT = "credit"


class SpeakerType(StrEnum):
    PERSON = "person"
    ORGANISATION = "organisation"
    UNNAMED = "unnamed"


class QuotationKind(StrEnum):
    DIRECT = "direct"
    MIXED = "mixed"
    INDIRECT = "indirect"


@dataclass(frozen=True, slots=True)
class Speaker:
    """Somebody whose words or claims a paragraph reports.

    ``certainty`` runs from 0 to 1: of the speakers marked 0.9, nine in ten should be right. ``aliases`` are
    other ways of writing the name, by which it is found too.
    """

    name: str
    type: SpeakerType
    certainty: float
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Topic:
    """A subject from IPTC Media Topics, and how it was found: ``metadata``, ``model`` or ``rule``."""

    code: str
    label: str
    certainty: float
    how: str


@dataclass(frozen=True, slots=True)
class Quotation:
    """Attributed speech within one paragraph; speech that runs on is one of these in each.

    ``content`` is all that is attributed; ``quoted`` its runs between quotation marks, the marks
    left out, empty when indirect. ``cue`` is the word or words of saying. ``source`` is the mention
    of who speaks, which may stand in another paragraph. ``speaker`` is the resolved name, None
    when nobody can be named. ``why`` is one short readable reason.
    """

    kind: QuotationKind
    content: tuple[Span, ...]
    quoted: tuple[Span, ...]
    cue: Span | None
    source: Mention | None
    speaker: str | None
    speaker_type: SpeakerType | None
    certainty: float
    why: str


@dataclass(frozen=True, slots=True)
class Metadata:
    """What is known of an article besides its words.

    ``published`` is naive, on the outlet's own clock: the day it printed is the article's day.
    Midnight exactly means that only the day is known. ``subjects`` are topic codes that the
    article brought with it; ``file`` is where it was read. ``indexed`` is when the archive first took the article in,
    in UTC, None before it has; a change or a rebuild leaves it as it is.
    """

    id: str
    title: str = ""
    published: datetime | None = None
    outlet: str = ""
    byline: str = ""
    credit: str = ""
    url: str = ""
    section: str = ""
    language: str = "en"
    keywords: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    file: str = ""
    indexed: datetime | None = None


@dataclass(frozen=True, slots=True)
class Paragraph:
    """The unit we index and return. ``number`` counts from 0 within the article.

    ``mentions`` are persons and organisations named here without speaking.
    """

    article: Metadata
    number: int
    kind: Kind
    text: str
    speakers: tuple[Speaker, ...] = ()
    topics: tuple[Topic, ...] = ()
    quotations: tuple[Quotation, ...] = ()
    mentions: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """``ARTICLE#NUMBER``, the address of this paragraph everywhere.

        >>> Paragraph(Metadata("budget"), 3, Kind.BODY, "Taxes will fall.").id
        'budget#3'
        """
        return f"{self.article.id}#{self.number}"


@dataclass(frozen=True, slots=True)
class Article:
    """One published item: its metadata and its paragraphs, ``paragraphs[i].number == i``.

    ``topics`` are those of the article as a whole.
    """

    metadata: Metadata
    paragraphs: tuple[Paragraph, ...]
    topics: tuple[Topic, ...] = ()

    def __post_init__(self) -> None:
        if any(paragraph.number != i for i, paragraph in enumerate(self.paragraphs)):
            raise ValueError(f"paragraphs of {self.metadata.id} are not numbered from 0")

    @property
    def id(self) -> str:
        return self.metadata.id
