"""Nodes ended by ``kill -9``: nothing that was acknowledged is lost, searches go on, and so does the site."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from search import Archive
from search.settings import Settings
from tests.conftest import article, write_lines
from tests.opensearch.cluster import Nodes, ask
from tests.opensearch.sharing import alone_with, require
from web import create_app

FILES, EACH = 20, 40


@pytest.fixture
def nodes() -> Iterator[Nodes]:
    with alone_with("three", 3) as nodes:
        yield nodes


def command(engine: str, *words: str) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "ONRECORD_ENGINE": engine, "ONRECORD_JOBS": "1"}
    return subprocess.Popen([sys.executable, "-m", "search.cli", *words], env=environment, stderr=subprocess.PIPE)


class Asking:
    """Asks one question again and again; ``failures`` are answers that did not come or were not whole."""

    def __init__(self, settings: Settings) -> None:
        self.answers = 0
        self.failures: list[str] = []
        self._stop = threading.Event()
        self._settings = settings
        self._thread = threading.Thread(target=self._ask)

    def _ask(self) -> None:
        with Archive.open(settings=self._settings) as archive:
            while not self._stop.wait(0.02):
                try:
                    if archive.search("lighthouse", copies="all").total != 3:
                        self.failures.append("not whole")
                    self.answers += 1
                except Exception as error:
                    self.failures.append(repr(error))

    def __enter__(self) -> Asking:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()


def written(nodes: Nodes, pattern: str) -> int:
    """How many documents the nodes have taken for indexes of that name."""
    for number, pid in enumerate(nodes.pids):
        if pid and (answer := ask(nodes.ports[number], f"/{pattern}/_stats/indexing")):
            return int(answer.get("_all", {}).get("primaries", {}).get("indexing", {}).get("index_total", 0))
    return 0


def wait_until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < deadline, "it took too long"
        time.sleep(0.02)


def whole(archive: Archive, folder: Path) -> None:
    """Counts and texts are what was put in, and what the manifest says."""
    assert archive.count().articles == archive.status().articles == FILES * EACH + 1
    assert archive.count().paragraphs == archive.status().paragraphs == 2 * FILES * EACH + 3
    assert [fault for fault in archive.check() if fault] == []
    for n in range(0, FILES, 7):
        paragraph = archive.paragraph(f"a{n}-{n}#1")
        assert paragraph is not None
        assert paragraph.text == text(n, n)
    assert archive.index([folder]).read == 0


def text(n: int, i: int) -> str:
    return f"Boat {n} went out {i} times before the harbour froze."


def test_nothing_is_lost_and_searches_go_on_when_nodes_are_killed(nodes: Nodes, tmp_path: Path) -> None:
    engine = nodes.address("killed")
    folder = tmp_path / "articles"
    write_lines(folder / "first.jsonl", article("first", *["The lighthouse stands."] * 3))
    settings = Settings(engine=engine, jobs=1, lock_timeout=60.0)
    with Archive.open(settings=settings) as archive:
        archive.index([folder])
        nodes.wait_for(3, "green")
        for n in range(FILES):
            write_lines(folder / f"{n}.jsonl", *(article(f"a{n}-{i}", "It was cold.", text(n, i)) for i in range(EACH)))

        with Asking(settings) as asking:
            before = written(nodes, "killed.0*")
            indexing = command(engine, "index", str(folder))
            wait_until(lambda: written(nodes, "killed.0*") > before + 200)
            nodes.kill_node(2)
            _, told = indexing.communicate(timeout=240)
            assert indexing.returncode == 0, told.decode()
            nodes.start_node(2)
            nodes.wait_for(3, "green")
        assert asking.failures == []
        assert asking.answers > 10
        whole(archive, folder)

        with Asking(settings) as asking:
            rebuilding = command(engine, "reindex")
            wait_until(lambda: written(nodes, "killed.000003") > 200)
            nodes.kill_node(0)
            _, told = rebuilding.communicate(timeout=240)
            assert rebuilding.returncode == 0, told.decode()
        assert asking.failures == []
        whole(archive, folder)
        nodes.start_node(0)
        nodes.wait_for(3, "green")
        whole(archive, folder)


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Nodes]:
    """A cluster of one, for this test alone."""
    require()
    nodes = Nodes(tmp_path / "nodes", 1)
    try:
        nodes.start()
        yield nodes
    finally:
        nodes.stop()


def test_the_site_says_that_the_cluster_is_away_and_goes_on_when_it_is_back(node: Nodes, tmp_path: Path) -> None:
    folder = write_lines(tmp_path / "articles" / "one.jsonl", article("first", "The lighthouse stands.")).parent
    words = itertools.count()
    seen = set()

    def answers(status: int) -> bool:
        question = f"q=lighthouse+-never{next(words)}"  # another one each time, or what was answered is kept
        told = [client.get(f"{path}?{question}") for path in ("/search", "/api/v1/search")]
        seen.update(answer.status_code for answer in told)
        assert all(answer.headers["Retry-After"] for answer in told if answer.status_code == 503)
        return all(answer.status_code == status for answer in told)

    with Archive.open(settings=Settings(engine=node.address("served"), jobs=1)) as archive:
        archive.index([folder])
        client = create_app(archive=archive).test_client()
        assert answers(200)
        node.kill_node(0)
        wait_until(lambda: answers(503))
        node.start_node(0)
        wait_until(lambda: answers(200))
        assert seen == {200, 503}
        assert archive.search("lighthouse").total == 1
