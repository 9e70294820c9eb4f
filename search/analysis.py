"""Words become terms here, and nowhere else: for indexing, for queries and for highlights alike.

A term is a folded word: compatibility forms evened out, lower case, no accents, no apostrophes, no possessive
’s, no dots in an acronym, no separators in a number. The stem of a term is not indexed: a query word finds all
terms of its stem, by the lexicon (see ``search.engines``), and words in quotation marks only themselves.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

import Stemmer

ANALYSIS_VERSION = 1
LONGEST_TERM = 64

# Scripts written without blanks between words: each character is a token, and a word of them a phrase.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_LETTER = rf"(?:[^\W_{_UNSPACED}]|[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0900-\u0903\u093a-\u094f])"
_TOKEN = re.compile(
    rf"[{_UNSPACED}]"
    r"|(?:[^\W\d_]\.){2,}|[^\W\d_](?:\.[^\W\d_])+(?!\w)"  # U.S. and U.S
    r"|\d+(?:[.,]\d+)+(?!\w)"  # 1,000 and 3.5
    rf"|{_LETTER}+(?:['’ʼ＇]{_LETTER}+)*"
)
_DROPPED = str.maketrans("", "", ".,'’ʼ＇")
_POSSESSIVE = re.compile(r"['’ʼ＇][sS]$")

_STEMMERS = {
    "da": "danish", "de": "german", "en": "english", "es": "spanish", "fi": "finnish", "fr": "french",
    "it": "italian", "nl": "dutch", "no": "norwegian", "pt": "portuguese", "sv": "swedish",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Token:
    """A term where it stands: ``fold(text[start:end]) == term``."""

    term: str
    start: int
    end: int


def tokens(text: str) -> list[Token]:
    """The tokens of a text in order; the position of a token is its place in the list.

    >>> [token.term for token in tokens("The U.S. envoy’s “strong response” cost $1,000 in Córdoba")]
    ['the', 'us', 'envoy', 'strong', 'response', 'cost', '1000', 'in', 'cordoba']
    """
    return [Token(term, start, end) for term, start, end in _tokens(text)]


def terms(text: str) -> list[str]:
    """The terms of a text in order, when where they stand does not matter."""
    return [term for term, _, _ in _tokens(text)]


def _tokens(text: str) -> Iterator[tuple[str, int, int]]:
    for found in _TOKEN.finditer(text):
        term = fold(found[0])
        if term:
            yield term, found.start(), found.end()


@lru_cache(200_000)
def fold(word: str) -> str:
    """The term of one word.

    >>> fold("O’Neill"), fold("Korea's"), fold("ＡＢＣ")
    ('oneill', 'korea', 'abc')
    """
    word = unicodedata.normalize("NFKD", _POSSESSIVE.sub("", word)).casefold()
    kept = "".join(c for c in word if not unicodedata.combining(c) and not unicodedata.category(c).startswith("C"))
    return kept.translate(_DROPPED)[:LONGEST_TERM]


@lru_cache(200_000)
def stem(term: str, language: str = "en") -> str:
    """What a term shares with its other forms, by Snowball; a term of digits or of three letters is its own.

    >>> stem("sanctions"), stem("us")
    ('sanction', 'us')
    """
    stemmer = _stemmer(language)
    if stemmer is None or len(term) <= 3 or not term.isalpha():
        return term
    stemmed: str = stemmer.stemWord(term)
    return stemmed


@cache
def _stemmer(language: str) -> Stemmer.Stemmer | None:
    name = _STEMMERS.get(language[:2].lower())
    return Stemmer.Stemmer(name) if name else None
