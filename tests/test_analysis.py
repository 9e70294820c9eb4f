"""Words become the same terms wherever they stand, and every token knows where that is."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search import analysis
from search.analysis import LONGEST_TERM, fold, scan, sentences, standing, stem, terms, tokens, words

TEXTS = st.text() | st.text(alphabet="aÉß’'.-, U.S1,0五京\u0301\x00\ud800ﬁ", max_size=60)


@pytest.mark.parametrize(
    "spellings",
    [
        ["O'Neill", "O’Neill", "o’neill"],
        ["U.S.", "US", "us", "U.S", "Ｕ.Ｓ."],
        ["café", "cafe", "CAFÉ", "cafe\u0301"],
        ["Korea's", "Korea’s", "Korea"],
        ["1,000", "1000"],
        ["ﬁnance", "finance", "ＦＩＮＡＮＣＥ"],
        ["STRASSE", "straße"],
        ["co\u00adoperate", "cooperate", "co\u2060operate"],
    ],
)
def test_spellings_of_one_word_are_one_term(spellings: list[str]) -> None:
    assert len({tuple(terms(spelling)) for spelling in spellings}) == 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("short-range missiles", ["short", "range", "missiles"]),
        ("the dogs’ bowls", ["the", "dogs", "bowls"]),
        ("東京は", ["東", "京", "は"]),
        ("in 2022. Then", ["in", "2022", "then"]),
        ("3.5 percent, 27bn", ["35", "percent", "27bn"]),
        ("a_b — …", ["a", "b"]),
        ("", []),
    ],
)
def test_words_are_parted(text: str, expected: list[str]) -> None:
    assert terms(text) == expected


@pytest.mark.parametrize(("one", "other"), [("sanctions", "sanction"), ("talked", "talks"), ("ships", "shipping")])
def test_forms_of_a_word_share_a_stem(one: str, other: str) -> None:
    assert stem(one) == stem(other)


def test_short_words_and_numbers_are_their_own_stem() -> None:
    assert [stem(term) for term in ("us", "use", "5g", "1990s")] == ["us", "use", "5g", "1990s"]
    assert stem("talks", "xx") == "talks"


@given(TEXTS)
def test_a_token_is_the_fold_of_the_text_it_stands_on(text: str) -> None:
    at = 0
    for token in tokens(text):
        assert at <= token.start < token.end <= len(text)
        assert fold(text[token.start : token.end]) == token.term
        assert 0 < len(token.term) <= LONGEST_TERM
        at = token.end


@given(TEXTS | st.text(alphabet="ab.’' -,A1é\u00ad\u0301\n", max_size=30))
def test_plain_words_come_out_as_all_others_do(text: str) -> None:
    slowly = [found.span() for found in re.finditer(analysis._ANY_TOKEN, text)]
    assert [found.span() for found in analysis._TOKEN.finditer(text)] == slowly


@given(TEXTS | st.text(alphabet="ab.’' -,A1é。\u00ad\u0301\u2028\x1c\x85\n", max_size=30))
def test_words_found_between_blanks_are_those_found_in_the_whole(text: str) -> None:
    assert terms(text) == [token.term for token in tokens(text)]
    assert words(text) == [text[token.start : token.end] for token in tokens(text)]


@given(TEXTS | st.text(alphabet="ab.’' -,A1é。\u00ad\u0301\u2028\x1c\x85\n", max_size=30), st.data())
def test_words_are_found_by_their_stems_where_they_stand(text: str, data: st.DataObject) -> None:
    known = sorted({stem(term) for term, _, _ in scan(text)} | {"absent"})
    wanted = data.draw(st.sets(st.sampled_from(known)))
    assert standing(text, wanted) == [(stem(term), *at) for term, *at in scan(text) if stem(term) in wanted]


@given(TEXTS | st.text(alphabet="aB. !?”“ U.S。」\n", max_size=60))
def test_no_word_reaches_over_the_end_of_a_sentence(text: str) -> None:
    bounds = [0, *sentences(text), len(text)]
    assert [word for start, end in pairwise(bounds) for word in words(text[start:end])] == words(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two? “Three!” Four", ["One. ", "Two? ", "“Three!” ", "Four"]),
        ("Mr. Holm met Lt. Lind. They left.", ["Mr. Holm met Lt. Lind. ", "They left."]),
        ("J. Lind of the U.S. Senate", ["J. Lind of the U.S. Senate"]),
        ("He left the U.S. The rest stayed.", ["He left the U.S. ", "The rest stayed."]),
        ("It cost $3.5 million. No. 5 is alive. He said no. Then he left.",
         ["It cost $3.5 million. ", "No. 5 is alive. ", "He said no. ", "Then he left."]),
        ("wait … and then... go", ["wait … and then... go"]),
        ("東京。大阪！", ["東京。", "大阪！"]),
        ("", []),
    ],
)  # fmt: skip
def test_sentences_are_parted(text: str, expected: list[str]) -> None:
    starts = sentences(text)
    pieces = [text[start:end] for start, end in zip([0, *starts], [*starts, len(text)], strict=True)]
    assert [piece for piece in pieces if piece] == expected


@given(TEXTS | st.text(alphabet="aB. !?”“ U.S\n", max_size=60))
def test_sentences_begin_within_the_text_and_in_order(text: str) -> None:
    starts = sentences(text)
    assert starts == sorted(set(starts))
    assert all(0 < start < len(text) for start in starts)


@given(TEXTS)
def test_a_term_is_its_own_term(text: str) -> None:
    for term in terms(text):
        assert terms(term) in ([term], terms(term)[:0]) or len(terms(term)) > 1
        term.encode()
