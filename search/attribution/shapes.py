"""What a word does in a row of chunks whatever stands beside it.

Most words of a text are told by their shape alone; only what may be a verb, or a small word of several uses, is looked
at in its place.
"""

from __future__ import annotations

from search.attribution.bits import (
    ADJECTIVE,
    ADVERB,
    ARTICLE,
    AUXILIARY,
    CLOSED,
    CONJUNCTION,
    CUE,
    DAY,
    MONTH,
    NOMINAL,
    OPENER,
    PREPOSITION,
    ROLE,
    VERB,
)
from search.attribution.inflection import ED_ENDING, ING_ENDING

OWN = "'s"
SIGN = "sign"
QUOTATION = "quotation"
PLAIN = "plain"  # a word of no list or a figure: it belongs to a noun phrase
LISTED = "listed"  # so does one of a list in which no verbs are, but not after “who” or “he”
NAME = "name"  # and one with a capital, which may be another word only as the first of a sentence
GLUE = "glue"  # joins what is before it and behind it to one noun phrase
ARTICLED = "article"
LARGE_ARTICLE = "Article"
PREPOSED = "preposition"
JOINS = "conjunction"
HELPS = "auxiliary"
ENDS = "ends"  # whatever it is, it belongs to no noun phrase before it
OPEN = "open"  # cannot be told

_VERBAL = (ED_ENDING, ING_ENDING)
_ADVERBIAL = "ly"
_SEVERAL = CLOSED & ~PREPOSITION & ~CONJUNCTION | CUE | ADVERB


def shape(word: str, low: str, bits: int) -> str:
    """The shape of a word, which is one of the above."""
    if low == OWN or word == "&":
        return GLUE
    if not word[0].isalnum():
        return SIGN
    if bits & ~OPENER == ARTICLE:
        return ARTICLED if word[0].islower() else LARGE_ARTICLE if word[0].isupper() else OPEN
    if word.islower():
        return _small(word, low, bits)
    if bits:
        return OPEN
    return NAME if word[0].isupper() else PLAIN if word.lower() == word.upper() else OPEN


def _small(word: str, low: str, bits: int) -> str:
    adverbial = word.endswith(_ADVERBIAL)
    if bits & AUXILIARY:
        return HELPS
    if bits & CLOSED:
        if bits & _SEVERAL or low in {"to", "that"} or adverbial:
            return ENDS
        if bits & PREPOSITION:
            return ENDS if bits & CONJUNCTION else PREPOSED
        return ENDS if bits & VERB or word.endswith(_VERBAL) else JOINS
    if bits & ADVERB:
        return ENDS
    if bits & (CUE | VERB | ARTICLE | DAY | MONTH) or adverbial:
        return OPEN
    if (not bits and word.isalpha() and not word.endswith(_VERBAL)) or bits & (ADJECTIVE | ROLE | NOMINAL):
        return PLAIN
    return OPEN if word.endswith(_VERBAL) else LISTED
