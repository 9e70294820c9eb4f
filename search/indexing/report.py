"""What a run over the files tells: meanwhile how far it is, and afterwards what it did."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from search.articles import ReadingNotice, Rejection


@dataclass(slots=True)
class Report:
    """What a run did, counted in articles where nothing else is said.

    ``generation`` is the current one afterwards, and ``total`` what it holds.
    """

    files: int = 0
    read: int = 0
    new: int = 0
    replaced: int = 0
    unchanged: int = 0
    removed: int = 0
    paragraphs: int = 0
    total: int = 0
    generation: int = 0
    seconds: float = 0.0
    rejections: list[Rejection] = field(default_factory=list)
    notices: list[ReadingNotice] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is; ``done`` and ``total`` count the bytes of the files that must be read."""

    articles: int
    paragraphs: int
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Listener:
    """Whom a long run keeps informed."""

    on_progress: Callable[[Progress], None] = lambda progress: None
    on_wait: Callable[[str], None] = lambda holder: None


SILENT = Listener()


class Meter:
    """Counts what has been read and tells the listener."""

    def __init__(self, listener: Listener, total: int) -> None:
        self.listener, self.total, self.done = listener, total, 0

    def tell(self, report: Report) -> None:
        self.listener.on_progress(Progress(report.read, report.paragraphs, self.done, self.total))
