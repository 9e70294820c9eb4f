"""What a person types, made into a tree that engines compile. ``parse`` never fails on what can be typed."""

from search.query.nodes import And, Everything, Node, Not, Or, Phrase, Prefix, Published, Word
from search.query.parse import Query, parse

__all__ = ["And", "Everything", "Node", "Not", "Or", "Phrase", "Prefix", "Published", "Query", "Word", "parse"]
