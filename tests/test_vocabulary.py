"""Words as numbers: the same words as the analysis finds, and what is known of each."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search import vocabulary as module
from search.analysis import sentences, words
from search.vocabulary import Vocabulary, vocabulary, width


@given(st.lists(st.text(max_size=60), max_size=4))
def test_the_words_read_are_those_of_the_analysis(texts: list[str]) -> None:
    known = Vocabulary()
    read = [known.read(text) for text in texts]
    found = [known.words[number] for number in known.numbers(read)]
    assert found == [word for text in texts for word in words(text)]
    assert list(map(width, read)) == [len(words(text)) for text in texts]


@given(st.lists(st.text(alphabet="aB .!?。”\n", max_size=30), max_size=8))
def test_sentences_hold_the_words_of_the_text_also_when_they_were_read_before(texts: list[str]) -> None:
    known = Vocabulary()
    for text in texts * 2:
        read = known.sentences(text)
        assert len(read) == len(sentences(text)) + 1
        assert b"".join(read) == known.read(text)


def test_no_more_texts_are_remembered_than_are_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_LATELY", 2)
    known = Vocabulary()
    read = [known.sentences(text) for text in ("A ferry. It sails.", "a quay", "a pier")]
    assert list(map(len, read)) == [2, 1, 1]
    assert len(known._lately) == 1
    assert known.sentences("A ferry. It sails.") == read[0]


def test_each_word_is_looked_at_once_however_often_it_is_read_and_those_added_on_the_way_too() -> None:
    known, asked = Vocabulary(), []

    def know(word: str, among: Vocabulary) -> tuple[int, int]:
        asked.append(word)
        return among.number(word.lower()), len(word)

    for text in ("Ferry sails", "ferry Sails", "the FERRY"):
        known.read(text)
        lower, length = known.table(know)
        assert [known.words[number] for number in lower] == [word.lower() for word in known.words]
        assert length.tolist() == list(map(len, known.words))
    assert sorted(asked) == sorted(set(asked)) == sorted(known.words)


def test_a_vocabulary_that_has_grown_too_large_is_followed_by_an_empty_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST", 3)
    first = vocabulary()
    first.read("a ferry sails")
    second = vocabulary()
    assert second is not first
    assert second.words == [""]
    assert vocabulary() is second
