"""The records of a source file, and what became of each."""

from __future__ import annotations

import json
from array import array
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, field
from operator import eq
from typing import Any, Self

from search.articles import Rejection
from search.held import Pages


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

    __slots__ = ("_size", "_spans", "articles", "pages", "paragraphs", "rejected", "unread")

    def __init__(self, pages: Pages, records: Iterable[RecordEntry] = ()) -> None:
        self.pages = pages
        self._spans = array("q")
        """Where runs of lines begin and end, in turn."""
        self._size = self.articles = self.paragraphs = self.rejected = self.unread = 0
        for record in records:
            self.add(record)

    def add(self, record: RecordEntry) -> None:
        row = record.row()
        self.add_line(written(row), row)

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
        begin = self.pages.add(content)
        end = begin + len(content)
        if self._spans and self._spans[-1] == begin:
            self._spans[-1] = end
        else:
            self._spans.extend((begin, end))

    def packed(self) -> list[Any]:
        """What ``unpacked`` makes the same of."""
        counts = self._size, self.articles, self.paragraphs, self.rejected, self.unread
        return [*counts, *self._spans]

    @classmethod
    def unpacked(cls, pages: Pages, packed: Sequence[int]) -> Self:
        """Records that are in these pages already."""
        made = cls(pages)
        made._size, made.articles, made.paragraphs, made.rejected, made.unread, *spans = packed
        made._spans.extend(spans)
        return made

    def __len__(self) -> int:
        return self._size

    def __iter__(self) -> Iterator[RecordEntry]:
        return map(RecordEntry.of_row, map(json.loads, self.lines()))

    def __contains__(self, record: object) -> bool:
        return any(record == one for one in self)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Records):
            return NotImplemented
        if self.pages is other.pages and self._spans == other._spans:
            return True
        return len(self) == len(other) and all(map(eq, self.lines(), other.lines()))

    def lines(self) -> Iterator[str]:
        """Each record as JSON."""
        return (line for _, line in self.placed())

    def placed(self) -> Iterator[tuple[int, str]]:
        """Each record as JSON, with where it begins in the pages."""
        for begin, end in zip(self._spans[::2], self._spans[1::2], strict=True):
            yield from self.pages.lines(begin, end)

    def ids(self) -> Iterator[str]:
        """The articles of all."""
        for line in self.lines():
            yield from json.loads(line)[1]


def written(value: object) -> str:
    """JSON without blanks or line breaks, in ASCII."""
    return json.dumps(value, ensure_ascii=True, separators=(",", ":"))
