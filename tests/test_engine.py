"""The engine against the oracle: the same paragraphs, in the same order, with the same scores and counts."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from whoosh.index import FileIndex

from search.engines import EMBEDDED
from search.engines.base import Reader, Writer
from search.engines.whoosh.arrays import compute, key_of, open_segments
from search.engines.whoosh.mapped import write
from search.engines.whoosh.storage import DurableStorage
from search.model import (
    Article,
    Copies,
    Kind,
    Mention,
    Metadata,
    Paragraph,
    Quotation,
    QuotationKind,
    SearchRequest,
    Sort,
    Span,
    Speaker,
    SpeakerType,
    Topic,
)
from search.query.nodes import Everything, Node, Phrase, Published, Word
from tests.oracle import Oracle
from tests.strategies import Words, occurring, trees

ENGINE = EMBEDDED["whoosh"]
VOCABULARY = "talk talks Talks talking TALK harbour harbours ice said us use ship McAda café don’t U.S. 東京".split()
OUTLETS = ["Coast Post", "Inland Times", ""]
NAMES = ["Ada Holm", "Bo Lind", "Ada Lind"]
DAYS = [None, datetime(2024, 1, 5), datetime(2024, 1, 5, 9, 30), datetime(2024, 3, 7)]


@st.composite
def articles(draw: st.DrawFn, identifier: str) -> Article:
    head = Metadata(
        identifier,
        title=draw(st.lists(st.sampled_from([*VOCABULARY, "talk. Ice"]), max_size=3).map(" ".join)),
        published=draw(st.sampled_from(DAYS)),
        outlet=draw(st.sampled_from(OUTLETS)),
        section=draw(st.sampled_from(["Sea news", ""])),
        byline=draw(st.sampled_from(["By Ada Holm and Bo Lind", ""])),
        language=draw(st.sampled_from(["en", "en-GB", "de"])),
    )
    return Article(head, tuple(draw(paragraphs(head, n)) for n in range(draw(st.integers(0, 4)))))


@st.composite
def paragraphs(draw: st.DrawFn, head: Metadata, number: int) -> Paragraph:
    runs = draw(st.lists(st.tuples(st.sampled_from([*VOCABULARY, "talk. Ice talks"]), st.booleans()), max_size=12))
    text, quotations = "", []
    for run, is_said in runs or [("ice", False)]:
        said = Span(len(text), len(text) + len(run))
        text += run + " "
        if is_said:
            quotations.append(Quotation(QuotationKind.DIRECT, (said,), (said,), None, None, None, None, 0.5, ""))
    names = draw(st.sets(st.sampled_from(NAMES)))
    return Paragraph(
        head,
        number,
        draw(st.sampled_from(list(Kind))),
        text,
        tuple(Speaker(name, SpeakerType.PERSON, 0.9) for name in sorted(names)),
        quotations=tuple(quotations),
        mentions=tuple(draw(st.lists(st.sampled_from(NAMES), max_size=2))),
    )


@st.composite
def histories(draw: st.DrawFn) -> list[list[Article | str]]:
    """Batches of changes: articles put, some of them again, and ids deleted."""
    ids = [f"a{n}" for n in range(draw(st.integers(1, 6)))]
    batches: list[list[Article | str]] = [[draw(articles(i)) for i in ids]]
    for _ in range(draw(st.integers(0, 2))):
        changed = draw(st.lists(st.sampled_from([*ids, "new"]), unique=True, max_size=3))
        batches.append([draw(articles(i)) if draw(st.booleans()) else i for i in changed])
    return batches


WORDS = Words(
    words=[*VOCABULARY, "talked", "zeppelin", "US", "CAFE", "dont"],
    prefixes=["ta", "har", "us", "zz"],
    wildcards=["ta?k", "TA*s", "ha*r*s", "us?"],
    misspelt=["takl", "harbor", "ise", "use"],
    capitals=["talk", "Talks", "TALK", "US", "us", "McAda", "Mcada", "Café"],
)
LEAVES: st.SearchStrategy[Node] = st.one_of(
    *(occurring(field, WORDS) for field in ("text", "text", "title", "said", "mentions", "speaker")),
    st.builds(Word, st.sampled_from(["coast", "times"]), st.just("outlet")),
    st.builds(Word, st.sampled_from(["body", "Caption"]), st.just("kind")),
    st.builds(Word, st.sampled_from(["en", "EN-gb", "eng", "de"]), st.just("language")),
    st.builds(Word, st.sampled_from(["direct", "mixed"]), st.just("quoted")),
    st.builds(Word, st.sampled_from(["sea", "news"]), st.just("section")),
    st.builds(Phrase, st.sampled_from(["ada holm", "holm bo"]), st.just("byline")),
    st.just(Everything()),
    st.builds(Published, st.sampled_from([None, date(2024, 1, 5)]), st.sampled_from([None, date(2024, 2, 1)])),
)
requests = st.builds(
    SearchRequest,
    outlet=st.sampled_from([(), ("Coast Post",), ("Coast Post", "Inland Times")]),
    kind=st.sampled_from([(), (Kind.BODY, Kind.CAPTION)]),
    speaker=st.sampled_from([(), ("Ada Holm",), ("Ada Holm", "Bo Lind")]),
    published_from=st.sampled_from([None, datetime(2024, 1, 5, 9)]),
    published_to=st.sampled_from([None, datetime(2024, 2, 1)]),
    sort=st.sampled_from(list(Sort)),
    size=st.just(100),
    facets=st.just(("speaker", "outlet", "kind")),
    copies=st.just(Copies.ALL),
)


_head = Metadata("unwanted", title="Zeppelin over the harbour", outlet="Elsewhere")
UNWANTED = Article(_head, (Paragraph(_head, 0, Kind.BODY, "“Ice,” said Ada Holm. A zeppelin came."),))


@contextmanager
def opened(batches: Sequence[Sequence[Article | str]]) -> Iterator[tuple[Reader, list[Article]]]:
    """The engine after some batches of changes, and the articles that it should hold."""
    held: dict[str, Article] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for number, batch in enumerate(batches):
            changed = [change for change in batch if isinstance(change, Article)]
            # With no memory to use, what is prepared together becomes a segment of its own.
            sheaves = [changed] if len(batch) % 2 else [[change] for change in changed]
            # One article of each is then not put, as when its id is taken.
            made = (ENGINE.prepare([*sheaf[:1], UNWANTED, *sheaf[1:]]) for sheaf in sheaves)
            prepared = {one.id: one for sheaf in made for one in sheaf}
            with (ENGINE.append if number else ENGINE.create)(folder, memory=32 * (len(batch) % 2)) as writer:
                for change in batch:
                    if isinstance(change, str):
                        writer.delete(change)
                        held.pop(change, None)
                    else:
                        writer.put(prepared[change.id])
                        held[change.id] = change
        reader = ENGINE.open(folder)
        try:
            yield reader, list(held.values())
        finally:
            reader.close()


@settings(max_examples=150, deadline=None)
@given(histories(), st.lists(trees(LEAVES), min_size=1, max_size=4), requests)
def test_the_engine_agrees_with_the_oracle(
    batches: list[list[Article | str]], nodes: list[Node], request: SearchRequest
) -> None:
    with opened(batches) as (reader, held):
        oracle = Oracle(held)
        for tree in nodes:
            expected = oracle.answer(tree, request)
            found = reader.search(tree, request)
            assert found.total == len(expected)
            assert {p.id for p, _ in found.hits} == {identifier for identifier, _ in expected}
            scores = dict(expected)
            for paragraph, score in found.hits:
                assert score == pytest.approx(scores[paragraph.id], abs=1e-4, rel=1e-4)
            assert [p.id for p, _ in found.hits] == [identifier for identifier, _ in expected], str(tree)
            for name in ("outlet", "kind", "speaker"):
                wider = replace(request, **{name: ()})
                matching = {identifier for identifier, _ in oracle.answer(tree, wider)}
                values = Counter(
                    value for p in oracle.paragraphs if p.id in matching for value in values_of(name, p) if value
                )
                assert {v.value: v.count for v in found.facets[name] if v.count} == dict(values)


def values_of(name: str, p: Paragraph) -> list[str]:
    return {"outlet": [p.article.outlet], "kind": [p.kind.value], "speaker": [s.name for s in p.speakers]}[name]


@settings(max_examples=40, deadline=None)
@given(histories())
def test_what_was_put_in_comes_out(batches: list[list[Article | str]]) -> None:
    with opened(batches) as (reader, held):
        for article in held:
            if article.paragraphs:
                assert reader.article(article.id) == article
            for paragraph in article.paragraphs:
                assert reader.paragraph(paragraph.id) == paragraph
        assert dict(reader.articles()) == {a.id: len(a.paragraphs) for a in held if a.paragraphs}
        assert reader.count().paragraphs == sum(len(a.paragraphs) for a in held)
        assert list(filter(None, reader.check())) == []
        assert reader.article("nothing") is None
        assert reader.paragraph("a0#99") is None


any_text = st.text(max_size=40)
spans = st.tuples(st.integers(0, 30), st.integers(0, 30)).map(lambda pair: Span(min(pair), max(pair)))
certainties = st.floats(0, 1)
quotations = st.builds(
    Quotation,
    kind=st.sampled_from(list(QuotationKind)),
    content=st.lists(spans, max_size=2).map(tuple),
    quoted=st.lists(spans, max_size=2).map(tuple),
    cue=st.none() | spans,
    source=st.none() | st.builds(lambda span, n: Mention(span.start, span.end, n), spans, st.integers(0, 9)),
    speaker=st.none() | any_text,
    speaker_type=st.none() | st.sampled_from(list(SpeakerType)),
    certainty=certainties,
    why=any_text,
)
topics = st.lists(st.builds(Topic, any_text, any_text, certainties, any_text), max_size=2).map(tuple)


@settings(max_examples=60, deadline=None)
@given(
    st.builds(
        Metadata,
        id=st.just("a"),
        title=any_text,
        published=st.none() | st.datetimes(),
        outlet=any_text,
        byline=any_text,
        url=any_text,
        keywords=st.lists(any_text, max_size=2).map(tuple),
        language=st.sampled_from(["en", "de", ""]),
    ),
    any_text,
    st.lists(quotations, max_size=2).map(tuple),
    topics,
)
def test_every_field_of_a_paragraph_survives(
    head: Metadata, text: str, said: tuple[Quotation, ...], about: tuple[Topic, ...]
) -> None:
    speakers = (Speaker(text, SpeakerType.UNNAMED, 0.25),)
    paragraph = Paragraph(head, 0, Kind.BODY, text, speakers, about, said, mentions=(text,))
    article = Article(head, (paragraph,), about)
    with opened([[article]]) as (reader, _):
        assert reader.article("a") == article


def test_pages_follow_on_each_other_without_gap_or_repeat() -> None:
    head = Metadata("a")
    article = Article(head, tuple(Paragraph(head, n, Kind.BODY, "ice " * (n % 3 + 1)) for n in range(25)))
    with opened([[article]]) as (reader, _):
        pages = [reader.search(Word("ice"), SearchRequest(size=7, page=page)) for page in range(1, 6)]
    found = [p.id for page in pages for p, _ in page.hits]
    assert len(found) == 25
    assert len(set(found)) == 25
    assert [len(page.hits) for page in pages] == [7, 7, 7, 4, 0]


def test_a_batch_that_fails_leaves_the_index_as_it_was(tmp_path: Path) -> None:
    head = Metadata("a")
    whole = Article(head, (Paragraph(head, 0, Kind.BODY, "ice"),))
    with ENGINE.create(tmp_path, memory=32) as writer:
        writer.put(*ENGINE.prepare([whole]))

    def fail_midway() -> None:
        with ENGINE.append(tmp_path, memory=32) as writer:
            writer.delete("a")
            raise ValueError("stop")

    with pytest.raises(ValueError, match="stop"):
        fail_midway()
    reader = ENGINE.open(tmp_path)
    assert reader.count().paragraphs == 1
    reader.close()


def test_files_that_are_there_are_never_written_to(tmp_path: Path) -> None:
    def put(folder: Path, identifier: str, *, first: bool = False) -> None:
        head = Metadata(identifier)
        with (ENGINE.create if first else ENGINE.append)(folder, memory=32) as writer:
            writer.put(*ENGINE.prepare([Article(head, (Paragraph(head, 0, Kind.BODY, "ice"),))]))

    old, new = tmp_path / "old", tmp_path / "new"
    old.mkdir()
    new.mkdir()
    put(old, "a", first=True)
    before = {path.name: path.read_bytes() for path in old.iterdir()}
    for path in old.iterdir():
        (new / path.name).hardlink_to(path)
    for n in range(12):  # enough to have the segments merged
        put(new, f"b{n}")
    assert {path.name: path.read_bytes() for path in old.iterdir()} == before
    readers = ENGINE.open(old), ENGINE.open(new)
    assert [reader.count().articles for reader in readers] == [1, 13]
    for reader in readers:
        reader.close()


def test_arrays_of_another_commit_are_not_believed(tmp_path: Path) -> None:
    def put(identifier: str, make: Callable[..., Writer]) -> None:
        head = Metadata(identifier, outlet=f"Outlet\n{identifier}")
        with make(tmp_path, memory=32) as writer:
            writer.put(*ENGINE.prepare([Article(head, (Paragraph(head, 0, Kind.BODY, "ice"),))]))

    put("a", ENGINE.create)
    old = (tmp_path / "commit.arrays").read_bytes()
    put("b", ENGINE.append)
    for path in sorted(tmp_path.glob("*.arrays")):
        new = path.read_bytes()
        middle = len(new) // 2
        for content in (new, old, b"", new[:middle], new[: len(new) // 3] + b"!!" + new[len(new) // 3 + 2 :]):
            path.write_bytes(content)
            reader = ENGINE.open(tmp_path)
            found = reader.search(Word("ice"), SearchRequest(facets=("outlet",)))
            assert {p.id for p, _ in found.hits} == {"a#0", "b#0"}
            assert {value.value for value in found.facets["outlet"]} == {"Outlet\na", "Outlet\nb"}
            reader.close()
        path.write_bytes(new)


def test_arrays_that_lack_one_are_made_anew(tmp_path: Path) -> None:
    head = Metadata("a", outlet="Inland Times")
    with ENGINE.create(tmp_path, memory=32) as writer:
        writer.put(*ENGINE.prepare([Article(head, (Paragraph(head, 0, Kind.BODY, "ice"),))]))
    index = FileIndex(DurableStorage(str(tmp_path)))
    kept = dict(compute(index, open_segments(tmp_path, index, lambda: [])))
    del kept["outlet.sets"]  # as in a file of a version that had no use for it
    write(tmp_path / "commit.arrays", key_of(index), kept.items())
    reader = ENGINE.open(tmp_path)
    found = reader.search(Word("ice"), SearchRequest(facets=("outlet",)))
    assert [value.value for value in found.facets["outlet"]] == ["Inland Times"]
    reader.close()


@settings(max_examples=25, deadline=None)
@given(histories(), st.lists(trees(LEAVES), min_size=1, max_size=4), st.data())
def test_damaged_arrays_change_no_answer(
    batches: list[list[Article | str]], nodes: list[Node], chance: st.DataObject
) -> None:
    request = SearchRequest(size=100, facets=("speaker", "outlet"))
    with opened(batches) as (reader, _):
        expected = [reader.search(tree, request) for tree in nodes]
        folder = reader.folder  # type: ignore[attr-defined]
        for path in folder.glob("*.arrays"):
            content = bytearray(path.read_bytes())
            content[chance.draw(st.integers(0, len(content) - 1))] ^= chance.draw(st.integers(1, 255))
            path.unlink()  # the open reader has the old file mapped
            path.write_bytes(content)
        damaged = ENGINE.open(folder)
        assert [damaged.search(tree, request) for tree in nodes] == expected
        assert any("damaged" in fault for fault in damaged.check())
        damaged.close()


def test_suggestions_are_words_that_occur_the_commonest_first() -> None:
    head = Metadata("a")
    article = Article(head, tuple(Paragraph(head, n, Kind.BODY, t) for n, t in enumerate(["harbour", "harbour hard"])))
    with opened([[article]]) as (reader, _):
        assert list(reader.suggest("Har")) == ["harbour", "hard"]
        assert list(reader.suggest("zz")) == []
        assert list(reader.suggest("")) == []


def test_of_a_word_that_few_have_no_row_of_scores_is_kept(tmp_path: Path) -> None:
    head = Metadata("a")
    texts = ["ice ferry" if number % 32 == 0 else "ice" for number in range(320)]
    with ENGINE.create(tmp_path, memory=32) as writer:
        article = Article(head, tuple(Paragraph(head, n, Kind.BODY, text) for n, text in enumerate(texts)))
        writer.put(*ENGINE.prepare([article]))
    reader = ENGINE.open(tmp_path)
    words = [Word("ferry"), Word("ice")]
    assert [reader.search(word, SearchRequest(size=1)).total for word in words] == [10, 320]
    few, many = (reader._evaluator._words.find(word) for word in words)  # type: ignore[attr-defined]
    assert few.row is None
    assert few.nbytes == 80
    assert many.row is not None
    reader.close()
