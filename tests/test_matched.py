"""Uniting, intersecting and choosing the best, against the same done with dictionaries."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.engines.whoosh.matched import Matched, Sets

SIZE = 3000

Found = dict[int, float]


@st.composite
def found(draw: st.DrawFn) -> tuple[Found, Matched]:
    """Some documents with scores of few different values, as a list or as a row, or without any scores."""
    chance = np.random.default_rng(draw(st.integers(0, 2**32)))
    how_many = draw(st.sampled_from([0, 1, 5, 40, 400, 2500]))
    docs = np.sort(chance.choice(SIZE, how_many, replace=False)).astype(np.int32)
    scores = chance.integers(1, draw(st.sampled_from([2, 5, 1000])), how_many).astype(np.float32)
    kind = draw(st.sampled_from(["list", "row", "unscored"]))
    if kind == "unscored":
        return dict.fromkeys(docs.tolist(), 0.0), Matched(docs, None)
    row = np.zeros(SIZE, np.float32)
    row[docs] = scores
    by_doc = dict(zip(docs.tolist(), scores.tolist(), strict=True))
    return by_doc, Matched(None, None, row) if kind == "row" else Matched(docs, scores)


def as_found(matched: Matched) -> Found:
    assert len(matched) == len(matched.docs)
    assert matched.mask(SIZE).sum() == len(matched)
    return dict(zip(matched.docs.tolist(), matched.scores.tolist(), strict=True))


@settings(deadline=None)
@given(st.lists(found(), min_size=1, max_size=4), st.lists(found(), max_size=2))
def test_sets_come_together_as_dictionaries_do(
    parts: list[tuple[Found, Matched]], without: list[tuple[Found, Matched]]
) -> None:
    sets = Sets(SIZE)
    dictionaries, matched = [part[0] for part in parts], [part[1] for part in parts]
    either = {doc for part in dictionaries for doc in part}
    united = sets.any_of(matched)
    assert as_found(united) == {doc: sum(part.get(doc, 0.0) for part in dictionaries) for doc in sorted(either)}
    unwanted = {doc for part, _ in without for doc in part}
    both = {doc for doc in either if all(doc in part for part in dictionaries)} - unwanted
    met = sets.all_of(matched, [part for _, part in without])
    assert as_found(met) == {doc: sum(part[doc] for part in dictionaries) for doc in sorted(both)}
    assert as_found(sets.all_of([united, met])) == {doc: as_found(united)[doc] + as_found(met)[doc] for doc in both}
    everything = np.ones(SIZE, np.bool_)
    assert set(sets.complement(united, everything).docs.tolist()) == set(range(SIZE)) - either


@settings(deadline=None)
@given(found(), st.sampled_from([1, 3, 10, 50]), st.integers(0, 9))
def test_the_best_are_the_first_of_all_in_order(part: tuple[Found, Matched], count: int, seed: int) -> None:
    by_doc, matched = part
    tie = np.random.default_rng(seed).permutation(SIZE).astype(np.int32)
    docs, scores = matched.best(count, tie)
    expected = sorted(by_doc, key=lambda doc: (-by_doc[doc], tie[doc]))[:count]
    assert docs.tolist() == expected
    assert scores.tolist() == pytest.approx([by_doc[doc] for doc in expected])
