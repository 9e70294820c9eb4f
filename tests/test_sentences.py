"""A paragraph in sentences, tokens and chunks: every token in its place, and shapes that only save looking."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.articles import Record, Rejection, find_sources, read, records
from search.attribution.chunks import Chunker
from search.attribution.lexicon import Lexicon, lexicon
from search.attribution.marks import runs
from search.attribution.shapes import GLUE, OPEN, QUOTATION, SIGN
from search.attribution.tokens import QUOTED, Sentence, sentences
from search.model import Article

PIECES = [
    "Ada", "Holm", "said", "the", "ferry", "U.S.", "Inc.", "Mr.", "3,500", "well-run", "it’s", "who", "sails",
    "Sun Co.", "officials'", "’s", ".", ",", "?", "(", ")", "“", "”", '"', "…", "...", "--", " ", "  ", "\n",
    "\u00a0", "_", "LONDON (Wire) - ", "that", "quickly", "to",
]  # fmt: skip
texts = st.lists(st.sampled_from(PIECES), max_size=60).flatmap(
    lambda pieces: st.sampled_from(["", " "]).map(lambda blank: blank.join(pieces))
)


@pytest.fixture(scope="module")
def english() -> Lexicon:
    words = lexicon("en")
    assert words is not None
    return words


def split(text: str, words: Lexicon) -> list[Sentence]:
    return sentences(text, runs(text), words)


def seeds() -> Iterator[str]:
    for source in find_sources([Path("seeds")]):
        assert not isinstance(source, Rejection)
        for record in records(source):
            found = read(record) if isinstance(record, Record) else []
            yield from (p.text for article in found if isinstance(article, Article) for p in article.paragraphs)


@settings(max_examples=400)
@given(texts)
def test_every_token_says_where_it_stands(text: str) -> None:
    words = lexicon("en")
    assert words is not None
    at = 0
    for s in split(text, words):
        for i, word in enumerate(s.words):
            start, end = s.start(i), s.end(i)
            assert at <= start < end
            if word == QUOTED:
                assert (start, end) == (s.runs[i].start, s.runs[i].end)
            else:
                assert text[start:end] == word
                assert at == 0 or not text[at:start].strip(), "no word is left out"
            at = end
    assert at == 0 or not text[at:].strip()


@pytest.mark.parametrize("blanks", [" ", "  ", "\n", "\u00a0 "])
def test_tokens_are_found_behind_any_blanks(english: Lexicon, blanks: str) -> None:
    text = blanks.join(["", "Ada", "Holm,", "the", "“new", "master”,", "said", "so.", ""])
    (s,) = split(text, english)
    assert [text[s.start(i) : s.end(i)] for i in range(len(s))] == [
        "Ada", "Holm", ",", "the", f"“new{blanks}master”", ",", "said", "so", ".",
    ]  # fmt: skip


def test_an_abbreviation_is_one_token_and_ends_no_sentence(english: Lexicon) -> None:
    (s,) = split("Quay Corp. of St. Ives said so.", english)
    assert s.words == ["Quay", "Corp.", "of", "St.", "Ives", "said", "so", "."]
    assert s.capitals == [0, 1, 3, 4]


def test_a_sentence_without_end_is_parted(english: Lexicon) -> None:
    assert [len(s) for s in split("ferry " * 700, english)] == [301, 301, 98]
    assert [len(s) for s in split("Ferry, " * 200, english)] == [152, 152, 96]


def test_shapes_only_save_looking_at_the_neighbours(english: Lexicon) -> None:
    """Chunks are the same when every word that may have neighbours is looked at in its place."""
    there = [s for text in seeds() for s in split(text, english)]
    assert len(there) > 200
    for s in there:
        quick = Chunker(s, english).read()
        s.shapes = [shape if shape in {SIGN, QUOTATION, GLUE} else OPEN for shape in s.shapes]
        assert Chunker(s, english).read() == quick, " ".join(s.words)
