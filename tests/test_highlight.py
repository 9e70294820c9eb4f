"""Every mark in a text belongs to something that the query asked for and found there."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.highlight import highlight, snippet
from search.model import Kind, Metadata, Paragraph, Quotation, QuotationKind, Span
from search.query import parse

TEXT = "The envoys talk of talks: “No talks,” he said. U.S. envoy’s ships"


def marked(query: str, text: str = TEXT, said: str = "No talks,") -> list[str]:
    run = Span(text.index(said), text.index(said) + len(said)) if said in text else Span(0, 0)
    quotation = Quotation(QuotationKind.DIRECT, (run,), (run,), None, None, None, None, 0.5, "")
    paragraph = Paragraph(Metadata("a"), 0, Kind.BODY, text, quotations=(quotation,))
    return [span.of(text) for span in highlight(parse(query).tree, paragraph)]


@pytest.mark.parametrize(
    ("query", "marks"),
    [
        ("talk", ["talk", "talks", "talks"]),
        ("=talk", ["talk"]),
        ("“talk of talks”", ["talk of talks"]),
        ("“of talk”", []),
        ("ship", ["ships"]),
        ("us", ["U.S."]),
        ("envoy", ["envoys", "envoy’s"]),
        ("envo*", ["envoys", "envoy’s"]),
        ("said:talks", ["talks"]),
        ("speaker:talks", []),
        ("title:talks", []),
        ("-talks", []),
        ("envoy -talks", ["envoys", "envoy’s"]),
        ("talk OR “talk of”", ["talk of", "talks", "talks"]),
        ("", []),
    ],
)
def test_marks_stand_where_the_query_is_answered(query: str, marks: list[str]) -> None:
    assert marked(query) == marks


@given(st.text(alphabet="ab ’.é", max_size=80), st.text(alphabet='ab "*-', max_size=20))
def test_marks_are_within_the_text_in_order_and_apart(text: str, query: str) -> None:
    paragraph = Paragraph(Metadata("a"), 0, Kind.BODY, text)
    at = 0
    for span in highlight(parse(query).tree, paragraph):
        assert at <= span.start < span.end <= len(text)
        at = span.end


@given(st.text(alphabet="ab ", max_size=300), st.integers(0, 250), st.integers(1, 100))
def test_a_snippet_is_a_part_of_the_text_and_shows_a_mark(text: str, start: int, width: int) -> None:
    spans = [Span(start, start + 2)] if start + 2 <= len(text) else []
    shown = snippet(text, spans, width)
    assert 0 <= shown.start <= shown.end <= len(text)
    if spans and width >= 10:
        assert shown.start <= start < shown.end
