"""Who may change an archive that several machines can reach: one small document, changed only by who read it last.

It lists those who are at work: any number who index, or one who must be alone. An entry ends by itself when it is not
renewed, so that nobody waits long for a machine that has been switched off. What time it is, the cluster says: no two
machines' clocks are compared.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from search.engines.opensearch.client import Cluster, Refused
from search.errors import IndexAway, IndexBusy, IndexMissing

LEASE = 30.0
"""Seconds that an entry lasts when it is not renewed, which is done every sixth of that."""
_PAUSE = 0.25


@dataclass(frozen=True, slots=True)
class Holder:
    """One who is at work. ``until`` is when the entry ends, in seconds of the cluster's clock."""

    key: str
    host: str
    process: int
    purpose: str
    since: str
    alone: bool
    until: float = 0.0

    def __str__(self) -> str:
        return f"process {self.process} on {self.host} ({self.purpose}, since {self.since})"

    def is_dead(self) -> bool:
        """Was this a process of this very machine, which is not there any more?"""
        if self.host != socket.gethostname() or os.name != "posix":
            return False
        try:
            os.kill(self.process, 0)
        except ProcessLookupError:
            return True
        except OSError:
            pass
        return False


class Locks:
    """A lock of one archive, kept as a document of its small index."""

    def __init__(self, cluster: Cluster, index: str, document: str, lease: float = LEASE) -> None:
        self._cluster, self._path, self._document, self._lease = cluster, f"/{index}", document, lease
        self._own: Holder | None = None

    @contextlib.contextmanager
    def held(self, purpose: str, timeout: float, on_wait: Callable[[str], None], *, alone: bool) -> Iterator[None]:
        """Be among those at work for the length of the block. Raises IndexBusy after ``timeout`` seconds."""
        since = datetime.now().strftime("%H:%M:%S")
        own = Holder(uuid.uuid4().hex, socket.gethostname(), os.getpid(), purpose, since, alone)
        self._enter(own, timeout, on_wait)
        self._own = own
        stop = threading.Event()
        beat = threading.Thread(target=self._renew, args=(own, stop), daemon=True)
        beat.start()
        try:
            yield
        finally:
            stop.set()
            beat.join()
            self._own = None
            with contextlib.suppress(IndexAway, IndexMissing, Refused):  # the entry ends by itself
                self._change(lambda holders: [one for one in holders if one.key != own.key])

    def others(self) -> list[Holder]:
        """Who else is at work now."""
        own = self._own.key if self._own else ""
        now = self._now()
        return [one for one in self._read()[0] if one.key != own and one.until > now and not one.is_dead()]

    def insist(self) -> None:
        """Raises IndexBusy when this process has been held up for so long that its entry has ended."""
        if self._own and self._own.key not in {one.key for one in self._read()[0]}:
            raise IndexBusy(
                "This process was held up for so long that others may have changed the archive meanwhile; what it "
                "was about to make current was given up. Run it again.",
                "another process",
            )

    def _enter(self, own: Holder, timeout: float, on_wait: Callable[[str], None]) -> None:
        deadline = time.monotonic() + timeout
        told = False
        while True:
            now = self._now()
            holders, version = self._read()
            others = [one for one in holders if one.until > now and not one.is_dead() and one.key != own.key]
            in_the_way = [one for one in others if own.alone or one.alone]
            if not in_the_way and self._write([*others, replace(own, until=now + self._lease)], version):
                return
            if in_the_way and not told:
                told = True
                on_wait(str(in_the_way[0]))
            if in_the_way and time.monotonic() >= deadline:
                raise IndexBusy(
                    f"The archive is being changed by {in_the_way[0]}. Waited {timeout:g} s; try again later.",
                    str(in_the_way[0]),
                )
            time.sleep(_PAUSE if in_the_way else 0.01)

    def _renew(self, own: Holder, stop: threading.Event) -> None:
        while not stop.wait(self._lease / 6):
            with contextlib.suppress(IndexAway, IndexMissing, Refused):
                until = self._now() + self._lease
                self._change(
                    lambda holders, until=until: [  # type: ignore[misc]
                        replace(one, until=until) if one.key == own.key else one for one in holders
                    ]
                )

    def _change(self, change: Callable[[list[Holder]], list[Holder]]) -> None:
        for _ in range(100):
            holders, version = self._read()
            if self._write(change(holders), version):
                return
            time.sleep(0.01)

    def _now(self) -> float:
        parameters = {"filter_path": "nodes.*.timestamp"}
        nodes = self._cluster.ask("GET", "/_nodes/_local/stats/process", None, parameters)["nodes"]
        return float(next(iter(nodes.values()))["timestamp"]) / 1000

    def _read(self) -> tuple[list[Holder], dict[str, int]]:
        """Who is written down, and which version of the document that is."""
        found: Any = self._cluster.ask("POST", f"{self._path}/_mget", {"ids": [self._document]})["docs"][0]
        if not found.get("found"):
            return [], {}
        holders = [Holder(**one) for one in json.loads(found["_source"]["content"])]
        return holders, {"if_seq_no": found["_seq_no"], "if_primary_term": found["_primary_term"]}

    def _write(self, holders: list[Holder], version: dict[str, int]) -> bool:
        """Replace the document, unless somebody has been faster."""
        body = {"content": json.dumps([asdict(one) for one in holders])}
        parameters: dict[str, Any] = version or {"op_type": "create"}
        try:
            self._cluster.ask("PUT", f"{self._path}/_doc/{self._document}", body, parameters)
        except Refused as error:
            if error.status == 409:
                return False
            raise
        return True
