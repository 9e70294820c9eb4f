"""Plain text as newsrooms export it: layout, kinds, header lines and encodings. All texts are invented."""

from __future__ import annotations

import json
import os
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.articles import Item, ReadingNotice, Record, Rejection, read, read_articles
from search.model import Article, Kind

SHARED = Path(os.environ.get("ONRECORD_SHARED") or Path(__file__).resolve().parents[2] / "shared")
BODY = (
    "The council of Port Ansel voted on Tuesday to keep the tram running until midnight.",
    "“We listened,” said Dorrit Vane, who leads the council. “It took us four years.”",
    "The company said that it would need twelve more drivers for the new timetable.",
)


def items(text: str | bytes, name: str = "desk/tram.txt") -> list[Item]:
    return read(Record(name, name, ".txt", text.encode() if isinstance(text, str) else text))


def article(text: str | bytes) -> Article:
    found = [item for item in items(text) if isinstance(item, Article)]
    assert len(found) == 1, items(text)
    return found[0]


def kinds(text: str) -> list[str]:
    return [paragraph.kind.value for paragraph in article(text).paragraphs]


def texts(text: str | bytes) -> list[str]:
    return [paragraph.text for paragraph in article(text).paragraphs]


def page(*blocks: str) -> str:
    return "\n\n".join(blocks) + "\n"


TITLE = "Night trams stay, council decides"


def test_title_byline_and_credit_line_become_metadata() -> None:
    read_back = article(page(TITLE, "By Ada Holm and Ben Osei in Lindmoor", *BODY, "Source: Harbour Wire and agencies"))
    assert read_back.metadata.title == TITLE
    assert read_back.metadata.byline == "Ada Holm and Ben Osei in Lindmoor"
    assert read_back.metadata.credit == "Harbour Wire and agencies"
    assert tuple(paragraph.text for paragraph in read_back.paragraphs) == BODY
    assert {paragraph.kind for paragraph in read_back.paragraphs} == {Kind.BODY}
    assert read_back.metadata.id == "desk/tram"
    assert read_back.metadata.file == "desk/tram.txt"


@pytest.mark.parametrize(
    "caption",
    [
        "The last tram leaves Hill Street on a wet evening [Ada Holm/Harbour Wire]",
        "Passengers wait under umbrellas [File: Ben Osei/Reuters]",
        "Dorrit Vane addresses the chamber in March [Ada Holm]",
        "A tram crosses the old bridge (Photo: Ada Holm)",
        "A tram crosses the old bridge. (Ben Osei/AFP)",
        "The depot at dawn. Photo: Ben Osei",
        "Dorrit Vane, left, and mayor Anselm Oduya open the line",
        "Anselm Oduya (right) takes the first ride",
        "FILE - Trams stand in the depot during the strike of 2019",
    ],
)
def test_captions_are_known_by_their_credit_or_their_pose(caption: str) -> None:
    assert kinds(page(TITLE, BODY[0], BODY[1], caption, BODY[2])) == ["body", "body", "caption", "body"]


def test_an_image_description_stands_beside_its_caption() -> None:
    text = page(
        TITLE, *BODY[:2], "Rain runs down the front window of a tram\nThe last run of the night [Ada Holm]", BODY[2]
    )
    assert kinds(text) == ["body", "body", "caption", "caption", "body"]
    assert texts(text)[2] == "Rain runs down the front window of a tram"


def test_an_image_description_may_be_a_whole_sentence() -> None:
    block = "Two women in long coats lean against the rail of a tram.\nThe last run of the night [Ada Holm]"
    assert kinds(page(TITLE, *BODY[:2], block, BODY[2])) == ["body", "body", "caption", "caption", "body"]
    assert kinds(page(TITLE, *BODY[:2], block.replace("\n", "\n\n"), BODY[2])) == [*["body"] * 3, "caption", "body"]


def test_a_standfirst_is_parted_from_the_body_by_a_picture_or_a_byline() -> None:
    standfirst = (
        "After four years of argument the last tram will leave at midnight, but nobody knows who will drive it."
    )
    picture = "The last run of the night [Ada Holm]"
    assert kinds(page(TITLE, standfirst, picture, *BODY))[0] == "standfirst"
    assert kinds(page(TITLE, standfirst, "By Ada Holm", *BODY)) == ["standfirst", "body", "body", "body"]
    assert kinds(page(TITLE, standfirst, *BODY))[0] == "body"


def test_subheadings_stand_alone_between_sentences() -> None:
    assert kinds(page(TITLE, BODY[0], "Who drives?", BODY[1], "Twelve more drivers", BODY[2])) == [
        "body",
        "subheading",
        "body",
        "subheading",
        "body",
    ]


@pytest.mark.parametrize(
    "paragraph",
    [
        "He turned left, then right, and was gone before anybody could ask for his ticket.",
        "“It is over [for the trams],” she told the chamber, and sat down.",
        "By midnight the hall was empty and the clerks had gone home to bed.",
        "She quoted the rule that it must be in writing (and/or by telegram).",
        "The firm employs 400 people (Reuters reported 380 in March).",
        "Sources: none were given, and the ministry would not say why it had left them out of its long report.",
        "“Keep it running,”",
        "Asked about the date, he wrote: “Later [he meant June].”",
        "The minister (pictured) said that she had not been told of the plan by anybody.",
    ],
)
def test_body_is_not_misnamed(paragraph: str) -> None:
    assert kinds(page(TITLE, BODY[0], paragraph, BODY[1], BODY[2])) == ["body"] * 4


def test_a_table_of_figures_is_no_run_of_subheadings() -> None:
    assert (
        kinds(page(TITLE, BODY[0], "Shares 14 cents against 21", "Net 353,000 against 541,000", BODY[1]))
        == ["body"] * 4
    )


def test_an_article_without_a_title_keeps_its_first_paragraph() -> None:
    read_back = article(page(*BODY))
    assert read_back.metadata.title == ""
    assert tuple(paragraph.text for paragraph in read_back.paragraphs) == BODY


def test_a_headline_alone_is_the_one_paragraph() -> None:
    read_back = article("Night trams stay\n")
    assert [(p.kind, p.text) for p in read_back.paragraphs] == [(Kind.HEADLINE, "Night trams stay")]


def test_header_lines() -> None:
    text = (
        "Title: Night trams stay\nDate: 18 April 2023\nOutlet: The Courier\nByline: Ada Holm\nURL: https://courier.example/a\n"
        "Section: Local\nKeywords: trams, night, trams\nLanguage: en-GB\n\n" + page(*BODY)
    )
    metadata = article(text).metadata
    assert metadata.title == "Night trams stay"
    assert metadata.published == datetime(2023, 4, 18)
    assert (metadata.outlet, metadata.byline, metadata.section) == ("The Courier", "Ada Holm", "Local")
    assert (metadata.url, metadata.language, metadata.keywords) == (
        "https://courier.example/a",
        "en",
        ("trams", "night"),
    )
    assert tuple(texts(text)) == BODY


@pytest.mark.parametrize("line", ["URL: javascript:alert(1)", "Date: last Tuesday", "Date: 2023-04", "Language: !!"])
def test_an_unfit_header_line_is_left_out_with_a_notice(line: str) -> None:
    found = items(f"Title: Trams\n{line}\n\n{page(*BODY)}")
    assert [type(item) for item in found] == [Article, ReadingNotice]
    assert "left out" in str(found[1])
    assert isinstance(found[0], Article)
    assert found[0].metadata.url == ""
    assert found[0].metadata.published is None


WRAPPED = """\
Night trams stay, council decides

The council of Port Ansel voted on Tuesday to keep the tram running
until midnight, after a debate that lasted longer than the line has
existed.

The company warned of the cost. In the end, it told a rather well-
known engineer who had asked on behalf of the ministry, the govern-
ment should pay, and the government said that somebody else should.
"""


def test_hard_wrapped_lines_are_joined() -> None:
    assert texts(WRAPPED) == [
        "The council of Port Ansel voted on Tuesday to keep the tram running until midnight, "
        "after a debate that lasted longer than the line has existed.",
        "The company warned of the cost. In the end, it told a rather well-known engineer who had asked on behalf "
        "of the ministry, the government should pay, and the government said that somebody else should.",
    ]


def test_wrapped_paragraphs_may_be_indented_instead_of_parted() -> None:
    text = "\n".join(
        line if i % 4 else f"   {line}"
        for i, line in enumerate(
            ["The council of Port Ansel has voted to keep its trams until twelve"] * 3
            + ["o'clock, it said on Tuesday."]
        )
    )
    assert len(texts(f"{text}\n{text}\n")) == 2


def test_line_ends_part_paragraphs_where_there_are_no_blank_lines() -> None:
    text = "\n".join([TITLE, *BODY, "Source: Harbour Wire"])
    assert tuple(texts(text)) == BODY
    assert article(text).metadata.credit == "Harbour Wire"


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r", "\u2028"])
def test_all_kinds_of_line_ends_are_the_same(newline: str) -> None:
    assert tuple(texts(page(TITLE, *BODY).replace("\n", newline))) == BODY


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_declared_encodings_need_no_notice(encoding: str) -> None:
    found = items(page("Überfall im Café", *BODY).encode(encoding))
    assert [type(item) for item in found] == [Article]
    assert isinstance(found[0], Article)
    assert found[0].metadata.title == "Überfall im Café"


def test_windows_1252_is_found_out_and_said() -> None:
    text = page("Le café d’Élodie à Königsplatz", "“Déjà vu,” said Zoë Hallström of the £18 façade – twice.", *BODY)
    found = items(text.encode("cp1252"))
    assert isinstance(found[0], Article)
    assert found[0].metadata.title == "Le café d’Élodie à Königsplatz"
    assert found[0].paragraphs[0].text == "“Déjà vu,” said Zoë Hallström of the £18 façade – twice."
    assert str(found[1]) == "desk/tram.txt: is not UTF-8, and was read as windows-1252."


def test_controls_go_and_bidi_marks_stay() -> None:
    assert texts(page(TITLE, "A\x00 bell\x07 and \u2067שלום\u2069 stay in this sentence.", *BODY))[0] == (
        "A bell and \u2067שלום\u2069 stay in this sentence."
    )


def test_nothing_to_read_is_a_rejection() -> None:
    (found,) = items(b" \n\x00\n")
    assert isinstance(found, Rejection)
    assert str(found) == "desk/tram.txt: there is no text in it; give it a title, a text or paragraphs."


@given(st.binary(max_size=400) | st.text(max_size=400).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_any_bytes_are_read_or_rejected(content: bytes) -> None:
    for item in items(content):
        if isinstance(item, Article):
            assert all(paragraph.text.strip() for paragraph in item.paragraphs)
            json.dumps([p.text for p in item.paragraphs], ensure_ascii=False).encode()


WORDS = st.lists(
    st.sampled_from(["the", "council", "said", "trams", "would", "run", "until", "midnight", "in", "Karrow"]),
    min_size=8,
    max_size=60,
)


@given(st.lists(WORDS.map(lambda words: " ".join(words).capitalize() + "."), min_size=1, max_size=8))
def test_sentences_of_body_come_back_as_they_were(paragraphs: list[str]) -> None:
    read_back = article(page("Title: x", *paragraphs))
    assert [(p.kind, p.text) for p in read_back.paragraphs] == [(Kind.BODY, text) for text in paragraphs]


@pytest.mark.skipif(
    not (SHARED / "seeds" / "gold.json").exists(), reason="the article the project grew from is not here"
)
def test_the_first_article_has_all_its_kinds() -> None:
    gold = json.loads((SHARED / "seeds" / "gold.json").read_text("utf-8"))
    path = SHARED / "seeds" / gold["article"]
    (found,) = read_articles([path])
    assert isinstance(found, Article)
    lines = [line.strip() for line in path.read_text("utf-8").splitlines() if line.strip()]
    wanted = [(line, each["kind"]) for line, each in zip(lines, gold["paragraphs"], strict=True)]
    assert wanted[0] == (found.metadata.title, "headline")
    assert found.metadata.credit == gold["credit"]
    assert [(p.text, p.kind.value) for p in found.paragraphs] == wanted[1:-1]
