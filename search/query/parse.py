"""The parser: a text to a tree, with notices instead of failures.

    query  := any
    any    := all ("OR" all)*
    all    := not ("AND"? not)*             "OR" instead, where bare words are joined by any
    not    := ("NOT" | "-") not | atom
    atom   := "(" any ")" | field ":" value | value
    value  := word | =word | word* | "phrase" | "(" any ")"

Whatever does not fit is read as plain words, and a notice says so at its place.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime

from search.analysis import terms
from search.errors import ParameterError, QueryLimitError
from search.model import Match, Notice
from search.query import limits
from search.query.nodes import FIELDS, TEXT, And, Everything, Node, Not, Or, Phrase, Prefix, Published, Word
from search.request import day

_QUOTES = '"“”„‟«»″＂'
_NAMES = "(?i:" + "|".join([*FIELDS, "date", "from", "to"]) + ")"
_LEXEME = re.compile(
    rf"(?P<space>[\s\u200b\ufeff]+)"
    rf"|(?P<quote>[{_QUOTES}](?P<inside>[^{_QUOTES}]*)[{_QUOTES}])"
    r"|(?P<open>\()|(?P<close>\))"
    r"|(?P<minus>[-–−])(?=[^\s–−-])"
    r"|(?P<dash>[-–—−]+)(?!\S)"
    rf"|(?P<field>{_NAMES}):(?=[^\s:/)])"
    rf"|(?P<word>[^\s(){_QUOTES}\u200b\ufeff]+)"
    rf"|(?P<lone>[{_QUOTES}])"
)

_SYNTAX = re.compile(rf"(?:AND|OR|NOT)$|{_NAMES}:")
_EDGES = re.compile(r"^\W+|\W+$")


@dataclass(frozen=True, slots=True)
class Query:
    """A tree, and what the person who typed it should know."""

    tree: Node
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True, slots=True)
class _Lexeme:
    kind: str
    text: str
    at: int


def parse(text: str, match: Match = Match.ALL) -> Query:
    """The tree of a query. Raises QueryLimitError, and nothing else, whatever the text.

    >>> str(parse("envoy OR (talks -summit)").tree)
    'envoy OR (talks -summit)'
    """
    if len(text) > limits.LONGEST:
        raise QueryLimitError(
            f"A query has at most {limits.LONGEST:,} characters; this one has {len(text):,}.",
            "length",
            limits.LONGEST,
            limits.LONGEST,
        )
    parser = _Parser(list(_lexemes(text)), match)
    return Query(parser.whole(), tuple(parser.notices))


def _lexemes(text: str) -> list[_Lexeme]:
    found = []
    for piece in _LEXEME.finditer(text):
        kind = piece.lastgroup if piece.lastgroup != "inside" else "quote"
        if piece["quote"] is not None:
            found.append(_Lexeme("quote", piece["inside"], piece.start()))
        elif kind == "field":
            found.append(_Lexeme("field", piece["field"].lower(), piece.start()))
        elif kind is not None and kind not in ("space", "dash"):
            found.append(_Lexeme(kind, piece[0], piece.start()))
    return found


class _Parser:
    def __init__(self, lexemes: list[_Lexeme], match: Match) -> None:
        self.lexemes = lexemes
        self.match = match
        self.at = 0
        self.depth = 0
        self.clauses = 0
        self.notices: list[Notice] = []

    def whole(self) -> Node:
        parts: list[Node] = []
        while self.at < len(self.lexemes):
            part = self.any(TEXT)
            if part is not None:
                parts.append(part)
            if self.peek("close"):
                self.note("A closing bracket without an opening one was left out.")
                self.at += 1
        return _join(And if self.match is Match.ALL else Or, parts) or Everything()

    def any(self, field: str) -> Node | None:
        parts = [self.all(field)]
        while self.operator("OR", "|"):
            self.at += 1
            parts.append(self.all(field))
        if len(parts) > 1 and None in parts:
            self.note("OR needs something on both sides; it was left out where it has not.")
        return _join(Or, [part for part in parts if part is not None])

    def all(self, field: str) -> Node | None:
        parts: list[Node] = []
        joined = self.match is Match.ANY
        required: list[Node] = []
        while self.at < len(self.lexemes) and not self.peek("close") and not self.operator("OR", "|"):
            if self.operator("AND", "&&"):
                self.at += 1
                joined = False
                continue
            part = self.negated(field)
            if part is not None:
                (required if _narrows(part) else parts).append(part)
        if self.match is Match.ANY and joined and len(parts) > 1:
            return _join(And, [part for part in (_join(Or, parts), *required) if part])
        return _join(And, [*parts, *required])

    def negated(self, field: str) -> Node | None:
        lexeme = self.lexemes[self.at]
        if self.operator("NOT") or lexeme.kind == "minus":
            self.at += 1
            if self.at >= len(self.lexemes) or self.peek("close") or self.operator("OR", "AND"):
                self.note(f"“{lexeme.text}” stands before nothing and was left out.", lexeme)
                return None
            return self.nest(lambda: _negate(self.negated(field)), lexeme)
        return self.atom(field)

    def atom(self, field: str) -> Node | None:
        lexeme = self.lexemes[self.at]
        self.at += 1
        match lexeme.kind:
            case "open":
                return self.nest(lambda: self.bracket(field, lexeme), lexeme)
            case "close":
                return None
            case "field":
                return self.fielded(lexeme)
            case "quote":
                return self.phrase(lexeme, field)
            case "lone":
                self.note("A quotation mark without its partner was left out.", lexeme)
                return None
            case _:
                return self.word(lexeme, field)

    def bracket(self, field: str, lexeme: _Lexeme) -> Node | None:
        inside = self.any(field)
        if self.peek("close"):
            self.at += 1
        else:
            self.note("A bracket that was not closed ends with the query.", lexeme)
        return inside

    def fielded(self, lexeme: _Lexeme) -> Node | None:
        if self.at >= len(self.lexemes):
            return self.word(replace(lexeme, kind="word"), TEXT)
        if lexeme.text in {"date", "from", "to"}:
            return self.dated(lexeme)
        return self.atom(FIELDS[lexeme.text])

    def dated(self, lexeme: _Lexeme) -> Node | None:
        value = self.lexemes[self.at].text
        self.at += 1
        first, dots, last = value.partition("..")
        if lexeme.text == "from":
            first, last = value, ""
        elif lexeme.text == "to":
            first, last = "", value
        elif not dots:
            last = first
        try:
            start, end = day(first, lexeme.text), day(last, lexeme.text, end=True)
        except ParameterError:
            self.note(f"“{value[:40]}” is not a date such as 2022, 2022-04, 2022-04-18 or 2022..2023.", lexeme)
            return self.word(_Lexeme("word", f"{lexeme.text}:{value}", lexeme.at), TEXT)
        self.count(lexeme)
        return Published(_date(start), _date(end))

    def phrase(self, lexeme: _Lexeme, field: str) -> Node | None:
        words = " ".join(lexeme.text.split())
        if not terms(words):
            return None
        self.count(lexeme)
        return Phrase(words, field)

    def word(self, lexeme: _Lexeme, field: str) -> Node | None:
        text = lexeme.text
        exact = text.startswith("=")
        bare = _EDGES.sub("", text)
        if not terms(bare):
            return None
        if field != TEXT or text.endswith("*"):
            self.count(lexeme)
        if text.endswith("*"):
            if len("".join(terms(bare))) >= limits.SHORTEST_PREFIX and len(terms(bare)) == 1:
                return Prefix(bare, field)
            self.note(f"“*” needs at least {limits.SHORTEST_PREFIX} letters of one word before it.", lexeme)
        if _SYNTAX.match(bare):  # kept apart from what it looks like by its quotation marks
            return Phrase(bare, field)
        return Word(bare, field, exact)

    # ------------------------------------------------------------------------ helpers

    def nest(self, inner: Callable[[], Node | None], lexeme: _Lexeme) -> Node | None:
        self.depth += 1
        if self.depth > limits.DEPTH:
            raise QueryLimitError(f"Brackets go at most {limits.DEPTH} deep.", "depth", limits.DEPTH, lexeme.at)
        node: Node | None = inner()
        self.depth -= 1
        return node

    def count(self, lexeme: _Lexeme) -> None:
        self.clauses += 1
        if self.clauses > limits.CLAUSES:
            raise QueryLimitError(
                f"A query has at most {limits.CLAUSES} phrases, prefixes, fields and dates.",
                "clauses",
                limits.CLAUSES,
                lexeme.at,
            )

    def peek(self, kind: str) -> bool:
        return self.at < len(self.lexemes) and self.lexemes[self.at].kind == kind

    def operator(self, *names: str) -> bool:
        return self.peek("word") and self.lexemes[self.at].text in names

    def note(self, message: str, lexeme: _Lexeme | None = None) -> None:
        here = lexeme or (self.lexemes[self.at] if self.at < len(self.lexemes) else None)
        self.notices.append(Notice(message, here.at if here else None))


def _negate(part: Node | None) -> Node | None:
    if part is None:
        return None
    return part.part if isinstance(part, Not) else Not(part)


def _narrows(part: Node) -> bool:
    """Does it narrow, rather than rank? Any-word matching does not loosen what narrows."""
    if isinstance(part, Word | Phrase | Prefix):
        return part.field not in (TEXT, "title", "said")
    return isinstance(part, Not | Published)


def _join(kind: type[And] | type[Or], parts: list[Node]) -> Node | None:
    flat: list[Node] = []
    for part in parts:
        flat.extend(part.parts if isinstance(part, kind) else [part])
    if kind is And:  # one form for one meaning: what narrows stands last
        flat.sort(key=_narrows)
    if not flat:
        return None
    return flat[0] if len(flat) == 1 else kind(tuple(flat))


def _date(moment: datetime | None) -> date | None:
    return moment.date() if moment else None
