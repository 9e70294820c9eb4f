"""Which words in quotation marks are speech, and which are only borrowed: titles of works, terms, nicknames, irony.

A score of a few signs, as the logarithm of the odds that the words are somebody's; above 0 they are.
The weights were found by logistic regression on the dev part of PolNeAR and rounded by hand.
"""

from __future__ import annotations

from search.attribution.bits import ADJECTIVE, CLOSED, CUE, NOUN, PREPOSITION, WORK
from search.attribution.tokens import OWN, Sentence

ENDS = ",?!"
WEIGHTS = {
    "one": -0.5, "few": -0.2, "some": -0.1, "many": 1.1, "stop": 0.5, "comma": 0.2, "cry": 0.5, "title": -0.8,
    "titled": -0.5, "preposition": -0.4, "as": 2.0, "adjective": -0.3, "that": 1.0, "before-noun": -0.4, "cued": 0.7,
    "first": 0.3, "noun-cue": 1.3, "person": 0.4, "thing": 0.3, "nobody": -0.5,
}  # fmt: skip


def speech(s: Sentence, i: int, inner: str, subject: str) -> bool:
    """Whether the quoted token i, which no word of saying claims, is rather speech than borrowed."""
    return sum(WEIGHTS.get(sign, 0.0) for sign, there in signs(s, i, inner, subject).items() if there) > 0


def signs(s: Sentence, i: int, inner: str, subject: str) -> dict[str, bool]:
    """The signs of the quoted token i. ``subject`` is who the sentence is about: person, thing or nobody."""
    words = inner.split()
    end = inner.rstrip()[-1:]
    large = [word[0].isupper() or not word[0].isalpha() for word in words if len(word) > 3 or word[0].isupper()]
    last = s.bits[i - 1] if i else 0
    low = s.low[i - 1] if i else ""
    more = i + 1 < len(s) and s.words[i + 1][0].islower() and not s.bits[i + 1] & (CLOSED | CUE)
    return {
        "one": len(words) == 1,
        "few": 2 <= len(words) < 4,
        "some": 4 <= len(words) < 6,
        "many": len(words) >= 6,
        "stop": end == ".",
        "comma": end == ",",
        "cry": end in {"!", "?"},
        "title": bool(large) and all(large) and words[0][0].isupper(),
        "titled": title_of(s, i),
        "preposition": bool(last & PREPOSITION),
        "as": low == "as",
        "adjective": bool(last & ADJECTIVE) or low == "so-called",
        "that": low in {"that", ":"},
        "before-noun": more,
        "first": i == 0,
        "cued": s.cued,
        "noun-cue": any(b & NOUN for b in s.bits[max(0, i - 4) : i]),
        "person": subject == "person",
        "thing": subject == "thing",
        "nobody": subject == "nobody",
    }


def title_of(s: Sentence, i: int) -> bool:
    """Whether the words before say that what follows is the title of a work: the film “…”; CNN's “…”."""
    before = i - 1 if i and s.words[i - 1] == "," else i
    return any(s.bits[k] & WORK for k in range(max(0, before - 2), before)) or owned(s, before)


def owned(s: Sentence, i: int) -> bool:
    return i > 0 and s.low[i - 1] == OWN


def work(s: Sentence, i: int, inner: str) -> bool:
    """Whether quoted words are the title of a work, which is nobody's speech: large words after what names a work.

    A comma at their end may part a quotation from who said it; after a possessive it never does.
    """
    words = inner.split()
    large = all(word[0].isupper() or len(word) < 5 for word in words) and words[0][0].isupper()
    if not large or len(words) > 7:
        return False
    end = inner.rstrip()[-1:]
    return owned(s, i) or (end not in ENDS and (title_of(s, i) or s.low[i - 1 : i] == ["on"]))
