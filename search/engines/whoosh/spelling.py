"""Spellings close to a word, for a whole lexicon at once: the table of edits with a column for every term."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Distances = npt.NDArray[np.int8]


def distances(word: str, terms: Sequence[str]) -> Distances:
    """How many edits away each term is: ``search.query.spelling.edits`` for each, without its bound.

    >>> distances("ferry", ["ferry", "frery", "berry", "fury"]).tolist()
    [0, 1, 1, 2]
    """
    if not terms:
        return np.empty(0, np.int8)
    letters = np.array(terms)
    width = letters.dtype.itemsize // 4
    # One row a letter, so that what is compared lies side by side; letters that are not there are 0.
    table = np.ascontiguousarray(letters.view(np.uint32).reshape(len(terms), width).T)
    earlier: list[Distances] = []
    before: list[Distances] = []
    row = [np.full(len(terms), j, np.int8) for j in range(width + 1)]
    for i, letter in enumerate(map(ord, word), 1):
        earlier, before, row = before, row, [np.full(len(terms), i, np.int8)]
        for j in range(1, width + 1):
            best = np.minimum(np.minimum(before[j], row[-1]) + 1, before[j - 1] + (table[j - 1] != letter))
            if i > 1 and j > 1:
                swapped = (table[j - 2] == letter) & (table[j - 1] == ord(word[i - 2]))
                best = np.where(swapped, np.minimum(best, earlier[j - 2] + 1), best)
            row.append(best.astype(np.int8))
    return np.stack(row)[np.char.str_len(letters), np.arange(len(terms))]


def close(word: str, terms: Sequence[str], most: int) -> list[tuple[str, int]]:
    """The terms at most so many edits away, each with its distance, in their order."""
    alike = [term for term in terms if abs(len(term) - len(word)) <= most]
    found = distances(word, alike).tolist()
    return [(term, edits) for term, edits in zip(alike, found, strict=True) if edits <= most]
