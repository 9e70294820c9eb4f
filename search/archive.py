"""The one door: what the site, the command line and scripts use."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from types import TracebackType

from search import profiles
from search.asking import answer, like
from search.errors import IndexUnavailable
from search.generations.store import open_store
from search.highlight import highlight
from search.indexing import indexer
from search.indexing.report import SILENT, Listener, Report
from search.leases import Leases
from search.model import (
    Article,
    Completion,
    Counts,
    Listing,
    Match,
    Paragraph,
    Profile,
    SearchRequest,
    SearchResult,
    Span,
    Status,
)
from search.query import parse
from search.query.limits import LONGEST
from search.request import make_request
from search.settings import Settings
from search.speakers import Variants
from search.suggesting import complete
from search.verify import Verdict, verify


class Archive:
    """A searchable archive in an index folder.

    Opening costs nothing: the index is read when something is asked. A generation that becomes current
    meanwhile is picked up by the next question. Any number of threads may ask at once.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     articles = Path(folder, "articles")
    ...     articles.mkdir()
    ...     _ = (articles / "ferry.txt").write_text("Ferry delayed\\n\\n“We sail at dawn,” Ada Holm said.\\n")
    ...     with Archive.open(Path(folder, "index")) as archive:
    ...         _ = archive.index([articles])
    ...         [hit.paragraph.id for hit in archive.search("dawn").hits]
    ['ferry#0']
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._store = open_store(settings)
        self._leases = Leases(self._store)

    @classmethod
    def open(cls, index: Path | str | None = None, *, settings: Settings | None = None) -> Archive:
        """An archive on an index folder, by default ``index/``; other settings as ``Settings`` has them."""
        settings = settings or Settings()
        return cls(settings if index is None else replace(settings, index=Path(index)))

    # ------------------------------------------------------------------------- changing

    def index(self, paths: Iterable[Path | str], listener: Listener = SILENT) -> Report:
        """Bring the index level with the files below these paths. See ``search.indexing.indexer.index``."""
        return indexer.index(self.settings, [Path(path) for path in paths], listener)

    def reindex(
        self,
        paths: Iterable[Path | str] | None = None,
        *,
        force: bool = False,
        listener: Listener = SILENT,
    ) -> Report:
        """Build the index anew and swap it in. See ``search.indexing.indexer.reindex``."""
        given = None if paths is None else [Path(path) for path in paths]
        return indexer.reindex(self.settings, given, force=force, listener=listener)

    def rollback(self) -> int:
        """Go back to the generation before, whose number is the answer."""
        return indexer.rollback(self.settings).number

    # ------------------------------------------------------------------------ searching

    def search(
        self,
        text: str = "",
        *,
        match: str = "all",
        size: int = 20,
        page: int = 1,
        sort: str = "relevance",
        speaker: Sequence[str] | str = (),
        topic: Sequence[str] | str = (),
        outlet: Sequence[str] | str = (),
        kind: Sequence[str] | str = (),
        language: Sequence[str] | str = (),
        section: Sequence[str] | str = (),
        quoted: Sequence[str] | str = (),
        published_from: str | date | None = None,
        published_to: str | date | None = None,
        facets: Sequence[str] | str = (),
        facet_size: int = 50,
        interval: str | None = None,
        copies: str = "group",
        group: str = "paragraph",
        cursor: str | None = None,
        explain: bool = False,
    ) -> SearchResult:
        """The paragraphs that answer a query, best first.

        text: in the query language; empty finds everything. match: ``all`` or ``any`` of its bare words.
        size: hits a page, 1 to 100. page: from 1; cursor: a result's, for the page after it, however deep.
        sort: ``relevance``, ``newest`` or ``oldest``. Filters: values of one mean OR, different ones AND. Dates are
        inclusive, ``YYYY``, ``YYYY-MM``, ``YYYY-MM-DD`` or a date. facets: of ``speaker topic outlet kind language
        date section quoted``, counted over all matches. interval: of the timeline, ``day``, ``week``, ``month`` or
        ``year``. copies: ``group`` folds near-identical paragraphs into one hit, ``all`` gives each; ``total`` counts
        every match either way. group: one hit a ``paragraph`` or an ``article``. explain: say what gave each score.

        Raises QueryError for what cannot be answered and IndexUnavailable when there is nothing to ask.
        """
        request = make_request(
            text=text, match=match, size=size, page=page, sort=sort, speaker=speaker, topic=topic, outlet=outlet,
            kind=kind, language=language, section=section, quoted=quoted, published_from=published_from,
            published_to=published_to, facets=facets, facet_size=facet_size, interval=interval, copies=copies,
            group=group, cursor=cursor, explain=explain,
        )  # fmt: skip
        return self.answer(request)

    def answer(self, request: SearchRequest) -> SearchResult:
        """The same, for a request that is made already."""
        with self._leases.reading() as (reader, generation):
            return answer(reader, generation, request)

    def like(self, paragraph_id: str, size: int = 10) -> SearchResult | None:
        """Paragraphs like this one, by the words that tell it from others; None when it is not here."""
        with self._leases.reading() as (reader, generation):
            return like(reader, generation, paragraph_id, make_request(size=size).size)

    def speakers(
        self, prefix: str = "", sort: str = "count", page: int = 1, size: int = 50, *, text: str = ""
    ) -> Listing:
        """Who is heard, in the whole archive or in what answers ``text``: who said it most, exactly.

        prefix: a word in the name begins so. sort: ``count`` or ``name``.
        """
        with self._leases.reading() as (reader, generation):
            return profiles.listing(reader, generation.number, "speaker", text, prefix, sort, page, size)

    def variants(self, prefix: str = "") -> list[Variants]:
        """Names that may be one speaker's, for ``speakers.toml`` to say so. See ``search.speakers.variants``."""
        with self._leases.reading() as (reader, _):
            return profiles.variants(reader, prefix)

    def speaker(self, name: str) -> Profile | None:
        """One speaker across the archive, by name or another way of writing it; None when nobody is called so."""
        with self._leases.reading() as (reader, generation):
            return profiles.speaker(reader, generation.number, name)

    def topics(
        self, prefix: str = "", sort: str = "count", page: int = 1, size: int = 50, *, text: str = ""
    ) -> Listing:
        """What the archive, or what answers ``text``, is about."""
        with self._leases.reading() as (reader, generation):
            return profiles.listing(reader, generation.number, "topic", text, prefix, sort, page, size)

    def topic(self, code: str) -> Profile | None:
        """One topic across the archive, by code or label; None when nothing is about it."""
        with self._leases.reading() as (reader, generation):
            return profiles.topic(reader, generation.number, code)

    def highlights(self, text: str, paragraph: Paragraph, match: str = "all") -> tuple[Span, ...]:
        """What in a paragraph answers a query, wherever the paragraph is shown."""
        return tuple(highlight(parse(text, Match(match)).tree, paragraph))

    def article(self, article_id: str) -> Article | None:
        with self._leases.reading() as (reader, _):
            return reader.article(article_id)

    def paragraph(self, paragraph_id: str) -> Paragraph | None:
        with self._leases.reading() as (reader, _):
            return reader.paragraph(paragraph_id)

    def paragraphs(self, paragraph_ids: Sequence[str]) -> tuple[Paragraph | None, ...]:
        """Many paragraphs at once, in their order; None for one that is not here."""
        with self._leases.reading() as (reader, _):
            return tuple(reader.paragraphs(paragraph_ids))

    def copies(self, paragraph_id: str) -> tuple[Paragraph, ...]:
        """The paragraphs that say the same, but for a word or two; the earliest published first.

        Empty for one that has no copies, or is not here.
        """
        with self._leases.reading() as (reader, _):
            return tuple(reader.copies(paragraph_id))

    def complete(self, prefix: str, limit: int = 10) -> tuple[Completion, ...]:
        """How what was typed so far may go on: words, speakers, topics and outlets that are really there."""
        with self._leases.reading() as (reader, _):
            return tuple(complete(reader, prefix[-LONGEST:], limit))

    def suggest(self, prefix: str, limit: int = 10) -> list[str]:
        """Words that begin so and really occur, the commonest first."""
        with self._leases.reading() as (reader, _):
            return list(reader.suggest(prefix, limit))

    def verify(self, quotation: str, speaker: str | None = None) -> Verdict:
        """Did they say it? Whether a quotation stands in the archive word for word, nearly, by somebody else, as a
        paraphrase or not at all, with the paragraphs that come nearest.

        speaker: who is meant to have said it; a part of the name will do. Raises QueryError for a quotation
        without words or beyond ``search.verify.LONGEST_QUOTATION``.
        """
        with self._leases.reading() as (reader, generation):
            return verify(reader, quotation, speaker, generation.number)

    def count(self) -> Counts:
        with self._leases.reading() as (reader, _):
            return reader.count()

    def generation(self) -> tuple[int, str]:
        """The number of the live generation and when it was made; cheap enough to ask before every answer."""
        with self._leases.reading() as (_, generation):
            return generation.number, generation.manifest.created

    def status(self) -> Status:
        """What the archive holds and when it was built."""
        with self._leases.reading() as (reader, generation):
            made, coverage = generation.manifest, reader.coverage()
        pointer = self._store.pointer()
        return Status(
            index=self._store.place,
            engine=made.engine,
            generation=generation.number,
            previous=pointer.previous if pointer else None,
            built=datetime.fromisoformat(made.created),
            version=made.version,
            articles=made.articles,
            paragraphs=made.paragraphs,
            outlets=coverage.outlets,
            speakers=coverage.speakers,
            first=coverage.first,
            last=coverage.last,
            roots=made.roots,
        )

    def check(self) -> Iterator[str]:
        """Read the whole index and compare it with its manifest; one sentence for each fault.

        Empty sentences come in between, as signs of life.
        """
        with self._leases.reading() as (reader, generation):
            yield from reader.check()
            expected = {
                article: count
                for entry in self._store.sources(generation.number).values()
                for record in entry.records
                for article, count in record.articles.items()
            }
            stored = dict(reader.articles())
        for article in sorted(expected.keys() | stored.keys()):
            want, have = expected.get(article), stored.get(article)
            if want != have:
                yield f"article {article}: {have or 0} paragraphs are indexed, {want or 0} were put in"

    # ------------------------------------------------------------------- opening, closing

    def close(self) -> None:
        self._leases.close()

    def __enter__(self) -> Archive:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


__all__ = ["Archive", "IndexUnavailable", "Status"]
