"""Worker processes keep the order, pass errors on, and never lose a batch in silence."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from search.workers import WorkerLost, each

ROOT = Path(__file__).resolve().parents[1]


def double(batch: list[int]) -> list[int]:
    print("a stray print does no harm")  # noqa: T201
    return [2 * n for n in batch]


def fail_on_three(batch: list[int]) -> list[int]:
    if 3 in batch:
        raise ValueError("three")
    return batch


def die_on_three(batch: list[int]) -> list[int]:
    if 3 in batch:
        os.kill(os.getpid(), 9)
    return batch


@pytest.mark.parametrize("processes", [1, 2, 3])
@pytest.mark.parametrize("count", [0, 1, 2, 25])
def test_answers_come_in_the_order_of_the_batches(processes: int, count: int) -> None:
    assert list(each(double, ([n] for n in range(count)), processes)) == [[2 * n] for n in range(count)]


def test_an_error_in_a_worker_is_raised_here() -> None:
    with pytest.raises(ValueError, match="three"):
        list(each(fail_on_three, [[n] for n in range(9)], 2))


def test_a_killed_worker_is_an_error_not_a_loss() -> None:
    with pytest.raises(WorkerLost):
        list(each(die_on_three, [[n] for n in range(9)], 2))


def test_batches_are_drawn_only_as_they_are_needed() -> None:
    drawn = 0

    def batches() -> Iterator[list[int]]:
        nonlocal drawn
        for n in range(100):
            drawn += 1
            yield [n]

    answers = each(double, batches(), 2)
    next(answers)
    assert drawn <= 10
    answers.close()


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="finds children by /proc")
def test_workers_end_when_their_parent_is_killed(tmp_path: Path) -> None:
    script = tmp_path / "endless.py"
    script.write_text(
        "import itertools\nfrom search.workers import each\n"
        "for n in each(abs, itertools.count(), 2):\n    print(n, flush=True)\n"
    )
    parent = subprocess.Popen(
        [sys.executable, str(script)], stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(ROOT)}
    )
    assert parent.stdout is not None
    with parent.stdout:
        parent.stdout.readline()
        children = _children(parent.pid)
        assert len(children) == 2
        parent.send_signal(signal.SIGKILL)
        parent.wait()
    for _ in range(100):
        if not any(Path(f"/proc/{child}/cmdline").exists() for child in children):
            return
        time.sleep(0.05)
    pytest.fail("workers outlived their parent")


def _children(pid: int) -> list[int]:
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for task in tasks for child in task.read_text().split()]
