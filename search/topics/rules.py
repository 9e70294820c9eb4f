"""The finer topics of a paragraph, by rules that people can read and change: see ``rules.toml``."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from search.errors import TopicsFileError
from search.model import Topic
from search.ranges import ranges
from search.topics.classifier import FIELDS
from search.topics.cues import Found, Ints, Key, Mask, key_of, longest
from search.topics.taxonomy import PREFIX, taxonomy

POINTS = {"sure": 2, "hint": 1}
NEEDS = 2
STRANGE = 1
"""How many more points a rule needs in an article that is hardly about the rule's field."""
HOW = "rule"
_CERTAINTY = (0.0, 0.6, 0.9, 0.94, 0.96, 0.97)
"""By points, from 0 on; measured, see docs/topics.md."""


@dataclass(frozen=True, slots=True)
class Rule:
    """When a paragraph is about ``code``: the points of its cues, each counted once, reach ``needs``.

    Where one of ``never`` stands in the paragraph, the rule says nothing.
    """

    code: str
    points: Mapping[Key, int]
    never: Collection[Key] = ()
    needs: int = NEEDS


@dataclass(frozen=True, slots=True)
class Ruled:
    """Topics that rules found in some texts, as columns, text by text and in each the most certain first.

    by: the cues that met, each where it stands first, and of which of the topics.
    """

    texts: Ints
    rules: Ints
    points: Ints
    by: Found
    topics: Ints


def read_rules(table: Mapping[str, Any], file: str) -> dict[str, Rule]:
    """The rules of a table, by code. Raises TopicsFileError, which names the file and the rule.

    >>> read_rules({"20000639": {"sure": "envoy, ambassador", "hint": "talks"}}, "rules.toml")["medtop:20000639"].needs
    2
    """
    return {PREFIX + number: _rule(number, entry, file) for number, entry in table.items()}


def _rule(number: str, entry: Any, file: str) -> Rule:
    where = f"{file}, rule {number}"
    if PREFIX + number not in taxonomy():
        raise TopicsFileError(f"{where}: there is no such code in IPTC Media Topics; give its eight digits.")
    if not isinstance(entry, Mapping):
        raise TopicsFileError(f"{where}: must be a table with “sure”, “hint”, “never” and “needs”.")
    unknown = sorted(entry.keys() - {*POINTS, "never", "needs"})
    if unknown:
        raise TopicsFileError(f"{where}: “{unknown[0]}” is not known; known are sure, hint, never and needs.")
    needs = entry.get("needs", NEEDS)
    if not isinstance(needs, int) or isinstance(needs, bool) or needs < 1:
        raise TopicsFileError(f"{where}: “needs” must be a whole number from 1 on.")
    points: dict[Key, int] = {}
    for name, worth in POINTS.items():
        for key in read_cues(entry.get(name, ""), f"{where}, “{name}”"):
            points[key] = max(worth, points.get(key, 0))
    return Rule(PREFIX + number, points, frozenset(read_cues(entry.get("never", ""), f"{where}, “never”")), needs)


def read_cues(text: Any, where: str) -> list[Key]:
    """Cues between commas. Raises TopicsFileError for anything but a text, and for a cue without a word in it."""
    if not isinstance(text, str):
        raise TopicsFileError(f"{where}: must be words and phrases with commas between, in one text.")
    keys = []
    for cue in text.split(","):
        key = key_of(cue.strip())
        if cue.strip() and not key:
            raise TopicsFileError(f"{where}: “{cue.strip()}” has no word in it.")
        if key:
            keys.append(key)
    return keys


class Rules:
    """Rules compiled for one numbering of the cues. They are numbered in the order of their codes."""

    def __init__(self, rules: Iterable[Rule], numbers: Mapping[Key, int]) -> None:
        self.rules = sorted(rules, key=lambda rule: rule.code)
        self._needs = np.array([rule.needs for rule in self.rules], np.int64)
        self._fields = np.array([FIELDS.index(taxonomy().top(rule.code)) for rule in self.rules], np.int64)
        self._points = _Table(
            [(numbers[key], i, points) for i, rule in enumerate(self.rules) for key, points in rule.points.items()],
            len(numbers),
        )
        self._never = _Table(
            [(numbers[key], i, 0) for i, rule in enumerate(self.rules) for key in rule.never], len(numbers)
        )

    def topic(self, rule: int, points: int) -> Topic:
        """The topic that a rule finds with so many points."""
        code = self.rules[rule].code
        return Topic(code, taxonomy().label(code), _CERTAINTY[min(points, len(_CERTAINTY) - 1)], HOW)

    def decide(self, found: Found, strange: Mask) -> Ruled:
        """The topics of texts in which these cues stand.

        strange: a row for each text, and there a column for each field: whether the text is of an article that is
        hardly about it, and more must meet.
        """
        size = len(self.rules)
        which, rules, points = self._points.of(found.cues)
        pairs = found.texts.take(which) * size + rules
        needs = self._needs.take(rules) + STRANGE * strange[found.texts.take(which), self._fields.take(rules)]
        # Most rules have too few points though every cue counted, each time it stands and within longer ones, too.
        able, of_pair = np.unique(pairs, return_inverse=True)
        most = np.bincount(of_pair, points, len(able)).take(of_pair)
        without, never, _ = self._never.of(found.cues)
        kept = np.flatnonzero((most >= needs) & ~np.isin(pairs, found.texts.take(without) * size + never))
        which, pairs, points, needs = which[kept], pairs[kept], points[kept], needs[kept]
        by = found.of(which)
        # What a cue of one rule covers does not matter to another.
        apart = by.at + (pairs % size) * int((by.at + by.lengths).max(initial=0))
        kept = np.flatnonzero(longest(apart, by.lengths))
        kept = kept[np.lexsort((by.starts[kept], by.cues[kept], pairs[kept]))]
        again = (np.diff(pairs[kept], prepend=-1) == 0) & (np.diff(by.cues[kept], prepend=-1) == 0)
        kept = kept[~again]  # each cue counts once
        topics, first, of_topic = np.unique(pairs[kept], return_index=True, return_inverse=True)
        reached = np.bincount(of_topic, points[kept], len(topics)).astype(np.int64)
        enough = reached >= needs[kept].take(first)
        order = np.lexsort((topics % size, -reached, topics // size))
        order = order[enough[order]]
        place = np.full(len(topics), -1, np.int64)
        place[order] = np.arange(len(order))
        which_topic = place.take(of_topic)
        by = by.of(kept[which_topic >= 0])
        return Ruled(topics[order] // size, topics[order] % size, reached[order], by, which_topic[which_topic >= 0])

    def worth(self, rule: int, cue: int) -> int:
        """The points of a cue for a rule."""
        _, rules, points = self._points.of(np.array([cue]))
        return int(points[rules == rule].sum())


class _Table:
    """For each cue, the rules it is in and what it is worth there."""

    def __init__(self, rows: Iterable[tuple[int, int, int]], cues: int) -> None:
        table = np.array(sorted(rows), np.int64).reshape(-1, 3)
        self._begins = table[:, 0].searchsorted(np.arange(cues))
        self._sizes = np.bincount(table[:, 0], minlength=cues)
        self._rules, self._worth = table[:, 1].copy(), table[:, 2].copy()

    def of(self, cues: Ints) -> tuple[Ints, Ints, Ints]:
        """Which of the cues is in which rule, and what it is worth there."""
        sizes = self._sizes.take(cues)
        rows = ranges(self._begins.take(cues), sizes)
        return np.repeat(np.arange(len(cues)), sizes), self._rules.take(rows), self._worth.take(rows)
