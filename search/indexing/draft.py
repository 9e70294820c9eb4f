"""A generation while it is written, and how it is tried out before anybody reads it."""

from __future__ import annotations

import random
from collections.abc import Mapping
from contextlib import ExitStack
from types import TracebackType

from search.analysis import tokens
from search.engines.base import Reader, Writer
from search.generations.store import Generation, Store
from search.model import SearchRequest
from search.query import parse
from search.settings import Settings

_FIRST, _ASKED = 30, 3
"""Of so many words that a paragraph begins with, how many it must be found by."""


class Draft:
    """A generation being written; begun only when there is something to write."""

    def __init__(self, store: Store, base: Generation | None, settings: Settings) -> None:
        self.store, self.base, self.settings = store, base, settings
        self.number = 0
        self._writer: Writer | None = None
        self._stack = ExitStack()

    @property
    def begun(self) -> bool:
        return self._writer is not None

    def writer(self) -> Writer:
        if self._writer is None:
            self.number = self.store.draft(self.base)
            writer = self.store.writer(self.number, self.base, self.settings.memory)
            self._writer = self._stack.enter_context(writer)
        return self._writer

    @property
    def refused(self) -> Mapping[str, str]:
        """Articles that the engine would not take, with the reason; known when the block has been left."""
        return self._writer.refused if self._writer else {}

    def discard(self) -> None:
        if self.begun:
            self.store.discard(self.number)

    def __enter__(self) -> Draft:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self._stack.__exit__(kind, error, trace)
        except BaseException:
            self.discard()
            raise
        if error is not None:
            self.discard()


class Sample:
    """A fair sample of a stream of unknown length (Vitter's algorithm R), the same in every run."""

    def __init__(self, size: int) -> None:
        self.size, self.seen = size, 0
        self.chosen: list[str] = []
        self._random = random.Random(0)  # noqa: S311 - no secret hangs on it

    def offer(self, value: str) -> None:
        self.seen += 1
        if len(self.chosen) < self.size:
            self.chosen.append(value)
        elif (place := self._random.randrange(self.seen)) < self.size:
            self.chosen[place] = value


def is_found(reader: Reader, paragraph_id: str) -> bool:
    """Is the paragraph there, and found by the rarest of its first words? Common ones tell little, and to look through
    all that has them takes memory and time."""
    paragraph = reader.paragraph(paragraph_id)
    if paragraph is None:
        return False
    words = list(dict.fromkeys(token.term for token in tokens(paragraph.text)[:_FIRST]))
    if not words:
        return True  # nothing but punctuation: there, and not to be found by any word
    rarest = sorted(zip(reader.frequencies(words), words, strict=True))[:_ASKED]
    tree = parse(" ".join(word for _, word in rarest)).tree
    return reader.search(tree, SearchRequest(size=1)).total > 0
