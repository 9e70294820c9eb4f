"""What is known of each of very many articles, held in a few bytes, most of them in files (``search.room``)."""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Self

import numpy as np

from search.room import Array, Room, forget, in_memory, stretches

_PAGE = 1 << 21
"""Bytes that are in memory until they become an array of their own."""
_FRESH = 1 << 14
"""Texts that are known one by one until they are sorted in among the others."""
_WINDOW = 1 << 16
"""Bytes of lines that are read at a time."""
_LINE = 1 << 8
"""Bytes that most lines do not have more of."""
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
        begin = len(self)
        self._fresh += content
        while len(self._fresh) >= _PAGE:
            page = self._room(_PAGE, np.uint8)
            page[:] = np.frombuffer(bytes(self._fresh[:_PAGE]), np.uint8)
            del self._fresh[:_PAGE]
            forget(page)
            self._full.append(page)
        return begin

    def __len__(self) -> int:
        return len(self._full) * _PAGE + len(self._fresh)

    def read(self, start: int, end: int) -> bytes:
        out = b""
        while start < end:
            page, at = divmod(start, _PAGE)
            until = min(at + end - start, _PAGE)
            out += self._full[page][at:until].tobytes() if page < len(self._full) else self._fresh[at:until]
            start += until - at
        return out

    def lines(self, begin: int, end: int) -> Iterator[tuple[int, str]]:
        """The lines that stand there, each with where it begins."""
        at, rest = begin, b""
        for part in stretches(end - begin, _WINDOW):
            *lines, rest = (rest + self.read(begin + part.start, begin + part.stop)).split(b"\n")
            for line in lines:
                yield at, line.decode()
                at += len(line) + 1

    def line(self, begin: int) -> str:
        """The line that begins there."""
        size, end = _LINE, -1
        while end < 0:
            content, size = self.read(begin, min(begin + size, len(self))), size * 8
            end = content.find(b"\n")
        return content[:end].decode()


class Numbers:
    """A number from 0 on for each of very many texts, in sixteen bytes a text.

    They are told apart by 64 bits of their hash: of a million, two are taken for one in one of forty million runs.

    >>> places = Numbers.of([("a", 3), ("b", 5)])
    >>> places.put("c", 8)
    >>> places.drop("a")
    >>> places.get("c"), places.get("a"), "b" in places, len(places)
    (8, -1, True, 2)
    """

    def __init__(self, room: Room = in_memory) -> None:
        self._room = room
        self._keys, self._numbers = np.empty(0, np.int64), np.empty(0, np.int64)
        """Hashes in order, and the number of each, or _GONE."""
        self._fresh: dict[int, int] = {}
        self._count = 0

    @classmethod
    def of(cls, pairs: Iterable[tuple[str, int]], room: Room = in_memory) -> Self:
        """Pairs of which no two have the same text."""
        made, waiting = cls(room), iter(pairs)
        while some := list(islice(waiting, _FRESH * 4)):
            made._fresh = {hash(text): number for text, number in some}
            made._count += len(made._fresh)
            made._settle()
        return made

    def copy(self) -> Self:
        made = type(self)(self._room)
        made._keys, made._numbers, made._fresh, made._count = self._keys, self._numbers, dict(self._fresh), self._count
        return made

    def __len__(self) -> int:
        return self._count

    def __contains__(self, text: str) -> bool:
        return self.get(text) != _GONE

    def get(self, text: str) -> int:
        """The number of a text, -1 where it has none."""
        key = hash(text)
        number = self._fresh.get(key)
        if number is None:
            keys = self._keys.data  # looked through in half the time that numpy takes for one
            at = bisect_left(keys, key)
            number = self._numbers.data[at] if at < len(keys) and keys[at] == key else _GONE
        return number

    def put(self, text: str, number: int) -> None:
        self._count += (number != _GONE) - (text in self)
        self._fresh[hash(text)] = number
        if len(self._fresh) >= _FRESH:
            self._settle()

    def drop(self, text: str) -> None:
        self.put(text, _GONE)

    def _settle(self) -> None:
        """Sort in what came lately, in arrays of their own: a copy may have those that there are."""
        keys = np.fromiter(self._fresh, np.int64, len(self._fresh))
        numbers = np.fromiter(self._fresh.values(), np.int64, len(keys))
        order = np.argsort(keys)
        keys, numbers = keys[order], numbers[order]
        at = self._keys.searchsorted(keys)
        known = self._keys.searchsorted(keys, "right") > at
        new = keys[~known], numbers[~known]
        size = len(self._keys) + len(new[0])
        grown = self._room(size, np.int64), self._room(size, np.int64)
        for places, some in self._merged(new):
            for into, values in zip(grown, some, strict=True):
                into[places] = values
        grown[1][grown[0].searchsorted(keys[known])] = numbers[known]
        (self._keys, self._numbers), self._fresh = grown, {}

    def _merged(self, new: tuple[Array, Array]) -> Iterator[tuple[Array, tuple[Array, Array]]]:
        """All pairs, some at a time, with their places when the new ones are among them."""
        yield self._keys.searchsorted(new[0]) + np.arange(len(new[0])), new
        for part in stretches(len(self._keys)):
            old = self._keys[part], self._numbers[part]
            yield new[0].searchsorted(old[0]) + np.arange(part.start, part.stop), old


class Lookup:
    """A text for each of very many texts, of which many in a row have the same.

    >>> owners = Lookup.of([("a", "/news/1.txt"), ("b", "/news/2.txt")])
    >>> owners.put("c", "/news/2.txt")
    >>> owners.drop("a")
    >>> owners.get("c"), owners.get("a"), "b" in owners, len(owners)
    ('/news/2.txt', None, True, 2)
    """

    def __init__(self, room: Room = in_memory) -> None:
        self._pages, self._numbers = Pages(room), Numbers(room)
        self._last = "", 0

    @classmethod
    def of(cls, pairs: Iterable[tuple[str, str]], room: Room = in_memory) -> Lookup:
        """Pairs of which no two have the same first text."""
        made = cls(room)
        made._numbers = Numbers.of(((text, made._number(value)) for text, value in pairs), room)
        return made

    def __len__(self) -> int:
        return len(self._numbers)

    def __contains__(self, text: str) -> bool:
        return text in self._numbers

    def get(self, text: str) -> str | None:
        number = self._numbers.get(text)
        return None if number == _GONE else json.loads(self._pages.line(number))

    def put(self, text: str, value: str) -> None:
        self._numbers.put(text, self._number(value))

    def drop(self, text: str) -> None:
        self._numbers.drop(text)

    def _number(self, value: str) -> int:
        if not len(self._pages) or self._last[0] != value:
            self._last = value, self._pages.add(f"{json.dumps(value)}\n".encode())
        return self._last[1]
