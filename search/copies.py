"""Near-identical paragraphs: the same report in several outlets, a word or two changed, a place put before it.

A paragraph's *signature* is made where it is read. It estimates how many of two paragraphs' word pairs are shared
(MinHash: A. Broder, On the resemblance and containment of documents, 1997; one byte a permutation after P. Li and
A. C. König, b-Bit Minwise Hashing, 2010), and holds which numbers occur. Two paragraphs are copies when three quarters
of their signatures agree and neither has a number where the other has another: a death toll that was corrected is
news. *Groups* are what copies connect. They are worked out anew from the signatures of all that is in an index, so
that they do not depend on the order in which it came there.
"""

from __future__ import annotations

import zlib
from collections import defaultdict
from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

Bytes = npt.NDArray[np.uint8]
Labels = npt.NDArray[np.int64]

FEWEST_WORDS = 8
"""Shorter paragraphs are no copies of anything: “No comment,” he said."""
LEAST_ALIKE = 0.75
HASHES, _NUMBERS = 64, 8
WIDTH = HASHES + _NUMBERS
"""Bytes in a signature: a hash each, and a set of numbers in 64 bits."""
BAND = 4
"""Hashes that must agree for two paragraphs to be compared at all: one of sixteen such runs."""
_NUMERALS = frozenset(
    "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen "
    "nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred hundreds thousand thousands million "
    "millions billion billions trillion half third quarter dozen dozens first second fourth fifth".split()
)
"""Numbers written as words, in English; “one” is too often no number."""
_NEIGHBOURS = 8
"""How many others with the same run one is compared with, beside those that are equal in all."""
_CHUNK = 200_000

_drawn = np.random.default_rng(20_260_411)
_FACTORS = _drawn.integers(1, 1 << 32, HASHES, np.uint32) | np.uint32(1)
_TERMS = _drawn.integers(0, 1 << 32, HASHES, np.uint32)
_PAIR = np.uint64(0x9E3779B97F4A7C15)


def signatures(paragraphs: Iterable[Sequence[str]]) -> list[bytes]:
    """The signature of each paragraph, given as its terms in order; empty for one with too few of them.

    >>> one, other, short = signatures(["the ferry will not sail before dawn on monday".split()] * 2 + [["no"]])
    >>> one == other, len(one), short
    (True, 72, b'')
    """
    given = list(paragraphs)
    numbers: defaultdict[str, int] = defaultdict(lambda: len(numbers))
    which = np.array([numbers[term] for found in given for term in found], np.int32)
    lengths = np.array(list(map(len, given)), np.int64)
    rows = sign([term.encode("utf-8", "replace") for term in numbers], which, lengths)
    return [row.tobytes() if length >= FEWEST_WORDS else b"" for row, length in zip(rows, lengths, strict=True)]


def sign(terms: Sequence[bytes], which: npt.NDArray[np.int32], lengths: Labels) -> Bytes:
    """The signatures of many paragraphs as rows; of one with too few words, a row of zeros.

    which: of all their words in order, the place of each in ``terms``. lengths: how many of them each paragraph has.
    """
    rows = np.zeros((len(lengths), WIDTH), np.uint8)
    signed = lengths >= FEWEST_WORDS
    if not signed.any():
        return rows
    which, lengths = which[np.repeat(signed, lengths)], lengths[signed]
    hashes = np.fromiter(map(zlib.crc32, terms), np.uint64, len(terms)).take(which)
    bits = np.fromiter(map(_number, terms), np.uint64, len(terms)).take(which)
    ends = np.cumsum(lengths)
    pairs = ((hashes[:-1] * _PAIR + hashes[1:]) * _PAIR) >> np.uint64(32)
    pairs = np.delete(pairs, ends[:-1] - 1).astype(np.uint32)  # no pair spans two paragraphs
    starts = ends - lengths
    first = starts - np.arange(len(starts))
    least = np.empty((HASHES, len(starts)), np.uint8)
    hashed = np.empty_like(pairs)
    for factor, term, row in zip(_FACTORS, _TERMS, least, strict=True):  # a hash at a time stays in the cache
        np.multiply(pairs, factor, out=hashed)
        np.add(hashed, term, out=hashed)
        row[:] = np.minimum.reduceat(hashed, first)
    rows[signed, :HASHES] = least.T
    rows[signed, HASHES:] = np.bitwise_or.reduceat(bits, starts).astype("<u8").view(np.uint8).reshape(-1, _NUMBERS)
    return rows


def _number(term: bytes) -> int:
    """The bit of a term that is a number or has a digit in it; of any other none."""
    word = term.decode()
    numeral = word in _NUMERALS or (not word.isalpha() and any(c.isdigit() for c in word))
    return 1 << (zlib.crc32(term) & 63) if numeral else 0


def together(given: Sequence[bytes]) -> Bytes:
    """Signatures as rows; of what has none, a row of zeros.

    >>> together([b"", bytes(WIDTH)]).shape
    (2, 72)
    """
    return rows_of(b"".join(one or bytes(WIDTH) for one in given))


def rows_of(signatures: bytes) -> Bytes:
    """Signatures one after the other, as rows."""
    return np.frombuffer(signatures, np.uint8).reshape(-1, WIDTH)


def groups(rows: Bytes) -> Labels:
    """The group of every row, a number from 0; -1 for what is no copy of anything. Rows of zeros have no copies."""
    labels = np.full(len(rows), -1, np.int64)
    signed = np.flatnonzero(rows[:, :HASHES].any(axis=1))
    if len(signed) < 2:
        return labels
    distinct, which = np.unique(
        np.ascontiguousarray(rows[signed]).view(np.dtype((np.void, WIDTH))).ravel(), return_inverse=True
    )
    found = _connected(len(distinct), _alike(distinct.view(np.uint8).reshape(-1, WIDTH)))[which.ravel()]
    several = np.bincount(found, minlength=len(distinct)) > 1
    number = np.cumsum(several) - 1
    labels[signed] = np.where(several[found], number[found], -1)
    return labels


def _alike(rows: Bytes) -> npt.NDArray[np.int64]:
    """Pairs of different rows that are copies, as two columns."""
    bands = np.ascontiguousarray(rows[:, :HASHES]).view(np.uint32)
    known = np.empty(0, np.int64)  # a pair in one number, so that what several bands find is kept once
    for band in range(HASHES // BAND):
        keys = bands[:, band]
        order = np.argsort(keys, kind="stable")  # rows are in order already, so equal keys stay so
        ranked = keys[order]
        found = [known]
        for far in range(1, _NEIGHBOURS + 1):
            at = np.flatnonzero(ranked[:-far] == ranked[far:])
            if not len(at):
                break
            for part in np.array_split(at, -(-len(at) // _CHUNK)):
                found.append(_copies(rows, order[part], order[part + far]))
        known = np.unique(np.concatenate(found))
    return np.stack([known // len(rows), known % len(rows)], axis=1)


def _copies(rows: Bytes, one: Labels, other: Labels) -> Labels:
    """Those of the pairs that are copies, each as one number: the first row times their count, and the second."""
    shared = np.count_nonzero(rows[one, :HASHES] == rows[other, :HASHES], axis=1)
    kept = shared >= LEAST_ALIKE * HASHES
    one, other = one[kept], other[kept]
    here, there = (rows[side, HASHES:].copy().view(np.uint64).ravel() for side in (one, other))
    both = here & there
    kept = (both == here) | (both == there)
    pairs: Labels = one[kept] * len(rows) + other[kept]
    return pairs


def _connected(count: int, pairs: npt.NDArray[np.int64]) -> Labels:
    """The smallest number that each can be reached from, going from pair to pair.

    >>> _connected(5, np.array([[3, 1], [4, 3]])).tolist()
    [0, 1, 2, 1, 1]
    """
    labels = np.arange(count)
    while True:
        before = labels.copy()
        least = np.minimum(labels[pairs[:, 0]], labels[pairs[:, 1]])
        np.minimum.at(labels, pairs[:, 0], least)
        np.minimum.at(labels, pairs[:, 1], least)
        labels = labels[labels]
        if np.array_equal(labels, before):
            return labels
