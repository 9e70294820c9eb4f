"""Where Whoosh has a node of the same meaning, its own searcher finds the same paragraphs."""

from __future__ import annotations

from collections.abc import Iterator

from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from whoosh import fields, query
from whoosh.analysis import Token, Tokenizer
from whoosh.filedb.filestore import RamStorage
from whoosh.query.spans import SpanNear2

from search.analysis import pattern, terms
from search.model import Article, Copies, Kind, Metadata, Paragraph, SearchRequest
from search.query.nodes import And, Fuzzy, Near, Node, Not, Or, Phrase, Prefix, Wildcard, Word
from tests.test_engine import opened

# No two of these differ by neighbours swapped, which Whoosh counts as two edits and we as one.
VOCABULARY = "ferry ferries fery berry ice icy harbour harbor talk U.S. café so".split()
WORDS = st.sampled_from([*VOCABULARY, "zeppelin"])
EXACT = st.builds(Word, WORDS, st.just("text"), st.just(True))
LEAVES: st.SearchStrategy[Node] = st.one_of(
    EXACT,
    st.builds(Phrase, st.lists(WORDS, min_size=1, max_size=3).map(" ".join)),
    st.builds(Prefix, st.sampled_from(["fe", "har", "zz"])),
    st.builds(Wildcard, st.sampled_from(["fe*y", "ic?", "harb*r", "be?r*"])),
    st.builds(Fuzzy, st.sampled_from(["ferry", "harbour", "talc"]), st.sampled_from([1, 2])),
    st.builds(Near, st.tuples(EXACT, EXACT).filter(lambda pair: pair[0] != pair[1]), st.integers(1, 5), st.booleans()),
)
TREES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds(And, st.tuples(inner, inner)), st.builds(Or, st.tuples(inner, inner)), st.builds(Not, inner)
    ),
    max_leaves=4,
)
TEXTS = st.lists(st.sampled_from(VOCABULARY), min_size=1, max_size=12).map(" ".join)


class OurTokens(Tokenizer):
    """Our terms, for Whoosh's own analysis."""

    def __call__(self, value: str, **_: object) -> Iterator[Token]:
        token = Token(positions=True)
        for position, term in enumerate(terms(value)):
            token.text, token.pos, token.boost = term, position, 1.0
            yield token


def compiled(node: Node) -> query.Query:
    match node:
        case Word(text):
            return query.Term("text", terms(text)[0])
        case Phrase(text):
            return query.Phrase("text", terms(text))
        case Prefix(text):
            return query.Prefix("text", text)
        case Wildcard(text):
            return query.Wildcard("text", pattern(text))
        case Fuzzy(text, distance):
            return query.FuzzyTerm("text", text, maxdist=distance, prefixlength=1)
        case Near(parts, distance, ordered):
            return SpanNear2([compiled(part) for part in parts], slop=distance, ordered=ordered)
        case And(parts):
            return query.And([compiled(part) for part in parts])
        case Or(parts):
            return query.Or([compiled(part) for part in parts])
        case Not(part):
            return query.And([query.Every(), query.Not(compiled(part))])
        case _:
            raise AssertionError(node)


@settings(max_examples=15, phases=[Phase.explicit, Phase.generate])
@given(st.lists(TEXTS, min_size=1, max_size=8), st.lists(TREES, min_size=20, max_size=30))
def test_whooshs_own_searcher_finds_the_same(texts: list[str], nodes: list[Node]) -> None:
    schema = fields.Schema(id=fields.STORED, text=fields.TEXT(analyzer=OurTokens(), phrase=True))
    index = RamStorage().create_index(schema)
    with index.writer() as writer:
        for number, text in enumerate(texts):
            writer.add_document(id=number, text=text)
    head = Metadata("a")
    article = Article(head, tuple(Paragraph(head, n, Kind.BODY, text) for n, text in enumerate(texts)))
    with opened([[article]]) as (reader, _), index.searcher() as searcher:
        for node in nodes:
            ours = {p.number for p, _ in reader.search(node, SearchRequest(size=100, copies=Copies.ALL)).hits}
            theirs = {hit["id"] for hit in searcher.search(compiled(node), limit=None)}
            assert ours == theirs, str(node)
