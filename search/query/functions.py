"""What a function makes of the tree in its brackets: ``caps(US)``, ``atleast3(talks)`` and the trade's others."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce

from search.analysis import capitals, tokens
from search.query import limits
from search.query.lexemes import Lexeme
from search.query.nodes import CASED, And, AtLeast, Caps, Near, Node, Not, Or, Phrase, Word, field_of
from search.query.reading import Reading
from search.query.trade import ASIDE

_CASES: dict[str, Callable[[str], str]] = {"caps": str, "allcaps": str.upper, "nocaps": str.lower}


def applied(piece: Lexeme, inner: Node, reading: Reading) -> Node:
    """The tree that a function stands for."""
    name = piece.text
    if name in _CASES:
        return _cased(name, inner, piece, reading)
    if name in ASIDE:
        reading.note(f"“{name}(…)” has no equal here; what is in its brackets was searched without it.", piece)
        return inner
    return _counted(int(name.lstrip("atles")), inner, piece, reading)


def _counted(count: int, inner: Node, piece: Lexeme, reading: Reading) -> Node:
    reading.at_most(count, "count", limits.TIMES, piece)
    if field_of(inner) is None or count < 1:
        reading.note(f"“{piece.text}” counts a word, a phrase, or words joined by OR; it was left out.", piece)
        return inner
    reading.count(piece)
    return AtLeast(inner, count)


def _cased(name: str, inner: Node, piece: Lexeme, reading: Reading) -> Node:
    change, left_alone = _CASES[name], []

    def cased(node: Node) -> Node:
        match node:
            case And(parts) | Or(parts):
                return type(node)(tuple(map(cased, parts)))
            case Not(part):
                return Not(cased(part))
            case Near(parts, distance, ordered):
                return Near(tuple(map(cased, parts)), distance, ordered)
            case Word(text, field) | Phrase(text, field) if field in CASED:
                reading.count(piece)
                return _side_by_side([change(text[t.start : t.end]) for t in tokens(text)], field)
            case _:
                left_alone.append(node)
                return node

    node = cased(inner)
    if left_alone:
        reading.note(f"“{name}(…)” keeps capitals of words and phrases; “{left_alone[0]}” is not one.", piece)
    elif name == "caps" and isinstance(node, Caps) and not capitals(node.text):
        reading.note(f"“{node}” finds the word where it has no capitals; write the capitals that you want.", piece)
    return node


def _side_by_side(words: list[str], field: str) -> Node:
    nodes: list[Node] = [Caps(word, field) for word in words]
    return reduce(lambda one, two: Near((one, two), 1, True), nodes)
