"""Which article came from which record of which file, while a run brings that up to date.

An archive has very many of both, so what is known of them is held in a few bytes each (``search.held``).
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from search.articles import Rejection, SourceFile
from search.generations.manifest import SourceEntry, SourceList
from search.generations.records import RecordEntry, Records, written
from search.held import Lookup, Pages
from search.indexing.kept import Kept
from search.room import Room, in_memory


@dataclass(slots=True)
class FileDraft:
    """A new or changed file while its records are read. ``size`` and ``modified`` are from before it is opened.

    ``records`` takes what became of each; ``kept`` has those that are as they were, ``vanished`` those that are not.
    ``due``: how many records it is not known of yet, one more for as long as the file is being read.
    """

    file: SourceFile
    size: int
    modified: int
    records: Records
    kept: Kept | None = None
    vanished: Records | None = None
    due: int = 1

    @property
    def path(self) -> str:
        return str(self.file.path)

    def keep(self, digest: str) -> RecordEntry | None:
        """Take over the record of that digest, if the file had it before."""
        line = self.kept.take(digest) if self.kept else None
        if line is None:
            return None
        row = json.loads(line)
        self.records.add_line(line, row)
        return RecordEntry.of_row(row)


class Ledger:
    """Begins with what the index holds and ends with what it will hold.

    An article whose record has changed or gone is *released*: another record may claim its id, from
    the same file or another. What nobody has claimed by the end is to be removed from the index.
    """

    def __init__(self, old: SourceList, room: Room = in_memory, indexed: Lookup | None = None) -> None:
        """``indexed``: when articles were first indexed, where ``old`` does not say; of those in ``old`` it is asked
        only once they are released."""
        self.sources = old.copy()
        self.indexed = Lookup(room) if indexed is None else indexed
        self.released = Lookup(room)
        self.has_changed = False
        """Is it other sources than in the beginning, or the same as they are not any longer?"""
        self.unread = 0
        """Bytes of the files that are to be read."""
        self._old, self._room = old, room
        self._given_back: list[Records] = []
        self._drafts = Pages(room)
        self._compared: dict[str, FileDraft] = {}

    @cached_property
    def owners(self) -> Lookup:
        """The file that each article is from; a run in which nothing has changed need not know."""
        pairs = ((article, entry.path) for entry in self._old.entries() for article in entry.records.ids())
        return Lookup.of(pairs, self._room)

    def expect(self, file: SourceFile, size: int, modified: int) -> None:
        """Note a file that is to be read."""
        line = written([str(file.path), str(file.root), file.suffix, file.shown, size, modified])
        self._drafts.add(f"{line}\n".encode())
        self.unread += size

    def drafts(self) -> Iterator[FileDraft]:
        """The files that are to be read, in order."""
        for _, line in self._drafts.lines(0, len(self._drafts)):
            path, root, suffix, shown, size, modified = json.loads(line)
            file = SourceFile(Path(path), Path(root), suffix, shown)
            yield self._compared.get(path) or FileDraft(file, size, modified, Records(self.sources.pages))

    def forget(self, path: str) -> None:
        """The file has gone."""
        self._release(self.sources[path].records, path)
        self.sources.drop(path)
        self.has_changed = True

    def compare(self, draft: FileDraft, digests: Iterable[str]) -> None:
        """Hold a changed file's records, by their digests now, against those that it had."""
        draft.kept, draft.vanished = Kept(self.sources[draft.path].records, digests), Records(self.sources.pages)
        for line in draft.kept.vanished():
            draft.vanished.add_line(line, json.loads(line))
        self._release(draft.vanished, draft.path)
        self._compared[draft.path] = draft
        draft.due += 1  # it is settled when all are: what it does not have any longer may be another's by then

    def claim(self, article: str, path: str) -> str | None:
        """Give the article to the file; the answer is the path of the file that has it already, if one has."""
        owner = self.owners.get(article)
        if owner is None:
            self.owners.put(article, path)
        return owner

    def done(self, draft: FileDraft) -> None:
        """It is known what became of a record, or that there are no further ones."""
        draft.due -= 1
        if not draft.due:
            self._settle(draft)

    def close(self) -> None:
        """All files have been read."""
        for draft in self._compared.values():
            self.done(draft)

    def _settle(self, draft: FileDraft) -> None:
        """The file has been read. Where it was not read whole, the articles it had stay, and so does their record."""
        records = draft.records
        if records.rejected and draft.vanished:
            for record in filter(None, [self._reclaim(record, draft.path) for record in draft.vanished]):
                records.add(record)
        # What could not even be opened may be readable the next time, without a later time of its own.
        modified = 0 if records.unread else draft.modified
        entry = SourceEntry(draft.path, str(draft.file.root), draft.size, modified, records)
        self.has_changed |= self.sources.get(draft.path) != entry
        self.sources.put(entry)

    def refuse(self, reasons: Mapping[str, str]) -> Iterator[tuple[str, Rejection, int]]:
        """Take articles back that the engine would not keep, for a reason each; the answer says so of each, and how
        many paragraphs it had.

        Its record goes without a digest, and so is read again by the next run: the reason may be gone by then.
        """
        refused: defaultdict[str, dict[str, Rejection]] = defaultdict(dict)
        for article, reason in reasons.items():
            path = self.owners.get(article) or ""
            self.owners.drop(article)
            refused[path][article] = Rejection(path, f"article “{article}”", reason, "")
        for path, those in refused.items():
            entry = self.sources[path]
            left = Records(self.sources.pages)
            for record in entry.records:
                mine = {article: those[article] for article in record.articles if article in those}
                yield from ((article, rejection, record.articles[article]) for article, rejection in mine.items())
                left.add(_without(record, mine) if mine else record)
            self.sources.put(SourceEntry(entry.path, entry.root, entry.size, 0, left))

    def unclaimed(self) -> Iterator[str]:
        """Articles that the index holds and no file has any longer."""
        for records in self._given_back:
            yield from (article for article in records.ids() if article not in self.owners)

    def _release(self, records: Records, path: str) -> None:
        self._given_back.append(records)
        for record in records:
            for article in record.articles:
                self.owners.drop(article)
                self.released.put(article, path)
                if article in record.indexed:
                    self.indexed.put(article, record.indexed[article])

    def _reclaim(self, record: RecordEntry, path: str) -> RecordEntry | None:
        """The record without what others have claimed meanwhile; without a digest, so that it is compared again."""
        left = {article: count for article, count in record.articles.items() if article not in self.owners}
        for article in left:
            self.owners.put(article, path)
        return RecordEntry("", left, indexed=record.indexed) if left else None


def _without(record: RecordEntry, refused: Mapping[str, Rejection]) -> RecordEntry:
    left = {article: count for article, count in record.articles.items() if article not in refused}
    return RecordEntry("", left, (*record.rejections, *refused.values()), record.indexed)


def first_indexed(sources: SourceList, room: Room = in_memory) -> Lookup:
    """When each article of these sources was first indexed."""
    records = (record for entry in sources.entries() for record in entry.records)
    return Lookup.of((pair for record in records for pair in record.indexed.items()), room)
