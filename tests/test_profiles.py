"""Speakers and topics across an archive, what is like a paragraph, and what a terminal shows of it all."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from search import Archive, Settings
from search.cli import main
from search.errors import ParameterError
from tests.conftest import article, write_lines
from web import create_app

REGISTER = '[[speaker]]\nname = "Ada Holm"\naliases = ["A. Holm"]\n'
WIRE = "The northern ferry will not sail before the ice on the sound has broken, the harbour authority said on Monday."
ARTICLES = [
    article(
        "talks",
        "“The icebreaker must come before the thaw,” Ada Holm said.",
        "“The icebreaker is late again,” A. Holm said, and Bo Lind said: “It is not.”",
        outlet="Coast Post", date="2024-01-05", section="politics",
    ),
    article("later", "“An icebreaker costs money,” Ada Holm said.", outlet="Inland Times", date="2024-03-07"),
    article("museum", "“Paintings need light,” Bo Lind said.", "The museum opened its new paintings hall.",
            outlet="Inland Times", date="2023-03-07"),
    *(article(f"road{n}", f"The council met about road {n} and the paintings.", date="2024-02-01") for n in range(30)),
    article("wire1", WIRE, outlet="Coast Post", date="2024-01-06"),
    article("wire2", WIRE, outlet="Inland Times", date="2024-01-07"),
    article("thaw", "The northern sound has broken its ice and the ferry will sail.", date="2024-02-20"),
]  # fmt: skip


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Archive, Path]]:
    folder = tmp_path_factory.mktemp("profiles")
    (folder / "speakers.toml").write_text(REGISTER, encoding="utf-8")
    with Archive.open(settings=Settings(index=folder / "index", jobs=1)) as archive:
        archive.index([write_lines(folder / "all.jsonl", *ARTICLES)])
        yield archive, folder / "index"


@pytest.fixture(scope="module")
def client(held: tuple[Archive, Path]) -> FlaskClient:
    return create_app(held[0], settings=Settings()).test_client()


def test_speakers_are_listed_by_count_or_name_and_by_a_words_beginning(held: tuple[Archive, Path]) -> None:
    archive, _ = held
    every = archive.speakers()
    named = [(value.value, value.count) for value in every.values]
    assert named[:2] == [("Ada Holm", 3), ("Bo Lind", 2)]
    assert every.total == len(named)
    assert [value.value for value in archive.speakers("hol").values] == ["Ada Holm"]
    assert [value.value for value in archive.speakers("ada ho").values] == ["Ada Holm"]
    assert archive.speakers("olm").values == ()
    by_name = [value.value for value in archive.speakers(sort="name").values]
    assert by_name == sorted(by_name, key=str.casefold)
    assert [value.value for value in archive.speakers(page=2, size=1).values] == ["Bo Lind"]
    with pytest.raises(ParameterError, match="sort"):
        archive.speakers(sort="age")


def test_who_said_it_most_is_counted_over_all_that_answers(held: tuple[Archive, Path]) -> None:
    archive, _ = held
    said = archive.speakers(text="icebreaker")
    assert [(value.value, value.count) for value in said.values] == [("Ada Holm", 3), ("Bo Lind", 1)]
    assert archive.speakers(text="nothing of the kind").total == 0


@pytest.mark.parametrize("name", ["Ada Holm", "ada holm", "A. Holm"])
def test_a_speaker_has_a_profile_by_any_of_their_names(held: tuple[Archive, Path], name: str) -> None:
    found = held[0].speaker(name)
    assert found
    assert (found.name, found.paragraphs, found.articles, found.aliases) == ("Ada Holm", 3, 2, ("A. Holm",))
    assert (str(found.first), str(found.last)) == ("2024-01-05", "2024-03-07")
    assert [period.count for period in found.timeline] == [2, 0, 1]
    assert [(value.value, value.count) for value in found.outlets] == [("Coast Post", 2), ("Inland Times", 1)]
    assert [value.value for value in found.neighbours] == ["Bo Lind"]
    assert "icebreaker" in [one.word for one in found.words]
    assert not {"holm", "paintings"} & {one.word for one in found.words}


def test_a_topic_has_a_profile_by_code_or_label(held: tuple[Archive, Path]) -> None:
    archive, _ = held
    by_code = archive.topic("medtop:11000000")
    assert by_code
    assert (by_code.label, str(by_code.first)) == ("politics", "2024-01-05")
    assert archive.topic("politics") == by_code
    assert by_code.paragraphs == archive.search(topic="politics").total
    assert archive.topic("no such topic") is archive.speaker("Nobody At All") is None


def test_wherever_speakers_are_counted_it_is_said_what_they_are(tmp_path: Path) -> None:
    ada = ["“Ice holds,” Ada Holm said.", "“Ice broke,” Ada Holm said."]
    ice = article("ice", *ada, *(f"Analysts said ice would hold until day {n}." for n in range(4)))
    with Archive.open(settings=Settings(index=tmp_path / "index", jobs=1)) as archive:
        archive.index([write_lines(tmp_path / "ice.jsonl", ice)])
        known = {"Ada Holm": "person", "Analysts": "unnamed"}
        facet = archive.search("ice", facets=["speaker"]).facets["speaker"]
        assert {one.value: one.type for one in facet} == known
        assert {one.value: one.type for one in archive.speakers().values} == known
        assert [archive.speaker(name).type for name in known] == list(known.values())  # type: ignore[union-attr]
        client = create_app(archive, settings=Settings()).test_client()
        most = client.get("/").text.partition('id="most-speaker"')[2].partition("</section>")[0]
        assert "Ada Holm" in most
        assert "Analysts" not in most
        assert re.search('<label class="unnamed">.*Analysts', client.get("/search?q=ice").text)
        assert "Person" in client.get("/speaker/Ada%20Holm").text
        assert client.get("/api/v1/speakers").get_json()["speakers"][0]["type"] == "unnamed"


def test_what_is_like_a_paragraph_shares_its_telling_words_and_is_no_copy(held: tuple[Archive, Path]) -> None:
    archive, _ = held
    found = archive.like("wire1#0", 3)
    assert found
    ids = [hit.paragraph.id for hit in found.hits]
    assert ids[0] == "thaw#0"
    assert not {"wire1#0", "wire2#0"} & set(ids)
    assert {"ferry", "northern"} <= set(found.query.split(" OR "))
    assert archive.like("nothing#0") is None


def test_the_api_has_them_all(client: FlaskClient) -> None:
    listed = client.get("/api/v1/speakers?q=icebreaker&size=1").get_json()
    assert (listed["total"], listed["size"], listed["page"]) == (2, 1, 1)
    (value,) = listed["speakers"]
    assert (value["value"], value["count"], value["stories"]) == ("Ada Holm", 3, 3)
    profile = client.get("/api/v1/speakers/A.%20Holm").get_json()
    assert (profile["name"], profile["first"], profile["interval"]) == ("Ada Holm", "2024-01-05", "month")
    assert client.get("/api/v1/topics/politics").get_json()["name"] == "medtop:11000000"
    assert [one["id"] for one in client.get("/api/v1/paragraphs/wire1%230/copies").get_json()["copies"]] == ["wire2#0"]
    assert client.get("/api/v1/paragraphs/wire1%230/like?size=1").get_json()["hits"][0]["id"] == "thaw#0"
    for path in ("speakers/Nobody", "topics/nothing", "paragraphs/no%230/like", "paragraphs/no%230/copies"):
        assert client.get(f"/api/v1/{path}").status_code == 404
    for query in ("sort=age", "size=0", "page=x", "nonsense=1"):
        assert client.get(f"/api/v1/speakers?{query}").status_code == 400, query


def test_a_terminal_shows_copies_timelines_facets_and_reasons(held: tuple[Archive, Path]) -> None:
    _, index = held

    def run(*words: str) -> str:
        done = CliRunner().invoke(main, [*words, "--index", str(index)], catch_exceptions=False)
        return " ".join(done.output.split())

    assert "also in 1 other" in run("search", "ferry")
    shown = run("search", "icebreaker", "--interval", "month", "--facet", "speaker", "--speaker", "Ada Holm")
    assert "2024-02 0 no match" in shown
    assert "3 * Ada Holm" in shown
    assert "nothing in the archive" in run("search", "paintings", "--interval", "month")
    assert "2 more of this article" not in run("search", "icebreaker")
    assert "and 1 more of this article" in run("search", "icebreaker", "--group", "article")
    explained = run("search", "ferry", "--explain")
    assert "score for in stands of words in paragraphs rarity weight" in explained
    assert "3 paragraphs, 2 stories" in explained
    assert "wire2#0" not in run("search", "ferry", "--format", "ids")
    assert "wire2#0" in run("search", "ferry", "--format", "ids", "--copies", "all")
    assert run("like", "wire1#0", "-n", "1", "--format", "ids") == "thaw#0"
    assert "no paragraph" in run("like", "nothing#0")
    assert json.loads(run("show", "wire2#0", "--copies", "--format", "json"))["id"] == "wire1#0"
