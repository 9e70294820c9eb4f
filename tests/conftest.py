"""What the tests share: articles about invented people, and archives made of them."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import hypothesis
import pytest

from search import Archive
from search.settings import Settings
from tests.opensearch import sharing

# Locally every run tries other examples; where a change is judged, the same change must get the same verdict.
hypothesis.settings.register_profile("ci", derandomize=True, deadline=None)
hypothesis.settings.register_profile("local", deadline=None)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "local")


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        sharing.begin()


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        sharing.end()


ROOT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("ONRECORD_SHARED", ROOT.parent / "shared"))
"""Public data to measure with; not part of the project, and absent on most machines."""

needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="the public gold data is not on this machine")


def article(identifier: str, *paragraphs: str, **fields: object) -> dict[str, object]:
    """An article as JSON has it."""
    return {"id": identifier, "title": identifier.title(), "paragraphs": list(paragraphs), **fields}


def write_lines(path: Path, *articles: dict[str, object]) -> Path:
    """Write articles as JSON Lines."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(one) + "\n" for one in articles), encoding="utf-8")
    return path


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(index=tmp_path / "index", jobs=1, lock_timeout=0.2)


@pytest.fixture
def archive(settings: Settings) -> Iterator[Archive]:
    """An archive with nothing in it yet."""
    with Archive.open(settings=settings) as archive:
        yield archive


@pytest.fixture
def run() -> Callable[..., object]:
    """Run ``onrecord`` in this process; see ``click.testing.Result``."""
    from click.testing import CliRunner

    from search.cli import main

    def invoke(*words: str | Path) -> object:
        return CliRunner().invoke(main, [str(word) for word in words], catch_exceptions=False)

    return invoke
