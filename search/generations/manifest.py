"""What a generation was made of: versions, counts, and every source file with what came out of it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, astuple, dataclass, field
from pathlib import Path
from typing import Any

from search.articles import Rejection
from search.errors import IndexDamaged
from search.files import write_durably

MANIFEST = "manifest.json"
SOURCES = "sources.jsonl"


@dataclass(frozen=True, slots=True)
class RecordEntry:
    """One record of a source: the digest of its bytes, the articles made from it with their paragraph counts,
    and what was rejected, so that it can be told again without reading. No digest: it could not be read at all.
    ``indexed``: when each article was first indexed, UTC, ISO 8601.
    """

    digest: str
    articles: Mapping[str, int]
    rejections: tuple[Rejection, ...] = ()
    indexed: Mapping[str, str] = field(default_factory=dict)

    def row(self) -> list[Any]:
        return [
            self.digest,
            dict(self.articles),
            [list(astuple(one)) for one in self.rejections],
            [self.indexed.get(article, "") for article in self.articles],
        ]

    @classmethod
    def of_row(cls, row: list[Any]) -> RecordEntry:
        digest, articles, rejections, *rest = row
        indexed = {article: moment for article, moment in zip(articles, *rest, strict=True) if moment} if rest else {}
        return cls(str(digest), dict(articles), tuple(Rejection(*one) for one in rejections), indexed)


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
            yield from record.articles

    @property
    def rejections(self) -> Iterator[Rejection]:
        for record in self.records:
            yield from record.rejections

    def line(self) -> str:
        row = [self.path, self.root, self.size, self.modified, [record.row() for record in self.records]]
        return json.dumps(row, ensure_ascii=True, separators=(",", ":")) + "\n"

    @classmethod
    def of_line(cls, line: str) -> SourceEntry:
        path, root, size, modified, records = json.loads(line)
        return cls(path, root, size, modified, tuple(map(RecordEntry.of_row, records)))


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
        write_durably(folder / SOURCES, (sources[path].line() for path in sorted(sources)))
        write_durably(folder / MANIFEST, [json.dumps(asdict(self), indent=1) + "\n"])

    @classmethod
    def read(cls, folder: Path, index: Path) -> Manifest:
        """Raises IndexDamaged, which names the index, when the file is missing or makes no sense."""
        content = _reading(folder / MANIFEST, index, lambda text: dict(json.loads(text)))
        try:
            content["roots"] = tuple(content["roots"])
            return cls(**content)
        except (TypeError, KeyError) as error:
            raise _damaged(folder / MANIFEST, index) from error


def read_sources(folder: Path, index: Path) -> dict[str, SourceEntry]:
    """The source files of a generation by path. Raises IndexDamaged when the list cannot be read."""
    sources: dict[str, SourceEntry] = _reading(
        folder / SOURCES,
        index,
        lambda text: {entry.path: entry for entry in map(SourceEntry.of_line, text.splitlines())},
    )
    return sources


def _reading(path: Path, index: Path, parse: Any) -> Any:
    try:
        return parse(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, TypeError) as error:
        raise _damaged(path, index) from error


def _damaged(path: Path, index: Path) -> IndexDamaged:
    return IndexDamaged(
        f"The index in {index} is damaged: {path.name} is missing or cannot be read. "
        "The articles are untouched; run “onrecord reindex PATH…” on their folders, or “onrecord reindex --rollback”.",
        index,
    )
