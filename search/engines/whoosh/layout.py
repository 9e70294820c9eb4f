"""A field laid out for its postings: where each term stands, where sentences begin, which words have capitals."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import accumulate

import numpy as np

from search.analysis import capitals, fold
from search.engines.whoosh.mapped import Array
from search.engines.whoosh.streams import Stream
from search.ranges import ranges
from search.vocabulary import Vocabulary, width

CASES = ("initial", "upper", "mixed")
GAP = 1000
"""Positions between two runs of one field, so that no phrase spans them, nor any distance."""


@dataclass(frozen=True, slots=True)
class Runs:
    """Runs of words: all words in order, packed, the position at which each run begins, its length, and where another
    would begin."""

    read: bytes
    begun: tuple[int, ...]
    lengths: tuple[int, ...]
    end: int


@lru_cache(20_000)
def runs_of(texts: tuple[str, ...], known: Vocabulary) -> Runs:
    """The words of names and labels, which come again and again."""
    found = list(map(known.read, texts))
    lengths = tuple(map(width, found))
    *begun, end = accumulate((length + GAP for length in lengths), initial=0)
    return Runs(b"".join(found), tuple(begun), lengths, end)


class Layout:
    """The words of one field of many rows, each row laid out behind the one before.

    A row is a paragraph, or what several paragraphs have alike. A place is ``(row << 32) + position``.

    >>> laid = Layout(Vocabulary())
    >>> laid.read(7, ["Ferry sails. All wave."])
    >>> [place - (7 << 32) for place in laid.places.tolist()], [place - (7 << 32) for place in laid.sentences]
    ([0, 1, 2, 3], [2])
    """

    def __init__(self, known: Vocabulary) -> None:
        self._known = known
        self._read: list[bytes] = []
        self._begun = array("q")
        self.lengths = array("q")
        """Words of each run that was added."""
        self.sentences = array("q")
        """Places of the first words of sentences, but for the very first of a row, which begins with it."""

    def read(self, row: int, runs: Iterable[str]) -> None:
        """Lay out some runs of text as the next row, whose number is greater than that of the row before."""
        place = first = row << 32
        for run in runs:
            length = 0
            for number, read in enumerate(self._known.sentences(run)):
                if read and (number or place > first):
                    self.sentences.append(place + length)
                self._read.append(read)
                length += width(read)
            self._begun.append(place)
            self.lengths.append(length)
            place += length + GAP

    def add(self, row: int, given: Iterable[Runs]) -> None:
        """The same for runs that are read already, and whose sentences do not matter."""
        place = row << 32
        for runs in given:
            self._read.append(runs.read)
            self._begun.extend([place + begun for begun in runs.begun])
            self.lengths.extend(runs.lengths)
            place += runs.end

    @cached_property
    def places(self) -> Array:
        """The place of every word; asked for when all are laid out, as what follows is."""
        return ranges(np.array(self._begun), np.array(self.lengths))

    @cached_property
    def _words(self) -> Array:
        return self._known.numbers(self._read)

    def _of_words(self, column: int) -> Array:
        """What ``_know`` gives of every word."""
        found: Array = self._known.table(_know)[column].take(self._words)
        return found

    @cached_property
    def terms(self) -> tuple[list[bytes], Array]:
        """The terms there are, and of every word its term's place among them."""
        used, which = _renumbered(self._of_words(_TERM))
        return [self._known.words[number].encode("utf-8", "replace") for number in used], which

    def stream(self, rows: bytes = b"") -> Stream:
        terms, which = self.terms
        return Stream(tuple(terms), which.tobytes(), self.places.tobytes(), rows)

    def marks(self, field: str) -> Iterator[tuple[list[bytes], Array, Array]]:
        """The marks of the field under its name: some terms each time, and which of them stands at which place."""
        begun = np.array(self.sentences)
        yield [mark(field, "sentence")], np.zeros(len(begun), np.int32), begun
        cases, written = self._of_words(_CASE), self._of_words(_WRITTEN)
        there = np.flatnonzero(cases)
        yield [mark(field, case) for case in CASES], cases[there] - 1, self.places[there]
        there = np.flatnonzero(written)
        used, which = _renumbered(written[there])
        yield [mark(field, f"={self._known.words[number]}") for number in used], which, self.places[there]


_TERM, _CASE, _WRITTEN = range(3)


def _know(word: str, known: Vocabulary) -> tuple[int, int, int]:
    """The number of a word's term; of its case, from 1 on; and, where that is mixed, of how it is written."""
    term = fold(word)
    how = capitals(word) if word != term else ""
    case = 0 if not how else CASES.index(how) + 1 if how in CASES else len(CASES)
    return known.number(term), case, known.number(how) if case == len(CASES) else 0


def _renumbered(numbers: Array) -> tuple[list[int], Array]:
    """The numbers that occur, in order, and for each its place among them."""
    there = np.zeros(int(numbers.max(initial=-1)) + 1, np.bool_)
    there[numbers] = True
    place = np.cumsum(there, dtype=np.int32) - np.int32(1)
    return np.flatnonzero(there).tolist(), place.take(numbers)


def mark(field: str, name: str) -> bytes:
    """The term in the field ``marks`` that keeps some places of another: ``sentence``, a case, or ``=McAda``."""
    return f"{field} {name}".encode("utf-8", "replace")
