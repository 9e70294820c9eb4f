"""What a generation was made of: versions, counts, and every source file with what came out of it."""

from __future__ import annotations

import json
from array import array
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, astuple, dataclass, field
from functools import partial
from operator import eq
from pathlib import Path
from typing import Any

from search.articles import Rejection
from search.errors import IndexDamaged
from search.files import write_durably
from search.held import Pages
from search.room import Room, in_memory, stretches

MANIFEST = "manifest.json"
SOURCES = "sources.jsonl"
_WINDOW = 1 << 16
"""Characters of the list of sources that are read at a time."""


@dataclass(frozen=True, slots=True)
class RecordEntry:
    """One record of a source: the digest of its bytes, the paragraphs of each article made from it, and what was
    rejected, so that it can be told again without reading. No digest: it could not be read at all. ``indexed``: when
    articles were first indexed, UTC, ISO 8601, as far as that is known.
    """

    digest: str
    articles: Mapping[str, int]
    rejections: tuple[Rejection, ...] = ()
    indexed: Mapping[str, str] = field(default_factory=dict)

    def row(self) -> list[Any]:
        moments = [self.indexed.get(article, "") for article in self.articles]
        return [self.digest, dict(self.articles), [list(astuple(one)) for one in self.rejections], moments]

    @classmethod
    def of_row(cls, row: Sequence[Any]) -> RecordEntry:
        digest, articles, rejections, *moments = row
        known = zip(articles, *moments, strict=True) if moments else ()
        return cls(digest, articles, tuple(Rejection(*one) for one in rejections), {a: m for a, m in known if m})


class Records(Collection[RecordEntry]):
    """Records in the order in which they came. An archive has very many, so they are kept as lines of JSON in pages,
    and only what is asked for is made of them.

    articles, paragraphs: how many they have together. rejected, unread: how many records had something rejected, and
    how many could not be read at all.
    """

    __slots__ = ("_pages", "_size", "_spans", "articles", "paragraphs", "rejected", "unread")

    def __init__(self, pages: Pages, records: Iterable[RecordEntry] = ()) -> None:
        self._pages = pages
        self._spans = array("q")
        """Where runs of lines begin and end, in turn."""
        self._size = self.articles = self.paragraphs = self.rejected = self.unread = 0
        for record in records:
            self.add(record)

    def add(self, record: RecordEntry) -> None:
        row = record.row()
        self.add_line(_json(row), row)

    def add_line(self, line: str, row: Sequence[Any]) -> None:
        """A record that is written already, and what it is. Raises ValueError or TypeError when it makes no sense."""
        digest, articles, rejections, *_ = row
        if "\n" in line or not isinstance(articles, dict):
            raise ValueError(f"no record: {line[:80]}")
        self.paragraphs += sum(articles.values())
        self.articles += len(articles)
        self.rejected += bool(rejections)
        self.unread += not digest
        self._size += 1
        content = f"{line}\n".encode()
        begin = self._pages.add(content)
        end = begin + len(content)
        if self._spans and self._spans[-1] == begin:
            self._spans[-1] = end
        else:
            self._spans.extend((begin, end))

    def __len__(self) -> int:
        return self._size

    def __iter__(self) -> Iterator[RecordEntry]:
        return map(RecordEntry.of_row, map(json.loads, self.lines()))

    def __contains__(self, record: object) -> bool:
        return any(record == one for one in self)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Records):
            return NotImplemented
        return self is other or (len(self) == len(other) and all(map(eq, self.lines(), other.lines())))

    def lines(self) -> Iterator[str]:
        """Each record as JSON."""
        return (line for _, line in self.placed())

    def placed(self) -> Iterator[tuple[int, str]]:
        """Each record as JSON, with where it begins in the pages."""
        for begin, end in zip(self._spans[::2], self._spans[1::2], strict=True):
            at, rest = begin, b""
            for part in stretches(end - begin, _WINDOW):
                *lines, rest = (rest + self._pages.read(begin + part.start, begin + part.stop)).split(b"\n")
                for line in lines:
                    yield at, line.decode()
                    at += len(line) + 1

    def line(self, begin: int, size: int) -> str:
        return self._pages.read(begin, begin + size).decode()

    def ids(self) -> Iterator[str]:
        """The articles of all."""
        for line in self.lines():
            yield from json.loads(line)[1]


@dataclass(frozen=True, slots=True)
class SourceEntry:
    """One file, as it was when it was read. ``modified`` in nanoseconds; ``root`` the folder it was found under."""

    path: str
    root: str
    size: int
    modified: int
    records: Records

    @property
    def rejections(self) -> Iterator[Rejection]:
        for record in self.records if self.records.rejected else ():
            yield from record.rejections

    def pieces(self) -> Iterator[str]:
        """The line of the file in a list of sources, a record at a time: there may be very many."""
        yield f"{_json([self.path, self.root, self.size, self.modified])[:-1]},["
        for number, line in enumerate(self.records.lines()):
            yield f"{',' if number else ''}{line}"
        yield "]]\n"

    @classmethod
    def read(cls, pieces: Iterable[str], pages: Pages) -> Iterator[SourceEntry]:
        """What a list of sources says, given some of its text at a time, whose records are kept in these pages. Raises
        ValueError or TypeError where it makes no sense."""
        values = _Values(pieces)
        while not values.at_end():
            path, root, size, modified = (values.after(mark)[1] for mark in ("[", ",", ",", ","))
            records = Records(pages)
            values.expect(",[")
            while not values.has("]"):
                records.add_line(*values.after("," if records else ""))
            values.expect("]]\n")
            yield cls(path, root, size, modified, records)


class _Values:
    """JSON without blanks between its parts, of which a value is read at a time. Raises ValueError."""

    def __init__(self, pieces: Iterable[str]) -> None:
        self._pieces = iter(pieces)
        self._text, self._at = "", 0
        self._decode = json.JSONDecoder().raw_decode

    def has(self, mark: str) -> bool:
        while len(self._text) - self._at < len(mark) and self._further():
            pass
        return self._text.startswith(mark, self._at)

    def expect(self, mark: str) -> None:
        if not self.has(mark):
            raise ValueError(f"no “{mark}” at “{self._text[self._at : self._at + 80]}”")
        self._at += len(mark)

    def at_end(self) -> bool:
        return self._at == len(self._text) and not self._further()

    def after(self, mark: str) -> tuple[str, Any]:
        """The value that stands behind this mark, as it is written and as it is."""
        self.expect(mark)
        while True:
            try:
                value, end = self._decode(self._text, self._at)
            except ValueError:
                if not self._further():
                    raise
                continue
            if end < len(self._text) or not self._further():  # a number may go on in the next piece
                break
        written, self._at = self._text[self._at : end], end
        return written, value

    def _further(self) -> bool:
        """Read on; there may be nothing more."""
        for piece in self._pieces:
            self._text, self._at = self._text[self._at :] + piece, 0
            if piece:
                return True
        return False


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=True, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class Manifest:
    """The head of a generation. ``created`` is UTC, ISO 8601; ``roots`` are the paths that were given;
    ``speakers`` and ``topics`` are the digests of the newsroom's own files that it was built with."""

    engine: str
    schema: int
    analysis: int
    version: str
    created: str
    articles: int
    paragraphs: int
    roots: tuple[str, ...] = ()
    speakers: str = ""
    topics: str = ""

    def write(self, folder: Path, sources: Mapping[str, SourceEntry]) -> None:
        write_durably(folder / SOURCES, (piece for path in sorted(sources) for piece in sources[path].pieces()))
        write_durably(folder / MANIFEST, [json.dumps(asdict(self), indent=1) + "\n"])

    @classmethod
    def read(cls, folder: Path, index: Path) -> Manifest:
        """Raises IndexDamaged, which names the index, when the file is missing or makes no sense."""
        try:
            content = dict(json.loads((folder / MANIFEST).read_text(encoding="utf-8")))
            content["roots"] = tuple(content["roots"])
            return cls(**content)
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise _damaged(folder / MANIFEST, index) from error


def read_sources(folder: Path, index: Path, room: Room = in_memory) -> dict[str, SourceEntry]:
    """The source files of a generation by path. Raises IndexDamaged when the list cannot be read."""
    path = folder / SOURCES
    try:
        with path.open(encoding="utf-8", newline="\n") as file:
            pieces = iter(partial(file.read, _WINDOW), "")
            return {entry.path: entry for entry in SourceEntry.read(pieces, Pages(room))}
    except (OSError, ValueError, TypeError) as error:
        raise _damaged(path, index) from error


def _damaged(path: Path, index: Path) -> IndexDamaged:
    return IndexDamaged(
        f"The index in {index} is damaged: {path.name} is missing or cannot be read. "
        "The articles are untouched; run “onrecord reindex PATH…” on their folders, or “onrecord reindex --rollback”.",
        index,
    )
