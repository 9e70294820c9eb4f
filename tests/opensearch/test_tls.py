"""A cluster behind TLS and a password: certificates are checked, and whatever is wrong with them is said.

The node itself speaks plainly; a proxy before it ends TLS and asks for the password, as one does in many newsrooms.
In ``test_security.py`` a node does so itself.
"""

from __future__ import annotations

import base64
import http.client
import shutil
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from search import Archive
from search.errors import IndexUnavailable
from search.settings import Settings, SettingsError
from tests.conftest import article, write_lines
from tests.opensearch.keys import make_keys
from tests.opensearch.sharing import shared

pytest.importorskip("opensearchpy")
pytestmark = pytest.mark.skipif(not shutil.which("openssl"), reason="there is no openssl to make certificates with")
USER, PASSWORD, AUTHORITIES = "ONRECORD_OPENSEARCH_USER", "ONRECORD_OPENSEARCH_PASSWORD", "ONRECORD_OPENSEARCH_CA"


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An authority, and what it signed for this machine and for another."""
    folder = tmp_path_factory.mktemp("keys")

    make_keys(folder)
    return folder


@contextmanager
def proxy(keys: Path, certificate: str, port: int) -> Iterator[int]:
    """The port of a proxy that lets Ada in, by her password, to what answers at another port."""
    wanted = "Basic " + base64.b64encode(b"ada:xyzzy").decode()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            if self.headers.get("authorization") == wanted:
                node = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
                kind = self.headers.get("content-type", "application/json")
                node.request(self.command, self.path, body or None, {"content-type": kind} if body else {})
                told = node.getresponse()
                status, kind, data = told.status, told.headers["content-type"] or "", told.read()
                node.close()
            else:
                status, kind, data = 401, "text/plain", b"Unauthorized"
            self.send_response(status)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(data)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(data)

        do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = answer  # noqa: N815 - so they are called

        def log_message(self, *_: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_: object) -> None:
            """Whoever trusts no certificate hangs up."""

    server = Server(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(keys / f"{certificate}.pem", keys / f"{certificate}.key")
    # The handshake is left to the thread that answers, so that one who breaks it off stops nobody else.
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def environment(keys: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(USER, "ada")
    monkeypatch.setenv(PASSWORD, "xyzzy")
    monkeypatch.setenv(AUTHORITIES, str(keys / "ca.pem"))


def archive(port: int, scheme: str = "https") -> Archive:
    return Archive.open(settings=Settings(engine=f"{scheme}://127.0.0.1:{port}/secured", jobs=1, lock_timeout=0.5))


@pytest.mark.usefixtures("environment")
def test_an_archive_behind_tls_and_a_password(keys: Path, tmp_path: Path, run: Callable[..., object]) -> None:
    folder = write_lines(tmp_path / "articles" / "one.jsonl", article("ferry", "The ferry sails.", "Ice.")).parent
    with proxy(keys, "here", shared("one", 1).ports[0]) as port, archive(port) as secured:
        assert secured.index([folder]).new == 1
        assert [hit.paragraph.id for hit in secured.search("ferries sail").hits] == ["ferry#0"]
        assert secured.index([folder]).unchanged == 1
        found = run("search", "ice", "--engine", f"https://127.0.0.1:{port}/secured", "--format", "ids")
        assert (found.exit_code, found.stdout) == (0, "ferry#1\n")  # type: ignore[attr-defined]
        status = run("status", "--engine", f"https://127.0.0.1:{port}/secured")
        assert "xyzzy" not in status.stdout + status.stderr  # type: ignore[attr-defined]


@pytest.mark.usefixtures("environment")
@pytest.mark.parametrize(
    ("certificate", "changed", "told"),
    [
        ("here", {AUTHORITIES: ""}, "cannot be trusted (it was signed by an authority that is not known here). Name"),
        ("elsewhere", {}, "is for another name than 127.0.0.1"),
        ("here", {PASSWORD: "plugh"}, f"wants another user and password; give them by {USER} and {PASSWORD}."),
        ("here", {USER: ""}, f"wants another user and password; give them by {USER} and {PASSWORD}."),
    ],
)
def test_what_is_wrong_is_one_sentence(
    keys: Path, certificate: str, changed: dict[str, str], told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in changed.items():
        monkeypatch.setenv(name, value)
    with proxy(keys, certificate, 1) as port, archive(port) as secured, pytest.raises(IndexUnavailable) as raised:
        secured.search("ice")
    assert told in str(raised.value)
    assert "plugh" not in str(raised.value)
    assert raised.value.exit_code == 3


@pytest.mark.usefixtures("environment")
def test_the_wrong_scheme_is_told(keys: Path) -> None:
    with (
        proxy(keys, "here", 1) as port,
        archive(port, "opensearch") as plain,
        pytest.raises(IndexUnavailable, match="https://"),
    ):
        plain.search("ice")
    with archive(shared("one", 1).ports[0]) as secured, pytest.raises(IndexUnavailable, match="speaks no TLS"):
        secured.search("ice")


@pytest.mark.usefixtures("environment")
@pytest.mark.parametrize("content", [None, "no certificate"])
def test_a_file_of_authorities_that_is_none_is_told(
    content: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if content is not None:
        (tmp_path / "ca.pem").write_text(content)
    monkeypatch.setenv(AUTHORITIES, str(tmp_path / "ca.pem"))
    with archive(1) as secured, pytest.raises(SettingsError, match=f"ca.pem, named by {AUTHORITIES}"):
        secured.search("ice")
