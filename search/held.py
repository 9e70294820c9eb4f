"""What is known of each of very many articles, held in a few bytes, most of them in files (``search.room``)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

import numpy as np

from search.room import Array, Room, forget, in_memory, stretches

_PAGE = 1 << 22
"""Bytes that are in memory until they become an array of their own."""
_FRESH = 1 << 14
"""Texts that are known one by one until they are sorted in among the others."""
_GONE = -1


class Pages:
    """Bytes put one behind the other, and read again by where they begin and end.

    >>> pages = Pages()
    >>> pages.add(b"ferry"), pages.add(b"ice"), pages.read(3, 7)
    (0, 5, b'ryic')
    """

    def __init__(self, room: Room = in_memory) -> None:
        self._room = room
        self._full: list[Array] = []
        self._fresh = bytearray()

    def add(self, content: bytes) -> int:
        """Where it begins."""
        begin = len(self._full) * _PAGE + len(self._fresh)
        self._fresh += content
        while len(self._fresh) >= _PAGE:
            page = self._room(_PAGE, np.uint8)
            page[:] = np.frombuffer(bytes(self._fresh[:_PAGE]), np.uint8)
            del self._fresh[:_PAGE]
            forget(page)
            self._full.append(page)
        return begin

    def read(self, start: int, end: int) -> bytes:
        out = b""
        while start < end:
            page, at = divmod(start, _PAGE)
            until = min(at + end - start, _PAGE)
            out += self._full[page][at:until].tobytes() if page < len(self._full) else self._fresh[at:until]
            start += until - at
        return out


class Lookup:
    """A text for each of very many texts, where few different ones come or the same one many times in a row.

    They are told apart by 64 bits of their hash: of a million, two are taken for one in one of forty million runs.

    >>> owners = Lookup.of([("a", "/news/1.txt"), ("b", "/news/2.txt")])
    >>> owners.put("c", "/news/2.txt")
    >>> owners.drop("a")
    >>> owners.get("c"), owners.get("a"), "b" in owners, len(owners)
    ('/news/2.txt', None, True, 2)
    """

    def __init__(self, room: Room = in_memory) -> None:
        self._room = room
        self._texts: list[str] = []
        self._keys, self._numbers = np.empty(0, np.int64), np.empty(0, np.int32)
        """Hashes in order, and beside each the place of its text, or _GONE."""
        self._fresh: dict[int, int] = {}
        self._count = 0

    @classmethod
    def of(cls, pairs: Iterable[tuple[str, str]], room: Room = in_memory) -> Lookup:
        """Pairs of which no two have the same first text."""
        made, waiting = cls(room), iter(pairs)
        while some := list(islice(waiting, _FRESH * 4)):
            made._fresh = {hash(text): made._number(value) for text, value in some}
            made._count += len(made._fresh)
            made._settle()
        return made

    def __len__(self) -> int:
        return self._count

    def __contains__(self, text: str) -> bool:
        return self._find(text) != _GONE

    def get(self, text: str) -> str | None:
        number = self._find(text)
        return None if number == _GONE else self._texts[number]

    def put(self, text: str, value: str) -> None:
        self._put(text, self._number(value))

    def drop(self, text: str) -> None:
        self._put(text, _GONE)

    def _put(self, text: str, number: int) -> None:
        self._count += (number != _GONE) - (text in self)
        self._fresh[hash(text)] = number
        if len(self._fresh) >= _FRESH:
            self._settle()

    def _number(self, value: str) -> int:
        if not self._texts or self._texts[-1] != value:
            self._texts.append(value)
        return len(self._texts) - 1

    def _find(self, text: str) -> int:
        key = hash(text)
        number = self._fresh.get(key)
        if number is None:
            at = int(self._keys.searchsorted(key))
            number = int(self._numbers[at]) if at < len(self._keys) and self._keys[at] == key else _GONE
        return number

    def _settle(self) -> None:
        """Sort in what came lately."""
        keys = np.fromiter(self._fresh, np.int64, len(self._fresh))
        numbers = np.fromiter(self._fresh.values(), np.int32, len(keys))
        order = np.argsort(keys)
        keys, numbers = keys[order], numbers[order]
        at = self._keys.searchsorted(keys)
        known = self._keys.searchsorted(keys, "right") > at
        self._numbers[at[known]] = numbers[known]
        self._fresh, new = {}, (keys[~known], numbers[~known])
        size = len(self._keys) + len(new[0])
        grown = self._room(size, np.int64), self._room(size, np.int32)
        for places, some in self._merged(new):
            for into, values in zip(grown, some, strict=True):
                into[places] = values
        self._keys, self._numbers = grown

    def _merged(self, new: tuple[Array, Array]) -> Iterator[tuple[Array, tuple[Array, Array]]]:
        """All pairs, some at a time, with their places when the new ones are among them."""
        yield self._keys.searchsorted(new[0]) + np.arange(len(new[0])), new
        for part in stretches(len(self._keys)):
            old = self._keys[part], self._numbers[part]
            yield new[0].searchsorted(old[0]) + np.arange(part.start, part.stop), old
