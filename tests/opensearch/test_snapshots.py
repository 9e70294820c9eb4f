"""A snapshot brings everything back, as docs/scale.md says it does: the index, the alias and the list of sources."""

from __future__ import annotations

import http.client
import json
from pathlib import Path
from typing import Any

import pytest

from search import Archive
from search.errors import IndexMissing
from search.settings import Settings
from tests.conftest import article, write_lines
from tests.opensearch.cluster import Nodes
from tests.opensearch.sharing import shared

pytest.importorskip("opensearchpy")


def ask(nodes: Nodes, method: str, path: str, body: Any = None) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", nodes.ports[0], timeout=60)
    content = json.dumps(body) if body else None
    connection.request(method, path, content, {"content-type": "application/json"} if body else {})
    answer = connection.getresponse()
    told = answer.read().decode()
    connection.close()
    assert answer.status == 200, told


def test_what_was_saved_comes_back(tmp_path: Path) -> None:
    nodes = shared("one", 1)
    folder = write_lines(tmp_path / "articles" / "one.jsonl", article("ferry", "The ferry sails.", "Ice.")).parent
    with Archive.open(settings=Settings(engine=nodes.address("saved"), jobs=1)) as archive:
        archive.index([folder])
        where = {"type": "fs", "settings": {"location": str(nodes.folder.resolve() / "snapshots")}}
        ask(nodes, "PUT", "/_snapshot/backup", where)
        what = {"indices": "saved.*", "include_global_state": False}
        ask(nodes, "PUT", "/_snapshot/backup/2026-11-24?wait_for_completion=true", what)
        ask(nodes, "DELETE", "/saved.*")
    with Archive.open(settings=Settings(engine=nodes.address("saved"), jobs=1)) as archive:
        with pytest.raises(IndexMissing):
            archive.search("ice")
        ask(nodes, "POST", "/_snapshot/backup/2026-11-24/_restore?wait_for_completion=true")
    with Archive.open(settings=Settings(engine=nodes.address("saved"), jobs=1)) as archive:
        assert [hit.paragraph.id for hit in archive.search("ice").hits] == ["ferry#1"]
        assert [fault for fault in archive.check() if fault] == []
        assert archive.index([folder]).unchanged == 1
