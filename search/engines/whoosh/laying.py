"""The arrays of one segment, laid down from its fields turned round, whether fresh or read back from Whoosh."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from search.analysis import stem
from search.copies import together
from search.engines.whoosh.mapped import Array, Fallback
from search.engines.whoosh.schema import STEMMED, VALUES, WORDS
from search.engines.whoosh.segments import Segment
from search.engines.whoosh.streams import Inverted
from search.ranges import starts_of

_TOGETHER = 250_000
"""Postings that are counted at a time, which bounds what is copied."""


def packed(name: str, values: Sequence[bytes]) -> Iterator[tuple[str, Array]]:
    """Texts as two sections: their bytes, and where each begins."""
    yield name, np.frombuffer(b"".join(values), np.uint8)
    yield f"{name}.at", starts_of(np.fromiter(map(len, values), np.int64, len(values)))


def field_sections(field: str, inverted: Inverted, size: int) -> Iterator[tuple[str, Array]]:
    """A field as sections, in an index of ``size`` documents."""
    yield from packed(field, inverted.terms)
    starts = inverted.starts
    yield f"{field}.docs.at", starts
    yield f"{field}.docs", inverted.docs
    if field in VALUES:
        return
    yield f"{field}.counts", _narrow(inverted.counts)
    stands = np.add.reduceat(inverted.counts, starts[:-1], dtype=np.int64) if len(inverted.terms) else inverted.counts
    yield f"{field}.places.at", starts_of(stands)
    yield f"{field}.places", inverted.places
    if field in STEMMED:
        yield f"{field}.lengths", lengths_of(inverted, size).astype(np.float32)
        yield from _stem_sections(field, inverted.terms)


def lengths_of(inverted: Inverted, size: int) -> Array:
    """How many tokens of the field each document has."""
    out = np.zeros(size, np.int64)
    for start in range(0, len(inverted.docs), _TOGETHER):
        docs, counts = (one[start : start + _TOGETHER] for one in (inverted.docs, inverted.counts))
        out += np.bincount(docs, weights=counts, minlength=size).astype(np.int64)
    return out


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
    yield f"{field}.forms.at", starts_of(np.array([len(by_stem[stemmed]) for stemmed in stems], np.int64))


# --------------------------------------------------------------------- read back from Whoosh


def lay_down(leaf: Any) -> Iterator[tuple[str, Array]]:
    """The arrays of a segment, from Whoosh's reader of it."""
    size = leaf.doc_count_all()
    for field in (*WORDS, *VALUES):
        yield from field_sections(field, _read_field(leaf, field), size)
    heads: list[bytes] = []
    bodies: list[bytes] = []
    head_of: list[int] = []
    signed: list[bytes] = []
    for doc in range(size):
        stored = leaf.stored_fields(doc)
        if "head" in stored:
            heads.append(stored["head"].encode())
        head_of.append(len(heads) - 1)
        bodies.append(stored["body"].encode())
        signed.append(stored["signature"])
    yield from packed("heads", heads)
    yield "head_of", np.array(head_of, np.int32)
    yield from packed("bodies", bodies)
    yield "signatures", together(signed).ravel()


def check_segments(segments: Sequence[Segment], leaves: Sequence[Any]) -> Iterator[str]:
    """Read the segments themselves and compare their arrays with them; a sentence for each thing that is wrong."""
    for segment, leaf in zip(segments, leaves, strict=True):
        name = leaf.segment().segment_id()
        try:
            if isinstance(segment.sections, Fallback) and not segment.sections.verify():
                yield f"{name}.arrays is damaged: answers are right, but slow; run “onrecord reindex”"
                continue
            for section, array in lay_down(leaf):
                yield ""
                if not np.array_equal(array, segment.sections.whole(section)):
                    yield f"{section} of the segment {name} is not laid down as it is"
        except Exception as error:  # whatever it is, it is a fault to be named
            yield f"the segment {name} cannot be read: {error}"


def _read_field(leaf: Any, field: str) -> Inverted:
    terms: list[bytes] = []
    sizes: list[int] = []
    ids: list[int] = []
    values: list[bytes] = []
    if field in leaf._terms.indexed_field_names():
        for name, term in leaf._terms.terms_from(field, b""):
            if name != field:
                break
            before = len(ids)
            _read_postings(leaf, field, bytes(term), ids, values)
            terms.append(bytes(term))
            sizes.append(len(ids) - before)
    docs = np.array(ids, np.int32)
    if field in VALUES:
        counts, positions = np.ones(len(docs), np.int64), np.zeros(len(docs), np.int64)
    else:
        counts = np.fromiter(map(len, values), np.int64, len(values)) // 4
        positions = np.frombuffer(b"".join(values), np.uint32).astype(np.int64)
    places = (np.repeat(docs.astype(np.int64), counts) << 32) + positions
    return Inverted(terms, np.array(sizes, np.int64), docs, counts, places)


def _read_postings(leaf: Any, field: str, term: bytes, ids: list[int], values: list[bytes]) -> None:
    """Only this reaches into Whoosh's matchers, whose own way in is one posting at a time."""
    matcher = leaf._terms.matcher(field, term, leaf.schema[field].format)
    while not matcher._atend:
        matcher._read_ids()
        matcher._read_values()
        ids.extend(matcher._ids)
        values.extend(value or b"" for value in matcher._values)
        matcher._next_block()
