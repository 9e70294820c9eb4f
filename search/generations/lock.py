"""One writer at a time: a lock that dies with its process, and says who holds it."""

from __future__ import annotations

import contextlib
import json
import os
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import IO

from search.errors import IndexBusy, IndexUnavailable

_PAUSE = 0.05  # seconds between two tries


@contextlib.contextmanager
def exclusive(path: Path, purpose: str, timeout: float, on_wait: Callable[[str], None] | None = None) -> Iterator[None]:
    """Hold the lock file for the length of the block.

    purpose: what is being done, for whoever must wait. timeout: seconds to wait before IndexBusy.
    on_wait: called once, with who holds the lock, when there is somebody to wait for.
    The lock is the operating system's: however the process ends, it is free again.
    """
    try:
        file = path.open("a+", encoding="utf-8")
    except OSError as error:
        raise IndexUnavailable(f"{path} cannot be opened: {error.strerror}.", path.parent) from error
    with file:
        _wait(file, timeout, on_wait)
        try:
            _sign(file, purpose)
            yield
        finally:
            file.seek(0)
            file.truncate()
            _unlock(file)


def _wait(file: IO[str], timeout: float, on_wait: Callable[[str], None] | None) -> None:
    deadline = time.monotonic() + timeout
    told = False
    while not _try_lock(file):
        if on_wait and not told:
            told = True
            on_wait(holder(file))
        if time.monotonic() >= deadline:
            who = holder(file)
            raise IndexBusy(f"The index is being changed by {who}. Waited {timeout:g} s; try again later.", who)
        time.sleep(_PAUSE)


def _sign(file: IO[str], purpose: str) -> None:
    file.seek(0)
    file.truncate()
    since = datetime.now().strftime("%H:%M:%S")
    json.dump({"process": os.getpid(), "purpose": purpose, "since": since}, file)
    file.flush()


def holder(file: IO[str]) -> str:
    """Who signed the lock, in words."""
    try:
        file.seek(0)
        signed = json.loads(file.read())
        return f"process {signed['process']} ({signed['purpose']}, since {signed['since']})"
    except (OSError, ValueError, KeyError, TypeError):
        return "another process"  # it has not signed yet, or has just gone


if os.name == "posix":
    import fcntl

    def _try_lock(file: IO[str]) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _unlock(file: IO[str]) -> None:
        fcntl.flock(file, fcntl.LOCK_UN)

else:  # pragma: no cover - Windows
    import msvcrt

    # A byte far behind the signature is locked: Windows would not let others read a locked byte.
    _FAR = 1 << 30

    def _try_lock(file: IO[str]) -> bool:
        file.seek(_FAR)
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
        except OSError:
            return False
        return True

    def _unlock(file: IO[str]) -> None:
        file.seek(_FAR)
        msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)  # type: ignore[attr-defined,unused-ignore]
