"""The README's commands do what it says: its two lines in a clean clone, its tour on the samples."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from tests.conftest import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
LINES = [line for block in BLOCKS for line in block.strip().splitlines()]
SET_UP = [line for line in LINES if line.startswith("python3 -m venv")]
TOUR = [line for line in LINES if line.startswith("onrecord ")]


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What git would give to somebody else: the tracked files, as they are now."""
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listing.returncode:
        pytest.skip("this is not a git checkout, so there is no clone to make")
    target = tmp_path_factory.mktemp("clone") / "onrecord"
    for name in filter(None, listing.stdout.split("\0")):
        if (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target / name)
    return target


def test_the_readme_has_its_two_lines() -> None:
    assert ["serve seeds/" in SET_UP[0], "pytest" in SET_UP[1], len(SET_UP)] == [True, True, 2]


def environment(**extra: str) -> dict[str, str]:
    """This one, without what would let the clone see the project it was made from."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST", "ONRECORD", "VIRTUAL_ENV", "PYTHON"))}
    return kept | extra


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@pytest.mark.skipif(os.name != "posix", reason="the lines are for a POSIX shell")
def test_both_lines_work_in_a_clean_clone(clone: Path) -> None:
    if not os.environ.get("CI") and not os.environ.get("ONRECORD_TEST_SETUP"):
        pytest.skip("downloads every package; runs where CI or ONRECORD_TEST_SETUP is set")
    port = free_port()
    with (clone.parent / "log").open("w+") as log:
        site = subprocess.Popen(
            SET_UP[0], shell=True, cwd=clone, stdout=log, stderr=log, start_new_session=True,
            env=environment(ONRECORD_PORT=str(port)),
        )  # fmt: skip
        try:
            page = until_open(f"http://127.0.0.1:{port}/", site)
        finally:
            os.killpg(site.pid, signal.SIGTERM)
            site.wait()
        log.seek(0)
        said = log.read()
    assert f"http://127.0.0.1:{port}/" in said
    assert "On Record" in page
    # Which tests pass is for the run of them all to show; here, that the line sets up and runs them.
    tests = subprocess.run(
        SET_UP[1], shell=True, cwd=clone, capture_output=True, text=True, check=False,
        env=environment(PYTEST_ADDOPTS="-k test_request"),
    )  # fmt: skip
    assert tests.returncode == 0, tests.stdout + tests.stderr
    assert " passed" in tests.stdout


def until_open(address: str, process: subprocess.Popen[bytes]) -> str:
    """The page at the address, as soon as somebody answers there."""
    for _ in range(2400):
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:
                text: str = answer.read().decode()
                return text
        except OSError:
            assert process.poll() is None, "the line ended without opening the site"
            time.sleep(0.1)
    raise AssertionError("the site did not open")


@pytest.fixture(scope="module")
def toured(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the samples and their index, where the tour can be taken."""
    folder = tmp_path_factory.mktemp("tour")
    shutil.copytree(ROOT / "seeds", folder / "seeds")
    done = onrecord(["index", "seeds/"], folder)
    assert done.returncode == 0, done.stderr
    return folder


def onrecord(words: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "search.cli", *words], cwd=folder, capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip


@pytest.mark.parametrize("line", TOUR)
def test_every_command_of_the_tour_works_on_the_samples(line: str, toured: Path) -> None:
    if line == "onrecord reindex --rollback":
        onrecord(["reindex"], toured)  # so that there is something to go back to
    done = onrecord(shlex.split(line)[1:], toured)
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr


def test_the_python_of_the_readme_works_on_the_samples(toured: Path) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=toured, capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "#" in done.stdout
