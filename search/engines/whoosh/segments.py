"""One segment of the index as arrays: the postings of every term, the forms of every stem, and what is stored.

Whoosh's segments are the index; these files are made from them, one each, once, since a segment never changes.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from search.analysis import stem
from search.copies import together
from search.engines.whoosh.mapped import Array, Sections
from search.engines.whoosh.schema import STEMMED, VALUES, WORDS


def packed(name: str, values: Sequence[bytes]) -> Iterator[tuple[str, Array]]:
    """Texts as two sections: their bytes, and where each begins."""
    yield name, np.frombuffer(b"".join(values), np.uint8)
    yield f"{name}.at", _starts(np.fromiter(map(len, values), np.int64, len(values)))


def _starts(sizes: Array) -> Array:
    out = np.zeros(len(sizes) + 1, np.int64)
    np.cumsum(sizes, out=out[1:])
    return out


class Texts(Sequence[bytes]):
    """What ``packed`` laid down. A slice is not among what can be asked for."""

    def __init__(self, sections: Sections, name: str) -> None:
        self._sections, self._name = sections, name
        self._at = sections.whole(f"{name}.at").data

    def __len__(self) -> int:
        return len(self._at) - 1

    def __getitem__(self, i: Any) -> Any:
        return self._sections.part(self._name, self._at[i], self._at[i + 1]).tobytes()


class Terms(Sequence[bytes]):
    """Texts in rising order, all read at once."""

    def __init__(self, sections: Sections, name: str) -> None:
        self._bytes = sections.whole(name).tobytes()
        self._at = sections.whole(f"{name}.at").data

    def __len__(self) -> int:
        return len(self._at) - 1

    def __getitem__(self, i: Any) -> Any:
        return self._bytes[self._at[i] : self._at[i + 1]]

    def __iter__(self) -> Iterator[bytes]:
        for start, end in pairwise(self._at.tolist()):
            yield self._bytes[start:end]

    def find(self, term: bytes) -> int:
        """The place of a term, -1 when it is not there."""
        place = bisect_left(self, term)
        return place if place < len(self) and self[place] == term else -1

    def beginning(self, prefix: bytes) -> range:
        """The places of the terms that begin so."""
        first = bisect_left(self, prefix)
        last = bisect_left(self, True, first, key=lambda term: not term.startswith(prefix))
        return range(first, last)


class Segment:
    """The arrays of one segment; ``offset`` is the number of its first document in the whole index."""

    def __init__(self, sections: Sections, offset: int) -> None:
        self.sections, self.offset = sections, offset
        self._terms: dict[str, Terms] = {}
        self._bounds: dict[str, memoryview] = {}

    def terms(self, name: str) -> Terms:
        """The terms of a field, or the stems of one, ``FIELD.stems``."""
        if name not in self._terms:
            self._terms[name] = Terms(self.sections, name)
        return self._terms[name]

    def forms(self, field: str, stemmed: bytes) -> list[bytes]:
        """The terms of a field that have this stem."""
        place = self.terms(f"{field}.stems").find(stemmed)
        if place < 0:
            return []
        at, known = self._bound(f"{field}.forms.at"), self.terms(field)
        return [known[i] for i in self.sections.part(f"{field}.forms", at[place], at[place + 1]).tolist()]

    def docs(self, field: str, term: bytes) -> tuple[Array, Array] | None:
        """The documents that have a term, and how often each."""
        place = self.terms(field).find(term)
        if place < 0:
            return None
        at = self._bound(f"{field}.docs.at")
        start, end = at[place], at[place + 1]
        docs = self.sections.part(f"{field}.docs", start, end)
        if field in VALUES:
            return docs + np.int32(self.offset), np.ones(len(docs), np.float32)
        counts = self.sections.part(f"{field}.counts", start, end).astype(np.float32)
        return docs + np.int32(self.offset) if self.offset else docs, counts

    def frequency(self, field: str, term: bytes) -> int:
        """How many documents have a term."""
        place = self.terms(field).find(term)
        if place < 0:
            return 0
        at = self._bound(f"{field}.docs.at")
        return int(at[place + 1] - at[place])

    def commonest(self, field: str, prefix: bytes, most: int) -> list[bytes]:
        """Of the terms that begin so, those that most documents have."""
        known = self.terms(field)
        there = known.beginning(prefix)
        at = self.sections.part(f"{field}.docs.at", there.start, there.stop + 1)
        first = np.argsort(-np.diff(at), kind="stable")[:most]
        return [known[there.start + i] for i in first.tolist()]

    def places(self, field: str, term: bytes) -> Array:
        """Where a term stands, ``(document << 32) + position``, in rising order."""
        place = self.terms(field).find(term)
        if place < 0 or field in VALUES:
            return np.empty(0, np.int64)
        at = self._bound(f"{field}.places.at")
        places = self.sections.part(f"{field}.places", at[place], at[place + 1])
        return places + (self.offset << 32) if self.offset else places

    def values(self, field: str) -> tuple[list[bytes], Array, Array]:
        """The whole values of a field, and pairs of a document and the place of a value it has."""
        sizes = np.diff(self.sections.whole(f"{field}.docs.at"))
        ordinals = np.repeat(np.arange(len(sizes), dtype=np.int32), sizes)
        return list(self.terms(field)), self.sections.whole(f"{field}.docs") + np.int32(self.offset), ordinals

    def _bound(self, name: str) -> memoryview:
        if name not in self._bounds:
            self._bounds[name] = self.sections.whole(name).data
        return self._bounds[name]


class StoredTexts:
    """What is stored of each document of an index: the head, which an article's paragraphs share, and the body."""

    def __init__(self, segments: Sequence[Segment]) -> None:
        self._segments = segments
        self._ends = [segment.offset for segment in segments[1:]]
        self._opened: dict[int, tuple[memoryview, Texts, Texts]] = {}

    def __getitem__(self, doc: int) -> tuple[bytes, bytes]:
        place = bisect_right(self._ends, doc)
        if place not in self._opened:
            sections = self._segments[place].sections
            self._opened[place] = (
                sections.whole("head_of").data,
                Texts(sections, "heads"),
                Texts(sections, "bodies"),
            )
        head_of, heads, bodies = self._opened[place]
        doc -= self._segments[place].offset
        return heads[head_of[doc]], bodies[doc]


def check_segments(segments: Sequence[Segment], leaves: Sequence[Any]) -> Iterator[str]:
    """Read the segments themselves and compare their arrays with them; a sentence for each thing that is wrong."""
    for segment, leaf in zip(segments, leaves, strict=True):
        try:
            for name, array in lay_down(leaf):
                yield ""
                if not np.array_equal(array, segment.sections.whole(name)):
                    yield f"{name} of the segment {leaf.segment().segment_id()} is not laid down as it is"
        except Exception as error:  # whatever it is, it is a fault to be named
            yield f"the segment {leaf.segment().segment_id()} cannot be read: {error}"


# ------------------------------------------------------------------------- laying down


def lay_down(leaf: Any) -> Iterator[tuple[str, Array]]:
    """The arrays of a segment, from Whoosh's reader of it."""
    size = leaf.doc_count_all()
    for field in (*WORDS, *VALUES):
        yield from field_sections(field, *_read_field(leaf, field), size)
    signed: list[bytes] = []

    def rows() -> Iterator[tuple[bytes, bytes]]:
        for doc in range(size):
            stored = leaf.stored_fields(doc)
            signed.append(stored["signature"])
            head, body = stored["paragraph"]
            yield head.encode(), body.encode()

    yield from stored_sections(rows())
    yield "signatures", together(signed).ravel()


def field_sections(
    field: str, terms: list[bytes], sizes: Array, docs: Array, counts: Array, positions: Array, size: int
) -> Iterator[tuple[str, Array]]:
    """A field as sections: its terms in order, and theirs, one after the other, the documents, counts and positions.

    sizes: how many documents each term has. size: how many documents there are.
    """
    yield from packed(field, terms)
    starts = _starts(sizes)
    yield f"{field}.docs.at", starts
    yield f"{field}.docs", docs
    if field in VALUES:
        return
    yield f"{field}.counts", _narrow(counts)
    yield f"{field}.places.at", _starts(counts)[starts]
    yield f"{field}.places", (np.repeat(docs.astype(np.int64), counts) << 32) + positions
    if field in STEMMED:
        yield f"{field}.lengths", np.bincount(docs, weights=counts, minlength=size).astype(np.float32)
        yield from _stem_sections(field, terms)


def _narrow(counts: Array) -> Array:
    """Counts in as few bytes each as the largest needs."""
    return counts.astype(np.min_scalar_type(int(counts.max()))) if len(counts) else np.empty(0, np.uint8)


def _stem_sections(field: str, terms: Sequence[bytes]) -> Iterator[tuple[str, Array]]:
    by_stem: dict[bytes, list[int]] = {}
    for place, term in enumerate(terms):
        by_stem.setdefault(stem(term.decode("utf-8", "replace")).encode("utf-8", "replace"), []).append(place)
    stems = sorted(by_stem)
    yield from packed(f"{field}.stems", stems)
    yield f"{field}.forms", np.array([place for stemmed in stems for place in by_stem[stemmed]], np.int32)
    yield f"{field}.forms.at", _starts(np.array([len(by_stem[stemmed]) for stemmed in stems], np.int64))


def stored_sections(rows: Iterable[tuple[bytes, bytes]]) -> Iterator[tuple[str, Array]]:
    """What is stored of each document: the head, which an article's paragraphs share, and the body."""
    heads: dict[bytes, int] = {}
    bodies: list[bytes] = []
    head_of: list[int] = []
    for head, body in rows:
        head_of.append(heads.setdefault(head, len(heads)))
        bodies.append(body)
    yield from packed("heads", list(heads))
    yield "head_of", np.array(head_of, np.int32)
    yield from packed("bodies", bodies)


def _read_field(leaf: Any, field: str) -> tuple[list[bytes], Array, Array, Array, Array]:
    terms: list[bytes] = []
    sizes: list[int] = []
    ids: list[int] = []
    weights: list[float] = []
    values: list[bytes] = []
    if field in leaf._terms.indexed_field_names():
        for name, term in leaf._terms.terms_from(field, b""):
            if name != field:
                break
            before = len(ids)
            _read_postings(leaf, field, bytes(term), ids, weights, values)
            terms.append(bytes(term))
            sizes.append(len(ids) - before)
    return (
        terms,
        np.array(sizes, np.int64),
        np.array(ids, np.int32),
        np.array(weights, np.float64).astype(np.int64),
        np.frombuffer(b"".join(values), np.int32),
    )


def _read_postings(
    leaf: Any, field: str, term: bytes, ids: list[int], weights: list[float], values: list[bytes]
) -> None:
    """Only this reaches into Whoosh's codec, whose own way in is one posting at a time."""
    matcher = leaf._terms.matcher(field, term, leaf.schema[field].format)
    if hasattr(matcher, "_next_block"):
        while not matcher._atend:
            matcher._read_ids()
            matcher._read_weights()
            matcher._read_values()
            ids.extend(matcher._ids)
            weights.extend(matcher._weights)
            values.extend(value or b"" for value in matcher._values)
            matcher._next_block()
        return
    while matcher.is_active():  # a list of one, kept in the lexicon itself
        ids.append(matcher.id())
        weights.append(matcher.weight())
        values.append(matcher.value() or b"")
        matcher.next()
