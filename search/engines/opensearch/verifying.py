"""What intervals cannot say: read and evaluated here, paragraph by paragraph, and put into the query as ids.

Lucene's intervals keep, of stretches that lie within each other, only the shortest, and count none that overlap; so of
proximity within proximity, and of phrases or alternatives counted, they miss some. For these few the cluster finds
what has all the words, which is more than what matches, and what really matches is found by the very code that marks
it in the text.
"""

from __future__ import annotations

from collections.abc import Iterator

from search.analysis import terms
from search.errors import QueryLimitError
from search.highlight.fields import Fields
from search.highlight.occurrences import choices, occurrences
from search.model import Paragraph
from search.query.nodes import TEXT, And, AtLeast, Near, Node, Not, Or, Phrase, Word, field_of

MOST = 10_000
"""Paragraphs that are read for one such part of a query."""


def inexact(node: Node) -> Iterator[Near | AtLeast]:
    """The parts of a tree that have to be evaluated here."""
    match node:
        case And(parts) | Or(parts):
            for part in parts:
                yield from inexact(part)
        case Not(part):
            yield from inexact(part)
        case Near(parts) if any(_is_near(part) for part in parts):
            yield node
        case AtLeast(part, count) if _is_near(part) or (count > 1 and not _is_single(part)):
            yield node


def _is_near(node: Node) -> bool:
    return isinstance(node, Near) or (isinstance(node, Or) and any(map(_is_near, node.parts)))


def _is_single(node: Node) -> bool:
    """Does it stand for one token at a time, in one way?"""
    return not isinstance(node, Or) and not (isinstance(node, Word | Phrase) and len(terms(node.text)) > 1)


def wider(node: Node) -> Node:
    """What matches wherever the node does, and is simple."""
    match node:
        case Near(parts):
            return And(tuple(map(wider, parts)))
        case AtLeast(part):
            return wider(part)
        case Or(parts):
            return Or(tuple(map(wider, parts)))
        case _:
            return node


def holds(node: Near | AtLeast, paragraph: Paragraph) -> bool:
    """Does the node really occur in the paragraph?"""
    field = field_of(node.part if isinstance(node, AtLeast) else node) or TEXT
    fields = Fields(paragraph)
    for name in ("text", "title") if field == TEXT else (field,):
        if isinstance(node, Near) and choices(node, fields[name], name):
            return True
        if isinstance(node, AtLeast) and len(occurrences(node.part, fields[name], name)) >= node.count:
            return True
    return False


def refuse(node: Node, total: int) -> None:
    if total > MOST:
        raise QueryLimitError(
            f"The words of “{node}” stand together in {total:,} paragraphs, more than the {MOST:,} that can be read "
            "for it; take rarer words, or ask for them less deeply nested.",
            "meetings",
            MOST,
        )
