"""The API for programs: true to its description, tagged, open where it may be, and plain about what went wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from flask import Flask, Response
from flask.testing import FlaskClient
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as hypothesis_settings
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from search import Archive, Settings
from tests.conftest import article, write_lines
from web import create_app, params
from web.headers import HEADERS
from web.operations import Operation
from web.parameters import SEARCH
from web.store import Store

FERRY = article(
    "ferry",
    "“We will keep the ferries running,” Ada Holm said at the harbour.",
    "The harbour froze in the night.",
    date="2024-01-05",
    outlet="Coast Post",
    section="politics",
    keywords=["ice"],
)
MANY = [article(f"many{n}", f"Ferry number {n} sailed to port {n}.", date=f"2024-02-{n:02d}") for n in range(1, 26)]


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    folder = tmp_path_factory.mktemp("api")
    settings = Settings(index=folder / "index", jobs=1)
    with Archive.open(settings=settings) as archive:
        archive.index([write_lines(folder / "all.jsonl", FERRY, *MANY)])
        yield create_app(archive, settings=settings)


@pytest.fixture(scope="module")
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def body(client: FlaskClient, path: str) -> Any:
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.text)
    return answer.get_json(force=True)


# ------------------------------------------------------------------------- description


# Not among them: that whatever fits the description is answered. No schema can say which cursors there are.
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


def test_answers_are_true_to_the_description_whatever_is_asked(app: Flask) -> None:
    description = schemathesis.openapi.from_wsgi("/openapi.json", app)
    tried: list[str] = []
    for found in description.get_all_operations():
        operation = found.ok()

        @hypothesis_settings(
            max_examples=12,
            database=None,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(operation.as_strategy())
        def holds(case: Case) -> None:
            case.call_and_validate(checks=CHECKS)

        holds()
        tried.append(operation.path)
    assert len(tried) == len(app.extensions["operations"])


def test_every_operation_is_described_with_its_parameters(app: Flask, client: FlaskClient) -> None:
    described = body(client, "/openapi.json")
    assert described["openapi"].startswith("3.1")
    operations: list[Operation] = app.extensions["operations"]
    assert len(described["paths"]) == len(operations)
    for operation in operations:
        entry = described["paths"][re.sub(r"<(?:path:)?(\w+)>", r"{\1}", operation.path)]["get"]
        named = [p["name"] for p in entry["parameters"] if p["in"] == "query"]
        assert named == [parameter.name for parameter in operation.parameters]
        assert {"200", "304", "400", "503"} <= set(entry["responses"])
    identifiers = [entry["get"]["operationId"] for entry in described["paths"].values()]
    assert len(identifiers) == len(set(identifiers))


def test_the_parameters_of_a_search_are_those_of_its_page() -> None:
    assert {parameter.name for parameter in SEARCH} == set(params.KNOWN)


def test_every_machine_route_is_in_the_description(app: Flask) -> None:
    described = {operation.path for operation in app.extensions["operations"]}
    routes = {rule.rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/api/")}
    assert routes <= described


def test_the_page_for_people_names_every_operation(app: Flask, client: FlaskClient) -> None:
    page = client.get("/api").text
    for operation in app.extensions["operations"]:
        assert f"<code>{re.sub(r'<(?:path:)?(.+?)>', r'{}', operation.path)}".split("{}")[0] in page
    assert "RFC 9457" in page


# ----------------------------------------------------------------------------- answers


def test_one_search_has_one_answer_in_every_form(client: FlaskClient) -> None:
    ids = [hit["id"] for hit in body(client, "/search.json?q=ferry&size=5")["hits"]]
    assert len(ids) == 5
    assert [hit["id"] for hit in body(client, "/api/v1/search?q=ferry&size=5")["hits"]] == ids
    rows = client.get("/search.csv?q=ferry&size=5").text.splitlines()
    assert [row.split(",")[0] for row in rows[1:]] == ids
    accepting = client.get("/search?q=ferry&size=5", headers={"Accept": "application/json"})
    assert [hit["id"] for hit in accepting.get_json()["hits"]] == ids
    assert "Accept" in accepting.headers["Vary"]
    browser = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
    assert client.get("/search?q=ferry", headers=browser).mimetype == "text/html"


@pytest.mark.parametrize(
    ("path", "members"),
    [
        ("/api/v1/search?colour=red", {"parameter": "colour"}),
        ("/search.csv?colour=red", {"parameter": "colour"}),
        ("/search.atom?colour=red", {"parameter": "colour"}),
        ("/api/v1/status?x=1", {"parameter": "x"}),
        ("/suggest?term=a", {"parameter": "term"}),
        ("/api/v1/verify?quotation=", {"parameter": "quotation"}),
        ("/api/v1/verify?quotation=" + "word+" * 500, {"limit": "quotation", "most": 2000}),
        ("/search.csv?size=0", {"parameter": "size", "value": "0"}),
        ("/search.atom?cursor=nonsense", {"parameter": "cursor"}),
        ("/api/v1/search?q=" + "(" * 30 + "a", {"limit": "depth", "position": 20}),
        ("/article/ferry.ris?paragraph=7", {"parameter": "paragraph", "value": "7"}),
        ("/article/ferry.ris?paragraph=x", {"parameter": "paragraph"}),
    ],
)
def test_what_was_asked_wrongly_is_named(client: FlaskClient, path: str, members: dict[str, object]) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")
    problem = answer.get_json(force=True)
    assert problem["type"].startswith("urn:on-record:problem:")
    assert (problem["status"], bool(problem["title"]), bool(problem["detail"])) == (400, True, True)
    assert {name: problem[name] for name in members} == members


@pytest.mark.parametrize("path", ["/api/v1/articles/x", "/article/x.ris", "/article/x.csl.json", "/api/v1/x"])
def test_what_is_not_there_is_a_problem_too(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")


def test_requests_have_their_bounds(client: FlaskClient) -> None:
    assert client.get("/search?q=" + "x" * 9000).status_code == 414
    assert client.get("/api/v1/search", data=b"x" * 70_000).status_code == 413
    assert client.post("/api/v1/search").status_code == 405


# ------------------------------------------------------------------- asking once again

TAGGED = [
    "/", "/search?q=ferry", "/search.json?q=ferry", "/search.csv?q=ferry", "/search.atom?q=ferry", "/article/ferry",
    "/api/v1/status", "/api/v1/verify?quotation=ferry", "/article/ferry.ris", "/suggest?q=fe", "/check?quotation=ferry",
]  # fmt: skip


@pytest.mark.parametrize("path", TAGGED)
def test_what_has_not_changed_is_not_sent_again(client: FlaskClient, path: str) -> None:
    first = client.get(path)
    assert first.status_code == 200
    assert first.headers["X-Index-Generation"] == "1"
    assert first.headers["Cache-Control"] == "no-cache"
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    for name in ("ETag", "Vary", "X-Index-Generation"):
        assert again.headers[name] == first.headers[name]
    for name, value in HEADERS.items():
        assert again.headers[name] == value
    assert client.get(path, headers={"If-None-Match": '"other"'}).status_code == 200


def test_the_same_question_has_the_same_tag_and_another_another(client: FlaskClient) -> None:
    def tag(path: str) -> str:
        return client.get(path).headers["ETag"]

    one = tag("/search.json?q=ferry&size=5&outlet=a&outlet=b")
    assert tag("/search.json?outlet=a&outlet=b&size=5&q=ferry") == one
    others = [tag(path) for path in ("/search.json?q=ferry&size=6&outlet=a&outlet=b", "/search.csv?q=ferry&size=5")]
    assert len({one, *others}) == 3


def test_a_changed_index_is_answered_afresh(tmp_path: Path) -> None:
    settings = Settings(index=tmp_path / "index", jobs=1)
    with Archive.open(settings=settings) as archive:
        archive.index([write_lines(tmp_path / "a.jsonl", FERRY)])
        client = create_app(archive, settings=settings).test_client()
        tag = client.get("/search.json?q=ferry").headers["ETag"]
        archive.index([write_lines(tmp_path / "b.jsonl", *MANY)])
        after = client.get("/search.json?q=ferry", headers={"If-None-Match": tag})
    assert (after.status_code, after.headers["X-Index-Generation"]) == (200, "2")


def test_answers_are_kept_while_the_index_is_as_it_is(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = app.extensions["archive"]
    for megabytes, asked in ((1, 1), (0, 2)):
        client = create_app(archive, settings=Settings(cache=megabytes)).test_client()
        calls: list[object] = []
        whole = archive.answer
        monkeypatch.setattr(
            archive, "answer", lambda request, whole=whole, calls=calls: calls.append(1) or whole(request)
        )
        first, second = (client.get("/search.json?q=ferry&size=7") for _ in range(2))
        monkeypatch.setattr(archive, "answer", whole)
        assert len(calls) == asked
        assert first.get_json()["hits"] == second.get_json()["hits"]
        for name in ("ETag", "Vary", "X-Index-Generation", "Content-Security-Policy", "Content-Type"):
            assert first.headers.getlist(name) == second.headers.getlist(name)
        assert client.head("/search.json?q=ferry&size=7").data == b""


def test_what_is_kept_has_a_bound() -> None:
    store = Store(64_000)
    for number in range(40):
        store.keep(str(number), Response(b"x" * 2_000))
        store.find("0")
    assert store.find("0") is not None, "the last used are kept"
    assert sum(store.find(str(number)) is not None for number in range(40)) == 21
    store.keep("large", Response(b"x" * 10_000))
    store.keep("streamed", Response(iter([b"x"])))
    assert store.find("large") is None
    assert store.find("streamed") is None


def test_errors_are_not_kept(client: FlaskClient) -> None:
    answer = client.get("/api/v1/search?colour=red")
    assert "ETag" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-store"


# ------------------------------------------------------------------------- who may read


@pytest.mark.parametrize(
    ("settings", "opened"),
    [({"host": "0.0.0.0"}, True), ({"host": "127.0.0.1"}, False), ({"host": "127.0.0.1", "cors": True}, True)],  # noqa: S104
)
def test_pages_of_other_sites_may_read_what_is_served_to_all(
    app: Flask, settings: dict[str, Any], opened: bool
) -> None:
    client = create_app(app.extensions["archive"], settings=Settings(**settings)).test_client()
    for path in ("/api/v1/status", "/search.csv?q=ferry", "/api/v1/x", "/openapi.json"):
        answer = client.get(path, headers={"Origin": "https://elsewhere.example"})
        assert (answer.headers.get("Access-Control-Allow-Origin") == "*") == opened
    assert "Access-Control-Allow-Origin" not in client.get("/search?q=ferry").headers
    asked = client.options("/api/v1/status", headers={"Access-Control-Request-Method": "GET"})
    assert ("If-None-Match" in asked.headers.get("Access-Control-Allow-Headers", "")) == opened


@pytest.mark.parametrize(
    ("settings", "host", "status"),
    [
        ({"host": "127.0.0.1"}, "evil.example", 400),
        ({"host": "127.0.0.1", "trusted_hosts": "news.example, archive.example"}, "archive.example", 200),
        ({"host": "127.0.0.1", "trusted_hosts": "news.example"}, "localhost:8000", 200),
        ({"host": "0.0.0.0"}, "anything.example", 200),  # noqa: S104
        ({"host": "0.0.0.0", "trusted_hosts": "news.example"}, "news.example:443", 200),  # noqa: S104
        ({"host": "0.0.0.0", "trusted_hosts": "news.example"}, "evil.example", 400),  # noqa: S104
    ],
)
def test_only_trusted_names_are_answered(app: Flask, settings: dict[str, Any], host: str, status: int) -> None:
    client = create_app(app.extensions["archive"], settings=Settings(**settings)).test_client()
    assert client.get("/api/v1/status", headers={"Host": host}).status_code == status


def test_a_proxys_word_is_taken_only_where_the_settings_say_so(app: Flask) -> None:
    forwarded = {"X-Forwarded-Host": "news.example", "X-Forwarded-Proto": "https"}
    for count, address in ((0, "http://localhost/"), (1, "https://news.example/")):
        settings = Settings(host="0.0.0.0", trusted_proxies=count)  # noqa: S104
        client = create_app(app.extensions["archive"], settings=settings).test_client()
        assert f'"{address}search?' in client.get("/opensearch.xml", headers=forwarded).text
