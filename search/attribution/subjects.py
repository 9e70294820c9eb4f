"""The subject among the chunks before a verb: a noun phrase, with what hangs on it."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

from search.attribution.bits import ARTICLE, ROLE, SUBJECT, TITLE
from search.attribution.chunks import CONJ, MARK, NOUN, PREP, WHEN, Chunk
from search.attribution.tokens import Sentence

THEN = {"after", "before", "since", "until"}
_CLAUSAL = THEN | {"as", "than", "like"}
"""Prepositions that also begin a clause: after Kim said."""
_OPENERS = {CONJ, WHEN}
_LEADING = {CONJ, PREP, WHEN}


@dataclass(slots=True)
class Subject:
    """The chunks of a subject: its noun phrases, first the head; ``start`` and ``end`` are tokens of all of it.

    ``relative`` is the token of “who” where that stands for it.
    """

    nouns: list[Chunk]
    start: int
    end: int
    relative: int = -1


def has_noun(chunks: list[Chunk], places: list[int]) -> bool:
    """Whether any noun phrase is among these chunks."""
    for i in places:  # noqa: SIM110, a generator for every verb takes longer
        if chunks[i].kind == NOUN:
            return True
    return False


def _adjacent(chunks: list[Chunk], segment: list[int]) -> bool:
    """Whether a phrase is one noun phrase, with what hangs on it, and no list."""
    first = next((i for i in segment if chunks[i].kind not in _OPENERS), None)
    return first is not None and chunks[first].kind == NOUN and all(chunks[i].kind != CONJ for i in segment[1:])


def apposed(s: Sentence, chunks: list[Chunk], segment: list[int]) -> bool:
    """Whether a phrase between commas describes the one before it: the envoy; chairman of the board."""
    first = chunks[segment[0]]
    return (
        first.kind == PREP
        or (bool(s.bits[first.start] & ARTICLE) and s.words[first.start].islower())
        or (s.words[first.start].islower())
    )


def head(
    s: Sentence, chunks: list[Chunk], pending: list[int], after_verb: bool, late: bool, closed: bool = False
) -> Subject | None:
    """The subject among the chunks before a verb: phrases parted by commas, the first that is no adverbial."""
    if len(pending) == 1 and chunks[pending[0]].kind == NOUN:
        only = chunks[pending[0]]
        return Subject([only], only.start, only.end)
    if len(pending) > 1 and chunks[pending[-2]].kind in _LEADING:
        nearest = chunks[pending[-1]]
        if nearest.kind == NOUN and nearest.end - nearest.start == 1 and s.bits[nearest.start] & SUBJECT:
            return Subject([nearest], nearest.start, nearest.end)  # rejected the offer but it said
    segments: list[list[int]] = [[]]
    for i in pending:
        if chunks[i].kind == MARK and chunks[i].sign != "(":
            segments.append([])
        else:
            segments[-1].append(i)
    if after_verb and len([x for x in segments if x]) > 1:
        segments = segments[1:]
    final = segments[-1]
    if len(segments) > 1 and final and not closed and _adjacent(chunks, final):
        # The coffee, she explained, …; in Seoul, Kim said: what stands right before the verb.
        before = segments[-2]
        opens = chunks[next(i for i in final if chunks[i].kind == NOUN)]
        described = s.bits[opens.end - 1] & (ROLE | TITLE) and s.words[opens.start].islower()
        if (
            described
            and before
            and chunks[before[-1]].kind == NOUN
            and s.words[chunks[before[-1]].end - 1][0].isupper()
        ):
            segments = [before, final]  # Kim, head of Quay Bank said: a comma was forgotten
        else:
            segments = [final]
    named = [n for n, segment in enumerate(segments) if has_noun(chunks, segment)]
    if late and len(named) > 1:
        # In Seoul, where …, Kim, the envoy, said: the last phrase that is no apposition.
        while len(named) > 1 and apposed(s, chunks, segments[named[-1]]):
            named.pop()
        segments = segments[named[-1] :]
    for n, segment in enumerate(segments):
        while segment and chunks[segment[0]].kind in _OPENERS:
            segment = segment[1:]
        adverbial = bool(segment) and chunks[segment[0]].kind == PREP
        nouns = [i for i in segment if chunks[i].kind == NOUN]
        if not nouns:
            continue
        if adverbial:
            if any(chunks[i].kind == NOUN for later in segments[n + 1 :] for i in later):
                continue
            # On Monday Kim said: the last noun phrase, unless a preposition governs it.
            if s.low[chunks[segment[0]].start] in _CLAUSAL:
                return Subject([chunks[nouns[0]]], chunks[nouns[0]].start, chunks[segment[-1]].end)
            last = nouns[-1]
            governed = segment.index(last) and chunks[segment[segment.index(last) - 1]].kind == PREP
            if governed and s.low[chunks[segment[segment.index(last) - 1]].start] not in _CLAUSAL:
                continue
            return Subject([chunks[last]], chunks[last].start, chunks[last].end)
        if after_verb:  # fell four cents after Quay Bank said
            begun = [i for i in segment[:-1] if chunks[i].kind == PREP and s.low[chunks[i].start] in THEN]
            if begun and chunks[begun[-1] + 1].kind == NOUN:
                segment = segment[segment.index(begun[-1]) + 1 :]
                nouns = [i for i in segment if chunks[i].kind == NOUN]
        first, start = nouns[0], chunks[nouns[0]].start
        if len(nouns) > 1 and nouns[-1] == nouns[-2] + 1 and s.words[chunks[nouns[-1]].start][0].isupper():
            first = nouns[-1]  # harbour master | Ada Holm
            segment = segment[segment.index(first) :]
        rest = [i for later in segments[n + 1 :] for i in later if chunks[i].kind == NOUN]
        end = chunks[segment[-1]].end
        if any(later for later in segments[n + 1 :]):
            end = chunks[[i for later in segments[n + 1 :] for i in later][-1]].end
        together = [chunks[first]]
        for a, b in itertools.pairwise(segment):
            if chunks[a].kind == CONJ and chunks[b].kind == NOUN and b != first and chunks[a - 1].kind == NOUN:
                together.append(chunks[b])
        return Subject(together + [chunks[i] for i in rest], start, end)
    return None
