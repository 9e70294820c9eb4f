"""The values each paragraph has in a field, turned round from the postings: for filters, facets and order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

import numpy as np

from search.engines.whoosh.laying import packed
from search.engines.whoosh.mapped import Array, Sections
from search.engines.whoosh.postings import Ints, Mask
from search.engines.whoosh.segments import Segment, Terms

_FEW = 8
"""Of fewer documents than this part of all, values are looked up document by document."""


class Column:
    """``values`` in rising order, each of which some document has, and the set of them that every document has.

    Few sets are many documents': of a hundred thousand paragraphs some twenty thousand differ in their topics. So what
    is to be said of many documents is counted by set first.
    """

    def __init__(self, sections: Sections, field: str) -> None:
        self._sections, self._field = sections, field

    @cached_property
    def values(self) -> list[str]:
        return [value.decode("utf-8", "replace") for value in Terms(self._sections, f"{self._field}.values")]

    @cached_property
    def sets(self) -> Ints:
        """The number of every document's set, -1 where it has no value."""
        return self._sections.whole(f"{self._field}.sets")

    @property
    def single(self) -> Ints:
        """The ordinal of every document's one value, -1 where it has none."""
        assert self._one_each, f"{self._field} has several values"
        return self.sets

    @cached_property
    def _begins(self) -> Ints:
        """Where the members of each set begin and the last one's end; empty where a set is its one value's ordinal."""
        return self._sections.whole(f"{self._field}.sets.at")

    @cached_property
    def _members(self) -> Ints:
        """The ordinals in each set, set after set."""
        return self._sections.whole(f"{self._field}.sets.ordinals")

    @cached_property
    def _sets_having(self) -> tuple[Array, Ints]:
        """The sets that have a value, value after value, and where each value's begin."""
        sets = self._sections.whole(f"{self._field}.having").astype(np.intp)  # as numpy looks up five times faster
        return sets, self._sections.whole(f"{self._field}.having.at")

    @cached_property
    def _one_each(self) -> bool:
        """Has no document more than one value?"""
        return not len(self._begins)

    def counts(self, docs: Ints) -> Array:
        """How many of the documents have each value."""
        if self._one_each:
            return self._by_set(docs, len(self.values))
        if len(docs) * _FEW < len(self.sets):
            return np.bincount(self.pairs(docs)[1], minlength=len(self.values))
        sets, begins = self._sets_having
        return np.add.reduceat(self._by_set(docs, len(self._begins) - 1).take(sets), begins)

    def _by_set(self, docs: Ints, count: int) -> Array:
        """What has no value is counted too, and left off."""
        return np.bincount(self.sets.take(docs) + 1, minlength=count + 1)[1:]

    def pairs(self, docs: Ints) -> tuple[Ints, Ints]:
        """Each of the documents with each of its values."""
        sets = self.sets.take(docs)
        if len(sets) and sets.min() < 0:
            there = sets >= 0
            docs, sets = docs[there], sets[there]
        if self._one_each:
            return docs, sets
        begins = self._begins.take(sets)
        sizes = self._begins.take(sets + 1) - begins
        return np.repeat(docs, sizes), self._members.take(_runs(begins, sizes))

    def having(self, ordinals: Iterable[int]) -> Mask:
        """The documents that have any of these values."""
        chosen = np.zeros(len(self.values) + 1, np.bool_)  # one more, which is of what has no value
        chosen[list(ordinals)] = True
        if not self._one_each:
            of_set = np.zeros(len(self._begins), np.bool_)
            of_set[:-1] = np.logical_or.reduceat(chosen.take(self._members), self._begins[:-1])
            chosen = of_set
        return chosen.take(self.sets)

    def alike(self, value: str) -> Sequence[int]:
        """The ordinals of the values that are this one, capitals aside."""
        return self._alike.get(value.casefold(), ())

    @cached_property
    def _alike(self) -> dict[str, list[int]]:
        found = defaultdict(list)
        for i, value in enumerate(self.values):
            found[value.casefold()].append(i)
        return dict(found)


def column_sections(field: str, segments: Sequence[Segment], live: Mask) -> Iterator[tuple[str, Array]]:
    """A column of a whole index as sections, from its segments; deleted documents have no value."""
    parts = [segment.values(field) for segment in segments]
    known = sorted({value for values, _, _ in parts for value in values})
    places = {value: place for place, value in enumerate(known)}
    renumbered = [np.array([places[value] for value in values], np.int32)[ordinals] for values, _, ordinals in parts]
    docs = np.concatenate([np.empty(0, np.int32), *(docs for _, docs, _ in parts)])
    ordinals = np.concatenate([np.empty(0, np.int32), *renumbered])
    keep = live[docs]
    docs, ordinals = docs[keep], ordinals[keep]
    used = np.zeros(len(known), np.bool_)
    used[ordinals] = True
    ordinals = (np.cumsum(used, dtype=np.int32) - 1).astype(np.int32)[ordinals]
    yield from packed(f"{field}.values", [known[i] for i in np.flatnonzero(used)])
    yield from _set_sections(field, docs, ordinals, len(live))


def _set_sections(field: str, docs: Ints, ordinals: Ints, size: int) -> Iterator[tuple[str, Array]]:
    """The sets of values that documents have, from pairs of a document and a value."""
    order = np.lexsort((ordinals, docs))
    docs, ordinals = docs[order], ordinals[order]
    begins = np.flatnonzero(np.concatenate(([True], docs[1:] != docs[:-1]))[: len(docs)])
    sizes = np.diff(begins, append=len(docs))
    sets = np.full(size, -1, np.int32)
    at = members = having = having_at = np.empty(0, np.int32)
    if len(begins) == len(docs):
        sets[docs] = ordinals
    else:
        first, which = _alike(ordinals, begins, sizes)
        sets[docs[begins]] = which
        at = np.concatenate(([0], np.cumsum(sizes[first]))).astype(np.int32)
        members = ordinals[_runs(begins[first], sizes[first])]
        by_value = np.argsort(members, kind="stable")
        having = np.repeat(np.arange(len(first), dtype=np.int32), sizes[first])[by_value]
        having_at = np.flatnonzero(np.diff(members[by_value], prepend=-1)).astype(np.int32)
    yield f"{field}.sets", sets
    yield f"{field}.sets.at", at
    yield f"{field}.sets.ordinals", members
    yield f"{field}.having", having
    yield f"{field}.having.at", having_at


def _alike(ordinals: Ints, begins: Array, sizes: Array) -> tuple[Array, Array]:
    """Of runs of ordinals, the first of each kind, and for every run which kind it is.

    Runs are told apart by sums of 64 random bits for each ordinal, which are then held against the runs themselves.
    """
    for seed in range(100):
        bits = np.random.default_rng(seed).integers(2**64, size=int(ordinals.max()) + 1, dtype=np.uint64)
        sums = np.add.reduceat(bits[ordinals], begins)
        _, first, which = np.unique(sums, return_index=True, return_inverse=True)
        model = first[which]
        if (sizes[model] == sizes).all() and (ordinals[_runs(begins[model], sizes)] == ordinals).all():
            return first, which
    raise AssertionError("different sets have had the same sum of random bits a hundred times over")


def _runs(begins: Array, sizes: Array) -> Array:
    """The places in runs of these sizes, run after run."""
    ends = np.cumsum(sizes)
    places: Array = np.arange(ends[-1] if len(ends) else 0) + np.repeat(begins - (ends - sizes), sizes)
    return places
