"""What stands between quotation marks, however they are typed, and whether it is anybody's speech."""

from __future__ import annotations

import pytest

from search.attribution import attribute
from search.attribution.marks import runs
from search.model import Article, Kind, Metadata, Paragraph


def inner(text: str) -> list[str]:
    return [text[run.inner : run.stop] for run in runs(text)]


def quoted(text: str) -> list[tuple[str | None, str]]:
    """The speaker of each quoted run of a paragraph that is taken for speech."""
    head = Metadata("a", title="", language="en")
    (quotations,) = attribute(Article(head, (Paragraph(head, 0, Kind.BODY, text),))).quotations
    return [(q.speaker, run.of(text)) for q in quotations for run in q.quoted]


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
