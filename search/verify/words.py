"""A quotation as somebody pasted it, and the words of a paragraph, both made ready to be compared."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from search.analysis import tokens

_ELLIPSIS = re.compile(r"[\[(]\s*(?:…|\.{2,}|(?:\.\s+){2,}\.)\s*[\])]|…|\.{3,}|\.(?:\s+\.){2,}")
_BRACKETS = re.compile(r"\[[^\[\]]*\]")
_SIC = re.compile(r"\s*[\[(]\s*sic\.?!?\s*[\])]", re.IGNORECASE)
_POSSESSIVE = re.compile(r"['’ʼ＇][sS]$")


@dataclass(frozen=True, slots=True)
class Spoken:
    """A word where it stands. ``key`` is equal for words that sound alike: it evens out case, accents and
    quotation marks, and unlike the index's ``term`` keeps a final ’s. ``editors``: not of the speaker, but
    put in by an editor in square brackets."""

    key: str
    term: str
    start: int
    end: int
    editors: bool = False


@dataclass(frozen=True, slots=True)
class Quote:
    """A quotation in pieces: between two of them is an ellipsis, for which any words may stand."""

    text: str
    pieces: tuple[tuple[Spoken, ...], ...]

    @property
    def words(self) -> list[Spoken]:
        """The speaker's own words, editors' left out."""
        return [word for piece in self.pieces for word in piece if not word.editors]

    @property
    def runs(self) -> list[list[Spoken]]:
        """The stretches of the speaker's words that nothing interrupts."""
        out: list[list[Spoken]] = []
        for piece in self.pieces:
            fresh = True
            for word in piece:
                if word.editors:
                    fresh = True
                elif fresh:
                    out.append([word])
                    fresh = False
                else:
                    out[-1].append(word)
        return out


def read_quotation(text: str) -> Quote:
    """Take a quotation apart.

    >>> quote = read_quotation("“[We] agreed on the need … to act,”")
    >>> [[word.key for word in piece if not word.editors] for piece in quote.pieces]
    [['agreed', 'on', 'the', 'need'], ['to', 'act']]
    """
    gaps = [(found.start(), found.end()) for found in _ELLIPSIS.finditer(text)]
    blank = _SIC.sub(lambda found: " " * len(found[0]), text)
    brackets = [found.span() for found in _BRACKETS.finditer(blank)]
    pieces: list[list[Spoken]] = [[]]
    for word in spoken(blank):
        while gaps and word.start >= gaps[0][1]:
            pieces.append([])
            gaps.pop(0)
        inside = any(start < word.start and word.end < end for start, end in brackets)
        pieces[-1].append(Spoken(word.key, word.term, word.start, word.end, inside))
    return Quote(text, tuple(tuple(piece) for piece in pieces if piece))


def spoken(text: str) -> list[Spoken]:
    """The words of a text. A first letter that an editor changed, as in “[w]e”, is one with its word.

    >>> [word.key for word in spoken("“[W]e know Korea’s aims")]
    ['we', 'know', "korea's", 'aims']
    """
    out: list[Spoken] = []
    for token in tokens(text):
        key = token.term + ("'s" if _POSSESSIVE.search(text[token.start : token.end]) else "")
        if out and _is_changed_letter(text, out[-1], token.start):
            first = out.pop()
            out.append(Spoken(first.key + key, first.term + token.term, first.start, token.end))
        else:
            out.append(Spoken(key, token.term, token.start, token.end))
    return out


def _is_changed_letter(text: str, word: Spoken, following: int) -> bool:
    return (
        word.end - word.start == 1
        and following == word.end + 1
        and text[word.end] == "]"
        and text[max(0, word.start - 1)] == "["
    )


def stretch(text: str, words: Sequence[Spoken]) -> str:
    """The text from the first of some words to the last, as it is written."""
    return text[words[0].start : words[-1].end] if words else ""
