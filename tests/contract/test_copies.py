"""Copies that are no more than nearly alike, on every engine: the same groups, whatever the order they came in."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.analysis import terms
from search.copies import groups, signatures, together
from search.engines.base import Reader
from search.engines.opensearch import grouping
from search.model import Article, Kind, Metadata, Paragraph, SearchRequest
from search.query.nodes import Word
from tests.contract.conftest import Change, Kept, opened
from tests.contract.test_searching import few

WIRE = "The harbour master said that the northern ferry would not sail before the ice on the sound had broken".split()
PLACES = "Tarn Holm Lind Borg Vik Sund Nes Dal".split()


def article(number: int, changes: list[int], shared: int = 0) -> Article:
    """A wire report with the words at some places changed, and a paragraph that others may have word for word."""
    words = list(WIRE)
    for at in changes:
        words[at % len(words)] = PLACES[at % len(PLACES)]
    head = Metadata(f"a{number}")
    own = (
        f"In the town of {PLACES[shared % 8]} nobody had heard of report {'abcdefgh'[shared % 8]} before that evening."
    )
    return Article(head, (Paragraph(head, 0, Kind.BODY, " ".join(words)), Paragraph(head, 1, Kind.BODY, own)))


def expected(held: list[Article]) -> set[frozenset[str]]:
    """The groups that all signatures together make."""
    paragraphs = [paragraph for one in held for paragraph in one.paragraphs]
    labels = groups(together(signatures([terms(paragraph.text) for paragraph in paragraphs]))).tolist()
    return {
        frozenset(p.id for p, label in zip(paragraphs, labels, strict=True) if label == one) for one in {*labels} - {-1}
    }


def found(reader: Reader, held: list[Article]) -> set[frozenset[str]]:
    ids = [paragraph.id for one in held for paragraph in one.paragraphs]
    with_copies = {one: [copy.id for copy in reader.copies(one)] for one in ids}
    return {frozenset([one, *others]) for one, others in with_copies.items() if others}


changes = st.lists(st.integers(0, 17), max_size=3)
batches = st.lists(
    st.lists(st.tuples(st.integers(0, 9), changes, st.integers(0, 5)) | st.integers(0, 9), min_size=1, max_size=8),
    min_size=1,
    max_size=3,
)


@few
@given(batches)
def test_groups_are_of_what_is_there(kept: Kept, given_: list[list[tuple[int, list[int], int] | int]]) -> None:
    history: list[list[Change]] = []
    for batch in given_:
        last = {one if isinstance(one, int) else one[0]: one for one in batch}
        history.append([f"a{one}" if isinstance(one, int) else article(*one) for one in last.values()])
    with opened(kept, history) as (reader, held):
        assert found(reader, held) == expected(held)


@pytest.fixture(scope="module")
def reader(kept: Kept) -> Iterator[tuple[Reader, list[Article]]]:
    chance = random.Random(5)
    made = [article(n, chance.sample(range(18), chance.randrange(3)), n) for n in range(30)]
    with opened(kept, [made[:20], made[20:], [made[3].id, made[7].id]]) as reader:
        yield reader


def test_near_copies_are_one_hit(reader: tuple[Reader, list[Article]]) -> None:
    searched, held = reader
    assert found(searched, held) == expected(held)
    ranked = searched.search(Word("harbour"), SearchRequest(size=100))
    of_wire = [group for group in expected(held) if any(identifier.endswith("#0") for identifier in group)]
    grouped = {identifier for group in of_wire for identifier in group}
    matching = {p.id for a in held for p in a.paragraphs if "harbour" in p.text.split()}
    stories = len([g for g in of_wire if g & matching]) + len(matching - grouped)
    assert (ranked.total, ranked.stories, len(ranked.hits)) == (len(matching), stories, stories)
    assert sum(ranked.copies) == len(matching) - stories
    assert max(ranked.copies) > 5


@pytest.mark.parametrize("kept", ["opensearch"], indirect=True)
def test_a_part_at_a_time_makes_the_same_groups(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grouping, "MOST", 12)
    monkeypatch.setattr(grouping, "_VALUES", 20)
    monkeypatch.setattr(grouping, "_PAGE", 3)
    chance = random.Random(6)
    made = [article(n, chance.sample(range(18), chance.randrange(3)), n) for n in range(30)]
    with opened(kept, [made]) as (reader, held):
        assert found(reader, held) == expected(held)
