"""Which words led to which topic, for a person who wants to know or to change a rule."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

import numpy as np

from search.analysis import tokens
from search.model import Article, Metadata, Topic
from search.topics.classifier import FIELDS, TITLE
from search.topics.cues import Found
from search.topics.desk import DeskFiles
from search.topics.metadata import HOW, meanings
from search.topics.rules import HOW as RULE
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
    (tagging,), reading = tagger.tag([article]), tagger.read([article])
    whole = tuple(Explained(topic, _of_article(tagger, article, reading, topic)) for topic in tagging.article)
    paragraphs = tuple(
        tuple(
            Explained(topic, _of_paragraph(tagger, paragraph.text, reading.found.in_text(number), topic))
            for topic in topics
            if topic.how == RULE
        )
        for number, (paragraph, topics) in enumerate(zip(article.paragraphs, tagging.paragraphs, strict=True), 1)
    )
    return Explanation(whole, paragraphs)


def _of_article(tagger: Tagger, article: Article, reading: Reading, topic: Topic) -> tuple[Reason, ...]:
    if topic.how == HOW:
        return _named(article.metadata, tagger, topic.code)
    column = FIELDS.index(topic.code)
    (counts,) = tagger.counts(reading)
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


def _of_paragraph(tagger: Tagger, text: str, found: Found, topic: Topic) -> tuple[Reason, ...]:
    alone = replace(found, texts=np.zeros_like(found.texts))
    ruled = tagger.rules.decide(alone, np.zeros((1, len(FIELDS)), np.bool_))
    codes = [tagger.rules.rules[rule].code for rule in ruled.rules.tolist()]
    by = ruled.by.of(ruled.topics == codes.index(topic.code))
    rule = int(ruled.rules[codes.index(topic.code)])
    return tuple(
        Reason(_words(text, start, length), 1, float(tagger.rules.worth(rule, cue)))
        for start, length, cue in sorted(zip(by.starts.tolist(), by.lengths.tolist(), by.cues.tolist(), strict=True))
    )


def _forms(article: Article, reading: Reading) -> dict[int, str]:
    """The form in which each cue stands most often."""
    seen: dict[int, Counter[str]] = {}
    texts = [(article.metadata.title, TITLE), *((paragraph.text, 1) for paragraph in article.paragraphs)]
    # A cue within a longer one may be one that the model weighs when the longer one is not.
    for found, counts in ((reading.found.longest(), True), (reading.found, False)):
        for cue, number, start, length in found.rows():
            text, times = texts[number]
            seen.setdefault(cue, Counter())[_words(text, start, length)] += times if counts else 0
    return {cue: forms.most_common(1)[0][0] for cue, forms in seen.items()}


def _words(text: str, start: int, length: int) -> str:
    stand = tokens(text)
    return text[stand[start].start : stand[start + length - 1].end].lower()
