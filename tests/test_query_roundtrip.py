"""Any text is a query, and what a query was understood as is a query that means the same."""

from __future__ import annotations

from datetime import date

from hypothesis import example, given
from hypothesis import strategies as st

from search.errors import QueryLimitError
from search.model import Match
from search.query import Node, Published, Word, parse
from tests.strategies import Words, occurring, trees

PIECES = [
    "ada", "bo", "AND", "OR", "NOT", "-", "(", ")", '"', "“", "‘", "’", "'", "NEAR/5", "w/s", "SAME", "/5", "adj3",
    "caps(", "atleast2(", "hlead(", "plural(", "title:", "speaker:", "kind:", "date:2022..", "from:", "=", "*", "?",
    "ab*", "ab?c", "abc~1", "~2", "..", "é", "\x00", "\ud800", ":", "\u00ad", "U.S.", "1,000",
]  # fmt: skip
SYNTAX = st.lists(st.tuples(st.sampled_from(PIECES), st.sampled_from(["", " "])), max_size=14).map(
    lambda pieces: "".join(piece + blank for piece, blank in pieces)
)


@given(st.text() | SYNTAX, st.sampled_from(list(Match)))
@example("(" * 1000, Match.ALL)
@example("-" * 1000, Match.ALL)
@example("NOT " * 256, Match.ALL)
@example("OR " * 300, Match.ANY)
@example("a~1" * 300, Match.ANY)
def test_any_text_is_a_query_or_beyond_a_named_limit(text: str, match: Match) -> None:
    try:
        query = parse(text, match)
    except QueryLimitError as error:
        assert str(error)
        assert error.limit
        return
    str(query.tree)
    for notice in query.notices:
        assert notice.message
        assert notice.position is None or 0 <= notice.position <= len(text)


WORDS = Words(
    words=["ada", "bo", "harbour", "café", "x2", "U.S.", "e-mail", "o’hara", "1,000"],
    prefixes=["ha", "diplom", "o’h"],
    wildcards=["wom?n", "or*e", "ha?b*"],
    misspelt=["ada", "harbour"],
    capitals=["US", "McAda", "OR", "SAME"],
    quoted=["AND", "w/5", "title:x", "caps(x)"],
)
DATES = st.none() | st.dates(date(1000, 1, 1), date(9999, 1, 1))
LEAVES: st.SearchStrategy[Node] = st.one_of(
    *(occurring(field, WORDS) for field in ("text", "said", "title", "speaker", "outlet")),
    st.builds(Word, st.sampled_from(["body", "caption"]), st.just("kind")),
    st.builds(Word, st.sampled_from(["en", "pt-BR"]), st.just("language")),
    st.builds(Published, DATES, DATES).filter(
        lambda p: bool(p.first or p.last) and not (p.first and p.last and p.first > p.last)
    ),
)


@given(trees(LEAVES, canonical=True, most=8))
def test_a_tree_written_out_and_parsed_again_is_the_same(tree: Node) -> None:
    query = parse(str(tree))
    assert query.tree == tree
    assert query.notices == ()


@given(st.text(max_size=30) | SYNTAX, st.sampled_from(list(Match)))
@example('"NEAR0 00*"', Match.ALL)
@example("CAPS(A.A.0", Match.ALL)
@example('"0)0 00*"', Match.ALL)
def test_how_a_query_was_understood_means_the_same_when_it_is_typed(text: str, match: Match) -> None:
    try:
        tree = parse(text, match).tree
    except QueryLimitError:
        return
    assert parse(str(tree)).tree == tree


@given(st.lists(st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=9), min_size=1, max_size=6))
@example(["and", "or", "not", "near", "same", "from"])
def test_plain_words_are_read_as_they_are_with_a_blank_behind(words: list[str]) -> None:
    plain = " ".join(words)
    for match in Match:
        assert parse(plain, match) == parse(f"{plain} ", match)
