"""The query tree: a few frozen dataclasses that every engine compiles.

A node holds the words as typed; ``search.analysis`` turns them into terms when the tree is compiled, so that
indexing, querying and highlighting agree. ``str(node)`` is the query in our own language, and parsing that
again gives an equal tree.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

TEXT = "text"
FIELDS = {
    "speaker": "speaker", "topic": "topic", "outlet": "outlet", "kind": "kind", "title": "title",
    "headline": "title", "said": "said", "byline": "byline", "section": "section", "lang": "language",
    "language": "language", "quoted": "quoted", "mentions": "mentions",
}  # fmt: skip
"""What may stand before a colon, and the field it means."""


@dataclass(frozen=True, slots=True)
class Everything:
    """Every paragraph."""

    def __str__(self) -> str:
        return ""


@dataclass(frozen=True, slots=True)
class Word:
    """One word. In the text it is found by its stem, unless ``exact``."""

    text: str
    field: str = TEXT
    exact: bool = False

    def __str__(self) -> str:
        return _in_field(self.field, ("=" if self.exact else "") + self.text)


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words one after the other, each as it is written."""

    text: str
    field: str = TEXT

    def __str__(self) -> str:
        return _in_field(self.field, f'"{self.text}"')


@dataclass(frozen=True, slots=True)
class Prefix:
    """Every word that begins so."""

    text: str
    field: str = TEXT

    def __str__(self) -> str:
        return _in_field(self.field, f"{self.text}*")


@dataclass(frozen=True, slots=True)
class Published:
    """Paragraphs of articles published from the first day to the last, both included."""

    first: date | None
    last: date | None

    def __str__(self) -> str:
        return f"date:{self.first or ''}..{self.last or ''}"


@dataclass(frozen=True, slots=True)
class And:
    parts: tuple[Node, ...]

    def __str__(self) -> str:
        return " ".join(f"({part})" if isinstance(part, And | Or) else str(part) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Or:
    parts: tuple[Node, ...]

    def __str__(self) -> str:
        return " OR ".join(f"({part})" if isinstance(part, And | Or) else str(part) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Not:
    part: Node

    def __str__(self) -> str:
        return f"-({self.part})" if isinstance(self.part, And | Or) else f"-{self.part}"


Node = Everything | Word | Phrase | Prefix | Published | And | Or | Not


def _in_field(field: str, text: str) -> str:
    return text if field == TEXT else f"{field}:{text}"
