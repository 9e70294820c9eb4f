"""The engines, one after the other. A test here does not know which it has."""

from __future__ import annotations

import itertools
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from search import Archive
from search.engines import ENGINES
from search.engines.base import Reader
from search.engines.opensearch.address import Address
from search.engines.opensearch.client import Cluster
from search.generations.manifest import Manifest
from search.generations.store import Store, open_store
from search.model import Article
from search.settings import Settings
from tests.opensearch.sharing import shared

Change = Article | str
"""An article that is put, or the id of one that is deleted."""
Opened = Callable[[Sequence[Sequence[Change]]], "contextmanager[tuple[Reader, list[Article]]]"]
_NUMBERS = itertools.count()


class Kept:
    """Where the archives of one test are: a folder, or a cluster.

    options: of the address of a cluster, such as ``?shards=3``.
    """

    def __init__(self, engine: str, folder: Path, options: str = "") -> None:
        self.engine, self.folder, self.options = engine, folder, options
        self.names: list[str] = []
        self.nodes = shared("one", 1) if engine == "opensearch" else None

    def settings(self) -> Settings:
        """Of an archive that has never been."""
        name = f"t{os.getpid()}-{next(_NUMBERS)}"
        self.names.append(name)
        address = self.nodes.address(name, self.options) if self.nodes else self.engine
        return Settings(index=self.folder / name, engine=address, jobs=1, lock_timeout=0.2)

    def clear(self, name: str) -> None:
        self.names.remove(name)
        if self.nodes:
            cluster = Cluster(Address.parse(self.nodes.address(name)))
            cluster.ask("DELETE", f"/{name}.*", None, {"allow_no_indices": "true"})
            cluster.close()
        shutil.rmtree(self.folder / name, ignore_errors=True)


@pytest.fixture(params=sorted(ENGINES), scope="module")
def kept(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    """On each engine in turn, or on those that a module names, with options of its address if it wants."""
    engine, mark, options = request.param.partition("?")
    kept = Kept(engine, tmp_path_factory.mktemp("kept"), mark + options)
    yield kept
    for name in list(kept.names):
        kept.clear(name)


@pytest.fixture
def archive(kept: Kept) -> Iterator[Archive]:
    """An archive with nothing in it yet."""
    with Archive.open(settings=kept.settings()) as archive:
        yield archive


@contextmanager
def opened(kept: Kept, batches: Sequence[Sequence[Change]]) -> Iterator[tuple[Reader, list[Article]]]:
    """A generation after some batches of changes, and the articles that it should hold."""
    settings = kept.settings()
    store = open_store(settings)
    held: dict[str, Article] = {}
    number: int | None = None
    for batch in batches:
        with store.changing("a test", 1.0, lambda holder: None, alone=False):
            base = store.current() if number else None
            number = store.draft(base)
            with store.writer(number, base, 32) as writer:
                for change in batch:
                    if isinstance(change, str):
                        writer.delete(change)
                        held.pop(change, None)
                    else:
                        writer.put(*store.engine.prepare([change]))
                        held[change.id] = change
            store.record(number, manifest(store, held), {})
            store.publish(number)
    assert number is not None
    reader = store.reader(number)
    try:
        yield reader, list(held.values())
    finally:
        reader.close()
        kept.clear(settings.index.name)


def manifest(store: Store, held: dict[str, Article]) -> Manifest:
    paragraphs = sum(len(article.paragraphs) for article in held.values())
    return Manifest(store.engine.name, store.engine.schema_version, 0, "0", "2024", len(held), paragraphs)
