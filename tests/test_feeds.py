"""Searches as feeds and spreadsheets, articles as citations, and the archive as a browser's search engine."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from flask import Flask
from flask.testing import FlaskClient

from search import Archive, Settings
from search.errors import ParameterError
from tests.conftest import article, write_lines
from web import create_app, export

ATOM = "{http://www.w3.org/2005/Atom}"
OPENSEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"
FERRY = article(
    "coast/ferry",
    "“We will keep the ferries running,” Ada Holm said.",
    "=HYPERLINK(1) in the harbour\x0b",
    title="Ferries <run> & run",
    date="2024-01-05",
    outlet="Coast Post",
    byline="By Eve Dahl and Bo Lind",
    section="politics",
    keywords=["ice"],
    url="https://courier.example/ferry",
)
OLD = article("old", "An old ferry was found.", date="1931-05-06")
MANY = [article(f"many{n}", f"Boat number {n} sailed to port {n}.", date="2024-02-01") for n in range(230)]


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    folder = tmp_path_factory.mktemp("feeds")
    settings = Settings(index=folder / "index", jobs=1)
    with Archive.open(settings=settings) as archive:
        archive.index([write_lines(folder / "all.jsonl", FERRY, *MANY)])
        yield create_app(archive, settings=settings)


@pytest.fixture(scope="module")
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def feed(client: FlaskClient, path: str) -> ElementTree.Element:
    answer = client.get(path)
    assert (answer.status_code, answer.mimetype) == (200, "application/atom+xml")
    return ElementTree.fromstring(answer.data)  # noqa: S314 - our own


def text(element: ElementTree.Element, name: str) -> str:
    return element.findtext(ATOM + name) or ""


def links(element: ElementTree.Element) -> dict[str, str]:
    return {link.attrib["rel"]: link.attrib["href"] for link in element.findall(f"{ATOM}link")}


def test_a_feed_has_what_readers_need(client: FlaskClient) -> None:
    root = feed(client, "/search.atom?q=keep+ferries")
    assert root.tag == f"{ATOM}feed"
    for name in ("id", "title", "updated"):
        assert text(root, name)
    assert root.findtext(f"{OPENSEARCH}totalResults") == "1"
    assert links(root)["self"] == "http://localhost/search.atom?q=keep+ferries"
    (entry,) = root.findall(f"{ATOM}entry")
    assert text(entry, "id") == "urn:on-record:paragraph:coast%2Fferry%230"
    assert text(entry, "title") == "Ada Holm: Ferries <run> & run"
    assert text(entry, "published") == "2024-01-05T00:00:00+00:00"
    assert text(entry, "updated") > "2026"
    assert entry.findtext(f"{ATOM}author/{ATOM}name") == "By Eve Dahl and Bo Lind"
    assert text(entry, "content").startswith("“We will keep")
    assert links(entry)["alternate"] == "http://localhost/article/coast/ferry#p0"
    assert [category.attrib["label"] for category in entry.findall(f"{ATOM}category")]
    assert entry.findtext("{urn:on-record:speech}speaker") == "Ada Holm"


def test_what_comes_in_last_stands_first_however_old_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Later(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:
            return datetime.now(tz) + timedelta(days=1)

    settings = Settings(index=tmp_path / "index", jobs=1)
    with Archive.open(settings=settings) as archive:
        client = create_app(archive, settings=settings).test_client()
        archive.index([write_lines(tmp_path / "a.jsonl", FERRY)])
        before = feed(client, "/search.atom?q=ferry&sort=newest")
        monkeypatch.setattr("search.indexing.run.datetime", Later)
        archive.index([write_lines(tmp_path / "b.jsonl", OLD)])
        archive.reindex()
        after = feed(client, "/search.atom?q=ferry&sort=newest")
    moments = {text(entry, "id"): text(entry, "updated") for entry in after.findall(f"{ATOM}entry")}
    assert next(iter(moments)) == "urn:on-record:paragraph:old%230"
    assert text(after, "id") == text(before, "id")
    assert text(after, "updated") > text(before, "updated")
    for entry in before.findall(f"{ATOM}entry"):
        assert moments[text(entry, "id")] == text(entry, "updated")


def test_a_feed_leads_on_to_its_end_without_repeating_itself(client: FlaskClient) -> None:
    seen: list[str] = []
    path = "/search.atom?q=boat&size=100"
    while path:
        root = feed(client, path)
        seen += [text(entry, "id") for entry in root.findall(f"{ATOM}entry")]
        path = links(root).get("next", "")
    assert len(seen) == len(set(seen)) == int(root.findtext(f"{OPENSEARCH}totalResults") or 0) == 230


def test_a_feed_of_nothing_is_a_feed(client: FlaskClient) -> None:
    root = feed(client, "/search.atom?q=xyzzy")
    assert text(root, "updated")
    assert not root.findall(f"{ATOM}entry")


# ------------------------------------------------------------------------------- sheets


def rows(client: FlaskClient, path: str) -> list[list[str]]:
    answer = client.get(path)
    assert (answer.status_code, answer.mimetype) == (200, "text/csv")
    return list(csv.reader(io.StringIO(answer.get_data(as_text=True))))


def test_a_sheet_holds_all_hits_or_the_page_that_was_asked_for(client: FlaskClient) -> None:
    assert len(rows(client, "/search.csv?q=boat&copies=all")) == 231
    page = client.get("/search.csv?q=boat&size=20&copies=all")
    assert len(page.text.splitlines()) == 21
    assert page.headers["X-Total"] == "230"
    onward = page.headers["Link"].split(">")[0].lstrip("<")
    first = {row[0] for row in rows(client, "/search.csv?q=boat&size=20&copies=all")}
    assert not first - {"id"} & {row[0] for row in rows(client, onward)} - {"id"}


def test_no_cell_is_a_formula(client: FlaskClient) -> None:
    (found,) = [row for row in rows(client, "/search.csv?q=hyperlink") if row[0] != "id"]
    assert found[7].startswith("'=HYPERLINK")


def test_a_sheet_that_is_cut_short_says_so(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "MOST_ROWS", 100)
    found = rows(client, "/search.csv?q=boat&copies=all")
    assert len(found) == 102
    assert found[-1][0].startswith("# cut short: 100 of 230 rows; go on with /search.csv?q=boat&copies=all&cursor=")


def test_a_sheet_that_fails_on_the_way_does_not_look_complete(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = app.extensions["archive"].answer
    calls: list[int] = []

    def failing(request: Any) -> Any:
        calls.append(1)
        if len(calls) > 1:
            raise ParameterError("The archive has been indexed anew.", "cursor", "")
        return whole(request)

    monkeypatch.setattr(app.extensions["archive"], "answer", failing)
    assert rows(client, "/search.csv?q=boat&copies=all")[-1] == [
        "# cut short: 100 of 230 rows: The archive has been indexed anew."
    ]


# ---------------------------------------------------------------------------- citations


def test_an_article_is_cited_as_ris(client: FlaskClient) -> None:
    answer = client.get("/article/coast/ferry.ris?paragraph=0")
    assert answer.mimetype == "application/x-research-info-systems"
    lines = answer.text.split("\r\n")
    assert lines[0] == "TY  - NEWS"
    assert lines[-2:] == ["ER  - ", ""]
    for line in (
        "TI  - Ferries <run> & run", "AU  - Eve Dahl", "AU  - Bo Lind", "DA  - 2024/01/05/", "T2  - Coast Post",
        "UR  - https://courier.example/ferry", "KW  - ice", "N1  - Paragraph 0", "ID  - coast/ferry#0",
    ):  # fmt: skip
        assert line in lines


def test_an_article_is_cited_as_csl(client: FlaskClient) -> None:
    (item,) = json.loads(client.get("/article/coast/ferry.csl.json").text)
    assert item["type"] == "article-newspaper"
    assert item["author"] == [{"literal": "Eve Dahl"}, {"literal": "Bo Lind"}]
    assert item["issued"] == {"date-parts": [[2024, 1, 5]]}
    (bare,) = json.loads(client.get("/article/many3.csl.json?paragraph=0").text)
    assert bare["URL"] == "http://localhost/article/many3#p0"
    assert bare["abstract"].startswith("Boat number 3")


def test_the_command_cites_too(app: Flask, run: Any) -> None:
    index = ("--index", app.extensions["archive"].settings.index)
    assert run("show", "coast/ferry#0", "--format", "ris", *index).stdout.startswith("TY  - NEWS")
    assert json.loads(run("show", "coast/ferry", "--format", "csl", *index).stdout)[0]["id"] == "coast/ferry"


# ----------------------------------------------------------------------------- browsers


def test_a_browser_can_take_the_archive_among_its_search_engines(client: FlaskClient) -> None:
    answer = client.get("/opensearch.xml")
    assert answer.mimetype == "application/opensearchdescription+xml"
    root = ElementTree.fromstring(answer.data)  # noqa: S314 - our own
    assert len(root.findtext(f"{OPENSEARCH}ShortName") or "") <= 16
    urls = {url.attrib["type"]: url.attrib["template"] for url in root.findall(f"{OPENSEARCH}Url")}
    assert urls["text/html"] == "http://localhost/search?q={searchTerms}&page={startPage?}"
    for template in urls.values():
        path = template.replace("{searchTerms}", "ferry").replace("{startPage?}", "").removeprefix("http://localhost")
        assert client.get(path).status_code == 200
    assert 'rel="search" href="/opensearch.xml"' in client.get("/").text


def test_suggestions_come_in_the_browsers_form(client: FlaskClient) -> None:
    typed, queries, descriptions, addresses = client.get("/suggest?q=port+boa").get_json(force=True)
    assert (typed, queries[0]) == ("port boa", "port boat")
    assert descriptions[0] == "boat: word, 230 paragraphs"
    assert len(queries) == len(descriptions) == len(addresses)
    assert addresses[0] == "http://localhost/search?q=port+boat"
    assert 'speaker:"Ada Holm"' in client.get("/suggest?q=hol").get_json(force=True)[1]
    assert client.get("/suggest?q=").get_json(force=True)[1] == []
