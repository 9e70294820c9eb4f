"""Words become terms here, and nowhere else: for indexing, for queries and for highlights alike.

A term is a folded word: compatibility forms evened out, lower case, no accents, no apostrophes, no possessive
’s, no dots in an acronym, no separators in a number. The stem of a term is not indexed: a query word finds all
terms of its stem, by the lexicon (see ``search.engines``), and words in quotation marks only themselves.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Set
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import accumulate, chain, compress, count
from operator import add, not_
from typing import TypeVar

import Stemmer

_T = TypeVar("_T")

ANALYSIS_VERSION = 2
LONGEST_TERM = 64
_MOST_STRETCHES, _LONGEST_STRETCH = 100_000, 40
"""Stretches of characters between blanks whose words are remembered, and the longest that is."""

# Scripts written without blanks between words: each character is a token, and a word of them a phrase.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
# Soft hyphens and joiners stand within words, unseen; vowel signs and accents follow their letter.
_UNSEEN = "\u00ad\u200c\u200d\u2060"
_LETTER = (
    rf"(?:[^\W_{_UNSPACED}]|[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0900-\u0903\u093a-\u094f{_UNSEEN}])"
)
_ANY_TOKEN = (
    rf"[{_UNSPACED}]"
    r"|(?:[^\W\d_]\.){2,}|[^\W\d_](?:\.[^\W\d_])+(?!\w)"  # U.S. and U.S
    r"|\d+(?:[.,]\d+)+(?!\w)"  # 1,000 and 3.5
    rf"|{_LETTER}+(?:['’ʼ＇]{_LETTER}+)*"
)
# Most words are nothing but plain letters, and are then found ten times faster; they come out the same.
_PLAIN_WORD = r"[A-Za-z]{2,}(?=[\s.,;:?!)”\"\/—-]|\Z)|[A-Za-z](?=[\s,])"
_TOKEN = re.compile(f"({_PLAIN_WORD}|{_ANY_TOKEN})")
_DROPPED = str.maketrans("", "", ".,'’ʼ＇")
_POSSESSIVE = re.compile(r"['’ʼ＇][sS]$")

# It begins with one set of characters, to which the search then leaps: an alternation would be tried everywhere.
_SENTENCE_END = re.compile(
    r"(?P<stop>[.!?…。！？](?:(?<=\.)\.\.)?)(?:(?<=[。！？])[”’」』）]*\s*|(?<![。！？])[\"'”’»)\]]*\s+)"
)
_WIDE = "。！？"
_FOLLOWING = re.compile(r"\W*(\w*)")
_ABBREVIATIONS = frozenset(
    "mr mrs ms dr prof rev hon sen rep gov gen col maj capt lt sgt cmdr adm st vs jr sr inc ltd co corp dept est "
    "jan feb mar apr jun jul aug sep sept oct nov dec etc approx fig vol pp ave".split()
)
_STARTERS = frozenset(
    "A After All Also An And As At But By For From He Her His How However I If In It Its Many More Most No Not On One "
    "Our She Since So Some That The Their Then There These They This Those Though To We What When While Why With "
    "You".split()
)

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
    return [Token(term, start, end) for term, start, end in scan(text)]


def terms(text: str) -> list[str]:
    """The terms of a text in order, when where they stand does not matter."""
    return list(chain.from_iterable(map(_terms_of.__getitem__, text.split())))


def words(text: str) -> list[str]:
    """The words of a text in order as they are written; ``fold`` makes of each its term.

    >>> words("The U.S. envoy’s “strong response”")
    ['The', 'U.S.', 'envoy’s', 'strong', 'response']
    """
    return list(chain.from_iterable(map(_words_in, text.split())))


def scan(text: str) -> Iterator[tuple[str, int, int]]:
    """Terms with their characters' start and end."""
    return ((term, start, end) for term, (start, end) in zip(*columns(text), strict=True))


def columns(text: str) -> tuple[list[str], list[tuple[int, int]]]:
    """The same as two lists: the terms, and where each starts and ends.

    >>> columns("The U.S. envoy")
    (['the', 'us', 'envoy'], [(0, 3), (4, 8), (9, 14)])
    """
    stretches = text.split()
    if " ".join(stretches) != text:
        found, starts, ends = _columns(text)
        return found, list(zip(starts, ends, strict=True))
    begins = map(add, accumulate(map(len, stretches), initial=0), count())  # one blank before each but the first
    where = [
        (begin + start, begin + end)
        for begin, its in zip(begins, map(_located_in.__getitem__, stretches), strict=False)
        for _, start, end in its
    ]
    return terms(text), where


def _columns(text: str) -> tuple[list[str], list[int], list[int]]:
    """Worked out anew. Splitting a text is twice as fast as asking where each match is."""
    pieces = _TOKEN.split(text)  # what is between tokens, a token, and so on
    found = list(map(fold, pieces[1::2]))
    bounds = list(accumulate(map(len, pieces)))
    starts, ends = bounds[:-1:2], bounds[1::2]
    if "" in found:
        kept = [i for i, term in enumerate(found) if term]
        return [found[i] for i in kept], [starts[i] for i in kept], [ends[i] for i in kept]
    return found, starts, ends


def standing(text: str, stems: Set[str]) -> list[tuple[str, int, int]]:
    """Where words with any of these stems stand: the stem, and the characters' start and end, in order.

    Tokens are worked out only where such a word is.

    >>> standing("The envoys met an envoy", {"envoy"})
    [('envoy', 4, 10), ('envoy', 18, 23)]
    """
    found, at, stretches = [], 0, text.split()
    have_none = map(stems.isdisjoint, map(_stems_of.__getitem__, stretches))
    for stretch in list(compress(stretches, map(not_, have_none))):
        at = _find(stretch, text, at)
        found += [(own, at + start, at + end) for own, start, end in _located_in[stretch] if own in stems]
        at += len(stretch)
    return found


def _find(stretch: str, text: str, start: int) -> int:
    """Where the stretch stands next between blanks."""
    while True:
        start = text.index(stretch, start)
        end = start + len(stretch)
        if (start == 0 or text[start - 1].isspace()) and (end == len(text) or text[end].isspace()):
            return start
        start += 1


@lru_cache(200_000)
def fold(word: str) -> str:
    """The term of one word.

    >>> fold("O’Neill"), fold("Korea's"), fold("ＡＢＣ")
    ('oneill', 'korea', 'abc')
    """
    if word.isascii() and word.isalnum():  # most are, and what is below takes twenty times as long
        return word.lower()[:LONGEST_TERM]
    return _bare(unicodedata.normalize("NFKD", _POSSESSIVE.sub("", word)).casefold())[:LONGEST_TERM]


@lru_cache(50_000)
def capitals(word: str) -> str:
    """How one word is written: ``""`` without capitals, ``"initial"``, ``"upper"``; else the word, its case kept.

    A word and its ``capitals`` are all that a query for a word in certain capitals compares.

    >>> capitals("U.S."), capitals("Ferry’s"), capitals("ferry"), capitals("McAda")
    ('upper', 'initial', '', 'McAda')
    """
    plain = word.isascii() and word.isalnum()
    kept = (word if plain else _bare(unicodedata.normalize("NFKD", _POSSESSIVE.sub("", word))))[:LONGEST_TERM]
    if kept == kept.lower():
        return ""
    if kept[0] != kept[0].lower() and kept[1:] == kept[1:].lower():
        return "initial"
    return "upper" if kept == kept.upper() else kept


def _bare(word: str) -> str:
    kept = "".join(c for c in word if not unicodedata.combining(c) and not unicodedata.category(c).startswith("C"))
    return kept.translate(_DROPPED)


class _Remembered(dict[str, tuple[_T, ...]]):
    """What was made of each stretch of characters without a blank, which no word reaches beyond.

    News repeats itself: of a hundred stretches some five are new, and looking one up takes a tenth of the time that
    finding its words anew does.
    """

    def __init__(self, make: Callable[[str], tuple[_T, ...]]) -> None:
        self._make = make

    def __missing__(self, stretch: str) -> tuple[_T, ...]:
        made = self._make(stretch)
        if len(stretch) <= _LONGEST_STRETCH:
            if len(self) >= _MOST_STRETCHES:
                self.clear()
            self[stretch] = made
        return made


def _words_in(stretch: str) -> tuple[str, ...]:
    plain = stretch.isascii() and stretch.isalpha()
    return (stretch,) if plain else tuple(word for word in _TOKEN.findall(stretch) if fold(word))


_terms_of = _Remembered(lambda stretch: tuple(map(fold, _words_in(stretch))))


def pattern(text: str) -> str | None:
    """The letters of a wildcard folded as terms are, ``?`` and ``*`` kept; None when it is not one word.

    >>> pattern("Wom?n"), pattern("naï*ve"), pattern("short-r?nge")
    ('wom?n', 'nai*ve', None)
    """
    pieces = [terms(piece) if piece not in ("?", "*") else [piece] for piece in re.split(r"([?*])", text) if piece]
    if any(len(piece) != 1 for piece in pieces):
        return None
    return re.sub(r"\*+", "*", "".join(piece for (piece,) in pieces))


def sentences(text: str) -> list[int]:
    """Where in a text each sentence after the first one begins, as offsets of characters, in order.

    A full stop ends no sentence after an initial, a title or a month, and after an acronym only before a word that
    likes to begin one.

    >>> text = "Mr. Holm left. “Why?” asked J. Lind. In the U.S. Senate all slept."
    >>> [text[start:][:4] for start in sentences(text)]
    ['“Why', 'In t']
    """
    return [end.end() for end in _SENTENCE_END.finditer(text) if end.end() < len(text) and _ends(end, text)]


def _ends(end: re.Match[str], text: str) -> bool:
    if end["stop"] != ".":
        return end["stop"] in _WIDE or not text[end.end()].islower()
    before = text[max(0, end.start() - 24) : end.start()].split()
    word = before[-1].lstrip("\"'“‘([") if before else ""
    following = _FOLLOWING.match(text, end.end(), end.end() + 24)
    after = following[1] if following else ""
    if after[:1].islower() or word.lower() in _ABBREVIATIONS or (word.lower() == "no" and after[:1].isdigit()):
        return False
    if len(word) == 1 or "." in word:  # an initial or an acronym
        return after in _STARTERS
    return True


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


_stems_of = _Remembered(lambda stretch: tuple(map(stem, _terms_of[stretch])))
_located_in = _Remembered(
    lambda stretch: tuple((stem(term), start, end) for term, start, end in zip(*_columns(stretch), strict=True))
)


@cache
def _stemmer(language: str) -> Stemmer.Stemmer | None:
    name = _STEMMERS.get(language[:2].lower())
    return Stemmer.Stemmer(name, 0) if name else None  # its own cache costs more than stemming
