"""On a node with OpenSearch's own security plugin: what each user may do, and what is said of what they may not."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from search import Archive
from search.settings import Settings
from tests.conftest import article, write_lines
from tests.opensearch.keys import make_keys
from tests.opensearch.secured import PASSWORDS, SecuredNodes
from tests.opensearch.sharing import shared

pytest.importorskip("opensearchpy")
pytestmark = pytest.mark.skipif(not shutil.which("openssl"), reason="there is no openssl to make certificates with")
USER, PASSWORD, AUTHORITIES = "ONRECORD_OPENSEARCH_USER", "ONRECORD_OPENSEARCH_PASSWORD", "ONRECORD_OPENSEARCH_CA"
Run = Callable[..., Result]


@pytest.fixture
def nodes() -> SecuredNodes:
    return shared("secured", 1, SecuredNodes)


@pytest.fixture
def be(nodes: SecuredNodes, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Says who asks from now on."""

    def be(user: str) -> None:
        monkeypatch.setenv(USER, user)
        monkeypatch.setenv(PASSWORD, PASSWORDS[user])
        monkeypatch.setenv(AUTHORITIES, str(nodes.authority))

    return be


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_lines(tmp_path / "articles" / "one.jsonl", article("ferry", "The ferry sails.", "Ice.")).parent


def test_whoever_indexes_can_do_all_of_it_and_the_site_can_only_search(
    nodes: SecuredNodes, be: Callable[[str], None], folder: Path, tmp_path: Path, run: Run
) -> None:
    engine = nodes.address("press")
    at = ("--engine", engine)
    be("writer")
    assert run("index", folder, *at).exit_code == 0
    write_lines(folder / "two.jsonl", article("fog", "Fog came in."), article("ice", "Ice."))
    assert run("index", folder, *at).exit_code == 0
    assert run("reindex", *at).exit_code == 0
    assert run("reindex", "--rollback", *at).exit_code == 0
    assert run("check", *at).exit_code == 0
    (folder / "two.jsonl").unlink()
    assert run("index", folder, *at).exit_code == 0
    with Archive.open(tmp_path / "index") as here:
        here.index([folder])
    moved = run("copy", "--to", engine, "--index", tmp_path / "index")
    assert moved.exit_code == 0, moved.stderr

    be("site")
    with Archive.open(settings=Settings(engine=engine)) as site:
        found = site.search("ferries sail", facets=["outlet"], interval="year")
        assert [hit.paragraph.id for hit in found.hits] == ["ferry#0"]
        first = site.search("", size=1, copies="all", sort="oldest")
        second = site.search("", size=1, copies="all", sort="oldest", cursor=first.cursor)
        assert [hit.paragraph.id for page in (first, second) for hit in page.hits] == ["ferry#0", "ferry#1"]
        assert site.article("ferry") is not None
        assert site.status().paragraphs == site.count().paragraphs == 2
        assert list(site.suggest("fer")) == ["ferry"]
    denied = run("index", folder, *at)
    assert denied.exit_code == 3
    assert denied.stderr.startswith(f"The user named by {USER} may not do this at {engine}: ")
    assert denied.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({PASSWORD: "plugh"}, f"wants another user and password; give them by {USER} and {PASSWORD}."),
        ({USER: "", PASSWORD: ""}, f"wants another user and password; give them by {USER} and {PASSWORD}."),
        ({AUTHORITIES: ""}, "cannot be trusted (it was signed by an authority that is not known here). Name"),
        ({AUTHORITIES: "another"}, "cannot be trusted (it was signed by an authority that is not known here). Name"),
    ],
)
def test_what_is_wrong_is_one_sentence(
    nodes: SecuredNodes,
    be: Callable[[str], None],
    changed: dict[str, str],
    told: str,
    tmp_path: Path,
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    be("site")
    make_keys(tmp_path)
    for name, value in changed.items():
        monkeypatch.setenv(name, str(tmp_path / "ca.pem") if value == "another" else value)
    found = run("search", "ice", "--engine", nodes.address("press"))
    assert (found.exit_code, found.stdout) == (3, "")
    assert told in found.stderr
    assert found.stderr.count("\n") == 1
    assert "plugh" not in found.stderr


def test_the_wrong_scheme_is_told(nodes: SecuredNodes, be: Callable[[str], None], run: Run) -> None:
    be("site")
    found = run("search", "ice", "--engine", nodes.address("press").replace("https://", "opensearch://"))
    assert found.exit_code == 3
    assert "https://" in found.stderr
