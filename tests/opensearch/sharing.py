"""Clusters that all processes of one test run share; whoever needs one first starts it, and the run's end stops it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import pytest

from tests.opensearch.cluster import Nodes, locked, missing

RUN = "ONRECORD_TEST_RUN"
OWNER = "ONRECORD_TEST_OWNER"
N = TypeVar("N", bound=Nodes)


def begin() -> None:
    """Called once, by the process that starts all others."""
    os.environ[RUN] = tempfile.mkdtemp(prefix="onrecord-tests-")
    os.environ[OWNER] = str(os.getpid())


def end() -> None:
    folder = Path(os.environ.pop(RUN))
    for path in folder.glob("*/nodes.json"):
        Nodes.restored(path.parent, json.loads(path.read_text())).stop()
    shutil.rmtree(folder, ignore_errors=True)


def shared(name: str, count: int, kind: type[N] = Nodes) -> N:  # type: ignore[assignment]
    """A running cluster of so many nodes; see ``require``."""
    require(kind)
    folder = Path(os.environ[RUN]) / name
    folder.mkdir(exist_ok=True)
    with locked(folder / "lock"):
        saved = folder / "nodes.json"
        if saved.exists():
            return kind.restored(folder, json.loads(saved.read_text()))
        nodes = kind(folder, count, int(os.environ[OWNER]))
        nodes.start()
        saved.write_text(json.dumps(nodes.save()))
        return nodes


def require(kind: type[Nodes] = Nodes) -> None:
    """Skips the test where there can be no nodes, and fails it where there must be."""
    if why := missing() or _unfetched(kind):
        if os.environ.get("CI"):
            pytest.fail(f"OpenSearch cannot be started: {why}")
        pytest.skip(why)


def _unfetched(kind: type[Nodes]) -> str | None:
    try:
        kind.class_path()
    except (subprocess.SubprocessError, OSError) as error:
        return f"OpenSearch's jars cannot be fetched: {error}"
    return None


@contextmanager
def alone_with(name: str, count: int) -> Iterator[Nodes]:
    """The same, for a test that kills nodes: no other test has it meanwhile, and all nodes are up when it begins."""
    nodes = shared(name, count)
    with locked(nodes.folder / "alone"):
        saved = nodes.folder / "nodes.json"
        nodes = Nodes.restored(nodes.folder, json.loads(saved.read_text()))
        try:
            yield nodes
        finally:
            for number, pid in enumerate(nodes.pids):
                if not pid:
                    nodes.start_node(number)
            nodes.wait_for(count)
            saved.write_text(json.dumps(nodes.save()))
