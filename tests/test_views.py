"""What pages are made of: timelines drawn from periods, topics as a tree, quotations set off in their text."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from html import unescape
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from flask import url_for
from hypothesis import given
from hypothesis import strategies as st

from search import Settings
from search.model import Interval, Kind, Metadata, Paragraph, Period, Quotation, QuotationKind, Span, SpeakerType
from search.topics.taxonomy import taxonomy
from web import create_app, links
from web.marks import spoken
from web.views.choice import Choice
from web.views.timeline import HEIGHT, WIDTH, TimelineView
from web.views.topics import tree


def months(*counts: tuple[int, int], first: int = 2000) -> list[Period]:
    """Periods of a month each, from January of ``first`` on."""
    starts = [date(first + i // 12, i % 12 + 1, 1) for i in range(len(counts) + 1)]
    ends = [date.fromordinal(start.toordinal() - 1) for start in starts[1:]]
    return [Period(start, end, *count) for start, end, count in zip(starts, ends, counts, strict=False)]


def link(first: str, last: str) -> str:
    return f"{first}..{last}"


@given(st.lists(st.integers(0, 500).map(lambda n: (n, n + 3)), min_size=1, max_size=400))
def test_a_timeline_loses_nothing_and_stays_in_its_field(counts: list[tuple[int, int]]) -> None:
    view = TimelineView(months(*counts), Interval.MONTH, link)
    assert sum(bar.count for bar in view.bars) == sum(count for count, _ in counts)
    assert sum(bar.total for bar in view.bars) == sum(total for _, total in counts)
    assert all(bar.x >= 0 and bar.x + bar.width <= WIDTH + 0.1 for bar in view.bars)
    assert all(bar.y >= 0 and bar.y + bar.height <= HEIGHT + 0.1 for bar in view.bars)
    assert all((bar.height > 0) == (bar.count > 0) for bar in view.bars)


def test_bars_lead_to_their_time_and_many_months_become_years() -> None:
    few = TimelineView(months((1, 2), (0, 0)), Interval.MONTH, link)
    assert [(bar.label, bar.link, bar.gap) for bar in few.bars] == [
        ("January 2000", "2000-01..2000-01", False),
        ("February 2000", "2000-02..2000-02", True),
    ]
    gaps = TimelineView(months((0, 0), (0, 0), (3, 4), (0, 5), (0, 0)), Interval.MONTH, link)
    assert [len(run) for run in gaps.runs] == [2, 1, 1, 1]
    many = TimelineView(months(*[(1, 2)] * 132), Interval.MONTH, link)
    assert many.interval is Interval.YEAR
    assert [(bar.label, bar.count, bar.link) for bar in many.bars][:2] == [
        ("2000", 12, "2000..2000"),
        ("2001", 12, "2001..2001"),
    ]


def flat(choices: list[Choice] | tuple[Choice, ...]) -> list[str]:
    return [value for choice in choices for value in (choice.value, *flat(choice.below))]


@given(st.lists(st.sampled_from(sorted(taxonomy().terms)), unique=True, max_size=40))
def test_a_tree_of_topics_holds_each_once_below_its_nearest_ancestor(codes: list[str]) -> None:
    grown = tree([Choice("topic", code, code, 1, selected=False, link="") for code in codes])
    assert Counter(flat(grown)) == Counter(codes)

    def check(choice: Choice) -> None:
        for finer in choice.below:
            above = [code for code in taxonomy().ancestors(finer.value) if code in codes]
            assert above[0] == choice.value
            check(finer)

    for choice in grown:
        assert not set(taxonomy().ancestors(choice.value)) & set(codes)
        check(choice)


def test_a_chosen_finer_topic_opens_what_it_stands_in() -> None:
    codes = ["medtop:11000000", "medtop:20000639"]
    (politics,) = tree([Choice("topic", code, code, 1, selected=code == codes[1], link="") for code in codes])
    assert politics.open


def paragraph(text: str, *quotations: Quotation) -> Paragraph:
    return Paragraph(Metadata("a"), 0, Kind.BODY, text, quotations=quotations)


def quotation(kind: QuotationKind, content: Span, *quoted: Span) -> Quotation:
    return Quotation(kind, (content,), quoted, None, None, "Ada Holm", SpeakerType.PERSON, 0.9, "named")


def test_what_is_said_and_what_is_told_are_set_off_and_signed() -> None:
    text = "It was “a <fair> price”, she said."
    mixed = paragraph(text, quotation(QuotationKind.MIXED, Span(0, 23), Span(8, 22)))
    assert spoken(mixed, [Span(10, 16)], {"Ada Holm": 7}) == (
        '<span class="told s1" title="Ada Holm">It was</span> “'
        '<span class="said s1" title="Ada Holm">a <mark>&lt;fair&gt;</mark> price</span>”, she said.'
    )


spans = st.tuples(st.integers(0, 30), st.integers(0, 30)).map(lambda pair: Span(*sorted(pair)))


texts = st.text(max_size=30).filter(lambda text: "&" not in text)


@given(texts, st.lists(spans, max_size=4), st.lists(st.tuples(spans, spans), max_size=3))
def test_whatever_crosses_the_text_stays_as_it_is(text: str, lit: list[Span], said: list[tuple[Span, Span]]) -> None:
    quotations = [quotation(QuotationKind.MIXED, content, run) for content, run in said]
    html = spoken(paragraph(text, *quotations), lit)
    plain = re.sub(r"</?(?:mark|span)[^>]*>", "", str(html))
    assert unescape(plain) == text
    assert html.count("<span") == html.count("</span>")
    assert html.count("<mark>") == html.count("</mark>")


@given(st.text(st.characters(codec="utf-8"), min_size=1, max_size=20))
def test_our_links_are_those_of_the_routes(name: str) -> None:
    app = create_app(settings=Settings(index=Path("nowhere")))
    with app.test_request_context():
        assert unquote(links.speaker(name)) == unquote(url_for("pages.speaker", name=name))
        assert unquote(links.topic(name)) == unquote(url_for("pages.topic", code=name))
        ours = urlsplit(links.article(name, 2, name, "any"))
        theirs = urlsplit(url_for("pages.article", identifier=name, q=name, match="any", _anchor="p2"))
        assert unquote(ours.path) == unquote(theirs.path)
        assert (parse_qsl(ours.query), ours.fragment) == (parse_qsl(theirs.query), "p2")
