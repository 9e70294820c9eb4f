"""The query language: what people type is taken as meant, or explained."""

from __future__ import annotations

from datetime import date

import pytest

from search.errors import QueryLimitError
from search.model import Match
from search.query import (
    And,
    AtLeast,
    Caps,
    Everything,
    Fuzzy,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Published,
    Unit,
    Wildcard,
    Word,
    is_plain,
    parse,
)  # fmt: skip

A, B, C = Word("ada"), Word("bo"), Word("cy")
EXACT = Word("ada", exact=True), Word("bo", exact=True)
S, P = Unit.SENTENCE, Unit.PARAGRAPH


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
        ("हिन्दी", Word("हिन्दी")),
        ("trick or treat", And((Word("trick"), Word("or"), Word("treat")))),
        ("title:(ada bo)", And((Word("ada", "title"), Word("bo", "title")))),
        ("date:2022-04-18", Published(date(2022, 4, 18), date(2022, 4, 18))),
        ("date:..2022", Published(None, date(2022, 12, 31))),
        # Words by their letters.
        ("wom?n", Wildcard("wom?n")),
        ("organi?ation*", Wildcard("organi?ation*")),
        ("ha*r", Wildcard("ha*r")),
        ("(hab?*)", Wildcard("hab?*")),
        ("“ferry” wom?n?", And((Phrase("ferry"), Wildcard("wom?n")))),
        ("speaker:har*", Prefix("har", "speaker")),
        ("harbour~", Fuzzy("harbour", 1)),
        ("harbour~2,", Fuzzy("harbour", 2)),
        ("title:harbour~1", Fuzzy("harbour", 1, "title")),
        ("caps(US)", Caps("US")),
        ("CAPS(U.S.)", Caps("U.S.")),
        ("title:caps(US)", Caps("US", "title")),
        ("allcaps(ada)", Caps("ADA")),
        ("nocaps(Ada)", Caps("ada")),
        ("caps(US OR UK)", Or((Caps("US"), Caps("UK")))),
        ("caps(Ada Bo)", And((Caps("Ada"), Caps("Bo")))),
        ('caps("Ada Bo")', Near((Caps("Ada"), Caps("Bo")), 1, True)),
        # Words near each other.
        ("ada NEAR/5 bo", Near((A, B), 5)),
        ("ada near5 bo", Near((A, B), 5)),
        ("ada AROUND(5) bo", Near((A, B), 5)),
        ("ada PRE/3 bo", Near((A, B), 3, True)),
        ("ada pre3 bo", Near((A, B), 3, True)),
        ("ada onear/3 bo", Near((A, B), 3, True)),
        ("ada w/s bo", Near((A, B), S)),
        ("ada /s bo", Near((A, B), S)),
        ("ada W/P bo", Near((A, B), P)),
        ("ada +s bo", Near((A, B), S, True)),
        ("ada pre/p bo", Near((A, B), P, True)),
        ('"ada bo"~5', Near(EXACT, 5)),
        ("“ada bo”～ 5", Near(EXACT, 5)),
        ('title:"ada bo"~5', Near((Word("ada", "title", True), Word("bo", "title", True)), 5)),
        ('"ada bo*"', Near((EXACT[0], Prefix("bo")), 1, True)),
        ('"ada bo*"~5', Near((EXACT[0], Prefix("bo")), 5)),
        ("(ada OR bo) NEAR/5 cy*", Near((Or((A, B)), Prefix("cy")), 5)),
        ('"ada bo" NEAR/5 cy', Near((Phrase("ada bo"), C), 5)),
        ("said:(ada NEAR/5 bo)", Near((Word("ada", "said"), Word("bo", "said")), 5)),
        ("speaker:ada NEAR/5 speaker:bo", Near((Word("ada", "speaker"), Word("bo", "speaker")), 5)),
        ("atleast3(ada)", AtLeast(A, 3)),
        ("ATLEAST2(ada OR bo)", AtLeast(Or((A, B)), 2)),
        ("title:atleast2(ada)", AtLeast(Word("ada", "title"), 2)),
        ("atl3(ada)", AtLeast(A, 3)),
        ("headline(ada OR bo)", Or((Word("ada", "title"), Word("bo", "title")))),
        ("byline(ada)", Word("ada", "byline")),
        # What binds tighter: brackets, nearness, NOT, AND, OR.
        ("ada OR bo cy", Or((A, And((B, C))))),
        ("ada bo NEAR/5 cy", And((A, Near((B, C), 5)))),
        ("ada OR bo NEAR/5 cy", Or((A, Near((B, C), 5)))),
        ("NOT ada NEAR/5 bo", Not(Near((A, B), 5))),
        ("-ada NEAR/5 bo", Not(Near((A, B), 5))),
        ("NOT ada OR bo", Or((Not(A), B))),
        ("NOT ada bo", And((B, Not(A)))),
        ("ada NEAR/5 bo PRE/2 cy", Near((Near((A, B), 5), C), 2, True)),
        ("ada NEAR/5 (bo PRE/2 cy)", Near((A, Near((B, C), 2, True)), 5)),
        # Whatever the keyboard gives.
        ("ada\u00a0bo", And((A, B))),
        ("ada\u200bbo", And((A, B))),
        ("（ａｄａ　ＯＲ　ｂｏ）", Or((A, B))),
        ("ａｄａ ＮＥＡＲ／５ ｂｏ", Near((A, B), 5)),
        ("speaker：ada", Word("ada", "speaker")),
        ("‘ada bo’", Phrase("ada bo")),
        ("'ada bo'", Phrase("ada bo")),
        ("‹ada bo›", Phrase("ada bo")),
        ("「ada bo」", Phrase("ada bo")),
        ("ada –bo", And((A, Not(B)))),
        ("ada ‑bo", And((A, Not(B)))),
        ("ada – bo", And((A, B))),
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
        ("ada w/5 bo", Near((A, B), 5), 4),
        ("ada /5 bo", Near((A, B), 5), 4),
        ("ada adj3 bo", Near((A, B), 3, True), 4),
        ("ada SAME bo", Near((A, B), P), 4),
        ("ada w/seg bo", Near((A, B), P), 4),
        ("w/5 ada", A, 0),
        ("ada w/5", A, 4),
        ("ada NEAR/5 -bo", And((A, Not(B))), 4),
        ("(ada bo) NEAR/5 cy", And((A, B, C)), 9),
        ("title:ada NEAR/5 bo", And((Word("ada", "title"), B)), 10),
        ("ada NOT w/5 bo", And((A, Not(B))), 8),
        ("a~1", Word("a"), 0),
        ("harbour~7", Fuzzy("harbour", 2), 0),
        ("*harbour", Word("harbour"), 0),
        ("short-ran*", Word("short-ran"), 0),
        ("a?b", Phrase("a b"), 0),
        ("caps(us)", Caps("us"), 0),
        ("caps(har*)", Prefix("har"), 0),
        ("speaker:caps(Ada)", Word("Ada", "speaker"), 8),
        ("atleast0(ada)", A, 0),
        ("atleast3(ada bo)", And((A, B)), 0),
        ("plural(ada)", A, 0),
        ("hlead(ada)", Word("ada", "title"), 0),
        ('"ada bo* cy"~5', Near((*EXACT, Word("cy", exact=True)), 5), 0),
        ('"ada *bo"', Phrase("ada *bo"), 0),
        ("ada or bo OR cy", Or((And((A, Word("or"), B)), C)), 4),
        ("ada! NEAR/5 bo", Near((A, B), 5), 0),
        ("kind:boddy", Word("boddy", "kind"), 5),
        ("date:2023..2022", Published(date(2023, 1, 1), date(2022, 12, 31)), 0),
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
        ("ada" + " NEAR/5 bo" * 22, "depth"),
        ("ada NEAR/501 bo", "distance"),
        ('"ada bo"~501', "distance"),
        ("atleast256(ada)", "count"),
    ],
)
def test_what_is_too_much_is_refused_by_name(text: str, limit: str) -> None:
    with pytest.raises(QueryLimitError) as refused:
        parse(text)
    assert refused.value.limit == limit


@pytest.mark.parametrize(
    ("text", "plain"),
    [("", True), ("ada", True), ("ada bo", True), ("ada OR bo", True), ("=ada", False), ("ada -bo", False),
     ("ada (bo OR cy)", False), ("speaker:ada", False), ("ada w/5 bo", False), ("“ada”", False)],
)  # fmt: skip
def test_words_alone_need_no_explanation(text: str, plain: bool) -> None:
    assert is_plain(parse(text).tree) == plain
