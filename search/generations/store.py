"""Where the generations of one archive are kept, and how one becomes current: the contract, and the choice."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import Protocol

from search.analysis import ANALYSIS_VERSION
from search.engines import EMBEDDED
from search.engines.base import Engine, Reader, Writer
from search.engines.opensearch.address import Address
from search.errors import IndexOutdated
from search.generations import Pointer
from search.generations.clusters import ClusterStore
from search.generations.folders import FolderStore
from search.generations.manifest import Manifest, SourceEntry, SourceList
from search.model import Counts
from search.room import Room, in_memory
from search.settings import Settings, SettingsError


class Generation(Protocol):
    """One complete state of the index."""

    @property
    def number(self) -> int: ...

    @property
    def manifest(self) -> Manifest: ...


class Store(Protocol):
    """Keeps the generations of one archive, each with its manifest and its sources, and says which is current.

    Reading needs no lock. Everything that changes something is done within ``changing``.
    """

    @property
    def engine(self) -> Engine:
        """What the articles are prepared for."""

    @property
    def place(self) -> str:
        """What a message calls the archive: its folder, or its address."""

    def pointer(self) -> Pointer | None:
        """What is current, or None when nothing has ever been indexed here."""

    def current(self) -> Generation:
        """The live generation. Raises IndexMissing or IndexDamaged."""

    def stamp(self) -> object:
        """Changes whenever another generation becomes current; cheap enough to look at before every search."""

    def reader(self, number: int) -> Reader:
        """Open a generation for searching. Raises IndexDamaged when it cannot be read."""

    @property
    def room(self) -> Room:
        """Where what a run must know of very many articles finds room, while something is changed here."""

    def sources(self, number: int, room: Room = in_memory) -> SourceList:
        """The source files of a generation by path, what is known of them being kept in this room."""

    def changing(
        self, purpose: str, timeout: float, on_wait: Callable[[str], None], *, alone: bool
    ) -> AbstractContextManager[None]:
        """Hold the lock, and clear away what killed processes left.

        alone: nobody else may change anything meanwhile; otherwise a store may let several index at once.
        Raises IndexBusy after ``timeout`` seconds, and IndexUnavailable where nothing can be kept.
        """

    def draft(self, base: Generation | None) -> int:
        """Begin a generation, empty or on top of ``base``; nothing of it counts until ``publish``."""

    def writer(self, number: int, base: Generation | None, memory: int) -> Writer:
        """What changes a draft. ``memory``: megabytes to use."""

    def agrees(self, number: int, manifest: Manifest, counts: Counts) -> bool:
        """Does a draft hold what was put into it? ``counts`` is what a reader finds."""

    def record(self, number: int, manifest: Manifest, sources: Mapping[str, SourceEntry]) -> None:
        """Write what a generation was made of, beside it."""

    def publish(self, number: int) -> None:
        """Make a draft current in one step, and keep the generation before it."""

    def discard(self, number: int) -> None:
        """Give a draft up."""

    def rollback(self) -> Generation:
        """Make the generation before current again."""


def open_store(settings: Settings) -> Store:
    """The store that the settings name; opening it touches nothing. Raises SettingsError for one that is none."""
    if "://" in settings.engine:
        return ClusterStore(Address.parse(settings.engine))
    engine = EMBEDDED.get(settings.engine)
    if engine is None:
        raise SettingsError(
            f"There is no engine “{settings.engine}”; known are {', '.join(EMBEDDED)}, and a cluster by its address, "
            "such as opensearch://127.0.0.1:9200/press."
        )
    return FolderStore(settings.index, engine)


def refuse_outdated(generation: Generation, store: Store) -> None:
    """Raises IndexOutdated unless this program, as it is now, would have made the generation the same way."""
    made, engine = generation.manifest, store.engine
    if (made.engine, made.schema, made.analysis) != (engine.name, engine.schema_version, ANALYSIS_VERSION):
        raise IndexOutdated(
            f"The index in {store.place} was made by version {made.version}, which stored it differently. "
            "Run “onrecord reindex” to build it anew from your articles.",
            store.place,
        )
