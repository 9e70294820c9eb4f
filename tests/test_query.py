"""The query language: what people type is taken as meant, or explained; nothing they can type breaks it."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from search.errors import QueryLimitError
from search.model import Match
from search.query import And, Everything, Node, Not, Or, Phrase, Prefix, Published, Word, parse

A, B, C = Word("ada"), Word("bo"), Word("cy")


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("", Everything()),
        ("  ", Everything()),
        ("ada", A),
        ("ada bo", And((A, B))),
        ("ada AND bo", And((A, B))),
        ("ada OR bo", Or((A, B))),
        ("ada bo OR cy", Or((And((A, B)), C))),
        ("ada (bo OR cy)", And((A, Or((B, C))))),
        ("ada -bo", And((A, Not(B)))),
        ("ada NOT bo", And((A, Not(B)))),
        ("-bo", Not(B)),
        ("NOT NOT bo", B),
        ("ada -(bo cy)", And((A, Not(And((B, C)))))),
        ('"ada bo"', Phrase("ada bo")),
        ("“ada bo”", Phrase("ada bo")),
        ("„ada bo“", Phrase("ada bo")),
        ("«ada bo»", Phrase("ada bo")),
        ("=ada", Word("ada", exact=True)),
        ("diplom*", Prefix("diplom")),
        ("speaker:ada", Word("ada", "speaker")),
        ('speaker:"ada holm"', Phrase("ada holm", "speaker")),
        ("SPEAKER:ada", Word("ada", "speaker")),
        ("speaker:(ada OR bo)", Or((Word("ada", "speaker"), Word("bo", "speaker")))),
        ("headline:ada", Word("ada", "title")),
        ("-outlet:post ada", And((A, Not(Word("post", "outlet"))))),
        ("date:2022-04..2022-06", Published(date(2022, 4, 1), date(2022, 6, 30))),
        ("date:2022", Published(date(2022, 1, 1), date(2022, 12, 31))),
        ("from:2022", Published(date(2022, 1, 1), None)),
        ("to:2022-02", Published(None, date(2022, 2, 28))),
        ("ada, bo!", And((A, B))),
    ],
)
def test_what_is_typed_is_what_is_meant(text: str, tree: Node) -> None:
    query = parse(text)
    assert query.tree == tree
    assert query.notices == ()


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("ada bo", Or((A, B))),
        ("ada AND bo", And((A, B))),
        ("ada bo -cy", And((Or((A, B)), Not(C)))),
        ("ada bo speaker:cy", And((Or((A, B)), Word("cy", "speaker")))),
        ("ada", A),
    ],
)
def test_any_joins_bare_words_and_loosens_nothing_else(text: str, tree: Node) -> None:
    assert parse(text, Match.ANY).tree == tree


@pytest.mark.parametrize(
    ("text", "tree", "position"),
    [
        ('ada "bo', And((A, B)), 4),
        ("(ada bo", And((A, B)), 0),
        ("ada) bo", And((A, B)), 3),
        ("ada OR", A, None),
        ("OR ada", A, None),
        ("ada NOT", A, 4),
        ("a*", Word("a"), 0),
        ("date:soon", Phrase("date:soon"), 0),
    ],
)
def test_what_does_not_fit_is_plain_words_with_a_notice(text: str, tree: Node, position: int | None) -> None:
    query = parse(text)
    assert query.tree == tree
    assert len(query.notices) == 1
    assert query.notices[0].position == position


@pytest.mark.parametrize(
    "text",
    [
        "https://example.org/a?b=c",
        "note: urgent",
        "12:30",
        "AT&T",
        "e-mail",
        "don’t",
        "C++",
        "50%",
        "a/b",
        "@home",
        "#tag",
    ],
)
def test_ordinary_punctuation_is_no_syntax(text: str) -> None:
    query = parse(text)
    assert query.notices == ()
    assert not isinstance(query.tree, Everything)


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("x" * 1025, "length"),
        ("ab* " * 65, "clauses"),
        ("(" * 21 + "a" + ")" * 21, "depth"),
        ("NOT " * 30 + "a", "depth"),
    ],
)
def test_what_is_too_much_is_refused_by_name(text: str, limit: str) -> None:
    with pytest.raises(QueryLimitError) as refused:
        parse(text)
    assert refused.value.limit == limit


SYNTAX = st.text(alphabet='ab()":-=*~ ORANDNOT.“”‘’speaker:date:2022..\x00\ud800é', max_size=80)


@given(st.text() | SYNTAX, st.sampled_from(list(Match)))
@example("(" * 1000, Match.ALL)
@example("-" * 1000, Match.ALL)
@example("OR " * 300, Match.ANY)
def test_any_text_is_a_query_or_beyond_a_named_limit(text: str, match: Match) -> None:
    try:
        query = parse(text, match)
    except QueryLimitError as error:
        assert str(error)
        return
    str(query.tree)
    for notice in query.notices:
        assert notice.message
        assert notice.position is None or 0 <= notice.position <= len(text)


words = st.sampled_from(["ada", "bo", "harbour", "AND", "café", "x2"])
dates = st.none() | st.dates(date(1000, 1, 1), date(9999, 1, 1))
leaves = st.one_of(
    st.builds(Word, words.filter(lambda w: w != "AND"), st.sampled_from(["text", "speaker", "title"]), st.booleans()),
    st.builds(Phrase, st.lists(words, min_size=1, max_size=3).map(" ".join), st.sampled_from(["text", "outlet"])),
    st.builds(Prefix, st.sampled_from(["ha", "diplom"])),
    st.builds(Published, dates, dates).filter(
        lambda p: (p.first or p.last) and not (p.first and p.last and p.first > p.last)
    ),
)


def joined(kind: type[And] | type[Or], inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    parts = st.lists(inner.filter(lambda node: not isinstance(node, kind)), min_size=2, max_size=3)
    return parts.map(lambda nodes: kind(tuple(canonical(kind, nodes))))


def canonical(kind: type[And] | type[Or], nodes: list[Node]) -> list[Node]:
    """As the parser gives it: what narrows stands last among parts that must all hold."""
    if kind is Or:
        return nodes

    def narrows(node: Node) -> bool:
        fielded = isinstance(node, Word | Phrase | Prefix) and node.field not in ("text", "title", "said")
        return fielded or isinstance(node, Not | Published)

    return [n for n in nodes if not narrows(n)] + [n for n in nodes if narrows(n)]


trees: st.SearchStrategy[Node] = st.recursive(
    leaves,
    lambda inner: st.one_of(
        joined(And, inner), joined(Or, inner), inner.filter(lambda n: not isinstance(n, Not)).map(Not)
    ),
    max_leaves=8,
)


@given(trees)
def test_a_tree_written_out_and_parsed_again_is_the_same(tree: Node) -> None:
    query = parse(str(tree))
    assert query.tree == tree
    assert query.notices == ()


@given(st.text(max_size=30) | SYNTAX, st.sampled_from(list(Match)))
def test_how_a_query_was_understood_means_the_same_when_it_is_typed(text: str, match: Match) -> None:
    try:
        tree = parse(text, match).tree
    except QueryLimitError:
        return
    assert parse(str(tree)).tree == tree
