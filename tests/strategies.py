"""Query trees drawn at random, of every node, from words that a test chooses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hypothesis import strategies as st

from search.query.nodes import (
    CASED,
    And,
    AtLeast,
    Caps,
    Everything,
    Fuzzy,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Published,
    Unit,
    Wildcard,
    Word,
)  # fmt: skip

DISTANCES: tuple[int | Unit, ...] = (1, 2, 3, 6, Unit.SENTENCE, Unit.PARAGRAPH)


@dataclass(frozen=True)
class Words:
    """What nodes are made of."""

    words: Sequence[str]
    prefixes: Sequence[str]
    wildcards: Sequence[str]
    misspelt: Sequence[str]
    capitals: Sequence[str]
    quoted: Sequence[str] = ()
    """Words that may stand in phrases besides."""


@st.composite
def single(draw: st.DrawFn, field: str, words: Words) -> Node:
    """A node that occurs and has no parts."""
    pick = lambda choices: draw(st.sampled_from(list(choices)))  # noqa: E731
    match draw(st.integers(0, 7 if field in CASED else 6)):
        case 0 | 1:
            return Word(pick(words.words), field, draw(st.booleans()))
        case 2 | 3:
            several = st.lists(st.sampled_from([*words.words, *words.quoted]), min_size=1, max_size=3)
            return Phrase(" ".join(draw(several)), field)
        case 4:
            return Prefix(pick(words.prefixes), field)
        case 5:
            return Wildcard(pick(words.wildcards), field)
        case 6:
            return Fuzzy(pick(words.misspelt), draw(st.integers(1, 2)), field)
        case _:
            return Caps(pick(words.capitals), field)


@st.composite
def either(draw: st.DrawFn, field: str, words: Words) -> Node:
    if draw(st.booleans()):
        return draw(single(field, words))
    return Or(tuple(draw(st.lists(single(field, words), min_size=2, max_size=3))))


@st.composite
def near(draw: st.DrawFn, field: str, words: Words, deep: int = 2) -> Node:
    if draw(st.integers(0, 4)) == 0:  # a loose phrase
        some = st.lists(st.sampled_from(list(words.words)), min_size=2, max_size=3)
        return Near(tuple(Word(word, field, True) for word in draw(some)), draw(st.integers(1, 5)))
    part = either(field, words)
    first = draw(near(field, words, deep - 1)) if deep and draw(st.integers(0, 3)) == 0 else draw(part)
    second = draw(near(field, words, deep - 1)) if deep and draw(st.integers(0, 3)) == 0 else draw(part)
    return Near((first, second), draw(st.sampled_from(DISTANCES)), draw(st.booleans()))


@st.composite
def occurring(draw: st.DrawFn, field: str, words: Words) -> Node:
    """Everything that can be counted in one field."""
    match draw(st.integers(0, 4)):
        case 0 | 1:
            return draw(single(field, words))
        case 2 | 3:
            return draw(near(field, words))
        case _:
            return AtLeast(draw(st.one_of(either(field, words), near(field, words))), draw(st.integers(1, 3)))


def trees(leaves: st.SearchStrategy[Node], *, canonical: bool = False, most: int = 6) -> st.SearchStrategy[Node]:
    """Leaves joined at random; ``canonical``: only as the parser would."""

    def joined(kind: type[And] | type[Or], inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
        if canonical:
            inner = inner.filter(lambda node: not isinstance(node, kind))
        parts = st.lists(inner, min_size=2, max_size=3)
        in_order = (lambda nodes: sorted(nodes, key=narrows)) if canonical and kind is And else list
        return parts.map(lambda nodes: kind(tuple(in_order(nodes))))

    def denied(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
        return (inner.filter(lambda node: not isinstance(node, Not)) if canonical else inner).map(Not)

    return st.recursive(
        leaves, lambda inner: st.one_of(joined(And, inner), joined(Or, inner), denied(inner)), max_leaves=most
    )


def narrows(node: Node) -> bool:
    """As the parser gives it, what narrows stands last among parts that must all hold."""
    match node:
        case And(parts) | Or(parts):
            return all(map(narrows, parts))
        case AtLeast(part):
            return narrows(part)
        case Near(parts):
            return narrows(parts[0])
        case Not() | Published():
            return True
        case Everything():
            return False
        case _:
            return node.field not in CASED
