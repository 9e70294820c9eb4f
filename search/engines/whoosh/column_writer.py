"""The columns of a whole index as sections, turned round from the postings of its segments."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from search.engines.whoosh.laying import packed
from search.engines.whoosh.mapped import Array
from search.engines.whoosh.postings import Ints, Mask
from search.engines.whoosh.ranges import ranges, starts_of
from search.engines.whoosh.segments import Segment


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
