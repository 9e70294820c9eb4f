"""One writer at a time, who signs, and whose lock dies with it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from search.errors import IndexBusy
from search.generations.lock import exclusive

ROOT = Path(__file__).resolve().parents[1]
HOLD = (
    "import sys, time; from pathlib import Path; from search.generations.lock import exclusive\n"
    "with exclusive(Path(sys.argv[1]), 'a long reindex', 0):\n    print('held', flush=True); time.sleep(60)\n"
)


@pytest.fixture
def held(tmp_path: Path) -> Path:
    return tmp_path / "lock"


def hold(path: Path) -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    other = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)], stdout=subprocess.PIPE, text=True, env=environment
    )
    assert other.stdout is not None
    assert other.stdout.readline() == "held\n"
    return other


def test_a_second_writer_waits_and_then_says_who_holds_the_lock(held: Path) -> None:
    waited_for: list[str] = []
    with hold(held) as other:
        with pytest.raises(IndexBusy, match=rf"process {other.pid} \(a long reindex, since"):  # noqa: SIM117
            with exclusive(held, "index", 0.2, waited_for.append):
                pytest.fail("two writers at once")
        assert len(waited_for) == 1
        other.kill()


def test_the_lock_of_a_killed_writer_is_free_at_once(held: Path) -> None:
    with hold(held) as other:
        other.kill()
        other.wait()
    with exclusive(held, "index", 0):
        assert held.read_text() != ""
    assert held.read_text() == ""
