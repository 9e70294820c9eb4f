"""Who says what stands in a span of a paragraph, and whether that is who was asked for."""

from __future__ import annotations

from collections.abc import Sequence

from search.analysis import terms
from search.model import Paragraph, Span
from search.verify.verdict import SpeakerMatch


def speaker_of(
    paragraph: Paragraph, spans: Sequence[Span], asked: str | None
) -> tuple[str | None, float, SpeakerMatch]:
    """The speaker of the quotation that the spans lie in, how certain that is, and how it agrees with the name asked.

    Words outside any quotation are nobody's in particular: the paragraph's speaker is taken when it has one only.
    """
    name, certainty = _named(paragraph, spans)
    if not asked:
        return name, certainty, SpeakerMatch.NOT_ASKED
    if name is None:
        return name, certainty, SpeakerMatch.UNKNOWN
    return name, certainty, SpeakerMatch.SAME if same_name(asked, name) else SpeakerMatch.OTHER


def _named(paragraph: Paragraph, spans: Sequence[Span]) -> tuple[str | None, float]:
    shared: dict[str, int] = {}
    certainties: dict[str, float] = {}
    for quotation in paragraph.quotations:
        if quotation.speaker:
            there = sum(_overlap(part, span) for part in quotation.content for span in spans)
            if there:
                shared[quotation.speaker] = shared.get(quotation.speaker, 0) + there
                certainties[quotation.speaker] = max(certainties.get(quotation.speaker, 0.0), quotation.certainty)
    if shared:
        name = max(shared, key=lambda name: (shared[name], name))
        return name, certainties[name]
    if len(paragraph.speakers) == 1 and not paragraph.quotations:
        return paragraph.speakers[0].name, paragraph.speakers[0].certainty
    return None, 0.0


def _overlap(one: Span, other: Span) -> int:
    return max(0, min(one.end, other.end) - max(one.start, other.start))


def same_name(asked: str, known: str) -> bool:
    """Is one name the other, or a part of it that stands for it?

    >>> same_name("Kim", "Sung Kim"), same_name("Ambassador Sung Kim", "Sung Kim"), same_name("Jung Pak", "Sung Kim")
    (True, True, False)
    """
    mine, theirs = set(terms(asked)), set(terms(known))
    return bool(mine and theirs) and (mine <= theirs or theirs <= mine)
