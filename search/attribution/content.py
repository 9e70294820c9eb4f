"""From words of saying to what was said: the spans of content, and whether they stand before or after the cue."""

from __future__ import annotations

from dataclasses import dataclass

from search.attribution.bits import DAY, MEDIUM, MONTH, OBJECT, SUBJECT, TIME
from search.attribution.chunks import CONJ, MARK, NOUN, PREP, REL, SAID, SUB, VERB_GROUP, WHEN, Chunk
from search.attribution.clauses import Clause, Subject
from search.attribution.tokens import QUOTED, Sentence

_TAIL_PREPOSITIONS = {
    "in",
    "on",
    "at",
    "during",
    "after",
    "to",
    "by",
    "from",
    "via",
    "of",
    "about",
    "before",
    "with",
    "through",
    "over",
}


_REFUSES = {
    "declined",
    "declines",
    "refused",
    "refuses",
    "failed",
    "fails",
    "decline",
    "refuse",
    "declining",
    "refusing",
}


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
    certain: bool = True


def said(s: Sentence, chunks: list[Chunk], verbs: list[Clause]) -> list[Found]:
    """What one sentence reports as said."""
    reader = _Reader(s, chunks, verbs)
    return reader.read()


def _places(chunks: list[Chunk], size: int) -> list[int]:
    """For each token, and the end, the place of the first chunk that begins there or after."""
    places = [len(chunks)] * (size + 1)
    k = len(chunks)
    for at in range(size, -1, -1):
        while k and chunks[k - 1].start >= at:
            k -= 1
        places[at] = k
    return places


class _Reader:
    def __init__(self, s: Sentence, chunks: list[Chunk], verbs: list[Clause]) -> None:
        self.s, self.chunks, self.verbs = s, chunks, verbs
        self.found: list[Found] = []
        self.place = _places(chunks, len(s))
        self.free = 0  # tokens before this one are spoken for
        self.stop = len(s)
        while self.stop and s.words[self.stop - 1] in {".", "?", "!", "…"}:
            self.stop -= 1

    def read(self) -> list[Found]:
        for n, clause in enumerate(self.verbs):
            chunk = self.chunks[clause.verb]
            if chunk.infinitive and clause.verb and self.s.low[self.chunks[clause.verb - 1].head] in _REFUSES:
                continue
            if chunk.cue is None and chunk.finite and not chunk.negated:
                self.any_verb(clause, chunk)
            if chunk.cue is None or chunk.negated or chunk.passive or chunk.head < self.free:
                continue
            self.clause(n, clause, chunk)
        self.according()
        self.colon()
        self.dash()
        return self.found

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
        self.found.append(Found(content, (chunk.start, chunk.end), subject, cue.verb, rule, cue.group, not chunk.modal))

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

    def inverted(self, clause: Clause, chunk: Chunk) -> Subject | None:
        """The subject after the verb: “…,” said Kim, the envoy."""
        k = clause.verb
        if chunk.cue is not None and chunk.cue.group == "tell":
            return None
        if not chunk.finite or k + 1 >= len(self.chunks) or self.chunks[k + 1].kind != NOUN or chunk.infinitive:
            return None
        before = self.chunks[k - 1] if k else None
        if before is not None and not (
            before.kind == SAID or (before.kind == MARK and before.sign in {",", "—", "–", "-"})
        ):
            return None
        noun = self.chunks[k + 1]
        mine = clause.subject
        if (
            clause.own
            and mine is not None
            and mine.relative < 0
            and mine.start
            and self.s.words[mine.start - 1] == QUOTED
        ):
            return None  # “…,” Graham, a former candidate, told
        if before is None:
            if not any(c.kind == SAID or c.sign == ":" for c in self.chunks[k + 2 :]):
                return None
        elif (
            before.kind == MARK
            and not (k >= 2 and self.chunks[k - 2].kind == SAID)
            and not self.clause_before(clause, chunk)
        ):
            return None
        if self.s.bits[noun.start] & OBJECT and not self.s.bits[noun.start] & SUBJECT:
            return None
        end = noun.end
        nouns = [noun]
        j = k + 2
        while j < len(self.chunks):
            c = self.chunks[j]
            if (c.kind in {PREP, NOUN} and self.chunks[j - 1].kind in {PREP, NOUN}) or (
                c.kind == MARK and c.sign == "("
            ):
                if c.kind == PREP and (
                    j + 1 >= len(self.chunks)
                    or self.chunks[j + 1].kind != NOUN
                    or self.s.low[c.start] not in {"of", "for", "at", "from", "in", "with"}
                ):
                    break
                end = c.end
            elif (
                c.kind == MARK and c.sign == "," and j + 1 < len(self.chunks) and self.chunks[j + 1].kind in {NOUN, REL}
            ):
                # an apposition runs to the next comma or the end of the sentence
                stop = self.apposition(j + 1)
                if stop is None:
                    break
                end = stop
                break
            elif (
                c.kind == CONJ
                and j + 1 < len(self.chunks)
                and self.chunks[j + 1].kind == NOUN
                and len(self.chunks) > j + 2
                and self.chunks[j + 2].kind != VERB_GROUP
            ):
                nouns.append(self.chunks[j + 1])
            else:
                break
            j += 1
        return Subject(nouns, noun.start, end)

    def clause_before(self, clause: Clause, chunk: Chunk) -> bool:
        """Whether a whole clause stands before, and none after that would be what was said."""
        if not any(c.main and self.chunks[c.verb].start >= self.free for c in self.verbs if c.verb < clause.verb):
            return any(w == QUOTED for w in self.s.words[self.free : chunk.start])
        return not (
            clause.verb + 2 < len(self.chunks)
            and self.chunks[clause.verb + 2].kind == VERB_GROUP
            and self.chunks[clause.verb + 2].finite
        )

    def apposition(self, j: int) -> int | None:
        for c in self.chunks[j:]:
            if c.kind == SAID:
                return None
            if c.kind == MARK and c.sign in {",", ".", "?", "!", ";", ":"}:
                return c.start
        return self.stop

    def past_adjuncts(self, at: int, tell: bool) -> int:
        """The token after where, when and to whom something was said."""
        _s, size = self.s, len(self.s)
        for _ in range(8):
            if at >= size:
                break
            k = self.place[at]
            if k >= len(self.chunks):
                break
            chunk = self.chunks[k]
            if chunk.kind == WHEN:
                at = chunk.end
            elif (
                chunk.kind == PREP
                and k + 1 < len(self.chunks)
                and self.chunks[k + 1].kind in {NOUN, WHEN}
                and self.adjunct(chunk, self.chunks[k + 1], k)
            ):
                at = self.chunks[k + 1].end
            elif tell and chunk.kind == NOUN:
                at = chunk.end
                tell = False
            elif chunk.kind == MARK and chunk.sign in {",", ":"} and k + 1 < len(self.chunks):
                # a comma before a quotation, or around an aside
                if chunk.sign == ":" or self.chunks[k + 1].kind == SAID:
                    at = chunk.end
                break
            else:
                break
        return at

    def adjunct(self, prep: Chunk, noun: Chunk, k: int) -> bool:
        s = self.s
        low = s.low[prep.start]
        last = s.bits[noun.end - 1]
        if noun.kind == WHEN or any(s.bits[i] & (DAY | MONTH) for i in range(noun.start, noun.end)):
            return low in {"on", "in", "at", "during", "after", "since", "by", "before", "over", "for", "of"}
        if low in {"in", "on", "at", "during", "after", "via", "through", "by"} and last & (MEDIUM | TIME):
            return True
        following = self.chunks[k + 2] if k + 2 < len(self.chunks) else None
        goes_on = following is not None and (
            following.kind == SUB or following.kind == SAID or following.sign == ":" or following.kind == REL
        )
        if low in {"to", "in", "at", "on", "of", "with", "about", "for", "from", "during", "before", "after"}:
            return goes_on
        return False

    def before(self, start: int, loose: bool = False) -> tuple[int, int] | None:
        """What stands before a source or cue, where it is a quotation or a whole clause that ends in a comma."""
        s = self.s
        end = start
        while end > self.free and (s.words[end - 1] in {",", "-", "–", "—", ":"}):
            end -= 1
        if end <= self.free:
            return None
        if s.words[end - 1] == QUOTED:
            return self.quotation_back(end)
        if end == start:
            return None
        if s.words[end] == "," and QUOTED in s.words[self.free : end]:
            return (self.free, end)
        inside = [c for c in self.chunks[self.place[self.free] : self.place[end]] if c.end <= end]
        if not (loose or any(c.kind == VERB_GROUP and c.finite for c in inside)) or (
            inside
            and inside[0].kind == SUB
            and s.low[inside[0].start]
            in {"as", "when", "after", "while", "if", "although", "though", "because", "since"}
        ):
            return None
        begin = self.free
        while begin < end and s.words[begin] in {",", "and", "but", "And", "But"}:
            begin += 1
        return (begin, end)

    def quotation_back(self, end: int) -> tuple[int, int]:
        begin = end - 1
        s = self.s
        if begin > self.free:
            inside = [c for c in self.chunks[self.place[self.free] : self.place[begin]] if c.end <= begin]
            if any(c.kind == VERB_GROUP and c.finite for c in inside) or len(inside) > 3:
                begin = self.free
        while begin < end and s.words[begin] in {",", "and", "but", "And", "But", ":"}:
            begin += 1
        return (begin, end)

    def follows(self, before: tuple[int, int], behind: tuple[int, int] | None, after: int, inverted: bool) -> bool:
        """Whether the words of saying come after what was said, or in the middle of it."""
        if self.is_quoted(before) or self.s.words[before[0]] == QUOTED or behind is None or inverted:
            return True
        return after < len(self.s) and self.s.words[after] in {",", "-", "—", "–"}

    def resumes(self, after: int) -> bool:
        """Whether a clause that was broken off goes on: The premium, she explained, had doubled."""
        if after + 1 >= len(self.s) or self.s.words[after] != ",":
            return False
        rest = next(iter(self.chunks[self.place[after + 1] :]), None)
        return rest is not None and rest.kind == VERB_GROUP and rest.finite

    def is_quoted(self, span: tuple[int, int]) -> bool:
        return self.s.words[span[1] - 1] == QUOTED

    def behind(self, n: int, after: int) -> tuple[int, int] | None:
        """What stands after a cue, up to the next one in the same row, or the end of the sentence."""
        s = self.s
        end = self.barrier(n, after)
        begin = after
        if begin < end and s.words[begin] == QUOTED and begin and s.words[begin - 1] in {",", ":"}:
            end = self.quotes_only(begin, end)
        while begin < end and s.words[begin] in {",", ":", "-", "–", "—"}:
            begin += 1
        while end > begin and s.words[end - 1] in {",", ";", "and", "but"}:
            end -= 1
        return (begin, end) if begin < end else None

    def quotes_only(self, begin: int, end: int) -> int:
        last = begin + 1
        for i in range(begin, end):
            if self.s.words[i] == QUOTED:
                last = i + 1
        return last

    def barrier(self, n: int, after: int) -> int:
        s = self.s
        this = self.verbs[n]
        if (
            this.subject is not None
            and this.subject.start > self.chunks[this.verb].start
            and not self.chunks[this.verb].finite
        ):
            return max(after, self.left_of(this.subject.start))  # Asked why, Kim said
        for clause in self.verbs[n + 1 :]:
            chunk = self.chunks[clause.verb]
            if chunk.cue is None or chunk.start < after or (chunk.start == after + 1 and self.resumes(after)):
                continue
            at = self.chunks[clause.begins].start if clause.own else chunk.start
            join = s.low[at - 1] if at else ""
            earlier = clause.subject is not None and clause.subject.start < after
            if (not clause.own or earlier) and chunk.finite and s.low[chunk.start - 1] in {"and", "but", ","}:
                return self.left_of(chunk.start)
            if not chunk.finite and not chunk.infinitive and join == ",":
                return self.left_of(at)
            if (
                clause.own
                and clause.main
                and not this.main
                and this.own
                and join == ","
                and self.chunks[this.verb].finite
            ):
                return self.left_of(at)  # When Kim accused her, she said
            if clause.own and join in {"while", "but", "and", ";"} and at >= 2 and s.words[at - 2] == ",":
                return self.left_of(at)
            if (
                clause.own
                and clause.begins
                and self.below(self.chunks[clause.begins - 1])
                and self.quotes_after(chunk.end)
            ):
                return self.left_of(self.chunks[clause.begins - 1].start)
            if s.words[at] in {"and", "but"} and s.words[at - 1] == ",":
                return self.left_of(at)
            if clause.own and at > after and self.ready(at - 1, after):
                return self.left_of(at - 1)
        for i in range(after, self.stop):
            if s.low[i] == "according" and i and s.words[i - 1] == ",":
                return i - 1
            if s.words[i] == ";":
                return i
        return self.stop

    def ready(self, i: int, after: int) -> bool:
        """Whether token i is a quotation that waits for its own words of saying: …, “…,” he said."""
        s = self.s
        if s.words[i] != QUOTED or s.low[i] not in {",", "?", "!"}:
            return False
        return i == after or s.words[i - 1] in {",", ":", ";", "and", "but", "—", "–", "-", "--"}

    def below(self, opener: Chunk) -> bool:
        """Whether a chunk opens a clause that is told beside what was said, not in it: when, which, what; not that."""
        return opener.kind in {SUB, REL} and self.s.low[opener.start] != "that"

    def quotes_after(self, at: int) -> bool:
        """Whether a quotation stands close after a word of saying, with no other verb between: what he called “…”."""
        for c in self.chunks[self.place[at] :]:
            if c.kind == SAID:
                return True
            if (c.kind == VERB_GROUP and c.finite) or (c.kind == MARK and c.sign not in {":", ","}):
                return False
        return False

    def left_of(self, at: int) -> int:
        while at and self.s.words[at - 1].lower() in {",", "and", "but", "while", ";"}:
            at -= 1
        return at

    def continues(self, after: int) -> bool:
        """Whether what was said before the cue goes on after it: “S, he said, S.”"""
        if after >= len(self.s) or self.s.words[after] not in {",", "—", "–", "-"}:
            return False
        rest = self.chunks[self.place[after + 1] :]
        return not (not rest or rest[0].kind in {REL, WHEN} or (rest[0].kind == VERB_GROUP and not rest[0].finite))

    def opens_with_that(self, after: int) -> bool:
        return after < len(self.s) and self.s.low[after] == "that"

    def trimmed(self, begin: int, end: int) -> tuple[int, int]:
        while begin < end and self.s.words[begin] in {",", ":", "—", "–", "-"}:
            begin += 1
        return begin, end

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
                    if stop + 1 < self.stop and s.words[stop] == ",":
                        content.append(self.trimmed(stop, self.stop))
                content = [span for span in content if span[0] < span[1]]
                if content:
                    self.found.append(Found(content, (i, i + 2), subject, "according to", "according"))
                return

    def before_according(self, i: int) -> tuple[int, int] | None:
        end = i
        while end > self.free and self.s.words[end - 1] in {",", "-", "–", "—"}:
            end -= 1
        return (self.free, end) if end > self.free else None
