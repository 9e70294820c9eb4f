"""Counts are exact, or named as estimates and near: on every engine, and on a cluster over several shards."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import pytest

from search import Archive
from search.analysis import terms
from search.answers import of_result
from search.copies import groups, signatures, together
from search.engines import ENGINES
from search.engines.base import Reader
from search.engines.opensearch import counting, facets, folding
from search.model import Article, Copies, Group, Kind, Metadata, Paragraph, SearchRequest, Speaker, SpeakerType
from search.query.nodes import Everything, Word
from tests.contract.conftest import Kept, opened

ARTICLES, EACH = 90, 4


def corpus() -> list[Article]:
    chance = random.Random(8)
    names = [f"Ada {chr(97 + n % 26)}{chr(97 + n // 26)}holm" for n in range(60)]
    made = []
    for n in range(ARTICLES):
        head = Metadata(f"a{n:02}", f"Report {n}", outlet=f"Outlet {n % 40}")
        paragraphs = []
        for i in range(EACH):
            heard = {chance.choice(names[: chance.randrange(1, 60)]) for _ in range(2)}
            speakers = tuple(Speaker(name, SpeakerType.PERSON, 0.9) for name in sorted(heard))
            number = chance.randrange(ARTICLES * EACH // 2)
            words = [f"{letter}{number}" for letter in "abcdefghij"]
            text = f"Ice of {' and '.join(words)} was seen on the sound."
            paragraphs.append(Paragraph(head, i, Kind.BODY, text, speakers))
        made.append(Article(head, tuple(paragraphs)))
    return made


pytestmark = pytest.mark.parametrize("kept", [*sorted(ENGINES), "opensearch?shards=3"], indirect=True, scope="module")


@pytest.fixture(scope="module")
def reader(kept: Kept) -> Iterator[tuple[Reader, list[Paragraph]]]:
    with opened(kept, [corpus()]) as (reader, held):
        yield reader, [paragraph for article in held for paragraph in article.paragraphs]


REQUEST = SearchRequest(facets=("speaker", "outlet"), facet_size=7)


def checked(reader: tuple[Reader, list[Paragraph]], request: SearchRequest) -> list[str]:
    """Every count that is not named as an estimate is exact; the names of those that are."""
    searched, paragraphs = reader
    found = searched.search(Word("ice"), request)
    labels = groups(together(signatures([terms(paragraph.text) for paragraph in paragraphs]))).tolist()
    story = {p.id: label if label >= 0 else p.id for p, label in zip(paragraphs, labels, strict=True)}
    stories = len(set(story.values()))
    assert ARTICLES < stories < ARTICLES * EACH
    assert found.total == ARTICLES * EACH
    for name, count in (("stories", stories), ("articles", ARTICLES)):
        told = getattr(found, name)
        assert told == count if name not in found.estimated else told == pytest.approx(count, rel=0.02)
    told = (
        {story[p.id]: p for p in reversed(paragraphs)}
        if request.copies is Copies.GROUP
        else {p.id: p for p in paragraphs}
    )
    rows = len({p.article.id for p in told.values()}) if request.group is Group.ARTICLE else len(told)
    assert found.rows == rows if "rows" not in found.estimated else found.rows == pytest.approx(rows, rel=0.02)
    values = {
        "speaker": lambda paragraph: [speaker.name for speaker in paragraph.speakers],
        "outlet": lambda paragraph: [paragraph.article.outlet],
    }
    for name in request.facets:
        counts = Counter(value for paragraph in paragraphs for value in values[name](paragraph))
        shown = found.facets[name]
        assert [value.count for value in shown] == [counts[value.value] for value in shown]
        for value in shown:
            exact = len({story[p.id] for p in paragraphs if value.value in values[name](p)})
            assert value.stories == exact or (value.estimated and value.stories == pytest.approx(exact, abs=1))
        if f"facets.{name}" not in found.estimated:
            best = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
            assert [(value.value, value.count) for value in shown] == best[: request.facet_size]
    return list(found.estimated)


@pytest.mark.parametrize("group", list(Group))
@pytest.mark.parametrize("copies", list(Copies))
def test_of_few_everything_is_exact(reader: tuple[Reader, list[Paragraph]], copies: Copies, group: Group) -> None:
    assert checked(reader, replace(REQUEST, copies=copies, group=group)) == []
    assert checked(reader, replace(REQUEST, copies=copies, group=group, facets=())) == []


@pytest.mark.parametrize("group", list(Group))
def test_of_many_it_is_said_what_is_estimated(
    kept: Kept, reader: tuple[Reader, list[Paragraph]], group: Group, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counting, "EXACT", 10)
    monkeypatch.setattr(facets, "_EXACT", 10)
    monkeypatch.setattr(facets, "_SHARD", 5)
    estimated = checked(reader, replace(REQUEST, group=group, facet_size=1))
    if kept.nodes:
        assert {"stories", "articles", "rows"} <= set(estimated)
    else:
        assert estimated == []


def test_copies_are_folded_before_articles_as_far_as_they_are_looked_through(
    kept: Kept, reader: tuple[Reader, list[Paragraph]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folding, "MOST", 10)
    found = reader[0].search(Word("ice"), replace(REQUEST, group=Group.ARTICLE, facets=(), size=100))
    assert (found.rows, any(found.copies), found.estimated) == (
        (ARTICLES, False, ("rows",)) if kept.nodes else (found.rows, True, ())
    )


def test_values_are_all_listed(reader: tuple[Reader, list[Paragraph]]) -> None:
    searched, paragraphs = reader
    counts = Counter(speaker.name for paragraph in paragraphs for speaker in paragraph.speakers)
    values, total = searched.values(Everything(), SearchRequest(), "speaker", size=1_000)
    assert {value.value: value.count for value in values} == dict(counts)
    assert total == len(counts)
    coverage = searched.coverage()
    assert (coverage.outlets, coverage.speakers) == (40, len(counts))


def test_estimates_are_named_in_json(archive: Archive, tmp_path, monkeypatch: pytest.MonkeyPatch, run) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "articles").mkdir()
    for n in range(30):
        (tmp_path / "articles" / f"{n}.txt").write_text(
            f"Ice {n}\n\nIce was seen on the sound by all who had crossed.\n"
        )
    archive.index([tmp_path / "articles"])
    assert of_result(archive.search("ice", copies="all"))["estimated"] == []
    monkeypatch.setattr(counting, "EXACT", 3)
    found = of_result(archive.search("ice", facets=["kind"], copies="all"))
    cluster = "://" in archive.settings.engine
    assert found["estimated"] == (["stories", "articles"] if cluster else [])
    said = run(
        "search", "ice", "--group", "article", "--engine", archive.settings.engine, "--index", archive.settings.index
    )
    assert ("about 30 articles" in said.stderr) == cluster
