"""A field laid out for its postings: where each term stands, where sentences begin, which words have capitals."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import accumulate, chain, pairwise

import numpy as np

from search.analysis import capitals, fold, sentences, words
from search.engines.whoosh.mapped import Array
from search.engines.whoosh.ranges import ranges
from search.engines.whoosh.streams import Stream

CASES = ("initial", "upper", "mixed")
GAP = 1000
"""Positions between two runs of one field, so that no phrase spans them, nor any distance."""


@dataclass(frozen=True, slots=True)
class Runs:
    """Runs of words: all words in order, and the position at which each run begins and its length."""

    words: tuple[str, ...]
    begun: tuple[int, ...]
    lengths: tuple[int, ...]


@lru_cache(20_000)
def runs_of(texts: tuple[str, ...]) -> Runs:
    """The words of names and labels, which come again and again."""
    found = list(map(words, texts))
    lengths = tuple(map(len, found))
    begun = accumulate((length + GAP for length in lengths[:-1]), initial=0)
    return Runs(tuple(chain.from_iterable(found)), tuple(begun)[: len(found)], lengths)


class Layout:
    """The words of one field of many rows, each row laid out behind the one before.

    A row is a paragraph, or what several paragraphs have alike. A place is ``(row << 32) + position``.

    >>> laid = Layout()
    >>> laid.read(7, ["Ferry sails. All wave."])
    >>> [place - (7 << 32) for place in laid.places.tolist()], [place - (7 << 32) for place in laid.sentences]
    ([0, 1, 2, 3], [2])
    """

    def __init__(self) -> None:
        self._words: defaultdict[str, int] = defaultdict()
        self._words.default_factory = self._words.__len__
        self._which = array("i")
        self._begun = array("q")
        self.lengths = array("q")
        """Words of each run that was added."""
        self.sentences = array("q")
        """Places of the first words of sentences, but for the very first of a row, which begins with it."""

    def read(self, row: int, runs: Iterable[str]) -> None:
        """Lay out some runs of text as the next row, whose number is greater than that of the row before."""
        place = first = row << 32
        which, number = self._which, self._words.__getitem__
        for run in runs:
            before = len(which)
            for start, end in pairwise((0, *sentences(run), len(run))):
                begun = len(which)
                which.extend(map(number, words(run[start:end])))
                if len(which) > begun and (start or place > first):
                    self.sentences.append(place + begun - before)
            length = len(which) - before
            self._begun.append(place)
            self.lengths.append(length)
            place += length + GAP

    def add(self, row: int, runs: Runs) -> None:
        """The same for runs whose words are known, and whose sentences do not matter."""
        place = row << 32
        self._which.extend(map(self._words.__getitem__, runs.words))
        self._begun.extend([place + begun for begun in runs.begun])
        self.lengths.extend(runs.lengths)

    @cached_property
    def places(self) -> Array:
        """The place of every word; asked for when all are laid out, as what follows is."""
        return ranges(np.array(self._begun), np.array(self.lengths))

    @cached_property
    def terms(self) -> tuple[list[bytes], Array]:
        """The terms there are, and of every word its term's place among them."""
        known: dict[str, int] = {}
        terms = np.array([known.setdefault(fold(word), len(known)) for word in self._words], np.int32)
        return [term.encode("utf-8", "replace") for term in known], terms.take(np.array(self._which))

    def stream(self, rows: bytes = b"") -> Stream:
        terms, which = self.terms
        return Stream(tuple(terms), which.tobytes(), self.places.tobytes(), rows)

    def marks(self, field: str) -> Iterator[tuple[list[bytes], Array, Array]]:
        """The marks of the field under its name: some terms each time, and which of them stands at which place."""
        begun = np.array(self.sentences)
        yield [mark(field, "sentence")], np.zeros(len(begun), np.int32), begun
        which, places = np.array(self._which), self.places
        written = [_names(word) for word in self._words]
        for turn in (0, 1):
            known: dict[str, int] = {}
            numbers = [known.setdefault(names[turn], len(known)) if len(names) > turn else -1 for names in written]
            found = np.array(numbers, np.int32).take(which)
            yield [mark(field, name) for name in known], found[found >= 0], places[found >= 0]


def _names(word: str) -> tuple[str, ...]:
    """How a word is written, which is marked: nothing, a case, or ``mixed`` and the word itself."""
    how = capitals(word) if word != fold(word) else ""
    return () if not how else (how,) if how in CASES else ("mixed", f"={how}")


def mark(field: str, name: str) -> bytes:
    """The term in the field ``marks`` that keeps some places of another: ``sentence``, a case, or ``=McAda``."""
    return f"{field} {name}".encode("utf-8", "replace")
