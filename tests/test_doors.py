"""The same hundred requests through the archive, the command line and the API: the same answers, to the last count."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from search import Archive, Settings, answers
from search.cli import main
from tests.conftest import article, write_lines
from web import create_app

NAMES = ["Ada Holm", "Bo Lind", "Eve Marsh"]
WORDS = "ferry harbour ice bridge council budget vote storm school museum".split()
WIRE = "The northern ferry will not sail before the ice on the sound has broken, the harbour authority said on Monday."
QUERIES = [
    "", "ferry", "harbour ice", "ferry OR vote", "storm -school", '"old bridge"', "counc*", "title:budget",
    "said:ice", "speaker:holm", 'ferry "no such words"', "=ferry", "(ice OR storm) bridge", "zeppelin",
]  # fmt: skip
_TOOK = "took_ms"


def _articles(draw: random.Random) -> Iterator[dict[str, object]]:
    for n in range(60):
        words = [" ".join(draw.choices(WORDS, k=draw.randint(3, 12))) for _ in range(draw.randint(1, 4))]
        quoted = f"“The {draw.choice(WORDS)} and the old bridge matter,” {draw.choice(NAMES)} said."
        yield article(
            f"a{n:02}",
            *words,
            quoted,
            *([WIRE] if n % 7 == 0 else []),
            title=" ".join(draw.choices(WORDS, k=3)).capitalize(),
            outlet=draw.choice(["Coast Post", "Inland Times", "Ferry List"]),
            section=draw.choice(["sport", "politics", "world"]),
            language=draw.choice(["en", "en-GB"]),
            **({"date": f"202{draw.randint(2, 4)}-{draw.randint(1, 12):02}-{draw.randint(1, 28):02}"} if n % 9 else {}),
        )


def _requests(draw: random.Random) -> Iterator[list[tuple[str, str]]]:
    """Requests as the parameters of an address."""
    for _ in range(100):
        asked = [("q", draw.choice(QUERIES))]
        for name, values in {
            "match": ["all", "any"], "sort": ["relevance", "newest", "oldest"], "size": ["1", "5", "20", "100"],
            "speaker": NAMES, "outlet": ["Coast Post", "Inland Times"], "kind": ["body", "headline"],
            "language": ["en", "en-GB"], "section": ["sport", "politics"], "quoted": ["direct", "mixed"],
            "topic": ["medtop:15000000", "politics"], "from": ["2022", "2023-02"], "to": ["2024-03-05", "2023"],
            "interval": ["day", "week", "month", "year"], "copies": ["all", "group"], "group": ["article", "paragraph"],
            "page": ["1", "2"], "facet_size": ["1", "3"], "explain": ["1"],
        }.items():  # fmt: skip
            if draw.random() < (0.5 if name in ("sort", "match", "interval", "copies", "group") else 0.15):
                asked.append((name, draw.choice(values)))
        asked += [("facet", name) for name in draw.sample(["speaker", "topic", "outlet", "kind", "date"], 2)]
        asked.append(("facet", "language"))
        yield asked


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Archive, FlaskClient, Path]]:
    folder = tmp_path_factory.mktemp("doors")
    settings = Settings(index=folder / "index", jobs=1)
    with Archive.open(settings=settings) as archive:
        archive.index([write_lines(folder / "all.jsonl", *_articles(random.Random(7)))])
        yield archive, create_app(archive, settings=settings).test_client(), folder / "index"


def test_the_same_hundred_requests_are_answered_alike(doors: tuple[Archive, FlaskClient, Path]) -> None:
    archive, client, index = doors
    seen = 0
    for asked in _requests(random.Random(11)):
        door = _through_archive(archive, asked)
        site = client.get("/api/v1/search", query_string=asked).get_json()
        assert site.pop("links")["self"].startswith("/api/v1/search")
        assert _timeless(site) == door, asked
        assert _through_command(index, asked) == door, asked
        seen += len(door["hits"])
    assert seen > 300


def test_cursors_lead_on_alike(doors: tuple[Archive, FlaskClient, Path]) -> None:
    archive, client, index = doors
    asked, pages = [("q", "ferry OR ice"), ("size", "7")], 0
    cursor = ""
    while pages == 0 or cursor:
        onward = [*asked, ("cursor", cursor)] if cursor else asked
        door = _through_archive(archive, onward)
        site = client.get("/api/v1/search", query_string=onward).get_json()
        links = site.pop("links")
        assert _timeless(site) == _through_command(index, onward) == door
        cursor, pages = door["cursor"], pages + 1
        assert bool(links["onward"]) == bool(cursor)
    assert pages == -(-door["rows"] // 7)


@pytest.mark.parametrize("cursor", ["forged", "AAAA", "%00", "x" * 1001])
def test_a_forged_cursor_is_refused_by_every_door(doors: tuple[Archive, FlaskClient, Path], cursor: str) -> None:
    _, client, index = doors
    refused = client.get("/api/v1/search", query_string={"q": "ferry", "cursor": cursor})
    assert refused.status_code == 400
    assert refused.get_json()["parameter"] == "cursor"
    done = CliRunner().invoke(main, ["search", "ferry", "--cursor", cursor, "--index", str(index)])
    assert done.exit_code == 2
    assert refused.get_json()["detail"] in done.stderr


def _through_archive(archive: Archive, asked: list[tuple[str, str]]) -> dict[str, Any]:
    renamed = {"from": "published_from", "to": "published_to", "facet": "facets", "q": "text"}
    given: dict[str, Any] = {}
    for name, value in asked:
        given.setdefault(renamed.get(name, name), []).append(value)
    several = ("speaker", "topic", "outlet", "kind", "language", "section", "quoted", "facets")
    given = {name: values if name in several else values[0] for name, values in given.items()}
    return _timeless(json.loads(json.dumps(answers.of_result(archive.search(**given)))))


def _through_command(index: Path, asked: list[tuple[str, str]]) -> dict[str, Any]:
    options = [
        word
        for name, value in asked
        if name != "q"
        for word in ([f"--{name}"] if name == "explain" else [f"--{name.replace('_', '-')}", value])
    ]
    words = ["search", asked[0][1], *options, "--format", "json", "--index", str(index)]
    done = CliRunner().invoke(main, words, catch_exceptions=False)
    assert done.exit_code in (0, 1), done.stderr
    return _timeless(json.loads(done.stdout))


def _timeless(answer: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in answer.items() if name != _TOOK}
