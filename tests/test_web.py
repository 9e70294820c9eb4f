"""The site and the API: every page for people, the same as JSON, and a sentence for whatever goes wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from search import Archive, Settings
from search.query import parse
from tests.conftest import article, write_lines
from web import create_app
from web.headers import HEADERS
from web.views import paging
from web.views.examples import examples

SCRIPT = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>&lt;b&gt;"
TALKS = article(
    "talks",
    "“We will keep talking until there is an agreement,” Ada Holm told reporters at the harbour.",
    "The talks entered their third day. " + "Rain fell. " * 30,
    title="Harbour talks go on",
    date="2024-01-05",
    outlet="Coast Post",
    section="politics",
    url="https://courier.example/talks",
)
STORM = article("inland/storm", "A storm delayed the ferry to the harbour.", outlet="Inland Times", date="2024-03-07")
HOSTILE = article(
    "hostile",
    f"“{SCRIPT},” {SCRIPT} said. “Nothing to fear,” Eve <Script> said at the harbour.",
    title=SCRIPT,
    outlet=SCRIPT,
    byline=SCRIPT,
    section=SCRIPT,
    credit=SCRIPT,
    keywords=[SCRIPT],
    url="javascript:alert(1)",
)
PAGES = [
    "/", "/search", "/search?q=harbour", "/article/talks", "/article/inland/storm", "/speakers", "/speakers?q=harbour",
    "/topics", "/speaker/Ada%20Holm", "/topic/medtop:11000000", "/check", "/help", "/about",
]  # fmt: skip


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    folder = tmp_path_factory.mktemp("site")
    settings = Settings(index=folder / "index", jobs=1)
    many = [article(f"many{n}", f"Ferry number {n} sailed.", outlet="Ferry List") for n in range(45)]
    with Archive.open(settings=settings) as archive:
        archive.index([write_lines(folder / "all.jsonl", TALKS, STORM, HOSTILE, *many)])
        yield create_app(archive, settings=settings)


@pytest.fixture(scope="module")
def client(app: Flask) -> FlaskClient:
    return app.test_client()


class Page(HTMLParser):
    """The elements of a page, with their attributes and text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


def get(client: FlaskClient, path: str) -> Page:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return Page(answer.text)


# ------------------------------------------------------------------------------- pages


@pytest.mark.parametrize("path", PAGES)
def test_every_page_has_a_title_a_heading_landmarks_and_named_controls(client: FlaskClient, path: str) -> None:
    page = get(client, path)
    titles = [attributes for attributes in page.all("title") if attributes.get("class") != "tip"]
    assert len(page.all("h1")) == len(page.all("main")) == len(titles) == 1
    assert page.all("html")[0]["lang"] == "en"
    for control in page.all("input"):
        assert control.get("id") == "q" or control.get("type") in ("hidden", "checkbox", "radio") or control["name"]
    identifiers = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(identifiers) == len(set(identifiers))


def test_a_hit_shows_its_paragraph_marked_with_speaker_topic_and_place(client: FlaskClient) -> None:
    page = client.get("/search?q=agreement").text
    assert "<mark>agreement</mark>" in page
    assert "<mark>Harbour</mark> talks go on" in client.get("/search?q=title:harbour").text
    for part in ("Harbour talks go on", "Coast Post", "5 January 2024", "Ada Holm", "politics", "1</strong> paragraph"):
        assert part in page
    assert 'href="/article/talks?q=agreement#p0"' in page


def test_the_article_page_has_its_paragraphs_anchored_and_marked(client: FlaskClient) -> None:
    page = client.get("/article/talks?q=third").text
    assert 'id="p0"' in page
    assert "<mark>third</mark>" in page
    assert 'href="https://courier.example/talks"' in page
    assert "named in full beside the quotation" in page


def test_filters_are_checkboxes_and_what_is_chosen_can_be_taken_back(client: FlaskClient) -> None:
    page = get(client, "/search?q=harbour&outlet=Coast+Post")
    (box,) = [a for a in page.all("input") if a.get("value") == "Coast Post" and a["type"] == "checkbox"]
    assert "checked" in box
    assert {a["value"] for a in page.all("input") if a.get("name") == "outlet"} >= {"Coast Post", "Inland Times"}
    assert "/search?q=harbour" in [a.get("href") for a in page.all("a")]


def test_pages_lead_on_and_back(client: FlaskClient) -> None:
    first = get(client, "/search?q=ferry")
    assert [a["href"] for a in first.all("a") if a.get("rel") == "next"] == ["/search?q=ferry&page=2"]
    last = get(client, "/search?q=ferry&page=3")
    assert [a["href"] for a in last.all("a") if a.get("rel") == "prev"] == ["/search?q=ferry&page=2"]
    assert [a["href"] for a in last.all("a") if a.get("aria-current") == "page"] == ["/search?q=ferry&page=3"]
    assert "beyond them" in get(client, "/search?q=ferry&page=9").text


def test_beyond_numbered_pages_cursors_lead_to_the_end_and_all_the_way_back(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paging, "DEEPEST_HIT", 8)
    monkeypatch.setattr(paging, "_TRAIL", 4)

    def shown(page: Page) -> tuple[str, ...]:
        return tuple(a["href"] or "" for a in page.all("a") if "#p" in (a["href"] or ""))

    def led(page: Page, rel: str) -> list[str]:
        return [a["href"] or "" for a in page.all("a") if a.get("rel") == rel]

    address, pages = "/search?q=ferry&size=4&sort=newest", []
    while True:
        pages.append(get(client, address))
        if not (onward := led(pages[-1], "next")):
            break
        (address,) = onward
    hits = app.extensions["archive"].search("ferry", sort="newest", size=100).hits
    assert [link for page in pages for link in shown(page)] == [
        f"/article/{hit.paragraph.article.id}?q=ferry#p{hit.paragraph.number}" for hit in hits
    ]
    assert "41 to 44" in pages[10].text
    page = pages[-1]
    for before in reversed(pages[-1 - paging._TRAIL : -1]):
        page = get(client, *led(page, "prev"))
        assert shown(page) == shown(before)
    assert led(get(client, *led(page, "prev")), "prev") == ["/search?q=ferry&sort=newest&size=4"], "the trail has ended"


def test_nothing_found_says_what_would_find_something(client: FlaskClient) -> None:
    page = get(client, "/search?q=storm+ferry&outlet=Coast+Post")
    assert "No paragraph answers this" in page.text
    assert "without Coast Post: 1" in " ".join(page.text.split())
    assert "with any of the words" in get(client, "/search?q=storm+zeppelin").text


def test_a_quotation_leads_from_a_search_to_the_marks_in_its_article(client: FlaskClient) -> None:
    """Pasted into the search box with a word wrong, checked, and read where it stands."""
    lost = get(client, "/search?q=“We+will+keep+speaking+until+there+is+an+agreement”")
    (check,) = (a["href"] or "" for a in lost.all("a") if (a["href"] or "").startswith("/check?"))
    found = get(client, check)
    assert "Nearly so" in found.text
    (link,) = (a["href"] or "" for a in found.all("a") if (a["href"] or "").startswith("/article/"))
    assert link.endswith("#p0")
    assert "<mark>We will keep talking until there is an agreement</mark>" in client.get(link).text
    nothing = get(client, "/check?quotation=elephants+never+forget+a+kindness")
    assert "/search?q=elephants+never+forget+a+kindness&match=any" in [a["href"] for a in nothing.all("a")]


def test_how_a_query_was_read_and_what_was_left_out_is_said(client: FlaskClient) -> None:
    assert "Read as" in get(client, "/search?q=harbour+AND+ferry").text
    assert "Read as" not in get(client, "/search?q=harbour+ferry").text
    assert "without its partner" in get(client, "/search?q=%22harbour").text
    assert "ignored: colour" in get(client, "/search?q=harbour&colour=red").text


def test_a_speaker_and_a_topic_have_pages_that_lead_on(client: FlaskClient) -> None:
    speaker = client.get("/speaker/Ada%20Holm").text
    parts = ("Ada Holm", "5 January 2024", "Coast Post", "speaker=Ada+Holm&amp;topic=medtop%3A11000000")
    for part in parts:
        assert part in speaker
    assert client.get("/speaker/ada%20holm").location == "/speaker/Ada%20Holm"
    topic = get(client, "/topic/medtop:11000000")
    assert "politics" in topic.text
    assert client.get("/topic/politics").location == "/topic/medtop:11000000"
    for path in ("/speaker/Nobody", "/topic/medtop:99999999"):
        assert client.get(path).status_code == 404


def test_lists_of_speakers_and_topics_can_be_filtered_and_asked_who_said_it_most(client: FlaskClient) -> None:
    assert "/speaker/Ada%20Holm" in client.get("/speakers").text
    assert "/speaker/Ada%20Holm" in client.get("/speakers?prefix=hol&sort=name").text
    assert "Nobody here has such a name" in client.get("/speakers?prefix=zz").text
    most = client.get("/speakers?q=agreement").text
    assert "Who said it most" in most
    assert "/search?q=agreement&amp;speaker=Ada+Holm" in most
    assert client.get("/speakers?page=x").status_code == 400
    assert "/topic/medtop:11000000" in client.get("/topics?prefix=pol").text


# --------------------------------------------------------------------------------- API


def test_the_api_answers_with_the_same_paragraphs_as_the_page_and_the_archive(app: Flask, client: FlaskClient) -> None:
    answer = client.get("/api/v1/search?q=harbour&facet=outlet&sort=newest").json
    assert answer is not None
    found = app.extensions["archive"].search("harbour", sort="newest")
    assert [hit["id"] for hit in answer["hits"]] == [hit.paragraph.id for hit in found.hits]
    assert answer["total"] == found.total == 4
    assert {value["value"] for value in answer["facets"]["outlet"]} >= {"Coast Post", "Inland Times"}
    assert client.get("/search.json?q=harbour&sort=newest").json["hits"] == answer["hits"]  # type: ignore[index]


def test_the_api_gives_articles_paragraphs_and_the_rest(client: FlaskClient) -> None:
    def body(path: str) -> Any:
        answer = client.get("/api/v1/" + path)
        assert answer.status_code == 200
        return answer.json

    assert len(body("articles/talks")["paragraphs"]) == 2
    assert body("articles/inland/storm")["outlet"] == "Inland Times"
    assert body("paragraphs/talks%230")["speakers"][0]["name"] == "Ada Holm"
    assert body("suggest?q=agr")["suggestions"] == ["agreement"]
    assert "Ada Holm" in [value["value"] for value in body("speakers")["speakers"]]
    assert "politics" in [value["label"] for value in body("topics")["topics"]]
    assert body("status")["articles"] == 48
    assert "index" not in body("status")


def test_links_in_an_answer_lead_through_the_pages(client: FlaskClient) -> None:
    seen, link = [], "/api/v1/search?q=ferry"
    while link:
        answer = client.get(link).json
        assert answer is not None
        seen += [hit["id"] for hit in answer["hits"]]
        link = answer["links"]["next"]
    assert len(seen) == len(set(seen)) == 46


@pytest.mark.parametrize(
    ("query", "member"),
    [
        ("from=yesterday", ("parameter", "from")),
        ("size=0", ("parameter", "size")),
        ("page=x", ("parameter", "page")),
        ("sort=best", ("parameter", "sort")),
        ("kind=poem", ("parameter", "kind")),
        ("facet=author", ("parameter", "facet")),
        ("colour=red", ("parameter", "colour")),
        ("q=" + "x" * 1025, ("limit", "length")),
        ("page=501", ("limit", "depth")),
        ("from=2024&to=2023", ("parameter", "from")),
    ],
)
def test_what_the_caller_got_wrong_is_a_problem_document(
    client: FlaskClient, query: str, member: tuple[str, str]
) -> None:
    answer = client.get(f"/api/v1/search?{query}")
    assert answer.status_code == 400
    assert answer.mimetype == "application/problem+json"
    problem = answer.get_json(force=True)
    assert problem["status"] == 400
    assert problem["detail"]
    assert problem[member[0]] == member[1]
    page = client.get(f"/search?{query}")
    assert page.status_code == (200 if "colour" in query else 400)


@pytest.mark.parametrize(
    "path", ["/article/nothing", "/api/v1/articles/nothing", "/api/v1/paragraphs/talks%2399", "/x"]
)
def test_what_is_not_there_is_404(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_without_an_index_the_site_says_what_to_do_and_recovers_by_itself(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    settings = Settings(index=tmp_path / "index", jobs=1)
    with Archive.open(settings=settings) as archive:
        client = create_app(archive, settings=settings).test_client()
        for path in ("/", "/search?q=x", "/api/v1/search?q=x", "/article/a", "/about"):
            answer = client.get(path)
            assert answer.status_code == 503
            assert answer.headers["Retry-After"]
            assert "onrecord index PATH" in answer.get_data(as_text=True)
            assert str(tmp_path) not in answer.get_data(as_text=True)
        assert str(tmp_path) in caplog.text, "the log does name it"
        with Archive.open(settings=settings) as other:
            other.index([write_lines(tmp_path / "a.jsonl", STORM)])
        assert client.get("/search?q=storm").status_code == 200


def test_an_empty_archive_has_its_pages_too(tmp_path: Path) -> None:
    settings = Settings(index=tmp_path / "index", jobs=1)
    (tmp_path / "articles").mkdir()
    with Archive.open(settings=settings) as archive:
        archive.index([tmp_path / "articles"])
        client = create_app(archive, settings=settings).test_client()
        for path in ("/", "/search", "/search?q=x", "/about"):
            assert client.get(path).status_code == 200
        assert "onrecord index FOLDER" in client.get("/").text


# ------------------------------------------------------------------------------- safety


@pytest.mark.parametrize("path", [*PAGES, "/x", "/article/nothing", "/search?from=x", "/api/v1/status", "/api/v1/x"])
def test_every_answer_carries_the_headers(client: FlaskClient, path: str) -> None:
    for answer in (client.get(path), client.post(path), client.delete(path)):
        for name, value in HEADERS.items():
            assert answer.headers[name] == value, (path, name)
        assert answer.status_code < 500
    assert "unsafe-inline" not in HEADERS["Content-Security-Policy"]


OWN_SCRIPTS = {f"/static/{name}.js" for name in ("keys", "complete", "filter")}
OWN_DRAWINGS = {"share", "timeline"}


def assert_harmless(html: str) -> None:
    """No element, attribute or address that the templates did not write."""
    page = Page(html)
    for tag, attributes in page.elements:
        assert tag not in {"img", "iframe", "object", "embed", "style", "b", "base"}, tag
        assert tag != "svg" or attributes.get("class") in OWN_DRAWINGS
        assert not any(name.startswith("on") or name == "style" for name in attributes), attributes
        if tag == "script":
            assert str(attributes.get("src")).partition("?")[0] in OWN_SCRIPTS
        for name in ("href", "src", "action"):
            value = attributes.get(name)
            assert value is None or value.startswith(("/", "#", "https://courier.example/")), value


def test_hostile_text_in_articles_stays_text(client: FlaskClient) -> None:
    for path in ("/", "/search?q=fear", "/search?q=alert", "/article/hostile?q=fear", "/article/hostile?q=script"):
        html = client.get(path).text
        assert_harmless(html)
        assert "alert(1)" in html


@pytest.mark.parametrize(
    "name", ["q", "speaker", "topic", "outlet", "kind", "from", "to", "sort", "page", "size", "match"]
)
@pytest.mark.parametrize(
    "value", [SCRIPT, "javascript:alert(1)", '" onfocus=alert(1) autofocus x="', "{{7*191}}", "%00", "\udcff"]
)
def test_hostile_text_in_the_address_stays_text(client: FlaskClient, name: str, value: str) -> None:
    encoded = quote(value, errors="surrogatepass")
    for path in (f"/search?{name}={encoded}", f"/article/talks?{name}={encoded}", f"/api/v1/search?{name}={encoded}"):
        answer = client.get(path)
        assert answer.status_code in (200, 400)
        if answer.mimetype == "text/html":
            assert_harmless(answer.text)
            assert "1337" not in answer.text


@pytest.mark.parametrize(
    "path",
    [
        "/article/../../etc/passwd",
        "/article/%2e%2e/%2e%2e/etc/passwd",
        "/static/../__init__.py",
        "/article/%00",
        "//evil.example",
    ],
)
def test_no_path_leads_out_of_the_archive(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code in (308, 400, 404)
    assert "evil.example" not in answer.headers.get("Location", "")


def test_a_foreign_name_for_this_machine_is_refused(client: FlaskClient) -> None:
    assert client.get("/", headers={"Host": "evil.example"}).status_code == 400
    assert client.get("/", headers={"Host": "127.0.0.1:8000"}).status_code == 200
    assert client.get("/", headers={"Host": "[::1]:8000"}).status_code == 200


def test_a_name_is_not_refused_when_the_site_is_open_to_others(app: Flask, tmp_path: Path) -> None:
    other = create_app(app.extensions["archive"], settings=Settings(index=tmp_path, host="0.0.0.0"))  # noqa: S104
    assert other.test_client().get("/", headers={"Host": "news.example"}).status_code == 200


def test_examples_are_asked_once_for_each_generation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings(index=tmp_path / "index", jobs=1, cache=0)
    with Archive.open(settings=settings) as archive:
        archive.index([write_lines(tmp_path / "a.jsonl", STORM)])
        client = create_app(archive, settings=settings).test_client()
        asked: list[str] = []
        search = Archive.search
        monkeypatch.setattr(Archive, "search", lambda self, q, **more: asked.append(q) or search(self, q, **more))
        first, again = client.get("/help").text, client.get("/help").text
        assert first == again
        once = len(asked)
        assert once > 20
        archive.index([write_lines(tmp_path / "b.jsonl", TALKS)])
        assert client.get("/help").text != first
        assert len(asked) == 2 * once


def test_examples_are_in_words_of_the_archive_and_find_something(tmp_path: Path) -> None:
    said = [f"“The harbour toll must fall before winter {n}, like every bridge toll,” Ada Holm said." for n in range(6)]
    other = [f"Road {n} was mended, and nobody was surprised." for n in range(40)]
    toll = article("toll", *said, outlet="The Coast Post", section="politics", date="2024-01-05")
    with Archive.open(settings=Settings(index=tmp_path / "index", jobs=1)) as archive:
        archive.index([write_lines(tmp_path / "a.jsonl", toll, article("road", *other, date="2023-02-01"))])
        found = {tried.query: tried.count for _, group in examples(archive) for tried in group}
    assert [parse(query).notices for query in found] == [()] * len(found)
    nothing = {query for query, count in found.items() if not count and "-" not in query}
    assert nothing <= {
        "caps(US)",
        "atleast3(bridge)",
        "title:(bridge OR before)",
        "mentions:holm",
        "byline:lind",
        "kind:caption",
    }
    assert "outlet:coast section:politics" in found or "outlet:post section:politics" in found


def test_below_a_prefix_of_a_trusted_proxy_every_link_keeps_it(app: Flask, tmp_path: Path) -> None:
    behind = create_app(app.extensions["archive"], settings=Settings(index=tmp_path, trusted_proxies=1)).test_client()
    given = {"X-Forwarded-Prefix": "/press", "X-Forwarded-Host": "localhost"}
    for path in [*PAGES, "/search?q=ferry&size=5&from=2024", "/search?q=harbour+zeppelin", "/nothing", "/api"]:
        page = behind.get(path, headers=given).text
        found = re.findall(r'(?:href|src|action|data-complete)="(/[^"]*)"', page)
        assert len(found) > 10
        assert [link for link in found if not link.startswith("/press/")] == [], path
    for path in ("/opensearch.xml", "/search.atom?q=ferry", "/search.json?q=ferry", "/openapi.json"):
        page = behind.get(path, headers=given).text
        assert "/press/" in page
        assert not re.search(r"localhost/(?!press/)", page), path
    moved = behind.get("/speaker/ada%20holm", headers=given)
    assert moved.headers["Location"] == "/press/speaker/Ada%20Holm"


def test_an_error_of_ours_says_nothing_of_the_inside(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("/secret/path")

    monkeypatch.setattr(app.extensions["archive"], "answer", broken)
    answer = app.test_client().get("/search?q=x")
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert answer.headers["Content-Security-Policy"]


@hypothesis_settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(
        st.sampled_from(["q", "match", "speaker", "topic", "from", "to", "sort", "page", "size", "kind", "facet", "z"]),
        st.text(max_size=30)
        | st.sampled_from(["any", "2024", "newest", "2", "body", "outlet", 'speaker:"Ada', "-ferry"]),
        max_size=5,
    )
)
def test_nothing_that_can_be_typed_breaks_the_site(client: FlaskClient, asked: dict[str, str]) -> None:
    for path in ("/search", "/api/v1/search"):
        answer = client.get(path, query_string=asked)
        assert answer.status_code in (200, 400)
        if path == "/search":
            assert_harmless(answer.text)
