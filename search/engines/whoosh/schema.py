"""How a paragraph is laid down in Whoosh: which fields, and what a posting holds."""

from __future__ import annotations

from typing import Any

from whoosh import fields, formats

SCHEMA_VERSION = 12

WORDS = (
    "text", "title", "said", "speaker_words", "mention_words", "topic_words", "outlet_words", "section_words",
    "byline_words", "marks",
)  # fmt: skip
"""Searched word by word; postings hold positions. For ``marks`` see ``layout``: no query names it."""
STEMMED = ("text", "title", "said")
"""Those whose matches are scored, and whose words are found by their stem."""
VALUES = (
    "article", "speaker", "topic", "outlet", "kind", "quoted", "language", "section", "published", "indexed", "number",
)  # fmt: skip
"""Whole values: filters, facets, sort keys."""
COUNTED = ("speaker", "topic", "outlet", "kind", "quoted", "language", "section")
"""Those whose values are counted among what a query finds."""


_NONE: Any = None
"""Whoosh is never given a text to analyse: see ``segment_writer``."""


class Positions(formats.Format):
    """A posting is its positions, four bytes each; Whoosh's own way pickles a list for every posting."""

    def decode_frequency(self, value: bytes) -> int:
        return len(value) // 4

    def decode_weight(self, value: bytes) -> float:
        return len(value) / 4


class Words(fields.FieldType):
    """Words with their positions."""

    def __init__(self, scorable: bool) -> None:
        super().__init__(Positions(), analyzer=_NONE, scorable=scorable)


class Values(fields.FieldType):
    """Whole values."""

    def __init__(self) -> None:
        super().__init__(formats.Existence(), analyzer=_NONE)


def schema() -> fields.Schema:
    return fields.Schema(
        head=fields.STORED,  # of an article's first paragraph alone; see ``search.engines.stored``
        body=fields.STORED,
        signature=fields.STORED,
        **{name: Words(name in STEMMED) for name in WORDS},
        **{name: Values() for name in VALUES},
    )
