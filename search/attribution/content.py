"""From words of saying to what was said: who says it, and whether it stands before, behind or around the cue."""

from __future__ import annotations

from dataclasses import dataclass

from search.attribution.bits import RELATIVE
from search.attribution.chunks import MARK, NOUN, PREP, SAID, VERB_GROUP, WHEN, Chunk
from search.attribution.clauses import Clause
from search.attribution.inversion import Inversion
from search.attribution.lexicon import Lexicon
from search.attribution.subjects import Subject
from search.attribution.tokens import QUOTED, Sentence


@dataclass(slots=True)
class Found:
    """Something said, in tokens of one sentence.

    ``content`` are ranges of tokens. ``subject`` is None where the sentence does not say who speaks.
    """

    content: list[tuple[int, int]]
    cue: tuple[int, int] | None
    subject: Subject | None
    verb: str
    rule: str
    group: str = "say"


def said(s: Sentence, chunks: list[Chunk], verbs: list[Clause], words: Lexicon) -> list[Found]:
    """What one sentence reports as said."""
    reader = _Reader(s, chunks, verbs, words)
    return reader.read()


class _Reader(Inversion):
    def __init__(self, s: Sentence, chunks: list[Chunk], verbs: list[Clause], words: Lexicon) -> None:
        super().__init__(s, chunks, verbs)
        self.refusals = words.groups.refusals
        self.found: list[Found] = []

    def read(self) -> list[Found]:
        if self.s.shouts:
            self.colon()
        self.according()
        self.signed()
        for n, clause in enumerate(self.verbs):
            chunk = self.chunks[clause.verb]
            if chunk.infinitive and clause.verb and self.s.low[self.chunks[clause.verb - 1].head] in self.refusals:
                continue
            if chunk.cue is None and chunk.finite and not chunk.negated:
                self.any_verb(clause, chunk)
            if chunk.cue is None or chunk.negated or chunk.passive or chunk.head < self.free or self.aside(clause.verb):
                continue
            self.clause(n, clause, chunk)
        self.colon()
        self.dash()
        return self.found

    def signed(self) -> None:
        """S, X said. at the end of a sentence: all of it is X's, whatever others are said to say in it."""
        if len(self.verbs) < 2 or QUOTED in self.s.words:
            return
        clause = self.verbs[-1]
        chunk, subject = self.chunks[clause.verb], clause.subject
        if chunk.cue is None or chunk.cue.group not in {"say", "tell"} or not chunk.finite or chunk.negated:
            return
        inverted = self.inverted(clause, chunk)
        subject = inverted or subject
        if subject is None or subject.relative >= 0 or chunk.passive or not (clause.own or inverted):
            return
        start = min(subject.start, chunk.start)
        if not start or self.s.words[start - 1] != "," or (inverted is None and subject.start > chunk.start):
            return
        after = inverted.end if inverted else chunk.end
        if self.past_adjuncts(after, inverted is None and chunk.cue.group == "tell") < self.stop:
            return
        before = self.before(start)
        if before is not None:
            self.found.append(Found([before], (chunk.start, chunk.end), subject, chunk.cue.verb, "after"))
            self.free = self.stop

    def any_verb(self, clause: Clause, chunk: Chunk) -> None:
        """Whatever a verb means, beside a quotation that ends in a comma it is a word of saying: “…,” he groused."""
        inverted = self.inverted(clause, chunk)
        subject = inverted or (clause.subject if clause.own else None)
        if subject is None or subject.relative >= 0:
            return
        start = min(chunk.start, subject.start)
        if (
            not start
            or self.s.words[start - 1] != QUOTED
            or self.s.low[start - 1] not in {",", "?", "!"}
            or start <= self.free
        ):
            return
        before = self.quotation_back(start)
        self.found.append(Found([before], (chunk.start, chunk.end), subject, "", "after", "quote"))
        self.free = max(start, chunk.end, inverted.end if inverted else 0)

    def aside(self, k: int) -> bool:
        """Whether the verb at chunk k only describes the noun before a comma: the plan, announced in May, was late."""
        if not k or self.chunks[k - 1].sign != "," or self.chunks[k].end - self.chunks[k].start > 1:
            return False
        after = k + 1
        while after < len(self.chunks) and self.chunks[after].kind in {PREP, NOUN, WHEN}:
            after += 1
        if after == k + 1 or self.chunks[k + 1].kind == NOUN or after + 1 >= len(self.chunks):
            return False
        return (
            self.chunks[after].sign == ","
            and self.chunks[after + 1].kind == VERB_GROUP
            and self.chunks[after + 1].finite
        )

    def clause(self, n: int, clause: Clause, chunk: Chunk) -> None:
        cue = chunk.cue
        assert cue is not None
        inverted = self.inverted(clause, chunk)
        subject = inverted or clause.subject
        start = subject.start if subject and (clause.own or inverted) else chunk.start
        start = min(start, chunk.start)
        after = inverted.end if inverted else chunk.end
        after = self.past_adjuncts(after, cue.group == "tell")
        behind = self.behind(n, after)
        before = self.before(start, loose=self.resumes(after))
        rule = "before"
        content: list[tuple[int, int]] = []
        if before is not None and self.follows(before, behind, after, inverted is not None):
            content.append(before)
            rule = "after"
            if behind and (self.s.words[behind[0]] == QUOTED or (self.continues(after) and not self.is_quoted(before))):
                content.append(behind)
        elif behind:
            content.append(behind)
        if not content and chunk.finite and cue.group in {"say", "tell"} and subject is not None and after >= self.stop:
            # Ada Holm said in a statement. “…”: what was said is the next sentence.
            self.found.append(Found([], (chunk.start, chunk.end), subject, cue.verb, "ahead", cue.group))
        if not content or not self.allowed(cue.group, content, after, rule):
            return
        self.free = max(self.free, content[-1][1], after)
        self.found.append(Found(content, (chunk.start, chunk.end), subject, cue.verb, rule, cue.group))

    def allowed(self, group: str, content: list[tuple[int, int]], after: int, rule: str) -> bool:
        quoted = any(self.s.words[i] == QUOTED for a, b in content for i in range(a, b))
        if group == "quote":
            return any(self.s.words[a] == QUOTED for a, b in content)
        if self.s.low[content[0][0]] == "not":
            return False  # asked not to be named
        if group == "that":
            return (
                rule == "after"
                or quoted
                or (after < len(self.s) and (self.s.low[after] == "that" or self.s.words[after] == ":"))
            )
        return True

    def follows(self, before: tuple[int, int], behind: tuple[int, int] | None, after: int, inverted: bool) -> bool:
        """Whether the words of saying come after what was said, or in the middle of it."""
        if self.is_quoted(before) or self.s.words[before[0]] == QUOTED or behind is None or inverted:
            return True
        return after < len(self.s) and self.s.words[after] in {",", "-", "—", "–"}

    def colon(self) -> None:
        """X: S, as headlines and transcripts have it; and, before a quotation, any verb and a colon."""
        for k, mark in enumerate(self.chunks):
            if mark.sign != ":" or k == 0 or mark.end >= self.stop:
                continue
            quoted = self.s.words[mark.end] == QUOTED
            if mark.start < self.free or not (quoted or (k <= 2 and mark.start < 8)):
                continue
            first = self.chunks[0]
            subject: Subject | None = None
            if k <= 2 and first.kind == NOUN and (k == 1 or self.chunks[1].sign == "("):
                subject = Subject([first], first.start, first.end)
                named = True
            else:
                owners = [c for c in self.verbs if self.chunks[c.verb].start < mark.start and c.subject is not None]
                subject = owners[-1].subject if owners and quoted else None
                named = False
            if subject is not None:
                end = self.quotes_only(mark.end, self.stop) if quoted and not named else self.stop
                self.found.append(
                    Found([(mark.end, end)], (mark.start, mark.end), subject, ":", "colon" if named else "colon-quote")
                )
                self.free = end
            return

    def dash(self) -> None:
        """“S” ― X, as collections of voices have it."""
        if len(self.chunks) >= 3 and self.chunks[0].kind == SAID and self.chunks[1].sign == "-" and not self.free:
            noun = self.chunks[2]
            if (
                noun.kind == NOUN
                and self.s.words[noun.start][0].isupper()
                and all(c.kind == MARK for c in self.chunks[3:4])
            ):
                subject = Subject([noun], noun.start, noun.end)
                self.found.append(Found([(0, 1)], (1, 2), subject, "―", "colon"))
                self.free = noun.end

    def according(self) -> None:
        """S, according to X; according to X, S."""
        s = self.s
        for i in range(len(s) - 1):
            if s.low[i] == "according" and s.low[i + 1] == "to":
                k = next((k for k, c in enumerate(self.chunks) if c.start >= i + 2), None)
                if k is None or self.chunks[k].kind != NOUN:
                    continue
                stop = self.apposition(k) or self.chunks[k].end
                noun = self.chunks[k]
                subject = Subject([noun], noun.start, stop)
                before = self.before_according(i)
                if before is None:
                    content = [self.trimmed(stop, self.stop)]
                else:
                    content = [before]
                    if stop + 1 < self.stop and s.words[stop] == "," and not s.bits[stop + 1] & RELATIVE:
                        content.append(self.trimmed(stop, self.stop))
                content = [span for span in content if span[0] < span[1]]
                if content:
                    self.found.append(Found(content, (i, i + 2), subject, "according to", "according"))
                    self.free = max(self.free, content[-1][1] if before is None else i)
                return

    def before_according(self, i: int) -> tuple[int, int] | None:
        end = i
        while end > self.free and self.s.words[end - 1] in {",", "-", "–", "—"}:
            end -= 1
        return (self.free, end) if end > self.free else None
