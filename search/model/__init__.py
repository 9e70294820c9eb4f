"""What passes between the parts: articles, their paragraphs, who speaks in them, and what a search answers.

Everything is frozen: an article is replaced whole, never edited.
"""

from search.model.articles import (
    Article,
    Kind,
    Mention,
    Metadata,
    Paragraph,
    Quotation,
    QuotationKind,
    Span,
    Speaker,
    SpeakerType,
    Topic,
    shared_span,
)
from search.model.describing import Completion, Counts, Distinctive, Listing, Profile, Status
from search.model.searching import (
    Copies,
    Explanation,
    FacetValue,
    Group,
    Hit,
    Interval,
    ListingSort,
    Match,
    Notice,
    Period,
    Reason,
    SearchRequest,
    SearchResult,
    Sort,
    facet_value,
)

__all__ = [
    "Article", "Completion", "Copies", "Counts", "Distinctive", "Explanation", "FacetValue", "Group", "Hit",
    "Interval", "Kind", "Listing", "ListingSort", "Match", "Mention", "Metadata", "Notice", "Paragraph", "Period",
    "Profile", "Quotation", "QuotationKind", "Reason", "SearchRequest", "SearchResult", "Sort", "Span", "Speaker",
    "SpeakerType", "Status", "Topic", "facet_value", "shared_span",
]  # fmt: skip
