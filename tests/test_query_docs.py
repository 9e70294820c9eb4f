"""The examples of the query language mean what is said of them, wherever they are shown."""

from __future__ import annotations

import pytest

from search import Archive
from search.query import parse
from search.query.examples import EXAMPLES, TRANSLATIONS, Example, Translation
from tests.conftest import ROOT

ALL = [example for group in EXAMPLES for example in group.examples]


@pytest.mark.parametrize("example", ALL, ids=lambda example: example.query)
def test_an_example_is_understood_as_it_says(example: Example) -> None:
    query = parse(example.query)
    assert str(query.tree) == example.understood
    assert query.notices == ()


@pytest.mark.parametrize("translation", TRANSLATIONS, ids=lambda translation: translation.elsewhere)
def test_what_other_houses_write_is_understood(translation: Translation) -> None:
    assert parse(translation.elsewhere).tree == parse(translation.here).tree


def test_the_documentation_has_every_example() -> None:
    text = (ROOT / "docs" / "query-language.md").read_text(encoding="utf-8")
    for example in ALL:
        assert f"| `{example.query}` | {example.meaning} |" in text
    for translation in TRANSLATIONS:
        written = translation.elsewhere.replace("|", "\\|")
        assert f"| `{written}` | `{translation.here}` | {translation.remark} |" in text


def test_every_example_runs(archive: Archive) -> None:
    archive.index([ROOT / "seeds"])
    for example in ALL:
        assert archive.search(example.query).query == example.understood
