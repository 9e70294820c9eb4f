"""Move an archive to another store, such as a cluster, from its own stored paragraphs: the articles are not read again.

Speakers and topics stay as they are, and so does the list of sources, by which the next ``onrecord index`` there knows
what it need not read.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace

from search.engines import ENGINES
from search.engines.base import PreparedArticle, Reader
from search.errors import SearchError
from search.generations.manifest import Manifest
from search.generations.store import Store, open_store, refuse_outdated
from search.indexing.draft import Draft, Sample, is_found
from search.indexing.report import SILENT, Listener, Progress, Report
from search.model import Article
from search.settings import Settings, SettingsError
from search.workers import each

_BATCH = 50
_SAMPLE = 48


def copy(settings: Settings, to: str, listener: Listener = SILENT) -> Report:
    """Fill the store at ``to`` with the current generation of the archive that the settings name.

    What is there becomes the generation before. Raises SearchError, nothing having become current, when not all of
    it arrived.
    """
    source, target = open_store(settings), open_store(replace(settings, engine=to))
    if source.place == target.place:
        raise SettingsError(f"The archive is in {to} already.")
    generation = source.current()
    refuse_outdated(generation, source)
    started, report = time.monotonic(), Report()
    reader = source.reader(generation.number)
    try:
        with target.changing("onrecord copy", settings.lock_timeout, listener.on_wait, alone=True):
            sources = source.sources(generation.number, target.room)
            with Draft(target, None, replace(settings, engine=to)) as draft:
                sample = _fill(draft, reader, generation.manifest, report, listener)
            manifest = replace(generation.manifest, engine=target.engine.name, schema=target.engine.schema_version)
            if not _has_arrived(target, draft, manifest, reader, sample):
                draft.discard()
                raise SearchError(
                    f"Not all of the {manifest.paragraphs:,} paragraphs of {source.place} arrived at {target.place} as "
                    "they were, so nothing there was made current. Run “onrecord check” on the first, and try again."
                )
            target.record(draft.number, manifest, sources)
            target.publish(draft.number)
    finally:
        reader.close()
    report.generation, report.total, report.read = draft.number, manifest.articles, report.new
    report.seconds = time.monotonic() - started
    return report


def _fill(draft: Draft, reader: Reader, manifest: Manifest, report: Report, listener: Listener) -> list[str]:
    """Put every article into the draft; the answer is a sample of their paragraphs."""
    sample = Sample(_SAMPLE)
    writer = draft.writer()
    for article, prepared in _articles(reader, draft.store.engine.name, draft.settings.processes):
        writer.put(prepared, article.metadata.indexed)
        report.new += 1
        report.paragraphs += len(article.paragraphs)
        sample.offer(article.paragraphs[-1].id)
        if report.new % _BATCH == 0:
            listener.on_progress(Progress(report.new, report.paragraphs, report.paragraphs, manifest.paragraphs))
    return sample.chosen


def _has_arrived(target: Store, draft: Draft, manifest: Manifest, reader: Reader, sample: list[str]) -> bool:
    """Are counts and sampled paragraphs the same in both, and are these found by their own words?"""
    there = target.reader(draft.number)
    try:
        return target.agrees(draft.number, manifest, there.count()) and all(
            reader.paragraph(chosen) == there.paragraph(chosen) and is_found(there, chosen) for chosen in sample
        )
    finally:
        there.close()


def _articles(reader: Reader, engine: str, processes: int) -> Iterator[tuple[Article, PreparedArticle]]:
    def batches() -> Iterator[tuple[str, list[Article]]]:
        batch: list[Article] = []
        for identifier, _ in reader.articles():
            article = reader.article(identifier)
            assert article is not None
            batch.append(article)
            if len(batch) == _BATCH:
                yield engine, batch
                batch = []
        if batch:
            yield engine, batch

    for prepared in each(prepare_articles, batches(), processes):
        yield from prepared


def prepare_articles(batch: tuple[str, list[Article]]) -> list[tuple[Article, PreparedArticle]]:
    """Make stored articles ready for the engine of that name; this runs in worker processes."""
    engine, articles = batch
    return list(zip(articles, ENGINES[engine].prepare(list(map(_unstamped, articles))), strict=True))


def _unstamped(article: Article) -> Article:
    """Without the moment of its first indexing, which the writer adds."""
    head = replace(article.metadata, indexed=None)
    return replace(article, metadata=head, paragraphs=tuple(replace(p, article=head) for p in article.paragraphs))
