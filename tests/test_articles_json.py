"""JSON, JSON Lines and ninjs."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.articles import Item, ReadingNotice, Record, Rejection, read
from search.model import Article, Kind


def items(value: Any, *, suffix: str = ".json", position: int | None = None) -> list[Item]:
    content = value if isinstance(value, bytes) else json.dumps(value).encode()
    place = f"line {position}" if position else ""
    return read(Record(f"in/a{suffix}", f"a{suffix}", suffix, content, place, position))


def article(value: Any) -> Article:
    (found,) = items(value)
    assert isinstance(found, Article), found
    return found


def test_every_field_of_the_contract() -> None:
    metadata = article(
        {
            "id": 17,
            "title": "Trams stay",
            "date": "2024-05-06T23:30:00+09:00",
            "source": "Courier",
            "author": ["Ada Holm", "Ben Osei"],
            "url": "https://courier.example/a?b=1",
            "section": "Local",
            "keywords": ["trams", "night"],
            "language": "en-US",
            "credit": "Harbour Wire",
            "subjects": ["medtop:20000148", {"uri": "http://cv.iptc.org/newscodes/mediatopic/20000601"}],
            "text": "One sentence.\n\nAnother sentence.",
        }
    ).metadata
    assert metadata.id == "17"
    assert metadata.published == datetime(2024, 5, 6, 23, 30)
    assert (metadata.outlet, metadata.byline, metadata.credit) == ("Courier", "Ada Holm, Ben Osei", "Harbour Wire")
    assert (metadata.language, metadata.section, metadata.keywords) == ("en", "Local", ("trams", "night"))
    assert metadata.subjects == ("medtop:20000148", "medtop:20000601")


def test_own_paragraphs_are_kept_exactly() -> None:
    paragraphs = ["Trams stay", "", " two  spaces\n", "By Ada Holm", "Source: Wire", "x\u0000y", "\u202eabc"]
    read_back = article({"title": "Trams stay", "paragraphs": paragraphs})
    assert [p.text for p in read_back.paragraphs] == paragraphs
    assert [p.number for p in read_back.paragraphs] == list(range(7))
    assert read_back.paragraphs[0].kind is Kind.HEADLINE
    assert read_back.metadata.title == "Trams stay"


@given(st.lists(st.text(max_size=80), min_size=1, max_size=8))
def test_any_paragraphs_are_kept_to_the_code_point(paragraphs: list[str]) -> None:
    read_back = article({"title": "t", "paragraphs": paragraphs})
    assert [p.text for p in read_back.paragraphs] == paragraphs


def test_lone_surrogates_go() -> None:
    assert article(b'{"paragraphs": ["a\\ud800b"]}').paragraphs[0].text == "ab"


@pytest.mark.parametrize("field", ["title", "published", "outlet", "byline", "url", "section", "keywords", "language"])
@pytest.mark.parametrize("value", [{"a": 1}, True, [[1]], "\u0000"])
def test_no_article_is_lost_for_an_optional_field(field: str, value: Any) -> None:
    found = items({field: value, "paragraphs": ["Kept."]})
    assert isinstance(found[0], Article)
    assert all(isinstance(item, ReadingNotice) for item in found[1:])
    assert [p.text for p in found[0].paragraphs] == ["Kept."]


@pytest.mark.parametrize(
    "nothing", [None, "", [], "2024", "2024-02", "0001-01-01", "2024-02-31", "yesterday", 20240231]
)
def test_dates_that_are_none_leave_the_article_without(nothing: Any) -> None:
    found = items({"published": nothing, "text": "Kept."})
    assert isinstance(found[0], Article)
    assert found[0].metadata.published is None


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2024-05-06", datetime(2024, 5, 6)),
        ("2024-05-06T07:08:09Z", datetime(2024, 5, 6, 7, 8, 9)),
        ("2024-05-06 07:08", datetime(2024, 5, 6, 7, 8)),
        ("20240506T070809-0800", datetime(2024, 5, 6, 7, 8, 9)),
        ("May 6, 2024", datetime(2024, 5, 6)),
        ("Mon, 06 May 2024 07:08:09 +0200", datetime(2024, 5, 6, 7, 8, 9)),
    ],
)
def test_dates_keep_the_clock_of_the_outlet(written: str, day: datetime) -> None:
    assert article({"published": written, "text": "Kept."}).metadata.published == day


def test_one_bad_article_of_a_list_does_not_touch_the_others() -> None:
    found = items([{"text": "First."}, 7, {"title": ""}, {"id": "d", "text": "Last."}])
    assert [type(item) for item in found] == [Article, Rejection, Rejection, Article]
    assert str(found[1]) == (
        "in/a.json, article 2: is not an article but a number; write an object with “title” and “text”."
    )
    assert isinstance(found[0], Article)
    assert isinstance(found[3], Article)
    assert [found[0].id, found[3].id] == ["a-1", "d"]


def test_an_article_of_a_line_is_named_after_its_line() -> None:
    (found,) = items({"text": "One."}, suffix=".jsonl", position=12)
    assert isinstance(found, Article)
    assert found.id == "a-12"


@pytest.mark.parametrize(
    ("given_id", "wanted"),
    [
        ("desk/2024/a", "desk/2024/a"),
        ("a#b c", "a#b c"),
        ("../../etc/passwd", "etc/passwd"),
        ("//evil.example/x", "evil.example/x"),
        ("a\x00\x1b[31mb", "a[31mb"),
        (4.5, "4.5"),
        ("#", "#"),
        (None, "a"),
        ([], "a"),
    ],
)
def test_ids_can_be_part_of_an_address(given_id: Any, wanted: str) -> None:
    (found, *_) = items({"id": given_id, "text": "One."})
    assert isinstance(found, Article)
    assert found.id == wanted


def test_long_ids_stay_different() -> None:
    one, two = (article({"id": "x" * 500 + end, "text": "One."}).id for end in "ab")
    assert one != two
    assert len(one) <= 200


@pytest.mark.parametrize(
    ("content", "part"),
    [
        (b'{"text": "One."', "at column 16"),
        (b"[" * 200_000, "nested too deeply"),
        (b'{"id": ' + b"9" * 5000 + b"}", "thousands of digits"),
        (b'{"paragraphs": "One."}', "“paragraphs” is not a list but text"),
        (b'{"paragraphs": ["One.", 2]}', "paragraph 1 is not text but a number"),
        (b'{"text": 3}', "“text” is not text but a number"),
        (b"{}", "no text"),
        (b"null", "is not an article but nothing"),
    ],
)
def test_what_cannot_be_read_is_named(content: bytes, part: str) -> None:
    (found,) = items(content)
    assert isinstance(found, Rejection)
    assert part in str(found)
    assert found.remedy


def test_invalid_utf8_in_a_line_is_read_with_a_notice() -> None:
    found = items('{"text": "Déjà vu à la façade, said Zoë."}'.encode("cp1252"))
    assert {type(item) for item in found} == {Article, ReadingNotice}


FIELDS = [
    "id",
    "title",
    "published",
    "date",
    "outlet",
    "source",
    "byline",
    "author",
    "url",
    "section",
    "keywords",
    "language",
    "credit",
    "subjects",
    "text",
    "paragraphs",
    "uri",
    "type",
    "headline",
    "headlines",
    "bodies",
    "body_html",
    "body_text",
    "descriptions",
    "associations",
    "subject",
    "value",
    "name",
    "contenttype",
    "versioncreated",
]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(FIELDS) | st.text(max_size=5), inner, max_size=6)
    ),
    max_leaves=20,
)


@given(st.binary(max_size=200) | JSON.map(lambda value: json.dumps(value).encode()))
def test_any_json_is_read_or_rejected(content: bytes) -> None:
    assert all(isinstance(item, Article | Rejection | ReadingNotice) for item in items(content))


PICTURE = {"type": "picture", "description_text": "A tram in the rain", "byline": "Ben Osei/Wire"}
BODY_HTML = "<p>One <b>bold</b> sentence.</p><h2>Who drives</h2><p>Another sentence, longer.</p><script>bad()</script>"
NINJS_1 = {
    "uri": "urn:wire:1",
    "type": "text",
    "versioncreated": "2024-05-06T07:08:00Z",
    "headline": "Trams stay",
    "byline": "Ada Holm",
    "language": "en",
    "copyrightholder": "Wire",
    "body_html": BODY_HTML,
    "subject": [{"code": "medtop:20000148", "name": "transport"}, {"name": "trams"}],
    "associations": {"main": PICTURE},
}
NINJS_2 = {
    "uri": "urn:wire:1",
    "versioncreated": "2024-05-06T07:08:00Z",
    "headlines": [
        {"value": "<b>Trams</b>", "contenttype": "text/html"},
        {"value": "Trams stay", "contenttype": "text/plain"},
    ],
    "by": "Ada Holm",
    "copyrightholder": "Wire",
    "bodies": [{"contenttype": "text/html", "value": BODY_HTML}],
    "subjects": [{"uri": "http://cv.iptc.org/newscodes/mediatopic/20000148", "name": "transport"}, {"name": "trams"}],
    "associations": [PICTURE],
}
NINJS_3 = {
    **{key: value for key, value in NINJS_2.items() if key not in ("versioncreated", "bodies")},
    "versionCreated": "2024-05-06T07:08:00Z",
    "bodies": [{"contentType": "text/html", "value": BODY_HTML}],
}


@pytest.mark.parametrize("value", [NINJS_1, NINJS_2, NINJS_3])
def test_ninjs_of_all_versions(value: dict[str, Any]) -> None:
    read_back = article(value)
    metadata = read_back.metadata
    assert (metadata.id, metadata.title, metadata.byline, metadata.outlet) == (
        "urn:wire:1",
        "Trams stay",
        "Ada Holm",
        "Wire",
    )
    assert metadata.published == datetime(2024, 5, 6, 7, 8)
    assert (metadata.subjects, metadata.keywords) == (("medtop:20000148",), ("transport", "trams"))
    assert [(p.kind.value, p.text) for p in read_back.paragraphs] == [
        ("caption", "A tram in the rain [Ben Osei/Wire]"),
        ("body", "One bold sentence."),
        ("subheading", "Who drives"),
        ("body", "Another sentence, longer."),
    ]


def test_half_characters_go_from_every_field_of_ninjs() -> None:
    bad = "a\ud800\x00b"
    texts = [{"value": bad, "name": bad}]
    picture = {"type": "picture", "description_text": bad, "byline": bad}
    found = article(
        {
            "uri": bad,
            "headlines": texts,
            "descriptions": texts,
            "bodies": texts,
            "subjects": texts,
            "associations": [picture],
        }
    )
    assert found.metadata.keywords == ("ab",)
    assert {p.text for p in found.paragraphs} <= {"ab", "ab [ab]"}
    repr(found.metadata).encode()


def test_ninjs_plain_body_and_pictures_alone() -> None:
    plain = article(
        {"uri": "urn:1", "versioncreated": "2024-05-06", "headline": "Trams stay", "body_text": "One.\n\nTwo."}
    )
    assert [p.text for p in plain.paragraphs] == ["One.", "Two."]
    picture = article({"uri": "urn:2", "headline": "Trams", **PICTURE})
    assert [p.kind for p in picture.paragraphs] == [Kind.CAPTION]
