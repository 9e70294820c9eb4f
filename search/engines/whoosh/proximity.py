"""Where nodes occur, on arrays: proximity, word counts, capitals, and words by pattern.

A place is a document and a position in one number, ``document << 32 | position``: what is near in one
document is near as a number, and what is in another is far away.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from search.analysis import capitals, fold, terms
from search.engines.whoosh.expansion import expand
from search.engines.whoosh.layout import CASES, GAP, mark
from search.engines.whoosh.matched import member
from search.engines.whoosh.postings import EMPTY, Mask, Places, Postings
from search.engines.whoosh.schema import STEMMED
from search.errors import QueryLimitError
from search.query import limits
from search.query.nodes import AtLeast, Caps, Fuzzy, Near, Node, Or, Phrase, Prefix, Unit, Wildcard, Word
from search.ranges import ranges

if TYPE_CHECKING:
    from search.engines.whoosh.evaluate import Evaluator


@dataclass(frozen=True, slots=True)
class Stretches:
    """Where something occurs: the place of its first token and the place after its last, in rising order.

    ``even``: all have one length, so that the ends rise with the starts.
    """

    starts: Places
    ends: Places
    even: bool = False

    @classmethod
    def of(cls, starts: Places, ends: Places) -> Stretches:
        """Sorted, each once."""
        order = np.lexsort((ends, starts))
        starts, ends = starts[order], ends[order]
        fresh = np.ones(len(starts), np.bool_)
        fresh[1:] = (starts[1:] != starts[:-1]) | (ends[1:] != ends[:-1])
        return cls(starts[fresh], ends[fresh])

    def __getitem__(self, chosen: npt.NDArray[np.bool_] | npt.NDArray[np.int64]) -> Stretches:
        return Stretches(self.starts[chosen], self.ends[chosen], self.even)

    def counted(self, least: int = 1) -> Postings:
        """The documents with at least so many, and how many."""
        found = Postings.at(self.starts)
        enough = found.counts >= least
        return Postings(found.docs[enough], found.counts[enough])


def counted(evaluator: Evaluator, node: Near | AtLeast | Caps, field: str) -> Postings:
    """The documents in which a node occurs, and how often: what BM25 needs of it."""
    if isinstance(node, Near):
        node = _within(node, field)
    match node:
        case AtLeast(part, count):
            return occurrences(evaluator, part, field).counted(count)
        case Near((first, second)):
            one, two = (_short(occurrences(evaluator, part, field), node) for part in (first, second))
            if not (len(one.starts) and len(two.starts)):
                return EMPTY
            one = _around(one, two, node)
            return one[_meeting(one, two, node, _sentences(evaluator, node, field))].counted()
        case Near():
            starts, ends = _choices(evaluator, node, field)
            return Stretches.of(starts[:, 0], ends[:, 0]).counted()
        case Caps():
            return occurrences(evaluator, node, field).counted()


def occurrences(evaluator: Evaluator, node: Node, field: str) -> Stretches:
    """Every stretch where a node stands in a field of the index."""
    match node:
        case Or(parts):
            found = [occurrences(evaluator, part, field) for part in parts]
            return Stretches.of(*(np.concatenate([getattr(f, side) for f in found]) for side in ("starts", "ends")))
        case Near():
            starts, ends = _choices(evaluator, _within(node, field), field)
            return Stretches.of(starts.min(axis=1), ends.max(axis=1))
        case Prefix() | Wildcard() | Fuzzy():
            return _any(evaluator, expand(evaluator, node, field), field)
        case Caps(text):
            return _capitals(evaluator, text, field)
        case Word(text, _, exact):
            found_terms = terms(text)
            if len(found_terms) == 1 and not exact and field in STEMMED:
                return _any(evaluator, evaluator.forms(found_terms[0], field), field)
            return _in_a_row(evaluator, found_terms, field)
        case Phrase(text):
            return _in_a_row(evaluator, terms(text), field)
        case _:
            raise TypeError(f"{node} does not occur")


def _any(evaluator: Evaluator, forms: Sequence[bytes], field: str) -> Stretches:
    lists = [evaluator.lexicon.postings(field, form).places() for form in forms]
    starts = lists[0] if len(lists) == 1 else np.sort(np.concatenate(lists)) if lists else np.empty(0, np.int64)
    return Stretches(starts, starts + 1, even=True)


def _in_a_row(evaluator: Evaluator, found: Sequence[str], field: str) -> Stretches:
    lists = [evaluator.lexicon.postings(field, term.encode("utf-8", "replace")).places() for term in found]
    starts = lists[0] if lists else np.empty(0, np.int64)
    for offset, other in enumerate(lists[1:], 1):
        starts = starts[member(starts + offset, other)]
    return Stretches(starts, starts + len(found), even=True)


def _capitals(evaluator: Evaluator, text: str, field: str) -> Stretches:
    """A term's places, less those that are written otherwise."""
    starts = evaluator.lexicon.postings(field, fold(text).encode("utf-8", "replace")).places()
    how = capitals(text)

    def written(name: str) -> npt.NDArray[np.bool_]:
        return np.isin(starts, evaluator.lexicon.postings("marks", mark(field, name)).places(), assume_unique=True)

    if how:
        chosen = written(how if how in CASES else f"={how}")
    else:
        chosen = ~np.logical_or.reduce([written(case) for case in CASES])
    return Stretches(starts[chosen], starts[chosen] + 1, even=True)


# ---------------------------------------------------------------------------------- near

Key = Callable[[Places], Places]
"""Gives places that share a sentence, or a paragraph, the same number, rising with the places."""


def _within(node: Near, field: str) -> Near:
    """A name or a label is one sentence; as such have no marks, it is told by the gap between them."""
    unmarked = node.distance is Unit.SENTENCE and field not in STEMMED
    return replace(node, distance=GAP) if unmarked else node


def _short(stretches: Stretches, node: Near) -> Stretches:
    """Where all must stand in one name: those that span no two of them."""
    return stretches[stretches.ends - stretches.starts < GAP] if node.distance == GAP else stretches


def _sentences(evaluator: Evaluator, node: Near, field: str) -> Key | None:
    if node.distance is Unit.PARAGRAPH:
        return lambda at: at >> 32
    if node.distance is not Unit.SENTENCE:
        return None
    begins = evaluator.lexicon.postings("marks", mark(field, "sentence")).places()
    begins = np.concatenate([np.full(1, -1, np.int64), begins])

    def sentence(at: Places) -> Places:
        # The first sentence of a document is not marked; it begins with the document.
        begun: Places = np.maximum(begins[np.searchsorted(begins, at, "right") - 1], at >> 32 << 32)
        return begun

    return sentence


_MANY = 4
"""Of a part that stands more often than so many times the other, only what is around the other is looked at."""


def _around(one: Stretches, two: Stretches, node: Near) -> Stretches:
    """Less what is too far from each of ``two``, when these are few."""
    if len(one.starts) < _MANY * len(two.starts):
        return one
    if isinstance(node.distance, Unit):
        low, high = two.starts >> 32 << 32, (two.starts >> 32) + 1 << 32
    else:
        low, high = two.starts - (node.distance + int((one.ends - one.starts).max())), two.ends + node.distance
    first, last = np.searchsorted(one.starts, low), np.searchsorted(one.starts, high)
    last = np.maximum.accumulate(last)
    first[1:] = np.maximum(first[1:], last[:-1])  # each but once
    return one[ranges(first, np.maximum(last - first, 0))]


def _meeting(one: Stretches, two: Stretches, node: Near, key: Key | None) -> Mask:
    """Which of ``one`` have any of ``two`` near. If any has, then the nearest has, before or behind."""
    whole = _whole(one, key)
    two = two[_whole(two, key)]
    meets = np.zeros(len(one.starts), np.bool_)
    if not len(two.starts):
        return meets
    nearest = np.minimum(np.searchsorted(two.starts, one.ends), len(two.starts) - 1)
    meets |= (two.starts[nearest] >= one.ends) & _close(one.ends, two.starts[nearest], one.ends - 1, node, key)
    if not node.ordered:
        ends = two.ends if two.even else np.sort(two.ends)
        nearest = np.maximum(np.searchsorted(ends, one.starts, "right") - 1, 0)
        meets |= (ends[nearest] <= one.starts) & _close(ends[nearest], one.starts, ends[nearest] - 1, node, key)
    return meets & whole


def _close(end: Places, start: Places, last: Places, node: Near, key: Key | None) -> Mask:
    """Is a stretch that ends before ``end``, with its last token at ``last``, near one that starts at ``start``?"""
    if isinstance(node.distance, Unit):
        assert key is not None
        near: Mask = key(last) == key(start)
    else:
        near = start - end < node.distance
    return near


def _whole(stretches: Stretches, key: Key | None) -> Mask:
    """Which stand in one sentence altogether."""
    if key is None:
        return np.ones(len(stretches.starts), np.bool_)
    whole: Mask = key(stretches.starts) == key(stretches.ends - 1)
    return whole


def _choices(evaluator: Evaluator, node: Near, field: str) -> tuple[Places, Places]:
    """Every choice of one occurrence of each part that is near: starts and ends, a row each, a column a part."""
    key = _sentences(evaluator, node, field)
    parts = [_short(occurrences(evaluator, part, field), node) for part in node.parts]
    lists = _together(parts, evaluator.size)
    lists = [stretches[_whole(stretches, key)] for stretches in lists]
    starts, ends = lists[0].starts[:, None], lists[0].ends[:, None]
    room = sum(int((s.ends - s.starts).max(initial=0)) for s in lists)
    room += 0 if isinstance(node.distance, Unit) else node.distance - 1
    for part in lists[1:]:
        low, high = starts.min(axis=1), ends.max(axis=1)
        if key:
            keys = key(part.starts)
            first, last = np.searchsorted(keys, key(low), "left"), np.searchsorted(keys, key(low), "right")
        else:
            first, last = np.searchsorted(part.starts, high - room), np.searchsorted(part.starts, low + room)
        rows, chosen = _pairs(first, last)
        starts, ends = starts[rows], ends[rows]
        begin, end = part.starts[chosen, None], part.ends[chosen, None]
        apart = (begin >= ends) if node.ordered else (begin >= ends) | (end <= starts)
        keep = apart.all(axis=1)
        starts, ends = np.hstack([starts[keep], begin[keep]]), np.hstack([ends[keep], end[keep]])
    if not isinstance(node.distance, Unit):
        others = ends.max(axis=1) - starts.min(axis=1) - (ends - starts).sum(axis=1)
        starts, ends = starts[others < node.distance], ends[others < node.distance]
    return starts, ends


def _pairs(first: Places, last: Places) -> tuple[Places, Places]:
    """Each row with every index from its ``first`` up to its ``last``."""
    counts = np.maximum(last - first, 0)
    if int(counts.sum()) > limits.MEETINGS:
        raise QueryLimitError(
            f"These words meet in more than {limits.MEETINGS:,} ways; take rarer words or a smaller distance.",
            "meetings",
            limits.MEETINGS,
        )
    rows = np.repeat(np.arange(len(first)), counts)
    return rows, ranges(first, counts)


def _together(lists: Sequence[Stretches], size: int) -> list[Stretches]:
    """Less what stands in documents where one of them does not occur."""
    present = np.ones(size, np.bool_)
    for stretches in lists:
        here = np.zeros(size, np.bool_)
        here[stretches.starts >> 32] = True
        present &= here
    return [stretches[present[stretches.starts >> 32]] for stretches in lists]
