"""What a beginning may become, and what a misspelt word may have been: terms and values that really occur."""

from __future__ import annotations

from bisect import bisect_left
from functools import cached_property
from itertools import repeat

import numpy as np

from search.analysis import terms
from search.engines.whoosh.columns import Column
from search.engines.whoosh.facets import label_of
from search.engines.whoosh.mapped import Array
from search.engines.whoosh.postings import Lexicon, Mask
from search.engines.whoosh.segments import Segment
from search.engines.whoosh.spelling import close
from search.model import FacetValue

NAMED = ("speaker", "topic", "outlet")
"""Fields whose values are names."""
_CANDIDATES = 100
"""Of a segment's terms that begin so, the commonest so many are looked at first."""
_SHORTEST = 3
"""Letters of a word that has other spellings."""


class Words:
    """The words of the text."""

    def __init__(self, segments: list[Segment], lexicon: Lexicon) -> None:
        self._segments, self._lexicon = segments, lexicon

    def beginning(self, prefix: str, limit: int) -> list[FacetValue]:
        found = terms(prefix)
        best = self._commonest(found[-1].encode("utf-8", "replace"), limit) if found else []
        return [FacetValue(text, text, count) for term, count in best for text in [term.decode("utf-8", "replace")]]

    def _commonest(self, prefix: bytes, limit: int) -> list[tuple[bytes, int]]:
        """The terms that begin so and that most documents have, and how many have each.

        Each segment tells its own commonest; of the others is then known how many of its documents have them at most.
        Only terms that may be among the first by that are counted, which are few.
        """
        size = _CANDIDATES
        while True:
            tops = [dict(segment.commonest("text", prefix, size)) for segment in self._segments]
            rest = [min(top.values()) if len(top) == size else 0 for top in tops]
            most = {term: sum(map(dict.get, tops, repeat(term), rest)) for term in set().union(*tops)}
            best: list[tuple[int, bytes]] = []
            least = 0  # that the last of the best has
            for term in sorted(most, key=lambda term: (-most[term], term)):
                if most[term] < least:
                    break
                if count := self._lexicon.count("text", term):
                    best = sorted([*best, (-count, term)])[:limit]
                    least = -best[-1][0] if len(best) == limit else 0
            if not any(rest) or sum(rest) < least:
                return [(term, -count) for count, term in best]
            size *= 4

    def spellings(self, field: str, term: str) -> list[tuple[str, int]]:
        """See ``Reader.spellings``."""
        if len(term) < _SHORTEST:
            return []
        most = 1 if len(term) <= 2 * _SHORTEST else 2
        known = sorted({t.decode("utf-8", "replace") for t in self._lexicon.terms(field, term[0].encode())})
        found = []
        for other, edits in close(term, known, most):
            if count := self._lexicon.count(field, other.encode("utf-8", "replace")):
                # Nearer first, then those that begin alike; among these the commonest.
                found.append((edits, other[:2] != term[:2], -count, other))
        return [(other, -count) for _, _, count, other in sorted(found)]


class Names:
    """The values of one field, found by the beginning of any word in what they are called."""

    def __init__(self, field: str, column: Column, live: Mask) -> None:
        self._field, self._column, self._live = field, column, live

    @cached_property
    def _counts(self) -> Array:
        return self._column.counts(np.flatnonzero(self._live).astype(np.int32))

    @cached_property
    def _keys(self) -> tuple[list[str], list[int]]:
        """Every name from each of its words on, in order, and whose it is."""
        keys = []
        for i, value in enumerate(self._column.values):
            words = terms(label_of(self._field, value))
            keys += [(" ".join(words[k:]), i) for k in range(len(words))]
        keys.sort()
        return [key for key, _ in keys], [i for _, i in keys]

    def beginning(self, prefix: str, limit: int) -> list[FacetValue]:
        start = " ".join(terms(prefix))
        if not start:
            return []
        keys, whose = self._keys
        first, last = bisect_left(keys, start), bisect_left(keys, start + "\U0010ffff")
        there = np.unique(np.array(whose[first:last], np.int64))
        there = there[self._counts[there] > 0]
        best = there[np.lexsort((there, -self._counts[there]))][:limit]
        return [
            FacetValue(value, label_of(self._field, value), int(self._counts[i]))
            for i in best.tolist()
            for value in [self._column.values[i]]
        ]
