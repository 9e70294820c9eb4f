"""A paragraph as a page shows it: who is heard in it and why, and what stands around it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from search import Archive
from search.model import Kind, Paragraph, Quotation, SpeakerType


@dataclass(frozen=True, slots=True)
class Heard:
    """A speaker of a paragraph with the reasons for the name, the surest first. ``doubtful`` is below one half."""

    name: str
    type: SpeakerType
    certainty: float
    reasons: tuple[str, ...]

    @property
    def doubtful(self) -> bool:
        return self.certainty < 0.5

    @property
    def why(self) -> str:
        return "; ".join(self.reasons)


def heard(paragraph: Paragraph) -> list[Heard]:
    """Everybody heard in a paragraph."""
    return [
        Heard(speaker.name, speaker.type, speaker.certainty, _reasons(paragraph.quotations, speaker.name))
        for speaker in paragraph.speakers
    ]


def _reasons(quotations: Iterable[Quotation], name: str) -> tuple[str, ...]:
    own = sorted((q for q in quotations if q.speaker == name), key=lambda q: -q.certainty)
    return tuple(dict.fromkeys(f"{q.kind.value} quotation: {q.why}" for q in own if q.why))


@dataclass(frozen=True, slots=True)
class Around:
    """The paragraphs before and after one, where there are any worth reading."""

    before: Paragraph | None
    after: Paragraph | None


def around(archive: Archive, paragraph: Paragraph) -> Around:
    """What stands before and after; a byline or a credit is no company."""

    def neighbour(number: int) -> Paragraph | None:
        found = archive.paragraph(f"{paragraph.article.id}#{number}") if number >= 0 else None
        return None if found is None or found.kind in (Kind.BYLINE, Kind.CREDIT) else found

    return Around(neighbour(paragraph.number - 1), neighbour(paragraph.number + 1))
