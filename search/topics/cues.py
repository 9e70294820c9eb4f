"""Words and phrases that speak for topics, and the one pass over many texts that finds them all.

A cue is written as people write: a word stands for all its forms, ``=word`` for itself alone, and several words for
that phrase in any of its forms. Cues are numbered in the order in which they are given.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

import numpy as np
import numpy.typing as npt

from search.analysis import fold, stem, terms
from search.vocabulary import SEPARATOR, Vocabulary, vocabulary, width

Ints = npt.NDArray[np.integer[Any]]
Mask = npt.NDArray[np.bool_]

Key = tuple[str, ...]


def key_of(cue: str) -> Key:
    """What is compared: the stems of the words, or ``=`` and the one term.

    >>> key_of("peace talks"), key_of("=imports"), key_of("!")
    (('peac', 'talk'), ('=imports',), ())
    """
    found = terms(cue)
    if cue.startswith("=") and len(found) == 1:
        return ("=" + found[0],)
    return tuple(map(stem, found))


@dataclass(frozen=True, slots=True)
class Found:
    """Cues where they stand in some texts, as columns: ``lengths`` words from place ``at`` on.

    at: places count the words of all texts, with one place that is no word after each text. texts: in which text each
    stands. starts: from which of its words on.
    """

    cues: Ints
    at: Ints
    lengths: Ints
    texts: Ints
    starts: Ints

    def of(self, chosen: Ints | Mask) -> Found:
        """These of the cues."""
        return Found(*(column[chosen] for column in (self.cues, self.at, self.lengths, self.texts, self.starts)))

    def in_text(self, text: int) -> Found:
        """Those of one text."""
        return self.of(np.flatnonzero(self.texts == text))

    def rows(self) -> list[tuple[int, int, int, int]]:
        """Cue, text, start and length of each, in the order of the texts."""
        order = np.lexsort((self.starts, self.texts))
        columns = (self.cues, self.texts, self.starts, self.lengths)
        return list(zip(*(column[order].tolist() for column in columns), strict=True))

    def longest(self) -> Found:
        """Those that do not lie within, or cross, a longer one."""
        return self.of(longest(self.at, self.lengths))


class Cues:
    """A numbered set of cues, compiled to steps from word to word.

    >>> found = Cues([("peac", "talk"), ("envoy",), ("=us",)]).find(["US envoys", "in peace talks"])
    >>> found.cues.tolist(), found.texts.tolist(), found.starts.tolist(), found.lengths.tolist()
    ([1, 0, 2], [0, 1, 0], [1, 1, 0], [1, 2, 1])
    """

    def __init__(self, keys: Iterable[Key]) -> None:
        self.keys = list(keys)
        self._parts: dict[str, int] = {}  # the stems that cues are made of, from 1 on
        self._exact: dict[str, int] = {}
        steps: dict[tuple[int, int], int] = {}  # from a node over a part to a node; all begin at 0
        meant: dict[int, int] = {}
        for cue, key in enumerate(self.keys):
            if len(key) == 1 and key[0].startswith("="):
                self._exact[key[0][1:]] = cue
                continue
            node = 0
            for stemmed in key:
                part = self._parts.setdefault(stemmed, len(self._parts) + 1)
                node = steps.setdefault((node, part), len(steps) + 1)
            meant[node] = cue
        meant.pop(0, None)  # a cue without a word stands nowhere
        self._compile(steps, meant)

    def _compile(self, steps: dict[tuple[int, int], int], meant: dict[int, int]) -> None:
        self._width = len(self._parts) + 1
        self._first = np.zeros(self._width, np.int64)
        self._goes_on = np.zeros(len(steps) + 1, np.bool_)
        self._meant = np.full(len(steps) + 1, -1, np.int64)
        self._meant[list(meant)] = list(meant.values())
        further = []
        for (node, part), reached in steps.items():
            if node == 0:
                self._first[part] = reached
            else:
                self._goes_on[node] = True
                further.append((node * self._width + part, reached))
        further.sort()
        # The last is never taken, and spares looking whether a search has come to the end.
        self._steps = np.array([*(step for step, _ in further), -1])
        self._reached = np.array([*(reached for _, reached in further), 0])

    def __len__(self) -> int:
        return len(self.keys)

    def find(self, given: Sequence[str]) -> Found:
        """Every cue that stands in these texts, in no particular order; of one word, its stem's before its own."""
        known = vocabulary()
        read = [b"".join(known.sentences(text)) for text in given]
        words = known.numbers([piece for one in read for piece in (one, SEPARATOR)])
        parts, exact = known.table(self._know)
        parts, own = parts.take(words), exact.take(words)
        nodes = self._first.take(parts)
        at = np.flatnonzero(nodes)
        nodes = nodes.take(at)
        alone = np.flatnonzero(own)
        found: list[tuple[Ints, Ints, int]] = [(own.take(alone) - 1, alone, 1)]
        for length in count(1):
            if not len(at):
                break
            meant = self._meant.take(nodes)
            found.insert(-1, (meant[meant >= 0], at[meant >= 0], length))
            on = np.flatnonzero(self._goes_on.take(nodes))
            at = at.take(on)
            # What stands after the last word of a text is no part of any cue, so no step leads into the next text.
            keys = nodes.take(on) * self._width + parts.take(at + length)
            steps = self._steps[:-1].searchsorted(keys)
            there = np.flatnonzero(self._steps.take(steps) == keys)
            at, nodes = at.take(there), self._reached.take(steps.take(there))
        return _together(found, [width(one) + 1 for one in read])

    def _know(self, word: str, _: Vocabulary) -> tuple[int, int]:
        """The part that a word may be, and the cue it is by itself alone, from 1 on; 0 for neither."""
        term = fold(word)
        return self._parts.get(stem(term), 0), self._exact.get(term, -1) + 1


def _together(found: Sequence[tuple[Ints, Ints, int]], sizes: Sequence[int]) -> Found:
    cues, places = (np.concatenate([one[column] for one in found]) for column in (0, 1))
    lengths = np.repeat([length for _, _, length in found], [len(at) for _, at, _ in found])
    ends = np.cumsum(np.array(sizes, np.int64))
    texts = ends.searchsorted(places, "right")
    starts = places - (ends - sizes)[texts] if len(ends) else places
    return Found(cues, places, lengths, texts, starts)


def longest(at: Ints, lengths: Ints) -> Mask:
    """Which of some runs of words do not lie within, or cross, a longer one; of two as long, the first is kept.

    at: where each begins. One word may be two cues, and both are kept.

    >>> longest(np.array([0, 0, 1, 2]), np.array([1, 2, 2, 1])).tolist()
    [False, True, False, True]
    """
    kept = np.ones(len(at), np.bool_)
    longer = np.flatnonzero(lengths > 1)
    if not len(longer):
        return kept
    order = longer[np.lexsort((at[longer], -lengths[longer]))]
    taken: set[int] = set()
    for i, start, length in zip(order.tolist(), at[order].tolist(), lengths[order].tolist(), strict=True):
        places = range(start, start + length)
        if taken.isdisjoint(places):
            taken.update(places)
        else:
            kept[i] = False
    single = np.flatnonzero(lengths == 1)
    covered = np.fromiter(taken, np.int64, len(taken))
    kept[single] = ~np.isin(at[single], covered)
    return kept
