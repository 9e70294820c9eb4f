"""Every mark in a text belongs to something that the query asked for and found there."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.highlight import highlight, marks, snippet
from search.model import Article, Kind, Metadata, Paragraph, Quotation, QuotationKind, Span
from search.query import parse
from search.query.nodes import And, AtLeast, Everything, Node, Or, Word, field_of
from tests.oracle import Oracle
from tests.strategies import Words, occurring, trees

TEXT = "The envoys talk of talks: “No talks,” he said. U.S. envoy’s ships"


def marked(query: str, text: str = TEXT, said: str = "No talks,") -> list[str]:
    run = Span(text.index(said), text.index(said) + len(said)) if said in text else Span(0, 0)
    quotation = Quotation(QuotationKind.DIRECT, (run,), (run,), None, None, None, None, 0.5, "")
    paragraph = Paragraph(Metadata("a"), 0, Kind.BODY, text, quotations=(quotation,))
    return [span.of(text) for span in highlight(parse(query).tree, paragraph)]


@pytest.mark.parametrize(
    ("query", "expected"),
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
        ("envoy -zeppelin", ["envoys", "envoy’s"]),
        ("envoy -talks", []),
        ("envoy zeppelin", []),
        ("(envoy zeppelin) OR us", ["U.S."]),
        ("caps(U.S.) OR caps(The)", ["The", "U.S."]),
        ("caps(us)", []),
        ("envo?s", ["envoys"]),
        ("envoi~1", ["envoy’s"]),
        ("envoi~2", ["envoys", "envoy’s"]),
        ("=talk PRE/3 talks", ["talk", "talks"]),
        ("talks PRE/1 =talks", []),
        ("envoy NEAR/2 talk", ["envoys", "talk"]),
        ("“of talks” w/2 no", ["of talks", "No"]),
        ("he w/s ships", []),
        ("he w/s talk", ["talk", "talks", "talks", "he"]),
        ("atleast3(talk)", ["talk", "talks", "talks"]),
        ("atleast4(talk)", []),
        ("said:(no PRE/1 talks)", ["No", "talks"]),
        ("kind:body talk", ["talk", "talks", "talks"]),
        ("kind:caption talk", []),
        ("talk OR “talk of”", ["talk of", "talks", "talks"]),
        ("", []),
    ],
)
def test_marks_stand_where_the_query_is_answered(query: str, expected: list[str]) -> None:
    assert marked(query) == expected


@given(st.text(alphabet="ab ’.é", max_size=80), st.text(alphabet='ab "*-', max_size=20))
def test_marks_are_within_the_text_in_order_and_apart(text: str, query: str) -> None:
    paragraph = Paragraph(Metadata("a"), 0, Kind.BODY, text)
    at = 0
    for span in highlight(parse(query).tree, paragraph):
        assert at <= span.start < span.end <= len(text)
        at = span.end


WORDS = Words(
    words=["talk", "talks", "ice", "U.S", "us", "McAda", "東京"],
    prefixes=["ta", "us"],
    wildcards=["ta?k", "ta*s"],
    misspelt=["takl", "ise"],
    capitals=["talk", "Talks", "US", "us", "McAda"],
)
LEAVES = st.one_of(
    *(occurring(field, WORDS) for field in ("text", "text", "said", "title", "mentions")),
    st.builds(Word, st.sampled_from(["body", "caption"]), st.just("kind")),
    st.just(Everything()),
)


@st.composite
def paragraphs(draw: st.DrawFn) -> Paragraph:
    some = st.lists(
        st.sampled_from(["talk", "Talks", "talks.", "ice,", "Ice.", "U.S.", "us", "McAda", "東京"]), max_size=9
    )
    text = " ".join(draw(some))
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=4)))
    said = tuple(Span(start, end) for start, end in zip(cuts[::2], cuts[1::2], strict=False))
    quotations = (Quotation(QuotationKind.DIRECT, said, said, None, None, None, None, 0.5, ""),) if said else ()
    head = Metadata("a", title=" ".join(draw(some)[:4]))
    return Paragraph(head, 0, Kind.BODY, text, quotations=quotations, mentions=("Talk Ice", "us"))


@settings(max_examples=400)
@given(trees(LEAVES), paragraphs())
def test_marks_are_what_answers_and_nothing_else(tree: Node, paragraph: Paragraph) -> None:
    oracle = Oracle([Article(paragraph.article, (paragraph,))])
    found = marks(tree, paragraph)
    characters = {
        (name, at) for name, spans in found._asdict().items() for span in spans for at in range(span.start, span.end)
    }
    expected = {(name, at) for name, start, end in oracle.marks(tree, paragraph) for at in range(start, end)}
    assert characters == expected
    if oracle.matches(tree, paragraph) and only_text(tree):
        assert found.text or found.title


def only_text(node: Node) -> bool:
    """Does it ask for words of the text or title whichever way it is answered?"""
    match node:
        case And(parts):
            return any(map(only_text, parts))
        case Or(parts):
            return all(map(only_text, parts))
        case AtLeast(part):
            return field_of(part) in ("text", "title", "said")
        case _:
            return field_of(node) in ("text", "title", "said")


@given(st.text(alphabet="ab ", max_size=300), st.integers(0, 250), st.integers(1, 100))
def test_a_snippet_is_a_part_of_the_text_and_shows_a_mark(text: str, start: int, width: int) -> None:
    spans = [Span(start, start + 2)] if start + 2 <= len(text) else []
    shown = snippet(text, spans, width)
    assert 0 <= shown.start <= shown.end <= len(text)
    if spans and width >= 10:
        assert shown.start <= start < shown.end
