"""What a person types, made into a tree that engines compile. ``parse`` never fails on what can be typed."""

from search.query.nodes import (
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
    is_plain,
)  # fmt: skip
from search.query.parse import Query, parse

__all__ = [
    "And", "AtLeast", "Caps", "Everything", "Fuzzy", "Near", "Node", "Not", "Or", "Phrase", "Prefix", "Published",
    "Query", "Unit", "Wildcard", "Word", "is_plain", "parse",
]  # fmt: skip
