"""What stands between quotation marks, however they are typed, and whether it is anybody's speech."""

from __future__ import annotations

import pytest

from search.attribution import attribute
from search.attribution.marks import runs
from search.model import Article, Kind, Metadata, Paragraph, Quotation


def inner(text: str) -> list[str]:
    return [text[run.inner : run.stop] for run in runs(text)]


def quotations(text: str) -> tuple[Quotation, ...]:
    head = Metadata("a", title="", language="en")
    (found,) = attribute(Article(head, (Paragraph(head, 0, Kind.BODY, text),))).quotations
    return found


def quoted(text: str) -> list[tuple[str | None, str]]:
    """The speaker of each quoted run of a paragraph that is taken for speech."""
    return [(q.speaker, run.of(text)) for q in quotations(text) for run in q.quoted]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“It is rare,“ said Ada Holm. “It is cold.“", ["It is rare,", "It is cold."]),  # an opening mark that closes
        ("Sailing ”would be folly,” she said.", ["would be folly,"]),  # a closing mark that opens
        ('"He called it “a door of ice” and left," she said.', ["He called it “a door of ice” and left,"]),
        ('"The harbour, which Holm called “a door of ice”, froze.', ["a door of ice"]),  # a stray mark before
        ('"“We sail,” Holm said at dawn."', ["We sail,"]),  # a paragraph set between marks of its own
        ('"HOLM: We sail “at dawn” and no later.', ["HOLM: We sail “at dawn” and no later."]),  # a transcript's voice
    ],
)
def test_marks_typed_wrong_are_read_as_they_were_meant(text: str, expected: list[str]) -> None:
    assert inner(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(The crews, it turns out, like “the long quay,” Ada Holm said.)", [("Ada Holm", "the long quay,")]),
        ("The ferry’s “delays” are a shame, Ada Holm said Tuesday in Paris, noting it.", [("Ada Holm", "delays")]),
        ("Ada Holm: The Ferry Is a ‘Proven Failure’ in Winter", [("Ada Holm", "Proven Failure")]),
        ("Holm: Ferry’s ‘Shameful Delays’ Ruin Winter for Islanders", [("Holm", "Shameful Delays")]),
    ],
)
def test_words_in_marks_go_to_whoever_the_sentence_says(text: str, expected: list[tuple[str, str]]) -> None:
    assert quoted(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "On “Face the Harbour,” Sen. Ada Holm, who lost, has a new role.",
        "In his 2002 book, “Make Your Boat a Home,” Mr. Holm looked at the things on the quay.",
        "Donald Quay, a host of “The Long Pier,” left.",
        "She had roles in the films “How the Ice Came,” “Quay 13,” and “The Sailor Who Stayed,” and moved on.",
        "Ada Holm, star of the series “Cold Coast,” sails.",
    ],
)
def test_a_title_is_nobodys_speech_whatever_ends_it(text: str) -> None:
    assert quoted(text) == []


def test_a_title_within_what_somebody_says_is_quoted_with_it() -> None:
    assert quoted("Ada Holm said the film “Cold Coast” was too long.") == [("Ada Holm", "Cold Coast")]


def test_words_run_together_with_a_pronoun_are_no_name() -> None:
    assert quoted("I’ve said it before: “We sail at dawn.”") == [(None, "We sail at dawn.")]


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("“We sail,” said undecided voter Ada Holm, before the feast. “We always do.”", "Ada Holm"),
        ("“We sail,” said Ada Holm, using a word Bo Quay has used to describe the ferry. “We always do.”", "Ada Holm"),
        ("Ada Holm started the quarrel by saying that the ferry was “a wreck” and left.", "Ada Holm"),
        (
            "Ada Holm said the way the crews treat women who wait on the long quay in winter is “a shame” today.",
            "Ada Holm",
        ),
        ("Dr. Ada Holm: Bo Quay ‘Not Fit To Steer A Boat Of Any Size.’", "Ada Holm"),
        ("Ada Holm: ‘It Is Not A Bold Idea’ To Ask For A Cheaper Ferry", "Ada Holm"),
        ("Oscar-winner Ada Holm said it was “a shame”.", "Ada Holm"),
    ],
)
def test_the_speaker_is_whoever_the_main_clause_names(text: str, speaker: str) -> None:
    assert {name for name, _ in quoted(text)} == {speaker}


@pytest.mark.parametrize(
    "text",
    ["First Harbour Bank claims, dealers rarely pursue.", "Ada Holm brings her own reporting style to the quay."],
)
def test_a_noun_of_saying_says_nothing(text: str) -> None:
    assert quotations(text) == ()
