"""Speakers across the archive: what ``speakers.toml`` says takes effect, and only what it says for sure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search import Archive
from search.errors import SpeakersFileError
from search.model import (
    Article,
    Kind,
    Metadata,
    Paragraph,
    Quotation,
    QuotationKind,
    SearchRequest,
    Span,
    Speaker,
    SpeakerType,
)
from search.query import parse
from search.speakers import KnownSpeaker, Register, likely_variants, read_register, settle
from tests.conftest import article, write_lines
from tests.test_engine import opened

REGISTER = """
[[speaker]]
name = "Ada Holm"
aliases = ["A. Holm", "Ada Holm-Lind"]
offices = [{ title = "harbour minister", from = 2019-05-01, to = 2022-10-24 }]

[[speaker]]
name = "Bo Lind (the elder)"
aliases = ["Bo Lind"]
to = 2004-12-31

[[speaker]]
name = "Bo Lind (the younger)"
aliases = ["Bo Lind"]
from = 2004-01-01

[[speaker]]
name = "Coast Guard of Norrland"
aliases = ["the Norrland coast guard", "NCG"]
type = "organisation"
"""


@pytest.fixture
def register(tmp_path: Path) -> Register:
    (tmp_path / "speakers.toml").write_text(REGISTER, encoding="utf-8")
    return read_register([tmp_path])


def spoken(name: str, published: str, type_: SpeakerType = SpeakerType.PERSON) -> Article:
    """An article of one paragraph in which somebody of that name speaks."""
    quotation = Quotation(QuotationKind.INDIRECT, (Span(0, 5),), (), None, None, name, type_, 0.9, "named beside it")
    head = Metadata("a", published=datetime.fromisoformat(published) if published else None)
    paragraph = Paragraph(
        head, 0, Kind.BODY, "It is so.", (Speaker(name, type_, 0.9),), quotations=(quotation,), mentions=("A Holm",)
    )
    return Article(head, (paragraph,))


@pytest.mark.parametrize(
    ("written", "published", "expected", "certainty"),
    [
        ("A. Holm", "2020-01-01", "Ada Holm", 0.9),
        ("ADA HOLM-LIND", "", "Ada Holm", 0.9),
        ("the harbour minister", "2020-01-01", "Ada Holm", 0.9),
        ("Harbour minister", "2023-01-01", "Harbour minister", 0.9),  # somebody else by then
        ("the harbour minister", "", "the harbour minister", 0.9),  # on a day that is not known
        ("Bo Lind", "1999-01-01", "Bo Lind (the elder)", 0.9),
        ("Bo Lind", "2010-01-01", "Bo Lind (the younger)", 0.9),
        ("Bo Lind", "2004-06-01", "Bo Lind", 0.4),  # both were about: never a guess
        ("Norrland Coast Guard", "2010-01-01", "Coast Guard of Norrland", 0.9),
        ("Cy Berg", "2010-01-01", "Cy Berg", 0.9),
    ],
)
def test_a_name_is_settled_by_its_aliases_and_the_day(
    register: Register, written: str, published: str, expected: str, certainty: float
) -> None:
    (paragraph,) = settle(spoken(written, published), register).paragraphs
    (speaker,), (quotation,) = paragraph.speakers, paragraph.quotations
    assert (speaker.name, quotation.speaker) == (expected, expected)
    assert (speaker.certainty, quotation.certainty) == (certainty, certainty)
    assert paragraph.mentions == ("Ada Holm",)


def test_the_reason_names_the_register(register: Register) -> None:
    (paragraph,) = settle(spoken("NCG", "2020-01-01", SpeakerType.UNNAMED), register).paragraphs
    (quotation,) = paragraph.quotations
    assert quotation.why == "named beside it; “NCG” is Coast Guard of Norrland in speakers.toml"
    assert quotation.speaker_type is SpeakerType.ORGANISATION


def test_two_ways_of_writing_in_one_paragraph_are_one_speaker(register: Register) -> None:
    once = spoken("A. Holm", "2020-01-01").paragraphs[0]
    twice = Article(
        once.article,
        (
            Paragraph(
                once.article, 0, Kind.BODY, once.text,
                (Speaker("A. Holm", SpeakerType.PERSON, 0.5), Speaker("Ada Holm", SpeakerType.PERSON, 0.8)),
            ),
        ),
    )  # fmt: skip
    (speaker,) = settle(twice, register).paragraphs[0].speakers
    assert (speaker.name, speaker.certainty, speaker.aliases) == ("Ada Holm", 0.8, ("A. Holm", "Ada Holm-Lind"))


@given(st.text(max_size=20), st.dates().map(str))
def test_without_a_register_nothing_changes(name: str, day: str) -> None:
    assert settle(spoken(name, day), Register()) == spoken(name, day)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ('[[speaker]]\nname = "Ada', "Unclosed string|Illegal character|cannot be read"),
        ('name = "Ada"', "must hold tables .*“name”"),
        ("[[speaker]]\nname = 7", "speaker 1: “name” must be a name"),
        ("[[speaker]]\naliases = []", "speaker 1: “name” must be"),
        ('[[speaker]]\nname = "Ada"\nalias = ["A."]', r"speaker 1 \(Ada\): there is no “alias”; known are aliases"),
        ('[[speaker]]\nname = "Ada"\naliases = "A."', "“aliases” must be a list"),
        ('[[speaker]]\nname = "Ada"\ntype = "ghost"', "“type” must be person or organisation"),
        ('[[speaker]]\nname = "Ada"\nfrom = "2020"', "“from” must be a day"),
        ('[[speaker]]\nname = "Ada"\nfrom = 2021-01-01\nto = 2020-01-01', "later than"),
        ('[[speaker]]\nname = "Ada"\noffices = ["mayor"]', "“offices” must be a list"),
        ('[[speaker]]\nname = "Ada"\noffices = [{ title = "mayor", since = 2020-01-01 }]', "there is no “since”"),
        ("speaker = 3", "must hold tables"),
        ("speaker = [3]", "speaker 1: is not a table"),
    ],
)
def test_a_register_that_cannot_be_understood_is_refused_with_its_place(
    tmp_path: Path, content: str, complaint: str
) -> None:
    (tmp_path / "speakers.toml").write_text(content, encoding="utf-8")
    with pytest.raises(SpeakersFileError, match=complaint) as caught:
        read_register([tmp_path])
    assert str(tmp_path / "speakers.toml") in str(caught.value)


# ------------------------------------------------------------------------- in the archive

SAID = [
    article("one", "“We sail at dawn,” Ada Holm-Lind said.", outlet="Coast Post", date="2020-01-05"),
    article("two", "“We stay in port,” Ada Holm said.", outlet="Coast Post", date="2020-02-05"),
]


def names(archive: Archive) -> set[str]:
    return {speaker.name for hit in archive.search().hits for speaker in hit.paragraph.speakers}


def test_a_change_of_the_register_takes_effect_by_reindex(archive: Archive, tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    write_lines(folder / "a.jsonl", *SAID)
    archive.index([folder])
    assert names(archive) == {"Ada Holm-Lind", "Ada Holm"}
    (folder / "speakers.toml").write_text(REGISTER, encoding="utf-8")
    report = archive.index([folder])
    assert [str(notice) for notice in report.notices] == [
        "speakers.toml: has changed; articles that are indexed already keep their names until “onrecord reindex”."
    ]
    assert names(archive) == {"Ada Holm-Lind", "Ada Holm"}
    assert archive.reindex().notices == []
    assert names(archive) == {"Ada Holm"}
    assert archive.index([folder]).notices == []


@pytest.mark.parametrize("query", ['speaker:"A. Holm"', "speaker:holm-lind", "speaker:ada", 'speaker:"ada holm"'])
def test_a_speaker_is_found_by_aliases_and_parts_of_the_name(archive: Archive, tmp_path: Path, query: str) -> None:
    folder = tmp_path / "articles"
    write_lines(folder / "a.jsonl", *SAID)
    (folder / "speakers.toml").write_text(REGISTER, encoding="utf-8")
    archive.index([folder])
    assert {hit.paragraph.id for hit in archive.search(query).hits} == {"one#0", "two#0"}
    value = query.removeprefix("speaker:").strip('"')
    assert archive.search(speaker=value).total == 2


def test_a_register_with_a_mistake_leaves_the_index_as_it_was(archive: Archive, tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    write_lines(folder / "a.jsonl", *SAID)
    archive.index([folder])
    (folder / "speakers.toml").write_text("[[speaker]]\nname = 7\n", encoding="utf-8")
    for change in (lambda: archive.index([folder]), archive.reindex):
        with pytest.raises(SpeakersFileError):
            change()
    assert names(archive) == {"Ada Holm-Lind", "Ada Holm"}


# ------------------------------------------------------------------------------- variants


@pytest.mark.parametrize(
    ("some", "reason"),
    [
        (("Ada Holm", "A. Holm"), "surname"),
        (("Ada Maria Holm", "Ada Holm"), "surname"),
        (("Ada M. Holm", "Ada Maria Holm"), "surname"),
        (("Ada Holm", "ADA HOLM"), "capitals"),
        (("Åsa Örn", "Asa Orn"), "capitals"),
        (("Kim Da-eun", "Da-eun Kim"), "order"),
        (("Kim Da-eun", "Kim Daeun"), "hyphen"),
        (("Norrland Fishing Board", "NFB"), "abbreviation"),
        (("Board of Norrland Ports", "BNP"), "abbreviation"),
        (("Johan Lindqvist", "Johan Lindkvist"), "one letter"),
        (("Johan Lindqvist", "Johan Lindqist"), "one letter"),
    ],
)
def test_likely_variants_are_offered_with_the_reason(some: tuple[str, ...], reason: str) -> None:
    counts = {name: 5 - place for place, name in enumerate(some)} | {"Cy Berg": 3, "North Harbour Council": 1}
    (found,) = likely_variants(counts)
    assert [name for name, _ in found.names] == list(some)
    assert reason in found.reason


@pytest.mark.parametrize(
    "some",
    [
        ("Ada Holm", "Bo Holm"),
        ("Ada Holm", "Ada Lind"),
        ("Ann Berg", "Anna Berg"),  # two people, as far as anybody can tell from here
        ("Bo Lind", "Bo Lund"),  # too short for one letter to mean anything
        ("Holm", "Ada Holm"),
        ("2nd Division", "3rd Division"),
        ("a spokesman", "army spokesman"),
        ("The report", "The Fox report"),
    ],
)
def test_different_people_are_not_offered_as_one(some: tuple[str, ...]) -> None:
    assert likely_variants(dict.fromkeys(some, 1)) == []


def test_an_initial_that_fits_two_people_is_offered_with_neither_as_one() -> None:
    found = likely_variants({"A. Holm": 1, "Ada Holm": 5, "Arne Holm": 4})
    assert all({"Ada Holm", "Arne Holm"} - {name for name, _ in variants.names} for variants in found)


# ---------------------------------------------------------------------- speaking and being named


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("quoted:direct", {"a#0"}),
        ("quoted:indirect", {"a#1"}),
        ("quoted:mixed", set()),
        ("mentions:lind", {"a#0"}),
        ('mentions:"Bo Lind" -speaker:lind', {"a#0"}),
        ("speaker:lind", {"a#1"}),
    ],
)
def test_who_is_named_and_how_somebody_is_quoted_can_be_asked(query: str, found: set[str]) -> None:
    head = Metadata("a")
    direct, indirect = (
        Quotation(kind, (Span(0, 4),), (), None, None, name, SpeakerType.PERSON, 0.9, "")
        for kind, name in ((QuotationKind.DIRECT, "Ada Holm"), (QuotationKind.INDIRECT, "Bo Lind"))
    )
    held = Article(
        head,
        (
            Paragraph(head, 0, Kind.BODY, "Bo Lind is late.", quotations=(direct,), mentions=("Bo Lind",)),
            Paragraph(
                head, 1, Kind.BODY, "It is so.", (Speaker("Bo Lind", SpeakerType.PERSON, 0.9),), quotations=(indirect,)
            ),
        ),
    )
    with opened([[held]]) as (reader, _):
        hits = reader.search(parse(query).tree, SearchRequest()).hits
    assert {paragraph.id for paragraph, _ in hits} == found


# ------------------------------------------------------------------------- the command


@pytest.fixture
def heard(archive: Archive, tmp_path: Path) -> Path:
    """An index in which three are heard, one under two names."""
    lines = [
        article(f"a{i}", f"“We sail at dawn,” {name} said.")
        for i, name in enumerate(["Johan Lindqvist", "Johan Lindqvist", "Johan Lindkvist", "Ada Holm", "Cyril Berg"])
    ]
    archive.index([write_lines(tmp_path / "articles" / "a.jsonl", *lines)])
    return archive.settings.index


def test_who_is_heard_is_listed_most_heard_first(run: Callable[..., Any], heard: Path) -> None:
    listed = run("speakers", "--index", heard)
    assert listed.stdout.splitlines() == [
        "        2  Johan Lindqvist", "        1  Ada Holm", "        1  Cyril Berg", "        1  Johan Lindkvist",
    ]  # fmt: skip
    assert "1–4 of 4" in listed.stderr
    assert run("speakers", "lind", "--index", heard, "--format", "csv").stdout.splitlines() == [
        "name,paragraphs,stories", "Johan Lindqvist,2,2", "Johan Lindkvist,1,1",
    ]  # fmt: skip
    nobody = run("speakers", "zz", "--index", heard)
    assert (nobody.exit_code, nobody.stdout) == (1, "")


def test_variants_come_as_entries_that_the_register_takes(run: Callable[..., Any], heard: Path, tmp_path: Path) -> None:
    offered = run("speakers", "--variants", "--format", "toml", "--index", heard)
    assert offered.exit_code == 0
    (tmp_path / "speakers.toml").write_text(offered.stdout, encoding="utf-8")
    found = read_register([tmp_path]).find("Johan Lindkvist", None)
    assert found is not None
    assert found.only == KnownSpeaker("Johan Lindqvist", ("Johan Lindkvist",))
    assert "one letter apart" in run("speakers", "--variants", "--index", heard).stdout
    assert run("speakers", "--format", "toml", "--index", heard).exit_code == 2
