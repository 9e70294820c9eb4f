"""Which words led to which topic, for a person who wants to know or to change a rule."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from search.analysis import tokens
from search.model import Article, Metadata, Topic
from search.topics.classifier import FIELDS, TITLE
from search.topics.cues import Found, longest
from search.topics.desk import DeskFiles
from search.topics.metadata import HOW, meanings
from search.topics.tagger import Reading, Tagger, tagger_of
from search.topics.taxonomy import taxonomy

WORDS = 10
"""Words that are named for each topic of an article."""


@dataclass(frozen=True, slots=True)
class Reason:
    """A word or phrase as it stands in the text, how often, and what it is worth.

    ``worth`` is in points for a rule; for the model it is the word's part in the sum that decides, above what it
    gives to the average field.
    """

    words: str
    count: int
    worth: float


@dataclass(frozen=True, slots=True)
class Explained:
    """A topic and what led to it, the weightiest first."""

    topic: Topic
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """The topics of an article, and of each of its paragraphs those that its own words led to."""

    article: tuple[Explained, ...]
    paragraphs: tuple[tuple[Explained, ...], ...]


def explain(article: Article, files: DeskFiles = DeskFiles()) -> Explanation:  # noqa: B008 - frozen
    """Say why an article has the topics that ``tag`` gives it. Raises TopicsFileError like it."""
    tagger = tagger_of(files)
    tagging, reading = tagger.tag(article), tagger.read(article)
    whole = tuple(Explained(topic, _of_article(tagger, article, reading, topic)) for topic in tagging.article)
    paragraphs = tuple(
        tuple(
            Explained(topic, _of_paragraph(tagger, paragraph.text, found, topic))
            for topic in topics
            if topic.how == "rule"
        )
        for paragraph, found, topics in zip(article.paragraphs, reading.paragraphs, tagging.paragraphs, strict=True)
    )
    return Explanation(whole, paragraphs)


def _of_article(tagger: Tagger, article: Article, reading: Reading, topic: Topic) -> tuple[Reason, ...]:
    if topic.how == HOW:
        return _named(article.metadata, tagger, topic.code)
    column = FIELDS.index(topic.code)
    counts = tagger.counts(reading)
    cues = list(counts)
    rows = tagger.weights[cues]
    worth = np.log1p(np.array(list(counts.values()))) * (rows[:, column] - rows.mean(axis=1))
    forms = _forms(article, reading)
    best = np.argsort(-worth, kind="stable")[:WORDS]
    return tuple(
        Reason(forms[cues[i]], counts[cues[i]], round(float(worth[i]), 2)) for i in best.tolist() if worth[i] > 0
    )


def _named(metadata: Metadata, tagger: Tagger, code: str) -> tuple[Reason, ...]:
    """The section, keywords and codes of the article that mean this topic, or one under it."""
    given = [*metadata.subjects, metadata.section, *metadata.keywords]
    found = []
    for name in filter(None, dict.fromkeys(given)):
        known = taxonomy().find(name) if name in metadata.subjects else None
        codes = [known] if known else meanings(name, tagger.desk.names)
        if any(code in (one, taxonomy().top(one)) for one in codes):
            found.append(Reason(name, 1, 1.0))
    return tuple(found)


def _of_paragraph(tagger: Tagger, text: str, found: Sequence[Found], topic: Topic) -> tuple[Reason, ...]:
    (ruled,) = [one for one in tagger.rules.decide(found) if one.code == topic.code]
    return tuple(
        Reason(_words(text, one), 1, float(tagger.rules.worth(ruled.code, one.cue)))
        for one in sorted(ruled.found, key=lambda one: one.start)
    )


def _forms(article: Article, reading: Reading) -> dict[int, str]:
    """The form in which each cue stands most often."""
    seen: dict[int, Counter[str]] = {}
    texts = [(article.metadata.title, reading.title, TITLE)]
    texts += [(p.text, found, 1) for p, found in zip(article.paragraphs, reading.paragraphs, strict=True)]
    for text, found, times in texts:
        for one in longest(found):
            seen.setdefault(one.cue, Counter())[_words(text, one)] += times
        for one in found:  # a cue within a longer one that the model does not weigh
            seen.setdefault(one.cue, Counter())[_words(text, one)] += 0
    return {cue: forms.most_common(1)[0][0] for cue, forms in seen.items()}


def _words(text: str, one: Found) -> str:
    stand = tokens(text)
    return text[stand[one.start].start : stand[one.start + one.length - 1].end].lower()
