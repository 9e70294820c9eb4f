"""The parser: a text to a tree, with notices instead of failures. What binds tightest comes last:

    query  := any
    any    := all ("OR" all)*
    all    := not ("AND"? not)*              "OR" instead, where bare words are joined by any
    not    := ("NOT" | "-")* near
    near   := atom (("NEAR/5" | "PRE/5" | "W/S" | …) atom)*
    atom   := "(" any ")" | function "(" any ")" | field ":" atom | value
    value  := word | =word | word* | wo?d | word~1 | "phrase" | "some words"~5

Whatever does not fit is read as plain words, and a notice says so at its place.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import accumulate

from search.errors import QueryLimitError
from search.model import Match, Notice
from search.query import limits
from search.query.functions import applied
from search.query.lexemes import Lexeme, lexemes, remarks
from search.query.nodes import (
    CASED,
    FIELDS,
    TEXT,
    And,
    AtLeast,
    Everything,
    Near,
    Node,
    Not,
    Or,
    Published,
    Word,
    field_of,
)  # fmt: skip
from search.query.reading import Reading
from search.query.trade import FIELD_CALLS
from search.query.values import dated, phrase, word


@dataclass(frozen=True, slots=True)
class Query:
    """A tree, and what the person who typed it should know."""

    tree: Node
    notices: tuple[Notice, ...] = ()


def parse(text: str, match: Match = Match.ALL) -> Query:
    """The tree of a query. Raises QueryLimitError, and nothing else, whatever the text.

    >>> str(parse("envoy OR talks w/5 summit -ice").tree)
    'envoy OR ((talks NEAR/5 summit) -ice)'
    """
    if len(text) > limits.LONGEST:
        raise QueryLimitError(
            f"A query has at most {limits.LONGEST:,} characters; this one has {len(text):,}.",
            "length",
            limits.LONGEST,
            limits.LONGEST,
        )
    if _PLAIN_WORDS.fullmatch(text):  # most are nothing else, and then there is nothing to find out
        return Query(_join(_by(match), [Word(one) for one in text.split(" ")]) or Everything())
    pieces = lexemes(text)
    parser = _Parser(pieces, match)
    tree = parser.whole()
    for message, piece in remarks(pieces):
        parser.reading.note(message, piece)
    # Written out, a tree may have more brackets than were typed; it must still be a query.
    if _depth(str(tree)) > limits.DEPTH:
        raise _too_deep(0)
    return Query(tree, tuple(parser.reading.notices))


class _Parser:
    def __init__(self, pieces: list[Lexeme], match: Match) -> None:
        self.pieces = pieces
        self.match = match
        self.at = 0
        self.depth = 0
        self.reading = Reading()

    def whole(self) -> Node:
        parts: list[Node] = []
        while self.at < len(self.pieces):
            part = self.any(TEXT)
            if part is not None:
                parts.append(part)
            if self.peek("close"):
                self.note("A closing bracket without an opening one was left out.")
                self.at += 1
        return _join(_by(self.match), parts) or Everything()

    def any(self, field: str) -> Node | None:
        parts = [self.all(field)]
        while self.operator(*_OR):
            self.at += 1
            parts.append(self.all(field))
        if len(parts) > 1 and None in parts:
            self.note("OR needs something on both sides; it was left out where it has not.")
        return _join(Or, [part for part in parts if part is not None])

    def all(self, field: str) -> Node | None:
        parts: list[Node] = []
        required: list[Node] = []
        loose = self.match is Match.ANY
        while self.at < len(self.pieces) and not self.peek("close") and not self.operator(*_OR):
            if self.operator(*_AND):
                self.at += 1
                loose = False
                continue
            part = self.negated(field)
            if part is not None:
                (required if _narrows(part) else parts).append(part)
        if loose and len(parts) > 1:
            return _join(And, [part for part in (_join(Or, parts), *required) if part])
        return _join(And, [*parts, *required])

    def negated(self, field: str) -> Node | None:
        negative = False
        while self.operator("NOT") or self.peek("minus"):
            negative, piece = not negative, self.pieces[self.at]
            self.at += 1
            if self.peek("near"):
                self.note(f"NOT has no equal before “{self.pieces[self.at].text}”; it was read as NOT alone.")
                self.at += 1
            if self.at >= len(self.pieces) or self.peek("close") or self.operator(*_OR, *_AND):
                self.note(f"“{piece.text}” stands before nothing and was left out.", piece)
                return None
        part = self.near(field)
        if not negative or part is None:
            return part
        return part.part if isinstance(part, Not) else Not(part)

    def near(self, field: str) -> Node | None:
        left = self.atom(field)
        while self.peek("near"):
            operator = self.pieces[self.at]
            self.at += 1
            left = self.meet(left, operator, None if self.over() else self.atom(field))
        return left

    def over(self) -> bool:
        """Does nothing follow that could stand beside an operator?"""
        blocked = self.at >= len(self.pieces) or self.peek("close", "near", "minus")
        return blocked or self.operator("NOT", *_OR, *_AND)

    def meet(self, left: Node | None, operator: Lexeme, right: Node | None) -> Node | None:
        asked = operator.proximity
        assert asked is not None
        if left is None or right is None:
            self.note(f"“{operator.text}” needs a word on both sides and was left out.", operator)
            return left or right
        if field_of(left) is None or field_of(left) != field_of(right):
            self.note(
                f"“{operator.text}” joins words, phrases, or words joined by OR, all in one field; it was read as AND.",
                operator,
            )
            return _join(And, [left, right])
        self.reading.count(operator)
        if asked.notice:
            self.note(asked.notice, operator)
        distance = asked.distance
        if isinstance(distance, int):  # a unit is a text
            distance = max(1, self.reading.at_most(distance, "distance", limits.DISTANCE, operator))
        return Near((left, right), distance, asked.ordered)

    def atom(self, field: str) -> Node | None:
        piece = self.pieces[self.at]
        self.at += 1
        match piece.kind:
            case "open":
                return self.bracket(field, piece)
            case "call":
                return self.called(field, piece)
            case "close":
                return None
            case "field":
                return self.fielded(piece)
            case "quote":
                return phrase(piece, field, self.reading)
            case "lone":
                self.note("A quotation mark without its partner was left out.", piece)
                return None
            case "near":
                self.note(f"“{piece.text}” needs a word on both sides and was left out.", piece)
                return None
            case _:
                return word(piece, field, self.reading)

    def bracket(self, field: str, piece: Lexeme) -> Node | None:
        self.depth += 1
        if self.depth > limits.DEPTH:
            raise _too_deep(piece.at)
        inside = self.any(field)
        self.depth -= 1
        if self.peek("close"):
            self.at += 1
        else:
            self.note("A bracket that was not closed ends with the query.", piece)
        return inside

    def called(self, field: str, piece: Lexeme) -> Node | None:
        opening = self.pieces[self.at]
        self.at += 1
        if piece.text in FIELD_CALLS:
            field = FIELD_CALLS[piece.text]
            if piece.text == "hlead":
                self.note("“hlead(…)” is read as title:(…); the lead is not searched apart here.", piece)
            return self.bracket(field, opening)
        inside = self.bracket(field, opening)
        return None if inside is None else applied(piece, inside, self.reading)

    def fielded(self, piece: Lexeme) -> Node | None:
        if self.at >= len(self.pieces):
            return word(replace(piece, kind="word"), TEXT, self.reading)
        if piece.text not in {"date", "from", "to"}:
            return self.atom(FIELDS[piece.text])
        value = self.pieces[self.at].text
        self.at += 1
        return dated(piece.text, value, piece, self.reading)

    # ------------------------------------------------------------------------ looking

    def peek(self, *kinds: str) -> bool:
        return self.at < len(self.pieces) and self.pieces[self.at].kind in kinds

    def operator(self, *names: str) -> bool:
        return self.peek("word") and self.pieces[self.at].text in names

    def note(self, message: str, piece: Lexeme | None = None) -> None:
        here = piece or (self.pieces[self.at] if self.at < len(self.pieces) else None)
        self.reading.note(message, here)


_PLAIN_WORDS = re.compile("[a-z]+(?: [a-z]+)*")
_OR = ("OR", "|", "||")
_AND = ("AND", "&&")


def _by(match: Match) -> type[And] | type[Or]:
    """What bare words are joined by."""
    return And if match is Match.ALL else Or


def _narrows(part: Node) -> bool:
    """Does it narrow, rather than rank? Any-word matching does not loosen what narrows."""
    match part:
        case Not() | Published():
            return True
        case And(parts) | Or(parts):
            return all(map(_narrows, parts))
        case AtLeast(inner):
            return _narrows(inner)
        case Near(parts):
            return _narrows(parts[0])
        case Everything():
            return False
        case _:
            return part.field not in CASED


def _join(kind: type[And] | type[Or], parts: list[Node]) -> Node | None:
    flat: list[Node] = []
    for part in parts:
        flat.extend(part.parts if isinstance(part, kind) else [part])
    if kind is And:  # one form for one meaning: what narrows stands last
        flat.sort(key=_narrows)
    if not flat:
        return None
    return flat[0] if len(flat) == 1 else kind(tuple(flat))


def _too_deep(at: int) -> QueryLimitError:
    return QueryLimitError(f"Brackets go at most {limits.DEPTH} deep.", "depth", limits.DEPTH, at)


def _depth(text: str) -> int:
    return max(accumulate((bracket == "(") - (bracket == ")") for bracket in text if bracket in "()"), default=0)
