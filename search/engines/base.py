"""What an engine promises: to prepare articles, to write them into a generation, and to find them there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from search.model import (
    Article,
    Counts,
    Explanation,
    FacetValue,
    Interval,
    Paragraph,
    Period,
    SearchRequest,
    SpeakerType,
)
from search.query.nodes import Node

Place = Sequence[str | float | None]
"""Where in an order a hit stands, in an engine's own terms, as JSON can hold them."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """What a search finds: one page of paragraphs with their scores, best first.

    ``total``, ``stories``, ``articles``, ``facets`` and ``timeline`` count every match, not the page; ``rows`` is how
    many hits all pages together hold. ``copies`` and ``others`` are for each hit how many other matches were folded
    into it, as copies and as paragraphs of the same article. ``end`` is where the last hit stands when more follow.
    ``interval`` is that of the timeline; matches without a date are ``undated`` and not in it. ``estimated`` names what
    is no exact count, as ``SearchResult`` does.
    """

    hits: tuple[tuple[Paragraph, float], ...]
    total: int
    facets: Mapping[str, tuple[FacetValue, ...]] = field(default_factory=dict)
    stories: int = 0
    articles: int = 0
    rows: int = 0
    copies: tuple[int, ...] = ()
    others: tuple[int, ...] = ()
    end: Place | None = None
    timeline: tuple[Period, ...] = ()
    interval: Interval | None = None
    undated: int = 0
    estimated: tuple[str, ...] = ()


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

    def search(self, tree: Node, request: SearchRequest, after: Place | None = None) -> Ranked:
        """The paragraphs that match ``tree`` and the request's filters.

        Ordered as ``request.sort`` says; ties are broken by score, then newer first, then id
        (article id as text, then paragraph number). Scores are BM25 with k1 1.2 and b 0.75 and
        the idf ``ln(1 + (N − n + 0.5)/(n + 0.5))``, put together as docs/ranking.md says.

        ``total`` counts every match, ``stories`` those of one group of copies once, ``articles`` the articles they
        are in. With ``request.copies`` “group”, the matches of one group of copies are one hit, led by the earliest
        published of them (undated ones last), then by id. With ``request.group`` “article”, what is left of one
        article is one hit, led by what comes first in the order. Hits count ``rows``.

        With ``after``, the ``end`` of an answer to the same question in the same generation, the page begins right
        behind that hit, whatever ``request.page`` says. Raises ParameterError when it is no such place.

        Each facet in ``request.facets`` counts its values over all matches, under all filters but its own, most
        first, then by value; ``date`` counts years, or months or days as ``request.interval`` says, newest first.
        At most ``request.facet_size`` values, and those that were chosen besides. ``stories`` of a value counts a
        group of copies once.

        With ``request.interval``, the timeline runs without a gap from the first day asked for, or else the first
        match, to the last; what is outside the archive's own days is left off, and so is what lies outside the
        days asked for in the first and last period. Where there would be more than ``periods.MOST`` periods, a
        coarser interval is taken. ``total`` of a period counts all live paragraphs of that time.
        """

    def article(self, article_id: str) -> Article | None:
        """The article with all its paragraphs, or None when it is not here."""

    def paragraph(self, paragraph_id: str) -> Paragraph | None:
        """The paragraph ``ARTICLE#NUMBER``, or None when it is not here."""

    def paragraphs(self, paragraph_ids: Sequence[str]) -> Sequence[Paragraph | None]:
        """The same for many at once, in their order."""

    def copies(self, paragraph_id: str) -> Sequence[Paragraph]:
        """The other paragraphs of its group of copies (``search.copies``), the group's leader first.

        Groups are of what is live in the index, whatever the order in which it came there.
        """

    def explain(self, tree: Node, paragraph_ids: Sequence[str]) -> Sequence[Explanation]:
        """Why each paragraph has the score that ``tree`` gives it; of one that does not match, no reasons and 0."""

    def values(
        self,
        tree: Node,
        request: SearchRequest,
        name: str,
        *,
        prefix: str = "",
        by_name: bool = False,
        start: int = 0,
        size: int = 20,
    ) -> tuple[Sequence[FacetValue], int]:
        """Values of a field among the matches under all of the request's filters, and how many values there are.

        Only those with a word in their label that begins as ``prefix`` does, which may be several words. The most
        frequent first, then by value; or by label. ``start`` are left out, and ``size`` given.
        """

    def speaker_types(self, names: Sequence[str]) -> Mapping[str, SpeakerType]:
        """What each speaker is, by exact name; who speaks nowhere is left out.

        Where paragraphs differ, what most of the first few that are looked at say. Asked again, it costs nothing.
        """

    def days(self, tree: Node, request: SearchRequest) -> tuple[date | None, date | None]:
        """The first and the last day of the matches; None when none is dated."""

    def count(self) -> Counts: ...

    def coverage(self) -> Coverage: ...

    def suggest(self, prefix: str, limit: int = 10) -> Sequence[str]:
        """Words that begin with ``prefix`` and really occur, the commonest first."""

    def beginning(self, field: str, prefix: str, limit: int = 10) -> Sequence[FacetValue]:
        """What begins so and really occurs, the most frequent first, then in order; ``count`` is of paragraphs.

        field: ``text`` for words of the text, of ``prefix`` its last word; or ``speaker``, ``topic`` or ``outlet`` for
        values with a word in their label at which all of ``prefix`` begins.
        """

    def spellings(self, field: str, term: str) -> Sequence[tuple[str, int]]:
        """Words of a field that a term may be a misspelling of, with their paragraphs, the likeliest first.

        As ``query.spelling.edits`` counts, at most 1 away, or 2 for a term of seven letters and more; the first letter
        is the same. The term itself is among them where it occurs.
        """

    def totals(self, trees: Sequence[Node], request: SearchRequest) -> Sequence[int]:
        """How many paragraphs match each of these under the request's filters, asked all at once."""

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

    @property
    def refused(self) -> Mapping[str, str]:
        """Articles that could not be taken and are not in the index, with the reason: known when the block is left."""

    def put(self, article: PreparedArticle, indexed: datetime | None = None) -> None:
        """Add the article's paragraphs, in place of those it may have here already.

        indexed: when the archive first took the article in, UTC, where that is known; see ``stored.stamped``.
        """

    def delete(self, article_id: str) -> None:
        """Remove the article's paragraphs; one that is not here is no error."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


class Engine(Protocol):
    """What every engine has, wherever it keeps its indexes; ``generations.store`` makes its readers and writers."""

    name: str
    schema_version: int
    """Raised by one whenever an index made before could not answer as one made now."""

    def prepare(self, articles: Sequence[Article]) -> Sequence[PreparedArticle]:
        """Do all the work on articles that needs no index; this runs in worker processes.

        They may share what they are made of: they travel and are written best together, and in this order.
        """


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
