"""The value each paragraph has in a field, turned round from the postings: for filters, facets and order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from search.engines.whoosh.postings import Ints, Lexicon, Mask


@dataclass(frozen=True, slots=True)
class Column:
    """``values`` in rising order; pairs of a document and the ordinal of a value it has."""

    values: list[str]
    docs: Ints
    ordinals: Ints

    @classmethod
    def read(cls, lexicon: Lexicon, field: str) -> Column:
        values = sorted(set(lexicon.terms(field)))
        lists = [lexicon.postings(field, value).docs for value in values]
        docs = np.concatenate(lists) if lists else np.empty(0, np.int32)
        ordinals = np.repeat(np.arange(len(values), dtype=np.int32), [len(docs) for docs in lists])
        return cls([value.decode("utf-8", "replace") for value in values], docs, ordinals)

    def single(self, size: int) -> Ints:
        """The ordinal of every document's one value, -1 where it has none."""
        out = np.full(size, -1, np.int32)
        out[self.docs] = self.ordinals
        return out

    def counts(self, mask: Mask) -> Ints:
        """How many of the documents in the mask have each value."""
        return np.bincount(self.ordinals[mask[self.docs]], minlength=len(self.values)).astype(np.int32)

    def having(self, ordinals: Iterable[int], size: int) -> Mask:
        """The documents that have any of these values."""
        chosen = np.zeros(len(self.values), np.bool_)
        chosen[list(ordinals)] = True
        out = np.zeros(size, np.bool_)
        out[self.docs[chosen[self.ordinals]]] = True
        return out

    def values_of(self, mask: Mask) -> list[str]:
        """The values that a document in the mask has, in order."""
        return [self.values[i] for i in np.flatnonzero(self.counts(mask))]
