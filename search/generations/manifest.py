"""What a generation was made of: versions, counts, and every source file with what came out of it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

from search.articles import Rejection
from search.errors import IndexDamaged
from search.files import write_durably
from search.generations.records import Records, written
from search.held import Numbers, Pages
from search.room import Room, in_memory

MANIFEST = "manifest.json"
SOURCES = "sources.jsonl"
_WINDOW = 1 << 16
"""Characters of the list of sources that are read at a time."""


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
        yield f"{written([self.path, self.root, self.size, self.modified])[:-1]},["
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


class SourceList(Mapping[str, SourceEntry]):
    """Source files by path, in the order in which they came; an entry is made when it is asked for.

    articles, paragraphs: how many they have together. pages: what their records are kept in.
    """

    def __init__(self, room: Room = in_memory) -> None:
        self.pages, self.articles, self.paragraphs = Pages(room), 0, 0
        self._entries, self._places = Pages(room), Numbers(room)
        """A line for every entry that there ever was, and for each path, where its line begins."""

    def copy(self) -> SourceList:
        """The same, to be changed; files that are in both are kept once."""
        made = SourceList()
        made.pages, made.articles, made.paragraphs = self.pages, self.articles, self.paragraphs
        made._entries, made._places = self._entries, self._places.copy()
        return made

    def put(self, entry: SourceEntry) -> None:
        """Add or replace a file, whose records are in the pages."""
        self.drop(entry.path)
        head = entry.path, entry.root, entry.size, entry.modified
        self._places.put(entry.path, self._entries.add(f"{written([*head, *entry.records.packed()])}\n".encode()))
        self.articles += entry.records.articles
        self.paragraphs += entry.records.paragraphs

    def drop(self, path: str) -> None:
        entry = self.get(path)
        if entry:
            self.articles -= entry.records.articles
            self.paragraphs -= entry.records.paragraphs
            self._places.drop(path)

    def __getitem__(self, path: str) -> SourceEntry:
        place = self._places.get(path)
        if place < 0:
            raise KeyError(path)
        return self._unpacked(self._entries.line(place))

    def _unpacked(self, line: str) -> SourceEntry:
        path, root, size, modified, *records = json.loads(line)
        return SourceEntry(path, root, size, modified, Records.unpacked(self.pages, records))

    def __contains__(self, path: object) -> bool:
        return isinstance(path, str) and path in self._places

    def __len__(self) -> int:
        return len(self._places)

    def __iter__(self) -> Iterator[str]:
        return (entry.path for entry in self.entries())

    def entries(self) -> Iterator[SourceEntry]:
        """The same as ``values``, in less time."""
        for at, line in self._entries.lines(0, len(self._entries)):
            entry = self._unpacked(line)
            if self._places.get(entry.path) == at:
                yield entry


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
        write_durably(folder / SOURCES, (piece for entry in sources.values() for piece in entry.pieces()))
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


def read_sources(folder: Path, index: Path, room: Room = in_memory) -> SourceList:
    """The source files of a generation. Raises IndexDamaged when the list cannot be read."""
    path, sources = folder / SOURCES, SourceList(room)
    try:
        file = path.open(encoding="utf-8", newline="\n")
    except OSError as error:
        raise _damaged(path, index) from error
    with file:
        try:
            for entry in SourceEntry.read(iter(partial(file.read, _WINDOW), ""), sources.pages):
                sources.put(entry)
        except (ValueError, TypeError) as error:  # an OSError would be of a disk that is full
            raise _damaged(path, index) from error
    return sources


def _damaged(path: Path, index: Path) -> IndexDamaged:
    return IndexDamaged(
        f"The index in {index} is damaged: {path.name} is missing or cannot be read. "
        "The articles are untouched; run “onrecord reindex PATH…” on their folders, or “onrecord reindex --rollback”.",
        index,
    )
