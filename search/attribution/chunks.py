"""A sentence as a row of chunks: noun phrases, verbs, and the small words and marks between them.

No parser, one pass from left to right: a word's lists, its ending and its neighbours decide.
"""

from __future__ import annotations

from dataclasses import dataclass

from search.attribution import shapes
from search.attribution.bits import (
    ADVERB,
    ARTICLE,
    AUXILIARY,
    BE,
    CLOSED,
    CONJUNCTION,
    CUE,
    DAY,
    DO,
    HAVE,
    MEDIUM,
    MODAL,
    MONTH,
    NEGATION,
    PREPOSITION,
    PRONOUN,
    RELATIVE,
    ROLE,
    SUBJECT,
    SUBORDINATOR,
    TIME,
    VERB,
)
from search.attribution.inflection import BASE, ED_ENDING, ING, ING_ENDING, PARTICIPLE, Cue
from search.attribution.lexicon import Lexicon
from search.attribution.shapes import OWN
from search.attribution.tokens import QUOTED, Sentence
from search.attribution.verbs import VerbTest

NOUN, WHEN, VERB_GROUP, PREP, CONJ, SUB, REL, SAID, MARK = "N", "T", "V", "P", "C", "S", "R", "Q", ","


@dataclass(slots=True)
class Chunk:
    """Tokens ``start`` to ``end`` of a sentence, and what they are: one of the letters above.

    ``head`` of a verb is its last word: the word of saying, where ``cue`` is one. A ``weak`` verb may as well be a
    participle that describes the noun before it: a group allied with the house.
    """

    kind: str
    start: int
    end: int
    head: int = 0
    cue: Cue | None = None
    finite: bool = False
    passive: bool = False
    negated: bool = False
    infinitive: bool = False
    weak: bool = False
    sign: str = ""


_NOUNS = {shapes.PLAIN, shapes.LISTED}
_ARTICLES = {shapes.ARTICLED, shapes.LARGE_ARTICLE}
_SINGLE = {shapes.PREPOSED: PREP, shapes.JOINS: CONJ, shapes.QUOTATION: SAID}
_ENDS = {
    shapes.SIGN, shapes.QUOTATION, shapes.ARTICLED, shapes.PREPOSED, shapes.JOINS, shapes.HELPS, shapes.ENDS,
}  # fmt: skip
_BEFORE_VERBS = RELATIVE | SUBJECT


def _after(auxiliaries: int) -> set[str]:
    """The forms of a verb that can follow the last of its auxiliaries."""
    forms: set[str] = set()
    if auxiliaries & BE:
        forms |= {ING, PARTICIPLE}
    if auxiliaries & HAVE:
        forms.add(PARTICIPLE)
    if auxiliaries & (DO | MODAL):
        forms.add(BASE)
    return forms


class Chunker(VerbTest):
    """Reads one sentence."""

    def __init__(self, sentence: Sentence, words: Lexicon) -> None:
        super().__init__(sentence, words)
        self.chunks: list[Chunk] = []

    def read(self) -> list[Chunk]:
        forms, flags, at = self.s.shapes, self.s.bits, 0
        while at < self.size:  # most words are told by their shape
            form = forms[at]
            if form in _SINGLE:
                at = self.put(_SINGLE[form], at, at + 1)
            elif form in _NOUNS and (not at or not flags[at - 1] & _BEFORE_VERBS):
                at = self.noun(at)
            elif form == shapes.SIGN:
                at = self.mark(at)
            elif form in _ARTICLES or (form == shapes.NAME and at):
                at = self.noun(at)
            else:
                at = self.one(at)
        return self.chunks

    def one(self, i: int) -> int:
        """Read the chunk that begins at token i; the token after it."""
        s = self.s
        word, bits = s.words[i], s.bits[i]
        if not (word[0].isalnum() or word == "’s" or word == OWN):
            return self.mark(i)
        if bits & AUXILIARY and not (word[0].isupper() and i and bits & MODAL):
            return self.verb(i, i)
        if bits & NEGATION and i + 1 < self.size:
            return i + 1
        if s.low[i] == "to" and self.infinitive(i):
            return self.verb(i, i + 1, infinitive=True)
        cue = self.cue(i) if bits & CUE else None
        if cue or (self.verbal(i) and not self.just_said(i)):
            return self.verb(i, i, cue=cue)
        if bits & ADVERB or (
            word.islower() and word.endswith("ly") and not bits & ROLE and len(word) > 4 and word != "family"
        ):
            return i + 1
        if bits & RELATIVE and not (s.low[i] == "that" and not self.relative_that(i)):
            return self.put(REL, i, i + 1)
        if bits & SUBORDINATOR or (s.low[i] == "that" and self.subordinates(i)):
            return self.put(SUB, i, i + 1)
        if bits & CONJUNCTION:
            return self.put(CONJ, i, i + 1)
        if bits & (DAY | MONTH) and word[0].isupper() and not self.named(i):
            return self.when(i)
        if bits & PREPOSITION and not (word[0].isupper() and i and s.bits[i - 1] == 0 and s.words[i - 1][0].isupper()):
            return self.put(PREP, i, i + 1)
        if bits & PRONOUN and not (s.low[i] == "her" and self.nominal_next(i)):
            return self.put(NOUN, i, i + 1)
        return self.noun(i)

    def just_said(self, i: int) -> bool:
        """Whether a word of saying ends right before token i: said undecided voter Ada Holm."""
        return bool(self.chunks) and self.chunks[-1].cue is not None and self.chunks[-1].end == i

    def put(self, kind: str, start: int, end: int, sign: str = "") -> int:
        self.chunks.append(Chunk(kind, start, end, sign=sign))
        return end

    def mark(self, i: int) -> int:
        """A punctuation mark; a bracket with all that it holds."""
        word = self.s.words[i]
        if word in {"—", "–", "-", "--", "―"} or word.startswith("--"):
            return self.put(MARK, i, i + 1, "-")
        if word in "([<":
            closing = {"(": ")", "[": "]", "<": ">"}[word]
            for j in range(i + 1, min(i + 60, self.size)):
                if self.s.words[j] == closing:
                    whole = i == 0 and j + 2 >= self.size
                    return self.put(MARK, i, i + 1 if whole else j + 1, "(")
        return self.put(MARK, i, i + 1, word)

    def when(self, i: int) -> int:
        end = i + 1
        while end < self.size and (self.s.bits[end] & (DAY | MONTH | TIME) or self.s.words[end].isdigit()):
            end += 1
        return self.put(WHEN, i, end)

    def named(self, i: int) -> bool:
        """Whether a day or month at token i is the name of a firm: Sun Co."""
        return i + 1 < self.size and self.s.low[i + 1].rstrip(".") in self.words.groups.firm_endings

    def noun(self, i: int) -> int:
        """A noun phrase without what hangs on it by a preposition."""
        s, size = self.s, self.size
        forms, words, flags = s.shapes, s.words, s.bits
        end = i + 1
        while end < size:
            form = forms[end]
            if form == shapes.PLAIN or form == shapes.GLUE:
                pass
            elif form in _ENDS:
                break
            elif form == shapes.NAME or form == shapes.LARGE_ARTICLE:
                if flags[end - 1] & TIME and words[end - 1].islower() and end - i > 1:
                    break  # last week | Quay Bank
            elif not (form == shapes.LISTED and not flags[end - 1] & _BEFORE_VERBS) and self.ends(i, end):
                break
            end += 1
        last = s.bits[end - 1]
        if s.low[end - 1] in {"fall", "date", "time", "times"} and end < size and s.low[end] in {"in", "of", "for"}:
            last = 0  # the fall in prices
        return self.put(WHEN if last & TIME and s.words[end - 1].islower() and not last & ROLE else NOUN, i, end)

    # ------------------------------------------------------------------ verbs

    def verb(self, start: int, i: int, cue: Cue | None = None, infinitive: bool = False) -> int:
        """A verb with its auxiliaries; ``i`` is the first word that may be the verb itself."""
        s, size = self.s, self.size
        chunk = Chunk(VERB_GROUP, start, i + 1, head=i, infinitive=infinitive, finite=not infinitive)
        seen = 0
        while i < size and (cue is None):
            bits = s.bits[i]
            if bits & AUXILIARY or (s.low[i] == OWN):
                # “’s said” has said, “’s accused” is accused
                seen |= (
                    bits & ~BE
                    if bits & BE and bits & HAVE and s.low[i + 1 : i + 2] in (["said"], ["called"], ["told"], ["also"])
                    else bits
                )
                chunk.negated |= s.low[i].endswith(("n't", "cannot"))
            elif bits & NEGATION:
                chunk.negated = True
            elif not (bits & ADVERB or s.low[i].endswith("ly")):
                break
            i += 1
        main = i < size and s.words[i] != QUOTED and (s.words[i][0].islower() or s.shouts)
        if main and cue is None and s.bits[i] & CUE:
            cue = self.cue(i, sure=True) if seen or infinitive else self.cue(i)
            if cue is not None and seen and not cue.forms & _after(seen):
                cue = None
        end = i
        if cue is not None:
            end, chunk.head = i + 1 + len(cue.rest), i
            chunk.passive = (
                bool(seen & BE) and cue.rest[:1] != ("as",) and PARTICIPLE in cue.forms and ING not in cue.forms
            )
            if not seen and not infinitive:
                chunk.finite = cue.finite
                by = end + 1 < size and s.low[end] == "by" and not s.bits[end + 1] & MEDIUM
                chunk.passive = PARTICIPLE in cue.forms and by
                if (
                    i == 0
                    and PARTICIPLE in cue.forms
                    and end < size
                    and s.bits[end] & (PREPOSITION | SUBORDINATOR | RELATIVE)
                ):
                    chunk.finite = False  # Asked about it, she said
            chunk.cue = cue
        elif (
            main
            and (seen or infinitive)
            and (s.low[i].endswith((ED_ENDING, ING_ENDING, "en", "wn")) or s.bits[i] & VERB or infinitive)
        ):
            end = i + 1
        elif main and not seen and not infinitive:
            end = i + 1
            chunk.finite = not s.low[i].endswith(ING_ENDING)
            chunk.weak = (
                s.low[i].endswith(ED_ENDING) and not s.bits[i] & VERB and end < size and bool(s.bits[end] & PREPOSITION)
            ) or (s.low[i] == "made" and s.low[i + 1 : i + 2] in (["up"], ["of"]))
        chunk.negated |= start > 0 and bool(s.bits[start - 1] & NEGATION)
        chunk.end = max(end, start + 1)
        self.chunks.append(chunk)
        return chunk.end

    # ------------------------------------------------------------------ that, her

    def relative_that(self, i: int) -> bool:
        """“that” after a noun and before a verb."""
        if i == 0 or i + 1 >= self.size or not self.chunks or self.chunks[-1].kind != NOUN:
            return False
        bits = self.s.bits[i + 1]
        return bool(bits & (AUXILIARY | VERB | ADVERB)) or (bool(bits & CUE) and self.s.words[i + 1].islower())

    def subordinates(self, i: int) -> bool:
        return bool(self.chunks) and i + 1 < self.size and self.s.words[i + 1] not in {",", "."}

    def nominal_next(self, i: int) -> bool:
        if i + 1 >= self.size:
            return False
        bits = self.s.bits[i + 1]
        return self.s.words[i + 1][0].isalpha() and not bits & (CLOSED | ARTICLE)
