"""Who says what in an article: the way in."""

from __future__ import annotations

from dataclasses import dataclass

from search.attribution.lexicon import lexicon
from search.attribution.memory import Referent
from search.attribution.reading import Reading
from search.model import Article, Quotation, Speaker


@dataclass(frozen=True, slots=True)
class Attribution:
    """What ``attribute`` found, one entry for each paragraph of the article."""

    quotations: tuple[tuple[Quotation, ...], ...]
    speakers: tuple[tuple[Speaker, ...], ...]
    mentions: tuple[tuple[str, ...], ...]


def attribute(article: Article) -> Attribution:
    """Find the quotations of a whole article and who speaks in each paragraph."""
    words = lexicon(article.metadata.language[:2].lower())
    if words is None:
        nothing = ((),) * len(article.paragraphs)
        return Attribution(nothing, nothing, nothing)
    reading = Reading(article, words)
    reading.read()
    found = tuple(map(tuple, reading.quotations))
    speakers = tuple(map(_speakers, found, reading.also))
    mentions = tuple(
        tuple(name for name in names if all(name != speaker.name for speaker in there))
        for names, there in zip(reading.mentions, speakers, strict=True)
    )
    return Attribution(found, speakers, mentions)


def _speakers(quotations: tuple[Quotation, ...], also: list[Referent]) -> tuple[Speaker, ...]:
    best: dict[str, Speaker] = {}
    for quotation in quotations:
        if quotation.speaker and quotation.speaker_type:
            known = best.get(quotation.speaker)
            if known is None or known.certainty < quotation.certainty:
                best[quotation.speaker] = Speaker(quotation.speaker, quotation.speaker_type, quotation.certainty)
    for who in also:
        if who.name and who.type and who.name not in best:
            best[who.name] = Speaker(who.name, who.type, 0.8)
    return tuple(best.values())
