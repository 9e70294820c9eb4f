"""The shapes of what is answered as JSON, key by key.

``answers`` fills them, and the OpenAPI document is made from them, so that neither can promise what the other does
not keep. Keys may be added, never changed. Times are ISO 8601; offsets are code points, end exclusive.
"""

from __future__ import annotations

from typing import TypedDict


class SpanJson(TypedDict):
    """A half-open range of characters of a paragraph's text."""

    start: int
    end: int


class MentionJson(SpanJson):
    """A range of characters of the paragraph of that number in the same article."""

    paragraph: int


class SpeakerJson(TypedDict):
    """Somebody whose words a paragraph reports. ``certainty`` runs from 0 to 1; ``type`` is person, organisation or
    unnamed."""

    name: str
    type: str
    certainty: float


class TopicJson(TypedDict):
    """A subject from IPTC Media Topics; ``how`` it was found is metadata, model or rule."""

    code: str
    label: str
    certainty: float
    how: str


class QuotationJson(TypedDict):
    """Attributed speech: ``content`` is all of it, ``quoted`` what stands between quotation marks. ``kind`` is direct,
    mixed or indirect, ``why`` one readable reason for the speaker."""

    kind: str
    content: list[SpanJson]
    quoted: list[SpanJson]
    cue: SpanJson | None
    source: MentionJson | None
    speaker: str | None
    certainty: float
    why: str


class MetadataJson(TypedDict):
    """The head of an article. ``published`` is a day, or a moment on the outlet's own clock, null when undated.
    ``indexed`` is when the archive first took it in, UTC; a change to the article or a rebuild leaves it as it is."""

    id: str
    title: str
    published: str | None
    outlet: str
    byline: str
    credit: str
    url: str
    section: str
    language: str
    keywords: list[str]
    indexed: str | None


class WithinArticleJson(TypedDict):
    """A paragraph within its article; ``number`` counts from 0."""

    number: int
    kind: str
    text: str
    speakers: list[SpeakerJson]
    topics: list[TopicJson]
    quotations: list[QuotationJson]
    mentions: list[str]


class ParagraphJson(WithinArticleJson):
    """A paragraph with the head of its article. ``id`` is ``ARTICLE#NUMBER``."""

    id: str
    article: MetadataJson


class ArticleJson(MetadataJson):
    """An article whole."""

    topics: list[TopicJson]
    paragraphs: list[WithinArticleJson]


class ReasonJson(TypedDict):
    """What one part of a query gave to a hit's score."""

    found: str
    field: str
    count: int
    length: int
    having: int
    idf: float
    share: float
    score: float


class ExplanationJson(TypedDict):
    """Why a hit has its score: the reasons add up to it but for ``rest``."""

    score: float
    rest: float
    reasons: list[ReasonJson]


class HitJson(ParagraphJson):
    """A paragraph that answers a query. ``highlights`` are what answers it in the text, ``title_highlights`` in the
    title of its article, ``window`` the part to show where room is short; ``copies`` and ``others`` count what was
    folded into it. ``explanation`` comes when it is asked for."""

    score: float
    highlights: list[SpanJson]
    title_highlights: list[SpanJson]
    window: SpanJson
    copies: int
    others: int
    explanation: ExplanationJson | None


class FacetValueJson(TypedDict):
    """A value of a field, how many matches have it, and how many when copies count once: ``stories``, which may be
    ``estimated``. ``type`` is a speaker's: ``person``, ``organisation`` or ``unnamed``; null for other fields."""

    value: str
    label: str
    count: int
    stories: int
    estimated: bool
    selected: bool
    type: str | None


class PeriodJson(TypedDict):
    """Days from ``start`` to ``end``, both included: matches, and all paragraphs the archive has of that time."""

    start: str
    end: str
    count: int
    total: int


class NoticeJson(TypedDict):
    """Something to know about how the query was read; ``position`` is a character of it."""

    message: str
    position: int | None


FiltersJson = TypedDict(
    "FiltersJson",
    {
        "speaker": list[str],
        "topic": list[str],
        "outlet": list[str],
        "kind": list[str],
        "language": list[str],
        "section": list[str],
        "quoted": list[str],
        "from": str | None,  # a word of Python's, so no class can have it
        "to": str | None,
    },
)


class QueryJson(TypedDict):
    """What was asked, and in ``understood`` how it was read, in the query language."""

    text: str
    understood: str
    match: str
    sort: str
    copies: str
    group: str
    filters: FiltersJson
    notices: list[NoticeJson]


class ResultJson(TypedDict):
    """A page of hits, and what is true of all matches: ``total`` paragraphs, ``stories`` when copies count once,
    ``articles`` they are in, ``rows`` hits on all pages together. ``cursor`` leads to the next page.
    ``estimated`` names those of them that are right to within some per cent only, as a cluster counts where there is
    much."""

    query: QueryJson
    total: int
    stories: int
    articles: int
    rows: int
    estimated: list[str]
    cursor: str | None
    page: int
    size: int
    generation: int
    took_ms: float
    suggestion: str | None
    suggestion_total: int
    hits: list[HitJson]
    facets: dict[str, list[FacetValueJson]]
    interval: str | None
    timeline: list[PeriodJson]
    undated: int


class ListingJson(TypedDict):
    """A page of values; ``total`` is how many there are in all."""

    total: int
    page: int
    size: int
    generation: int


class DistinctiveJson(TypedDict):
    """A word, how many of the newest paragraphs have it, and by how much that is more than elsewhere."""

    word: str
    count: int
    score: float


class ProfileJson(TypedDict):
    """A speaker or a topic across the archive. ``neighbours`` are the speakers of the same paragraphs; ``type`` is a
    speaker's, as in the counts. ``estimated``: which of its numbers are right to within some per cent only."""

    name: str
    label: str
    type: str | None
    aliases: list[str]
    paragraphs: int
    stories: int
    articles: int
    first: str | None
    last: str | None
    interval: str
    timeline: list[PeriodJson]
    topics: list[FacetValueJson]
    outlets: list[FacetValueJson]
    neighbours: list[FacetValueJson]
    words: list[DistinctiveJson]
    estimated: list[str]
    generation: int
