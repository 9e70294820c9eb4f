"""Words as numbers, so that what is to be known of a word is found once and then looked up by the thousand.

A process that reads articles meets the same words again and again; ``analysis`` says what they are, and a vocabulary
remembers it, as arrays. Each thread has its own, and begins another when it has grown too large.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from itertools import islice, pairwise
from threading import local

import numpy as np
import numpy.typing as npt

from search.analysis import sentences, words

Ints = npt.NDArray[np.int32]

MOST = 300_000
"""Words, and stretches of characters between blanks, beyond which another vocabulary is begun."""
_LONGEST_STRETCH = 40
"""The longest stretch whose words are remembered."""
_LATELY = 5_000
"""Texts that are remembered for whoever comes next; a batch of articles has one or two thousand."""


Know = Callable[[str, "Vocabulary"], Sequence[int]]


class Vocabulary:
    """The words that were met, as they are written, each with a number from 1 on; 0 stands for no word.

    >>> vocabulary = Vocabulary()
    >>> vocabulary.numbers([vocabulary.read("to be or"), vocabulary.read("not to be")]).tolist()
    [1, 2, 3, 4, 1, 2]
    """

    def __init__(self) -> None:
        self.words = [""]
        self._numbers = {"": 0}
        self._stretches = _Stretches(self)
        self._lately: dict[str, list[bytes]] = {}
        self._tables: dict[Know, Ints] = {}

    def number(self, word: str) -> int:
        """The number of a word, which is given one if it has none."""
        number = self._numbers.setdefault(word, len(self.words))
        if number == len(self.words):
            self.words.append(word)
        return number

    def read(self, text: str) -> bytes:
        """The words of a text in order, packed."""
        return b"".join(map(self._stretches.__getitem__, text.split()))

    def sentences(self, text: str) -> list[bytes]:
        """The same sentence by sentence. What was read lately is remembered: several need the words of a batch."""
        read = self._lately.get(text)
        if read is None:
            if len(self._lately) >= _LATELY:
                self._lately.clear()
            begins = sentences(text)
            parts = [text[start:end] for start, end in pairwise((0, *begins, len(text)))] if begins else [text]
            read = self._lately[text] = list(map(self.read, parts))
        return read

    @staticmethod
    def numbers(read: Sequence[bytes]) -> Ints:
        """The numbers of the words of texts that were read, one text after the other."""
        return np.frombuffer(b"".join(read), np.int32)

    def table(self, know: Know) -> Ints:
        """What is known of each word: a column for each, a row for each of the numbers that ``know`` gives.

        ``know`` is called once for each word. It may give further words a number.
        """
        known = self._tables.get(know)
        begin = 0 if known is None else known.shape[1]
        if known is None or begin < len(self.words):
            # Words that are added on the way are gone through, too.
            found = [know(word, self) for word in islice(self.words, begin, None)]
            fresh = np.ascontiguousarray(np.array(found, np.int32).T)
            self._tables[know] = known = fresh if known is None else np.concatenate([known, fresh], axis=1)
        return known

    @property
    def full(self) -> bool:
        return max(len(self.words), len(self._stretches)) > MOST


SEPARATOR = bytes(4)
"""Between two texts that were read: no word."""


class _Stretches(dict[str, bytes]):
    """The words of each stretch of characters without a blank, which no word reaches beyond, packed.

    News repeats itself: of a hundred stretches some five are new, and looking one up takes a tenth of the time that
    finding its words anew does.
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary

    def __missing__(self, stretch: str) -> bytes:
        made = array("i", map(self._vocabulary.number, words(stretch))).tobytes()
        if len(stretch) <= _LONGEST_STRETCH:
            self[stretch] = made
        return made


def width(read: bytes) -> int:
    """How many words were read.

    >>> width(Vocabulary().read("The U.S. envoy"))
    3
    """
    return len(read) // 4


_current = local()


def vocabulary() -> Vocabulary:
    """The vocabulary of this thread, for a text or many that are read together."""
    if not hasattr(_current, "vocabulary") or _current.vocabulary.full:
        _current.vocabulary = Vocabulary()
    found: Vocabulary = _current.vocabulary
    return found
