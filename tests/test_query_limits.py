"""What is more than an engine should do is refused by name, and never cut silently."""

from __future__ import annotations

from pathlib import Path

import pytest

from search import Archive
from search.errors import QueryLimitError
from search.query import limits
from tests.conftest import article, write_lines
from web import create_app


@pytest.fixture
def wordy(archive: Archive, tmp_path: Path) -> Archive:
    """An archive with as many words in “ab” as may be asked for at once, and one more in “abc”."""
    words = [f"ab{n:04}" for n in range(limits.EXPANSIONS - 1)] + ["abc", "ice"]
    write_lines(tmp_path / "articles" / "a.jsonl", article("a", " ".join(words), "the " * 1_000))
    archive.index([tmp_path / "articles"])
    return archive


def test_as_many_words_as_are_allowed_are_found(wordy: Archive) -> None:
    assert wordy.search("ab*").total == 1
    assert wordy.search("ab?*").total == 1


@pytest.mark.parametrize("query", ["ab*", "ab?*", "ice NEAR/5 ab*", "atleast2(ab*)", "-ab*"])
def test_one_more_is_refused_by_the_name_of_the_limit(wordy: Archive, tmp_path: Path, query: str) -> None:
    write_lines(tmp_path / "articles" / "b.jsonl", article("b", "abzz"))
    wordy.index([tmp_path / "articles"])
    with pytest.raises(QueryLimitError) as refused:
        wordy.search(query)
    assert refused.value.limit == "expansions"
    assert "1,024" in str(refused.value)
    answer = create_app(wordy).test_client().get("/api/v1/search", query_string={"q": query})
    assert answer.status_code == 400


def test_words_that_meet_in_too_many_ways_are_refused(wordy: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MEETINGS", 100_000)
    with pytest.raises(QueryLimitError) as refused:
        wordy.search("(the NEAR/500 the) NEAR/500 the")
    assert refused.value.limit == "meetings"


def test_common_words_near_each_other_are_no_trouble(wordy: Archive) -> None:
    assert wordy.search("the NEAR/500 the").total == 1
    assert wordy.search('"the the the"').total == 1
