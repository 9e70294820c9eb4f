"""``onrecord serve`` as a process: it answers while the index is built anew, has bounds, and ends in good order."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from search import Archive, Settings
from tests.conftest import article, write_lines

pytestmark = pytest.mark.skipif(os.name != "posix", reason="gunicorn needs POSIX")

FERRIES = [article(f"ferry{n}", f"Ferry number {n} sailed.", date="2024-01-05") for n in range(30)]


@contextmanager
def serving(index: Path, **environment: str) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """A server on a free port, and the port; it is ended in any case."""
    process = subprocess.Popen(
        [sys.executable, "-m", "search.cli", "serve", "--index", str(index), "--port", "0", "--workers", "2"],
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, **environment},
    )
    try:
        assert process.stderr
        said = process.stderr.readline()
        assert "On Record is open at http://127.0.0.1:" in said, said
        yield process, int(said.split("127.0.0.1:")[1].split("/")[0])
    finally:
        process.kill()
        process.communicate()


def get(port: int, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read()
    finally:
        connection.close()


@pytest.fixture
def index(tmp_path: Path) -> Path:
    settings = Settings(index=tmp_path / "index", jobs=1)
    with Archive.open(settings=settings) as archive:
        archive.index([write_lines(tmp_path / "a.jsonl", *FERRIES)])
    return settings.index


def test_no_request_fails_while_the_index_is_built_anew_and_the_new_one_is_seen(index: Path, tmp_path: Path) -> None:
    with serving(index) as (_, port), Archive.open(settings=Settings(index=index, jobs=1)) as archive:
        seen: list[tuple[int, int]] = []
        done = threading.Event()

        def ask() -> None:
            while not done.is_set():
                status, headers, _ = get(port, "/search.json?q=ferry")
                seen.append((status, int(headers["X-Index-Generation"])))

        askers = [threading.Thread(target=ask) for _ in range(3)]
        for asker in askers:
            asker.start()
        for round_ in range(2):
            archive.reindex()
            archive.index([write_lines(tmp_path / f"more{round_}.jsonl", article(f"more{round_}", "A ferry."))])
        last = archive.status().generation
        while seen[-1][1] < last:
            time.sleep(0.01)
        done.set()
        for asker in askers:
            asker.join()
    assert {status for status, _ in seen} == {200}
    assert {1, last} <= {generation for _, generation in seen}


def test_what_is_too_long_is_refused_by_its_own_status(index: Path) -> None:
    with serving(index) as (_, port):
        assert get(port, "/search?q=" + "x" * 8100)[0] == 414
        assert get(port, "/search?q=" + "x" * 9000)[0] in (400, 414)
        assert get(port, "/", **{"X-Long": "x" * 9000})[0] in (400, 431)
        assert get(port, "/", Host="evil.example")[0] == 400
        assert get(port, "/")[0] == 200


def test_it_ends_in_good_order_and_lets_what_is_under_way_come_to_its_end(index: Path) -> None:
    with serving(index) as (process, port):
        with socket.create_connection(("127.0.0.1", port)) as connection:
            connection.sendall(b"GET /search.csv?q=ferry&copies=all HTTP/1.1\r\nHost: localhost\r\n")
            connection.sendall(b"Connection: close\r\n\r\n")
            head = connection.recv(1)
            process.send_signal(signal.SIGTERM)
            answer = head + b"".join(iter(lambda: connection.recv(65536), b""))
        assert answer.count(b"ferry") >= 30
        assert process.wait(60) == 0


def test_a_debugger_is_never_opened(index: Path) -> None:
    process = subprocess.run(
        [sys.executable, "-m", "search.cli", "serve", "--index", str(index), "--port", "0"],
        env={**os.environ, "FLASK_DEBUG": "1"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert process.returncode == 1
    assert "FLASK_DEBUG" in process.stderr


def test_a_port_that_is_taken_is_told_in_a_sentence(index: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        process = subprocess.run(
            [sys.executable, "-m", "search.cli", "serve", "--index", str(index), "--port", str(other.getsockname()[1])],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert process.returncode == 1
    assert "Choose another with --port" in process.stderr
