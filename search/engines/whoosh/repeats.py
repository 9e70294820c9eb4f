"""How often the values of a field repeat among copies: a story that ten outlets have is one story under its topic.

Which values the copies have is laid down by group: members of a group that have all values alike share a profile, and
a value that several profiles of a group have is one pair of group and value.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from search.engines.whoosh.columns import Column
from search.engines.whoosh.mapped import Array, Sections
from search.engines.whoosh.postings import Ints
from search.ranges import heads, ranges, starts_of
from search.room import Room, in_memory, joined, stretches


class Repeats:
    """columns: those whose values are counted, by name, in the order in which they were laid down."""

    def __init__(self, sections: Sections, columns: Mapping[str, Column]) -> None:
        self._profiles, self._at, self._pairs, self._values = (
            sections.whole(f"copies.{name}") for name in ("profiles", "profiles.at", "pairs", "pairs.values")
        )
        self._firsts = dict(zip(columns, _firsts(list(columns.values())).tolist(), strict=False))

    def among(self, places: Array) -> Repeated:
        """places: those of the documents among all that are in groups."""
        profiles = self._profiles.take(places)
        profiles.sort()
        starts = heads(profiles)
        distinct = profiles[starts]
        # All members of a profile but one repeat its values, and all profiles of a group but one a value they share.
        begins = self._at.take(distinct)
        sizes = self._at.take(distinct + 1) - begins
        pairs = self._pairs.take(ranges(begins, sizes))
        besides = (np.diff(starts, append=len(profiles)) - 1).repeat(sizes)
        rising = np.sort(pairs)
        again = rising.take((rising[1:] == rising[:-1]).nonzero()[0])
        times = np.concatenate((besides, np.ones(len(again), np.int64)))
        # In one number, for numbers are sorted ten times faster than places of them.
        values = (self._values.take(np.concatenate((pairs, again))).astype(np.int64) << 32) + times
        values.sort()
        return Repeated((values >> 32).astype(np.int32), starts_of(values & 0xFFFFFFFF), self._firsts)


class Repeated:
    """How often values repeat. firsts: where those of a column begin.

    values: numbered through and rising. times: how often those before each are repeated together, and then all.
    """

    def __init__(self, values: Array, times: Array, firsts: Mapping[str, int]) -> None:
        self._values, self._times, self._firsts = values, times, firsts

    def of(self, name: str, ordinals: Array) -> Array:
        """Of some values of a column, how many documents have each that are not the first of their group to have it."""
        wanted = (ordinals + self._firsts[name]).astype(np.int32)
        start, end = self._values.searchsorted(wanted), self._values.searchsorted(wanted, "right")
        return self._times.take(end) - self._times.take(start)


def repeat_sections(
    columns: Sequence[Column], members: Ints, groups: Ints, room: Room = in_memory
) -> Iterator[tuple[str, Array]]:
    """What ``Repeats`` reads, worked out a stretch of groups at a time. members, groups: as ``CopyGroups`` has them."""
    firsts = _firsts(columns)
    profiles = room(len(members), np.int32)
    sizes, pairs, values = [], [], []
    numbered = paired = 0
    for part in _whole_groups(groups):
        those, own = members[part], groups[part]
        which, leading = _alike([own, *(column.sets.take(those) for column in columns)])
        profiles[part] = which + numbered
        numbered += len(leading)
        found = [column.pairs(those[leading]) for column in columns]
        place = np.concatenate([places for places, _ in found])
        order = np.argsort(place, kind="stable")
        place = place[order]
        value = np.concatenate([ordinals + first for (_, ordinals), first in zip(found, firsts, strict=False)])[order]
        sizes.append(np.bincount(place, minlength=len(leading)))
        keys, pair = np.unique(own[leading][place] * firsts[-1] + value, return_inverse=True)
        pairs.append(_kept(pair + paired, room))
        values.append(_kept(keys % max(int(firsts[-1]), 1), room))
        paired += len(keys)
    yield "copies.profiles", profiles
    yield "copies.profiles.at", starts_of(np.concatenate([*sizes, []]).astype(np.int64))
    yield "copies.pairs", joined(pairs, sum(map(len, pairs)), np.int32, room)
    yield "copies.pairs.values", joined(values, sum(map(len, values)), np.int32, room)


def _firsts(columns: Sequence[Column]) -> Array:
    """Where the values of each column begin when all are numbered through, and where the last one's end."""
    return starts_of(np.array([len(column.values) for column in columns]))


def _whole_groups(groups: Ints) -> Iterator[slice]:
    """The members of some groups at a time."""
    start = 0
    for part in stretches(len(groups)):
        stop = int(groups.searchsorted(groups[part.stop - 1], "right"))
        if start < stop:
            yield slice(start, stop)
        start = max(start, stop)


def _alike(keys: Sequence[Array]) -> tuple[Array, Array]:
    """The number of what is alike in all keys, in the order of the first key; and a place of each."""
    order = np.lexsort(keys[::-1])
    fresh = np.ones(len(order), np.bool_)
    fresh[1:] = np.logical_or.reduce([np.diff(key[order]) != 0 for key in keys])
    which = np.empty(len(order), np.int64)
    which[order] = np.cumsum(fresh) - 1
    return which, order[fresh]


def _kept(found: Array, room: Room) -> Array:
    out = room(len(found), np.int32)
    out[:] = found
    return out
