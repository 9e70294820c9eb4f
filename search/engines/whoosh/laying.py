"""The arrays of one segment, laid down from its fields turned round, whether fresh or read back from Whoosh."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from heapq import merge
from typing import Any

import numpy as np

from search.analysis import stem
from search.copies import together
from search.engines.whoosh.mapped import Array, Fallback
from search.engines.whoosh.schema import STEMMED, VALUES, WORDS
from search.engines.whoosh.segments import BETWEEN_TOPS, Segment
from search.engines.whoosh.streams import Inverted, Packed
from search.ranges import starts_of
from search.room import Room, in_memory, stretches


def text_sections(name: str, texts: Packed) -> Iterator[tuple[str, Array]]:
    """Texts as two sections: their bytes, and where each begins."""
    yield name, texts.content
    yield f"{name}.at", texts.at


def term_sections(name: str, terms: Packed) -> Iterator[tuple[str, Array]]:
    """Texts in rising order, and some of them again, by which the others are found."""
    yield from text_sections(name, terms)
    yield from text_sections(f"{name}.tops", Packed.of(terms[i] for i in range(0, len(terms), BETWEEN_TOPS)))


def field_sections(field: str, inverted: Inverted, size: int, room: Room = in_memory) -> Iterator[tuple[str, Array]]:
    """A field as sections, in an index of ``size`` documents."""
    yield from term_sections(field, inverted.terms)
    yield f"{field}.docs.at", inverted.starts
    yield f"{field}.docs", inverted.docs
    if field in VALUES:
        return
    yield f"{field}.counts", _narrow(inverted.counts, room)
    yield f"{field}.places.at", starts_of(inverted.stands)
    yield f"{field}.places", inverted.places
    if field in STEMMED:
        yield f"{field}.lengths", lengths_of(inverted, size).astype(np.float32)
        yield from _stem_sections(field, inverted.terms)


def lengths_of(inverted: Inverted, size: int) -> Array:
    """How many tokens of the field each document has."""
    out = np.zeros(size, np.int64)
    for part in stretches(len(inverted.docs)):
        counted = np.bincount(inverted.docs[part], weights=inverted.counts[part], minlength=size)
        out += counted.astype(np.int64)
    return out


def _narrow(counts: Array, room: Room) -> Array:
    """Counts in as few bytes each as the largest needs."""
    out = room(len(counts), np.min_scalar_type(int(counts.max(initial=0))))
    for part in stretches(len(out)):
        out[part] = counts[part]
    return out


def _stem_sections(field: str, terms: Packed) -> Iterator[tuple[str, Array]]:
    stems = Packed.of(stem(term.decode("utf-8", "replace")).encode("utf-8", "replace") for term in terms)
    runs = [_by_stem(stems, part) for part in stretches(len(terms))]
    forms = np.fromiter(merge(*runs, key=stems.__getitem__), np.int32, len(terms))
    begins = array("q")
    yield from term_sections(f"{field}.stems", Packed.of(_different(stems, forms, begins)))
    yield f"{field}.forms", forms
    yield f"{field}.forms.at", np.append(np.frombuffer(begins, np.int64), len(forms))


def _by_stem(stems: Packed, part: slice) -> array[int]:
    """The places of some terms in the order of their stems."""
    texts = stems[part]
    return array("i", [part.start + i for i in sorted(range(len(texts)), key=texts.__getitem__)])


def _different(stems: Packed, forms: Array, begins: array[int]) -> Iterator[bytes]:
    """Each stem once; ``begins`` takes where its forms begin. forms: places in the order of their stems."""
    last = None
    for place, form in enumerate(forms.data):
        if stems[form] != last:
            last = stems[form]
            begins.append(place)
            yield last


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
    yield from text_sections("heads", Packed.of(heads))
    yield "head_of", np.array(head_of, np.int32)
    yield from text_sections("bodies", Packed.of(bodies))
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
    each = np.array(sizes, np.int64)
    stands = np.diff(starts_of(counts)[starts_of(each)])
    return Inverted(Packed.of(terms), each, stands, docs, counts, places)


def _read_postings(leaf: Any, field: str, term: bytes, ids: list[int], values: list[bytes]) -> None:
    """Only this reaches into Whoosh's matchers, whose own way in is one posting at a time."""
    matcher = leaf._terms.matcher(field, term, leaf.schema[field].format)
    while not matcher._atend:
        matcher._read_ids()
        matcher._read_values()
        ids.extend(matcher._ids)
        values.extend(value or b"" for value in matcher._values)
        matcher._next_block()
