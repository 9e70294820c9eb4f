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
)
from search.model.searching import (
    Completion,
    Copies,
    Counts,
    Distinctive,
    Explanation,
    FacetValue,
    Group,
    Hit,
    Interval,
    Listing,
    Match,
    Notice,
    Period,
    Profile,
    Reason,
    SearchRequest,
    SearchResult,
    Sort,
)

__all__ = [
    "Article", "Completion", "Copies", "Counts", "Distinctive", "Explanation", "FacetValue", "Group", "Hit",
    "Interval", "Kind", "Listing", "Match", "Mention", "Metadata", "Notice", "Paragraph", "Period", "Profile",
    "Quotation", "QuotationKind", "Reason", "SearchRequest", "SearchResult", "Sort", "Span", "Speaker", "SpeakerType",
    "Topic",
]  # fmt: skip
