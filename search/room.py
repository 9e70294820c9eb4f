"""Where large arrays are kept in passing: in memory, or in files, from which the system drops what it has no room for.

What takes a room works on such arrays a stretch at a time, so that however long they are, little else is in memory.
"""

from __future__ import annotations

import mmap
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
Room = Callable[[int, npt.DTypeLike], Array]
"""Gives an array of that length and type, with anything in it."""

STRETCH = 1 << 17
"""Numbers that are worked on at a time."""
_SMALL = 1 << 20
"""Bytes up to which a file is not worth the while."""
_KEPT = 31 << 20
"""Bytes of one array of a search that may be had again; twice as many may lie free."""


def in_memory(size: int, kind: npt.DTypeLike) -> Array:
    return np.empty(size, kind)


def on_disk(folder: Path) -> Room:
    """Room in files in this folder, which have no name there and are gone with the array. Raises OSError when the disk
    is full."""

    def room(size: int, kind: npt.DTypeLike) -> Array:
        bytes_ = size * np.dtype(kind).itemsize
        if bytes_ <= _SMALL:
            return np.empty(size, kind)
        with tempfile.TemporaryFile(dir=folder) as file:
            if hasattr(os, "posix_fallocate"):
                os.posix_fallocate(file.fileno(), 0, bytes_)  # else a full disk would kill us when we write
            else:
                file.truncate(bytes_)
            return np.frombuffer(mmap.mmap(file.fileno(), bytes_), kind)

    return room


class Spool:
    """Bytes that are gathered in a file, which has no name in its folder and is gone when it is closed."""

    def __init__(self, folder: Path) -> None:
        self._file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 - closed in close
        self.extend = self._file.writelines
        """Takes bytes, some at a time."""

    def content(self) -> Array:
        """All that was taken, mapped into memory."""
        self._file.flush()
        size = self._file.tell()
        if not size:
            return np.empty(0, np.uint8)
        return np.frombuffer(mmap.mmap(self._file.fileno(), size, access=mmap.ACCESS_READ), np.uint8)

    def close(self) -> None:
        self._file.close()


def forget(array: Array) -> None:
    """Let go of the memory that an array in a file takes; it is read again when it is touched."""
    base: Any = array
    while isinstance(base, np.ndarray | memoryview):
        base = base.base if isinstance(base, np.ndarray) else base.obj
    if isinstance(base, mmap.mmap) and hasattr(base, "madvise"):  # not on Windows
        base.madvise(mmap.MADV_DONTNEED)


def keep_freed() -> None:
    """Have freed memory kept for the next arrays instead of handed back to the system, which clears every page of it.

    glibc hands back what lies free beyond twice the largest block, up to 32 MiB, that the program ever took on its own
    and freed (mallopt(3), M_MMAP_THRESHOLD). A search takes and frees some megabytes, so that without this a tenth to a
    fifth of its time goes into clearing them. Where the allocator is another one, nothing happens.
    """
    np.empty(_KEPT, np.uint8)


def stretches(size: int, most: int = 0) -> Iterator[slice]:
    """Slices that part so many numbers, each of no more than ``most``, by default STRETCH.

    >>> [(part.start, part.stop) for part in stretches(5, 2)]
    [(0, 2), (2, 4), (4, 5)]
    """
    most = most or STRETCH
    for start in range(0, size, most):
        yield slice(start, min(start + most, size))


def joined(parts: Iterable[Array], size: int, kind: npt.DTypeLike, room: Room) -> Array:
    """Arrays one after the other; size: how long they are together."""
    out, end = room(size, kind), 0
    for part in parts:
        out[end : end + len(part)] = part
        end += len(part)
    return out


def numbered(size: int, room: Room) -> Array:
    """The numbers from 0 on.

    >>> numbered(3, in_memory).tolist()
    [0, 1, 2]
    """
    out = room(size, np.int32)
    for part in stretches(size):
        out[part] = np.arange(part.start, part.stop)
    return out


def ordered(values: Array, order: Array, room: Room) -> Array:
    """Places of values by their value, those of equal ones as they stand in ``order``, which need not have all.

    values: whole numbers of 32 bits.

    >>> ordered(np.array([3, 1, 3, 0]), np.array([2, 1, 0]), in_memory).tolist()
    [1, 2, 0]
    """
    keys = room(len(order), np.int64)
    for part in stretches(len(order)):
        keys[part] = (values[order[part]].astype(np.int64) << 32) + np.arange(part.start, part.stop)
    keys.sort()
    out = room(len(order), np.int32)
    for part in stretches(len(order)):
        out[part] = order[keys[part] & 0xFFFFFFFF]
    return out
