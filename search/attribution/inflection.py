"""Verbs of saying in all their forms."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

BASE, THIRD, PAST, PARTICIPLE, ING = "base", "third", "past", "participle", "ing"
FORMS = (BASE, THIRD, PAST, PARTICIPLE, ING)
ING_ENDING, ED_ENDING = "ing", "ed"


@dataclass(frozen=True, slots=True)
class Cue:
    """One form of a verb of saying.

    ``group`` is the list it stands in (say, tell, judge, that, quote); ``forms`` which forms of the verb
    the word can be; ``rest`` the words that follow the first, as “out” in “points out”.
    """

    verb: str
    group: str
    forms: frozenset[str]
    rest: tuple[str, ...] = ()

    @property
    def finite(self) -> bool:
        return bool(self.forms & {BASE, THIRD, PAST})


def inflect(verb: str) -> tuple[str, str, str, str, str]:
    """The five forms of a regular English verb, in the order of FORMS.

    >>> inflect("deny")
    ('deny', 'denies', 'denied', 'denied', 'denying')
    >>> inflect("propose")
    ('propose', 'proposes', 'proposed', 'proposed', 'proposing')
    """
    if verb.endswith("e"):
        return verb, verb + "s", verb + "d", verb + "d", verb[:-1] + "ing"
    if verb.endswith("y") and verb[-2] not in "aeiou":
        return verb, verb[:-1] + "ies", verb[:-1] + "ied", verb[:-1] + "ied", verb + "ing"
    third = verb + ("es" if verb.endswith(("s", "x", "ch", "sh")) else "s")
    return verb, third, verb + "ed", verb + "ed", verb + "ing"


def read_cues(group: str, text: str) -> Iterator[tuple[str, Cue]]:
    """The forms in a list of verbs, each under its first word; a line of one word is inflected by rule."""
    for line in text.strip().splitlines():
        words = line.split()
        forms: dict[str, set[str]] = {}
        for name, form in zip(FORMS, words if len(words) == len(FORMS) else inflect(words[0]), strict=True):
            forms.setdefault(form, set()).add(name)
        for form, names in forms.items():
            first, *rest = form.split("_")
            yield first, Cue(words[0], group, frozenset(names), tuple(rest))
