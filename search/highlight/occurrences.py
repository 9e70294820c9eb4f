"""Where a node occurs in one field of one paragraph, and which tokens there answer it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from search.analysis import capitals, fold, pattern, stem, terms
from search.highlight.fields import Field
from search.query.nodes import CASED, AtLeast, Caps, Fuzzy, Near, Node, Or, Phrase, Prefix, Unit, Wildcard, Word
from search.query.spelling import edits

_MOST_CHOICES = 2_000
"""Ways in which words may meet in one paragraph; beyond that, a mark may be missing, but none is wrong."""


@lru_cache(1024)
def _wanted(text: str) -> tuple[str, ...]:
    """The terms of a part of a query, which is looked for in every hit."""
    return tuple(terms(text))


@lru_cache(1024)
def wanted_stem(word: Word) -> str | None:
    """The stem by which a word is found where words are found so; None for one that is exact, or several tokens."""
    found = _wanted(word.text)
    return stem(found[0]) if len(found) == 1 and not word.exact else None


class Occurrence(NamedTuple):
    """Tokens ``start`` to ``end``, half-open; ``marks`` are the stretches within that answer."""

    start: int
    end: int
    marks: tuple[tuple[int, int], ...]


def marked(node: Node, field: Field, name: str) -> list[tuple[int, int]]:
    """The stretches of tokens that answer a node, from a first token to before a last; none where it does not stand."""
    match node:
        case AtLeast(part, count):
            found = occurrences(part, field, name)
            return _marks(found) if len(found) >= count else []
        case Near():
            return [mark for choice in choices(node, field, name) for mark in _marks(choice)]
        case _:
            return _marks(occurrences(node, field, name))


def _marks(found: Iterable[Occurrence]) -> list[tuple[int, int]]:
    return [mark for one in found for mark in one.marks]


def occurrences(node: Node, field: Field, name: str) -> list[Occurrence]:
    """Every stretch where the node stands, each once, in order."""
    match node:
        case Or(parts):
            return _each_once(found for part in parts for found in occurrences(part, field, name))
        case Near():
            return _each_once(_together(choice) for choice in choices(node, field, name))
        case Word(text):
            sought = wanted_stem(node) if name in CASED else None
            if sought is None:
                return _in_a_row(_wanted(text), field)
            return _alone(_places(sought, field.stems))
        case Phrase(text):
            return _in_a_row(_wanted(text), field)
        case Caps(text):
            how = capitals(text)
            found = _in_a_row([fold(text)], field)
            return [one for one in found if field.written(one.start) == how]
        case Prefix() | Wildcard() | Fuzzy():
            return _single(field, fits(node))
        case _:
            raise TypeError(f"{node} does not occur")


def fits(node: Prefix | Wildcard | Fuzzy) -> Callable[[str], object]:
    """A test for the terms that a node stands for."""
    match node:
        case Prefix(text):
            start = "".join(terms(text))
            return lambda term: term.startswith(start)
        case Wildcard(text):
            shape = (pattern(text) or "").replace("?", ".").replace("*", ".*")
            return re.compile(shape, re.DOTALL).fullmatch
        case Fuzzy(text, distance):
            word = "".join(terms(text))
            return lambda term: term[0] == word[0] and edits(word, term, distance) <= distance


def choices(near: Near, field: Field, name: str) -> Sequence[tuple[Occurrence, ...]]:
    """Choices of one occurrence of each part that are near each other."""
    lists = []
    for part in near.parts:
        lists.append(occurrences(part, field, name))
        if not lists[-1]:
            return []
    unit = near.distance if isinstance(near.distance, Unit) else None
    fewer = near.distance if not isinstance(near.distance, Unit) else 0
    if len(lists) == 2 and not unit and all(one.end == one.start + 1 for found in lists for one in found):
        least = 1 if near.ordered else -fewer  # most are of two words, which are near by where they stand alone
        return [
            (one, other)
            for one in lists[0]
            for other in lists[1]
            if least <= (apart := field.at[other.start] - field.at[one.start]) <= fewer and apart
        ][:_MOST_CHOICES]
    room = sum(max(_length(one, field) for one in found) for found in lists) + fewer - 1

    def extend(chosen: tuple[Occurrence, ...]) -> Iterator[tuple[Occurrence, ...]]:
        if len(chosen) == len(lists):
            if unit or _others(chosen, field) < fewer:
                yield chosen
            return
        for one in lists[len(chosen)]:
            if all(_apart(other, one, near.ordered) for other in chosen) and fit(chosen, one):
                yield from extend((*chosen, one))

    def fit(chosen: tuple[Occurrence, ...], one: Occurrence) -> bool:
        if unit is Unit.SENTENCE:
            ends = [*(other.start for other in chosen), one.start, one.end - 1]
            return len({field.sentence(i) for i in ends}) == 1
        return unit is Unit.PARAGRAPH or _width((*chosen, one), field) <= room

    return list(islice(extend(()), _MOST_CHOICES))


def _apart(before: Occurrence, after: Occurrence, ordered: bool) -> bool:
    return before.end <= after.start or (not ordered and after.end <= before.start)


def _width(chosen: Sequence[Occurrence], field: Field) -> int:
    return field.at[max([one.end for one in chosen]) - 1] + 1 - field.at[min([one.start for one in chosen])]


def _length(one: Occurrence, field: Field) -> int:
    return field.at[one.end - 1] + 1 - field.at[one.start]


def _others(chosen: Sequence[Occurrence], field: Field) -> int:
    """Tokens between the first and the last that belong to none."""
    return _width(chosen, field) - sum([_length(one, field) for one in chosen])


def _together(choice: Sequence[Occurrence]) -> Occurrence:
    marks = tuple(mark for one in choice for mark in one.marks)
    return Occurrence(min(one.start for one in choice), max(one.end for one in choice), marks)


def _each_once(found: Iterator[Occurrence]) -> list[Occurrence]:
    """One for each stretch, with the marks of all that had it."""
    stretches: dict[tuple[int, int], set[tuple[int, int]]] = {}
    for one in found:
        stretches.setdefault((one.start, one.end), set()).update(one.marks)
    return [Occurrence(start, end, tuple(sorted(marks))) for (start, end), marks in sorted(stretches.items())]


def _single(field: Field, holds: Callable[[str], object]) -> list[Occurrence]:
    return _alone([i for i, term in enumerate(field.terms) if holds(term)])


def _alone(places: Sequence[int]) -> list[Occurrence]:
    """Occurrences of one token each."""
    return [Occurrence(i, i + 1, ((i, i + 1),)) for i in places]


def _in_a_row(wanted: Sequence[str], field: Field) -> list[Occurrence]:
    if len(wanted) <= 1:
        return _alone(_places(wanted[0], field.terms)) if wanted else []
    found, size, sought, own = [], len(wanted), list(wanted), field.terms
    for i in _places(wanted[0], own):
        last = i + size
        if own[i:last] == sought and field.at[last - 1] - field.at[i] == size - 1:
            found.append(Occurrence(i, last, ((i, last),)))
    return found


def _places(value: str, values: Sequence[str]) -> list[int]:
    """Where a value stands."""
    return [i for i, one in enumerate(values) if one == value] if value in values else []
