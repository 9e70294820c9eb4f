"""Which paragraphs of an index are copies of each other, and what a set of documents is when they count once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

import numpy as np

from search.copies import grouped
from search.engines.whoosh.mapped import Array
from search.engines.whoosh.matched import Matched, member
from search.engines.whoosh.postings import Ints, Mask
from search.engines.whoosh.segments import Segment
from search.room import Room, in_memory, ordered, stretches

_DENSE = 4
"""Of more than this part of all documents, a row of scores is copied sooner than the scores are picked from it."""

_FEW = 4
"""So many members for each match are looked up among the matches; of more, the matches are among the members."""
_LAST = np.int32(np.iinfo(np.int32).max)


class CopyGroups:
    """members: documents that are in a group of two or more, group by group, each group's leader first, who is the
    earliest published (undated ones last), then the first by id. groups: beside each the number of its group, rising.
    size: how many documents there are."""

    def __init__(self, members: Ints, groups: Ints, size: int) -> None:
        self.members, self.groups, self._size = members, groups, size

    @cached_property
    def place(self) -> Ints:
        """The place of every document among the members, -1 for what has no copies."""
        place = np.full(self._size, -1, np.int32)
        place[self.members] = np.arange(len(self.members), dtype=np.int32)
        return place

    def fold(self, matched: Matched) -> Folded:
        """Which of the documents lead their group among these, and which are folded into a leader."""
        places: Array
        if matched.row is not None and len(self.members) < _FEW * len(matched):
            places = (matched.row.take(self.members) > 0).nonzero()[0]
        else:
            places = self.place.take(matched.places)
            places = places.take((places >= 0).nonzero()[0])
            places.sort()
        groups = self.groups.take(places)
        leads = np.ones(len(places), np.bool_)
        np.not_equal(groups[1:], groups[:-1], out=leads[1:])
        starts = leads.nonzero()[0]
        more = np.empty(len(starts), np.int64)
        more[:-1] = starts[1:] - starts[:-1] - 1
        more[-1:] = len(places) - starts[-1:] - 1
        return Folded(self, places, leads, starts, more)

    def of(self, doc: int) -> Ints:
        """The other members of a document's group, its leader first."""
        place = int(self.place[doc])
        if place < 0:
            return np.empty(0, np.int32)
        start, end = np.searchsorted(self.groups, [self.groups[place], self.groups[place] + 1])
        among = self.members[start:end]
        others: Ints = among[among != doc]
        return others

    def repeated(self, places: Array, values: Array, count: int) -> Array:
        """For every value, how many documents have it that are not the first of their group to have it.

        places: those of the documents among the members, with a value beside each. count: how many values there are.
        """
        groups = self.groups.take(places)
        pairs = values * np.int64(len(self.members) + 1) + groups
        pairs.sort()
        again = pairs[1:][pairs[1:] == pairs[:-1]]
        return np.bincount(again // (len(self.members) + 1), minlength=count)


def copy_sections(
    segments: Sequence[Segment], live: Mask, by_id: Ints, published: Ints, room: Room = in_memory
) -> Iterator[tuple[str, Array]]:
    """The groups of a whole index as sections, from the signatures in its segments.

    by_id: all documents in the order of their ids. published: the place of each one's date among all, below 0 for none.
    """
    labels = grouped([segment.signatures() for segment in segments], live, room)
    members = room(int(np.count_nonzero(labels >= 0)), np.int32)
    end = 0
    dated = room(len(live), np.int32)
    for part in stretches(len(live)):
        found = by_id[part][labels[by_id[part]] >= 0]
        members[end : end + len(found)] = found
        end += len(found)
        dated[part] = np.where(published[part] < 0, _LAST, published[part])
    members = ordered(labels, ordered(dated, members, room), room)
    beside = room(len(members), np.int32)
    for part in stretches(len(members)):
        beside[part] = labels[members[part]]
    yield "copies", members
    yield "copies.groups", beside


class Folded:
    """Which documents lead their group, and which are folded into their leader.

    places: theirs among all members of groups, rising. leads: which of these lead. starts: where those stand. more: how
    many each of them stands for besides.
    """

    def __init__(self, groups: CopyGroups, places: Array, leads: Mask, starts: Array, more: Array) -> None:
        self._groups, self._places, self._leads, self._starts, self._more = groups, places, leads, starts, more

    @property
    def repeats(self) -> int:
        """How many are folded into another."""
        return len(self._places) - len(self._more)

    @property
    def doubled(self) -> Array:
        """The places among all members of those of which others here are copies; the rest repeat nothing."""
        return self._places.take(np.repeat(self._more > 0, self._more + 1).nonzero()[0])

    def hides(self, docs: Ints) -> Mask:
        """Which of these, all of them matches, are folded into another."""
        hidden: Mask = (self._groups.place.take(docs) >= 0) & (self._leading(docs) < 0)
        return hidden

    def _leading(self, docs: Ints) -> Array:
        """The place of each among those that lead, -1 where it does not."""
        leaders, wanted = self._places.take(self._starts), self._groups.place.take(docs)
        at = leaders.searchsorted(wanted)
        return np.where(member(wanted, leaders), at, -1)

    def of(self, matched: Matched, size: int) -> Matched:
        """The matches without those that are folded into another."""
        folded = self._groups.members.take(self._places.take((~self._leads).nonzero()[0]))
        if not len(folded):
            return matched
        if matched.row is not None and len(matched) * _DENSE > size:
            row = matched.row.copy()
            row[folded] = 0
            return Matched(None, None, row, count=len(matched) - len(folded))
        keep = np.ones(size, np.bool_)
        keep[folded] = False
        return matched.keep(keep.take(matched.docs))

    def more(self, docs: Ints) -> list[int]:
        """How many others are folded into each of these."""
        at = self._leading(docs)
        there = at >= 0
        out = np.zeros(len(docs), np.int64)
        out[there] = self._more.take(at[there])
        found: list[int] = out.tolist()
        return found
