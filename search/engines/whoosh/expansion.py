"""The terms that a prefix, a wildcard or a fuzzy word stands for."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from search.analysis import pattern, terms
from search.errors import QueryLimitError
from search.query import limits
from search.query.nodes import Fuzzy, Prefix, Wildcard
from search.query.spelling import edits

if TYPE_CHECKING:
    from search.engines.whoosh.evaluate import Evaluator


def expand(evaluator: Evaluator, node: Prefix | Wildcard | Fuzzy, field: str) -> list[bytes]:
    """All terms of a field that fit. Raises QueryLimitError when they are too many or take too long to find."""
    found = []
    for term in _fitting(evaluator, node, field):
        found.append(term)
        if len(found) > limits.EXPANSIONS:
            raise QueryLimitError(
                f"“{node}” stands for more than {limits.EXPANSIONS:,} different words; give it more letters.",
                "expansions",
                limits.EXPANSIONS,
            )
    return found


def _fitting(evaluator: Evaluator, node: Prefix | Wildcard | Fuzzy, field: str) -> Iterator[bytes]:
    start, fits = _fit(node)
    late = time.monotonic() + limits.SECONDS
    for number, term in enumerate(evaluator.beginning(start, field)):
        if number % 1000 == 999 and time.monotonic() > late:
            raise QueryLimitError(
                f"Finding the words that “{node}” stands for takes more than {limits.SECONDS} s; give it more letters.",
                "time",
                limits.SECONDS,
            )
        if fits(term.decode("utf-8", "replace")):
            yield term


def _fit(node: Prefix | Wildcard | Fuzzy) -> tuple[str, Callable[[str], object]]:
    """How all of its terms begin, and a test for them."""
    match node:
        case Prefix(text):
            return "".join(terms(text)), lambda term: True
        case Wildcard(text):
            folded = pattern(text) or ""
            letters = re.split(r"[?*]", folded)[0]
            return letters, re.compile(folded.replace("?", ".").replace("*", ".*"), re.DOTALL).fullmatch
        case Fuzzy(text, distance):
            word = "".join(terms(text))
            return word[:1], lambda term: edits(word, term, distance) <= distance
