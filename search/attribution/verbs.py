"""Whether a word is a verb where it stands, and whether it says something."""

from __future__ import annotations

from search.attribution.bits import (
    ADJECTIVE,
    ADVERB,
    ARTICLE,
    AUXILIARY,
    BE,
    CLOSED,
    CONJUNCTION,
    CUE,
    DAY,
    DOCUMENT,
    HEAD,
    HONORIFIC,
    MODAL,
    MONTH,
    NEGATION,
    NOMINAL,
    NUMBER,
    OBJECT,
    OPENER,
    PERSON,
    PLURAL,
    PREPOSITION,
    PRONOUN,
    RELATIVE,
    ROLE,
    SUBJECT,
    SUBORDINATOR,
    TIME,
    TITLE,
    VERB,
)
from search.attribution.inflection import BASE, ED_ENDING, ING, ING_ENDING, PAST, THIRD, Cue
from search.attribution.lexicon import Lexicon
from search.attribution.shapes import OWN
from search.attribution.tokens import QUOTED, Sentence

_NAMING = {"call", "dub", "brand", "label"}
_HELPING = AUXILIARY | NEGATION | ADVERB
_FOLLOWS_A_CUE = ARTICLE | SUBJECT | SUBORDINATOR | RELATIVE | OBJECT


class VerbTest:
    """Looks at the words of one sentence."""

    def __init__(self, sentence: Sentence, words: Lexicon) -> None:
        self.s, self.words, self.size = sentence, words, len(sentence)

    def says(self) -> bool:
        """Whether anything may be said here: in quotation marks, after a colon, or by a word of saying that can be a
        verb where it stands."""
        s = self.s
        if s.runs or (":" in s.words and (s.cued or self.size > 3)):
            return True
        return s.cued and (
            "according" in s.low
            or any(bits & CUE and self.cue(i, sure=self.helped(i)) is not None for i, bits in enumerate(s.bits))
        )

    def helped(self, i: int) -> bool:
        """Whether an auxiliary or “to” may stand before token i and make it a verb."""
        low = self.s.low[i - 1] if i else ""
        return bool(i and self.s.bits[i - 1] & _HELPING) or low in {"to", OWN} or low.endswith("ly")

    def infinitive(self, i: int) -> bool:
        """Whether “to” at token i begins a verb and not a place or person."""
        if i + 1 >= self.size:
            return False
        word, bits = self.s.words[i + 1], self.s.bits[i + 1]
        if bits & CUE and any(BASE in cue.forms for cue in self.words.cues[self.s.low[i + 1]]):
            return True
        if not word[0].islower() or bits & (ARTICLE | PRONOUN | NUMBER | ROLE | PREPOSITION | RELATIVE):
            return bool(bits & BE)
        return not word.endswith("s") and not bits & (TIME | ADJECTIVE)

    def cue(self, i: int, sure: bool = False) -> Cue | None:
        """The word of saying at token i, None when it stands there as a noun or an adjective."""
        s = self.s
        if not s.words[i][0].islower() and not self.title_case(i):
            return None
        after = s.low[i + 1] if i + 1 < self.size else ""
        for cue in self.words.cues[s.low[i]]:
            if (cue.verb, after) in self.words.unless:
                return None
            rest = cue.rest
            if (not rest or tuple(s.low[i + 1 : i + 1 + len(rest)]) == rest) and (sure or self.is_verb(i, cue)):
                return cue
        return None

    def title_case(self, i: int) -> bool:
        """A capitalised word of saying counts at the start, “Said Kim:”, and in a headline, “Kim Says …”."""
        if self.s.shouts:
            return True
        return (
            i == 0 and i + 1 < self.size and (not self.s.bits[i] & NOMINAL or self.s.low[i].endswith(ING_ENDING))
        ) or self.s.low[i] in {"says", "said", "say", "tells", "told"}

    def is_verb(self, i: int, cue: Cue) -> bool:
        s = self.s
        last = s.bits[i - 1] if i else 0
        word = s.words[i - 1] if i else ","
        after = i + 1 + len(cue.rest)
        if not cue.forms & {BASE, THIRD}:
            return self.past_or_ing(i, cue, last)
        if last & (MODAL | SUBJECT | RELATIVE) or word in {"to"}:
            return True
        if last & (ARTICLE | PREPOSITION | ADJECTIVE | NUMBER) or s.low[i - 1 : i] == [OWN] or word == "-":
            return False
        if s.low[i] == "states" and not (last & DOCUMENT):
            return False
        agrees = self.agrees(i, cue, last, word)
        if not s.bits[i] & NOMINAL:
            return (
                agrees
                or word[0].isupper()
                or word in {",", QUOTED, ")", "-", "—"}
                or bool(last & (CONJUNCTION | ADVERB))
            )
        if word in {",", ")"}:
            return self.complement(after) and i > 2
        if not agrees:
            return bool(last & (CONJUNCTION | ADVERB)) and self.complement(after) and THIRD in cue.forms
        if word[0].isupper() or last & ROLE:
            return not self.noun_end(after)
        if after < self.size and s.low[after] == "that":
            return not s.bits[min(after + 1, self.size - 1)] & (AUXILIARY | VERB | CUE)  # projects that are under way
        return after < self.size and s.words[after] in {QUOTED, ":"}

    def complement(self, i: int) -> bool:
        """Whether what follows a word reads like the object of a verb."""
        if i >= self.size:
            return False
        word, bits = self.s.words[i], self.s.bits[i]
        return word in {QUOTED, ":"} or bool(bits & _FOLLOWS_A_CUE) or word[0].isupper()

    def noun_end(self, i: int) -> bool:
        """Whether what follows a word ends a noun phrase, and is not what was said: Quay Bank claims, dealers …"""
        if i >= self.size:
            return False
        if self.s.words[i] in {",", ")"}:
            return i + 1 < self.size and self.s.words[i + 1] != QUOTED
        return bool(self.s.bits[i] & PREPOSITION) and self.s.low[i] not in {"to", "on", "in", "like", "at", "with"}

    def agrees(self, i: int, cue: Cue, last: int, word: str) -> bool:
        """Whether the word before can be the subject of this form."""
        if not word[0].isalpha() or last & CLOSED & ~SUBORDINATOR:
            return False
        if last & (ADVERB | DAY | TIME | VERB):
            return bool(last & ADVERB)
        many = bool(last & PLURAL) or (
            word.endswith("s") and (word[0].isupper() or not word.endswith(("ss", "us", "is")))
        )
        if BASE in cue.forms and PAST not in cue.forms:
            return many or (word[0].isupper() and self.s.low[max(0, i - 2)] in {"and"})
        return not many or word[0].isupper()

    def past_or_ing(self, i: int, cue: Cue, last: int) -> bool:
        if ING in cue.forms:
            if self.s.bits[i] & NOMINAL and not self.complement(i + 1 + len(cue.rest)):
                return False  # their own reporting style; telling responses
            if self.s.low[i + 1 : i + 2] == ["of"] and not cue.rest:
                return False  # an offering of shares
            return not last & (ARTICLE | ADJECTIVE | NUMBER) and self.s.low[i - 1 : i] != [OWN]
        if last & (ARTICLE | ADJECTIVE | NUMBER) and not last & (SUBJECT | RELATIVE | PLURAL):
            return False
        if i > 1 and self.s.low[i - 1].endswith("ly") and self.s.bits[i - 2] & ARTICLE and cue.rest == ():
            return False  # the recently announced plan
        after = i + 1 + len(cue.rest)
        if (
            i
            and self.s.words[i - 1].islower()
            and self.s.low[i - 1].endswith(ING_ENDING)
            and not last & (ROLE | NOMINAL)
        ):
            return after < self.size and (self.complement(after) or not self.s.words[after][0].isalpha())
        if self.s.low[i - 1 : i] == [OWN]:
            return False
        if last & PREPOSITION and not last & ADVERB:
            return False
        if cue.verb == "relate" and last & CONJUNCTION:
            return False  # prices and related measures
        subject = ROLE | SUBJECT | RELATIVE | ADVERB | CONJUNCTION | AUXILIARY | PLURAL
        if cue.verb in _NAMING and i and self.s.words[i - 1][0].islower() and not last & subject:
            return False  # a group called the Foundry; but officials called it
        return self.s.low[i : i + 2] not in (["accused", "of"], ["asked", "about"], ["named", "as"])

    def verbal(self, i: int) -> bool:
        """Whether token i is a verb that is no word of saying."""
        s = self.s
        word, bits = s.words[i], s.bits[i]
        if i == 0 and word[0].isupper() and word.endswith("ing") and len(word) > 5 and not bits & ~(CUE | OPENER):
            return not (self.size > 1 and s.words[1][0].isupper())
        if not word.islower() or bits & (ADJECTIVE | ROLE | PREPOSITION) or (bits & NOMINAL and not bits & VERB):
            return False
        last = s.bits[i - 1] if i else 0
        if (
            last & RELATIVE
            and s.low[i - 1] != "whose"
            and not bits & (ARTICLE | CLOSED | ADVERB)
            and not word.endswith("ly")
        ):
            return True  # whatever follows “who” is a verb
        if last & SUBJECT and s.low[i - 1] in self.words.agents and not bits & (ARTICLE | CLOSED | ADVERB | NUMBER):
            return not word.endswith("ly")  # he identifies
        if bits & VERB:
            return not last & (ARTICLE | ADJECTIVE | NUMBER | PREPOSITION) and s.low[i - 1 : i] != [OWN]
        if len(word) < 5 or not word.endswith((ED_ENDING, ING_ENDING)):
            return False
        return not last & (ARTICLE | ADJECTIVE | NUMBER) and s.low[i - 1 : i] != [OWN]

    def ends(self, i: int, end: int) -> bool:
        """Whether a noun phrase from token i ends before token ``end``, which its shape alone does not tell."""
        s = self.s
        word, bits, before, last = s.words[end], s.bits[end], s.words[end - 1], s.bits[end - 1]
        if not word[0].isalnum():
            return True
        if word[0].isupper():
            if bits & (DAY | MONTH) or (last & TIME and before.islower() and end - i > 1):
                return True  # last week | Quay Bank
            if (
                before.islower()
                and bits & (HONORIFIC | TITLE | PERSON)
                and not last & (TITLE | ROLE | HEAD | ARTICLE | ADJECTIVE | NUMBER)
            ):
                return True
            if bits & CLOSED and not (before[0].isupper() and bits & (MODAL | SUBORDINATOR) == bits & CLOSED):
                return True
        elif bits & CLOSED or (bits & ARTICLE and not bits & (ADJECTIVE | NUMBER) and word[0].islower()):
            return True
        return (
            bool(bits & CUE and self.cue(end))
            or self.verbal(end)
            or bool(bits & ADVERB)
            or (word.endswith("ly") and word.islower() and len(word) > 4 and word != "family")
        )
