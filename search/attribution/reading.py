"""A whole article read for who says what: the order of the steps."""

from __future__ import annotations

from dataclasses import dataclass, field

from search.attribution.bits import (
    CONJUNCTION,
    PREPOSITION,
    ROLE,
    TITLE,
    VOICED,
)
from search.attribution.borrowed import large, speech, work
from search.attribution.certainty import certainty
from search.attribution.chunks import Chunk, Chunker
from search.attribution.clauses import Clause, clauses
from search.attribution.content import Found, said
from search.attribution.entities import Cast, Entity
from search.attribution.lexicon import Lexicon
from search.attribution.marks import Run, runs
from search.attribution.memory import Referent, plain
from search.attribution.names import NameFinder
from search.attribution.resolve import Resolver
from search.attribution.shapes import OPEN
from search.attribution.sorting import Name, Sort
from search.attribution.sources import NOBODY, Sources
from search.attribution.subjects import Subject
from search.attribution.titles import Titles
from search.attribution.tokens import QUOTED, Sentence, sentences
from search.model import Article, Kind, Mention, Quotation, QuotationKind, Span, SpeakerType

_SILENT = {Kind.CAPTION, Kind.BYLINE, Kind.CREDIT, Kind.SUBHEADING}
_LONGEST = 200_000
"""Characters of a paragraph that are read; one of more is a table or a mistake, and must not hold up the rest."""


@dataclass(slots=True)
class Read:
    """One paragraph, read: its sentences and the names in each; ``inner`` are those within quotation marks."""

    number: int
    text: str
    speaks: bool
    runs: tuple[Run, ...]
    sentences: list[Sentence]
    names: list[list[Name]] = field(default_factory=list)
    inner: list[list[Name]] = field(default_factory=list)


class Reading:
    """Reads one article. ``quotations`` and ``speakers`` fill as it goes."""

    def __init__(self, article: Article, words: Lexicon) -> None:
        self.words = words
        self.cast = Cast(words)
        self.resolver = Resolver(words, self.cast)
        self.sources = Sources(words, self.cast, self.resolver)
        self.paragraphs = [self.paragraph(p.number, p.text, p.kind) for p in article.paragraphs]
        self.title = sentences(article.metadata.title, (), words)
        self.quotations: list[list[Quotation]] = [[] for _ in article.paragraphs]
        self.also: list[list[Referent]] = [[] for _ in article.paragraphs]
        self.mentions: list[dict[str, None]] = [{} for _ in article.paragraphs]
        self.source_at: Mention | None = None
        self.ceiling = 1.0  # how sure the last speaker was
        self.open = False  # the paragraph before ended inside of a quotation, or with a colon

    def paragraph(self, number: int, text: str, kind: Kind) -> Read:
        text = text[:_LONGEST]
        quoted = runs(text)
        return Read(number, text, kind not in _SILENT, quoted, sentences(text, quoted, self.words))

    def read(self) -> None:
        self.find_names()
        for p in self.paragraphs:
            self.resolver.paragraph = p.number
            if p.speaks:
                self.speak(p)
            for names in p.inner if p.speaks else [*p.names, *p.inner]:
                for name in names:
                    self.mention(p, self.resolver.lookup(name)[0])

    # ---------------------------------------------------------------- names

    def find_names(self) -> None:
        finder = NameFinder.of(self.words, [s for p in self.paragraphs for s in p.sentences])
        for p in self.paragraphs:
            p.names = list(map(finder.find, p.sentences))
            for run in p.runs:
                inner = p.text[run.inner : run.stop]
                if not inner.islower():  # where nothing is written large there are no names
                    p.inner += map(finder.find, sentences(inner, (), self.words))
        for p in self.paragraphs:
            for found in [*p.names, *p.inner]:
                for name in found:
                    if " " in name.text:
                        self.cast.add(name, p.number)
        for found in map(finder.find, self.title):
            for name in found:
                if " " in name.text:
                    self.cast.add(name, 0)
        titles = Titles(self.words, self.cast, self.resolver)
        for p in self.paragraphs:
            for s, found in zip(p.sentences, p.names, strict=True):
                for name in found:
                    titles.describe(s, name)

    # ---------------------------------------------------------------- paragraphs

    def speak(self, p: Read) -> None:
        claimed: set[int] = set()
        parsed: dict[int, tuple[list[Chunk], list[Clause]]] = {}
        resolver = self.resolver
        for run in p.runs:
            self.transcript(p, run, claimed)
        for n, s in enumerate(p.sentences):
            resolver.next()
            self.titles(p, s)
            found: list[Found] = []
            chunker = Chunker(s, self.words)
            if chunker.says():
                chunks = chunker.read()
                verbs = clauses(s, chunks)
                parsed[n] = chunks, verbs
                found = said(s, chunks, verbs, self.words)
            lead = None  # whoever's own words the sentence gives, so that what comes after goes on for them
            for one in found:
                self.quote(p, s, one, p.names[n], claimed)
                if lead is None and one.rule == "after" and s.words[one.content[0][1] - 1] == QUOTED:
                    lead = resolver.speaker, self.source_at, self.ceiling
            if lead is not None:
                resolver.speaker, self.source_at, self.ceiling = lead
            self.remember(p, s, p.names[n])
            if s.runs and all(
                word == QUOTED or not word[0].isalnum() or bits & CONJUNCTION
                for word, bits in zip(s.words, s.bits, strict=True)
            ):
                self.carry(p, s, n, claimed)
        for n, s in enumerate(p.sentences):
            if s.runs and any(run.start not in claimed for run in s.runs.values()):
                self.beside(p, n, s, claimed, *parsed[n])
        self.quotations[p.number].sort(key=lambda q: q.content[0].start)
        last = p.runs[-1] if p.runs else None
        self.open = bool(last and not last.closed) or p.text.rstrip().endswith(":")

    def titles(self, p: Read, s: Sentence) -> None:
        """Read the title of a work as a name in its sentence, not as words that somebody says."""
        title = -9
        for i, run in s.runs.items():
            inner = p.text[run.inner : run.stop]
            listed = s.words[i - 1] in {"and", "or"} and title in {i - 2, i - 3}  # the film “…” and “…”
            if work(s, i, inner) or ((listed or title == i - 1) and large(inner.split()) and not s.shouts):
                title = i
                s.words[i] = inner if inner[0].isalnum() else "Title"
                s.low[i] = s.words[i].lower()
                s.shapes[i] = OPEN

    def mention(self, p: Read, entity: Entity | None) -> None:
        """Note a person or an organisation, but no country and nothing that may as well be a place."""
        if entity is None or entity.sort is Sort.PLACE:
            return
        if entity.name.lower() in self.words.nations or (entity.sort is Sort.UNKNOWN and len(entity.words) == 1):
            return
        self.mentions[p.number].setdefault(plain(entity.name))

    def remember(self, p: Read, s: Sentence, names: list[Name]) -> None:
        first = True
        if s.low[0] == "the" and (not names or names[0].start > 3):
            end = next((i for i in range(1, min(6, len(s))) if s.bits[i] & (ROLE | TITLE)), 0)
            office = self.resolver.office(s, 0, end + 1, s.low[end]) if end else None
            if office is not None and office.entity is not None:
                self.resolver.saw(office.entity, 1.7)
                first = False
        for name in names:
            entity = self.resolver.lookup(name, name.after_the(s))[0]
            if entity is None:
                continue
            self.mention(p, entity)
            governed = name.title > 0 and bool(s.bits[name.title - 1] & PREPOSITION)
            person = entity.person
            self.resolver.saw(entity, 0.5 if name.owns(s) else 1.7 if first and not governed else 0.7)
            first = first and not person

    def beside(self, p: Read, n: int, s: Sentence, claimed: set[int], chunks: list[Chunk], verbs: list[Clause]) -> None:
        """What is left in quotation marks in a sentence: speech of whom the sentence is about, or borrowed words."""
        left = [i for i, run in s.runs.items() if run.start not in claimed]
        for i in left:
            run = s.runs[i]
            if s.words[i] != QUOTED:
                continue
            owners = [c.subject for c in verbs if c.subject is not None and chunks[c.verb].end <= i]
            people = [x for x in owners if self.sources.personal(s, x, p.names[n])]
            subject = people[-1] if people else owners[-1] if owners else None
            source, who = None, NOBODY
            if subject is not None:
                source, who = self.sources.source(
                    p.number, s, Found([(i, i + 1)], None, subject, "", "beside"), p.names[n]
                )
            if self.words.nouns_large and who.rule in {"described", "thing"}:
                source, who = None, NOBODY
            kind = (
                "nobody"
                if source is None
                else "person"
                if who.type is SpeakerType.PERSON or who.type is None
                else "thing"
            )
            if speech(s, i, p.text[run.inner : run.stop], kind, self.words):
                self.add(p, [Span(run.start, run.end)], [Span(run.inner, run.stop)], None, source, who)
                claimed.add(run.start)

    def transcript(self, p: Read, run: Run, claimed: set[int]) -> None:
        """“HOLM: We sail.”, as transcripts are quoted: the name stands inside the marks."""
        voiced = self.sources.voice(p.text, run)
        if voiced is None:
            return
        name, who = voiced
        claimed.add(run.start)
        self.resolver.said(who)
        self.source_at = Mention(name.start, name.end, p.number)
        self.ceiling = certainty(who.rule, who.type, quoted=True)
        self.add(p, [Span(run.start, run.end)], [Span(run.inner, run.stop)], None, self.source_at, who)

    def carry(self, p: Read, s: Sentence, n: int, claimed: set[int]) -> None:
        """A sentence that is nothing but a quotation goes on from the one before."""
        who = self.resolver.speaker
        left = [run for run in s.runs.values() if run.start not in claimed]
        if who is None or not left or (n == 0 and self.resolver.clock - self.resolver.spoke_at > 6):
            return
        if n == 0 and not self.open and any(t.cued and t.runs for t in p.sentences[1:3]):
            return
        for run in left:
            claimed.add(run.start)
            rule = "carried" if n else "carried-open" if self.open else "carried-over"
            self.add(
                p,
                [Span(run.start, run.end)],
                [Span(run.inner, run.stop)],
                None,
                self.source_at,
                Referent(who.name, who.type, rule, "goes on from the quotation before", who.entity),
            )

    def quote(self, p: Read, s: Sentence, one: Found, names: list[Name], claimed: set[int]) -> None:
        source, who = self.sources.source(p.number, s, one, names)
        if source is None:
            return
        if not one.content:
            self.resolver.said(who)
            self.source_at, self.ceiling = source, certainty(who.rule, who.type, quoted=True)
            return
        if self.words.nouns_large and who.rule in {"described", "thing"}:
            # Where every noun has a capital, only names are sure to be speakers.
            who = NOBODY
            if not any(i in s.runs for a, b in one.content for i in range(a, b)):
                return
        content, quoted = [], []
        for a, b in one.content:
            content.append(Span(s.start(a), s.end(b - 1)))
            for i in range(a, b):
                if i in s.runs and s.runs[i].start not in claimed:
                    claimed.add(s.runs[i].start)
                    quoted.append(Span(s.runs[i].inner, s.runs[i].stop))
        voiced = one.rule == "according" or (one.cue and any(s.bits[i] & VOICED for i in range(*one.cue)))
        if who.rule == "thing" and not (quoted or voiced):
            source, who = None, NOBODY  # the doors swung open to …
        self.resolver.said(who)
        self.sources.gender(s, one, who)
        self.source_at = source
        self.ceiling = certainty(who.rule, who.type, bool(quoted))
        self.joint(p, s, one.subject, names)
        cue = Span(s.start(one.cue[0]), s.end(one.cue[1] - 1)) if one.cue else None
        self.add(p, content, quoted, cue, source, who)

    def add(
        self, p: Read, content: list[Span], quoted: list[Span], cue: Span | None, source: Mention | None, who: Referent
    ) -> None:
        ceiling = self.ceiling if who.rule.startswith("carried") else 1.0
        sure = certainty(who.rule, who.type, bool(quoted), ceiling)
        kind, named = _kind(content, quoted), (who.name, who.type, sure, who.why)
        self.quotations[p.number].append(Quotation(kind, tuple(content), tuple(quoted), cue, source, *named))

    def joint(self, p: Read, s: Sentence, subject: Subject | None, names: list[Name]) -> None:
        """The others of whom a subject names several: Kim and Noh said."""
        for chunk in subject.nouns[1:] if subject else ():
            other = next((x for x in names if chunk.start <= x.start and x.end == chunk.end), None)
            if other is not None and s.low[chunk.start - 1] in {"and", "&"}:
                self.also[p.number].append(self.resolver.named(other))


def _kind(content: list[Span], quoted: list[Span]) -> QuotationKind:
    """Direct where next to nothing of the content stands outside of quotation marks."""
    inside, total = (sum(span.end - span.start for span in spans) for spans in (quoted, content))
    if not quoted:
        return QuotationKind.INDIRECT
    return QuotationKind.DIRECT if inside > 0.93 * total - 4 else QuotationKind.MIXED
