"""What is true of all matches, against counting by hand: facets, timelines, rows, and pages by cursor."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search import Archive, QueryError
from search.analysis import terms
from search.copies import HASHES, LEAST_ALIKE, signatures
from search.engines.base import Ranked, Reader
from search.engines.periods import MOST
from search.errors import ParameterError
from search.model import (
    Article,
    Copies,
    Group,
    Interval,
    Kind,
    Metadata,
    Paragraph,
    SearchRequest,
    Sort,
    Speaker,
    SpeakerType,
    Topic,
)
from search.query.nodes import Everything, Node, Or, Word
from tests.conftest import article, write_lines
from tests.oracle import Oracle
from tests.test_engine import opened

WIRE = "the ferry will not sail before the ice on the northern sound has broken said the harbour master"
TEXTS = [
    WIRE, f"tarn {WIRE}", WIRE.replace("northern", "eastern"), f"{WIRE} in 12 days", f"{WIRE} in 14 days",
    "ice", "ice ice harbour", "the harbour is closed", "no ferry today",
]  # fmt: skip
DAYS = [None, datetime(2023, 12, 31), datetime(2024, 1, 1, 9, 30), datetime(2024, 1, 8), datetime(2024, 3, 7)]
SPORT = Topic("medtop:15000000", "sport", 0.9, "model")


@st.composite
def made(draw: st.DrawFn, identifier: str) -> Article:
    head = Metadata(
        identifier,
        published=draw(st.sampled_from(DAYS)),
        outlet=draw(st.sampled_from(["Coast Post", "Inland Times", ""])),
        language=draw(st.sampled_from(["en", "en-GB", "de"])),
        section=draw(st.sampled_from(["world", "home", ""])),
    )
    rows = draw(
        st.lists(
            st.tuples(st.sampled_from(TEXTS), st.sets(st.sampled_from(["Ada Holm", "Bo Lind"])), st.booleans()),
            min_size=1, max_size=4,
        )
    )  # fmt: skip
    return Article(
        head,
        tuple(
            Paragraph(
                head, n, Kind.BODY, text, tuple(Speaker(name, SpeakerType.PERSON, 0.9) for name in sorted(names)),
                (SPORT,) if about else (),
            )
            for n, (text, names, about) in enumerate(rows)
        ),
    )  # fmt: skip


archives = st.integers(1, 6).flatmap(lambda n: st.tuples(*(made(f"a{i}") for i in range(n)))).map(list)
trees: st.SearchStrategy[Node] = st.sampled_from(
    [Everything(), Word("ice"), Word("ferry"), Or((Word("ice"), Word("harbour"))), Word("nothing")]
)
requests = st.builds(
    SearchRequest,
    outlet=st.sampled_from([(), ("Coast Post",)]),
    speaker=st.sampled_from([(), ("Ada Holm",), ("Ada Holm", "Bo Lind")]),
    # Rarely, or undated paragraphs would hardly ever be among the matches.
    published_from=st.sampled_from([*[None] * 4, datetime(2024, 1, 1), datetime(2024, 1, 8)]),
    published_to=st.sampled_from([*[None] * 4, datetime(2024, 1, 31, 23, 59), datetime(2024, 6, 1)]),
    sort=st.sampled_from(list(Sort)),
    copies=st.sampled_from(list(Copies)),
    group=st.sampled_from(list(Group)),
    interval=st.sampled_from(list(Interval)),
    size=st.sampled_from([1, 3, 100]),
    facets=st.just(("speaker", "topic", "outlet", "language", "section", "date")),
)


class Clerk:
    """Counts by going through lists."""

    def __init__(self, held: Sequence[Article]) -> None:
        self.oracle = Oracle(held)
        self.paragraphs = {paragraph.id: paragraph for paragraph in self.oracle.paragraphs}
        signed = signatures(terms(paragraph.text) for paragraph in self.oracle.paragraphs)
        self.story = dict(zip(self.paragraphs, self._stories(list(signed)), strict=True))

    @staticmethod
    def _stories(signed: list[bytes]) -> list[int]:
        """The first that each is a copy of, in some number of steps."""
        stories = list(range(len(signed)))
        for one in range(len(signed)):
            for other in range(one):
                if signed[one] and signed[other] and are_copies(signed[one], signed[other]):
                    joined = {stories[one], stories[other]}
                    stories = [min(joined) if story in joined else story for story in stories]
        return stories

    def rows(self, tree: Node, request: SearchRequest) -> list[tuple[str, int, int]]:
        """Every hit with its copies and others, in order."""
        found = self.oracle.answer(tree, request)
        if request.copies is Copies.GROUP:
            leads: dict[int, tuple[object, ...]] = {}
            for identifier, _ in found:
                story = self.story[identifier]
                leads[story] = min(leads.get(story, (self.lead(identifier),)), (self.lead(identifier),))
            found = [(one, score) for one, score in found if leads[self.story[one]] == (self.lead(one),)]
        copies = Counter(self.story[one] for one, _ in self.oracle.answer(tree, request))
        within = Counter(self.paragraphs[one].article.id for one, _ in found)
        out, seen = [], set()
        for identifier, _ in found:
            owner = self.paragraphs[identifier].article.id
            if request.group is Group.ARTICLE and owner in seen:
                continue
            seen.add(owner)
            out.append(
                (
                    identifier,
                    copies[self.story[identifier]] - 1 if request.copies is Copies.GROUP else 0,
                    within[owner] - 1 if request.group is Group.ARTICLE else 0,
                )
            )
        return out

    def lead(self, identifier: str) -> tuple[object, ...]:
        paragraph = self.paragraphs[identifier]
        return (paragraph.article.published or datetime.max, paragraph.article.id, paragraph.number)

    def facet(self, tree: Node, request: SearchRequest, name: str) -> dict[str, tuple[int, int]]:
        """For each value how many matches have it, and how many stories."""
        without: Any = {"date": {"published_from": None, "published_to": None}}.get(name, {name: ()})
        found = [one for one, _ in self.oracle.answer(tree, replace(request, **without))]
        pairs = [(value, one) for one in found for value in self.values(name, self.paragraphs[one], request)]
        counts = Counter(value for value, _ in pairs)
        stories = Counter(value for value, _ in {(value, self.story[one]) for value, one in pairs})
        return {value: (counts[value], stories[value]) for value in counts}

    @staticmethod
    def values(name: str, p: Paragraph, request: SearchRequest) -> list[str]:
        length = {Interval.YEAR: 4, Interval.DAY: 10}.get(request.interval or Interval.YEAR, 7)
        return [
            value
            for value in {
                "speaker": [speaker.name for speaker in p.speakers],
                "topic": [topic.code for topic in p.topics],
                "outlet": [p.article.outlet],
                "language": [p.article.language],
                "section": [p.article.section],
                "date": [p.article.published.isoformat()[:length]] if p.article.published else [],
            }[name]
            if value
        ]

    def timeline(self, tree: Node, request: SearchRequest) -> list[tuple[date, int, int]]:
        """Each day with its matches and all paragraphs, from the first to the last that a timeline shows."""
        days = {one: p.article.published.date() for one, p in self.paragraphs.items() if p.article.published}
        found = [days[one] for one, _ in self.oracle.answer(tree, request) if one in days]
        if not days:
            return []
        first, last = request.published_from, request.published_to
        start = max(first.date(), min(days.values())) if first else min(found, default=None)
        end = min(last.date(), max(days.values())) if last else max(found, default=None)
        if not found and not (first and last):
            return []
        assert start
        assert end
        every = [start + timedelta(n) for n in range((end - start).days + 1)]
        within = [
            day
            for one, day in days.items()
            if (not first or (moment := self.paragraphs[one].article.published) is None or moment >= first)
            and (not last or (moment := self.paragraphs[one].article.published) is None or moment <= last)
        ]
        return [(day, found.count(day), within.count(day)) for day in every]


def are_copies(one: bytes, other: bytes) -> bool:
    here, there = (int.from_bytes(signature[HASHES:], "little") for signature in (one, other))
    alike = sum(a == b for a, b in zip(one[:HASHES], other[:HASHES], strict=True))
    return alike >= LEAST_ALIKE * HASHES and (here & there) in (here, there)


@settings(max_examples=60, deadline=None)
@given(archives, trees, requests)
def test_all_that_is_counted_is_counted_right(held: list[Article], tree: Node, request: SearchRequest) -> None:
    clerk = Clerk(held)
    with opened([list(held)]) as (reader, _):
        found = reader.search(tree, request)
        matches = [identifier for identifier, _ in clerk.oracle.answer(tree, request)]
        rows = clerk.rows(tree, request)
        assert found.total == len(matches)
        assert found.stories == len({clerk.story[one] for one in matches})
        assert found.articles == len({clerk.paragraphs[one].article.id for one in matches})
        assert found.rows == len(rows)
        page = list(zip([p.id for p, _ in found.hits], found.copies, found.others, strict=True))
        assert page == rows[: request.size]
        for name in request.facets:
            counted = {v.value: (v.count, v.stories) for v in found.facets[name] if v.count}
            assert counted == clerk.facet(tree, request, name), name
        _assert_timeline(found, clerk.timeline(tree, request), request)
        assert found.undated == sum(clerk.paragraphs[one].article.published is None for one in matches)


def _assert_timeline(found: Ranked, days: list[tuple[date, int, int]], request: SearchRequest) -> None:
    """The periods hold what their days hold, and follow on each other."""
    assert bool(found.timeline) == bool(days)
    for before, after in zip(found.timeline, found.timeline[1:], strict=False):
        assert after.start == before.end + timedelta(1)
    for period in found.timeline:
        inside = [row for row in days if period.start <= row[0] <= period.end]
        assert period.count == sum(row[1] for row in inside)
        if request.published_from and request.published_to:
            assert period.total == sum(row[2] for row in inside)
        assert period.total >= period.count
    assert sum(period.count for period in found.timeline) == sum(row[1] for row in days)


@settings(max_examples=40, deadline=None)
@given(archives, trees, requests, st.integers(1, 4))
def test_pages_by_cursor_have_every_hit_once(
    held: list[Article], tree: Node, request: SearchRequest, size: int
) -> None:
    with opened([list(held)]) as (reader, _):
        whole = [p.id for p, _ in reader.search(tree, replace(request, size=100)).hits]
        assert [p.id for page in _pages(reader, tree, replace(request, size=size)) for p, _ in page.hits] == whole


def _pages(reader: Reader, tree: Node, request: SearchRequest) -> Iterator[Ranked]:
    page, seen = reader.search(tree, request), 0
    yield page
    while page.end:
        page, seen = reader.search(tree, request, page.end), seen + 1
        assert page.hits
        assert seen < 100, "the pages have no end"
        yield page


# ------------------------------------------------------------------------------- through the door


@pytest.fixture
def ferries(archive: Archive, tmp_path: Path) -> Archive:
    """Thirty paragraphs about ferries, one a day from the first of January."""
    days = [(date(2024, 1, 1) + timedelta(n)).isoformat() for n in range(30)]
    given = [article(f"f{n:02}", f"Ferry {n} sailed.", date=day) for n, day in enumerate(days)]
    archive.index([write_lines(tmp_path / "articles" / "all.jsonl", *given)])
    return archive


def test_a_cursor_goes_on_through_the_door_and_keeps_to_its_search(ferries: Archive) -> None:
    first = ferries.search("ferry", size=20, sort="oldest")
    assert first.cursor
    second = ferries.search("ferry", size=20, sort="oldest", cursor=first.cursor, facets=["outlet"])
    assert [hit.paragraph.article.id for hit in second.hits] == [f"f{n}" for n in range(20, 30)]
    assert second.cursor is None
    assert second.total == 30
    with pytest.raises(ParameterError, match="another search"):
        ferries.search("ferry", size=20, sort="newest", cursor=first.cursor)
    with pytest.raises(ParameterError, match="leave “page” out"):
        ferries.search("ferry", page=2, cursor=first.cursor)


def test_a_cursor_of_another_generation_is_refused_in_a_sentence(ferries: Archive) -> None:
    cursor = ferries.search("ferry", size=5).cursor
    ferries.reindex()
    with pytest.raises(QueryError, match=r"indexed anew .* generation 1, now it is 2"):
        ferries.search("ferry", size=5, cursor=cursor)


@settings(max_examples=60, deadline=None)
@given(st.one_of(st.text(max_size=60), st.binary(max_size=60).map(lambda raw: raw.hex())), st.integers(0, 200))
def test_no_cursor_but_our_own_is_taken(shared: Archive, forged: str, at: int) -> None:
    own = shared.search("ferry", size=1).cursor or ""
    altered = own[: at % len(own)] + forged[:1] + own[at % len(own) + 1 :]
    for token in (forged, altered, own[:-3], own + "AAAA"):
        if token not in ("", own):
            with pytest.raises(ParameterError):
                shared.search("ferry", size=1, cursor=token)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    folder = tmp_path_factory.mktemp("shared")
    with Archive.open(folder / "index") as archive:
        archive.index([write_lines(folder / "all.jsonl", *(article(f"f{n}", "Ferry sailed.") for n in range(3)))])
        yield archive


def test_too_many_periods_make_a_coarser_timeline_and_a_notice(archive: Archive, tmp_path: Path) -> None:
    given = [article("old", "Ferry built.", date="1998-05-01"), article("new", "Ferry scrapped.", date="2024-02-03")]
    archive.index([write_lines(tmp_path / "articles" / "all.jsonl", *given)])
    found = archive.search("ferry", interval="day")
    assert found.interval is Interval.MONTH
    assert len(found.timeline) == 310 <= MOST
    assert (found.timeline[0].start, found.timeline[-1].end) == (date(1998, 5, 1), date(2024, 2, 29))
    assert [period.count for period in found.timeline if period.total] == [1, 1]
    assert any("timeline goes by month" in notice.message for notice in found.notices)


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [
        ({}, date(2024, 1, 1), date(2024, 1, 31)),
        ({"published_from": "2024-01-20"}, date(2024, 1, 20), date(2024, 1, 31)),
        ({"published_from": "2023", "published_to": "2024-01-09"}, date(2024, 1, 1), date(2024, 1, 9)),
    ],
)
def test_a_timeline_ends_where_the_dates_asked_for_end(
    ferries: Archive, asked: dict[str, str], start: date, end: date
) -> None:
    (month,) = ferries.search("ferry", interval="month", **asked).timeline  # type: ignore[arg-type]
    assert (month.start, month.end) == (start, end)
    assert month.count == month.total == (min(end, date(2024, 1, 30)) - start).days + 1
    assert month.share == 1


def test_a_hit_says_what_each_word_gave(archive: Archive, tmp_path: Path) -> None:
    given = [article("a", "The ferry, the old ferry, sailed at dawn.", title="Ferry news"), article("b", "Dawn came.")]
    archive.index([write_lines(tmp_path / "articles" / "all.jsonl", *given)])
    for query in ("ferry dawn", "ferry ferry dawn", '"old ferry" OR dawn', "fer* AND dawn", "ferry NEAR/9 dawn"):
        for hit in archive.search(query, explain=True).hits:
            assert hit.explanation
            assert hit.explanation.score == pytest.approx(hit.score)
            assert hit.explanation.rest == pytest.approx(0, abs=1e-4), query
    (hit,) = archive.search("ferry dawn", explain=True).hits
    assert hit.explanation
    found = {(reason.found, reason.field): reason for reason in hit.explanation.reasons}
    assert found["ferry", "text"].count == 2
    assert found["ferry", "text"].length == 8
    assert found["ferry", "text"].having == 1
    assert found["dawn", "text"].having == 2
    assert found["ferry", "title"].count == 1
    assert archive.search("ferry").hits[0].explanation is None
