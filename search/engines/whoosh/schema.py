"""How a paragraph is laid down in Whoosh: which fields, and what a posting holds."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from typing import Any

from whoosh import fields, formats

SCHEMA_VERSION = 7

WORDS = (
    "text", "title", "said", "speaker_words", "mention_words", "topic_words", "outlet_words", "section_words",
    "byline_words", "marks",
)  # fmt: skip
"""Searched word by word; postings hold positions. For ``marks`` see ``layout``: no query names it."""
STEMMED = ("text", "title", "said")
"""Those whose matches are scored, and whose words are found by their stem."""
VALUES = (
    "article",
    "speaker",
    "topic",
    "outlet",
    "kind",
    "quoted",
    "language",
    "section",
    "published",
    "indexed",
    "number",
)
"""Whole values: filters, facets, sort keys."""


_NONE: Any = None
"""Whoosh is never given a text to analyse."""


class Positions(formats.Format):
    """A posting is its positions, four bytes each; Whoosh's own way pickles a list for every posting."""

    def decode_frequency(self, value: bytes) -> int:
        return len(value) // 4

    def decode_weight(self, value: bytes) -> float:
        return len(value) / 4


class Words(fields.FieldType):
    """Takes what ``documents.prepare`` made: the packed positions of every term."""

    def __init__(self) -> None:
        super().__init__(Positions(), analyzer=_NONE, scorable=True)

    def index(
        self, value: Mapping[bytes, bytes], **_: Any
    ) -> Generator[tuple[bytes, int, float | int, bytes], Any, None]:
        for term, positions in value.items():
            count = len(positions) // 4
            yield term, count, float(count), positions


class Values(fields.FieldType):
    """Takes a list of whole values."""

    def __init__(self) -> None:
        super().__init__(formats.Existence(), analyzer=_NONE)

    def index(self, value: list[bytes], **_: Any) -> Generator[tuple[bytes, int, float | int, bytes], Any, None]:
        for term in dict.fromkeys(value):
            yield term, 1, 1.0, b""


def schema() -> fields.Schema:
    return fields.Schema(
        paragraph=fields.STORED,
        signature=fields.STORED,
        **{name: Words() for name in WORDS},
        **{name: Values() for name in VALUES},
    )
