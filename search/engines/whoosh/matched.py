"""What a part of a query matches, and how two such come together: arithmetic on sorted arrays.

A set of documents is kept as their numbers in rising order with a score beside each, or, when it was made by adding up
long lists, as a row: one score for every document of the index, zero where there is no match.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence

import numpy as np

from search.engines.whoosh.mapped import Array
from search.engines.whoosh.postings import Floats, Ints, Mask, Places

_SPARSE = 64
"""Lists that hold less than this part of all documents together are added up by sorting, longer ones in a row."""
_LANES, _ROWS = 6, 256
"""Into how many lanes for each of the best, and of how many scores at most, scores are cut to find the best of them."""


class Matched:
    """Documents and their scores. ``scores`` None means that all score nothing; ``positive``, that none does.

    ``count`` is how many of the row have a score, where that is known.
    """

    __slots__ = ("_count", "_docs", "_places", "_scores", "positive", "row", "scored")

    def __init__(
        self,
        docs: Ints | None,
        scores: Floats | None,
        row: Floats | None = None,
        *,
        positive: bool = True,
        count: int = -1,
    ) -> None:
        self._docs, self._scores, self.row = docs, scores, row
        self._places: Places | None = None
        self._count = count if docs is None else len(docs)
        self.scored = scores is not None or row is not None
        self.positive = positive and self.scored

    def __len__(self) -> int:
        if self._count < 0:
            assert self.row is not None
            self._count = int(np.count_nonzero(self.row > 0))
        return self._count

    @property
    def docs(self) -> Ints:
        if self._docs is None:
            self._docs = self.places.astype(np.int32)
        return self._docs

    @property
    def places(self) -> Places:
        """The documents in the type that numpy looks up by, to which it otherwise brings them at every look-up."""
        if self._docs is not None:
            return self._docs.astype(np.intp)
        if self._places is None:
            assert self.row is not None
            self._places = (self.row > 0).nonzero()[0]
            self._count = len(self._places)
        return self._places

    @property
    def scores(self) -> Floats:
        if self._scores is None:
            self._scores = np.zeros(len(self.docs), np.float32) if self.row is None else self.row.take(self.docs)
        return self._scores

    @property
    def nbytes(self) -> int:
        parts = (self._docs, self._scores, self.row)
        return sum(part.nbytes for part in parts if part is not None)

    def mask(self, size: int) -> Mask:
        if self._docs is None and self.row is not None:
            return self.row > 0
        out = np.zeros(size, np.bool_)
        out[self.docs] = True
        return out

    def keep(self, chosen: Mask) -> Matched:
        """Those of its documents that are marked, one mark for each document of ``docs``."""
        places = chosen.nonzero()[0]  # by which numpy picks three times faster than by the marks
        return Matched(
            self.docs.take(places), self.scores.take(places) if self.scored else None, positive=self.positive
        )

    def times(self, factor: float) -> Matched:
        """The same documents, their scores multiplied."""
        return Matched(self.docs, self.scores * np.float32(factor) if self.scored else None, positive=self.positive)

    def plain(self) -> Matched:
        """The same documents, without their scores."""
        return Matched(self.docs, None)

    def best(self, count: int, tie: Ints) -> tuple[Ints, Floats]:
        """The best documents and their scores, in order; equal ones by ``tie``, the place of every document."""
        docs: Ints | Places
        if self._docs is None and self.row is not None:
            docs = promising(self.row, count)
            scores = self.row.take(docs)
        else:
            docs, scores = self.docs, self.scores
            if self.positive and len(docs) >= 2 * _LANES * count:
                at = promising(scores, count)
                docs, scores = docs.take(at), scores.take(at)
        chosen = first_of((-scores, tie.take(docs)), count)
        return docs.take(chosen).astype(np.int32, copy=False), scores.take(chosen)


def nothing() -> Matched:
    return Matched(np.empty(0, np.int32), None)


def narrowed(matched: Matched, masks: Iterable[Mask]) -> Matched:
    """The matches that are in every mask."""
    for mask in masks:
        matched = matched.keep(mask.take(matched.docs))
    return matched


def member(wanted: Array, known: Array) -> Mask:
    """Which of the wanted are among the known, which rise."""
    if not len(known):
        return np.zeros(len(wanted), np.bool_)
    found: Mask = known.take(known.searchsorted(wanted), mode="clip") == wanted
    return found


def first_of(keys: Sequence[Array], count: int) -> Places:
    """The places of the first ``count`` by the first key, those equal in it by the second, and so on, in order."""
    if len(keys[0]) <= 4 * count:
        return np.lexsort(keys[::-1])[:count]
    among: Places | None = None
    for key in keys:
        if among is not None and len(among) <= 4 * count:
            break
        # What is beyond the last place by this key alone cannot be among the first; what is equal to it may be.
        values = key if among is None else key[among]
        last = np.partition(values, count - 1)[count - 1] if count else values.min()
        kept = np.flatnonzero(values <= last)
        among = kept if among is None else among[kept]
        if np.count_nonzero(values < last):
            break
    assert among is not None
    chosen: Places = among[np.lexsort([key[among] for key in reversed(keys)])[:count]]
    return chosen


def promising(scores: Array, count: int) -> Places:
    """The places, rising, of what scores no less than the best of so many: at least ``count`` if as many score at all.

    The scores are cut into lanes, whose bests are compared first: most lanes hold none of the best.
    """
    rows = min(_ROWS, len(scores) // (_LANES * count))
    if rows < 2:
        return (scores > 0).nonzero()[0]
    lanes = len(scores) // rows
    table = scores[: lanes * rows].reshape(rows, lanes)
    bests = table.max(axis=0)
    ordered = bests.copy()
    ordered.partition(lanes - count)
    least = ordered[lanes - count]
    if least <= 0:
        return (scores > 0).nonzero()[0]
    chosen = (bests >= least).nonzero()[0]
    found = (table.take(chosen, axis=1) >= least).ravel().nonzero()[0]
    across = found // len(chosen)
    places: Places = across * lanes + chosen.take(found - across * len(chosen))
    places.sort()
    if lanes * rows < len(scores):
        rest = (scores[lanes * rows :] >= least).nonzero()[0]
        places = np.concatenate((places, rest + lanes * rows))
    return places


class Sets:
    """Unites and intersects, for an index of ``size`` documents. Threads may share it: each has its own workspace."""

    def __init__(self, size: int) -> None:
        self.size = size
        self._own = threading.local()

    def any_of(self, parts: Sequence[Matched]) -> Matched:
        """What is in any of them; scores are added."""
        parts = [part for part in parts if part.row is not None or len(part)]
        if len(parts) <= 1:
            return parts[0] if parts else nothing()
        if not all(part.positive for part in parts):
            return self._any_marked(parts)
        if all(part.row is None for part in parts) and sum(map(len, parts)) * _SPARSE < self.size:
            return self._any_sparse(parts)
        return Matched(None, None, self._added(parts))

    def _any_marked(self, parts: Sequence[Matched]) -> Matched:
        mask = np.zeros(self.size, np.bool_)
        for part in parts:
            mask[part.docs] = True
        docs = np.flatnonzero(mask).astype(np.int32)
        scored = [part for part in parts if part.scored]
        return Matched(docs, self._added(scored)[docs] if scored else None, positive=False)

    def _any_sparse(self, parts: Sequence[Matched]) -> Matched:
        docs = np.concatenate([part.docs for part in parts])
        docs.sort()
        docs = docs[np.concatenate(([True], docs[1:] != docs[:-1]))]
        row = self._workspace()
        for part in parts:
            np.add.at(row, part.docs, part.scores)
        scores = row.take(docs)
        row[docs] = 0
        return Matched(docs, scores)

    def _added(self, parts: Sequence[Matched]) -> Floats:
        rows = [part.row for part in parts if part.row is not None]
        row = rows[0] + rows[1] if len(rows) > 1 else rows[0].copy() if rows else np.zeros(self.size, np.float32)
        for other in rows[2:]:
            row += other
        for part in parts:
            if part.row is None:
                np.add.at(row, part.docs, part.scores)
        return row

    def all_of(self, parts: Sequence[Matched], without: Sequence[Matched] = ()) -> Matched:
        """What is in each of the one or more ``parts`` and in none of ``without``; scores are added."""
        parts = sorted(parts, key=len)
        docs, scores, positive = parts[0].docs, parts[0].scores if parts[0].scored else None, parts[0].positive
        for part in parts[1:]:
            if not len(docs):
                break
            if not part.scored:
                keep = self.inside(docs, part)
                docs, scores = docs[keep], scores if scores is None else scores[keep]
                continue
            kept, gained = self._met(docs, part)
            docs = docs.take(kept)
            scores = gained if scores is None else scores.take(kept) + gained
            positive |= part.positive
        for part in without:
            keep = ~self.inside(docs, part)
            docs, scores = docs[keep], scores if scores is None else scores[keep]
        return Matched(docs, scores, positive=positive)

    def inside(self, docs: Ints, other: Matched) -> Mask:
        """Which of the documents are in the other."""
        if other.row is not None:
            return other.row.take(docs) > 0
        if not len(other):
            return np.zeros(len(docs), np.bool_)
        if len(docs) * 8 < len(other):
            return member(docs, other.docs)
        return other.mask(self.size)[docs]

    def _met(self, docs: Ints, other: Matched) -> tuple[Places, Floats]:
        """The places of the documents that are in the other, and their scores there."""
        if other.row is not None:
            scores = other.row.take(docs)
            kept = scores.nonzero()[0]
            return kept, scores.take(kept)
        if len(docs) * 8 < len(other) or not other.positive:
            at = other.docs.searchsorted(docs)
            kept = (other.docs.take(at, mode="clip") == docs).nonzero()[0]
            return kept, other.scores.take(at.take(kept))
        row = self._workspace()
        row[other.docs] = other.scores
        scores = row.take(docs)
        row[other.docs] = 0
        kept = scores.nonzero()[0]
        return kept, scores.take(kept)

    def complement(self, part: Matched, live: Mask) -> Matched:
        mask = live.copy()
        mask[part.docs] = False
        return Matched(np.flatnonzero(mask).astype(np.int32), None)

    def _workspace(self) -> Floats:
        """A row of zeros, to be left as it was found."""
        row: Floats | None = getattr(self._own, "row", None)
        if row is None:
            row = self._own.row = np.zeros(self.size, np.float32)
        return row
