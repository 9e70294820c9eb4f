"""A query tree on arrays: which paragraphs match, and how well, by BM25."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

import numpy as np

from search.analysis import stem, terms
from search.engines.whoosh.arrays import SCORED, Arrays
from search.engines.whoosh.postings import Floats, Ints, Lexicon, Mask, Postings
from search.query import limits
from search.query.nodes import And, Everything, Node, Not, Or, Phrase, Prefix, Published, Word

K1, B = 1.2, 0.75
TITLE_WEIGHT = 0.5
"""What a word in the title counts beside the same word in the paragraph."""
_NARROWING = {"speaker": "speaker_words", "topic": "topic_words", "outlet": "outlet_words", "section": "section_words",
              "byline": "byline_words", "mentions": "mention_words"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Matched:
    """A mask over all documents, and their scores; scores outside the mask mean nothing."""

    mask: Mask
    scores: Floats


class Evaluator:
    def __init__(self, lexicon: Lexicon, arrays: Arrays, published: Ints) -> None:
        self.lexicon = lexicon
        self.live = arrays.live
        self.size = len(self.live)
        self.count = int(self.live.sum())
        self.published = published
        self.days = np.array(arrays.columns["published"].values)
        self.norms = {field: self._norm(lengths) for field, lengths in arrays.lengths.items()}
        self._arrays = arrays
        self._forms: dict[str, dict[str, list[bytes]]] = {}

    def _norm(self, lengths: Floats) -> Floats:
        """The part of BM25 that hangs on a document's length alone."""
        average = float(lengths[self.live].mean()) if self.count else 1.0
        norm: Floats = (K1 * (1 - B + B * lengths / max(average, 1e-9))).astype(np.float32)
        return norm

    def evaluate(self, node: Node) -> Matched:
        match node:
            case Everything():
                return Matched(self.live, self._zeros())
            case Word(text, "text", exact):
                return self._both(terms(text), exact)
            case Word(text, field, exact):
                return self._word(terms(text), field, exact)
            case Phrase(text, "text"):
                return self._sum(self._phrase(terms(text), "text"), self._phrase(terms(text), "title"))
            case Phrase(text, field):
                return (
                    self._phrase(terms(text), _NARROWING.get(field, field))
                    if field not in _WHOLE
                    else self._whole(text, field)
                )
            case Prefix(text, "text"):
                return self._sum(self._prefix(text, "text"), self._prefix(text, "title"))
            case Prefix(text, field):
                return self._prefix(text, _NARROWING.get(field, field))
            case Published(first, last):
                return Matched(
                    self.between(_moment(first, time.min), _moment(last, time.max)),
                    self._zeros(),
                )
            case And(parts):
                return self._and(parts)
            case Or(parts):
                return self._or([self.evaluate(part) for part in parts])
            case Not(part):
                return Matched(self.live & ~self.evaluate(part).mask, self._zeros())

    # -------------------------------------------------------------------------- words

    def _both(self, found: Sequence[str], exact: bool) -> Matched:
        """A word in the paragraph or in its title. One that is several tokens is a phrase."""
        if len(found) != 1:
            return self._sum(self._phrase(found, "text"), self._phrase(found, "title"))
        return self._sum(self._word(found, "text", exact), self._word(found, "title", exact))

    def _word(self, found: Sequence[str], field: str, exact: bool) -> Matched:
        if field in _WHOLE:
            return self._whole(" ".join(found), field)
        field = _NARROWING.get(field, field)
        if len(found) != 1:
            return self._phrase(found, field)
        by_stem = not exact and field in SCORED
        forms = self.forms(field).get(stem(found[0]), []) if by_stem else [found[0].encode()]
        return self._score([self.lexicon.postings(field, form) for form in forms], field)

    def _prefix(self, text: str, field: str) -> Matched:
        found = terms(text)
        if len(found) != 1:
            return self._phrase(found, field)
        mask = np.zeros(self.size, np.bool_)
        if field in SCORED:
            forms = self.beginning(found[0], field)
        else:
            forms = sorted(set(self.lexicon.terms(field, found[0].encode("utf-8", "replace"))))
        for form in forms[: limits.EXPANSIONS]:
            mask[self.lexicon.postings(field, form).docs] = True
        return Matched(mask, mask.astype(np.float32))

    def _whole(self, text: str, field: str) -> Matched:
        mask = np.zeros(self.size, np.bool_)
        mask[self.lexicon.postings(field, text.lower().encode("utf-8", "replace")).docs] = True
        return Matched(mask, self._zeros())

    def forms(self, field: str) -> dict[str, list[bytes]]:
        """The terms of a scored field by their stem."""
        if field not in self._forms:
            by_stem: dict[str, list[bytes]] = {}
            for term, its_stem in zip(*self._arrays.forms[field], strict=True):
                by_stem.setdefault(its_stem, []).append(term.encode())
            self._forms[field] = by_stem
        return self._forms[field]

    def beginning(self, start: str, field: str) -> list[bytes]:
        """The terms of a scored field that begin so."""
        known = self._arrays.forms[field][0]
        first = bisect_left(known, start)
        last = first
        while last < len(known) and known[last].startswith(start):
            last += 1
        return [term.encode() for term in known[first:last]]

    def _phrase(self, found: Sequence[str], field: str) -> Matched:
        if not found:
            return Matched(np.zeros(self.size, np.bool_), self._zeros())
        lists = [self.lexicon.postings(field, term.encode("utf-8", "replace")) for term in found]
        if len(lists) == 1:
            return self._score(lists, field)
        # A place is document and position in one number; a phrase stands where all its words' places agree.
        places = _places(lists[0])
        for offset, postings in enumerate(lists[1:], 1):
            places = places[np.isin(places, _places(postings) - offset, assume_unique=True)]
        docs, counts = np.unique((places >> 32).astype(np.int32), return_counts=True)
        return self._score([Postings(docs, counts.astype(np.float32), np.empty(0, np.int32))], field)

    def _score(self, lists: Sequence[Postings], field: str) -> Matched:
        """BM25 of what stands in any of the lists, as one term: counts added, documents counted once."""
        counts = self._zeros()
        for postings in lists:
            counts[postings.docs] += postings.counts
        mask = counts > 0
        having = int(mask.sum())
        idf = np.log(1 + (self.count - having + 0.5) / (having + 0.5))
        norms = self.norms.get(field)
        if norms is None:
            return Matched(mask, self._zeros())
        scores = np.float32(idf * (K1 + 1)) * counts / (counts + norms)
        return Matched(mask, scores.astype(np.float32))

    # ----------------------------------------------------------------------- together

    def _sum(self, text: Matched, title: Matched) -> Matched:
        return Matched(
            text.mask | title.mask, text.scores * text.mask + np.float32(TITLE_WEIGHT) * title.scores * title.mask
        )

    def _and(self, parts: Sequence[Node]) -> Matched:
        mask, scores = self.live.copy(), self._zeros()
        for part in parts:
            matched = self.evaluate(part)
            mask &= matched.mask
            scores += matched.scores
        return Matched(mask, scores)

    def _or(self, parts: Sequence[Matched]) -> Matched:
        mask, scores = np.zeros(self.size, np.bool_), self._zeros()
        for matched in parts:
            mask |= matched.mask
            scores += matched.scores * matched.mask
        return Matched(mask, scores)

    def between(self, first: datetime | None, last: datetime | None) -> Mask:
        """Documents published from one moment to another, both included; undated ones are not among them."""
        start = np.searchsorted(self.days, first.isoformat()) if first else 0
        end = np.searchsorted(self.days, last.isoformat(), side="right") if last else len(self.days)
        within: Mask = (self.published >= start) & (self.published < end) & (self.published >= 0) & self.live
        return within

    def _zeros(self) -> Floats:
        return np.zeros(self.size, np.float32)


_WHOLE = {"kind", "language", "quoted"}


def _places(postings: Postings) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    docs = np.repeat(postings.docs.astype(np.int64), postings.counts.astype(np.int64))
    return (docs << 32) + postings.positions


def _moment(day: date | None, hour: time) -> datetime | None:
    return datetime.combine(day, hour) if day else None
