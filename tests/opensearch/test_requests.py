"""How often the cluster is asked: what costs time is each way there and back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

import pytest

from search import Archive
from search.engines.opensearch.client import Cluster
from search.settings import Settings
from tests.conftest import article, write_lines
from tests.opensearch.sharing import shared

SAME = "The harbour was closed by ice on the night before the ferry came in."


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    folder = tmp_path_factory.mktemp("articles")
    own = [f"Ice of {n} inches." for n in range(30)]
    write_lines(
        folder / "one.jsonl", *(article(f"a{n}", text, SAME, published="2024-01-05") for n, text in enumerate(own))
    )
    with Archive.open(settings=Settings(engine=shared("one", 1).address("requests"), jobs=1)) as archive:
        archive.index([folder])
        yield archive


@contextmanager
def searches() -> Iterator[list[Any]]:
    """The searches that are sent meanwhile."""
    sent: list[Any] = []
    original = Cluster.ask

    def ask(self: Cluster, method: str, path: str, body: Any = None, *rest: Any, **named: Any) -> Any:
        if path.endswith("/_search"):
            sent.append(body)
        return original(self, method, path, body, *rest, **named)

    with mock.patch.object(Cluster, "ask", ask):
        yield sent


@pytest.mark.parametrize(
    ("query", "options", "most"),
    [
        ("inches", {"copies": "all", "size": 50}, 1),
        ("inches", {"copies": "all", "size": 50, "facets": ["speaker", "outlet"], "interval": "month"}, 1),
        ("ice", {}, 2),
        ("ice", {"facets": ["speaker", "outlet", "date"], "interval": "day"}, 2),
        ("ice", {"facets": ["outlet"], "interval": "year", "published_from": "2023"}, 2),
        ("ice", {"group": "article", "interval": "week"}, 3),
    ],
)
def test_a_search_is_one_request_and_another_where_something_is_counted_one_by_one(
    archive: Archive, query: str, options: dict[str, Any], most: int
) -> None:
    archive.search(query, **options)  # what the whole archive spans is asked once
    with searches() as sent:
        found = archive.search(query, **options)
    assert found.total >= 30
    assert len(sent) == most
