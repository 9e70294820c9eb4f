"""Answers kept in memory while the index is as it is, the last used ones, up to so many bytes."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass

from flask import Response


@dataclass(frozen=True, slots=True)
class Kept:
    """What an answer was, but for the headers that every answer gets."""

    body: bytes
    headers: tuple[tuple[str, str], ...]

    @property
    def nbytes(self) -> int:
        return len(self.body) + 1_000  # and about so much for the rest


class Store:
    """most: bytes to keep; one answer may take a sixteenth of it. Many threads may use it at once."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[str, Kept] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def find(self, tag: str) -> Response | None:
        with self._lock:
            kept = self._kept.get(tag)
            if kept is None:
                return None
            self._kept.move_to_end(tag)
        return Response(kept.body, 200, list(kept.headers))

    def keep(self, tag: str, response: Response) -> None:
        """Keep a complete answer; one that is streamed, or too large, is not kept."""
        if response.is_streamed or response.direct_passthrough:
            return
        kept = Kept(response.get_data(), tuple(response.headers.items()))
        if kept.nbytes * 16 > self._most:
            return
        with self._lock:
            if tag not in self._kept:
                self._kept[tag] = kept
                self._bytes += kept.nbytes
            while self._bytes > self._most:
                self._bytes -= self._kept.popitem(last=False)[1].nbytes
