"""IPTC Media Topics: codes, labels and which lies under which.

The table beside this module holds every term in use, without IPTC's definitions. By the International Press
Telecommunications Council, licence CC BY 4.0. A code never changes its meaning; a label may, so codes are stored
and labels looked up.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from itertools import chain

from search.analysis import terms
from search.model import Topic

PREFIX = "medtop:"
_CODE = re.compile(r"(?:.*[/:])?(\d{8})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Term:
    """One subject area. ``parent`` is None at the top; ``also`` are other names it is known by."""

    code: str
    label: str
    parent: str | None
    also: tuple[str, ...] = ()


class Taxonomy:
    """Every term by its code, in the table's order: a term stands before those under it."""

    def __init__(self, terms: dict[str, Term]) -> None:
        self.terms = terms
        self._children: dict[str | None, list[str]] = {}
        self._above: dict[str, tuple[str, ...]] = {}
        self._named: dict[tuple[str, ...], str] = {}
        for term in terms.values():
            self._children.setdefault(term.parent, []).append(term.code)
            for name in (term.label, *term.also):
                self._named.setdefault(_folded(name), term.code)

    def __contains__(self, code: str) -> bool:
        return code in self.terms

    def __iter__(self) -> Iterator[Term]:
        return iter(self.terms.values())

    def label(self, code: str) -> str:
        """The label of a code; of a code that we do not know, the code itself."""
        return self.terms[code].label if code in self.terms else code

    def parent(self, code: str) -> str | None:
        return self.terms[code].parent if code in self.terms else None

    def ancestors(self, code: str) -> tuple[str, ...]:
        """The terms above this one, nearest first.

        >>> [taxonomy().label(code) for code in taxonomy().ancestors("medtop:20000640")]
        ['diplomacy', 'international relations', 'politics']
        """
        if code not in self._above:
            parent = self.parent(code)
            above = () if parent is None else (parent, *self.ancestors(parent))
            if code not in self.terms:
                return above
            self._above[code] = above
        return self._above[code]

    def children(self, code: str | None = None) -> tuple[str, ...]:
        """The terms right under this one, or with None those of the top level."""
        return tuple(self._children.get(code, ()))

    def top(self, code: str) -> str:
        """The term of the top level that this one lies under, or is."""
        return (code, *self.ancestors(code))[-1]

    def level(self, code: str) -> int:
        """1 at the top."""
        return len(self.ancestors(code)) + 1

    def find(self, name: str) -> str | None:
        """The code that a person means: by code with or without its prefix, by address, or by a name.

        >>> taxonomy().find("20000639"), taxonomy().find("Labor Market"), taxonomy().find("chatter")
        ('medtop:20000639', 'medtop:20000523', None)
        """
        found = _CODE.fullmatch(name.strip())
        if found:
            code = PREFIX + found[1]
            return code if code in self.terms else None
        return self._named.get(_folded(name))

    def beginning(self, text: str) -> list[str]:
        """The codes of terms with a name in which some word begins so, shortest label first: for completion.

        >>> [taxonomy().label(code) for code in taxonomy().beginning("diplo")]
        ['diplomacy']
        """
        start = _folded(text)
        if not start:
            return []
        found = {code for name, code in self._named.items() if _begins(name, start)}
        return sorted(found, key=lambda code: (len(self.label(code)), self.label(code)))


def with_ancestors(codes: Iterable[str]) -> tuple[str, ...]:
    """These codes and all that lie above them, each once: what a paragraph about them is filed under.

    >>> with_ancestors(["medtop:20000639", "invented"])
    ('medtop:20000639', 'medtop:20000638', 'medtop:11000000', 'invented')
    """
    return tuple(dict.fromkeys(chain.from_iterable(map(_lineage, codes))))


@lru_cache(10_000)
def _lineage(code: str) -> tuple[str, ...]:
    return (code, *taxonomy().ancestors(code))


def names_of(topics: Iterable[Topic]) -> tuple[str, ...]:
    """The texts in whose words ``topic:`` finds these topics: codes, labels and other names, with their ancestors."""
    given = {topic.code: topic.label for topic in topics}
    return tuple(chain.from_iterable(own_names(code, given.get(code, "")) for code in with_ancestors(given)))


def own_names(code: str, label: str) -> tuple[str, ...]:
    """The same for one topic without its ancestors.

    label: what it is called where the taxonomy does not have it.
    """
    term = taxonomy().terms.get(code)
    return (code, term.label, *term.also) if term else (code, label)


def _folded(name: str) -> tuple[str, ...]:
    return tuple(terms(name))


def _begins(name: tuple[str, ...], start: tuple[str, ...]) -> bool:
    *whole, last = start
    for at in range(len(name) - len(whole)):
        if list(name[at : at + len(whole)]) == whole and name[at + len(whole)].startswith(last):
            return True
    return False


@cache
def taxonomy() -> Taxonomy:
    """The table that comes with the package, read once."""
    text = files("search.topics").joinpath("mediatopics.txt").read_text(encoding="utf-8")
    found: dict[str, Term] = {}
    above: list[str] = []
    for line in text.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        number, _, names = line.strip().partition(" ")
        depth = (len(line) - len(line.lstrip())) // 2
        code = PREFIX + number
        label, *also = names.split(" | ")
        found[code] = Term(code, label, above[depth - 1] if depth else None, tuple(also))
        above[depth:] = [code]
    return Taxonomy(found)
