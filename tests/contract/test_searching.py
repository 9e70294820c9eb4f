"""Every kind of node, filter, facet, order and page, on every engine, against the oracle."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from search.engines.base import Place, Reader
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
)
from search.query.nodes import And, Everything, Node, Not, Or, Word
from tests.contract.conftest import Kept, opened
from tests.oracle import Oracle
from tests.strategies import trees
from tests.test_engine import LEAVES, histories, requests, values_of

# A corpus is made once and asked many things, for a cluster takes its time to make one; nor is there time to shrink.
few = settings(
    max_examples=8,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)


@few
@given(histories(), st.lists(st.tuples(trees(LEAVES), requests), min_size=8, max_size=16))
def test_the_same_paragraphs_and_counts_as_the_oracle(
    kept: Kept, batches: list[list[Article | str]], questions: list[tuple[Node, SearchRequest]]
) -> None:
    with opened(kept, batches) as (reader, held):
        oracle = Oracle(held)
        for tree, request in questions:
            request = replace(request, copies=Copies.ALL)
            expected = {identifier for identifier, _ in oracle.answer(tree, request)}
            found = reader.search(tree, request)
            assert {p.id for p, _ in found.hits} == expected, str(tree)
            assert found.total == found.rows == len(expected)
            assert found.articles == len({identifier.rpartition("#")[0] for identifier in expected})
            for name in request.facets:
                wider = replace(request, **{name: ()})
                matching = {identifier for identifier, _ in oracle.answer(tree, wider)}
                values = Counter(v for p in oracle.paragraphs if p.id in matching for v in values_of(name, p) if v)
                assert {v.value: v.count for v in found.facets[name] if v.count} == dict(values)


words = st.builds(Word, st.sampled_from("talk talks harbour ice us café".split()), st.just("text"), st.booleans())
ranked = st.recursive(
    words,
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: And(tuple(parts))),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: Or(tuple(parts))),
        st.tuples(inner, words).map(lambda pair: And((pair[0], Not(pair[1])))),
    ),
    max_leaves=5,
)


@few
@given(histories(), st.lists(st.tuples(ranked, st.sampled_from(list(Sort))), min_size=8, max_size=16))
def test_words_rank_in_the_same_order(
    kept: Kept, batches: list[list[Article | str]], questions: list[tuple[Node, Sort]]
) -> None:
    """Where scores are defined to agree: words, in corpora where every article has a title.

    Nearly equal scores may change places, for a cluster adds up in another order.
    """
    titled = [
        [change if isinstance(change, str) or change.metadata.title else named(change) for change in batch]
        for batch in batches[:1]  # deleted paragraphs count in a cluster until it has merged them away
    ]
    with opened(kept, titled) as (reader, held):
        oracle = Oracle(held)
        for tree, sort in questions:
            request = SearchRequest(sort=sort, size=100, copies=Copies.ALL)
            expected = oracle.answer(tree, request)
            found = reader.search(tree, request)
            scores = dict(expected)
            for paragraph, score in found.hits:
                assert score == pytest.approx(scores[paragraph.id], abs=2e-3, rel=2e-3), str(tree)
            places = [round(scores[p.id], 2) for p, _ in found.hits]
            if sort is Sort.RELEVANCE:
                assert all(one >= two - 0.011 for one, two in pairwise(places))
            if len({round(score, 2) for score in scores.values()}) == len(scores) or tree == Everything():
                assert [p.id for p, _ in found.hits] == [identifier for identifier, _ in expected], str(tree)


def named(article: Article) -> Article:
    head = replace(article.metadata, title="ship")
    return replace(
        article, metadata=head, paragraphs=tuple(replace(paragraph, article=head) for paragraph in article.paragraphs)
    )


DAYS = [datetime(2023, 12, 30), datetime(2024, 1, 2), datetime(2024, 1, 2, 9, 30), datetime(2024, 3, 7), None]


def corpus() -> list[Article]:
    """Sixty paragraphs in twenty articles, some of them copies of each other, some undated."""
    articles = []
    for n in range(20):
        head = Metadata(
            f"a{n:02}", f"Ice on the harbour {n}", DAYS[n % 5], f"Outlet {n % 3}", language=("en", "en-GB")[n % 2]
        )
        texts = [f"The ice was {n} inches thick.", "Nobody crossed the harbour on foot before the spring came.", "Ice."]
        kinds = [Kind.BODY, Kind.BODY, Kind.CAPTION]
        articles.append(Article(head, tuple(Paragraph(head, i, kinds[i], texts[i]) for i in range(3))))
    return articles


@pytest.fixture(scope="module")
def reader(kept: Kept) -> Iterator[Reader]:
    with opened(kept, [corpus()]) as (reader, _):
        yield reader


def walk(reader: Reader, tree: Node, request: SearchRequest) -> list[str]:
    """All hits, page after page by cursor."""
    found: list[str] = []
    after: Place | None = None
    for _ in range(100):
        ranked = reader.search(tree, replace(request, cursor="x" if after else None), after)
        found += [p.id for p, _ in ranked.hits]
        if ranked.end is None:
            assert len(found) == ranked.rows
            return found
        after = ranked.end
    raise AssertionError("the walk does not end")


@pytest.mark.parametrize("sort", list(Sort))
@pytest.mark.parametrize("copies", list(Copies))
@pytest.mark.parametrize("group", list(Group))
def test_pages_by_number_and_by_cursor_hold_every_hit_once(
    reader: Reader, sort: Sort, copies: Copies, group: Group
) -> None:
    request = SearchRequest(sort=sort, size=7, copies=copies, group=group)
    tree = Or((Word("ice"), Word("harbour")))
    whole = [p.id for p, _ in reader.search(tree, replace(request, size=100)).hits]
    assert len(set(whole)) == len(whole)
    assert walk(reader, tree, request) == whole
    pages = [reader.search(tree, replace(request, page=page)) for page in range(1, 11)]
    assert [p.id for page in pages for p, _ in page.hits] == whole


def test_copies_fold_into_the_earliest_and_are_counted(reader: Reader) -> None:
    tree = Word("crossed")
    grouped = reader.search(tree, SearchRequest(size=100))
    assert (grouped.total, grouped.stories, grouped.articles, grouped.rows) == (20, 1, 20, 1)
    assert [p.id for p, _ in grouped.hits] == ["a00#1"]
    assert grouped.copies == (19,)
    apart = reader.search(tree, SearchRequest(size=100, copies=Copies.ALL))
    assert (apart.total, apart.stories, apart.rows) == (20, 1, 20)
    assert len(reader.copies("a03#1")) == 19
    assert reader.copies("a03#1")[0].id == "a00#1"
    assert [*reader.copies("a03#0"), *reader.copies("nothing#0")] == []


def test_articles_are_one_hit_by_their_best_paragraph(reader: Reader) -> None:
    found = reader.search(Word("ice"), SearchRequest(size=100, group=Group.ARTICLE, copies=Copies.ALL))
    assert found.rows == found.articles == 20
    assert found.total == 60  # by the title
    assert set(found.others) == {2}


@pytest.mark.parametrize("sort", list(Sort))
@pytest.mark.parametrize(
    "filters", [{}, {"outlet": ("Outlet 1", "Outlet 2")}, {"published_from": datetime(2024, 1, 2)}]
)
@pytest.mark.parametrize("facets", [(), ("outlet", "date")])
def test_copies_are_folded_before_articles_are(
    reader: Reader, sort: Sort, filters: dict[str, Any], facets: tuple[str, ...]
) -> None:
    request = SearchRequest(sort=sort, size=100, facets=facets, interval=Interval.MONTH, **filters)
    tree = Or((Word("crossed"), Word("inches")))
    apart = reader.search(tree, replace(request, copies=Copies.ALL))
    found = reader.search(tree, replace(request, group=Group.ARTICLE))
    matches = [paragraph for paragraph, _ in apart.hits]
    # All that is about crossing is one story, which the first to tell it leads.
    told = [paragraph for paragraph in matches if "crossed" in paragraph.text]
    leader = min(told, key=lambda one: (one.article.published or datetime.max, one.article.id))
    left = [paragraph for paragraph in matches if paragraph not in told or paragraph is leader]
    best = {paragraph.article.id: paragraph for paragraph in reversed(left)}
    assert [p.id for p, _ in found.hits] == [p.id for p in left if best[p.article.id] is p]
    assert found.others == tuple(sum(p.article == hit.article for p in left) - 1 for hit, _ in found.hits)
    assert found.copies == tuple(len(told) - 1 if hit == leader else 0 for hit, _ in found.hits)
    assert (found.total, found.rows) == (apart.total, len(best))
    assert (found.stories, found.articles, found.estimated) == (apart.stories, apart.articles, ())
    assert (found.facets, found.timeline) == (apart.facets, apart.timeline)
    pages = [
        p.id
        for page in (1, 2, 3, 4)
        for p, _ in reader.search(tree, replace(request, group=Group.ARTICLE, size=6, page=page)).hits
    ]
    assert pages == [p.id for p, _ in found.hits]
    assert walk(reader, tree, replace(request, group=Group.ARTICLE, size=7)) == pages


def test_places_that_no_answer_gave_are_refused(reader: Reader) -> None:
    for place in ([], ["after"], ["from", -1], ["from", "x"], [1.0, "nothing#9"], [None]):
        with pytest.raises(ParameterError, match="cursor"):
            reader.search(Word("ice"), SearchRequest(copies=Copies.ALL), place)


@pytest.mark.parametrize("interval", list(Interval))
@pytest.mark.parametrize("dates", [(None, None), (datetime(2024, 1, 1), datetime(2024, 1, 31, 23, 59))])
def test_the_timeline_is_the_oracles(
    reader: Reader, interval: Interval, dates: tuple[datetime | None, datetime | None]
) -> None:
    request = SearchRequest(interval=interval, published_from=dates[0], published_to=dates[1], copies=Copies.ALL)
    found = reader.search(Word("inches"), request)
    assert found.interval is interval
    dated = [p for a in corpus() for p in a.paragraphs if p.article.published]
    within = [p for p in dated if not dates[0] or dates[0] <= p.article.published <= dates[1]]  # type: ignore[operator]
    assert sum(period.count for period in found.timeline) == sum("inches" in p.text for p in within)
    assert sum(period.total for period in found.timeline) == len(within)
    for one, two in pairwise(found.timeline):
        assert (two.start - one.end).days == 1
    for period in found.timeline:
        here = [p for p in within if period.start <= p.article.published.date() <= period.end]  # type: ignore[union-attr]
        assert (period.count, period.total) == (sum("inches" in p.text for p in here), len(here))
    assert found.undated == (0 if dates[0] else 4)


@pytest.mark.parametrize("asked", list(Interval))
def test_a_timeline_is_as_fine_as_what_it_shows_allows(kept: Kept, asked: Interval) -> None:
    """However long the archive: here it goes by weeks over less than three years, and would not over a century."""
    days = ["1931-05-02", "2021-03-01", "2021-03-03", "2021-03-04", "2022-07-09", "2022-07-10", "2023-01-01"]
    articles = []
    for n, day in enumerate(days):
        head = Metadata(f"d{n}", "News", datetime.fromisoformat(day))
        articles.append(Article(head, (Paragraph(head, 0, Kind.BODY, "Ice." if n in (2, 4) else "Snow."),)))
    with opened(kept, [articles]) as (reader, _):
        for request in (SearchRequest(), SearchRequest(published_from=datetime(2021, 3, 2), published_to=datetime.max)):
            found = reader.search(Word("ice"), replace(request, interval=asked))
            assert found.interval is asked
            assert sum(period.count for period in found.timeline) == 2
            for period in found.timeline:
                within = [n for n, day in enumerate(days) if period.start <= date.fromisoformat(day) <= period.end]
                assert (period.count, period.total) == (sum(n in (2, 4) for n in within), len(within))


def test_facets_of_every_field_count_values_and_stories(reader: Reader) -> None:
    request = SearchRequest(facets=("outlet", "language", "date", "kind"), outlet=("Outlet 1",), facet_size=2)
    facets = reader.search(Word("crossed"), request).facets
    assert [(v.value, v.count, v.selected, v.stories) for v in facets["outlet"]] == [
        ("Outlet 0", 7, False, 1),
        ("Outlet 1", 7, True, 1),
    ]
    assert [(v.value, v.count) for v in facets["date"]] == [("2024", 4), ("2023", 1)]
    assert {v.value: v.count for v in facets["language"]} == {"en": 3, "en-GB": 4}
    assert {v.value: v.count for v in facets["kind"]} == {"body": 7}


@pytest.mark.parametrize(
    ("filters", "total"),
    [
        ({"outlet": ("outlet 1",)}, 21),
        ({"outlet": ("2",)}, 18),  # a word of the name, since nobody is called so
        ({"outlet": ("Outlet 9",)}, 0),
        ({"outlet": ("Outlet 0", "Outlet 2")}, 39),
        ({"language": ("en",)}, 60),
        ({"language": ("EN-gb",)}, 30),
        ({"kind": (Kind.CAPTION,)}, 20),
        ({"published_from": datetime(2024, 1, 2), "published_to": datetime(2024, 1, 2, 23, 59, 59, 999999)}, 24),
        ({"outlet": ("Outlet 1",), "kind": (Kind.BODY,)}, 14),
    ],
)
def test_filters(reader: Reader, filters: dict[str, object], total: int) -> None:
    assert reader.search(Everything(), SearchRequest(**filters)).total == total  # type: ignore[arg-type]


def test_what_was_put_in_comes_out(reader: Reader) -> None:
    for article in corpus():
        assert reader.article(article.id) == article
        assert reader.paragraph(f"{article.id}#2") == article.paragraphs[2]
    assert dict(reader.articles()) == {article.id: 3 for article in corpus()}
    assert reader.count().paragraphs == 60
    assert list(filter(None, reader.check())) == []
    assert (reader.article("nothing"), reader.paragraph("a00#99"), reader.paragraph("a00#x")) == (None, None, None)
    asked = ["a00#2", "a00#99", "nothing#0", "a00#x", "a01#0", "a00#2"]
    assert list(reader.paragraphs(asked)) == [reader.paragraph(identifier) for identifier in asked]
    assert list(reader.paragraphs([])) == []
    coverage = reader.coverage()
    assert (coverage.outlets, coverage.first, coverage.last) == (3, date(2023, 12, 30), date(2024, 3, 7))


def test_speakers_are_known_for_what_they_are(kept: Kept) -> None:
    """By most of the paragraphs that are looked at, where these differ; a name is one only as it is written."""
    types = (SpeakerType.PERSON, SpeakerType.ORGANISATION, SpeakerType.ORGANISATION)
    articles = []
    for number, type_ in enumerate(types):
        head = Metadata(f"t{number}", "Ice")
        speakers = (Speaker("Ada Holm", SpeakerType.PERSON, 0.9), Speaker("Polar", type_, 0.9))
        articles.append(Article(head, (Paragraph(head, 0, Kind.BODY, "It holds.", speakers),)))
    with opened(kept, [articles]) as (reader, _):
        for _ in range(2):
            assert reader.speaker_types(["Polar", "Nobody", "Ada Holm", "polar"]) == {
                "Polar": SpeakerType.ORGANISATION,
                "Ada Holm": SpeakerType.PERSON,
            }
        assert reader.speaker_types([]) == {}


def test_suggestions_and_frequencies(reader: Reader) -> None:
    assert list(reader.suggest("IC")) == ["ice"]
    assert list(reader.suggest("")) == []
    assert list(reader.frequencies(["ice", "crossed", "zeppelin"])) == [40, 20, 0]


def test_what_may_go_on_and_what_may_have_been_meant(reader: Reader) -> None:
    assert [(one.value, one.count) for one in reader.beginning("text", "the har")] == [("harbour", 20)]
    assert [(one.value, one.count) for one in reader.beginning("outlet", "outlet 1")] == [("Outlet 1", 21)]
    assert list(reader.beginning("speaker", "x")) == []
    assert list(reader.spellings("text", "harbuor")) == [("harbour", 20)]
    assert ("ice", 40) in reader.spellings("text", "ice")
    assert list(reader.spellings("text", "zeppelin")) == []


def test_values_are_listed_in_pages(reader: Reader) -> None:
    request = SearchRequest(kind=(Kind.BODY,))
    values, total = reader.values(Word("crossed"), request, "outlet", size=2)
    assert ([(v.value, v.count, v.stories) for v in values], total) == ([("Outlet 0", 7, 1), ("Outlet 1", 7, 1)], 3)
    values, total = reader.values(Word("crossed"), request, "outlet", by_name=True, start=2)
    assert ([(v.value, v.count) for v in values], total) == ([("Outlet 2", 6)], 3)
    assert reader.values(Word("crossed"), request, "outlet", prefix="2")[1] == 1
    assert reader.days(Word("crossed"), request) == (date(2023, 12, 30), date(2024, 3, 7))


def test_an_explanation_adds_up(reader: Reader) -> None:
    tree = Or((Word("crossed"), Word("ice")))
    (hit, score), *_ = reader.search(tree, SearchRequest()).hits
    explained, other = reader.explain(tree, [hit.id, "nothing#0"])
    assert explained.score == pytest.approx(score, rel=1e-4)
    assert explained.rest == pytest.approx(explained.score * 0.1, abs=explained.score * 0.2)
    assert {reason.found for reason in explained.reasons} >= {"crossed"}
    assert (other.reasons, other.score) == ((), 0.0)
