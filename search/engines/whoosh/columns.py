"""The values each paragraph has in a field: for filters, facets and order. ``column_writer`` works them out."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any

import numpy as np

from search.engines.whoosh.mapped import Array, Sections
from search.engines.whoosh.matched import promising
from search.engines.whoosh.postings import Ints, Mask, Places
from search.engines.whoosh.segments import packed
from search.engines.whoosh.streams import Packed
from search.ranges import heads, ranges

_SPARSE = 256
"""Of fewer documents than this part of what counting by sets has to go through, values are looked up one by one."""
_FEW = 512
"""So few values are counted by sorting, which with many equal ones is faster than adding one by one."""
_MANY = 4
"""Of fewer documents than this part of the values, values are sorted rather than all of them counted."""
_ADDING = 6
"""Adding to one count takes as long as looking up so many numbers."""


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
        return Values(packed(self._sections, f"{self._field}.values"))

    @cached_property
    def sets(self) -> Array:
        """The number of every document's set, -1 where it has no value, in the smallest type that holds one more."""
        return self._sections.whole(f"{self._field}.sets")

    @property
    def single(self) -> Array:
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
    def _having(self) -> tuple[_Having, _Having]:
        """The larger sets that have each value: those whose neighbours have it not, and runs of the others."""
        return _Having(self._sections, f"{self._field}.alone"), _Having(self._sections, f"{self._field}.runs")

    def counts(self, docs: Ints | Places) -> Array:
        """How many of the documents have each value."""
        size = len(self.values)
        if self._larger and len(docs) * _SPARSE < len(self._members) + size:
            return np.bincount(self.sorted(docs), minlength=size)
        if not self._larger and size <= _FEW:
            bounds = self.sorted(docs).searchsorted(np.arange(size + 1, dtype=np.int32))
            return bounds[1:] - bounds[:-1]
        # What has no value is counted too, and left off.
        of_set = np.bincount(self.sets.take(docs) + 1, minlength=size + self._larger + 1)
        counts, of_larger = of_set[1 : size + 1], of_set[size + 1 :]
        if self._larger:
            alone, runs = self._having
            there = (of_larger > 0).nonzero()[0]
            if len(there) / self._larger * len(self._members) * _ADDING < alone.cost + runs.cost:
                members, sizes = self._members_of(there)
                np.add.at(counts, members, of_larger.take(there).repeat(sizes))
            else:
                sums = of_set[size:].cumsum()  # the last value's own set is in all of them
                alone.add(of_larger.take(alone.starts), counts)
                runs.add(sums.take(runs.ends) - sums.take(runs.starts), counts)
        return counts

    def commonest(self, docs: Ints | Places, most: int) -> tuple[Array, Array]:
        """The values that most of the documents have, equal ones as they rise, and how many have each."""
        size = len(self.values)
        if len(docs) * _MANY > size:
            return first_of_counts(self.counts(docs), most)
        values = self.sorted(docs)
        starts = heads(values)
        return first_of_counts(np.diff(starts, append=len(values)), most, values.take(starts))

    def sorted(self, docs: Ints | Places) -> Ints:
        """Every value of each of the documents, in rising order."""
        size = len(self.values)
        values = self.sets.take(docs).astype(np.int32)
        if self._larger:
            members, _ = self._members_of(values.take((values >= size).nonzero()[0]) - size)
            values = np.concatenate((values, members))
        values.sort()
        start, end = values.searchsorted(np.array([0, size], np.int32)).tolist()
        return values[start:end]

    def pairs(self, docs: Ints | Places) -> tuple[Places, Ints]:
        """Every value of each of the documents, beside it the document's place among those given."""
        sets = self.sets.take(docs)
        larger = (sets >= len(self.values)).nonzero()[0]
        alone = ((sets >= 0) & (sets < len(self.values))).nonzero()[0] if len(larger) else (sets >= 0).nonzero()[0]
        if len(alone) == len(docs):
            return alone, sets
        members, sizes = self._members_of(sets.take(larger) - len(self.values))
        return np.concatenate((alone, larger.repeat(sizes))), np.concatenate((sets.take(alone), members))

    def _members_of(self, larger: Array) -> tuple[Ints, Array]:
        """The values in some of the larger sets, set after set, and how many each has."""
        begins = self._begins.take(larger)
        sizes = self._begins.take(larger + 1) - begins
        return self._members.take(ranges(begins, sizes)), sizes

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


class _Having:
    """Sets or runs of sets, value after value. starts, ends: of each; in the type that numpy looks up by."""

    def __init__(self, sections: Sections, name: str) -> None:
        self._ordinals, self._at, starts, ends = (
            sections.whole(f"{name}{part}") for part in ("", ".at", ".from", ".to")
        )
        self.starts, self.ends = starts.astype(np.intp), ends.astype(np.intp)
        self.cost = 2 * len(starts) + _ADDING * len(self._ordinals)
        """What it takes at most to add them up, in numbers looked up."""

    def add(self, numbers: Array, counts: Array) -> None:
        """Add what is counted in each to the counts of the value it belongs to."""
        counts[self._ordinals] += np.add.reduceat(numbers, self._at)


def first_of_counts(counts: Array, most: int, ordinals: Array | None = None) -> tuple[Array, Array]:
    """The ordinals with the highest counts, equal ones as they rise, and these counts. ordinals: if not from 0 on."""
    places = promising(counts, most)
    those = places if ordinals is None else ordinals.take(places)
    size = int(those[-1]) + 1 if len(those) else 1
    keys = those - counts.take(places) * size
    keys.sort()
    first = keys[:most] % size
    return first, (first - keys[:most]) // size


class Values(Sequence[str]):
    """Texts, each decoded when it is asked for."""

    def __init__(self, texts: Packed) -> None:
        self._texts = texts

    def __len__(self) -> int:
        return len(self._texts)

    def __getitem__(self, i: Any) -> Any:
        return self._texts[int(i) if i >= 0 else len(self) + int(i)].decode("utf-8", "replace")

    def __iter__(self) -> Iterator[str]:
        for text in self._texts:
            yield text.decode("utf-8", "replace")
