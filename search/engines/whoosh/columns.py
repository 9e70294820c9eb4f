"""The values each paragraph has in a field, turned round from the postings: for filters, facets and order."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any

import numpy as np

from search.engines.whoosh.laying import packed
from search.engines.whoosh.mapped import Array, Sections
from search.engines.whoosh.postings import Ints, Mask
from search.engines.whoosh.ranges import ranges, starts_of
from search.engines.whoosh.segments import Segment, Terms

_FEW = 64
"""Of fewer documents than this part of what counting by sets has to go through, values are looked up one by one."""


class Column:
    """``values`` in rising order, each of which some document has, and the set of them that every document has.

    Few sets are many documents': of a hundred thousand paragraphs some twenty thousand differ in their topics. So what
    is to be said of many documents is counted by set first. A set of one value has that value's ordinal for a number,
    larger sets the numbers behind.
    """

    def __init__(self, sections: Sections, field: str) -> None:
        self._sections, self._field = sections, field

    @cached_property
    def values(self) -> Values:
        return Values(Terms(self._sections, f"{self._field}.values"))

    @cached_property
    def sets(self) -> Ints:
        """The number of every document's set, -1 where it has no value."""
        return self._sections.whole(f"{self._field}.sets")

    @property
    def single(self) -> Ints:
        """The ordinal of every document's one value, -1 where it has none."""
        assert not self._larger, f"{self._field} has several values"
        return self.sets

    @cached_property
    def _begins(self) -> Ints:
        """Where the members of each larger set begin, and where the last one's end."""
        return self._sections.whole(f"{self._field}.sets.at")

    @cached_property
    def _members(self) -> Ints:
        """The ordinals in each larger set, set after set."""
        return self._sections.whole(f"{self._field}.sets.ordinals")

    @cached_property
    def _larger(self) -> int:
        """How many sets have more than one value."""
        return len(self._begins) - 1

    @cached_property
    def _having(self) -> tuple[Ints, Array, Ints]:
        """The values that are in larger sets; those sets, value after value; and where each value's begin."""
        ordinals, sets, begins = (self._sections.whole(f"{self._field}.having{part}") for part in ("", ".sets", ".at"))
        return ordinals, sets.astype(np.intp), begins  # by which numpy looks up five times faster

    def counts(self, docs: Ints) -> Array:
        """How many of the documents have each value."""
        if self._larger and len(docs) * _FEW < len(self._members) + len(self.values):
            return np.bincount(self.pairs(docs)[1], minlength=len(self.values))
        size = len(self.values)
        # What has no value is counted too, and left off.
        of_set = np.bincount(self.sets.take(docs) + 1, minlength=size + self._larger + 1)[1:]
        if self._larger:
            ordinals, sets, begins = self._having
            of_set[ordinals] += np.add.reduceat(of_set[size:].take(sets), begins)
        return of_set[:size]

    def pairs(self, docs: Ints) -> tuple[Ints, Ints]:
        """Each of the documents with each of its values."""
        sets = self.sets.take(docs)
        alone = (sets >= 0) & (sets < len(self.values))
        if alone.all():
            return docs, sets
        larger = sets >= len(self.values)
        several = sets[larger] - len(self.values)
        begins = self._begins.take(several)
        sizes = self._begins.take(several + 1) - begins
        ordinals = self._members.take(ranges(begins, sizes))
        return np.append(docs[alone], np.repeat(docs[larger], sizes)), np.append(sets[alone], ordinals)

    def having(self, ordinals: Iterable[int]) -> Mask:
        """The documents that have any of these values."""
        chosen = np.zeros(len(self.values) + self._larger + 1, np.bool_)  # the last is for what has no value
        chosen[list(ordinals)] = True
        if self._larger:
            chosen[len(self.values) : -1] = np.logical_or.reduceat(chosen.take(self._members), self._begins[:-1])
        return chosen.take(self.sets)

    def alike(self, value: str) -> list[int]:
        """The ordinals of the values that are this one, capitals aside."""
        wanted, by_letters = value.casefold(), self._sections.whole(f"{self._field}.by_letters")
        start, end = (side(by_letters, wanted, key=self._folded) for side in (bisect_left, bisect_right))
        found: list[int] = by_letters[start:end].tolist()
        return found

    def _folded(self, ordinal: int) -> str:
        value: str = self.values[ordinal]
        return value.casefold()


class Values(Sequence[str]):
    """Texts, each decoded when it is asked for."""

    def __init__(self, terms: Terms) -> None:
        self._terms = terms

    def __len__(self) -> int:
        return len(self._terms)

    def __getitem__(self, i: Any) -> Any:
        return self._terms[i if i >= 0 else len(self) + i].decode("utf-8", "replace")

    def __iter__(self) -> Iterator[str]:
        for term in self._terms:
            yield term.decode("utf-8", "replace")


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
    values = [known[i] for i in np.flatnonzero(used)]
    folded = [value.decode("utf-8", "replace").casefold() for value in values]
    yield from packed(f"{field}.values", values)
    yield f"{field}.by_letters", np.array(sorted(range(len(values)), key=folded.__getitem__), np.int32)
    yield from _set_sections(field, docs, ordinals, len(live), len(values))


def _set_sections(field: str, docs: Ints, ordinals: Ints, size: int, known: int) -> Iterator[tuple[str, Array]]:
    """The sets of values that documents have, from pairs of a document and a value, of which so many are ``known``."""
    order = np.lexsort((ordinals, docs))
    docs, ordinals = docs[order], ordinals[order]
    begins = np.flatnonzero(np.concatenate(([True], docs[1:] != docs[:-1]))[: len(docs)])
    sizes = np.diff(begins, append=len(docs))
    sets = np.full(size, -1, np.int32)
    sets[docs[begins]] = ordinals[begins]
    several = sizes > 1
    having_several, ordinals = docs[begins[several]], ordinals[np.repeat(several, sizes)]
    sizes = sizes[several]
    begins = starts_of(sizes)[:-1]
    first, which = _alike(ordinals, begins, sizes)
    sets[having_several] = which + known
    members = ordinals[ranges(begins[first], sizes[first])]
    by_value = np.argsort(members, kind="stable")
    having = np.repeat(np.arange(len(first), dtype=np.int32), sizes[first])[by_value]
    having_at = np.flatnonzero(np.diff(members[by_value], prepend=-1))
    yield f"{field}.sets", sets
    yield f"{field}.sets.at", starts_of(sizes[first]).astype(np.int32)
    yield f"{field}.sets.ordinals", members
    yield f"{field}.having", members[by_value][having_at]
    yield f"{field}.having.sets", having
    yield f"{field}.having.at", having_at.astype(np.int32)


def _alike(ordinals: Ints, begins: Array, sizes: Array) -> tuple[Array, Array]:
    """Of runs of ordinals, the first of each kind, and for every run which kind it is.

    Runs are told apart by sums of 64 random bits for each ordinal, which are then held against the runs themselves.
    """
    if not len(begins):
        return np.empty(0, np.int64), np.empty(0, np.int32)
    for seed in range(100):
        bits = np.random.default_rng(seed).integers(2**64, size=int(ordinals.max()) + 1, dtype=np.uint64)
        sums = np.add.reduceat(bits[ordinals], begins)
        _, first, which = np.unique(sums, return_index=True, return_inverse=True)
        model = first[which]
        if (sizes[model] == sizes).all() and (ordinals[ranges(begins[model], sizes)] == ordinals).all():
            return first, which
    raise AssertionError("different sets have had the same sum of random bits a hundred times over")
