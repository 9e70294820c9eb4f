"""The columns of a whole index as sections, turned round from the postings of its segments.

However large the index, little of it is in memory at a time: values go by in order, documents a stretch at a time. What
is kept meanwhile is a number for every value of every segment, and every different set of several values once.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from functools import cached_property
from heapq import merge
from itertools import pairwise

import numpy as np

from search.engines.whoosh.mapped import Array
from search.engines.whoosh.postings import Ints, Mask
from search.engines.whoosh.segments import Segment
from search.ranges import ranges, starts_of, whose
from search.room import Room, in_memory, joined, stretches

_RUN = 100_000
"""Values, or bytes of them, that are in memory at a time."""


def column_sections(
    field: str, segments: Sequence[Segment], live: Mask, room: Room = in_memory
) -> Iterator[tuple[str, Array]]:
    """A column of a whole index as sections, from its segments; deleted documents have no value."""
    values = _Values(field, segments, live, room)
    yield f"{field}.values", values.bytes
    yield f"{field}.values.at", values.at
    yield f"{field}.by_letters", _by_letters(values)
    for seed in range(100):
        try:
            sets, larger = _sets(field, segments, live, values, seed, room)
        except _Mistaken:
            continue
        yield f"{field}.sets", _in_few_bytes(sets, len(values) + len(larger), room)
        for name, section in larger.sections():
            yield f"{field}.{name}", section
        return
    raise AssertionError("different sets have had the same sum of random bits a hundred times over")


# ------------------------------------------------------------------------------- values


class _Values:
    """The values that living documents have, in order: their bytes one after the other, and where each begins.

    ordinals: for each segment, the place among them of every value it has; -1 for one that no living document has.
    """

    def __init__(self, field: str, segments: Sequence[Segment], live: Mask, room: Room) -> None:
        used = [_used(field, segment, live) for segment in segments]
        bytes_ = room(sum(len(segment.sections.whole(field)) for segment in segments), np.uint8)
        at, found = array("q", [0]), [array("i") for _ in segments]
        fresh, last = bytearray(), None
        texts = (
            _texts(field, segment, mask, place)
            for place, (segment, mask) in enumerate(zip(segments, used, strict=True))
        )
        for text, place in merge(*texts):
            if text != last:
                last = text
                fresh += text
                at.append(at[-1] + len(text))
                if len(fresh) >= _RUN:
                    bytes_[at[-1] - len(fresh) : at[-1]] = fresh
                    fresh.clear()
            found[place].append(len(at) - 2)
        bytes_[at[-1] - len(fresh) : at[-1]] = fresh
        self.bytes, self.at = bytes_[: at[-1]], np.array(at)
        self.ordinals = [np.full(len(mask), -1, np.int32) for mask in used]
        for ordinals, mask, those in zip(self.ordinals, used, found, strict=True):
            ordinals[mask] = those

    def __len__(self) -> int:
        return len(self.at) - 1

    def folded(self, ordinal: int) -> str:
        """A value, capitals aside."""
        return _folded(self.bytes[self.at[ordinal] : self.at[ordinal + 1]].tobytes())

    def by_letters(self, part: slice) -> array[int]:
        """The ordinals of some of them in the order of their letters, capitals aside."""
        bounds = self.at[part.start : part.stop + 1]
        content = self.bytes[bounds[0] : bounds[-1]].tobytes()
        folded = [_folded(content[start:end]) for start, end in pairwise((bounds - bounds[0]).tolist())]
        return array("i", [part.start + i for i in sorted(range(len(folded)), key=folded.__getitem__)])


def _folded(value: bytes) -> str:
    return value.decode("utf-8", "replace").casefold()


def _used(field: str, segment: Segment, live: Mask) -> Mask:
    """Which values of a segment some living document has."""
    used = np.zeros(len(segment.sections.whole(f"{field}.docs.at")) - 1, np.bool_)
    for _, ordinals in _pairs(field, segment, live):
        used[ordinals] = True
    return used


def _texts(field: str, segment: Segment, used: Mask, place: int) -> Iterator[tuple[bytes, int]]:
    """The values of a segment that are used, in order, each with the segment's place."""
    at = segment.sections.whole(f"{field}.at")
    for part in stretches(len(used), _RUN):
        bounds = at[part.start : part.stop + 1]
        content = segment.sections.part(field, int(bounds[0]), int(bounds[-1])).tobytes()
        for (start, end), is_used in zip(pairwise((bounds - bounds[0]).tolist()), used[part].tolist(), strict=True):
            if is_used:
                yield content[start:end], place


def _by_letters(values: _Values) -> Ints:
    """The ordinals of values in the order of their letters, capitals aside."""
    runs = [values.by_letters(part) for part in stretches(len(values), _RUN)]
    return np.fromiter(merge(*runs, key=values.folded), np.int32, len(values))


# --------------------------------------------------------------------------------- sets


def _pairs(field: str, segment: Segment, live: Mask) -> Iterator[tuple[Ints, Ints]]:
    """Living documents, each with a value that it has by its place in the segment; value after value."""
    docs, at = segment.sections.whole(f"{field}.docs"), segment.sections.whole(f"{field}.docs.at")
    for part in stretches(len(docs)):
        those = docs[part] + np.int32(segment.offset)
        alive = live[those]
        yield those[alive], whose(at, part)[alive]


def _sets(
    field: str, segments: Sequence[Segment], live: Mask, values: _Values, seed: int, room: Room
) -> tuple[Ints, _Larger]:
    """The number of every document's set, and what those of several values hold. Raises _Mistaken."""
    sets = room(len(live), np.int32)
    larger = _Larger(len(values), seed)
    for part in stretches(len(sets)):
        sets[part] = -1
    for segment, known in zip(segments, values.ordinals, strict=True):
        for docs, ordinals in _by_document(field, segment, live, known, room):
            begins = np.flatnonzero(np.diff(docs, prepend=-1))
            sizes = np.diff(begins, append=len(docs))
            sets[docs[begins]] = ordinals[begins]
            several = sizes > 1
            if several.any():
                which = larger.numbers(ordinals[np.repeat(several, sizes)], sizes[several])
                sets[docs[begins[several]]] = which + len(values)
    final = larger.settle()
    if len(final):
        for part in stretches(len(sets)):
            those = np.flatnonzero(sets[part] >= len(values)) + part.start
            sets[those] = final[sets[those] - len(values)] + len(values)
    return sets, larger


def _by_document(field: str, segment: Segment, live: Mask, known: Ints, room: Room) -> Iterator[tuple[Ints, Ints]]:
    """Living documents, each with every value that it has, both rising; all values of a document come together."""
    keys = room(len(segment.sections.whole(f"{field}.docs")), np.int64)
    end = 0
    for docs, places in _pairs(field, segment, live):
        keys[end : end + len(docs)] = (docs.astype(np.int64) << 32) + known[places]
        end += len(docs)
    segment.forget()
    keys = keys[:end]
    keys.sort()
    start = 0
    for part in stretches(end):
        stop = int(keys.searchsorted(((keys[part.stop - 1] >> 32) + 1) << 32))
        if start < stop:
            yield (keys[start:stop] >> 32).astype(np.int32), (keys[start:stop] & 0xFFFFFFFF).astype(np.int32)
        start = stop


def _in_few_bytes(numbers: Ints, count: int, room: Room) -> Array:
    """Numbers from -1 to below ``count`` in the smallest type that also holds the count: a search reads less memory."""
    kind = next(kind for kind in (np.int8, np.int16, np.int32) if count <= np.iinfo(kind).max)
    return joined((numbers[part] for part in stretches(len(numbers))), len(numbers), kind, room)


class _Mistaken(Exception):
    """Two different sets have the same sum."""


class _Larger:
    """Different sets of several values, each once, by sums of 64 random bits for each value."""

    def __init__(self, known: int, seed: int) -> None:
        self._known, self._seed = known, seed
        self._sums, self._numbers = np.empty(0, np.uint64), np.empty(0, np.int32)
        """The sums in rising order, and beside each the number of its set, which is the order in which they came."""
        self._members, self._at = np.empty(0, np.int32), np.zeros(1, np.int64)
        """The values of the sets, set after set, and where each set's begin."""

    @cached_property
    def _bits(self) -> Array:
        return np.random.default_rng(self._seed).integers(2**64, size=self._known, dtype=np.uint64)

    def numbers(self, ordinals: Ints, sizes: Array) -> Ints:
        """The number of each of some sets, given as the rising ordinals in each, set after set, and how many."""
        begins = starts_of(sizes)[:-1]
        added = np.add.reduceat(self._bits[ordinals], begins)
        sums, first, which = np.unique(added, return_index=True, return_inverse=True)
        at = self._sums.searchsorted(sums)
        fresh = self._sums.searchsorted(sums, "right") == at
        numbers = np.empty(len(sums), np.int32)
        numbers[~fresh] = self._numbers[at[~fresh]]
        numbers[fresh] = np.arange(len(self._sums), len(self._sums) + np.count_nonzero(fresh))
        self._sums = np.insert(self._sums, at[fresh], sums[fresh])
        self._numbers = np.insert(self._numbers, at[fresh], numbers[fresh])
        first = first[fresh]
        self._members = np.append(self._members, ordinals[ranges(begins[first], sizes[first])])
        self._at = np.append(self._at, self._at[-1] + np.cumsum(sizes[first]))
        found: Ints = numbers[which]
        model = self._at[found]
        if (self._at[found + 1] - model != sizes).any() or (self._members[ranges(model, sizes)] != ordinals).any():
            raise _Mistaken
        return found

    def __len__(self) -> int:
        return len(self._numbers)

    def settle(self) -> Ints:
        """Number the sets so that those alike are neighbours; for each number until then, what it is from here on."""
        order = _neighbouring(self._members, self._at)
        sizes = np.diff(self._at)[order]
        self._members = self._members[ranges(self._at[order], sizes)]
        self._at = starts_of(sizes)
        self._numbers = np.arange(len(order), dtype=np.int32)
        final = np.empty(len(order), np.int32)
        final[order] = self._numbers
        return final

    def sections(self) -> Iterator[tuple[str, Array]]:
        """The sets by their numbers; and the same turned round, the sets that have each value: those whose neighbours
        have it not, and runs of the others."""
        yield "sets.at", self._at.astype(np.int32)
        yield "sets.ordinals", self._members
        by_value = np.argsort(self._members, kind="stable")
        values = self._members[by_value]
        sets = np.repeat(self._numbers, np.diff(self._at))[by_value]
        begin = (np.diff(values, prepend=-1) != 0) | (np.diff(sets, prepend=-1) != 1)
        end = np.append(begin[1:], True)[: len(begin)]
        for name, begins, ends in (("alone", begin & end, begin & end), ("runs", begin & ~end, end & ~begin)):
            another = np.diff(values[begins], prepend=-1) != 0
            yield name, values[begins][another]
            yield f"{name}.at", np.flatnonzero(another).astype(np.int32)
            yield f"{name}.from", sets[begins]
            yield f"{name}.to", sets[ends] + np.int32(1)


_TOLD_BY = 8
"""Of so many members, the commonest, sets are put in order: the rest would bring few more of them together."""


def _neighbouring(members: Ints, at: Array) -> Array:
    """An order of sets in which those with a value stand together: what has it is then few runs of sets.

    It is that of a dictionary whose alphabet begins with the commonest value. Of a hundred thousand paragraphs' topics
    it makes four times fewer runs than there are values in all sets.
    """
    sizes = np.diff(at)
    common = np.argsort(np.argsort(-np.bincount(members), kind="stable")).astype(np.int32)[members]
    of_set = np.repeat(np.arange(len(sizes), dtype=np.int32), sizes)
    common = common[np.lexsort((common, of_set))]
    within = np.arange(len(members)) - np.repeat(at[:-1], sizes)
    table = np.full((_TOLD_BY, len(sizes)), -1, np.int32)
    told = within < _TOLD_BY
    table[within[told], of_set[told]] = common[told]
    return np.lexsort(table[::-1])
