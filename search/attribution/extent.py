"""How far what was said reaches in a sentence: before a word of saying, behind it, past what stands between."""

from __future__ import annotations

from search.attribution.bits import CAPITAL, DAY, MEDIUM, MONTH, NATION, PLACE, TIME
from search.attribution.chunks import MARK, NOUN, PREP, REL, SAID, SUB, VERB_GROUP, WHEN, Chunk
from search.attribution.clauses import Clause
from search.attribution.tokens import QUOTED, Sentence

_BORROWED = 12
"""Characters; what is quoted at less length may be one word of somebody else's."""


def _places(chunks: list[Chunk], size: int) -> list[int]:
    """For each token, and the end, the place of the first chunk that begins there or after."""
    places = [len(chunks)] * (size + 1)
    k = len(chunks)
    for at in range(size, -1, -1):
        while k and chunks[k - 1].start >= at:
            k -= 1
        places[at] = k
    return places


class Extent:
    """One sentence and its chunks; ``free`` is the first token that nobody has spoken for."""

    def __init__(self, s: Sentence, chunks: list[Chunk], verbs: list[Clause]) -> None:
        self.s, self.chunks, self.verbs = s, chunks, verbs
        self.place = _places(chunks, len(s))
        self.free = 0  # tokens before this one are spoken for
        self.stop = len(s)
        ends = {".", "?", "!", "…", ")"} if s.words[0] == "(" else {".", "?", "!", "…"}
        while self.stop and s.words[self.stop - 1] in ends:
            self.stop -= 1

    def clause_before(self, clause: Clause, chunk: Chunk) -> bool:
        """Whether a whole clause stands before, and none after that would be what was said."""
        if not any(c.main and self.chunks[c.verb].start >= self.free for c in self.verbs if c.verb < clause.verb):
            return any(self.ends_speech(i) for i in range(self.free, chunk.start))
        return not (
            clause.verb + 2 < len(self.chunks)
            and self.chunks[clause.verb + 2].kind == VERB_GROUP
            and self.chunks[clause.verb + 2].finite
        )

    def ends_speech(self, i: int) -> bool:
        """Whether token i is a quotation of some length, no single borrowed word."""
        return i in self.s.runs and self.s.words[i] == QUOTED and self.s.runs[i].stop - self.s.runs[i].inner > _BORROWED

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
                if k + 1 < len(self.chunks) and self.chunks[k + 1].kind == VERB_GROUP and self.chunks[k + 1].finite:
                    break  # said no date has been set
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
        if low in {"in", "at", "from"} and last & (PLACE | CAPITAL | NATION):
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
        while begin < end and s.words[begin] in {",", "and", "but", "And", "But", "("}:
            begin += 1
        return (begin, end)

    def quotation_back(self, end: int) -> tuple[int, int]:
        begin = end - 1
        s = self.s
        if begin > self.free and s.words[begin - 1] not in {"–", "—", "("}:
            inside = [c for c in self.chunks[self.place[self.free] : self.place[begin]] if c.end <= begin]
            if any(c.kind == VERB_GROUP and c.finite for c in inside) or len(inside) > 3:
                begin = self.free
        while begin < end and s.words[begin] in {",", "and", "but", "And", "But", ":", "("}:
            begin += 1
        return (begin, end)

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
                return c.start - at <= 6
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

    def trimmed(self, begin: int, end: int) -> tuple[int, int]:
        while begin < end and self.s.words[begin] in {",", ":", "—", "–", "-"}:
            begin += 1
        return begin, end
