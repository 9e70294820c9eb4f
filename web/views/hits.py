"""A paragraph as a page shows it: who is heard in it and why, and what stands around it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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


def around(archive: Archive, paragraphs: Sequence[Paragraph]) -> dict[str, Around]:
    """What stands before and after each paragraph, by its id; a byline or a credit is no company."""
    wanted = [f"{p.article.id}#{number}" for p in paragraphs for number in (p.number - 1, p.number + 1) if number >= 0]
    found = dict(zip(wanted, archive.paragraphs(wanted), strict=True))

    def neighbour(of: Paragraph, number: int) -> Paragraph | None:
        one = found.get(f"{of.article.id}#{number}")
        return None if one is None or one.kind in (Kind.BYLINE, Kind.CREDIT) else one

    return {p.id: Around(neighbour(p, p.number - 1), neighbour(p, p.number + 1)) for p in paragraphs}
