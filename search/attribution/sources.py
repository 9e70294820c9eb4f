"""Who the subject of a word of saying is: the words that name the speaker, and whom they stand for."""

from __future__ import annotations

import re

from search.attribution.bits import (
    ARTICLE,
    CLOSED,
    DOCUMENT,
    FEMALE,
    HEAD,
    MALE,
    OBJECT,
    PERSON,
    ROLE,
    SUBJECT,
    TITLE,
)
from search.attribution.chunks import Chunk
from search.attribution.content import Found
from search.attribution.entities import Cast, Entity
from search.attribution.lexicon import Lexicon
from search.attribution.marks import Run
from search.attribution.memory import Referent
from search.attribution.resolve import Resolver
from search.attribution.shapes import OWN
from search.attribution.sorting import Name, Sort
from search.attribution.subjects import Subject
from search.attribution.tokens import Sentence
from search.model import Mention, Span, SpeakerType

_VOICE = re.compile(r"([A-Z][A-Z.'’-]{2,}(?: [A-Z][A-Z.'’-]+){0,2}|[A-Z][a-z]+ [A-Z][a-z]+): ")
NOBODY = Referent(None, None, "nobody", "nobody is named near these words")


class Sources:
    """Reads the subjects of one article's sentences."""

    def __init__(self, words: Lexicon, cast: Cast, resolver: Resolver) -> None:
        self.words, self.cast, self.resolver = words, cast, resolver

    def source(self, number: int, s: Sentence, one: Found, names: list[Name]) -> tuple[Mention | None, Referent]:
        subject = one.subject
        if subject is None:
            return None, NOBODY
        head = subject.nouns[0]
        quoted = any(i in s.runs for a, b in one.content for i in range(a, b))
        last = head.end - 1
        if s.bits[last] & SUBJECT or (s.bits[last] & OBJECT and head.end - head.start == 1):
            mention = Mention(s.start(last), s.end(last), number)
            return mention, self.resolver.pronoun(s, last, self.before(s, names, last), quoted)
        name = self.pick(s, subject, names)
        if one.rule == "colon" and (
            name is None or len(name.text) < 3 or (name.sort is not Sort.PERSON and not quoted)
        ):
            return None, NOBODY  # Q: and Weather: say nobody's words
        if name is None:
            stop = self.tail(s, subject, head)
            mention = Mention(s.start(head.start), s.end(stop - 1), number)
            return mention, self.resolver.role(s, head.start, head.end, stop)
        mention = Mention(s.start(name.start), s.end(name.end - 1), number)
        if (
            one.rule == "according"
            and name.sort is Sort.UNKNOWN
            and " " not in name.text
            and not self.cast.candidates(name)
        ):
            # What is only ever accorded with is rather an outlet than a person.
            return mention, Referent(name.text, SpeakerType.ORGANISATION, "single", "named by one word only")
        if subject.relative >= 0:
            mention = Mention(s.start(subject.relative), s.end(subject.relative), number)
        return mention, self.resolver.named(name, name.after_the(s) and not name.titles)

    def pick(self, s: Sentence, subject: Subject, names: list[Name]) -> Name | None:
        """The name of a subject: the head's own, or one in apposition to it."""
        head = subject.nouns[0]
        for name in names:
            if head.start <= name.start < head.end <= name.end:
                return name  # Holm; Bank of Quay, of which “Bank” is the head
        for name in names:
            after = name.start == head.end + 1 and s.low[head.end] == "the" and name.end <= subject.end
            if after and name.sort is Sort.ORGANISATION and s.words[head.end - 1].islower():
                return name  # state outlet the Quay Times
        plain = s.words[head.end - 1].islower() and not s.bits[head.end - 1] & DOCUMENT
        for chunk in subject.nouns[1:] if plain else ():
            for name in names:  # the cable giant, Quay Wireless, said
                single = " " not in name.text and s.low[head.end - 1].endswith("s")  # his sons, Ada and Bo Holm
                if (
                    s.words[chunk.start - 1] == ","
                    and (name.title, name.end) == (chunk.start, chunk.end)
                    and not single
                ):
                    return name
        if not s.bits[head.end - 1] & (ROLE | TITLE):
            return None
        if head.end < len(s) and s.low[head.end] == "of":
            for name in names:  # Secretary of State Ada Holm, director of finance Ada Holm
                if head.end < name.start < subject.end and name.sort in {Sort.PERSON, Sort.UNKNOWN}:
                    last = s.bits[name.start - 1]
                    apart = name.honoured or (s.words[name.start - 1].islower() and not last & CLOSED)
                    if (name.end == subject.end and apart and s.bits[head.end - 1] & TITLE) or (
                        name.sort is Sort.PERSON and last & HEAD
                    ):
                        return name
        for chunk in subject.nouns[1:]:
            if s.low[chunk.start - 1] in {"and", "&"} and not s.bits[chunk.start] & (TITLE | ROLE):
                continue  # but chairman and chief executive Ada Holm are one
            for name in names:
                if chunk.start <= name.title and name.end == chunk.end and name.sort in {Sort.PERSON, Sort.UNKNOWN}:
                    return name
        return None

    def tail(self, s: Sentence, subject: Subject, head: Chunk) -> int:
        """Where a description ends: a spokesman for the ministry, up to the first comma."""
        stop = head.end
        while stop < subject.end and (s.words[stop][0].isalnum() or s.low[stop] == OWN) and stop - head.start < 16:
            stop += 1
        while stop > head.end and s.bits[stop - 1] & (CLOSED | ARTICLE):
            stop -= 1  # reports of, the stage they
        return stop

    def personal(self, s: Sentence, subject: Subject, names: list[Name]) -> bool:
        """Whether a subject is somebody: he or she, or a person's name."""
        head = subject.nouns[0]
        if s.bits[head.start] & (MALE | FEMALE) and head.end - head.start == 1:
            return True
        name = self.pick(s, subject, names)
        return name is not None and name.sort in {Sort.PERSON, Sort.UNKNOWN}

    def before(self, s: Sentence, names: list[Name], i: int) -> list[tuple[Entity, float]]:
        """Those named in a sentence before token i."""
        seen: list[tuple[Entity, float]] = []
        for name in names:
            if name.end <= i:
                entity = self.resolver.lookup(name, name.after_the(s))[0]
                if entity is not None:
                    seen.append((entity, 0.6 if name.owns(s) else 1.0 if seen else 1.6))
        return seen

    def voice(self, text: str, run: Run) -> tuple[Span, Referent] | None:
        """Whose voice a transcript gives, “HOLM: We sail.”: where the name stands within the marks, and for whom."""
        voice = _VOICE.match(text, run.inner, run.stop)
        if voice is None:
            return None
        words = voice[1].lower().split()
        if not voice[1].isupper() and not self.words.flags.get(words[0], 0) & PERSON:
            return None  # The Ferries: a title
        fits = [e for e in self.cast.by_word.get(words[-1], ()) if e.person and e.words[-len(words) :] == tuple(words)]
        where = Span(*voice.span(1))
        if len(fits) == 1:
            name = fits[0].name
            return where, Referent(name, SpeakerType.PERSON, "surname", f"surname of {name}", fits[0])
        name = voice[1].title() if voice[1].isupper() else voice[1]
        return where, Referent(name, SpeakerType.PERSON, "single", "named at the head of the words")

    def gender(self, s: Sentence, one: Found, who: Referent) -> None:
        """Learn from “Holm said she …” that Holm is a woman, where nothing else tells."""
        at = one.content[0][0]
        at += s.low[at] == "that"
        entity = who.entity
        if at < len(s) and s.bits[at] & SUBJECT and entity is not None and not entity.gender and who.rule != "pronoun":
            entity.gender = s.bits[at] & (MALE | FEMALE)
