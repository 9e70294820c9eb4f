"""Answers kept in memory while the index is as it is, the last used ones, up to so many bytes."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response

from search.cache import Cache


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
        self._kept: Cache[Kept] = Cache(most)

    def find(self, tag: str) -> Response | None:
        kept = self._kept.find(tag)
        return None if kept is None else Response(kept.body, 200, list(kept.headers))

    def keep(self, tag: str, response: Response) -> None:
        """Keep a complete answer; one that is streamed, or too large, is not kept."""
        if response.is_streamed or response.direct_passthrough:
            return
        kept = Kept(response.get_data(), tuple(response.headers.items()))
        if kept.nbytes * 16 <= self._most:
            self._kept.put(tag, kept, kept.nbytes)
