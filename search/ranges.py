"""Runs of numbers one after the other, by where each begins and how long it is."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]


def starts_of(sizes: Array) -> Array:
    """Where each of some runs begins when they stand one after the other, and where the last one ends.

    >>> starts_of(np.array([2, 0, 3])).tolist()
    [0, 2, 2, 5]
    """
    out = np.zeros(len(sizes) + 1, np.int64)
    np.cumsum(sizes, out=out[1:])
    return out


def ranges(begins: Array, sizes: Array) -> Array:
    """The numbers in runs that begin so and are so long, run after run.

    >>> ranges(np.array([10, 20]), np.array([2, 3])).tolist()
    [10, 11, 20, 21, 22]
    """
    ends = np.cumsum(sizes)
    found: Array = np.repeat(begins - (ends - sizes), sizes) + np.arange(ends[-1] if len(ends) else 0)
    return found


def heads(values: Array) -> Array:
    """Where each run of equal values begins.

    >>> heads(np.array([7, 7, 3])).tolist()
    [0, 2]
    """
    found: Array = np.concatenate(([True], values[1:] != values[:-1]))[: len(values)].nonzero()[0]
    return found


def whose(starts: Array, part: slice) -> Array:
    """The number of the run that each of some places is in. starts: where each begins, and where the last one ends.

    >>> whose(np.array([0, 2, 2, 5]), slice(1, 4)).tolist()
    [0, 2, 2]
    """
    first, last = int(starts.searchsorted(part.start, "right")) - 1, int(starts.searchsorted(part.stop))
    sizes = np.diff(starts[first : last + 1].clip(part.start, part.stop))
    return np.repeat(np.arange(first, last, dtype=np.int32), sizes)
