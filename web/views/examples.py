"""The examples of the query language, with what each finds in this very archive."""

from __future__ import annotations

from dataclasses import dataclass

from search import Archive
from search.query.examples import EXAMPLES, Example


@dataclass(frozen=True, slots=True)
class Tried:
    """A query, what it means, and how many paragraphs of the archive answer it."""

    query: str
    meaning: str
    count: int


def examples(archive: Archive) -> list[tuple[str, list[Tried]]]:
    """Every group with its examples, each asked."""

    def tried(one: Example) -> Tried:
        return Tried(one.query, one.meaning, archive.search(one.query, size=1).total)

    return [(group.title, [tried(one) for one in group.examples]) for group in EXAMPLES]
