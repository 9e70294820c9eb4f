"""Fitting the weights of a log-linear model to labelled articles, starting from weights that are there already."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from search.topics.classifier import FIELDS, LEAST

Array = np.ndarray[Any, np.dtype[np.float64]]
Ints = np.ndarray[Any, np.dtype[np.int64]]

_RATE = 0.05


@dataclass(frozen=True, slots=True)
class Counted:
    """Many articles as numbers: of article ``articles[i]`` the cue ``cues[i]`` has the value ``values[i]``.

    Sorted by article; every article has at least the cue 0, with value 0, so that none is empty.
    """

    size: int
    articles: Ints
    cues: Ints
    values: Array

    @classmethod
    def of(cls, counts: Sequence[Mapping[int, int]]) -> Counted:
        padded = [{0: 0, **count} for count in counts]
        lengths = [len(count) for count in padded]
        return cls(
            len(padded),
            np.repeat(np.arange(len(padded)), lengths),
            np.fromiter((cue for count in padded for cue in count), np.int64, sum(lengths)),
            np.log1p(np.fromiter((n for count in padded for n in count.values()), np.float64, sum(lengths))),
        )

    def scaled(self, sharpness: float, growth: float) -> Counted:
        """The same with values such that their sums are what the softmax of a model with these numbers sees."""
        factors = sharpness / self.evidence() ** growth
        return replace(self, values=self.values * factors[self.articles])

    def sums(self, weights: Array) -> Array:
        """One row an article: its values times the weights of their cues, added up."""
        starts = np.searchsorted(self.articles, np.arange(self.size))
        added: Array = np.add.reduceat(self.values[:, None] * weights[self.cues], starts, axis=0)
        return added

    def evidence(self) -> Array:
        """The sum of the values of each article, at least LEAST."""
        added: Array = np.maximum(np.bincount(self.articles, self.values, self.size), LEAST)
        return added


def fit(
    counted: Counted, gold: Array, start: Array, penalty: float, *, among_all: bool = False, steps: int = 150
) -> tuple[Array, Array]:
    """How far to move from the weights in ``start``, and the bias, to tell these articles' fields.

    gold: one row an article, 1 for each field that is right; several mean that either is. Fields that are nobody's
    are left out of the choice, so that they are not unlearnt for want of examples, unless ``among_all``. penalty:
    half of it times the square of every movement is added to the loss, the negative log likelihood. The gradient is
    followed by Adam (Kingma and Ba 2015), all articles in each step, so the outcome is the same every time.
    """
    taught = np.arange(len(FIELDS)) if among_all else np.flatnonzero(gold.any(axis=0))
    base, right = counted.sums(start)[:, taught], gold[:, taught]
    present, cues = np.unique(counted.cues, return_inverse=True)
    counted = replace(counted, cues=cues)  # only weights that some article has can move
    order = np.argsort(cues, kind="stable")
    firsts = np.searchsorted(cues[order], np.arange(len(present)))
    values = counted.values[order, None]
    articles = counted.articles[order]
    moved, bias = np.zeros((len(present), len(taught))), np.zeros(len(taught))
    optimisers = _Adam(moved), _Adam(bias)
    for _ in range(steps):
        likely = softmax(base + counted.sums(moved) + bias)
        meant = likely * right
        error = likely - meant / np.maximum(meant.sum(axis=1, keepdims=True), 1e-12)
        slope = penalty * moved + np.add.reduceat(values * error[articles], firsts, axis=0)
        optimisers[0].step(slope)
        optimisers[1].step(error.sum(axis=0))
    all_moved, all_bias = np.zeros_like(start), np.zeros(len(FIELDS))
    all_moved[np.ix_(present, taught)] = moved
    all_bias[taught] = bias - bias.mean()
    return all_moved, all_bias


class _Adam:
    def __init__(self, value: Array) -> None:
        self.value = value
        self.first, self.second, self.steps = np.zeros_like(value), np.zeros_like(value), 0

    def step(self, slope: Array) -> None:
        self.steps += 1
        self.first = 0.9 * self.first + 0.1 * slope
        self.second = 0.99 * self.second + 0.01 * slope * slope
        mean, spread = self.first / (1 - 0.9**self.steps), self.second / (1 - 0.99**self.steps)
        self.value -= _RATE * mean / (np.sqrt(spread) + 1e-8)


def softmax(sums: Array) -> Array:
    grown = np.exp(sums - sums.max(axis=1, keepdims=True))
    likely: Array = grown / grown.sum(axis=1, keepdims=True)
    return likely


def right_share(likely: Array, gold: Array) -> float:
    """The share of articles whose likeliest field is (one of) the gold's."""
    return float(gold[np.arange(len(gold)), likely.argmax(axis=1)].mean())


def common(counts: Sequence[Mapping[str, int]], least: int) -> list[str]:
    """The words that stand in at least so many of the articles, in order."""
    having: Counter[str] = Counter()
    for count in counts:
        having.update(count.keys())
    return sorted(word for word, n in having.items() if n >= least)
