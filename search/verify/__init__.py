"""Did they say it? A quotation is looked for in the archive, word for word first, then as nearly as it stands.

Candidates come from the engine by our own query tree: the words as a phrase; if that does not settle it, any of
the quotation's rarest words, and pairs of its words. Each candidate is then compared word by word (``align``).

When is a difference too large? The bounds below were set on the development corpus by ``benchmarks/verify.py``,
which says what they achieve: see docs/verify.md.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from search.analysis import stem
from search.engines.base import Reader
from search.errors import ParameterError, QueryLimitError
from search.model import Copies, Counts, Paragraph, SearchRequest
from search.query.nodes import And, Node, Or, Phrase, Word
from search.verify.align import Alignment, align
from search.verify.speech import speaker_of
from search.verify.verdict import Candidate, Change, Outcome, Searched, SpeakerMatch, Verdict, WordChange
from search.verify.words import Quote, Spoken, read_quotation, spoken

LONGEST_QUOTATION = 2_000
"""Characters."""
MOST_CANDIDATES = 10

_COMPARED = 40  # paragraphs that one look at the engine brings
_RAREST = 10  # words of the quotation that are looked up
_RECALL, _SIMILARITY = 0.7, 0.75  # what “near” needs at least
_THINNED = 0.6  # the same for a quotation that only leaves words out
_NEARNESS = 0.75  # what a word tells besides by standing in its place among the others, in nats
_PARAPHRASED = 0.7  # the share of what the quotation's words tell that a paraphrase holds at least
_CHANCE = 2.5  # and how many times what it takes to single out a paragraph
_MOST_KNOWN = 12.0  # what one word can tell at most, in nats: a word that nobody else uses tells no more

__all__ = [
    "LONGEST_QUOTATION", "Candidate", "Change", "Outcome", "Searched", "SpeakerMatch", "Verdict", "WordChange",
    "verify",
]  # fmt: skip


def verify(reader: Reader, quotation: str, speaker: str | None, generation: int) -> Verdict:
    """Whether a quotation stands in the archive, and where.

    Raises ParameterError when there are no words to look for, QueryLimitError when there are too many.
    """
    started = time.perf_counter()
    quote = _read(quotation)
    search = _Search(reader, quote, (speaker or "").strip() or None, reader.count())
    ranked = search.run()
    return Verdict(
        quotation=quotation.strip(),
        speaker=search.speaker,
        outcome=_together(ranked),
        candidates=tuple(ranked[:MOST_CANDIDATES]),
        searched=_searched(reader, search),
        generation=generation,
        took_ms=(time.perf_counter() - started) * 1000,
    )


def _searched(reader: Reader, search: _Search) -> Searched:
    counts, span = search.counts, reader.coverage()
    return Searched(counts.articles, counts.paragraphs, span.first, span.last, len(search.seen))


def _read(quotation: str) -> Quote:
    if len(quotation) > LONGEST_QUOTATION:
        raise QueryLimitError(
            f"A quotation has at most {LONGEST_QUOTATION:,} characters; check its sentences one by one.",
            "quotation",
            LONGEST_QUOTATION,
        )
    quote = read_quotation(quotation)
    if not quote.words:
        raise ParameterError("Give the words of a quotation, to see whether they stand here.", "quotation", "")
    return quote


@dataclass(slots=True)
class _Search:
    reader: Reader
    quote: Quote
    speaker: str | None
    counts: Counts
    seen: dict[str, Candidate] = field(default_factory=dict)
    tells: dict[str, float] = field(default_factory=dict)

    def run(self) -> list[Candidate]:
        """Look closer and closer, until something settles it."""
        self._look(_whole(self.quote))
        if not self._settled((Outcome.EXACT,)):
            self._weigh()
            self._look(self._rarest())
            if not self._settled((Outcome.EXACT, Outcome.NEAR)):
                self._look(self._stretches())
        kept = [candidate for candidate in self.seen.values() if candidate.outcome is not Outcome.NOT_FOUND]
        return sorted(kept, key=_rank)

    def _settled(self, outcomes: Sequence[Outcome]) -> bool:
        wanted = SpeakerMatch.SAME if self.speaker else SpeakerMatch.NOT_ASKED
        return any(c.outcome in outcomes and c.speaker_match is wanted for c in self.seen.values())

    def _look(self, tree: Node | None) -> None:
        if tree is not None:
            ranked = self.reader.search(tree, SearchRequest(size=_COMPARED, copies=Copies.ALL))
            for paragraph, _ in ranked.hits:
                if paragraph.id not in self.seen:
                    self.seen[paragraph.id] = self._compare(paragraph)

    def _compare(self, paragraph: Paragraph) -> Candidate:
        words = spoken(paragraph.text)
        found = align(self.quote, paragraph.text, words)
        name, certainty, match = speaker_of(paragraph, found.spans, self.speaker)
        return Candidate(
            paragraph, self._outcome(found, words), round(found.similarity, 4), found.spans, found.changes, name,
            certainty, match,
        )  # fmt: skip

    # --------------------------------------------------------------------------- judging

    def _outcome(self, found: Alignment, words: Sequence[Spoken]) -> Outcome:
        if found.similarity == 1:
            return Outcome.EXACT
        if not self.tells:
            self._weigh()
        least = _THINNED if found.recall == 1 else _SIMILARITY
        if found.recall >= _RECALL and found.similarity >= least and self._tells_enough(found):
            return Outcome.NEAR
        return Outcome.PARAPHRASE if self._paraphrased(words) else Outcome.NOT_FOUND

    def _tells_enough(self, found: Alignment) -> bool:
        """Could so many words in common be chance? Not when they tell more than it takes to single a paragraph out."""
        told = sum(self.tells[word.term] + _NEARNESS for word in found.shared)
        return told >= self._singling_out

    def _paraphrased(self, words: Sequence[Spoken]) -> bool:
        there = {stem(word.term) for word in words}
        told = {stem(word.term): self.tells[word.term] for word in self.quote.words}
        shared = sum(value for stemmed, value in told.items() if stemmed in there)
        return shared >= max(_PARAPHRASED * sum(told.values()), _CHANCE * self._singling_out)

    @property
    def _singling_out(self) -> float:
        return math.log(self.counts.paragraphs + 1)

    def _weigh(self) -> None:
        """How much each word tells: the negative logarithm of how often paragraphs have it."""
        terms = list(dict.fromkeys(word.term for word in self.quote.words))
        total = self.counts.paragraphs + 1
        self.tells = {
            term: min(_MOST_KNOWN, math.log(total / (count + 1)))
            for term, count in zip(terms, self.reader.frequencies(terms), strict=True)
        }

    # -------------------------------------------------------------------------- asking

    def _rarest(self) -> Node | None:
        best = sorted(self.tells, key=lambda term: -self.tells[term])[:_RAREST]
        return _any(Word(term) for term in best)

    def _stretches(self) -> Node | None:
        """Pairs of words, the most telling ones; of a long quotation stretches of four, which tell so much that even
        a very long paragraph stands out."""
        length = 4 if len(self.quote.words) >= 16 else 2
        step = 1 if length == 2 else length
        found = {
            tuple(word.term for word in run[i : i + length])
            for run in self.quote.runs
            for i in range(0, len(run) - length + 1, step)
        }
        best = sorted(found, key=lambda terms: (-sum(self.tells[term] for term in terms), terms))[:_RAREST]
        return _any(Phrase(" ".join(terms)) for terms in best)


def _whole(quote: Quote) -> Node | None:
    """All runs of the quotation as phrases."""
    runs = [" ".join(word.term for word in run) for run in quote.runs]
    parts: list[Node] = [Phrase(run) if " " in run else Word(run, exact=True) for run in dict.fromkeys(runs)]
    return parts[0] if len(parts) == 1 else And(tuple(parts))


def _any(parts: Iterable[Node]) -> Node | None:
    given = tuple(parts)
    return given[0] if len(given) == 1 else Or(given) if given else None


_LEVELS = list(Outcome)
_APART = {SpeakerMatch.OTHER: 2, SpeakerMatch.UNKNOWN: 1}


def _rank(candidate: Candidate) -> tuple[object, ...]:
    """Best first: said by whom it should be, then as it should be, then the earliest."""
    published = candidate.paragraph.article.published
    return (
        _LEVELS.index(candidate.outcome) >= _LEVELS.index(Outcome.PARAPHRASE),
        _APART.get(candidate.speaker_match, 0),
        _LEVELS.index(candidate.outcome),
        -candidate.similarity,
        sum(len(c.paragraph) for c in candidate.changes if c.change is Change.OMITTED),
        published is None,
        published,
        candidate.paragraph.id,
    )


def _together(ranked: Sequence[Candidate]) -> Outcome:
    if not ranked:
        return Outcome.NOT_FOUND
    best = ranked[0]
    if best.speaker_match is SpeakerMatch.OTHER and best.outcome is not Outcome.PARAPHRASE:
        return Outcome.OTHER_SPEAKER
    return best.outcome
