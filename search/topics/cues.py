"""Words and phrases that speak for topics, and the one pass over a paragraph that finds them all.

A cue is written as people write: a word stands for all its forms, ``=word`` for itself alone, and several words for
that phrase in any of its forms. Cues are numbered in the order in which they are given.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from search.analysis import stem, terms

_MOST_KNOWN = 200_000
"""Words whose cues are remembered; the names and numbers of a large archive would otherwise fill the memory."""

Key = tuple[str, ...]


def key_of(cue: str) -> Key:
    """What is compared: the stems of the words, or ``=`` and the one term.

    >>> key_of("peace talks"), key_of("=imports"), key_of("!")
    (('peac', 'talk'), ('=imports',), ())
    """
    found = terms(cue)
    if cue.startswith("=") and len(found) == 1:
        return ("=" + found[0],)
    return tuple(map(stem, found))


class Found(NamedTuple):
    """A cue where it stands: ``length`` terms from number ``start`` on."""

    cue: int
    start: int
    length: int


_new = tuple.__new__  # past the constructor that NamedTuple writes, which takes twice as long: a paragraph has twenty


class Cues:
    """A numbered set of cues, compiled to a dictionary over terms.

    >>> cues = Cues([("peac", "talk"), ("envoy",), ("=us",)])
    >>> [tuple(found) for found in cues.scan(terms("US envoys in peace talks"))]
    [(2, 0, 1), (1, 1, 1), (0, 3, 2)]
    """

    def __init__(self, keys: Iterable[Key]) -> None:
        self.keys = list(keys)
        words: dict[str, int] = {}
        phrases: dict[str, dict[str, list[tuple[Key, int]]]] = {}
        for cue, key in enumerate(self.keys):
            if len(key) == 1:
                words[key[0]] = cue
            elif key:
                phrases.setdefault(key[0], {}).setdefault(key[1], []).append((key[2:], cue))
        self._known = _Known(words, phrases)

    def __len__(self) -> int:
        return len(self.keys)

    def scan(self, words: Sequence[str]) -> list[Found]:
        """Every cue that stands in these terms, in their order."""
        found = []
        for start, entry in enumerate(map(self._known.__getitem__, words)):
            if entry:
                single, phrases = entry
                if phrases and start + 1 < len(words):
                    for rest, cue in phrases.get(stem(words[start + 1]), ()):
                        if not rest or rest == tuple(map(stem, words[start + 2 : start + 2 + len(rest)])):
                            found.append(Found(cue, start, len(rest) + 2))
                for cue in single:
                    found.append(_new(Found, (cue, start, 1)))
        return found


def longest(found: Sequence[Found]) -> Sequence[Found]:
    """Those of the cues that do not lie within, or cross, a longer one.

    >>> [one.cue for one in longest([Found(1, 0, 1), Found(2, 0, 2), Found(3, 1, 2), Found(4, 2, 1)])]
    [2, 4]
    """
    if {one.length for one in found} <= {1}:
        return found
    kept: list[Found] = []
    taken: set[int] = set()
    for one in sorted(found, key=lambda one: (-one.length, one.start)):
        places = range(one.start, one.start + one.length)
        if taken.isdisjoint(places):
            kept.append(one)
            if one.length > 1:  # one word may be two cues, by its stem and exactly
                taken.update(places)
    return kept


_Phrases = dict[str, list[tuple[Key, int]]]
_Entry = tuple[tuple[int, ...], _Phrases | None] | None


class _Known(dict[str, _Entry]):
    """The cues that a term is, and the phrases it begins by their second stem, or None for neither; worked out when
    first met."""

    def __init__(self, words: dict[str, int], phrases: dict[str, _Phrases]) -> None:
        self._words, self._phrases = words, phrases

    def __missing__(self, term: str) -> _Entry:
        stemmed = stem(term)
        single = tuple(self._words[key] for key in (stemmed, "=" + term) if key in self._words)
        if len(self) >= _MOST_KNOWN:
            self.clear()
        phrases = self._phrases.get(stemmed)
        entry = self[term] = (single, phrases) if single or phrases else None
        return entry
