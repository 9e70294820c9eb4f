"""Put the register's names in the place of those that an article's own words led to."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from search.model import Article, Paragraph, Quotation, Speaker, SpeakerType
from search.speakers.register import FILE, Register

DOUBTFUL = 0.4
"""Certainty of a name that fits several entries: which of them speaks is not known."""


def settle(article: Article, register: Register) -> Article:
    """The article with its speakers and mentions under the names that the register gives them.

    A name that several entries share on the article's day stays as it is written, and doubtful.
    """
    if not register.entries:
        return article
    day = article.metadata.published
    return replace(article, paragraphs=tuple(_paragraph(paragraph, register, day) for paragraph in article.paragraphs))


def _paragraph(paragraph: Paragraph, register: Register, day: datetime | None) -> Paragraph:
    if not (paragraph.speakers or paragraph.mentions):
        return paragraph
    return replace(
        paragraph,
        quotations=tuple(_quotation(quotation, register, day) for quotation in paragraph.quotations),
        speakers=_merged([_speaker(speaker, register, day) for speaker in paragraph.speakers]),
        mentions=tuple(dict.fromkeys(_name(mention, register, day) for mention in paragraph.mentions)),
    )


def _speaker(speaker: Speaker, register: Register, day: datetime | None) -> Speaker:
    known = register.find(speaker.name, day)
    if known is None:
        return speaker
    if known.only is None:
        return replace(speaker, certainty=min(speaker.certainty, DOUBTFUL))
    written = [speaker.name] if speaker.type is not SpeakerType.UNNAMED else []
    others = dict.fromkeys(name for name in (*known.only.aliases, *written) if name != known.only.name)
    return Speaker(known.only.name, known.only.type, speaker.certainty, tuple(others))


def _quotation(quotation: Quotation, register: Register, day: datetime | None) -> Quotation:
    known = register.find(quotation.speaker, day) if quotation.speaker else None
    if known is None:
        return quotation
    if known.only is None:
        names = " or ".join(speaker.name for speaker in known.speakers)
        return replace(
            quotation,
            certainty=min(quotation.certainty, DOUBTFUL),
            why=f"{quotation.why}; {FILE} does not tell whether this is {names}",
        )
    if known.only.name == quotation.speaker:
        return quotation
    return replace(
        quotation,
        speaker=known.only.name,
        speaker_type=known.only.type,
        why=f"{quotation.why}; “{quotation.speaker}” is {known.only.name} in {FILE}",
    )


def _name(mention: str, register: Register, day: datetime | None) -> str:
    known = register.find(mention, day)
    return known.only.name if known and known.only else mention


def _merged(speakers: list[Speaker]) -> tuple[Speaker, ...]:
    """Each name once, as certain as its most certain mention."""
    best: dict[str, Speaker] = {}
    for speaker in speakers:
        known = best.get(speaker.name)
        if known is None:
            best[speaker.name] = speaker
        else:
            best[speaker.name] = replace(
                known,
                certainty=max(known.certainty, speaker.certainty),
                aliases=tuple(dict.fromkeys((*known.aliases, *speaker.aliases))),
            )
    return tuple(best.values())
