"""The memory that indexing takes beside ``--memory``: little, however large the archive."""

from __future__ import annotations

import json
import tracemalloc
from collections.abc import Callable
from functools import partial
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from whoosh.index import FileIndex

from search import held, room
from search.articles import SourceFile
from search.engines import EMBEDDED
from search.engines.whoosh import merging, postings_writer, segment_writer
from search.engines.whoosh.arrays import segment_file, segment_key
from search.engines.whoosh.documents import Prepared, Sheaf
from search.engines.whoosh.mapped import Mapped
from search.engines.whoosh.merging import merge
from search.engines.whoosh.schema import schema
from search.engines.whoosh.segment_writer import SegmentWriter
from search.engines.whoosh.segments import Segment
from search.engines.whoosh.storage import DurableStorage
from search.engines.whoosh.streams import Packed, invert
from search.generations import manifest
from search.generations.manifest import Manifest, SourceEntry, SourceList, read_sources
from search.generations.records import RecordEntry, Records
from search.held import Lookup, Pages
from search.indexing.kept import Kept
from search.indexing.ledger import Ledger
from search.model import Article, Kind, Metadata, Paragraph

ENGINE = EMBEDDED["whoosh"]
TEXT = "The ferry to the islands will not sail before the ice is gone, the harbour office said on day {}."
ARTICLES, PARAGRAPHS = 50, 10


def peak_of(action: Callable[[], object]) -> int:
    """The most that Python and numpy had at once in memory of their own, in bytes."""
    tracemalloc.start()
    try:
        action()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def article_of(number: int, paragraphs: int) -> Article:
    head = Metadata(f"a{number}", f"Ice {number}", outlet="Inland Times")
    texts = (TEXT.format(number * paragraphs + place) for place in range(paragraphs))
    return Article(head, tuple(Paragraph(head, place, Kind.BODY, text) for place, text in enumerate(texts)))


@pytest.fixture(scope="module")
def sheaf() -> Sheaf:
    prepared, *_ = ENGINE.prepare([article_of(number, PARAGRAPHS) for number in range(ARTICLES)])
    assert isinstance(prepared, Prepared)
    return prepared.sheaf


def written(index: Any, folder: Path, sheaf: Sheaf, times: int) -> Segment:
    """A segment of the same articles many times over."""
    writer = SegmentWriter(index, folder)
    for _ in range(times):
        writer.add(sheaf, [(place, None) for place in range(ARTICLES)])
    return opened(folder, writer.finish())


def opened(folder: Path, made: Any) -> Segment:
    return Segment(Mapped(segment_file(folder, made), segment_key(made)), 0)


def test_what_merging_takes_hardly_grows_with_the_segments(
    tmp_path: Path, sheaf: Sheaf, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module, size, value in (
        (room, "_SMALL", 0),
        (room, "STRETCH", 1 << 12),
        (merging, "_DOCUMENTS", 200),
        (segment_writer, "_TOGETHER", 200),
        (postings_writer, "_CHUNK", postings_writer.BLOCK),
    ):
        monkeypatch.setattr(module, size, value)  # what is worked on at a time is little of the smaller ones, too
    index = FileIndex.create(DurableStorage(str(tmp_path)), schema(), "MAIN")

    def peak(times: int) -> int:
        parts = [written(index, tmp_path, sheaf, times) for _ in range(2)]
        live = [np.ones(times * ARTICLES * PARAGRAPHS, np.bool_) for _ in parts]

        def put_together() -> None:
            writer = SegmentWriter(index, tmp_path)
            merge(parts, live, writer)
            writer.finish()

        return peak_of(put_together)

    few, many = 5, 20
    further = 2 * (many - few) * ARTICLES * PARAGRAPHS
    assert peak(many) - peak(few) < 100 * further  # bytes; postings and what is stored are more than ten times as many


def test_a_term_in_very_many_documents_is_written_some_at_a_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postings_writer, "_CHUNK", postings_writer.BLOCK)
    with ENGINE.create(tmp_path, memory=256) as writer:
        for article in ENGINE.prepare([article_of(number, 50) for number in range(100)]):
            writer.put(article)
    reader = ENGINE.open(tmp_path)
    assert reader.count().paragraphs > 2 * postings_writer.BLOCK
    assert not any(reader.check())  # Whoosh's own and the arrays say the same
    reader.close()


occurrences = st.sets(st.tuples(st.integers(0, 3), st.integers(0, 2), st.integers(0, 4)), max_size=40)


@given(occurrences, st.integers(1, 7), st.integers(1, 7))
def test_a_field_is_turned_round_piece_by_piece(given_ones: set[tuple[int, int, int]], piece: int, few: int) -> None:
    """given_ones: documents, positions and the term that stands there."""
    ones = sorted(given_ones)
    having = sorted({term for *_, term in ones})
    places = np.array([(doc << 32) + position for doc, position, _ in ones], np.int64)
    which = np.array([having.index(term) for *_, term in ones], np.int32)
    stands = np.bincount(which, minlength=len(having))
    pieces = [(which[at : at + piece], places[at : at + piece]) for at in range(0, len(ones), piece)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(room, "STRETCH", few)
        field = invert(Packed.of(b"%d" % term for term in having), stands, pieces)
    rows = [sorted((doc, position) for doc, position, term in ones if term == one) for one in having]
    counted = [
        [(doc, sum(doc == other for other, _ in row)) for doc in sorted({doc for doc, _ in row})] for row in rows
    ]
    assert list(zip(field.docs.tolist(), field.counts.tolist(), strict=True)) == [
        pair for row in counted for pair in row
    ]
    assert field.sizes.tolist() == list(map(len, counted))
    assert field.stands.tolist() == list(map(len, rows))
    assert field.places.tolist() == [(doc << 32) + position for row in rows for doc, position in row]


# ------------------------------------------------------------------- what a run knows of articles


@given(st.lists(st.tuples(st.sampled_from(["put", "drop"]), st.integers(0, 9), st.integers(0, 2)), max_size=60))
def test_what_is_looked_up_is_what_was_put_last(steps: list[tuple[str, int, int]]) -> None:
    known = {f"article {number}": "first" for number in range(0, 10, 3)}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(held, "_FRESH", 3)
        patch.setattr(room, "STRETCH", 2)
        lookup = Lookup.of(known.items())
        for step, number, value in steps:
            article = f"article {number}"
            if step == "put":
                known[article] = f"file {value}"
                lookup.put(article, known[article])
            else:
                known.pop(article, None)
                lookup.drop(article)
            assert len(lookup) == len(known)
        assert {f"article {number}": lookup.get(f"article {number}") for number in range(10)} == {
            f"article {number}": known.get(f"article {number}") for number in range(10)
        }


def test_pages_are_read_across_their_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(held, "_PAGE", 4)
    pages = Pages()
    assert [pages.add(content) for content in (b"ice", b"", b"harbour", b"dawn!")] == [0, 3, 3, 10]
    whole = b"iceharbourdawn!"
    spans = [(start, end) for start in range(len(whole)) for end in range(start, len(whole) + 1)]
    assert all(pages.read(start, end) == whole[start:end] for start, end in spans)


def test_of_records_that_are_alike_as_many_are_kept_as_there_are() -> None:
    digests = ["7" * 24, "8" * 24, "7" * 24, "9" * 24]
    had = Records(Pages(), [RecordEntry(digest, {f"a{at}": 1}) for at, digest in enumerate([*digests, ""])])
    kept = Kept(had, [digests[3], digests[0], "5" * 24])
    assert [json.loads(line)[1] for line in kept.vanished()] == [{"a1": 1}, {"a2": 1}, {"a4": 1}]
    taken = [kept.take(digest) for digest in (digests[0], digests[0], digests[1], digests[3], "")]
    assert [line and json.loads(line)[1] for line in taken] == [{"a0": 1}, None, None, {"a3": 1}, None]


def test_a_list_of_sources_has_each_file_once_and_as_it_was_put_last() -> None:
    def entry(path: str, size: int, *articles: str) -> SourceEntry:
        return SourceEntry(path, "/", size, 1, Records(old.pages, [RecordEntry(str(size), dict.fromkeys(articles, 9))]))

    old = SourceList()
    old.put(entry("/a", 1, "a", "b"))
    old.put(entry("/\udcff", 2, "c"))  # a name that is no UTF-8
    now = old.copy()
    now.put(entry("/a", 3, "d"))
    now.drop("/\udcff")
    now.put(entry("/e", 4))
    assert [(one.path, one.size, *one.records.ids()) for one in old.values()] == [
        ("/a", 1, "a", "b"),
        ("/\udcff", 2, "c"),
    ]
    assert [(one.path, one.size, *one.records.ids()) for one in now.values()] == [("/a", 3, "d"), ("/e", 4)]
    assert [(len(one), one.articles, one.paragraphs) for one in (old, now)] == [(2, 3, 27), (2, 1, 9)]
    assert now.get("/\udcff") is None


@pytest.mark.parametrize("in_a_file", [1, 100])
def test_the_list_of_sources_hardly_grows_with_the_articles(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, in_a_file: int
) -> None:
    for module, size, value in (
        (room, "_SMALL", 0),
        (room, "STRETCH", 1 << 9),
        (held, "_PAGE", 1 << 14),
        (held, "_FRESH", 1 << 7),
        (held, "_WINDOW", 1 << 12),
        (manifest, "_WINDOW", 1 << 12),
    ):
        monkeypatch.setattr(module, size, value)
    space = room.on_disk(tmp_path)

    def run_over(articles: int) -> None:
        """So many new articles, the list of sources written, and read by a run in which one file has changed."""
        fresh = Ledger(SourceList(space), space)
        for first in range(0, articles, in_a_file):
            fresh.expect(source(first), 1, 1)
        read_into(fresh)
        folder = tmp_path / f"{articles}"
        folder.mkdir(exist_ok=True)
        Manifest("whoosh", 1, 1, "", "", articles, articles, ()).write(folder, fresh.sources)
        again = Ledger(read_sources(folder, tmp_path, space), space)
        again.expect(source(0), 2, 2)
        again.compare(next(again.drafts()), map(digest_of, range(in_a_file)))
        read_into(again)
        for ledger in (fresh, again):
            assert (len(ledger.sources), len(ledger.owners)) == (articles // in_a_file, articles)
            assert not list(ledger.unclaimed())

    def read_into(ledger: Ledger) -> None:
        for draft in ledger.drafts():
            first = int(draft.file.shown)
            for number in range(first, first + in_a_file):
                if not draft.keep(digest_of(number)):
                    assert ledger.claim(f"article {number}", draft.path) is None
                    indexed = {f"article {number}": "2026-01-01T00:00:00"}
                    draft.records.add(RecordEntry(digest_of(number), {f"article {number}": 9}, indexed=indexed))
            ledger.done(draft)
        ledger.close()

    def source(first: int) -> SourceFile:
        return SourceFile(tmp_path / f"{first}.jsonl", tmp_path, ".jsonl", f"{first}")

    def digest_of(number: int) -> str:
        return blake2b(b"%d" % number, digest_size=12).hexdigest()

    def peak(articles: int) -> int:
        return min(peak_of(partial(run_over, articles)) for _ in range(2))  # Python's own tables grow now and then

    few, many = 1_000, 3_000
    assert peak(many) - peak(few) < 50 * (many - few)  # bytes; as objects of Python they are several hundred each
