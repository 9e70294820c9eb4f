"""One run over the files: what has changed is read, written into a draft, tried out, and becomes current."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path

from search.analysis import ANALYSIS_VERSION
from search.articles import ReadingNotice, Record, Rejection, SourceFile, find_sources, records
from search.errors import SearchError, ShrinkRefused
from search.generations.manifest import Manifest, SourceList
from search.generations.records import RecordEntry
from search.generations.store import Generation, Store
from search.held import Lookup, Numbers
from search.indexing.draft import Draft, Sample, is_found
from search.indexing.ledger import FileDraft, Ledger
from search.indexing.report import Listener, Meter, Report
from search.pipeline import Batch, House, Outcome, batched, house_of, prepare
from search.settings import Settings
from search.speakers import FILE as SPEAKERS
from search.topics.desk import FILES as TOPICS
from search.workers import each

_CANARIES = 24


class Run:
    """One update or rebuild, from the survey of the files to the generation that becomes current."""

    def __init__(self, settings: Settings, store: Store, listener: Listener) -> None:
        self.settings = settings
        self.store = store
        self.listener = listener
        self.report = Report()
        self.canaries = Sample(_CANARIES)
        self.house = House()
        self.built_with: dict[str, str] = {}  # digests of the house's files by which what is indexed was understood
        self.started = time.monotonic()
        # One moment for all that a run takes in: they became searchable together.
        self.begun = datetime.now(UTC).replace(tzinfo=None).isoformat(timespec="seconds")

    def update(self, base: Generation | None, old: SourceList, paths: Sequence[Path]) -> Report:
        """Change what has changed. Nothing has: nothing is written, and the generation stays."""
        ledger = Ledger(old, self.store.room)
        before = [Path(root) for root in base.manifest.roots] if base else []
        self._know(before + list(paths), base)
        self._survey(ledger, paths, before)
        with Draft(self.store, base, self.settings) as draft:
            self._read(ledger, draft)
            for article in ledger.unclaimed():
                draft.writer().delete(article)
                self.report.removed += 1
            if base is None:
                draft.writer()  # even an empty archive opens
        self._refuse(ledger, draft)
        roots = _outermost([*before, *(path for path in paths if path.exists())])
        if base and not draft.begun:
            self.report.generation, self.report.total = base.number, base.manifest.articles
            if ledger.has_changed or roots != base.manifest.roots:
                self.store.record(base.number, replace(base.manifest, roots=roots), ledger.sources)
            return self._done()
        return self._publish(draft, ledger, roots)

    def rebuild(self, paths: Sequence[Path], least: float, indexed: Lookup) -> Report:
        """Make everything anew; refuse to let fewer than ``least`` articles become current.

        indexed: when articles were first indexed, which a rebuild does not change.
        """
        ledger = Ledger(SourceList(self.store.room), self.store.room, indexed)
        self._know(paths, None)
        self._survey(ledger, paths)
        with Draft(self.store, None, self.settings) as draft:
            self._read(ledger, draft)
            draft.writer()
        self._refuse(ledger, draft)
        articles = len(ledger.owners)
        if articles < least:
            draft.discard()
            raise ShrinkRefused(
                f"The rebuilt index would hold {articles:,} articles, fewer than half of the {round(least * 2):,} "
                "there are now, so it was not made current. If that is right, repeat with --force."
            )
        return self._publish(draft, ledger, _outermost(paths))

    def _know(self, paths: Sequence[Path], base: Generation | None) -> None:
        """Read what the house has settled; say so when the index was built with something else."""
        self.house = house_of(path.resolve() for path in paths)
        now = {SPEAKERS: self.house.register.digest, TOPICS: self.house.topics.digest}
        before = {SPEAKERS: base.manifest.speakers, TOPICS: base.manifest.topics} if base else now
        self.built_with = before
        for file, kept in ((SPEAKERS, "names"), (TOPICS, "topics")):
            if before[file] != now[file]:
                message = f"has changed; articles that are indexed already keep their {kept} until “onrecord reindex”"
                self.report.notices.append(ReadingNotice(file, "", message))

    # ---------------------------------------------------------------------- reading the files

    def _survey(self, ledger: Ledger, paths: Sequence[Path], before: Sequence[Path] = ()) -> None:
        """Find the files to be read; those that have gone are forgotten.

        before: paths of earlier runs. A file below one of them goes by its name from there, as it did then.
        """
        seen = Numbers(self.store.room)
        unread: list[Path] = []
        for found in find_sources(paths):
            if isinstance(found, Rejection):
                self.report.rejections.append(found)
                unread.append(Path(found.file).absolute())
                continue
            self.report.files += 1
            file = _rooted(found, before)
            size, modified = _looked_at(file)
            if known := ledger.sources.get(str(file.path)):
                seen.put(known.path, 1)
            if known and (known.size, known.modified, known.root) == (size, modified, str(file.root)):
                self.report.unchanged += known.records.articles
                self.report.rejections.extend(known.rejections)
            else:
                ledger.expect(file, size, modified)
        folders = [path.resolve() for path in paths if path.is_dir()]
        unseen = (path for path in ledger.sources if path not in seen)
        for path in list(unseen) if len(seen) < len(ledger.sources) else ():
            if _is_below(path, folders) and not _is_below(path, unread):
                ledger.forget(path)

    def _read(self, ledger: Ledger, writing: Draft) -> None:
        """Read the files in worker processes and hand their articles to the writer, in order."""
        # Changed files are compared first, all of them, so that an article may move from one to another.
        for draft in ledger.drafts() if ledger.sources else ():
            if draft.path in ledger.sources:
                found = (record for record in records(draft.file) if isinstance(record, Record))
                ledger.compare(draft, map(_digest, found))
        meter = Meter(self.listener, ledger.unread)
        under_way: deque[list[_Wanted]] = deque()

        def batches() -> Iterator[Batch]:
            for batch in batched(self._wanted(ledger, meter), lambda wanted: wanted.record):
                under_way.append(batch)
                yield Batch(self.store.engine.name, self.house, tuple(wanted.record for wanted in batch))

        for outcomes in each(prepare, batches(), self.settings.processes):
            for wanted, outcome in zip(under_way.popleft(), outcomes, strict=True):
                wanted.draft.records.add(self._take(ledger, wanted, outcome, writing))
                ledger.done(wanted.draft)
            meter.tell(self.report)
        ledger.close()

    def _wanted(self, ledger: Ledger, meter: Meter) -> Iterator[_Wanted]:
        """The records that are not in the index yet."""
        for draft in ledger.drafts():
            for record in records(draft.file):
                if isinstance(record, Rejection):
                    self.report.rejections.append(record)
                    draft.records.add(RecordEntry("", {}, (record,)))
                    continue
                digest = _digest(record)
                if kept := draft.keep(digest):
                    self.report.unchanged += len(kept.articles)
                    self.report.rejections.extend(kept.rejections)
                    continue
                draft.due += 1
                yield _Wanted(draft, digest, record)
            meter.done += draft.size
            ledger.done(draft)

    def _take(self, ledger: Ledger, wanted: _Wanted, outcome: Outcome, writing: Draft) -> RecordEntry:
        """Write the articles of one record."""
        rejections = list(outcome.rejections)
        taken: dict[str, int] = {}
        indexed: dict[str, str] = {}
        for article in outcome.articles:
            self.report.read += 1
            owner = ledger.claim(article.id, wanted.draft.path)
            if owner is not None:
                rejections.append(_taken(wanted, article.id, owner))
                continue
            moment = indexed[article.id] = ledger.indexed.get(article.id) or self.begun
            writing.writer().put(article, datetime.fromisoformat(moment))
            count = taken[article.id] = article.paragraphs
            self.report.paragraphs += count
            if article.id in ledger.released:
                self.report.replaced += 1
            else:
                self.report.new += 1
            if count:
                self.canaries.offer(f"{article.id}#{count - 1}")
        self.report.rejections.extend(rejections)
        self.report.notices.extend(outcome.notices)
        return RecordEntry(wanted.digest, taken, tuple(rejections), indexed)

    def _refuse(self, ledger: Ledger, draft: Draft) -> None:
        """Name what the engine would not take; the rest goes on."""
        for article, rejection, paragraphs in ledger.refuse(draft.refused):
            self.report.rejections.append(rejection)
            self.report.paragraphs -= paragraphs
            if article in ledger.released:
                self.report.replaced -= 1
                self.report.removed += 1
            else:
                self.report.new -= 1
        self.canaries.chosen = [one for one in self.canaries.chosen if one.rpartition("#")[0] not in draft.refused]

    # ---------------------------------------------------------------------- becoming current

    def _publish(self, draft: Draft, ledger: Ledger, roots: Sequence[str]) -> Report:
        manifest = Manifest(
            engine=self.store.engine.name,
            schema=self.store.engine.schema_version,
            analysis=ANALYSIS_VERSION,
            version=version("onrecord"),
            created=datetime.now(UTC).isoformat(timespec="seconds"),
            articles=len(ledger.owners),
            paragraphs=ledger.sources.paragraphs,
            roots=tuple(roots),
            speakers=self.built_with[SPEAKERS],
            topics=self.built_with[TOPICS],
        )
        self._try_out(draft, manifest)
        self.store.record(draft.number, manifest, ledger.sources)
        self.store.publish(draft.number)
        self.report.generation, self.report.total = draft.number, manifest.articles
        return self._done()

    def _try_out(self, draft: Draft, manifest: Manifest) -> None:
        """Open the new generation as a reader would; it must hold what was put in, and find it."""
        reader = self.store.reader(draft.number)
        try:
            counts = reader.count()
            ok = self.store.agrees(draft.number, manifest, counts)
            ok = ok and all(is_found(reader, canary) for canary in self.canaries.chosen)
        finally:
            reader.close()
        if not ok:
            draft.discard()
            raise SearchError(
                "The new generation does not hold what was put into it, so it was not made current; "
                "the index is as it was. Please report this."
            )

    def _done(self) -> Report:
        self.report.seconds = time.monotonic() - self.started
        return self.report


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A record on its way to a worker, and the file that waits for what becomes of it."""

    draft: FileDraft
    digest: str
    record: Record


def _looked_at(file: SourceFile) -> tuple[int, int]:
    """Its size, and when it was changed."""
    try:
        entry = file.path.stat()
    except OSError:  # gone, or closed to us, since it was found; reading it will say so
        return 0, 0
    return entry.st_size, entry.st_mtime_ns


def _rooted(file: SourceFile, roots: Sequence[Path]) -> SourceFile:
    """The file as found from the outermost of the roots above it: its articles' ids come from that path."""
    above = [root for root in roots if file.root != root and file.path.is_relative_to(root) and root.is_dir()]
    return replace(file, root=min(above, key=lambda root: len(root.parts))) if above else file


def _digest(record: Record) -> str:
    """Tells whether a record is as it was: its bytes, and its name, from which an id may come."""
    digest = blake2b(record.content, digest_size=12)
    digest.update(record.name.encode("utf-8", "surrogateescape"))
    return digest.hexdigest()


def _taken(wanted: _Wanted, article: str, owner: str) -> Rejection:
    where = "an earlier article of this file" if owner == wanted.draft.path else owner
    return Rejection(
        wanted.record.file, wanted.record.place, f"the id “{article}” is taken by {where}", "give it an id of its own"
    )


def _is_below(path: str, folders: Sequence[Path]) -> bool:
    return any(Path(path).is_relative_to(folder) for folder in folders)


def _outermost(paths: Iterable[Path]) -> tuple[str, ...]:
    """The paths that do not lie within another of them."""
    kept: list[Path] = []
    for path in sorted({path.resolve() for path in paths}):
        if not any(path.is_relative_to(other) for other in kept):
            kept.append(path)
    return tuple(map(str, kept))
