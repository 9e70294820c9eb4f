"""Nearness in a small, dense world, where every boundary is met: the engine and the marks against the oracle."""

from __future__ import annotations

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from search.highlight import marks
from search.model import Article, Copies, Kind, Metadata, Paragraph, Quotation, QuotationKind, SearchRequest, Span
from search.query.nodes import Node
from tests.oracle import Oracle
from tests.strategies import Words, near
from tests.test_engine import opened

EVERY_ONE = SearchRequest(size=100, copies=Copies.ALL)
WORDS = Words(
    words=["ice", "talk", "us"], prefixes=["ta"], wildcards=["ic?"], misspelt=["tlak"], capitals=["Ice", "US", "talk"]
)
TEXTS = st.lists(st.sampled_from(["ice", "talk", "us", "Ice", "US", "so", "so. Ice", "talk."]), max_size=14).map(
    " ".join
)


@st.composite
def articles(draw: st.DrawFn, identifier: str) -> Article:
    head = Metadata(identifier, title=draw(TEXTS))
    return Article(head, tuple(draw(paragraphs(head, number)) for number in range(6)))


@st.composite
def paragraphs(draw: st.DrawFn, head: Metadata, number: int) -> Paragraph:
    text = draw(TEXTS)
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=4)))
    said = tuple(Span(start, end) for start, end in zip(cuts[::2], cuts[1::2], strict=False))
    quotation = Quotation(QuotationKind.DIRECT, said, said, None, None, None, None, 0.5, "")
    return Paragraph(head, number, Kind.BODY, text, quotations=(quotation,))


@settings(max_examples=25, phases=[Phase.explicit, Phase.generate])  # to shrink these takes minutes
@given(
    st.tuples(*map(articles, "abb")),
    st.lists(
        st.sampled_from(["text", "said", "title"]).flatmap(lambda field: near(field, WORDS)), min_size=30, max_size=40
    ),
)
def test_words_meet_where_the_oracle_sees_them_meet(history: tuple[Article, ...], nodes: list[Node]) -> None:
    first, second, again = history  # the third takes the place of the second
    with opened([[first, second], [again]]) as (reader, held):
        oracle = Oracle(held)
        for node in nodes:
            found = {p.id: score for p, score in reader.search(node, EVERY_ONE).hits}
            expected = dict(oracle.answer(node, EVERY_ONE))
            assert found.keys() == expected.keys(), str(node)
            assert all(abs(found[i] - expected[i]) < 1e-5 for i in found), str(node)
            for paragraph in oracle.paragraphs:
                assert characters(node, paragraph) == {
                    (name, at) for name, start, end in oracle.marks(node, paragraph) for at in range(start, end)
                }, str(node)


def characters(node: Node, paragraph: Paragraph) -> set[tuple[str, int]]:
    found = marks(node, paragraph)._asdict()
    return {(name, at) for name, spans in found.items() for span in spans for at in range(span.start, span.end)}
