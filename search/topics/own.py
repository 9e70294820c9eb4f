"""A model of one archive's own, learnt from the sections of its articles.

It does not stand alone: it is what has to be added to the weights that come with the package, so a subject that no
section names is still known by those.
"""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import numpy as np

from search.analysis import stem, terms
from search.errors import TopicsFileError
from search.model import Article
from search.topics.classifier import FIELDS, TITLE, Model, shipped
from search.topics.cues import Key
from search.topics.desk import DeskFiles, read_desk
from search.topics.fitting import Array, Counted, common, fit, right_share, softmax
from search.topics.metadata import meanings
from search.topics.tagger import Tagger
from search.topics.taxonomy import taxonomy

FEWEST = 10
"""Articles that a section must have to be learnt from."""
MOST = 300
"""Articles of one section that are looked at; more teach little."""
FOLDS = 5
_PENALTY, _SCALE, _STEPS = 0.1, 3.0, 60
"""Found on the dev side of the BBC set, by cross-validation."""
_RAREST = 3
_GROWTH = 0.7
_SHARPNESSES = (1.0, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0)


@dataclass(frozen=True, slots=True)
class Trial:
    """What training on some articles came to.

    classes: code, label and articles of each field that was learnt. unknown: sections that mean no topic, or have
    too few articles, with their number. before, after: the share of the articles whose likeliest topic is their
    section's, without the model and, by cross-validation, with it.
    """

    articles: int
    classes: tuple[tuple[str, str, int], ...]
    unknown: tuple[tuple[str, int], ...]
    before: float
    after: float
    model: Model

    def write(self, target: Path) -> None:
        """Put the model in place, all at once. Raises TopicsFileError when it cannot be written."""
        beside = target.with_name(target.name + ".new")
        try:
            beside.write_bytes(self.model.to_bytes())
            os.replace(beside, target)
        except OSError as error:
            raise TopicsFileError(
                f"{target} cannot be written: {error.strerror}. Give another place by --output."
            ) from error


def learn(articles: Iterable[Article], files: DeskFiles = DeskFiles()) -> Trial:  # noqa: B008 - frozen
    """Train on articles whose section means a topic, and measure how much it helps.

    files: the newsroom's table, by which sections are understood; a model that may be there is left out.
    Raises TopicsFileError when fewer than two fields have at least FEWEST articles.
    """
    desk = read_desk(DeskFiles(files.tables))
    by_field: dict[str, list[Article]] = defaultdict(list)
    unknown: Counter[str] = Counter()
    for article in articles:
        section = article.metadata.section
        codes = meanings(section, desk.names)
        if codes:
            by_field[taxonomy().top(codes[0])].append(article)
        elif section:
            unknown[section] += 1
    taught = {code: _some(its) for code, its in sorted(by_field.items()) if len(its) >= FEWEST}
    if len(taught) < 2:
        raise TopicsFileError(
            f"There must be two sections or more with {FEWEST} articles each whose meaning is known, and there are "
            f"{len(taught)}. Say in topics.toml, under [sections], what your sections mean."
        )
    classes = tuple((code, taxonomy().label(code), len(its)) for code, its in taught.items())
    chosen = [(article, FIELDS.index(code)) for code, its in taught.items() for article in its]
    return _trial(Tagger(desk, shipped()), chosen, classes, tuple(unknown.most_common(10)))


def _some(articles: list[Article]) -> list[Article]:
    """At most MOST of the articles, the same each time, in an order that has nothing to do with theirs."""
    ordered = sorted(articles, key=lambda article: article.id)
    Random(2026).shuffle(ordered)  # noqa: S311 - a draw, not a secret
    return ordered[:MOST]


def _trial(
    tagger: Tagger, chosen: Sequence[tuple[Article, int]], classes: tuple[tuple[str, str, int], ...],
    unknown: tuple[tuple[str, int], ...],
) -> Trial:  # fmt: skip
    gold = np.zeros((len(chosen), len(FIELDS)))
    gold[np.arange(len(chosen)), [column for _, column in chosen]] = 1
    keys, counts = _count(tagger, [article for article, _ in chosen])
    start = np.zeros((len(keys), len(FIELDS)))
    start[: len(tagger.cues)] = tagger.weights
    folds = np.arange(len(chosen)) % FOLDS
    sums = np.zeros_like(gold)
    for fold in range(FOLDS):
        rest, tried = np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)
        moved, bias = _fit(Counted.of([counts[i] for i in rest]), gold[rest], start)
        sums[tried] = Counted.of([counts[i] for i in tried]).sums(start + moved) + bias + tagger.bias
    counted = Counted.of(counts)
    sharpness = _sharpness(sums, counted.evidence(), gold)
    moved, bias = _fit(counted, gold, start)
    kept = np.flatnonzero(np.abs(moved).max(axis=1) > 1e-3)
    model = Model(
        tuple(keys[i] for i in kept.tolist()),
        moved[kept].astype(np.float32),
        bias.astype(np.float32),
        sharpness,
        _GROWTH,
        {"articles": len(chosen), "classes": [code for code, _, _ in classes]},
    )
    before = right_share(counted.sums(start) + tagger.bias, gold)
    return Trial(len(chosen), classes, unknown, before, right_share(sums, gold), model)


def _fit(counted: Counted, gold: Array, start: Array) -> tuple[Array, Array]:
    return fit(counted.scaled(_SCALE, _GROWTH), gold, start, _PENALTY, among_all=True, steps=_STEPS)


def _count(tagger: Tagger, articles: Sequence[Article]) -> tuple[list[Key], list[Mapping[int, int]]]:
    """Cues of the package first, then the archive's own words; and how often each stands in each article."""
    known = {key[0].removeprefix("=") for key in tagger.cues.keys if len(key) == 1}
    words = [_words(article) for article in articles]
    learnt = [w for w in common(words, _RAREST) if w not in known and w.isalpha() and len(w) > 2]
    keys = [*tagger.cues.keys, *((word,) for word in learnt)]
    number = {word: len(tagger.cues) + i for i, word in enumerate(learnt)}
    counts: list[Mapping[int, int]] = []
    for its, told in zip(words, tagger.counts(tagger.read(articles)), strict=True):
        own = {number[word]: n for word, n in its.items() if word in number}
        counts.append({**told, **own})
    return keys, counts


def _words(article: Article) -> Counter[str]:
    counts: Counter[str] = Counter()
    for paragraph in article.paragraphs:
        counts.update(map(stem, terms(paragraph.text)))
    for term in terms(article.metadata.title):
        counts[stem(term)] += TITLE
    return counts


def _sharpness(sums: Array, evidence: Array, gold: Array) -> float:
    """The sharpness under which the fields of articles not trained on are likeliest."""

    def surprise(sharpness: float) -> float:
        likely = softmax(sums * (sharpness / evidence**_GROWTH)[:, None])
        return float(-np.log(np.maximum((likely * gold).sum(axis=1), 1e-9)).sum())

    return min(_SHARPNESSES, key=surprise)
