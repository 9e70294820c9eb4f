"""The way through the pages of a result: by number as far as numbers go, and from there by cursor, on and back.

A cursor leads only on. So an address that has one also carries, in ``back``, the cursors of the pages before, and in
``start`` the place of its first hit, by which nothing is found: it is only shown.
"""

from __future__ import annotations

from functools import cached_property

from search import SearchResult
from search.request import DEEPEST_HIT
from web import params

_TRAIL = 16
"""Cursors of pages before that an address carries; they come to a few thousand characters at most."""
_FIRST = "-"
"""In a trail, the last page that has a number."""


class Paging:
    """kept: the parameters of the page's address."""

    def __init__(self, result: SearchResult, kept: params.Pairs) -> None:
        self._result, self._kept = result, kept
        self._size, self.by_cursor = result.request.size, bool(result.request.cursor)
        self._deepest = max(1, DEEPEST_HIT // self._size)

    @cached_property
    def first(self) -> int | None:
        """The place of the first hit, from 1; None where that is not known."""
        if not self.by_cursor:
            return (self._result.request.page - 1) * self._size + 1
        given = self._value("start")
        return int(given) if given.isascii() and given.isdigit() and 0 < int(given) <= self._result.rows else None

    @property
    def last(self) -> int:
        """The place of the last hit."""
        return (self.first or 1) + len(self._result.hits) - 1

    @property
    def numbers(self) -> list[int | None]:
        """Page numbers to offer; None stands for a gap."""
        last, page = min(self._result.pages, self._deepest), self._result.request.page
        near = {1, last} if self.by_cursor else {1, last, *range(page - 2, page + 3)}
        out: list[int | None] = []
        for number in sorted(n for n in near if 1 <= n <= last):
            if out and out[-1] is not None and number > out[-1] + 1:
                out.append(None)
            out.append(number)
        return out

    def page(self, number: int) -> str:
        return params.address("/search", params.with_page(self._kept, number))

    @property
    def before(self) -> str | None:
        """The address of the page before."""
        page = self._result.request.page
        if not self.by_cursor:
            return self.page(page - 1) if page > 1 else None
        *trail, last = self._trail or [_FIRST]
        if last == _FIRST:
            return self.page(min(self._deepest, self._result.pages))
        start = (self.first or 1 + self._size) - self._size
        return self._by_cursor(last, trail, start)

    @property
    def after(self) -> str | None:
        """The address of the page after."""
        page, onward = self._result.request.page, self._result.cursor
        if not self.by_cursor and page < min(self._result.pages, self._deepest):
            return self.page(page + 1)
        if not onward:
            return None
        trail = [*self._trail, self._result.request.cursor] if self._result.request.cursor else [_FIRST]
        return self._by_cursor(onward, trail[-_TRAIL:], self.last + 1 if self.first else None)

    def _by_cursor(self, cursor: str, trail: list[str], start: int | None) -> str:
        told = [("start", str(start))] if start else []
        back = [("back", ".".join(trail))] if trail else []
        return params.address("/search", [*params.with_cursor(self._kept, cursor), *told, *back])

    @property
    def _trail(self) -> list[str]:
        return [cursor for cursor in self._value("back").split(".") if cursor]

    def _value(self, name: str) -> str:
        return next((value for kind, value in self._kept if kind == name), "")
