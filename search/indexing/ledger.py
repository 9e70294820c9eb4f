"""Which article came from which record of which file, while a run brings that up to date."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from search.articles import Rejection, SourceFile
from search.generations.manifest import RecordEntry, SourceEntry


@dataclass(slots=True)
class FileDraft:
    """A new or changed file while its records are read. ``size`` and ``modified`` are from before it is opened.

    ``slots`` has a place for every record, in order, None until it is known what became of it. ``kept`` holds
    the records that are as they were, by digest; ``vanished`` those that are not.
    """

    file: SourceFile
    size: int
    modified: int
    slots: list[RecordEntry | None] = field(default_factory=list)
    kept: dict[str, list[RecordEntry]] = field(default_factory=dict)
    vanished: tuple[RecordEntry, ...] = ()

    @property
    def path(self) -> str:
        return str(self.file.path)

    def keep(self, digest: str) -> RecordEntry | None:
        """Take over the record of that digest, if the file had it before."""
        if not self.kept.get(digest):
            return None
        record = self.kept[digest].pop()
        self.slots.append(record)
        return record


class Ledger:
    """Begins with what the index holds and ends with what it will hold.

    An article whose record has changed or gone is *released*: another record may claim its id, from
    the same file or another. What nobody has claimed by the end is to be removed from the index.
    """

    def __init__(self, old: Mapping[str, SourceEntry], indexed: Mapping[str, str] | None = None) -> None:
        """``indexed``: when articles were first indexed, where ``old`` does not say; of those in ``old`` it is asked
        only once they are released."""
        self.sources = dict(old)
        self.indexed = dict(indexed or {})
        self.owners = {article: path for path, entry in old.items() for article in entry.articles}
        self.released: dict[str, str] = {}

    def forget(self, path: str) -> None:
        """The file has gone."""
        self._release(self.sources.pop(path).records, path)

    def compare(self, draft: FileDraft, digests: Iterable[str]) -> None:
        """Hold a changed file's records, by their digests now, against those that it had."""
        present = Counter(digests)
        vanished: list[RecordEntry] = []
        for record in self.sources[draft.path].records:
            if record.digest and present[record.digest]:
                present[record.digest] -= 1
                draft.kept.setdefault(record.digest, []).append(record)
            else:
                vanished.append(record)
        draft.vanished = tuple(vanished)
        self._release(vanished, draft.path)

    def claim(self, article: str, path: str) -> str | None:
        """Give the article to the file; the answer is the path of the file that has it already, if one has."""
        if article in self.owners:
            return self.owners[article]
        self.owners[article] = path
        return None

    def settle(self, draft: FileDraft) -> None:
        """The file has been read. Where it was not read whole, the articles it had stay, and so does their record."""
        records = [record for record in draft.slots if record is not None]
        if any(record.rejections for record in records):
            records += filter(None, map(self._reclaim, draft.vanished))
        # What could not even be opened may be readable the next time, without a later time of its own.
        modified = draft.modified if all(record.digest for record in records) else 0
        self.sources[draft.path] = SourceEntry(draft.path, str(draft.file.root), draft.size, modified, tuple(records))

    def refuse(self, article: str, reason: str) -> tuple[Rejection, int]:
        """Take an article back that the engine would not keep; the answer says so, and how many paragraphs it had.

        Its record goes without a digest, and so is read again by the next run: the reason may be gone by then.
        """
        path = self.owners.pop(article)
        entry = self.sources[path]
        rejection = Rejection(path, f"article “{article}”", reason, "")
        records = []
        paragraphs = 0
        for record in entry.records:
            if article in record.ids:
                left = record.articles
                paragraphs = left.pop(article)
                record = RecordEntry.of("", left, (*record.rejections, rejection), record.indexed)
            records.append(record)
        self.sources[path] = replace(entry, modified=0, records=tuple(records))
        return rejection, paragraphs

    def unclaimed(self) -> list[str]:
        """Articles that the index holds and no file has any longer."""
        return [article for article in self.released if article not in self.owners]

    def _release(self, records: Iterable[RecordEntry], path: str) -> None:
        for record in records:
            self.indexed.update(record.indexed)
            for article in record.ids:
                del self.owners[article]
                self.released[article] = path

    def _reclaim(self, record: RecordEntry) -> RecordEntry | None:
        """The record without what others have claimed meanwhile; without a digest, so that it is compared again."""
        left = {article: count for article, count in record.articles.items() if article not in self.owners}
        self.owners.update((article, self.released[article]) for article in left)
        return RecordEntry.of("", left, indexed=record.indexed) if left else None


def first_indexed(sources: Mapping[str, SourceEntry]) -> dict[str, str]:
    """When each article of these sources was first indexed."""
    return {
        article: moment
        for entry in sources.values()
        for record in entry.records
        for article, moment in record.indexed.items()
    }
