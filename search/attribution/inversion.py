"""The subject that stands after its verb: “…,” said Holm, the harbour master."""

from __future__ import annotations

from search.attribution.bits import OBJECT, SUBJECT
from search.attribution.chunks import CONJ, MARK, NOUN, PREP, REL, SAID, VERB_GROUP, Chunk
from search.attribution.clauses import Clause
from search.attribution.extent import Extent
from search.attribution.subjects import Subject
from search.attribution.tokens import QUOTED


class Inversion(Extent):
    """One sentence, whose verbs may stand before their subjects."""

    def inverted(self, clause: Clause, chunk: Chunk) -> Subject | None:
        """The subject after the verb: “…,” said Kim, the envoy."""
        k = clause.verb
        if chunk.cue is not None and chunk.cue.verb == "tell":
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
        alone = noun.end - noun.start == 1
        if alone and self.s.bits[noun.start] & OBJECT and not self.s.bits[noun.start] & SUBJECT:
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
        if chunk.cue is not None and chunk.cue.group == "tell" and end < self.stop:
            return None  # the director, informed the crew that …
        return Subject(nouns, noun.start, end)
