"""Who says what within one sentence: the subject of each word of saying, and what was said.

Subjects are found in one pass over the chunks. A verb takes the noun phrase that opens its clause; one after “and”,
or a participle, takes that of the verb before; “who” stands for what is before it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from search.attribution.bits import CAPITAL, NATION, PLACE
from search.attribution.chunks import CONJ, MARK, NOUN, PREP, REL, SAID, SUB, VERB_GROUP, WHEN, Chunk
from search.attribution.subjects import Subject, apposed, has_noun, head
from search.attribution.tokens import Sentence

_GOES_ON = {",", "?", "!"}
"""What ends a quotation before the words that say whose it is."""
_CAUSES = set(
    "led prompted forced caused inspired allowed pushed compelled drove moved leads prompts forces causes leading"
    " prompting forcing causing".split()
)
_MEANS = {"by", "without"}
_AGAINST = {"but", "while", "whereas", "yet"}
_NOMINAL = {NOUN, PREP}
_PASSED = {NOUN, PREP, WHEN}
"""Chunks that only wait for the verb they belong to."""
_HANGING = {REL, SUB}
_PARTING = {";", ":"}


@dataclass(slots=True)
class Clause:
    """A verb and its subject, by their places among the chunks."""

    verb: int
    subject: Subject | None
    inverted: bool = False
    own: bool = True
    begins: int = 0
    main: bool = True


@dataclass(slots=True)
class _State:
    pending: list[int] = field(default_factory=list)
    outer: list[list[int]] = field(default_factory=list)
    last: Subject | None = None
    main: Subject | None = None
    spoke: Subject | None = None
    after_verb: bool = False
    below: bool = False  # in a clause that hangs on another
    hung: bool = False  # whether the clause around a relative one does
    late: bool = False  # the sentence opens with an adverbial: its subject comes after a comma


def clauses(s: Sentence, chunks: list[Chunk]) -> list[Clause]:
    """Every verb of a sentence with its subject."""
    state, found = _State(), []
    for k, chunk in enumerate(chunks):
        kind = chunk.kind
        if kind in _PASSED:
            state.pending.append(k)
        elif kind == VERB_GROUP:
            found.append(_verb(s, chunks, k, state))
        elif kind in _HANGING:
            if has_noun(chunks, state.pending):
                state.outer.append(state.pending)
            state.pending = [k] if kind == REL else []
            state.hung = state.below if kind == REL else True
            state.after_verb, state.below = False, True
            state.late = state.late or (kind == SUB and k == 0)
        elif kind == CONJ:
            state.pending.append(k)
            state.below = False
        elif kind == SAID:
            if state.pending and chunks[k - 1].kind in _NOMINAL and s.low[chunk.start] not in _GOES_ON:
                state.pending.append(k)  # the author of “…”: a title within a noun phrase
            else:
                state.pending = []
                state.after_verb = False
        elif chunk.sign == "-" and has_noun(chunks, state.pending):
            state.outer.append(state.pending)
            state.pending = [k]
        elif chunk.sign in _PARTING:
            state.pending = []
            state.after_verb = False
        else:
            state.pending.append(k)
    _look_ahead(found)
    return found


def _look_ahead(found: list[Clause]) -> None:
    """A participle that opens a sentence has the subject of the verb after it: Citing the law, Kim said."""
    for n, clause in enumerate(found):
        if clause.subject is None:
            after = [later for later in found[n + 1 :] if later.own and later.subject]
            clause.subject = next((later.subject for later in after if later.main), after[0].subject if after else None)


def _verb(s: Sentence, chunks: list[Chunk], k: int, state: _State) -> Clause:
    chunk = chunks[k]
    pending, begins = state.pending, k
    before = chunks[k - 1] if k else None
    if before is not None and before.kind == WHEN and k > 1 and chunks[k - 2].kind == MARK:
        before = chunks[k - 2]  # Beck, who …, last week said
    subject: Subject | None = None
    own, main = True, chunk.finite and not state.below and not chunk.weak
    if not chunk.finite:
        state.late = state.late or k == 0
        beside = _beside(s, chunks, k)
        if beside is not None:
            state.pending, state.after_verb = [], True
            return Clause(k, beside, begins=k - 1, main=False)
        subject, own = state.spoke or state.last, False
        if state.main is not None and before is not None and before.kind == PREP and s.low[before.start] in _MEANS:
            subject = state.main
        if subject is None and has_noun(chunks, pending) and not chunk.infinitive:
            state.outer.append(pending)
            subject = head(s, chunks, pending, False, False, closed=True)
        elif before is not None and before.kind == NOUN and not state.after_verb and state.last is None:
            state.outer.append(pending)
    elif pending and chunks[pending[0]].kind == REL and not has_noun(chunks, pending):
        subject = _antecedent(s, chunks, state, chunks[pending[0]].start)
    elif before is not None and before.kind == MARK and before.sign in {",", "-", "–", "—", "("} and state.outer:
        subject = head(s, chunks, state.outer.pop(), False, state.late, closed=True)
        main, state.below = chunk.finite and not chunk.weak and not state.hung, False
    elif has_noun(chunks, pending) and not (before is not None and before.kind == CONJ):
        if pending and chunks[pending[0]].kind == REL:
            pending = pending[1:]
        if (
            state.outer
            and state.after_verb
            and chunk.cue is not None
            and not _comma(chunks, pending)
            and chunks[pending[0]].kind != CONJ
            and not _spoken(chunks, k)
        ):
            subject = head(s, chunks, state.outer.pop(), False, state.late, closed=True)
        else:
            subject = head(s, chunks, pending, state.after_verb, state.late or chunks[0].kind == PREP)
            begins = pending[0] if pending else k
            if subject is not None and subject.start and s.words[subject.start - 1] == ",":
                main, state.below = chunk.finite and not chunk.weak, False
    if subject is None:
        subject, own = state.spoke or state.last, False
    elif own and subject.relative < 0:
        if chunk.finite and subject.start and s.low[subject.start - 1] in _AGAINST:
            state.spoke = None  # …, but Seoul rebuffed them, accusing: another clause, another speaker
        state.last = subject
        if main:
            state.main = state.main or subject
            state.outer = []
    speaks = chunk.cue is not None and chunk.cue.group not in {"that", "quote"}
    if speaks and chunk.finite and not chunk.passive and subject is not None:
        state.spoke = subject
    if chunk.weak and has_noun(chunks, pending):
        state.outer.append(pending)
    state.pending, state.after_verb = [], True
    return Clause(k, subject, own=own, begins=begins, main=main)


def _beside(s: Sentence, chunks: list[Chunk], k: int) -> Subject | None:
    """The name right before a participle, or before an infinitive that a verb of causing governs: with Kim saying."""
    noun = chunks[k - 1] if k else None
    if noun is None or noun.kind != NOUN or not s.words[noun.end - 1][0].isupper():
        return None
    if s.bits[noun.end - 1] & (PLACE | NATION | CAPITAL):
        return None
    if chunks[k].infinitive and not (
        k > 1 and chunks[k - 2].kind == VERB_GROUP and s.low[chunks[k - 2].end - 1] in _CAUSES
    ):
        return None
    return Subject([noun], noun.start, noun.end)


def _spoken(chunks: list[Chunk], k: int) -> bool:
    """Whether a word of saying came before in this sentence, so that what follows may be its content."""
    return any(chunk.cue is not None for chunk in chunks[:k] if chunk.kind == VERB_GROUP)


def _comma(chunks: list[Chunk], pending: list[int]) -> bool:
    return any(chunks[i].kind == MARK for i in pending)


def _antecedent(s: Sentence, chunks: list[Chunk], state: _State, pronoun: int) -> Subject | None:
    """What “who” or “which” stands for: the noun phrase before it, with what hangs on that."""
    outer = state.outer[-1] if state.outer else []
    nouns = [i for i in outer if chunks[i].kind == NOUN]
    if not nouns:
        return None
    last = nouns[-1]
    opens = next((i for i in reversed(outer[:-1]) if chunks[i].kind == MARK), -1)
    if opens > nouns[0] and apposed(s, chunks, [i for i in outer if i > opens]):
        # Kim, the envoy, who said; Kim, an envoy who said: the phrase that the other describes.
        last = max(i for i in nouns if i < opens)
    return Subject([chunks[last]], chunks[last].start, chunks[last].end, relative=pronoun)
