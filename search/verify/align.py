"""A quotation laid beside a paragraph, word by word. The distances are rapidfuzz's.

Words become single characters first, one for each word of the quotation and one that stands for all others, so
that what rapidfuzz does with letters it does here with words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process
from rapidfuzz.distance import Indel

from search.model import Span
from search.verify.verdict import Change, WordChange
from search.verify.words import Quote, Spoken, stretch

_FIRST = 0x100  # of the characters that stand for words; the one before it stands for any other word
_MOST_PAIRS = 2_500
"""Windows of a paragraph that are compared with a piece of the quotation; only long pieces have more."""


@dataclass(frozen=True, slots=True)
class Alignment:
    """``common`` words stand in both; ``asked`` and ``there`` are the words of the quotation and of what stands
    for it. ``shared`` are the common words themselves."""

    common: int
    asked: int
    there: int
    spans: tuple[Span, ...]
    changes: tuple[WordChange, ...]
    shared: tuple[Spoken, ...]

    @property
    def similarity(self) -> float:
        """Twice the common words by the words of both sides: Dice's coefficient of the aligned words."""
        return 2 * self.common / (self.asked + self.there) if self.asked else 0.0

    @property
    def recall(self) -> float:
        """The share of the quotation's words that stand there."""
        return self.common / self.asked if self.asked else 0.0


def align(quote: Quote, text: str, words: Sequence[Spoken]) -> Alignment:
    """Where in a paragraph a quotation stands best: its pieces in their order, each in the window of words that
    has most in common with it."""
    letters = _Letters(quote)
    there = letters.of(words)
    common = width = at = 0
    spans: list[Span] = []
    changes: list[WordChange] = []
    shared: list[Spoken] = []
    for number, piece in enumerate(quote.pieces):
        start, end = _window(letters.of(piece, own=True), there, at)
        if number:
            gap = words[at:start] if end > start and at else ()
            changes.append(WordChange(Change.OMITTED, "…", stretch(text, gap)))
        found = _compare(quote.text, piece, text, words[start:end])
        changes += found.changes
        shared += found.shared
        common, width = common + found.common, width + found.there
        spans += found.spans
        at = max(at, end)
    return Alignment(common, len(quote.words), width, tuple(spans), tuple(changes), tuple(shared))


class _Letters:
    def __init__(self, quote: Quote) -> None:
        keys = dict.fromkeys(word.key for word in quote.words)
        self.letter = {key: chr(_FIRST + i) for i, key in enumerate(keys)}

    def of(self, words: Sequence[Spoken], *, own: bool = False) -> str:
        other = chr(_FIRST - 1)
        return "".join(self.letter.get(word.key, other) for word in words if not (own and word.editors))


def _window(piece: str, there: str, at: int) -> tuple[int, int]:
    """The window of the paragraph, from word ``at`` on, that is most like the piece; both its ends are words of it."""
    if not piece or at >= len(there):
        return at, at
    exact = there.find(piece, at)
    if exact >= 0:
        return exact, exact + len(piece)
    first, last = at, len(there)
    known = set(piece)
    places = [i for i in range(first, last) if there[i] in known]
    longest = 2 * len(piece) + 3
    pairs = [(i, j + 1) for n, i in enumerate(places) for j in places[n:] if j - i < longest]
    if len(pairs) > _MOST_PAIRS:
        near = fuzz.partial_ratio_alignment(piece, there[at:])
        slack = max(4, len(piece) // 5)
        first, last = at + near.dest_start, at + near.dest_end  # type: ignore[union-attr]
        pairs = [(i, j) for i, j in pairs if abs(i - first) <= slack and abs(j - last) <= slack]
    if not pairs:
        return at, at
    likeness = process.cdist([piece], [there[i:j] for i, j in pairs], scorer=Indel.normalized_similarity)[0]
    return pairs[int(likeness.argmax())]


def _compare(quotation: str, piece: Sequence[Spoken], text: str, window: Sequence[Spoken]) -> Alignment:
    """The piece word by word beside the window, editors' words standing for whatever is there in their place."""
    keys = {word.key: chr(_FIRST + i) for i, word in enumerate((*piece, *window))}
    own = "".join(chr(_FIRST - 1) if word.editors else keys[word.key] for word in piece)
    changes: list[WordChange] = []
    shared: list[Spoken] = []
    forgiven = 0
    for mine, yours in _blocks(own, "".join(keys[word.key] for word in window)):
        here, beside = piece[mine], window[yours]
        kind = _kind(here, beside)
        if kind is Change.SAME:
            shared += here
        elif kind is Change.EDITORS:
            forgiven += len(beside)
        changes.append(WordChange(kind, stretch(quotation, here), stretch(text, beside)))
    spans = (Span(window[0].start, window[-1].end),) if window else ()
    asked = sum(not word.editors for word in piece)
    return Alignment(len(shared), asked, len(window) - forgiven, spans, tuple(changes), tuple(shared))


def _blocks(own: str, other: str) -> list[tuple[slice, slice]]:
    """Runs of both sides that belong together: equal ones, and between these what stands against each other."""
    out: list[tuple[slice, slice]] = []
    equal = True
    for step in Indel.opcodes(own, other):
        mine, yours = slice(step.src_start, step.src_end), slice(step.dest_start, step.dest_end)
        if step.tag == "equal" or equal:
            out.append((mine, yours))
        else:  # a deletion beside an insertion: one run replaced by another
            before = out[-1]
            out[-1] = slice(before[0].start, mine.stop), slice(before[1].start, yours.stop)
        equal = step.tag == "equal"
    return out


def _kind(here: Sequence[Spoken], beside: Sequence[Spoken]) -> Change:
    if here and all(word.editors for word in here):
        return Change.EDITORS
    if not here:
        return Change.ADDED
    if not beside:
        return Change.MISSING
    same = len(here) == len(beside) and all(a.key == b.key for a, b in zip(here, beside, strict=True))
    return Change.SAME if same else Change.REPLACED
