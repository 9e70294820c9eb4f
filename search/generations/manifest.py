"""What a generation was made of: versions, counts, and every source file with what came out of it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, astuple, dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from search.articles import Rejection
from search.errors import IndexDamaged
from search.files import write_durably

MANIFEST = "manifest.json"
SOURCES = "sources.jsonl"


@dataclass(frozen=True, slots=True)
class RecordEntry:
    """One record of a source: the digest of its bytes, the articles made from it by their ids with the paragraphs of
    each, and what was rejected, so that it can be told again without reading. No digest: it could not be read at all.
    ``moments``: when each article was first indexed, UTC, ISO 8601, "" where that is not known.

    An archive has very many, so what many have alike is kept once, and no dictionary in any.
    """

    digest: str
    ids: tuple[str, ...]
    counts: tuple[int, ...]
    rejections: tuple[Rejection, ...]
    moments: tuple[str, ...]

    @classmethod
    def of(
        cls,
        digest: str,
        articles: Mapping[str, int],
        rejections: Iterable[Rejection] = (),
        indexed: Mapping[str, str] = MappingProxyType({}),
    ) -> RecordEntry:
        moments = tuple(indexed.get(article, "") for article in articles)
        return cls(digest, tuple(articles), _once(tuple(articles.values())), tuple(rejections), _once(moments))

    @property
    def articles(self) -> dict[str, int]:
        """The paragraphs of each article."""
        return dict(zip(self.ids, self.counts, strict=True))

    @property
    def indexed(self) -> dict[str, str]:
        """When articles were first indexed, as far as that is known."""
        return {article: moment for article, moment in zip(self.ids, self.moments, strict=True) if moment}

    def row(self) -> list[Any]:
        return [self.digest, self.articles, [list(astuple(one)) for one in self.rejections], list(self.moments)]

    @classmethod
    def of_row(cls, row: list[Any]) -> RecordEntry:
        digest, articles, rejections, *rest = row
        indexed = dict(zip(articles, *rest, strict=True)) if rest else {}
        return cls.of(str(digest), articles, (Rejection(*one) for one in rejections), indexed)


@lru_cache(10_000)
def _once(values: tuple[Any, ...]) -> tuple[Any, ...]:
    """The first tuple that was equal to this one."""
    return values


@dataclass(frozen=True, slots=True)
class SourceEntry:
    """One file, as it was when it was read. ``modified`` in nanoseconds; ``root`` the folder it was found under."""

    path: str
    root: str
    size: int
    modified: int
    records: tuple[RecordEntry, ...]

    @property
    def articles(self) -> Iterator[str]:
        for record in self.records:
            yield from record.ids

    @property
    def rejections(self) -> Iterator[Rejection]:
        for record in self.records:
            yield from record.rejections

    def line(self) -> str:
        return "".join(self.pieces())

    def pieces(self) -> Iterator[str]:
        """The line, a record at a time: there may be very many."""
        yield f"{_json([self.path, self.root, self.size, self.modified])[:-1]},["
        for number, record in enumerate(self.records):
            yield f"{',' if number else ''}{_json(record.row())}"
        yield "]]\n"

    @classmethod
    def of_line(cls, line: str) -> SourceEntry:
        """Raises ValueError or TypeError when the line makes no sense."""
        values = _Values(line.rstrip("\n"))
        path, root, size, modified = map(values.after, ("[", ",", ",", ","))
        records: list[RecordEntry] = []
        values.expect(",[")
        while not values.has("]"):
            records.append(RecordEntry.of_row(values.after("," if records else "")))
        values.expect("]]")
        values.end()
        return cls(path, root, size, modified, tuple(records))


class _Values:
    """JSON without blanks between its parts, of which a value is read at a time. Raises ValueError."""

    def __init__(self, text: str) -> None:
        self._text, self._at = text, 0
        self._decode = json.JSONDecoder().raw_decode

    def has(self, mark: str) -> bool:
        return self._text.startswith(mark, self._at)

    def expect(self, mark: str) -> None:
        if not self.has(mark):
            raise ValueError(f"no “{mark}” at character {self._at}")
        self._at += len(mark)

    def end(self) -> None:
        if self._at < len(self._text):
            raise ValueError(f"more than was to be read, from character {self._at} on")

    def after(self, mark: str) -> Any:
        """The value that stands behind this mark."""
        self.expect(mark)
        value, self._at = self._decode(self._text, self._at)
        return value


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


def read_sources(folder: Path, index: Path) -> dict[str, SourceEntry]:
    """The source files of a generation by path. Raises IndexDamaged when the list cannot be read."""
    path = folder / SOURCES
    try:
        with path.open(encoding="utf-8", newline="\n") as lines:
            return {entry.path: entry for entry in map(SourceEntry.of_line, lines)}
    except (OSError, ValueError, TypeError) as error:
        raise _damaged(path, index) from error


def _damaged(path: Path, index: Path) -> IndexDamaged:
    return IndexDamaged(
        f"The index in {index} is damaged: {path.name} is missing or cannot be read. "
        "The articles are untouched; run “onrecord reindex PATH…” on their folders, or “onrecord reindex --rollback”.",
        index,
    )
