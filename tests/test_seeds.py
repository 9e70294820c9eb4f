"""The sample articles are read as they should be, and say what they are."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from search.articles import ReadingNotice, Rejection, find_sources, read_articles
from search.model import Article, Kind

SEEDS = Path(__file__).resolve().parents[1] / "seeds"
ITEMS = list[Article | Rejection | ReadingNotice]


@pytest.fixture(scope="module")
def items() -> ITEMS:
    return list(read_articles([SEEDS]))


@pytest.fixture(scope="module")
def articles(items: ITEMS) -> list[Article]:
    return [item for item in items if isinstance(item, Article)]


def test_every_sample_is_read(items: ITEMS, articles: list[Article]) -> None:
    assert [str(item) for item in items if isinstance(item, Rejection)] == []
    notices = [item.message for item in items if isinstance(item, ReadingNotice)]
    assert notices == ["is not UTF-8, and was read as windows-1252"]
    assert len(articles) == 16
    assert len({article.id for article in articles}) == 16


def test_every_format_is_there() -> None:
    suffixes = {source.suffix for source in find_sources([SEEDS]) if not isinstance(source, Rejection)}
    assert suffixes == {".txt", ".html", ".htm", ".json", ".jsonl", ".jsonl.gz"}


def test_samples_are_small_and_sensible(articles: list[Article]) -> None:
    for article in articles:
        kinds = Counter(paragraph.kind for paragraph in article.paragraphs)
        assert article.metadata.title, article.id
        assert 6 <= kinds[Kind.BODY] <= 14, article.id
        assert all(len(p.text) > 60 for p in article.paragraphs if p.kind is Kind.BODY), article.id
    years = {article.metadata.published.year for article in articles if article.metadata.published}
    assert years >= set(range(2019, 2027))
    assert len({article.metadata.outlet for article in articles}) >= 8


def test_samples_say_that_they_are_invented(articles: list[Article]) -> None:
    for article in articles:
        assert "On Record samples" in article.metadata.credit, article.id
        assert article.id == "seoul-envoy-visit" or "people and places are invented" in article.metadata.credit, (
            article.id
        )


def test_the_visit_to_seoul_has_the_layout_of_a_newsroom(articles: list[Article]) -> None:
    (visit,) = (article for article in articles if article.id == "seoul-envoy-visit")
    kinds = [paragraph.kind.value for paragraph in visit.paragraphs]
    assert kinds == ["standfirst", *["caption"] * 2, *["body"] * 5, *["caption"] * 2, *["body"] * 7]
