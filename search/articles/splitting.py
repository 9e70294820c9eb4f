"""From a file to its records, a little at a time, so that a large archive never has to fit into memory."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from contextlib import ExitStack
from typing import BinaryIO

from search.articles.base import Limits, Record, Rejection, SourceFile

LINES_REMEDY = "check that each line holds one article"


def whole(source: SourceFile, limits: Limits) -> Iterator[Record | Rejection]:
    """The file as one record."""
    try:
        with source.path.open("rb") as file:
            content = file.read(limits.record + 1)
    except OSError as error:
        yield _unreadable(source, error)
        return
    if len(content) > limits.record:
        remedy = "split it, or write JSON Lines, one article a line" if source.suffix == ".json" else "split it"
        yield Rejection(source.shown, "", f"is larger than {size(limits.record)}", remedy)
    else:
        yield Record(source.shown, source.relative, source.suffix, content)


def lines(source: SourceFile, limits: Limits) -> Iterator[Record | Rejection]:
    """One record a line that is not blank; the place counts every line from 1."""
    try:
        with source.path.open("rb") as file:
            length = file.seek(0, 2)
            if length > limits.file:
                yield Rejection(source.shown, "", f"is larger than {size(limits.file)}", "split it into several files")
                return
            file.seek(0)
            yield from _records(source, file, limits)
    except OSError as error:
        yield _unreadable(source, error)


def gzip_lines(source: SourceFile, limits: Limits) -> Iterator[Record | Rejection]:
    """The same from a gzip file, which is given up when it is torn, or grows like a bomb."""
    with ExitStack() as stack:
        try:
            packed = stack.enter_context(source.path.open("rb"))
            length = packed.seek(0, 2)
            packed.seek(0)
        except OSError as error:
            yield _unreadable(source, error)
            return
        if length > limits.file:
            yield Rejection(source.shown, "", f"is larger than {size(limits.file)}", "split it into several files")
            return
        most = min(limits.unpacked, max(limits.grace, length * limits.ratio))
        unpacked = stack.enter_context(gzip.GzipFile(fileobj=packed, mode="rb"))
        yield from _records(source, unpacked, limits, most)


def _records(
    source: SourceFile, file: BinaryIO | gzip.GzipFile, limits: Limits, most: int | None = None
) -> Iterator[Record | Rejection]:
    """Lines within bounds. ``most`` is how many bytes may come out of the file altogether."""
    name = source.relative
    number = total = 0
    while True:
        number += 1
        place = f"line {number}"
        try:
            line = file.readline(limits.record + 1)
            total += len(line)
            too_long = len(line) > limits.record
            while too_long and line and not line.endswith(b"\n") and (most is None or total <= most):
                line = file.readline(MEASURE)
                total += len(line)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            yield Rejection(source.shown, place, f"the file is torn or damaged here ({_plain(error)})", TORN_REMEDY)
            return
        except OSError as error:
            yield _unreadable(source, error)
            return
        if most is not None and total > most:
            yield Rejection(source.shown, place, f"unpacks to more than {size(most)}", "check it, unpack it yourself")
            return
        if too_long:
            yield Rejection(source.shown, place, f"is longer than {size(limits.record)}", LINES_REMEDY)
        elif not line:
            return
        elif line.strip():
            yield Record(source.shown, name, source.suffix, line, place, number)


MEASURE = 1 << 20
TORN_REMEDY = "what came before it was read; fetch or make the file again"


def size(count: int) -> str:
    """Bytes as a person reads them.

    >>> size(20_000_000), size(4_000_000_000), size(64)
    ('20 MB', '4 GB', '64 bytes')
    """
    for unit, worth in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if count >= worth:
            return f"{count / worth:.3g} {unit}"
    return f"{count} bytes"


def _plain(error: Exception) -> str:
    text = str(error) or type(error).__name__
    return text[:1].lower() + text[1:]


def _unreadable(source: SourceFile, error: OSError) -> Rejection:
    return Rejection(source.shown, "", f"cannot be read ({_plain(error)})", "allow reading it, or leave it out")
