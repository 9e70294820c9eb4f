"""The pieces of a query: words, quotations, brackets, fields, functions and operators, each with its place.

Whatever the keyboard gave is evened out here, character by character, so that places stay: full-width forms,
blanks of every kind, and quotation marks of every kind.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from search.query.nodes import FIELDS
from search.query.trade import CALLS, PROXIMITY, Proximity, proximity

_EVEN = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)} | {
    ord(odd): even
    for even, odds in {
        '"': "“”„‟«»″‹›「」『』〝〞", "-": "‐‑‒–−", "~": "∼˜〜", "*": "∗", "'": "ʼ",
        " ": "\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff",
    }.items()
    for odd in odds
}  # fmt: skip
_NAMES = "(?i:" + "|".join(sorted([*FIELDS, "date", "from", "to"], key=len, reverse=True)) + ")"
_LEXEME = re.compile(
    r"(?P<space>\s+)"
    r'|(?P<quote>"(?P<inside>[^"]*)"(?:~ ?(?P<within>\d{1,9})(?!\w))?)'
    r"|(?<!\S)‘(?P<curly>(?:[^‘’\"]|’(?=\w))+)’(?!\w)"
    r"|(?<!\S)'(?P<single>[^\s'\"](?:[^'\"]|'(?=\w))*\s(?:[^'\"]|'(?=\w))*)'(?!\w)"
    rf"|(?P<near>{PROXIMITY})(?![^\s()])"
    rf"|(?P<call>{CALLS})(?=\()"
    r"|(?P<open>\()|(?P<close>\))"
    r"|(?P<minus>-)(?=[^\s-])"
    r"|(?P<dash>[-—]+)(?!\S)"
    rf"|(?P<field>{_NAMES}):(?=[^\s:/)])"
    r'|(?P<word>[^\s()"]+)'
    r'|(?P<lone>")'
)
SYNTAX = re.compile(rf"(?:AND|OR|NOT|{PROXIMITY})$|{_NAMES}:")
"""Words that would be taken for something else when they are read again."""


@dataclass(frozen=True, slots=True)
class Lexeme:
    """``kind`` is a name in the pattern above; ``at`` is its place in the query.

    ``within``: the number after ``"a phrase"~``. ``proximity``: what an operator of nearness asks for.
    """

    kind: str
    text: str
    at: int
    within: int | None = None
    proximity: Proximity | None = None


def lexemes(text: str) -> list[Lexeme]:
    """The pieces of a query in order, blanks and lone dashes left out.

    >>> [(piece.kind, piece.text) for piece in lexemes("speaker:“Ada Holm” ice w/5 (snow")]
    [('field', 'speaker'), ('quote', 'Ada Holm'), ('word', 'ice'), ('near', 'w/5'), ('open', '('), ('word', 'snow')]
    """
    return list(_lexemes(text if text.isascii() else text.translate(_EVEN)))


def _lexemes(text: str) -> Iterator[Lexeme]:
    for found in _LEXEME.finditer(text):
        kind = found.lastgroup or ""
        if kind in ("space", "dash"):
            continue
        if kind in ("curly", "single"):
            yield Lexeme("quote", found[kind], found.start())
        elif found["quote"] is not None:
            within = int(found["within"]) if found["within"] else None
            yield Lexeme("quote", found["inside"], found.start(), within)
        elif kind == "near":
            yield Lexeme(kind, found[0], found.start(), proximity=proximity(found[0]))
        elif kind in ("field", "call"):
            yield Lexeme(kind, found[kind].lower(), found.start())
        else:
            yield Lexeme(kind, found[0], found.start())


def remarks(pieces: list[Lexeme]) -> Iterator[tuple[str, Lexeme]]:
    """What was probably meant otherwise, in a query that has operators: of plain text nothing is said."""
    words = [piece for piece in pieces if piece.kind == "word"]
    operators = [piece for piece in pieces if piece.kind in ("near", "call")]
    for piece in words if operators or {piece.text for piece in words} & {"AND", "OR", "NOT"} else ():
        if piece.text in ("and", "or", "not"):
            yield f"“{piece.text}” is searched as a word; the operator is {piece.text.upper()}.", piece
    for piece in words if operators else ():
        if re.fullmatch(r"\w{3,}!", piece.text):
            yield f"“!” is no wildcard here; write {piece.text[:-1]}* for every ending.", piece
