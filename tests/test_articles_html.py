"""Saved web pages."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.articles import Item, ReadingNotice, Record, Rejection, read
from search.model import Article

LONG = (
    "The council of Port Ansel voted on Tuesday to keep the tram running until midnight, after a debate of nine hours.",
    "“We listened,” said Dorrit Vane, who leads the council. “It took us four years, and I am sorry about three.”",
    "The company said that it would need twelve more drivers for the new timetable, and that it had found seven.",
)
JSON_LD = """<script type="application/ld+json">
{"@graph": [{"@type": "WebSite", "headline": "No"}, {"@type": ["NewsArticle"],
 "headline": "Trams stay", "datePublished": "2024-05-06T07:08:00+02:00",
 "author": [{"name": "Ada Holm"}, {"name": "Ben Osei"}], "publisher": {"name": "The Courier"},
 "articleSection": "Local", "keywords": "trams, night", "inLanguage": "en-GB"}]}
</script>"""


def page(body: str, head: str = "<title>Trams stay</title>") -> bytes:
    return f"<!DOCTYPE html><html lang='en'><head>{head}</head><body>{body}</body></html>".encode()


def items(content: bytes) -> list[Item]:
    return read(Record("web/a.html", "a.html", ".html", content))


def article(content: bytes) -> Article:
    found = [item for item in items(content) if isinstance(item, Article)]
    assert len(found) == 1, items(content)
    return found[0]


def paragraphs(*texts: str) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


def test_what_the_page_says_of_itself() -> None:
    metadata = article(
        page(paragraphs(*LONG), JSON_LD + "<link rel=canonical href='https://courier.example/a'>")
    ).metadata
    assert (metadata.title, metadata.outlet, metadata.section) == ("Trams stay", "The Courier", "Local")
    assert metadata.byline == "Ada Holm, Ben Osei"
    assert metadata.published == datetime(2024, 5, 6, 7, 8)
    assert metadata.keywords == ("trams", "night")
    assert (metadata.url, metadata.language) == ("https://courier.example/a", "en")


def test_main_text_keeps_its_paragraphs_and_their_kinds() -> None:
    figure = "<figure><img alt='Rain runs down a window'><figcaption>The last tram [Ada Holm]</figcaption></figure>"
    body = (
        "<nav><a href='/'>Home</a></nav><article><h1>Trams stay</h1>"
        "<p class='standfirst'>Nobody knows who will drive.</p>"
        f"{figure}{paragraphs(LONG[0])}<h2>Four years</h2>{paragraphs(*LONG[1:])}</article>"
        f"<aside>{figure.replace('last', 'next')}</aside><footer>All rights reserved</footer>"
        "<script>var hidden = 'never found';</script><style>p { never: found }</style>"
    )
    assert [(p.kind.value, p.text) for p in article(page(body)).paragraphs] == [
        ("standfirst", "Nobody knows who will drive."),
        ("caption", "Rain runs down a window"),
        ("caption", "The last tram [Ada Holm]"),
        ("body", LONG[0]),
        ("subheading", "Four years"),
        ("body", LONG[1]),
        ("body", LONG[2]),
    ]


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:text/html,x", "//courier.example/a", "file:///etc/passwd"]
)
def test_only_web_addresses_are_taken(address: str) -> None:
    found = article(page(paragraphs(*LONG), f"<title>Trams</title><link rel='canonical' href='{address}'>"))
    assert found.metadata.url in ("", "https://courier.example/a", "http://courier.example/a")


@pytest.mark.parametrize("declared", ["iso-8859-1", "windows-1252", "UTF-8"])
def test_declared_encodings_are_believed_without_a_notice(declared: str) -> None:
    text = page(
        paragraphs("“Déjà vu,” said Zoë Hallström of the £18 façade.", *LONG), f"<meta charset='{declared}'>"
    ).decode()
    found = items(text.encode("cp1252" if declared != "UTF-8" else "utf-8"))
    assert [type(item) for item in found] == [Article]
    assert isinstance(found[0], Article)
    assert "“Déjà vu,” said Zoë Hallström of the £18 façade." in [p.text for p in found[0].paragraphs]


def test_deep_nesting_is_refused_or_read_but_never_breaks() -> None:
    deep = page("<div>" * 50_000 + paragraphs(*LONG))
    assert all(isinstance(item, Article | Rejection | ReadingNotice) for item in items(deep))


@pytest.mark.parametrize("content", [b"", b"<html></html>", page("<script>only()</script>", "")])
def test_a_page_without_text_is_rejected(content: bytes) -> None:
    (found,) = items(content)
    assert isinstance(found, Rejection)


def test_a_page_without_paragraph_elements_is_read_as_text() -> None:
    found = article(page("<pre>\n" + "\n\n".join(LONG) + "\n</pre>"))
    assert tuple(p.text for p in found.paragraphs) == LONG


PIECES = st.sampled_from(
    [
        "<p>",
        "</p>",
        "<div>",
        "<figure>",
        "<figcaption>",
        "<script>",
        "<h2>",
        "<li>",
        "<br><br>",
        "&#0;",
        "&lt;",
        "Trams stay.",
        "<!--",
    ]
)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200) | st.lists(PIECES, max_size=30).map(lambda pieces: "".join(pieces).encode()))
def test_any_page_is_read_or_rejected(content: bytes) -> None:
    assert all(isinstance(item, Article | Rejection | ReadingNotice) for item in items(content))
