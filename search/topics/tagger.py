"""Everything that finds topics, put together: metadata, model and rules, over one pass of each paragraph."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np

from search.model import Article, Kind, Topic
from search.topics.classifier import FIELDS, TITLE, Floats, Model, probabilities, shipped
from search.topics.cues import Cues, Found, Ints, Key
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
_LONGEST = 255
"""Words of a cue, at most, that are told apart by length."""
_WORDLESS = {Kind.BYLINE, Kind.CREDIT}


@dataclass(frozen=True, slots=True)
class Tagging:
    """What ``tag`` found: topics of the article, and those of each of its paragraphs."""

    article: tuple[Topic, ...]
    paragraphs: tuple[tuple[Topic, ...], ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """Articles as the cues that stand in them: of each the title is a text, and then each of its paragraphs.

    firsts: the number of each article's first text, and how many there are in all.
    """

    found: Found
    firsts: Ints


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
        self._weighing = np.any(self.weights, axis=1)
        self._topics: dict[tuple[int, int], Topic] = {}

    def tag(self, articles: Sequence[Article]) -> list[Tagging]:
        """The topics of each of some articles and of their paragraphs; little more work for many than for one."""
        named = [named_topics(article.metadata, self.desk.names) for article in articles]
        english = [i for i, article in enumerate(articles) if article.metadata.language.lower().startswith("en")]
        tagged = self._tag([articles[i] for i in english], [named[i] for i in english])
        found = dict(zip(english, tagged, strict=True))
        # The words are English ones.
        others = (Tagging(own, (_top(own),) * len(one.paragraphs)) for one, own in zip(articles, named, strict=True))
        return [found.get(i) or other for i, other in enumerate(others)]

    def _tag(self, articles: Sequence[Article], named: Sequence[tuple[Topic, ...]]) -> list[Tagging]:
        reading = self.read(articles)
        likely = list(map(self.likely, self.counts(reading), named))
        topics = list(map(self._of_article, likely, named))
        strange = np.array(list(map(self._strange, likely, topics)), np.bool_).reshape(-1, len(FIELDS))
        sizes = np.diff(reading.firsts)
        found = reading.found.of(np.flatnonzero(~np.isin(reading.found.texts, reading.firsts)))  # not in titles
        ruled = self.rules.decide(found, np.repeat(strange, sizes, axis=0))
        listed = list(map(self._ruled, ruled.rules.tolist(), ruled.points.tolist()))
        bounds = ruled.texts.searchsorted(np.arange(int(reading.firsts[-1]) + 1)).tolist()
        own = [tuple(listed[start:end]) for start, end in pairwise(bounds)]
        tagged = []
        for first, last, its in zip(reading.firsts[:-1].tolist(), reading.firsts[1:].tolist(), topics, strict=True):
            top = _top(its)
            tagged.append(Tagging(its, tuple(top + one for one in own[first + 1 : last])))
        return tagged

    def read(self, articles: Sequence[Article]) -> Reading:
        """Every cue of the titles and of the paragraphs; of bylines and credits none."""
        texts = []
        for article in articles:
            texts.append(article.metadata.title)
            texts += ["" if one.kind in _WORDLESS else one.text for one in article.paragraphs]
        sizes = [len(article.paragraphs) + 1 for article in articles]
        return Reading(self.cues.find(texts), np.cumsum([0, *sizes]))

    def counts(self, reading: Reading) -> list[dict[int, int]]:
        """How often each cue that the model weighs stands in each article; the title's count more."""
        found = reading.found.of(np.flatnonzero(self._weighing.take(reading.found.cues))).longest()
        articles = reading.firsts.searchsorted(found.texts, "right") - 1
        title = found.texts == reading.firsts.take(articles)
        # Sums of floats depend on the order: by paragraph, the longest cues of it first, and the title at the end.
        texts = np.where(title, 2 * reading.firsts.take(articles + 1) - 1, 2 * found.texts)
        order = np.argsort((texts << 40) + (_LONGEST - found.lengths << 32) + found.starts, kind="stable")
        pairs = (articles * len(self.cues) + found.cues)[order]
        known, first, which = np.unique(pairs, return_index=True, return_inverse=True)
        times = np.bincount(which, np.where(title, TITLE, 1)[order], len(known)).astype(np.int64)
        known, times = known[np.argsort(first)], times[np.argsort(first)]
        bounds = (known // len(self.cues)).searchsorted(np.arange(len(reading.firsts))).tolist()
        cues, counted = (known % len(self.cues)).tolist(), times.tolist()
        return [dict(zip(cues[start:end], counted[start:end], strict=True)) for start, end in pairwise(bounds)]

    def likely(self, counts: Mapping[int, int], named: Sequence[Topic] = ()) -> Floats | None:
        """How likely each field of the top level is; None where fewer than FEWEST words speak for any."""
        if len(counts) < FEWEST:
            return None
        prior = np.zeros(len(FIELDS), np.float32)
        prior[[FIELDS.index(topic.code) for topic in named if topic.code in FIELDS]] = NAMED
        cues = np.fromiter(counts, np.intp, len(counts))
        times = np.fromiter(counts.values(), np.float32, len(counts))
        return probabilities(self.weights.take(cues, axis=0), times, self.bias, *self.sharpness, prior)

    def _strange(self, likely: Floats | None, topics: Sequence[Topic]) -> list[bool]:
        """Of each field, whether the article is hardly about it."""
        if likely is None:
            return [True] * len(FIELDS)
        own = {topic.code for topic in topics}
        hardly = (likely < STRANGE).tolist()
        return [little and code not in own for code, little in zip(FIELDS, hardly, strict=True)]

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

    def _ruled(self, rule: int, points: int) -> Topic:
        """The topic of a rule; there are few, and the same one serves every paragraph."""
        if (rule, points) not in self._topics:
            self._topics[rule, points] = self.rules.topic(rule, points)
        return self._topics[rule, points]


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
