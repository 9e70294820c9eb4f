"""A file of named arrays, mapped into memory, whose every block carries a checksum.

Opening reads a few kilobytes, however large the file; the rest is read by the system when it is touched, and shared
by all processes that have the file open. A block is compared with its checksum when it is first used.

The file: the arrays one after the other, each at a multiple of 64 bytes; the checksums of its blocks; a header in
JSON; and at the very end the length and the checksum of that header.
"""

from __future__ import annotations

import json
import mmap
import os
import struct
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from search.files import make_folder_durable
from search.room import forget, stretches

Array = npt.NDArray[Any]

_BLOCK = 1 << 16
_PIECE = 1 << 22
_ALIGNED = 64
_END = struct.Struct("<8sII")
_MAGIC = b"onrecord"


class Torn(ValueError):
    """What the file holds is not what was written."""


class Sections(Protocol):
    """Arrays by name, and how long each is. ``part`` reads no more of one than it gives."""

    def size(self, name: str) -> int: ...

    def whole(self, name: str) -> Array: ...

    def part(self, name: str, start: int, end: int) -> Array: ...


class Held:
    """Sections in memory."""

    def __init__(self, arrays: Mapping[str, Array]) -> None:
        self._arrays = arrays

    def size(self, name: str) -> int:
        return len(self._arrays[name])

    def whole(self, name: str) -> Array:
        return self._arrays[name]

    def part(self, name: str, start: int, end: int) -> Array:
        return self._arrays[name][start:end]


class Mapped:
    """Sections in a file. Raises Torn when it is missing, of another key, or not as it was written."""

    def __init__(self, path: Path, key: str) -> None:
        try:
            with path.open("rb") as file:
                self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except (OSError, ValueError) as error:
            raise Torn(f"{path.name} cannot be read") from error
        header, self._end = self._header()
        if header.get("key") != key:
            raise Torn(f"{path.name} belongs to another commit")
        self._layout: dict[str, tuple[str, int, int]] = header["sections"]
        sums = np.frombuffer(self._map, np.uint32, header["blocks"], self._end)
        self._sums, self._sound = sums.tolist(), bytearray(len(sums))
        self._wholes: dict[str, Array] = {}

    def size(self, name: str) -> int:
        return self._laid(name)[2]

    def whole(self, name: str) -> Array:
        if name not in self._wholes:
            self._wholes[name] = self.part(name, 0, self._laid(name)[2])
        return self._wholes[name]

    def part(self, name: str, start: int, end: int) -> Array:
        kind, offset, _ = self._laid(name)
        if end <= start:
            return np.empty(0, kind)
        size = int(kind[2:])
        first, last = (offset + start * size) // _BLOCK, (offset + end * size - 1) // _BLOCK
        if self._sound.find(0, first, last + 1) >= 0:
            self._compare(first, last)
        return np.frombuffer(self._map, kind, end - start, offset + start * size)

    def _laid(self, name: str) -> tuple[str, int, int]:
        """Type, offset and length. A file without the section was written by a version that had no use for it."""
        if name not in self._layout:
            raise Torn(f"there is no {name}")
        return self._layout[name]

    def verify(self) -> None:
        """Compare everything."""
        self._compare(0, len(self._sums) - 1)

    def forget(self) -> None:
        """Let go of the memory that what was read takes; it is read again when it is touched."""
        if hasattr(self._map, "madvise"):  # not on Windows
            self._map.madvise(mmap.MADV_DONTNEED)

    def _compare(self, first: int, last: int) -> None:
        with memoryview(self._map) as view:
            for block in range(first, last + 1):
                if not self._sound[block]:
                    start = block * _BLOCK
                    if zlib.crc32(view[start : min(start + _BLOCK, self._end)]) != self._sums[block]:
                        raise Torn(f"block {block} is damaged")
                    self._sound[block] = 1

    def _header(self) -> tuple[dict[str, Any], int]:
        if len(self._map) < _END.size:
            raise Torn("too short")
        magic, length, checksum = _END.unpack(self._map[-_END.size :])
        start = len(self._map) - _END.size - length
        if magic != _MAGIC or start < 0 or zlib.crc32(self._map[start : start + length]) != checksum:
            raise Torn("the header is damaged")
        header: dict[str, Any] = json.loads(self._map[start : start + length])
        return header, start - 4 * header["blocks"]


class Fallback:
    """Sections in a file as long as it is sound, and made anew from the index itself when it is not."""

    def __init__(self, path: Path, key: str, make: Callable[[], Mapping[str, Array]]) -> None:
        self._make = make
        self.sound = True
        self._sections: Sections
        try:
            self._sections = Mapped(path, key)
        except Torn:
            self._fall_back()

    def size(self, name: str) -> int:
        try:
            return self._sections.size(name)
        except Torn:
            return self._fall_back().size(name)

    def whole(self, name: str) -> Array:
        try:
            return self._sections.whole(name)
        except Torn:
            return self._fall_back().whole(name)

    def part(self, name: str, start: int, end: int) -> Array:
        try:
            return self._sections.part(name, start, end)
        except Torn:
            return self._fall_back().part(name, start, end)

    def verify(self) -> bool:
        """Is the file as it was written?"""
        try:
            if isinstance(self._sections, Mapped):
                self._sections.verify()
        except Torn:
            self._fall_back()
        return self.sound

    def forget(self) -> None:
        if isinstance(self._sections, Mapped):
            self._sections.forget()

    def _fall_back(self) -> Sections:
        self.sound = False
        self._sections = Held(self._make())
        return self._sections


def write(path: Path, key: str, arrays: Iterable[tuple[str, Array]]) -> None:
    """Write the file beside, flush it to the disk, and put it in place of an older one, which is never written to."""
    beside = path.with_name(f".{path.name}.new")  # Whoosh leaves hidden files alone
    with beside.open("wb") as file:
        sections, sums = {}, _Sums()
        for name, array in arrays:
            gap = b"\0" * (-file.tell() % _ALIGNED)
            sections[name] = (array.dtype.str, file.tell() + len(gap), len(array))
            for content in chain[bytes | memoryview]((gap,), _pieces(array)):
                file.write(content)
                sums.add(content)
        filling = b"\0" * (-file.tell() % _ALIGNED)
        file.write(filling)
        sums.add(filling)
        file.write(np.array(sums.finish(), np.uint32).tobytes())
        header = json.dumps({"key": key, "blocks": len(sums.done), "sections": sections}).encode()
        file.write(header)
        file.write(_END.pack(_MAGIC, len(header), zlib.crc32(header)))
        file.flush()
        os.fsync(file.fileno())
    os.replace(beside, path)
    make_folder_durable(path.parent)


def _pieces(array: Array) -> Iterator[memoryview]:
    """The bytes of an array, of which no more than one piece stays in memory when it is in a file."""
    content = np.ascontiguousarray(array).view(np.uint8).data
    for part in stretches(len(content), _PIECE):
        yield content[part]
        forget(array)


class _Sums:
    """The checksum of each block of what goes by."""

    def __init__(self) -> None:
        self.done: list[int] = []
        self._sum = self._length = 0

    def add(self, content: bytes | memoryview) -> None:
        place = 0
        while place < len(content):
            piece = content[place : place + _BLOCK - self._length]
            self._sum = zlib.crc32(piece, self._sum)
            self._length += len(piece)
            place += len(piece)
            if self._length == _BLOCK:
                self.finish()

    def finish(self) -> list[int]:
        if self._length:
            self.done.append(self._sum)
            self._sum = self._length = 0
        return self.done
