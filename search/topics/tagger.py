"""Everything that finds topics, put together: metadata, model and rules, over one pass of each paragraph."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from search.analysis import terms
from search.model import Article, Kind, Topic
from search.topics.classifier import FIELDS, TITLE, Floats, Model, probabilities, shipped
from search.topics.cues import Cues, Found, Key, longest
from search.topics.desk import Desk, DeskFiles, read_desk
from search.topics.metadata import named_topics
from search.topics.rules import Rules
from search.topics.taxonomy import taxonomy

FLOOR = 0.25
"""The certainty below which the model's first choice is not given; its figures are in docs/topics.md."""
ALSO = 0.3
"""The certainty from which a second field is given beside the first."""
NAMED = 3.0
"""What is added to the sums of the fields that the article's own metadata names, before others are considered."""
FEWEST = 2
"""Words of which the model must know something; one alone may mean anything."""
STRANGE = 0.03
"""Where the model gives an article's field less than this, the rules of that field need more."""
_WORDLESS = {Kind.BYLINE, Kind.CREDIT}


@dataclass(frozen=True, slots=True)
class Tagging:
    """What ``tag`` found: topics of the article, and those of each of its paragraphs."""

    article: tuple[Topic, ...]
    paragraphs: tuple[tuple[Topic, ...], ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """An article as the cues that stand in it: ``title`` and one list for each paragraph."""

    title: Sequence[Found]
    paragraphs: tuple[Sequence[Found], ...]


class Tagger:
    """Finds topics as one newsroom has settled them."""

    def __init__(self, desk: Desk, model: Model) -> None:
        self.desk = desk
        self.model = model
        self.floor = FLOOR if desk.floor is None else desk.floor
        models = [model] if desk.model is None else [model, desk.model]
        ruled: Iterable[Key] = (key for rule in desk.rules.values() for key in (*rule.points, *rule.never))
        numbers: dict[Key, int] = {}
        for key in (*(key for each in models for key in each.keys), *ruled):
            numbers.setdefault(key, len(numbers))
        self.cues = Cues(numbers)
        self.rules = Rules(desk.rules.values(), numbers)
        self.weights, self.bias = _together(models, numbers)
        self.sharpness = models[-1].sharpness, models[-1].growth
        self._weighing: list[bool] = np.any(self.weights, axis=1).tolist()

    def tag(self, article: Article) -> Tagging:
        """The topics of an article and of each of its paragraphs."""
        named = named_topics(article.metadata, self.desk.names)
        if not article.metadata.language.lower().startswith("en"):  # the words are English ones
            return Tagging(named, (_top(named),) * len(article.paragraphs))
        reading = self.read(article)
        likely = self.likely(reading, named)
        topics = self._of_article(likely, named)
        strange = self.strange(likely, topics)
        top = _top(topics)
        return Tagging(topics, tuple((*top, *self._of_paragraph(found, strange)) for found in reading.paragraphs))

    def read(self, article: Article) -> Reading:
        """Every cue of the title and of the paragraphs; of bylines and credits none."""
        scan = self.cues.scan
        return Reading(
            scan(terms(article.metadata.title)),
            tuple([] if p.kind in _WORDLESS else scan(terms(p.text)) for p in article.paragraphs),
        )

    def counts(self, reading: Reading) -> Counter[int]:
        """How often each cue that the model weighs stands in an article; the title's count more."""
        counts: Counter[int] = Counter()
        weighing = self._weighing
        for found in reading.paragraphs:
            counts.update([one.cue for one in longest([one for one in found if weighing[one.cue]])])
        for one in longest([one for one in reading.title if weighing[one.cue]]):
            counts[one.cue] += TITLE
        return counts

    def likely(self, reading: Reading, named: Sequence[Topic] = ()) -> Floats | None:
        """How likely each field of the top level is; None where fewer than FEWEST words speak for any."""
        counts = self.counts(reading)
        if len(counts) < FEWEST:
            return None
        prior = np.zeros(len(FIELDS), np.float32)
        prior[[FIELDS.index(topic.code) for topic in named if topic.code in FIELDS]] = NAMED
        cues = np.fromiter(counts, np.intp, len(counts))
        times = np.fromiter(counts.values(), np.float32, len(counts))
        return probabilities(self.weights.take(cues, axis=0), times, self.bias, *self.sharpness, prior)

    def strange(self, likely: Floats | None, topics: Sequence[Topic]) -> frozenset[str]:
        """The fields that the article is hardly about."""
        if likely is None:
            return frozenset(FIELDS)
        own = {topic.code for topic in topics}
        return frozenset(code for code, p in zip(FIELDS, likely, strict=True) if p < STRANGE and code not in own)

    def _of_article(self, likely: Floats | None, named: tuple[Topic, ...]) -> tuple[Topic, ...]:
        if likely is None:
            return named
        order = np.argsort(-likely, kind="stable").tolist()
        best = [order[0]] if likely[order[0]] >= self.floor else []
        chosen = best + [i for i in order[1:] if likely[i] >= max(ALSO, self.floor)]
        known = {topic.code for topic in named}
        found = [
            Topic(FIELDS[i], taxonomy().label(FIELDS[i]), round(float(likely[i]), 2), "model")
            for i in chosen
            if FIELDS[i] not in known
        ]
        return (*named, *found)

    def _of_paragraph(self, found: Sequence[Found], strange: frozenset[str]) -> list[Topic]:
        decided = self.rules.decide(found, strange)
        return [Topic(one.code, taxonomy().label(one.code), one.certainty, "rule") for one in decided]


def _together(models: Sequence[Model], numbers: dict[Key, int]) -> tuple[Floats, Floats]:
    """The weights of several models added up, one row for each cue there is."""
    weights = np.zeros((len(numbers), len(FIELDS)), np.float32)
    for model in models:
        weights[[numbers[key] for key in model.keys]] += model.weights
    return weights, np.sum([model.bias for model in models], axis=0, dtype=np.float32)


def _top(topics: Iterable[Topic]) -> tuple[Topic, ...]:
    return tuple(topic for topic in topics if topic.code in FIELDS)


@lru_cache(4)
def tagger_of(files: DeskFiles) -> Tagger:
    """The tagger for these files, made once in each process. Raises TopicsFileError."""
    return Tagger(read_desk(files), shipped())
