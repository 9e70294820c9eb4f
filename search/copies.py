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
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import numpy.typing as npt

from search.room import Array, Room, forget, in_memory, numbered, stretches

Bytes = npt.NDArray[np.uint8]
Labels = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.int32]

FEWEST_WORDS = 8
"""Shorter paragraphs are no copies of anything: “No comment,” he said."""
LEAST_ALIKE = 0.75
HASHES, _NUMBERS = 64, 8
WIDTH = HASHES + _NUMBERS
"""Bytes in a signature: a hash each, and a set of numbers in 64 bits."""
BAND = 4
"""Hashes that must agree for two paragraphs to be compared at all: one of sixteen such runs."""
_NUMERALS = frozenset(
    b"two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen "
    b"nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred hundreds thousand thousands million "
    b"millions billion billions trillion half third quarter dozen dozens first second fourth fifth".split()
)
"""Numbers written as words, in English; “one” is too often no number."""
_NEIGHBOURS = 8
"""How many others with the same run one is compared with, beside those that are equal in all."""
_TOGETHER = 1 << 14
"""Rows that are compared at a time."""
_PLACED = WIDTH + 4

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
    if term.isalpha():  # of plain letters, as most are
        numeral = term in _NUMERALS
    else:
        word = term.decode()
        numeral = not word.isalpha() and any(c.isdigit() for c in word)
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


def groups(rows: Bytes) -> Numbers:
    """The group of every row, a number from 0; -1 for what is no copy of anything. Rows of zeros have no copies."""
    return grouped([rows], np.ones(len(rows), np.bool_), in_memory)


def grouped(parts: Sequence[Bytes], live: npt.NDArray[np.bool_], room: Room) -> Numbers:
    """The same for rows in several parts, one after the other, of which only those count that are ``live``."""
    labels, rows = _distinct(_ranked(parts, live, room), len(live), room)
    if not len(rows):
        return labels
    parents = _connected(rows, room)
    sizes = room(len(rows), np.int32)
    sizes[:] = 0
    for part in stretches(len(labels)):
        there = labels[part] >= 0
        labels[part] = np.where(there, _root(parents, labels[part]), -1)
        found, counts = np.unique(labels[part][there], return_counts=True)
        sizes[found] += counts
    first = 0
    for part in stretches(len(rows)):
        several = sizes[part] > 1
        sizes[part] = np.where(several, first + np.cumsum(several) - 1, -1)
        first += int(np.count_nonzero(several))
    for part in stretches(len(labels)):
        labels[part] = np.where(labels[part] >= 0, sizes[labels[part]], -1)
    return labels


def _ranked(parts: Sequence[Bytes], live: npt.NDArray[np.bool_], room: Room) -> Bytes:
    """The rows that may have copies, in order, each with its place behind it, in four bytes."""
    out = room(len(live) * _PLACED, np.uint8).reshape(-1, _PLACED)
    end = first = 0
    for rows in parts:
        for part in stretches(len(rows), _TOGETHER):
            signed = rows[part, :HASHES].any(axis=1) & live[first + part.start : first + part.stop]
            places = np.flatnonzero(signed)
            out[end : end + len(places), :WIDTH] = rows[part][places]
            out[end : end + len(places), WIDTH:].view(np.uint32)[:, 0] = places + first + part.start
            end += len(places)
        forget(rows)
        first += len(rows)
    ranked: Bytes = out[:end]
    ranked.view(np.dtype((np.void, _PLACED)))[:, 0].sort()
    return ranked


def _distinct(ranked: Bytes, size: int, room: Room) -> tuple[Numbers, Bytes]:
    """For each of so many places, which of the different rows stands there, -1 for none; and these rows, in order.

    They are moved to the front of what is given.
    """
    which = room(size, np.int32)
    which[:] = -1
    count = 0
    last = np.zeros((1, WIDTH), np.uint8)  # which is no row
    for part in stretches(len(ranked), _TOGETHER):
        rows = ranked[part].copy()
        fresh = (rows[:, :WIDTH] != np.concatenate((last, rows[:-1, :WIDTH]))).any(axis=1)
        which[rows[:, WIDTH:].copy().view(np.uint32)[:, 0]] = count - 1 + np.cumsum(fresh)
        last, rows = rows[-1:, :WIDTH], rows[fresh]
        ranked[count : count + len(rows)] = rows
        count += len(rows)
    return which, ranked[:count]


def _connected(rows: Bytes, room: Room) -> Numbers:
    """For each of different rows in order, the number of the first of those that copies connect it with."""
    parents = numbered(len(rows), room)
    keys = room(len(rows), np.int64)
    for band in range(0, HASHES, BAND):
        for part in stretches(len(rows)):
            run = np.ascontiguousarray(rows[part, band : band + BAND]).view(np.uint32)[:, 0]
            keys[part] = (run.astype(np.int64) << 32) + np.arange(part.start, part.stop)
        keys.sort()
        for one, other in _neighbours(keys):
            apart = _root(parents, one) != _root(parents, other)
            _connect(parents, *_copies(rows, one[apart], other[apart]))
        for part in stretches(len(rows)):
            parents[part] = _root(parents, parents[part])
        forget(rows)
    return parents


def _neighbours(keys: Labels) -> Iterator[tuple[Labels, Labels]]:
    """Pairs of rows, some at a time, that have the same run of hashes and are near each other among all that have it.

    keys: a run and a row in one number, in order.
    """
    for part in stretches(len(keys), _TOGETHER):
        window = keys[part.start : part.stop + _NEIGHBOURS]
        ranked, which = window >> 32, window & 0xFFFFFFFF
        for far in range(1, _NEIGHBOURS + 1):
            at = np.flatnonzero(ranked[:-far] == ranked[far:])
            at = at[at < part.stop - part.start]
            if not len(at):
                break
            yield which[at], which[at + far]


def _copies(rows: Bytes, one: Labels, other: Labels) -> tuple[Labels, Labels]:
    """Those of the pairs that are copies."""
    shared = np.count_nonzero(rows[one, :HASHES] == rows[other, :HASHES], axis=1)
    kept = shared >= LEAST_ALIKE * HASHES
    one, other = one[kept], other[kept]
    here, there = (rows[side, HASHES:WIDTH].copy().view(np.uint64)[:, 0] for side in (one, other))
    both = here & there
    kept = (both == here) | (both == there)
    return one[kept], other[kept]


def _connect(parents: Numbers, one: Array, other: Array) -> None:
    """Note that these are connected, pair by pair: of what is, each leads to a smaller one, and the smallest to itself.

    >>> parents = np.arange(5, dtype=np.int32)
    >>> _connect(parents, np.array([3, 4]), np.array([1, 3]))
    >>> _root(parents, np.arange(5)).tolist()
    [0, 1, 2, 1, 1]
    """
    while len(one):
        one, other = _root(parents, one), _root(parents, other)
        apart = one != other
        one, other = one[apart], other[apart]
        np.minimum.at(parents, np.maximum(one, other), np.minimum(one, other))


def _root(parents: Numbers, numbers: Array) -> Numbers:
    """Where each leads in the end."""
    found: Numbers = parents[numbers]
    while not np.array_equal(further := parents[found], found):
        found = further
    return found
