"""What comes out of a check: whether the words stand in the archive, where, and how they differ."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from search.model import Paragraph, Span


class Outcome(StrEnum):
    """How the best candidate stands to what was asked, from the best to the worst."""

    EXACT = "exact"
    NEAR = "near"
    OTHER_SPEAKER = "other_speaker"
    PARAPHRASE = "paraphrase"
    NOT_FOUND = "not_found"


class SpeakerMatch(StrEnum):
    """Is a candidate by the speaker that was asked for? ``unknown`` when the paragraph names nobody for it."""

    NOT_ASKED = "not_asked"
    SAME = "same"
    UNKNOWN = "unknown"
    OTHER = "other"


class Change(StrEnum):
    """What became of some words of the quotation.

    ``editors`` stands for the quotation's words in square brackets, ``omitted`` for its ellipsis; neither is a
    difference. ``missing`` words are in the quotation alone, ``added`` ones in the paragraph alone.
    """

    SAME = "same"
    REPLACED = "replaced"
    MISSING = "missing"
    ADDED = "added"
    EDITORS = "editors"
    OMITTED = "omitted"


@dataclass(frozen=True, slots=True)
class WordChange:
    """A run of words of the quotation beside the run of the paragraph that stands for it; either may be empty."""

    change: Change
    quotation: str
    paragraph: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A paragraph that may hold the quotation.

    ``outcome`` is that of this paragraph alone. ``spans`` are the parts of its text that stand for the quotation,
    one for each of its pieces. ``similarity`` runs from 0 to 1: twice the words in common, by the words of both
    sides; 1 means word for word. ``speaker`` is who says it there, None when nobody is named.
    """

    paragraph: Paragraph
    outcome: Outcome
    similarity: float
    spans: tuple[Span, ...]
    changes: tuple[WordChange, ...]
    speaker: str | None
    certainty: float
    speaker_match: SpeakerMatch


@dataclass(frozen=True, slots=True)
class Searched:
    """What was looked through: how much the archive holds and the days that it spans, and how many
    paragraphs were compared with the quotation word by word."""

    articles: int
    paragraphs: int
    first: date | None
    last: date | None
    compared: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer to “did they say it?”; ``candidates`` best first, none when nothing comes near."""

    quotation: str
    speaker: str | None
    outcome: Outcome
    candidates: tuple[Candidate, ...]
    searched: Searched
    generation: int
    took_ms: float

    @property
    def found(self) -> bool:
        """Do these words stand in the archive, exactly or nearly, whoever said them?"""
        return self.outcome in (Outcome.EXACT, Outcome.NEAR, Outcome.OTHER_SPEAKER)

    @property
    def explanation(self) -> str:
        """The verdict in a sentence or two, for a person."""
        if not self.candidates:
            return f"These words, or words near them, stand in none of the {self.searched.paragraphs:,} paragraphs."
        return " ".join(filter(None, [_SAID[self.outcome], _by(self.candidates[0], self.speaker)]))


_SAID = {
    Outcome.EXACT: "The words stand in the archive, word for word.",
    Outcome.NEAR: "Nearly these words stand in the archive; the differences are marked.",
    Outcome.OTHER_SPEAKER: "The words stand in the archive, but somebody else is named as saying them.",
    Outcome.PARAPHRASE: "The words do not stand in the archive; a paragraph says something like it.",
    Outcome.NOT_FOUND: "",
}


def _by(best: Candidate, asked: str | None) -> str:
    if best.outcome is Outcome.PARAPHRASE:
        return ""
    if best.speaker_match is SpeakerMatch.UNKNOWN:
        return f"Nobody is named as saying them there, so this does not show that {asked} did."
    return f"There they are said by {best.speaker} ({best.certainty:.0%} sure)." if best.speaker else ""
