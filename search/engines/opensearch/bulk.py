"""Documents sent to the cluster in bulk: bounded by bytes, tried again when it is busy, and named when refused."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from search.engines.opensearch.client import Cluster, Refused
from search.errors import IndexAway

MOST_BYTES = 4 * 2**20
"""Of one request: large enough to be worth the way, small enough for a node with little memory."""
TRIES = 8
_BUSY = frozenset({429, 502, 503, 504})
_SECONDS = 120.0


@dataclass(slots=True)
class Action:
    """One line of a bulk request, and its document if it has one."""

    line: bytes
    document: bytes = b""

    @property
    def size(self) -> int:
        return len(self.line) + len(self.document) + 2


def put(identifier: str, document: bytes) -> Action:
    return Action(json.dumps({"index": {"_id": identifier}}).encode(), document)


def create(identifier: str, document: bytes) -> Action:
    """Put what is not there yet; what is there stays, and is one of ``Bulk.conflicts``."""
    return Action(json.dumps({"create": {"_id": identifier}}).encode(), document)


def delete(identifier: str) -> Action:
    return Action(json.dumps({"delete": {"_id": identifier}}).encode())


def replace(found: Any, document: bytes) -> Action:
    """Put in the place of what was found, with its sequence number; what has changed since stays as it is."""
    return Action(_line("index", found), document)


def remove(found: Any) -> Action:
    """Delete what was found, with its sequence number, unless it has changed since."""
    return Action(_line("delete", found))


def _line(kind: str, found: Any) -> bytes:
    seen = {"if_seq_no": found["_seq_no"], "if_primary_term": found["_primary_term"]}
    return json.dumps({kind: {"_id": found["_id"], **seen}}).encode()


@dataclass(slots=True)
class Bulk:
    """Sends actions to one index; ``refused`` has the reason for every id that the cluster would not take.

    ``conflicts`` are the ids of what was to be created and was there, or was to be changed and had changed.

    What has been acknowledged is on the disk of every copy that is in service: OpenSearch's translog sees to it.
    Sending the same again changes nothing, so a request whose answer was lost is simply repeated.
    """

    cluster: Cluster
    index: str
    pause: Callable[[float], None] = time.sleep
    refused: dict[str, str] = field(default_factory=dict)
    conflicts: set[str] = field(default_factory=set)
    acknowledged: int = 0
    _waiting: list[Action] = field(default_factory=list)
    _bytes: int = 0

    def add(self, action: Action) -> None:
        if self._waiting and self._bytes + action.size > MOST_BYTES:
            self.flush()
        self._waiting.append(action)
        self._bytes += action.size

    def flush(self) -> None:
        """Send what is waiting. Raises IndexAway when the cluster stays busy or away for about a minute."""
        waiting, self._waiting, self._bytes = self._waiting, [], 0
        for attempt in range(TRIES):
            if not waiting:
                return
            if attempt:
                self.pause(min(0.25 * 2**attempt, 15.0))
            try:
                answer = self._send(waiting)
            except IndexAway:
                if attempt + 1 == TRIES:
                    raise
                continue
            except Refused as error:
                if error.status not in _BUSY and error.status != 413:
                    raise
                if error.status == 413 and len(waiting) > 1:
                    waiting = self._halves(waiting)
                continue
            waiting = self._again(waiting, answer["items"]) if answer["errors"] else self._done(waiting)
        if waiting:
            raise IndexAway(
                f"The cluster at {self.cluster.address} is too busy: it refused the same {len(waiting)} paragraphs "
                f"{TRIES} times. Run “onrecord index” again when it has less to do.",
                str(self.cluster.address),
            )

    def _send(self, actions: list[Action]) -> Any:
        lines = b"".join(a.line + b"\n" + (a.document + b"\n" if a.document else b"") for a in actions)
        return self.cluster.ask("POST", f"/{self.index}/_bulk", lines, {"filter_path": _ANSWER}, seconds=_SECONDS)

    def _halves(self, actions: list[Action]) -> list[Action]:
        """Too large for the cluster's own limit: one half is sent on its own, the other is left to be sent."""
        middle = len(actions) // 2
        first = Bulk(self.cluster, self.index, self.pause, self.refused, self.conflicts)
        first._waiting = actions[:middle]
        first.flush()
        self.acknowledged += first.acknowledged
        return actions[middle:]

    def _done(self, actions: list[Action]) -> list[Action]:
        self.acknowledged += len(actions)
        return []

    def _again(self, actions: list[Action], items: list[Any]) -> list[Action]:
        """Those that the cluster was too busy for."""
        again = []
        for action, item in zip(actions, items, strict=True):
            ((kind, outcome),) = item.items()
            if outcome["status"] in _BUSY:
                again.append(action)
            elif outcome.get("error", {}).get("type") == "cluster_block_exception":
                raise IndexAway(
                    f"The cluster at {self.cluster.address} takes no changes now: {outcome['error'].get('reason')}. "
                    "As a rule its disks are full; make room, and run it again.",
                    str(self.cluster.address),
                )
            elif outcome["status"] == 409:
                self.conflicts.add(outcome["_id"])
            elif outcome["status"] >= 400 and not (kind == "delete" and outcome["status"] == 404):
                self.refused[outcome["_id"]] = str(outcome["error"].get("reason", outcome["error"]))
            else:
                self.acknowledged += 1
        return again


_ANSWER = "errors,items.*._id,items.*.status,items.*.error.reason,items.*.error.type"
