"""Generations kept as folders of an embedded engine's files."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from search.engines.base import FolderEngine, Reader, Writer
from search.generations import FOLDER, LOCK, Generation, Generations, Pointer
from search.generations.lock import exclusive
from search.generations.manifest import Manifest, SourceEntry, SourceList, read_sources
from search.model import Counts
from search.room import Room, in_memory, on_disk


class _Numbered(Protocol):
    @property
    def number(self) -> int: ...


class FolderStore:
    """``search.generations.store.Store`` in one index folder. One process changes it at a time."""

    def __init__(self, index: Path, engine: FolderEngine) -> None:
        self.index = index
        self.engine = engine
        self.generations = Generations(index)

    @property
    def place(self) -> str:
        return str(self.index)

    def pointer(self) -> Pointer | None:
        return self.generations.pointer()

    def current(self) -> Generation:
        return self.generations.current()

    def stamp(self) -> object:
        return self.generations.stamp()

    def reader(self, number: int) -> Reader:
        return self.engine.open(self.generations.folder(number))

    @property
    def room(self) -> Room:
        return on_disk(self.index / FOLDER)

    def sources(self, number: int, room: Room = in_memory) -> SourceList:
        return read_sources(self.generations.folder(number), self.index, room)

    @contextmanager
    def changing(
        self,
        purpose: str,
        timeout: float,
        on_wait: Callable[[str], None],
        *,
        alone: bool,  # noqa: ARG002 - everybody is, here
    ) -> Iterator[None]:
        self.generations.prepare()
        with exclusive(self.index / LOCK, purpose, timeout, on_wait):
            self.generations.prune()
            yield

    def draft(self, base: _Numbered | None) -> int:
        return self.generations.draft(self.generations.open(base.number) if base else None)[0]

    def writer(self, number: int, base: _Numbered | None, memory: int) -> Writer:
        make = self.engine.append if base else self.engine.create
        return make(self.generations.folder(number), memory=memory)

    def agrees(self, number: int, manifest: Manifest, counts: Counts) -> bool:  # noqa: ARG002 - nobody else writes
        return (counts.articles, counts.paragraphs) == (manifest.articles, manifest.paragraphs)

    def record(self, number: int, manifest: Manifest, sources: Mapping[str, SourceEntry]) -> None:
        manifest.write(self.generations.folder(number), sources)

    def publish(self, number: int) -> None:
        self.generations.publish(number)

    def discard(self, number: int) -> None:
        shutil.rmtree(self.generations.folder(number), ignore_errors=True)

    def rollback(self) -> Generation:
        return self.generations.rollback()
