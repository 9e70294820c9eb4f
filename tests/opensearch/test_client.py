"""What goes wrong between us and a cluster: each time one sentence, with the remedy."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from search import Archive
from search.engines.opensearch import bulk
from search.engines.opensearch.address import Address
from search.engines.opensearch.bulk import Bulk, delete, put
from search.engines.opensearch.client import Cluster, Refused
from search.errors import IndexAway, IndexMissing, IndexUnavailable
from search.settings import Settings, SettingsError
from tests.opensearch.cluster import free_ports
from web import create_app

pytest.importorskip("opensearchpy")
HELLO = {"version": {"distribution": "opensearch", "number": "2.19.1"}}
Answer = tuple[int, Any]


@contextmanager
def server(answer: Callable[[str, str, bytes], Answer], port: int = 0) -> Iterator[str]:
    """Something that answers as it is told; the address of an archive there."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            status, content = answer(self.command, self.path, body)
            data = content if isinstance(content, bytes) else json.dumps(content).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = do_PUT = do_DELETE = answer  # noqa: N815 - so they are called

        def log_message(self, *_: object) -> None:
            pass

    running = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    thread = threading.Thread(target=running.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"opensearch://127.0.0.1:{running.server_address[1]}/press"
    finally:
        running.shutdown()
        running.server_close()
        thread.join()


def archive(engine: str) -> Archive:
    return Archive.open(settings=Settings(engine=engine, lock_timeout=0.1))


def failing(status: int, kind: str, reason: str) -> Callable[[str, str, bytes], Answer]:
    def answer(_: str, path: str, __: bytes) -> Answer:
        return (200, HELLO) if path == "/" else (status, {"error": {"type": kind, "reason": reason}, "status": status})

    return answer


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("opensearch://h:9200", "such as opensearch://127.0.0.1:9200/press"),
        ("opensearch://h:9200/Press", "small letters"),
        ("opensearch://h:9200/a,b", "small letters"),
        ("opensearch://h:9200/*", "small letters"),
        ("opensearch://h:9200/a/../b", "small letters"),
        ("ftp://h/press", "not the address"),
        ("https://ada:secret@h/press", "ONRECORD_OPENSEARCH_PASSWORD"),
        ("opensearch://h/press?pipeline=x", "only shards=N"),
        ("opensearch://h/press?shards=many", "only shards=N"),
        ("tantivy", "There is no engine “tantivy”"),
    ],
)
def test_an_address_that_is_none_is_refused_before_anything_is_asked(address: str, told: str) -> None:
    with pytest.raises(SettingsError, match=r"\w") as refused:
        archive(address)
    assert told in str(refused.value)
    assert "secret" not in str(refused.value)


def test_an_address_names_hosts_shards_and_copies() -> None:
    address = Address.parse("https://[::1]:9201,b.example/press?shards=6&replicas=2")
    assert (address.hosts, address.secure) == ((("::1", 9201), ("b.example", 9200)), True)
    assert (address.shards, address.replicas, str(address)) == (6, 2, "https://[::1]:9201,b.example:9200/press")


def test_without_the_extra_the_sentence_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "opensearchpy", None)
    with pytest.raises(IndexUnavailable, match=r"pip install 'onrecord\[opensearch\]'"):
        archive("opensearch://127.0.0.1:9/press").search("ice")


def test_nothing_of_the_client_is_imported_unless_asked_for() -> None:
    code = "import sys, search, search.cli, search.generations.store, web; sys.exit('opensearchpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_refused_connection_names_the_address() -> None:
    (port,) = free_ports(1)
    with pytest.raises(IndexAway, match=rf"127.0.0.1:{port}/press \(connection refused\). Start it") as away:
        archive(f"opensearch://127.0.0.1:{port}/press").search("ice")
    assert away.value.exit_code == 3


@pytest.mark.parametrize(
    ("status", "kind", "reason", "error", "told"),
    [
        (401, "security_exception", "no", IndexUnavailable, "ONRECORD_OPENSEARCH_USER"),
        (403, "security_exception", "no permissions for [indices:data/read]", IndexUnavailable, "no permissions"),
        (404, "index_not_found_exception", "no such index", IndexMissing, "onrecord index"),
        (503, "cluster_block_exception", "no master", IndexAway, "not ready"),
        (400, "parsing_exception", "unknown query [zeppelin]", Refused, "unknown query"),
        (429, "rejected_execution_exception", "queue is full", IndexAway, "has more to do than it can"),
        (429, "circuit_breaking_exception", "Data too large", IndexAway, "Data too large"),
    ],
)
def test_what_the_cluster_refuses(status: int, kind: str, reason: str, error: type[Exception], told: str) -> None:
    with server(failing(status, kind, reason)) as engine, pytest.raises(error, match=r"\w") as raised:
        Cluster(Address.parse(engine)).ask("POST", "/press/_search", {})
    assert told in str(raised.value)


@pytest.mark.parametrize(
    ("hello", "told"),
    [
        ({"version": {"distribution": "opensearch", "number": "1.3.0"}}, "OpenSearch 2.4 or later"),
        ({"version": {"number": "8.11.0"}}, "something else 8.11.0"),
        ({"hello": "world"}, "something else"),
        (b"<html>", "OpenSearch"),
    ],
)
def test_what_is_too_old_or_another_program_is_told(hello: Any, told: str) -> None:
    with server(lambda *_: (200, hello)) as engine, pytest.raises(IndexUnavailable, match=told):
        archive(engine).search("ice")


def test_a_password_goes_along_and_never_into_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONRECORD_OPENSEARCH_USER", "ada")
    monkeypatch.setenv("ONRECORD_OPENSEARCH_PASSWORD", "xyzzy")
    with (
        server(lambda *_: (401, {"error": "Unauthorized"})) as engine,
        pytest.raises(IndexUnavailable, match="ONRECORD_OPENSEARCH_PASSWORD") as raised,
    ):
        archive(engine).search("ice")
    assert "xyzzy" not in str(raised.value)


def test_the_site_says_so_while_the_cluster_is_away_and_recovers_by_itself() -> None:
    (port,) = free_ports(1)
    opened = archive(f"opensearch://127.0.0.1:{port}/press")
    client = create_app(archive=opened).test_client()
    for path in ("/search?q=ice", "/api/v1/search?q=ice"):
        answer = client.get(path)
        assert (answer.status_code, bool(answer.headers["Retry-After"])) == (503, True)
        assert "does not answer just now" in answer.text
        assert str(port) not in answer.text  # where the cluster is does not concern a reader

    with server(failing(404, "index_not_found_exception", "no such index"), port):
        answer = client.get("/api/v1/search?q=ice")
        assert "There is no index here yet" in answer.text


# -------------------------------------------------------------------------------------- bulk


@contextmanager
def taking(outcomes: list[Any]) -> Iterator[tuple[Bulk, list[list[bytes]]]]:
    """A bulk to something that answers so, one after the other, and what it was sent."""
    sent: list[list[bytes]] = []

    def answer(_: str, path: str, body: bytes) -> Answer:
        if path == "/":
            return 200, HELLO
        sent.append(body.splitlines())
        outcome = outcomes.pop(0)
        if isinstance(outcome, int):
            return outcome, {"error": {"type": "busy", "reason": "busy"}, "status": outcome}
        items = [{"index": {"_id": f"d{i}", "status": status, **error(status)}} for i, status in enumerate(outcome)]
        return 200, {"errors": any(status >= 400 for status in outcome), "items": items}

    def error(status: int) -> dict[str, Any]:
        return {"error": {"type": "mapper_parsing_exception", "reason": f"no {status}"}} if status >= 400 else {}

    with server(answer) as engine:
        yield Bulk(Cluster(Address.parse(engine)), "press.000001", pause=lambda seconds: None), sent


def test_what_the_cluster_is_too_busy_for_is_sent_again_and_only_that() -> None:
    with taking([[201, 429, 201], 503, 429, [201]]) as (sending, sent):
        for n in range(3):
            sending.add(put(f"d{n}", b'{"number":%d}' % n))
        sending.flush()
    assert (sending.acknowledged, sending.refused) == (3, {})
    assert [len(lines) // 2 for lines in sent] == [3, 1, 1, 1]
    assert sent[-1][1] == b'{"number":1}'


def test_a_document_that_is_refused_is_named_and_the_rest_goes_on() -> None:
    with taking([[201, 400, 404]]) as (sending, _):
        sending.add(put("d0", b"{}"))
        sending.add(put("d1", b"{}"))
        sending.add(delete("d2"))
        sending.flush()
    assert sending.refused == {"d1": "no 400", "d2": "no 404"}
    assert sending.acknowledged == 1


def test_requests_are_bounded_by_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "MOST_BYTES", 500)
    with taking([[201] * 9] * 100) as (sending, sent):
        for n in range(40):
            sending.add(put(f"d{n}", b'{"text":"%s"}' % (b"x" * 90)))
        sending.flush()
    assert all(sum(map(len, lines)) <= 500 for lines in sent)
    assert sum(len(lines) // 2 for lines in sent) == 40


def test_a_request_that_is_too_large_for_the_cluster_is_halved() -> None:
    with taking([413, [201, 201], 413, [201], [201]]) as (sending, sent):
        for n in range(4):
            sending.add(put(f"d{n}", b"{}"))
        sending.flush()
    assert sorted(len(lines) // 2 for lines in sent) == [1, 1, 2, 2, 4]


def test_a_cluster_that_stays_busy_is_given_up_in_one_sentence() -> None:
    with taking([503] * bulk.TRIES) as (sending, _):
        sending.add(put("d0", b"{}"))
        with pytest.raises((IndexAway, Refused), match="busy"):
            sending.flush()
