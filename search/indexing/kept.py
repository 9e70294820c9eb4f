"""Which records of a changed file are as they were."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator

import numpy as np

from search.generations.records import Records


class Kept:
    """The records that a file had and has still, by their digests, to be taken over one by one.

    records: what it had. digests: what it has now, in any order; of several that are alike, as many are kept as there
    are. In memory are some twenty bytes a record.
    """

    def __init__(self, records: Records, digests: Iterable[str]) -> None:
        present = np.sort(np.fromiter(map(_key, digests), np.int64))
        keys, begins = array("q"), array("q")
        for begin, line in records.placed():
            keys.append(_key(line[2 : line.index('"', 2)]))
            begins.append(begin)
        order = np.argsort(np.array(keys), kind="stable")
        had = np.array(keys)[order]
        alike = np.arange(len(had)) - had.searchsorted(had)
        kept = (alike < present.searchsorted(had, "right") - present.searchsorted(had)) & (had != _UNREAD)
        self._records, self._begins = records, begins
        self._keys, self._which = had[kept], order[kept]
        self._vanished = np.sort(order[~kept])
        self._taken = bytearray(len(self._keys))

    def take(self, digest: str) -> str | None:
        """The line of a record of this digest that nobody has taken yet, if there is one."""
        key = _key(digest)
        at = int(self._keys.searchsorted(key))
        while at < len(self._keys) and self._keys[at] == key:
            if not self._taken[at]:
                self._taken[at] = 1
                return self._line(int(self._which[at]))
            at += 1
        return None

    def vanished(self) -> Iterator[str]:
        """The lines of all others, in order."""
        return map(self._line, self._vanished.tolist())

    def _line(self, which: int) -> str:
        return self._records.pages.line(self._begins[which])


_UNREAD = -1
"""The key of records without a digest, which are never kept."""


def _key(digest: str) -> int:
    """Sixty bits of a digest, which has more."""
    return int(digest[:15], 16) if digest else _UNREAD
