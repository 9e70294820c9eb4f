"""The terms that a prefix, a wildcard or a fuzzy word stands for."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from search.analysis import pattern, terms
from search.engines.whoosh.spelling import close
from search.errors import QueryLimitError
from search.query import limits
from search.query.nodes import Fuzzy, Prefix, Wildcard

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
    match node:
        case Prefix(text):
            yield from evaluator.beginning("".join(terms(text)), field)
        case Wildcard(text):
            folded = pattern(text) or ""
            known = evaluator.beginning(re.split(r"[?*]", folded)[0], field)
            fits = re.compile(folded.replace("?", ".").replace("*", ".*"), re.DOTALL).fullmatch
            yield from (term for term in _in_time(known, node) if fits(term.decode("utf-8", "replace")))
        case Fuzzy(text, distance):
            word = "".join(terms(text))
            alike = [term.decode("utf-8", "replace") for term in evaluator.beginning(word[:1], field)]
            yield from (term.encode("utf-8", "replace") for term, _ in close(word, alike, distance))


def _in_time(known: Sequence[bytes], node: Wildcard) -> Iterator[bytes]:
    late = time.monotonic() + limits.SECONDS
    for number, term in enumerate(known):
        if number % 1000 == 999 and time.monotonic() > late:
            raise QueryLimitError(
                f"Finding the words that “{node}” stands for takes more than {limits.SECONDS} s; give it more letters.",
                "time",
                limits.SECONDS,
            )
        yield term
