"""Text as words and signs, each with what it can be; what a process has met before is remembered.

No token holds a blank, nor does any depend on what stands beyond one. So the pieces between blanks are what is
remembered, and of those that an archive has over and over nothing is asked twice.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import chain

from search.attribution.bits import CUE, PERSON, SUBJECT
from search.attribution.lexicon import Lexicon, Word
from search.attribution.shapes import OWN, shape

_TOKEN = re.compile(
    r"[^\W\d_](?:\.[^\W\d_])+\.?|\d[\d.,]*\d(?:-\w+)*|\w+(?:[-–‑&/@]\w+|['’](?![sS]\b)\w+)*|['’][sS]\b|\.\.+|--+|[^\w\s]"
)
_PREFIXES = {"co", "ex", "then", "vice", "deputy", "former", "sub", "self"}
_REMEMBERED = 100_000
"""Pieces that a process keeps looked up."""
_TELLING = set(".?!…'’()[]")
"""Signs that can end a sentence, or hold its end back."""
_LONGEST = 50
"""Characters; a longer piece is an address or the like, and hardly seen again."""


def spelt(text: str, words: Lexicon) -> list[Word]:
    """The tokens of a stretch of text, looked up."""
    known = words.known
    return list(chain.from_iterable([known.get(piece) or _learn(piece, words) for piece in text.split()]))


def folded(word: str) -> str:
    """A word without its accents: Zoë is Zoe."""
    return "".join(c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c))


def _learn(piece: str, words: Lexicon) -> tuple[Word, ...]:
    found = tuple(_look_up(piece, words))
    if len(piece) <= _LONGEST:
        if len(words.known) >= _REMEMBERED:
            words.known.clear()
        words.known[piece] = found
    return found


def _look_up(piece: str, words: Lexicon) -> Iterator[Word]:
    for token in _TOKEN.finditer(piece):
        word = token[0]
        low, bits = _what(word, words)
        low = word if low == word else low  # one string, of which a processor need keep only one
        telling = word in _TELLING or word[-1] == "." or low in {OWN, "according"} or bool(bits & CUE)
        width = len(word) + (token.end() == len(piece))
        yield word, low, bits, shape(word, low, bits), word[0].isupper(), telling, width


def _what(word: str, words: Lexicon) -> tuple[str, int]:
    """A word in small letters, and the bits of all that it can be."""
    low = word.lower().replace("’", "'")
    if low in words.upper and word.isupper():
        low = words.upper[low]
    bits = words.flags.get(low, 0)
    if not bits and not low.isascii():
        bits = words.flags.get(folded(low), 0) & PERSON
    if not bits and "'" in low:
        bits = words.flags.get(low.partition("'")[0], 0) & SUBJECT  # I’ve, they’re
    if not bits and "-" in low:
        prefix, _, rest = low.partition("-")
        if prefix in _PREFIXES:
            bits = words.flags.get(rest, 0) & ~CUE
    return low, bits
