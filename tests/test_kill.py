"""Killed at any moment, the next command finds the state before or after, never between."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from search import Archive, Settings
from tests.conftest import ROOT, article, write_lines

KILLS = 30
ARTICLES = 60


def command(index: Path, *words: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "search.cli", *words, "--index", str(index), "--jobs", "1"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )


def write(folder: Path, edition: int) -> None:
    """Sixty articles whose every paragraph says which edition it is of."""
    word = f"edition{edition}"
    write_lines(
        folder / "all.jsonl",
        *(article(f"a{n}", *(f"Paragraph {k} of {word}, number {n}." for k in range(5))) for n in range(ARTICLES)),
    )


def state(settings: Settings) -> tuple[int, ...]:
    """How many paragraphs of each edition there are; also that everything else is sound."""
    with Archive.open(settings=settings) as archive:
        assert list(filter(None, archive.check())) == []
        return tuple(archive.search(f"edition{n}", size=1).total for n in range(KILLS + 1))


@pytest.mark.skipif(os.name != "posix", reason="kill -9 is POSIX")
def test_a_killed_index_or_reindex_leaves_all_of_the_old_or_all_of_the_new(tmp_path: Path) -> None:
    chance = random.Random(20261124)
    folder, settings = tmp_path / "articles", Settings(index=tmp_path / "index", jobs=1)
    folder.mkdir()
    write(folder, 0)
    started = time.monotonic()
    assert command(settings.index, "index", str(folder)).wait() == 0
    usual = time.monotonic() - started
    whole, before, finished = ARTICLES * 5, 0, 0
    for edition in range(1, KILLS + 1):
        write(folder, edition)
        words = ("index", str(folder)) if edition % 2 else ("reindex", str(folder))
        process = command(settings.index, *words)
        time.sleep(chance.uniform(0.3, 1.1) * usual)
        process.send_signal(signal.SIGKILL)
        process.wait()
        found = state(settings)
        assert sum(found) == whole, "a mixture"
        assert whole in (found[before], found[edition]), f"neither edition {before} nor {edition}"
        if found[edition]:
            before, finished = edition, finished + 1
    assert command(settings.index, "index", str(folder)).wait() == 0
    assert state(settings)[KILLS] == whole
    assert 0 < finished < KILLS, "every kill came too early or too late to show anything"
    assert len(list((settings.index / "generations").iterdir())) <= 2
