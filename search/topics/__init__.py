"""What an article and each of its paragraphs is about, in IPTC Media Topics."""

from __future__ import annotations

from dataclasses import dataclass

from search.model import Article, Topic


@dataclass(frozen=True, slots=True)
class Tagging:
    """What ``tag`` found: topics of the article, and those of each of its paragraphs."""

    article: tuple[Topic, ...]
    paragraphs: tuple[tuple[Topic, ...], ...]


def tag(article: Article) -> Tagging:
    """Find the topics of a whole article and of each of its paragraphs."""
    return Tagging((), ((),) * len(article.paragraphs))
