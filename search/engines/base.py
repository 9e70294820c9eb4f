"""What an engine promises: to prepare articles, to write them into a generation, and to find them there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from search.model import Article, Counts, FacetValue, Paragraph, SearchRequest
from search.query.nodes import Node


@dataclass(frozen=True, slots=True)
class Ranked:
    """What a search finds: one page of paragraphs with their scores, best first.

    ``total`` and ``facets`` count every match, not the page.
    """

    hits: tuple[tuple[Paragraph, float], ...]
    total: int
    facets: Mapping[str, tuple[FacetValue, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Coverage:
    """What the paragraphs of an index span: ``first`` and ``last`` day, None when none is dated."""

    outlets: int
    speakers: int
    first: date | None
    last: date | None


class PreparedArticle(Protocol):
    """An article ready to be written, made in any process. ``paragraphs`` is their number."""

    @property
    def id(self) -> str: ...

    @property
    def paragraphs(self) -> int: ...


class Reader(Protocol):
    """One generation, open for searching. Many threads may use it at once."""

    def search(self, tree: Node, request: SearchRequest) -> Ranked:
        """The paragraphs that match ``tree`` and the request's filters.

        Ordered as ``request.sort`` says; ties are broken by score, then newer first, then id
        (article id as text, then paragraph number). Scores are BM25 with k1 1.2 and b 0.75 and
        the idf ``ln(1 + (N − n + 0.5)/(n + 0.5))``.
        """

    def article(self, article_id: str) -> Article | None:
        """The article with all its paragraphs, or None when it is not here."""

    def paragraph(self, paragraph_id: str) -> Paragraph | None:
        """The paragraph ``ARTICLE#NUMBER``, or None when it is not here."""

    def count(self) -> Counts: ...

    def coverage(self) -> Coverage: ...

    def suggest(self, prefix: str, limit: int = 10) -> Sequence[str]:
        """Words that begin with ``prefix`` and really occur, the commonest first."""

    def frequencies(self, terms: Sequence[str]) -> Sequence[int]:
        """In about how many paragraphs each term stands in the text, as it is written; for weighing words."""

    def check(self) -> Iterator[str]:
        """Read everything; one sentence for each thing that is wrong.

        Compares nothing with the outside: that is ``search.archive``'s part. Yields now and then the
        empty string, so that a caller can show progress.
        """

    def articles(self) -> Iterator[tuple[str, int]]:
        """Every article id with its number of paragraphs, as really stored."""

    def close(self) -> None: ...


class Writer(Protocol):
    """Changes a generation: all of it on leaving the ``with`` block, nothing if it raises."""

    def put(self, article: PreparedArticle) -> None:
        """Add the article's paragraphs, in place of those it may have here already."""

    def delete(self, article_id: str) -> None:
        """Remove the article's paragraphs; one that is not here is no error."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


class Engine(Protocol):
    """What every engine has, wherever it keeps its indexes; ``search.store`` makes its readers and writers."""

    name: str
    schema_version: int
    """Raised by one whenever an index made before could not answer as one made now."""

    def prepare(self, article: Article) -> PreparedArticle:
        """Do all the work on an article that needs no index; this runs in worker processes."""


class FolderEngine(Engine, Protocol):
    """Makes readers and writers for the folder of one generation."""

    def create(self, folder: Path, *, memory: int) -> Writer:
        """Start an empty generation in ``folder``, which must not hold one yet.

        ``memory``: megabytes to use before spilling to the disk.
        """

    def append(self, folder: Path, *, memory: int) -> Writer:
        """Change the generation in ``folder``. Files already there are never written to, so a folder
        may share them with another generation by hard links; new files may be added, old ones unlinked."""

    def open(self, folder: Path) -> Reader:
        """Open for searching. Raises IndexDamaged when the files cannot be read."""
