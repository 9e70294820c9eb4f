"""Who says what: quotations, their speakers, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass

from search.model import Article, Quotation, Speaker


@dataclass(frozen=True, slots=True)
class Attribution:
    """What ``attribute`` found, one entry for each paragraph of the article."""

    quotations: tuple[tuple[Quotation, ...], ...]
    speakers: tuple[tuple[Speaker, ...], ...]
    mentions: tuple[tuple[str, ...], ...]


def attribute(article: Article) -> Attribution:
    """Find the quotations of a whole article and who speaks in each paragraph."""
    nothing: tuple[tuple[()], ...] = ((),) * len(article.paragraphs)
    return Attribution(nothing, nothing, nothing)
