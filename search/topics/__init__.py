"""What an article and each of its paragraphs is about, in IPTC Media Topics.

At this stage from what the article brings: its section, its keywords and its subject codes.
"""

from __future__ import annotations

from dataclasses import dataclass

from search.model import Article, Topic

TOP_LEVEL = {
    "medtop:01000000": "arts, culture, entertainment and media",
    "medtop:02000000": "crime, law and justice",
    "medtop:03000000": "disaster, accident and emergency incident",
    "medtop:04000000": "economy, business and finance",
    "medtop:05000000": "education",
    "medtop:06000000": "environment",
    "medtop:07000000": "health",
    "medtop:08000000": "human interest",
    "medtop:09000000": "labour",
    "medtop:10000000": "lifestyle and leisure",
    "medtop:11000000": "politics",
    "medtop:12000000": "religion",
    "medtop:13000000": "science and technology",
    "medtop:14000000": "society",
    "medtop:15000000": "sport",
    "medtop:16000000": "conflict, war and peace",
    "medtop:17000000": "weather",
}
"""The top level of IPTC Media Topics (International Press Telecommunications Council, CC BY 4.0)."""

_SECTIONS = {
    "medtop:01000000": "arts culture entertainment media music film books television theatre",
    "medtop:02000000": "crime law justice court courts police",
    "medtop:03000000": "disaster disasters accidents emergency",
    "medtop:04000000": "business economy finance money markets companies trade",
    "medtop:05000000": "education schools universities",
    "medtop:06000000": "environment climate nature wildlife",
    "medtop:07000000": "health medicine",
    "medtop:08000000": "people",
    "medtop:09000000": "labour labor jobs work",
    "medtop:10000000": "lifestyle travel food leisure fashion",
    "medtop:11000000": "politics elections government parliament diplomacy",
    "medtop:12000000": "religion faith",
    "medtop:13000000": "science technology tech",
    "medtop:14000000": "society community",
    "medtop:15000000": "sport sports football cricket tennis",
    "medtop:16000000": "conflict war defence military",
    "medtop:17000000": "weather",
}
_BY_WORD = {word: code for code, words in _SECTIONS.items() for word in words.split()}


@dataclass(frozen=True, slots=True)
class Tagging:
    """What ``tag`` found: topics of the article, and those of each of its paragraphs."""

    article: tuple[Topic, ...]
    paragraphs: tuple[tuple[Topic, ...], ...]


def tag(article: Article) -> Tagging:
    """Find the topics of a whole article and of each of its paragraphs."""
    meta = article.metadata
    named = [meta.section, *meta.keywords]
    codes = [code for code in meta.subjects if code in TOP_LEVEL]
    codes += [_BY_WORD[word] for text in named for word in text.lower().replace("/", " ").split() if word in _BY_WORD]
    topics = tuple(Topic(code, TOP_LEVEL[code], 0.9, "metadata") for code in dict.fromkeys(codes))
    return Tagging(topics, (topics,) * len(article.paragraphs))
