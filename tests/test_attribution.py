"""Who says what."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.attribution import attribute
from search.model import Article, Kind, Metadata, Paragraph


def of(*texts: str) -> Article:
    head = Metadata("a")
    return Article(head, tuple(Paragraph(head, n, Kind.BODY, text) for n, text in enumerate(texts)))


@pytest.mark.parametrize(
    ("text", "quoted", "speaker"),
    [
        ("“We sail at dawn,” Ada Holm said.", "We sail at dawn,", "Ada Holm"),
        ("“We sail at dawn,” said Ada Holm, the harbour master.", "We sail at dawn,", "Ada Holm"),
        ("“We sail at dawn,” harbour master Ada Holm told reporters.", "We sail at dawn,", "Ada Holm"),
        ("Ada Holm said: “We sail at dawn.”", "We sail at dawn.", "Ada Holm"),
        ("Ada Holm, the harbour master, said the ice was “as thick as a door”.", "as thick as a door", "Ada Holm"),
        ('"We sail at dawn," Ada Holm said.', "We sail at dawn,", "Ada Holm"),
    ],
)
def test_a_name_beside_a_word_of_saying_is_the_speaker(text: str, quoted: str, speaker: str) -> None:
    found = attribute(of(text))
    (quotation,) = found.quotations[0]
    assert (quotation.quoted[0].of(text), quotation.speaker) == (quoted, speaker)
    assert quotation.source is not None
    assert quotation.source.of(text) in speaker
    assert [one.name for one in found.speakers[0]] == [speaker]


def test_a_surname_stands_for_the_only_one_of_that_surname() -> None:
    found = attribute(of("Ada Holm runs the harbour.", "“We wait,” Holm said."))
    assert [one.name for one in found.speakers[1]] == ["Ada Holm"]


def test_a_surname_that_two_people_share_is_not_guessed() -> None:
    found = attribute(of("Ada Holm and Bo Holm run the harbour.", "“We wait,” Holm said."))
    (speaker,) = found.speakers[1]
    assert speaker.name == "Holm"
    assert speaker.certainty < 0.5


@pytest.mark.parametrize("text", ["The “iron lady” of the harbour retired.", "It was called “The Long Quay”."])
def test_what_nobody_says_has_no_speaker(text: str) -> None:
    assert attribute(of(text)).quotations == ((),)


@given(st.lists(st.text(alphabet="“”\"',. AaBé\nsaid", max_size=200), max_size=4))
def test_any_text_has_spans_within_it(texts: list[str]) -> None:
    for text, quotations in zip(texts, attribute(of(*texts)).quotations, strict=True):
        for quotation in quotations:
            assert all(0 <= span.start < span.end <= len(text) for span in (*quotation.content, *quotation.quoted))
