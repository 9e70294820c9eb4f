"""What is offered: completions and other spellings that really occur, and nothing that was not asked for."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search import Archive
from search.engines.whoosh import completion
from search.engines.whoosh.spelling import close, distances
from search.model import Article, Kind, Metadata, Paragraph
from search.query.spelling import edits
from search.suggesting import complete
from tests.conftest import article, write_lines
from tests.oracle import edits as edits_by_recursion
from tests.test_engine import opened


@pytest.fixture
def full(archive: Archive, tmp_path: Path) -> Archive:
    """An archive in which some words and names are frequent, and one is rare."""
    ferries = [f"The ferry left the harbour on day {n}. “We sail,” said Ada Holm." for n in range(40)]
    rare = ["A frery is a misprint. “No,” said Bo Lind.", "The harpsichord rests."]
    path = tmp_path / "articles" / "a.jsonl"
    write_lines(path, article("ferries", *ferries, outlet="Coast Post"), article("rare", *rare, outlet="Inland Times"))
    archive.index([path.parent])
    return archive


@pytest.mark.parametrize(
    ("query", "suggestion", "total"),
    [
        ("ferrry", "ferry", 40),
        ("harbor", "harbour", 40),
        ("frery", "ferry", 40),
        ("frery harbour", "ferry harbour", 40),
        ('"left teh harbour"', '"left the harbour"', 40),
        ('"ferry lfet"', '"ferry left"', 40),
        ("speaker:hlom", "speaker:holm", 40),
        ('speaker:"ada hollm"', 'speaker:"ada holm"', 40),
        ("said:saill", "said:sail", 40),
        ("ferrry -harpsicord", "ferry -harpsicord", 40),
        ("ferrry w/5 harbor", "ferry NEAR/5 harbour", 40),
        ("ferry", None, 0),
        ("harpsichord", None, 0),
        ("zeppelin", None, 0),
        ("=ferrry", "=ferry", 40),
        ("ferrry*", None, 0),
    ],
)
def test_another_spelling_is_offered_when_next_to_nothing_is_found(
    full: Archive, query: str, suggestion: str | None, total: int
) -> None:
    found = full.search(query)
    assert (found.suggestion, found.suggestion_total) == (suggestion, total)
    if suggestion:
        assert full.search(suggestion).total == total
        assert found.total < total


def test_a_spelling_is_counted_under_the_filters(full: Archive) -> None:
    assert full.search("ferrry", outlet="Inland Times").suggestion is None
    assert full.search("ferrry", outlet="Coast Post").suggestion_total == 40


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("fe", [("word", "ferry", 40, "ferry")]),
        ("ice har", [("word", "harbour", 40, "ice harbour"), ("word", "harpsichord", 1, "ice harpsichord")]),
        ("ice -(harb", [("word", "harbour", 40, "ice -(harbour")]),
        ("speaker:ho", [("speaker", "Ada Holm", 40, 'speaker:"Ada Holm"')]),
        ("ice speaker:ada ho", [("speaker", "Ada Holm", 40, 'ice speaker:"Ada Holm"')]),
        ("ice ada hol", [("word", "holm", 40, "ice ada holm"), ("speaker", "Ada Holm", 40, 'ice speaker:"Ada Holm"')]),
        ("outlet:“coa", [("outlet", "Coast Post", 40, 'outlet:"Coast Post"')]),
        ("inl", [("outlet", "Inland Times", 2, 'outlet:"Inland Times"')]),
        ("zz", []),
        ("ferry ", []),
        ("", []),
        ("«", []),
    ],
)
def test_a_beginning_is_completed(full: Archive, typed: str, expected: list[tuple[str, str, int, str]]) -> None:
    assert [(one.kind, one.value, one.count, one.query) for one in full.complete(typed)] == expected


def test_a_completion_finds_what_it_counts(full: Archive) -> None:
    for typed in ("f", "h", "l", "a", "s", "co", "speaker:b"):
        for one in full.complete(typed):
            found = full.search(f"={one.query}" if one.kind == "word" else one.query)
            assert found.total >= one.count > 0


@given(st.text(max_size=40))
@settings(max_examples=30)
def test_nothing_typed_is_too_odd_to_be_completed(typed: str) -> None:
    with opened([[]]) as (reader, _):
        assert complete(reader, typed, 5) == []


WORDS = st.text(alphabet="abcé東", min_size=1, max_size=7)


def texts_of(words: str) -> st.SearchStrategy[list[str]]:
    """Texts of words of two letters, the first an f."""
    return st.lists(st.lists(st.sampled_from([f"f{letter}" for letter in words]), max_size=5).map(" ".join), max_size=6)


@given(st.lists(texts_of("abcdef"), min_size=1, max_size=4), st.integers(1, 4), st.integers(1, 3), st.booleans())
@settings(max_examples=40, deadline=None)
def test_the_commonest_words_of_all_segments_are_completed(
    parts: list[list[str]], limit: int, candidates: int, deleted: bool
) -> None:
    batches: list[list[Article | str]] = []
    for number, texts in enumerate(parts):
        head = Metadata(f"a{number}")
        paragraphs = tuple(Paragraph(head, n, Kind.BODY, text) for n, text in enumerate(texts))
        batches.append([Article(head, paragraphs)])
    if deleted:
        batches.append(["a0", Article(Metadata("z"), (Paragraph(Metadata("z"), 0, Kind.BODY, "fa"),))])
    with opened(batches) as (reader, held), mock.patch.object(completion, "_CANDIDATES", candidates):
        counts = Counter(word for one in held for paragraph in one.paragraphs for word in set(paragraph.text.split()))
        best = [(value.value, value.count) for value in reader.beginning("text", "f", limit)]
    assert best == sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:limit]


@given(WORDS, st.lists(WORDS, max_size=8, unique=True), st.integers(0, 3))
def test_edits_are_counted_alike_for_one_and_for_many(word: str, others: list[str], most: int) -> None:
    exact = [edits_by_recursion(word, other) for other in others]
    assert distances(word, others).tolist() == exact
    assert [edits(word, other, most) for other in others] == [min(n, most + 1) for n in exact]
    assert close(word, others, most) == [(o, n) for o, n in zip(others, exact, strict=True) if n <= most]
