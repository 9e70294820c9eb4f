"""The query tree: a few frozen dataclasses that every engine compiles.

A node holds the words as typed; ``search.analysis`` turns them into terms when the tree is compiled, so that
indexing, querying and highlighting agree. ``str(node)`` is the query in our own language, and parsing that
again gives an equal tree.

**Where.** A field is one text or several *runs*, such as the names of the speakers; nothing spans two runs. The
field ``text`` stands for two, the paragraph's text and its article's title: a node is looked for in each on its
own, and either will do.

**Occurrences.** ``Word``, ``Phrase``, ``Prefix``, ``Wildcard``, ``Fuzzy``, ``Caps``, an ``Or`` of such, and ``Near``
*occur*: at stretches of tokens, half-open. A node that occurs matches where it does so at least once. ``Near`` and
``AtLeast`` take parts that occur, all in one field (see ``field_of``).

**Score.** ``Word``, ``Phrase``, ``Caps``, ``Near`` and ``AtLeast`` score as one term by BM25: documents with an
occurrence count for the idf, and occurrences in the document for the frequency (of a ``Near`` those of its first
part that meet the others). What a ``Word`` scores besides is in docs/ranking.md. ``Prefix``, ``Wildcard`` and
``Fuzzy`` score 1 for each of text and title. Everything else, and whatever is not in ``text``, ``title`` or
``said``, scores nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

TEXT = "text"
FIELDS = {
    "speaker": "speaker", "topic": "topic", "outlet": "outlet", "kind": "kind", "title": "title",
    "headline": "title", "said": "said", "byline": "byline", "section": "section", "lang": "language",
    "language": "language", "quoted": "quoted", "mentions": "mentions",
}  # fmt: skip
"""What may stand before a colon, and the field it means."""
_OPERATOR = re.compile(r"(?:AND|OR|NOT|SAME|(?i:near|onear|adj|pre)\d+)$")
"""Words that are words only between quotation marks."""
WHOLE = frozenset({"kind", "language", "quoted"})
"""Fields of whole values, compared by ``is_value``; in all others words have places."""

CASED = frozenset({"text", "title", "said"})
"""Fields that rank, whose words are found by their stem and may be asked for in certain capitals."""


@dataclass(frozen=True, slots=True)
class Everything:
    """Every paragraph."""

    def __str__(self) -> str:
        return ""


@dataclass(frozen=True, slots=True)
class Word:
    """One word. In ``text``, ``title`` and ``said`` it is found by its stem, unless ``exact``; elsewhere as written.

    A word that is several tokens, such as “AT&T”, is a phrase of them.
    """

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
    """Every term that begins so."""

    text: str
    field: str = TEXT

    def __str__(self) -> str:
        return _in_field(self.field, f"{self.text}*")


@dataclass(frozen=True, slots=True)
class Wildcard:
    """Every term that fits: ``?`` is one character, ``*`` any number of them; two letters stand first.

    ``search.analysis.pattern`` folds it.
    """

    text: str
    field: str = TEXT

    def __str__(self) -> str:
        return _in_field(self.field, self.text)


@dataclass(frozen=True, slots=True)
class Fuzzy:
    """Every term with the same first letter, at most ``distance`` (1 or 2) edits away.

    An edit is a letter put in, left out or changed, or two neighbours swapped (optimal string alignment).
    """

    text: str
    distance: int = 1
    field: str = TEXT

    def __str__(self) -> str:
        return _in_field(self.field, f"{self.text}~{self.distance}")


@dataclass(frozen=True, slots=True)
class Caps:
    """One word in exactly these capitals and small letters: its term, where ``search.analysis.kept`` gives the same.

    Only in ``text``, ``title`` and ``said``.
    """

    text: str
    field: str = TEXT

    def __str__(self) -> str:
        text = f'"{self.text}"' if _OPERATOR.match(self.text) else self.text
        return _in_field(self.field, f"caps({text})")


class Unit(StrEnum):
    """What two words may share instead of being few words apart."""

    SENTENCE = "S"
    PARAGRAPH = "P"


@dataclass(frozen=True, slots=True)
class Near:
    """One occurrence of every part, none overlapping another, close together.

    ``distance`` is a number: fewer than so many other words stand between the parts, counted together, so that
    1 is side by side. Or a unit: all stand wholly in one sentence (``search.analysis.sentences``), or anywhere in
    one paragraph's field. ``ordered``: in the order given. It occurs from the first part's start to the
    last one's end, once for each choice of occurrences. Two parts, or more that are exact words.
    """

    parts: tuple[Node, ...]
    distance: int | Unit
    ordered: bool = False

    def __str__(self) -> str:
        if self.loose:
            words = " ".join(part.text for part in self.parts if isinstance(part, Word))
            return _in_field(field_of(self) or TEXT, f'"{words}"~{self.distance}')
        unit = isinstance(self.distance, Unit)
        operator = ("PRE/" if self.ordered else "W/" if unit else "NEAR/") + str(self.distance)
        return f" {operator} ".join(_in_brackets(part) for part in self.parts)

    @property
    def loose(self) -> bool:
        """Is it a loose phrase, ``"one or more"~5``?"""
        counted = not self.ordered and not isinstance(self.distance, Unit)
        return counted and all(isinstance(part, Word) and part.exact for part in self.parts)


@dataclass(frozen=True, slots=True)
class AtLeast:
    """``part`` occurs at least ``count`` times, all in the text or all in the title."""

    part: Node
    count: int

    def __str__(self) -> str:
        return f"atleast{self.count}({self.part})"


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
        return " ".join(map(_in_brackets, self.parts))


@dataclass(frozen=True, slots=True)
class Or:
    parts: tuple[Node, ...]

    def __str__(self) -> str:
        return " OR ".join(map(_in_brackets, self.parts))


@dataclass(frozen=True, slots=True)
class Not:
    part: Node

    def __str__(self) -> str:
        return f"-{_in_brackets(self.part)}"


Node = (
    Everything | Word | Phrase | Prefix | Wildcard | Fuzzy | Caps | Near | AtLeast | Published | And | Or | Not
)  # fmt: skip


def field_of(node: Node) -> str | None:
    """The field in which a node occurs; None for one that does not occur, or in several fields at once.

    >>> field_of(Or((Word("ice"), Prefix("har")))), field_of(And((Word("ice"), Word("snow"))))
    ('text', None)
    """
    match node:
        case Word() | Phrase() | Prefix() | Wildcard() | Fuzzy() | Caps():
            return None if node.field in WHOLE else node.field
        case Or(parts) | Near(parts):
            fields = {field_of(part) for part in parts}
            return fields.pop() if len(fields) == 1 else None
        case _:
            return None


def is_plain(tree: Node) -> bool:
    """Is it nothing but words? Then nobody need be told how it was understood.

    >>> is_plain(And((Word("ice"), Word("snow")))), is_plain(Not(Word("ice")))
    (True, False)
    """
    parts = tree.parts if isinstance(tree, And | Or) else (tree,)
    return all(part in (Everything(), Word(part.text) if isinstance(part, Word) else None) for part in parts)


def is_value(field: str, asked: str, value: str) -> bool:
    """Is this the whole value that was asked for? A language is also meant by its first part: ``en`` has ``en-GB``.

    >>> is_value("kind", "Caption", "caption"), is_value("language", "en", "en-GB"), is_value("language", "en", "eng")
    (True, True, False)
    """
    asked, value = asked.casefold(), value.casefold()
    return value == asked or (field == "language" and value.startswith(f"{asked}-"))


def _in_field(field: str, text: str) -> str:
    return text if field == TEXT else f"{field}:{text}"


def _in_brackets(part: Node) -> str:
    """Several words that belong together are shown to: nobody need know what binds tighter."""
    return f"({part})" if isinstance(part, And | Or) or (isinstance(part, Near) and not part.loose) else str(part)
