"""Worker processes that apply one function to many batches, in order, without losing any.

Each is another Python with a pipe either way. ``multiprocessing`` is not used, for three
reasons that were met in practice: a forked child inherits the index lock and keeps it when its parent is
killed; a spawned child runs the caller's own script again; and a pool may wait for ever for a child that
the system has killed. A worker here ends when its pipe closes, and its death is an error at once.
"""

from __future__ import annotations

import gc
import os
import pickle
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from itertools import chain, islice
from queue import SimpleQueue
from typing import Any, TypeVar

from search.errors import SearchError

T = TypeVar("T")
R = TypeVar("R")


class WorkerLost(SearchError):
    """A worker process died; nothing of the whole batch was taken over."""


def each(function: Callable[[T], R], batches: Iterable[T], processes: int) -> Iterator[R]:
    """``function`` of every batch, in the order of the batches, by that many processes.

    The function must be importable by name. One or two batches are done here, for starting a process
    takes longer. At most three batches a process are under way, so memory stays bounded.
    """
    waiting = iter(batches)
    first = list(islice(waiting, 3))
    if processes <= 1 or len(first) < 3:
        yield from map(function, chain(first, waiting))
        return
    with ExitStack() as stack:
        idle: SimpleQueue[_Worker] = SimpleQueue()
        for _ in range(processes):
            idle.put(stack.enter_context(_Worker()))
        threads = stack.enter_context(ThreadPoolExecutor(processes))
        yield from _in_order(function, chain(first, waiting), idle, threads, processes * 3)


def _in_order(
    function: Callable[[T], R],
    batches: Iterable[T],
    idle: SimpleQueue[_Worker],
    threads: ThreadPoolExecutor,
    most: int,
) -> Iterator[R]:
    under_way: deque[Future[R]] = deque()

    def work(batch: T) -> R:
        worker = idle.get()
        try:
            answer: R = worker.call(function, batch)
            return answer
        finally:
            idle.put(worker)

    try:
        for batch in batches:
            under_way.append(threads.submit(work, batch))
            if len(under_way) >= most:
                yield under_way.popleft().result()
        while under_way:
            yield under_way.popleft().result()
    finally:
        for future in under_way:
            future.cancel()


class _Worker:
    """One process and its two pipes."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", "from search.workers import serve; serve()"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,  # Ctrl-C is the parent's to answer
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        )

    def call(self, function: Callable[[T], R], batch: T) -> R:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        try:
            pickle.dump((function, batch), self.process.stdin, pickle.HIGHEST_PROTOCOL)
            self.process.stdin.flush()
            worked, answer = pickle.load(self.process.stdout)  # noqa: S301 - from our own child
        except (EOFError, OSError, pickle.UnpicklingError) as error:
            raise WorkerLost(
                "A process that reads articles was ended from outside, perhaps for want of memory. "
                "Nothing was changed; try again with --jobs 1."
            ) from error
        if not worked:
            raise answer
        result: R = answer
        return result

    def __enter__(self) -> _Worker:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()  # it holds nothing that must be kept
        self.process.communicate()


def serve() -> None:
    """The worker's side: answer until the pipe closes, which it does when the parent ends in any way."""
    # What is read makes many small objects and hardly a cycle; looking for these often took a twentieth of the time.
    gc.set_threshold(100_000, 20, 50)
    calls, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # a stray print must not get between the answers
    while True:
        try:
            function, batch = pickle.load(calls)  # noqa: S301 - from our own parent
        except EOFError:
            return
        answer: tuple[bool, Any]
        try:
            answer = True, function(batch)
        except Exception as error:  # carried over and raised in the parent
            answer = False, error
        try:
            answers.write(pickle.dumps(answer, pickle.HIGHEST_PROTOCOL))
            answers.flush()
        except BrokenPipeError:
            return
