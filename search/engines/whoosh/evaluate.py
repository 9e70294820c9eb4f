"""A query tree on arrays: which paragraphs match, and how well, by BM25."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from functools import cached_property

import numpy as np

from search.analysis import stem, terms
from search.cache import Cache
from search.engines.fields import NARROWING
from search.engines.weights import EXACT_WEIGHT, K1, TITLE_WEIGHT, B, repeated
from search.engines.whoosh.arrays import Arrays
from search.engines.whoosh.expansion import expand
from search.engines.whoosh.matched import Matched, Sets, member, nothing
from search.engines.whoosh.postings import Floats, Ints, Lexicon, Mask, Postings
from search.engines.whoosh.proximity import counted
from search.engines.whoosh.schema import STEMMED
from search.query.nodes import (
    TEXT,
    WHOLE,
    And,
    AtLeast,
    Caps,
    Everything,
    Fuzzy,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Published,
    Wildcard,
    Word,
    field_of,
    is_value,
)  # fmt: skip

_ROW = 16
"""A word that more than this part of all documents have is kept as a row of scores."""
_CACHE_BYTES, _CACHE_BYTES_EACH = 96 * 2**20, 256
"""What words that were asked for may take in memory, and how much more for each document."""


class Evaluator:
    def __init__(self, lexicon: Lexicon, arrays: Arrays) -> None:
        self.lexicon = lexicon
        self.live = arrays.live
        self.size = len(self.live)
        self.count = int(np.count_nonzero(self.live))
        self.sets = Sets(self.size)
        self._arrays = arrays
        self._norms: dict[str, Floats] = {}
        self._words: Cache[Matched] = Cache(_CACHE_BYTES + _CACHE_BYTES_EACH * self.size)

    @cached_property
    def published(self) -> Ints:
        return self._arrays.columns["published"].single

    @cached_property
    def days(self) -> np.ndarray[tuple[int], np.dtype[np.str_]]:
        return np.array(self._arrays.columns["published"].values)

    @cached_property
    def everything(self) -> Matched:
        return Matched(np.flatnonzero(self.live).astype(np.int32), None)

    def norm(self, field: str) -> Floats:
        """The part of BM25 that hangs on a document's length alone."""
        if field not in self._norms:
            lengths = self._arrays.lengths(field)
            average = float(lengths.mean(where=self.live, dtype=np.float64)) if self.count else 1.0
            norm = lengths * np.float32(K1 * B / max(average, 1e-9))
            norm += np.float32(K1 * (1 - B))
            self._norms[field] = norm
        return self._norms[field]

    def evaluate(self, node: Node) -> Matched:
        match node:
            case Word(text, field) | Phrase(text, field) if field in WHOLE:
                return self._whole(text, field)
            case Word():
                return self._word(node)
            case And(parts):
                return self._and(parts)
            case Or(parts):
                return self.sets.any_of(self._each(parts))
            case Not(part):
                return self.sets.complement(self.evaluate(part), self.live)
            case Everything():
                return self.everything
            case Phrase(text, "text"):
                return self._both(self.phrase(terms(text), "text"), self.phrase(terms(text), "title"))
            case Phrase(text, field):
                return self.phrase(terms(text), NARROWING.get(field, field))
            case Prefix() | Wildcard() | Fuzzy():
                return self._everywhere(node.field, lambda field: self._any(expand(self, node, field), field))
            case Near() | Caps():
                return self._everywhere(field_of(node), lambda field: self.score([counted(self, node, field)], field))
            case AtLeast(part):
                return self._everywhere(field_of(part), lambda field: self.score([counted(self, node, field)], field))
            case Published(first, last):
                within = self.between(_moment(first, time.min), _moment(last, time.max))
                return Matched(np.flatnonzero(within).astype(np.int32), None)

    # -------------------------------------------------------------------------- words

    def _word(self, node: Word) -> Matched:
        found = self._words.find(node)
        if found is None:
            found = self._find(terms(node.text), node.field, node.exact)
            if len(found) * _ROW > self.size and found.positive:
                row = np.zeros(self.size, np.float32)
                row[found.docs] = found.scores
                found = Matched(found.docs, found.scores, row)
            elif found.row is not None:
                found = Matched(found.docs, found.scores)
            self._words.put(node, found, found.nbytes)
        return found

    def _find(self, found: Sequence[str], field: str, exact: bool) -> Matched:
        if field == "text":
            return self._both(self._find_in(found, "text", exact), self._find_in(found, "title", exact))
        return self._find_in(found, NARROWING.get(field, field), exact)

    def _find_in(self, found: Sequence[str], field: str, exact: bool) -> Matched:
        """One word in one field. One that is several tokens is a phrase."""
        if len(found) != 1:
            return self.phrase(found, field)
        forms = self.forms(found[0], field, exact=exact)
        matched = self.score([self.lexicon.docs(field, form) for form in forms], field)
        if exact or field not in STEMMED:
            return matched
        alone = self.score([self.lexicon.docs(field, found[0].encode("utf-8", "replace"))], field)
        return self.sets.any_of([matched, alone.times(EXACT_WEIGHT)])

    def forms(self, term: str, field: str, *, exact: bool = False) -> list[bytes]:
        """The terms of a field that a word finds: all of its stem where words are found so, or itself alone."""
        if exact or field not in STEMMED:
            return [term.encode("utf-8", "replace")]
        return self.lexicon.forms(field, stem(term))

    def beginning(self, start: str, field: str) -> list[bytes]:
        """The terms of a field that begin so."""
        return sorted(set(self.lexicon.terms(field, start.encode("utf-8", "replace"))))

    def _any(self, forms: Sequence[bytes], field: str) -> Matched:
        """Documents with any of these terms; each scores 1, since what is found so has no weight of its own."""
        docs = self.sets.any_of([Matched(self.lexicon.docs(field, form).docs, None) for form in forms]).docs
        return Matched(docs, np.ones(len(docs), np.float32) if field in STEMMED else None)

    def _whole(self, text: str, field: str) -> Matched:
        values = self._arrays.columns[field].values
        alike = [value.encode("utf-8", "replace") for value in values if is_value(field, text, value)]
        return self.sets.any_of([Matched(self.lexicon.docs(field, value).docs, None) for value in alike])

    def phrase(self, found: Sequence[str], field: str) -> Matched:
        """These terms one after the other."""
        if not found:
            return nothing()
        lists = [self.lexicon.postings(field, term.encode("utf-8", "replace")) for term in found]
        if len(lists) == 1:
            return self.score(lists, field)
        # A phrase stands where the places of all its words agree, each less its word's; the rarest word first.
        within = sorted(enumerate(postings.places() for postings in lists), key=lambda pair: len(pair[1]))
        places = within[0][1] - within[0][0]
        for offset, others in within[1:]:
            places = places[member(places + offset, others)]
        return self.score([Postings.at(places)], field)

    def score(self, lists: Sequence[Postings], field: str) -> Matched:
        """BM25 of what stands in any of the lists, as one term: counts added, documents counted once."""
        docs, counts = self._merged([postings for postings in lists if len(postings.docs)])
        if field not in STEMMED:
            return Matched(docs, None)
        idf = np.log(1 + (self.count - len(docs) + 0.5) / (len(docs) + 0.5))
        scores = counts / (counts + self.norm(field).take(docs))
        scores *= np.float32(idf * (K1 + 1))
        return Matched(docs, scores)

    def _merged(self, lists: Sequence[Postings]) -> tuple[Ints, Floats]:
        if len(lists) <= 1:
            return (lists[0].docs, lists[0].counts) if lists else (np.empty(0, np.int32), np.empty(0, np.float32))
        merged = self.sets.any_of([Matched(postings.docs, postings.counts) for postings in lists])
        return merged.docs, merged.scores

    # ----------------------------------------------------------------------- together

    def _everywhere(self, field: str | None, look: Callable[[str], Matched]) -> Matched:
        """In the one field of the index that is meant, or in text and title alike."""
        if field == TEXT:
            return self._both(look("text"), look("title"))
        return look(NARROWING.get(field or "", field or ""))

    def _both(self, text: Matched, title: Matched) -> Matched:
        """What is in the paragraph or in its title."""
        return self.sets.any_of([text, title.times(TITLE_WEIGHT)])

    def _each(self, parts: Sequence[Node]) -> list[Matched]:
        """What each part matches; one that is repeated counts more, but not as often as it is."""
        if len(set(parts)) == len(parts):
            return [self.evaluate(part) for part in parts]
        return [self.evaluate(part).times(repeated(n)) for part, n in Counter(parts).items()]

    def _and(self, parts: Sequence[Node]) -> Matched:
        wanted = self._each([part for part in parts if not isinstance(part, Not)])
        without = [self.evaluate(part.part) for part in parts if isinstance(part, Not)]
        return self.sets.all_of(wanted or [self.everything], without)

    def between(self, first: datetime | None, last: datetime | None) -> Mask:
        """Documents published from one moment to another, both included; undated ones are not among them."""
        start = np.searchsorted(self.days, first.isoformat()) if first else 0
        end = np.searchsorted(self.days, last.isoformat(), side="right") if last else len(self.days)
        within: Mask = (self.published >= start) & (self.published < end) & (self.published >= 0) & self.live
        return within


def _moment(day: date | None, hour: time) -> datetime | None:
    return datetime.combine(day, hour) if day else None
