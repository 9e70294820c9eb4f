"""Generations kept as indexes of an OpenSearch cluster.

    NAME                 the alias that readers use; it stands for one index
    NAME.000004          an index, called by the number of the generation that it was begun as; in its mapping's
    NAME.000007          ``_meta``, what ``manifest.json`` holds in a folder, and the number it has now
    NAME.register        the sources of each index, in parts, and the lock

A rebuild makes an index beside the live one; one request moves the alias. So what is current, and what it was made of,
change together. ``index`` changes the live index itself, since a cluster cannot take over files as a folder does: an
article is replaced whole, what a killed process sent is sent again by the next run, and several machines may do so
at once, each for its own folders. The live index and the one before it are kept.
"""

from __future__ import annotations

import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Protocol

from search.engines.base import Reader, Writer
from search.engines.opensearch import OpenSearchEngine
from search.engines.opensearch.address import Address
from search.engines.opensearch.client import Cluster, Refused
from search.engines.opensearch.locks import LEASE, Locks
from search.engines.opensearch.mapping import index_body, register_body
from search.engines.opensearch.reader import ClusterReader
from search.engines.opensearch.writer import ClusterWriter, Neighbours
from search.errors import IndexDamaged, IndexMissing
from search.generations import Pointer
from search.generations.clusters.sources import Sources
from search.generations.manifest import Manifest, SourceEntry, SourceList
from search.model import Counts
from search.room import Room, in_memory, on_disk

PATIENCE = 90.0
"""Seconds for which a change goes on while the cluster does not answer."""
FRESH = 1.0
"""Seconds for which what is current is believed without being asked again."""
_changes: Counter[str] = Counter()
"""How often this process has changed what is current, by place: then it is asked again at once."""

Json = dict[str, Any]


class _Numbered(Protocol):
    @property
    def number(self) -> int: ...


@dataclass(frozen=True, slots=True)
class ClusterGeneration:
    """A generation that has been published, the index that holds it, and whether the alias stands for that."""

    number: int
    index: str
    manifest: Manifest
    live: bool


class ClusterStore:
    """``search.generations.store.Store`` in a cluster."""

    def __init__(self, address: Address, lease: float = LEASE) -> None:
        self.address = address
        self.engine = OpenSearchEngine()
        self.cluster = Cluster(address)
        self._sources = Sources(self.cluster, address.register)
        self._locks = Locks(self.cluster, address.register, "lock", lease)
        self._grouping = Locks(self.cluster, address.register, "grouping", lease)
        self._publishing = Locks(self.cluster, address.register, "publishing", lease)
        self._drafts: dict[int, str] = {}
        self._manifests: dict[int, Manifest] = {}
        self._before = SourceList()
        self._stamp: tuple[float, int, object] = (0.0, -1, None)

    @property
    def place(self) -> str:
        return str(self.address)

    # ------------------------------------------------------------------ reading

    def pointer(self) -> Pointer | None:
        known = self._generations().values()
        live = next((one for one in known if one.live), None)
        if live is None:
            return None
        return Pointer(live.number, max((one.number for one in known if not one.live), default=None))

    def current(self) -> ClusterGeneration:
        live = self._live()
        if live is None:
            raise IndexMissing(
                f"There is no index at {self.place} yet. Run “onrecord index PATH…” with this --engine.", self.place
            )
        return live

    def stamp(self) -> object:
        asked, changes, stamp = self._stamp
        if time.monotonic() - asked > FRESH or changes != _changes[self.place]:
            changes = _changes[self.place]
            live = self._live()
            stamp = (live.index, live.number, live.manifest.created) if live else None
            self._stamp = (time.monotonic(), changes, stamp)
        return stamp

    def reader(self, number: int) -> Reader:
        return ClusterReader(self.cluster, self._index_of(number))

    @property
    def room(self) -> Room:
        return on_disk(Path(tempfile.gettempdir()))

    def sources(self, number: int, room: Room = in_memory) -> SourceList:
        try:
            # What others change later is not ours to compare with.
            self._before = self._sources.read(self._index_of(number), room)
            return self._before
        except (ValueError, TypeError) as error:
            raise self._damaged("its list of sources cannot be read") from error

    def _generations(self) -> dict[str, ClusterGeneration]:
        """What has been published, by index."""
        found = {}
        for index, content in self._described().items():
            meta = content.get("mappings", {}).get("_meta", {})
            if "number" in meta:
                try:
                    manifest = Manifest(**{**meta["manifest"], "roots": tuple(meta["manifest"]["roots"])})
                except (KeyError, TypeError) as error:
                    raise self._damaged("its manifest makes no sense") from error
                live = self.address.name in content.get("aliases", {})
                found[index] = ClusterGeneration(int(meta["number"]), index, manifest, live)
        return found

    def _described(self) -> dict[str, Json]:
        """The indexes of this archive, with what their mappings say of them and what the alias stands for."""
        try:
            path = f"/{self.address.name}.*"
            answer: dict[str, Json] = self.cluster.ask("GET", path, None, {"filter_path": "*.aliases,*.mappings._meta"})
        except IndexMissing:
            return {}
        return {index: content for index, content in answer.items() if index != self.address.register}

    def _live(self) -> ClusterGeneration | None:
        return next((one for one in self._generations().values() if one.live), None)

    def _index_of(self, number: int) -> str:
        if number in self._drafts:
            return self._drafts[number]
        for one in self._generations().values():
            if one.number == number:
                return one.index
        raise self._damaged(f"generation {number} is not there")

    # ----------------------------------------------------------------- changing

    @contextmanager
    def changing(self, purpose: str, timeout: float, on_wait: Callable[[str], None], *, alone: bool) -> Iterator[None]:
        self._prepare()
        # From here on a node may go: another takes its place within seconds, and what was asked is asked again.
        self.cluster.patience = PATIENCE
        # Two who both begin an archive would each make an index, and one of them would be left aside.
        alone = alone or self._live() is None
        with self._locks.held(purpose, timeout, on_wait, alone=alone):
            if alone or not self._locks.others():
                self._prune()
            yield

    def _prepare(self) -> None:
        self._make(self.address.register, register_body(self.address.replicas))

    def _make(self, index: str, body: Json) -> None:
        """Make an index, unless it is there already."""
        try:
            self.cluster.ask("PUT", f"/{index}", body, seconds=90)
        except Refused as error:
            if error.kind != "resource_already_exists_exception":
                raise

    def draft(self, base: _Numbered | None) -> int:
        number = self._count_up()
        if base is not None:
            self._drafts[number] = self._index_of(base.number)
            return number
        index = self.address.index(number)
        self._make(index, index_body(self.address.shards, self.address.replicas, {"draft": number}))
        # What is written before its copies are there would be on one node alone.
        health = {"wait_for_status": "green", "timeout": "30s"}
        self.cluster.ask("GET", f"/_cluster/health/{index}", None, health, seconds=60)
        self._drafts[number], self._before = index, SourceList()
        return number

    def _count_up(self) -> int:
        """A number that nobody else is given: the version of a document that everybody writes to."""
        answer = self.cluster.ask("PUT", f"/{self.address.register}/_doc/counter", {"content": ""})
        return int(answer["_version"])

    def writer(self, number: int, base: _Numbered | None, memory: int) -> Writer:  # noqa: ARG002 - the cluster's own
        index, before = self._drafts[number], self._before
        others = Neighbours(
            run=number,
            known=lambda: {article for entry in before.values() for article in entry.records.ids()},
            is_valid=lambda run: bool(self._locks.others()) or self._sources.has(index, run),
            # Those who wait do so for as long as it takes: one who has gone is forgotten after half a minute.
            alone=lambda: self._grouping.held("to group copies", 24 * 3600.0, lambda holder: None, alone=True),
        )
        return ClusterWriter(self.cluster, index, fresh=base is None, others=others)

    def agrees(self, number: int, manifest: Manifest, counts: Counts) -> bool:
        """Where others have finished meanwhile, with what they changed; nothing can be said while any is at work."""
        if self._locks.others():
            return True
        now = self._sources.counts(self._index_of(number))
        return (counts.articles, counts.paragraphs) == (
            manifest.articles + now[0] - self._before.articles,
            manifest.paragraphs + now[1] - self._before.paragraphs,
        )

    def record(self, number: int, manifest: Manifest, sources: Mapping[str, SourceEntry]) -> None:
        index = self._index_of(number)
        self._sources.write(index, self._before, sources, number)
        if number in self._drafts:
            self._manifests[number] = manifest
        else:
            self._describe(index, number, manifest)

    def _counted(self, index: str, manifest: Manifest) -> Manifest:
        """The manifest with the counts of all sources, of which another machine may have changed some meanwhile."""
        articles, paragraphs = self._sources.counts(index)
        known = self._generations().get(index)
        roots = sorted({*manifest.roots, *(known.manifest.roots if known else ())})
        return replace(manifest, articles=articles, paragraphs=paragraphs, roots=tuple(roots))

    def _describe(self, index: str, number: int, manifest: Manifest) -> None:
        """Write down what an index is now; one after the other, where several are done at once."""
        with self._publishing.held("to make current", 60.0, lambda holder: None, alone=True):
            meta = {"number": number, "manifest": asdict(self._counted(index, manifest))}
            self.cluster.ask("PUT", f"/{index}/_mapping", {"_meta": meta})
        _changes[self.place] += 1

    def publish(self, number: int) -> None:
        self._locks.insist()
        index = self._drafts.pop(number)
        self._describe(index, number, self._manifests.pop(number))
        self._point(index)
        self._prune()

    def _point(self, index: str) -> None:
        """Let the alias stand for this index and no other, in one step."""
        actions: list[Json] = [{"add": {"index": index, "alias": self.address.name}}]
        live = self._live()
        if live and live.index != index:
            actions.insert(0, {"remove": {"index": live.index, "alias": self.address.name}})
        if not live or live.index != index:
            self.cluster.ask("POST", "/_aliases", {"actions": actions})
        _changes[self.place] += 1

    def discard(self, number: int) -> None:
        """A rebuild is given up; what an update has sent stays, and is sent again by the next one."""
        index = self._drafts.pop(number, "")
        if index and index not in self._generations():
            self._drop(index)

    def rollback(self) -> ClusterGeneration:
        known = self._generations()
        live = self.current()
        others = [one for one in known.values() if one.index != live.index]
        if not others:
            raise IndexMissing(f"{self.place} keeps no earlier generation to go back to.", self.place)
        before = max(others, key=lambda one: one.number)
        self._point(before.index)
        return before

    def _prune(self) -> None:
        """Remove what is neither live nor the last before it, and drafts of killed processes."""
        known = self._generations().values()
        if not any(one.live for one in known):
            return
        others = sorted((one for one in known if not one.live), key=lambda one: -one.number)
        keep = {*(one.index for one in known if one.live), *(one.index for one in others[:1]), *self._drafts.values()}
        for index in self._described().keys() - keep:
            self._drop(index)

    def _drop(self, index: str) -> None:
        try:
            self.cluster.ask("DELETE", f"/{index}", seconds=90)
        except IndexMissing:
            return
        self._sources.drop(index)

    def close(self) -> None:
        self.cluster.close()

    def _damaged(self, what: str) -> IndexDamaged:
        return IndexDamaged(
            f"The index at {self.place} is damaged: {what}. The articles are untouched; run “onrecord reindex PATH…” "
            "on their folders, or “onrecord reindex --rollback”.",
            self.place,
        )
