"""Which words in quotation marks are speech, and which are only borrowed: titles of works, terms, nicknames, irony.

A score of a few signs, as the logarithm of the odds that the words are somebody's; above 0 they are.
The weights were found by logistic regression on the dev part of PolNeAR and rounded by hand.
"""

from __future__ import annotations

from search.attribution.bits import AUXILIARY, CLOSED, CUE, NAMING, NOUN, VERB, WORK
from search.attribution.inflection import ED_ENDING, ING_ENDING
from search.attribution.lexicon import Lexicon
from search.attribution.shapes import OWN
from search.attribution.tokens import Sentence

ENDS = ",?!"
"""What may part a quotation from the words that say whose it is."""
WEIGHTS = {
    "always": -0.7, "three": 0.5, "eight": 0.9, "title": -1.2, "capital": 0.4, "verb": 0.6, "begins": 0.9,
    "number": -0.6, "open": -1.1, "as": 1.5, "as-a": 1.1, "after-verb": 0.7, "after-mark": 0.8, "after-and": 0.7,
    "before-and": 0.8, "cued": 1.0, "noun-cue": 0.8, "person": 0.4,
}  # fmt: skip


def speech(s: Sentence, i: int, inner: str, subject: str, words: Lexicon) -> bool:
    """Whether the quoted token i, which no word of saying claims, is rather speech than borrowed."""
    return sum(WEIGHTS[sign] for sign, there in signs(s, i, inner, subject, words).items() if there) > 0


def signs(s: Sentence, i: int, inner: str, subject: str, lexicon: Lexicon) -> dict[str, bool]:
    """The signs of the quoted token i. ``subject`` is who the sentence is about: person, thing or nobody."""
    words = inner.split()
    run = s.runs[i]
    flags = [lexicon.flags.get(word.lower().rstrip(",.!?;:").replace("’", "'"), 0) for word in words]
    last, low, before = (s.bits[i - 1], s.low[i - 1], s.words[i - 1]) if i else (0, "", "")
    regular = before.islower() and low.endswith((ED_ENDING, ING_ENDING)) and not last & CLOSED
    return {
        "always": True,
        "three": len(words) >= 3,
        "eight": len(words) >= 8,
        "title": not s.shouts and large(words),
        "capital": words[0][0].isupper() and not lexicon.nouns_large,
        "verb": any(bits & AUXILIARY for bits in flags),
        "begins": bool(flags[0] & AUXILIARY),
        "number": any(map(str.isdigit, inner)),
        "open": not run.closed or not run.opened,
        "as": low == "as",
        "as-a": low in {"a", "an"} and s.low[max(0, i - 2)] == "as",
        "after-verb": regular or bool(last & (VERB | CUE)),
        "after-mark": low in {":", ","},
        "after-and": low in {"and", "or"},
        "before-and": s.low[i + 1 : i + 2] in (["and"], ["or"]),
        "cued": any(bits & CUE for bits in s.bits[:i]),
        "noun-cue": any(bits & NOUN for bits in s.bits[max(0, i - 4) : i]),
        "person": subject == "person",
    }


def title_of(s: Sentence, i: int, kinds: int) -> bool:
    """Whether the words before say that what follows is a title or a name: the film “…”; the host of “…”; CNN's “…”."""
    before = i - 1 if i and s.words[i - 1] == "," else i
    return any(s.bits[k] & kinds for k in range(max(0, before - 2), before)) or owned(s, before)


def owned(s: Sentence, i: int) -> bool:
    return i > 0 and s.low[i - 1] == OWN


def work(s: Sentence, i: int, inner: str) -> bool:
    """Whether quoted words are the title of a work, which is nobody's speech: large words after what names a work.

    A comma at their end may part a quotation from who said it; after a possessive or the kind of work it never does.
    """
    words = inner.split()
    if s.shouts or len(words) > 12 or not large(words):
        return False
    kinds = WORK if inner.rstrip()[-1:] in ENDS else WORK | NAMING
    return title_of(s, i, kinds) or s.low[i - 1 : i] == ["on"]


def large(words: list[str]) -> bool:
    """Whether words are written as a title is: each with a capital but the short ones."""
    long = [word for word in words if len(word.strip(",.!?:;’'")) > 3]
    return words[0][0].isupper() and all(word[0].isupper() or not word[0].isalpha() for word in long)
