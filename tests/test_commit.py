"""What a commit lays down of a whole index, held against documents gone through one by one; and worked out in stretches
of a few, in files, it is the same to the byte."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search import copies, room
from search.copies import BAND, HASHES, LEAST_ALIKE, WIDTH
from search.engines import EMBEDDED
from search.engines.whoosh import column_writer, merging
from search.engines.whoosh.arrays import compute
from search.engines.whoosh.columns import Column, first_of_counts
from search.engines.whoosh.laying import text_sections
from search.engines.whoosh.mapped import Array, Held
from search.engines.whoosh.schema import STEMMED, VALUES
from search.engines.whoosh.segments import Segment
from search.engines.whoosh.streams import Packed
from search.model import Article, Kind, Metadata, Paragraph
from search.ranges import starts_of
from search.room import in_memory, on_disk

ENGINE = EMBEDDED["whoosh"]


@dataclass(frozen=True)
class Document:
    values: dict[str, frozenset[str]]
    signature: bytes
    is_live: bool


@dataclass(frozen=True)
class Part:
    """A segment, as far as Whoosh is asked about it."""

    documents: Sequence[Document]

    def doc_count_all(self) -> int:
        return len(self.documents)

    def deleted_docs(self) -> set[int]:
        return {place for place, document in enumerate(self.documents) if not document.is_live}


@dataclass(frozen=True)
class Index:
    parts: Sequence[Part]

    def _segments(self) -> Sequence[Part]:
        return self.parts

    @property
    def documents(self) -> list[Document]:
        return [document for part in self.parts for document in part.documents]

    def segments(self) -> list[Segment]:
        offsets = starts_of(np.array([len(part.documents) for part in self.parts])).tolist()
        return [Segment(Held(dict(laid(part))), at) for part, at in zip(self.parts, offsets[:-1], strict=True)]


def laid(part: Part) -> Iterator[tuple[str, Array]]:
    for field in VALUES:
        having: dict[str, list[int]] = {}
        for place, document in enumerate(part.documents):
            for value in document.values.get(field, ()):
                having.setdefault(value, []).append(place)
        terms = sorted(having, key=str.encode)
        yield from text_sections(field, Packed.of(term.encode() for term in terms))
        yield f"{field}.docs.at", starts_of(np.array([len(having[term]) for term in terms], np.int64))
        yield f"{field}.docs", np.array([place for term in terms for place in having[term]], np.int32)
    for number, field in enumerate(STEMMED):
        yield f"{field}.lengths", np.arange(number, number + len(part.documents), dtype=np.float32)
    yield "signatures", np.frombuffer(b"".join(one.signature for one in part.documents), np.uint8)


ROWS = np.random.default_rng(3).integers(1, 256, (3, HASHES), dtype=np.uint8)
NAMES = ["Ada Holm", "ada holm", "Bo", "Straße", "STRASSE", "Zoë", "Émile", "McAda"]  # fmt: skip


@st.composite
def signed(draw: st.DrawFn) -> bytes:
    if draw(st.integers(0, 4)) == 0:
        return bytes(WIDTH)
    row = draw(st.sampled_from(list(ROWS))).copy()
    for place in draw(st.lists(st.integers(0, HASHES - 1), max_size=draw(st.sampled_from([0, 2, 20])))):
        row[place] = 0
    return bytes(row.tobytes()) + bytes([draw(st.integers(0, 3))] + [0] * (WIDTH - HASHES - 1))


@st.composite
def documents(draw: st.DrawFn) -> Document:
    some = st.sampled_from(NAMES)
    return Document(
        {
            "article": frozenset([f"a{draw(st.integers(0, 3))}"]),
            "number": frozenset([f"{draw(st.integers(0, 3)):09d}"]),
            "published": draw(st.frozensets(st.sampled_from(["1999", "2001", "2024"]), max_size=1)),
            "outlet": draw(st.frozensets(some, max_size=1)),
            "speaker": draw(st.frozensets(some, max_size=3)),
            "topic": draw(st.frozensets(some, max_size=8)),
        },
        draw(signed()),
        draw(st.sampled_from([True, True, True, False])),
    )


indexes = st.lists(st.lists(documents(), max_size=7).map(Part), max_size=4).map(Index)


@settings(max_examples=150, deadline=None)
@given(indexes)
def test_a_commit_lays_down_what_documents_are(index: Index) -> None:
    laid_down = dict(compute(index, index.segments()))
    given_ = index.documents
    living = [number for number, document in enumerate(given_) if document.is_live]
    assert laid_down["live"].tolist() == [document.is_live for document in given_]
    for field in VALUES:
        column = Column(Held(laid_down), field)
        pairs = [(doc, value) for doc in living for value in given_[doc].values.get(field, ())]
        found = zip(*(one.tolist() for one in column.pairs(np.arange(len(given_)))), strict=True)
        assert sorted((doc, column.values[ordinal]) for doc, ordinal in found) == sorted(pairs)
        assert list(column.values) == sorted({value for _, value in pairs}, key=str.encode)
        for most in (1, 3, 99):
            assert counted(column, np.arange(len(given_)), most) == first_of(pairs, most)
        letters = [column.values[ordinal] for ordinal in laid_down[f"{field}.by_letters"].tolist()]
        assert letters == sorted(column.values, key=lambda value: (value.casefold(), value.encode()))
    order = sorted(living, key=lambda doc: (*(-at for at in when(given_[doc])), *identity(given_, doc)))
    assert [doc for doc in np.argsort(laid_down["tie"]).tolist() if doc in living] == order
    expected = sorted(alike(given_, living), key=lambda group: min(given_[doc].signature for doc in group))
    members = [sorted(group, key=lambda doc: (earliest(given_[doc]), *identity(given_, doc))) for group in expected]
    assert laid_down["copies"].tolist() == [doc for group in members for doc in group]
    assert laid_down["copies.groups"].tolist() == [n for n, group in enumerate(members) for _ in group]


def counted(column: Column, docs: Array, most: int) -> list[tuple[str, int]]:
    """The values that most documents have, in both ways of counting them."""
    ordinals, counts = column.commonest(docs, most)
    dense, its = first_of_counts(column.counts(docs), most)
    assert (ordinals.tolist(), counts.tolist()) == (dense.tolist(), its.tolist())
    return [(column.values[ordinal], count) for ordinal, count in zip(ordinals.tolist(), counts.tolist(), strict=True)]


def first_of(pairs: Sequence[tuple[int, str]], most: int) -> list[tuple[str, int]]:
    counts = Counter(value for _, value in pairs)
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0].encode()))[:most]


def when(document: Document) -> tuple[int, ...]:
    return tuple(int(value) for value in document.values["published"]) or (0,)


def earliest(document: Document) -> int:
    return when(document)[0] or 9999


def identity(given_: Sequence[Document], doc: int) -> tuple[Any, ...]:
    return (*given_[doc].values["article"], *given_[doc].values["number"], doc)


def alike(given_: Sequence[Document], living: Sequence[int]) -> list[set[int]]:
    """The groups of two or more that copies connect."""
    groups = [{doc} for doc in living if any(given_[doc].signature[:HASHES])]
    for one, other in combinations([doc for group in groups for doc in group], 2):
        if is_copy(given_[one].signature, given_[other].signature):
            here, there = (next(group for group in groups if doc in group) for doc in (one, other))
            if here is not there:
                groups.remove(there)
                here |= there
    return [group for group in groups if len(group) > 1]


def is_copy(one: bytes, other: bytes) -> bool:
    shared = [a == b for a, b in zip(one[:HASHES], other[:HASHES], strict=True)]
    compared = any(all(shared[at : at + BAND]) for at in range(0, HASHES, BAND))
    here, there = (int.from_bytes(side[HASHES:], "little") for side in (one, other))
    numbers = one == other or (here & there) in (here, there)
    return compared and sum(shared) >= LEAST_ALIKE * HASHES and numbers


@settings(max_examples=100, deadline=None)
@given(indexes, st.integers(1, 5))
def test_in_stretches_of_a_few_and_in_files_it_is_the_same(index: Index, few: int) -> None:
    whole = dict(compute(index, index.segments(), in_memory))
    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory() as folder:
        patch.setattr(room, "STRETCH", few)
        patch.setattr(room, "_SMALL", 0)
        patch.setattr(copies, "_TOGETHER", few)
        patch.setattr(column_writer, "_RUN", few)
        pieces = dict(compute(index, index.segments(), on_disk(Path(folder))))
        assert not list(Path(folder).iterdir())
    assert list(pieces) == list(whole)
    for name, section in whole.items():
        assert pieces[name].dtype == section.dtype, name
        assert pieces[name].tobytes() == section.tobytes(), name


def test_different_sets_of_the_same_sum_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    topics = [{"a", "b"}, {"a", "c"}, {"b", "c"}, {"a", "b"}]
    signature = bytes(WIDTH)
    index = Index([Part([Document({"topic": frozenset(those)}, signature, True)]) for those in topics])
    expected = dict(compute(index, index.segments()))
    drawn = np.random.default_rng

    class Mistaken:
        def integers(self, *_: object, size: int, dtype: Any) -> Array:
            return np.ones(size, dtype)

    monkeypatch.setattr(np.random, "default_rng", lambda seed: drawn(0) if seed else Mistaken())
    again = dict(compute(index, index.segments()))
    assert all(np.array_equal(again[name], section) for name, section in expected.items())


def test_segments_are_put_together_in_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "_SMALL", 0)
    monkeypatch.setattr(merging, "_DOCUMENTS", 1)
    with ENGINE.create(tmp_path, memory=0) as writer:  # each article is a segment, and three become one
        for number in range(5):
            head = Metadata(f"a{number}", f"Ice {number}", outlet="Inland Times")
            paragraphs = tuple(Paragraph(head, place, Kind.BODY, f"{place} ferries on ice") for place in range(3))
            writer.put(*ENGINE.prepare([Article(head, paragraphs)]))
    assert len(list(tmp_path.glob("*.seg"))) < 5
    reader = ENGINE.open(tmp_path)
    assert not any(reader.check())
    article = reader.article("a1")
    assert article is not None
    assert [paragraph.text for paragraph in article.paragraphs] == [f"{place} ferries on ice" for place in range(3)]
    reader.close()
