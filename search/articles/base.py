"""What readers take and give: source files, records, rejections and notices, and the bounds on all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from search.errors import InputError
from search.model import Article

MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is read before a file or a record is refused; all in bytes.

    ``ratio`` is how many times larger than its file a gzip stream may be, which is looked at once
    ``grace`` bytes came out of it: news text shrinks some 3 to 10 times, a bomb a thousand times.
    """

    file: int = 4_000 * MEGABYTE
    record: int = 20 * MEGABYTE
    unpacked: int = 16_000 * MEGABYTE
    ratio: int = 100
    grace: int = 64 * MEGABYTE


LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file of articles: ``path`` is absolute, ``root`` the folder it was found under.

    ``shown`` is the path as the user would type it, for messages.
    """

    path: Path
    root: Path
    suffix: str
    shown: str

    @property
    def relative(self) -> str:
        """The path from ``root``, with slashes on every system."""
        return self.path.relative_to(self.root).as_posix()


@dataclass(frozen=True, slots=True)
class Record:
    """The bytes of one or more articles, ready to be sent to a worker.

    ``place`` says where in the file, as “line 12”, empty for the whole file; ``position`` is the
    number behind it, from 1, or None. ``name`` is the path relative to the source's root.
    """

    file: str
    name: str
    suffix: str
    content: bytes
    place: str = ""
    position: int | None = None


@dataclass(frozen=True, slots=True)
class Rejection:
    """A file, or a record in it, that was not taken: why, and what to do about it."""

    file: str
    place: str
    reason: str
    remedy: str

    def __str__(self) -> str:
        where = ", ".join(part for part in (self.file, self.place) if part)
        return f"{where}: {self.reason}; {self.remedy}." if self.remedy else f"{where}: {self.reason}."

    def error(self) -> InputError:
        """The same as an exception, for a caller who wants to stop."""
        reason = f"{self.reason}; {self.remedy}" if self.remedy else self.reason
        return InputError(reason, self.file, self.place)


@dataclass(frozen=True, slots=True)
class ReadingNotice:
    """Something worth knowing of an article that was read all the same: “read as windows-1252”."""

    file: str
    place: str
    message: str

    def __str__(self) -> str:
        where = ", ".join(part for part in (self.file, self.place) if part)
        return f"{where}: {self.message}."


Item = Article | Rejection | ReadingNotice


class Refused(Exception):
    """Raised by a reader to have its record rejected with this reason and remedy."""

    def __init__(self, reason: str, remedy: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.remedy = remedy


@dataclass(frozen=True, slots=True)
class Format:
    """How a kind of file is read: cut into records in the main process, then parsed in a worker."""

    split: Callable[[SourceFile, Limits], Iterator[Record | Rejection]]
    parse: Callable[[Record], list[Item]]
