"""The finer topics of a paragraph, by rules that people can read and change: see ``rules.toml``."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from search.errors import TopicsFileError
from search.topics.cues import Found, Key, key_of, longest
from search.topics.taxonomy import PREFIX, taxonomy

POINTS = {"sure": 2, "hint": 1}
NEEDS = 2
STRANGE = 1
"""How many more points a rule needs in an article that is hardly about the rule's field."""
_CERTAINTY = (0.0, 0.6, 0.9, 0.94, 0.96, 0.97)
"""By points, from 0 on; measured, see docs/topics.md."""


@dataclass(frozen=True, slots=True)
class Rule:
    """When a paragraph is about ``code``: the points of its cues, each counted once, reach ``needs``.

    Where one of ``never`` stands in the paragraph, the rule says nothing.
    """

    code: str
    points: Mapping[Key, int]
    never: Collection[Key] = ()
    needs: int = NEEDS


@dataclass(frozen=True, slots=True)
class Ruled:
    """A topic that a rule found, with the cues that met, by their number."""

    code: str
    points: int
    found: tuple[Found, ...]

    @property
    def certainty(self) -> float:
        return _CERTAINTY[min(self.points, len(_CERTAINTY) - 1)]


def read_rules(table: Mapping[str, Any], file: str) -> dict[str, Rule]:
    """The rules of a table, by code. Raises TopicsFileError, which names the file and the rule.

    >>> read_rules({"20000639": {"sure": "envoy, ambassador", "hint": "talks"}}, "rules.toml")["medtop:20000639"].needs
    2
    """
    return {PREFIX + number: _rule(number, entry, file) for number, entry in table.items()}


def _rule(number: str, entry: Any, file: str) -> Rule:
    where = f"{file}, rule {number}"
    if PREFIX + number not in taxonomy():
        raise TopicsFileError(f"{where}: there is no such code in IPTC Media Topics; give its eight digits.")
    if not isinstance(entry, Mapping):
        raise TopicsFileError(f"{where}: must be a table with “sure”, “hint”, “never” and “needs”.")
    unknown = sorted(entry.keys() - {*POINTS, "never", "needs"})
    if unknown:
        raise TopicsFileError(f"{where}: “{unknown[0]}” is not known; known are sure, hint, never and needs.")
    needs = entry.get("needs", NEEDS)
    if not isinstance(needs, int) or isinstance(needs, bool) or needs < 1:
        raise TopicsFileError(f"{where}: “needs” must be a whole number from 1 on.")
    points: dict[Key, int] = {}
    for name, worth in POINTS.items():
        for key in read_cues(entry.get(name, ""), f"{where}, “{name}”"):
            points[key] = max(worth, points.get(key, 0))
    return Rule(PREFIX + number, points, frozenset(read_cues(entry.get("never", ""), f"{where}, “never”")), needs)


def read_cues(text: Any, where: str) -> list[Key]:
    """Cues between commas. Raises TopicsFileError for anything but a text, and for a cue without a word in it."""
    if not isinstance(text, str):
        raise TopicsFileError(f"{where}: must be words and phrases with commas between, in one text.")
    keys = []
    for cue in text.split(","):
        key = key_of(cue.strip())
        if cue.strip() and not key:
            raise TopicsFileError(f"{where}: “{cue.strip()}” has no word in it.")
        if key:
            keys.append(key)
    return keys


class Rules:
    """Rules compiled for one numbering of the cues."""

    def __init__(self, rules: Iterable[Rule], numbers: Mapping[Key, int]) -> None:
        self.rules = {rule.code: rule for rule in rules}
        self.tops = {code: taxonomy().top(code) for code in self.rules}
        self._points: dict[int, list[tuple[str, int]]] = {}
        self._worth = {
            rule.code: {numbers[key]: points for key, points in rule.points.items()} for rule in self.rules.values()
        }
        self._never: dict[int, list[str]] = {}
        for rule in self.rules.values():
            for key, points in rule.points.items():
                self._points.setdefault(numbers[key], []).append((rule.code, points))
            for key in rule.never:
                self._never.setdefault(numbers[key], []).append(rule.code)

    def decide(self, found: Sequence[Found], strange: Collection[str] = ()) -> list[Ruled]:
        """The topics of a paragraph in which these cues stand, most certain first.

        strange: fields that the article is hardly about; there more must meet.
        """
        ruled = [one for one in found if one.cue in self._points]
        most: dict[str, int] = {}  # were every cue to count, which those within longer ones do not
        for one in ruled:
            for code, points in self._points[one.cue]:
                most[code] = most.get(code, 0) + points
        able = {code for code, points in most.items() if points >= self._needs(code, strange)}
        if not able:
            return []
        for one in found:
            if one.cue in self._never:
                able.difference_update(self._never[one.cue])
        decided = [self._weigh(code, ruled) for code in able]
        needed = [ruled for ruled in decided if ruled.points >= self._needs(ruled.code, strange)]
        return sorted(needed, key=lambda ruled: (-ruled.points, ruled.code))

    def worth(self, code: str, cue: int) -> int:
        """The points of a cue for the rule of this topic."""
        return self._worth[code].get(cue, 0)

    def _weigh(self, code: str, found: Sequence[Found]) -> Ruled:
        worth = self._worth[code]
        kept = {one.cue: one for one in reversed(longest([one for one in found if one.cue in worth]))}
        points = sum(map(worth.__getitem__, kept))
        return Ruled(code, points, tuple(sorted(kept.values(), key=lambda one: one.start)))

    def _needs(self, code: str, strange: Collection[str]) -> int:
        return self.rules[code].needs + (STRANGE if self.tops[code] in strange else 0)
