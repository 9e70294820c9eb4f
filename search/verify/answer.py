"""A verdict as plain values, for the command line and the API alike. Keys may be added, never changed."""

from __future__ import annotations

from typing import TypedDict

from search.answers import of_paragraph, of_span
from search.shapes import ParagraphJson, SpanJson
from search.verify.verdict import Candidate, Verdict, WordChange


class ChangeJson(TypedDict):
    """A run of words of the quotation beside what stands for it in the paragraph; either may be empty."""

    change: str
    quotation: str
    paragraph: str


class CandidateJson(TypedDict):
    """A paragraph that may hold the quotation. ``similarity`` and ``certainty`` run from 0 to 1."""

    outcome: str
    similarity: float
    speaker: str | None
    certainty: float
    speaker_match: str
    spans: list[SpanJson]
    changes: list[ChangeJson]
    paragraph: ParagraphJson


class SearchedJson(TypedDict):
    """How much was looked through, and how many paragraphs were compared word by word."""

    articles: int
    paragraphs: int
    first: str | None
    last: str | None
    compared: int


class VerdictJson(TypedDict):
    """Whether a quotation stands in the archive; candidates best first."""

    quotation: str
    speaker: str | None
    outcome: str
    found: bool
    explanation: str
    candidates: list[CandidateJson]
    searched: SearchedJson
    generation: int
    took_ms: float


def of_verdict(verdict: Verdict) -> VerdictJson:
    searched = verdict.searched
    return {
        "quotation": verdict.quotation,
        "speaker": verdict.speaker,
        "outcome": verdict.outcome.value,
        "found": verdict.found,
        "explanation": verdict.explanation,
        "candidates": [of_candidate(candidate) for candidate in verdict.candidates],
        "searched": {
            "articles": searched.articles,
            "paragraphs": searched.paragraphs,
            "first": searched.first.isoformat() if searched.first else None,
            "last": searched.last.isoformat() if searched.last else None,
            "compared": searched.compared,
        },
        "generation": verdict.generation,
        "took_ms": round(verdict.took_ms, 3),
    }


def of_candidate(candidate: Candidate) -> CandidateJson:
    return {
        "outcome": candidate.outcome.value,
        "similarity": candidate.similarity,
        "speaker": candidate.speaker,
        "certainty": candidate.certainty,
        "speaker_match": candidate.speaker_match.value,
        "spans": [of_span(span) for span in candidate.spans],
        "changes": [of_change(change) for change in candidate.changes],
        "paragraph": of_paragraph(candidate.paragraph),
    }


def of_change(change: WordChange) -> ChangeJson:
    return {"change": change.change.value, "quotation": change.quotation, "paragraph": change.paragraph}
