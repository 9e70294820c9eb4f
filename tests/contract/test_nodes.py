"""Every kind of node in every form, over paragraphs of few words, so that near misses are many."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import product

import pytest

from search.engines.base import Reader
from search.model import (
    Article,
    Copies,
    Kind,
    Metadata,
    Paragraph,
    Quotation,
    QuotationKind,
    SearchRequest,
    Span,
    Speaker,
    SpeakerType,
)
from search.query.nodes import And, AtLeast, Caps, Fuzzy, Near, Node, Not, Or, Phrase, Prefix, Unit, Wildcard, Word
from tests.contract.conftest import Kept, opened
from tests.oracle import Oracle

WORDS = "ice Ice ICE talk talks harbour ferry ferry. Ice. snow U.S. AT&T café".split()
LANGUAGES = ["en", "en-GB", "eng", ""]
NAMES = ["Ada Holm", "Bo Lind", "Ada Lind"]


def corpus() -> list[Article]:
    chance = random.Random(3)
    articles = []
    for n in range(40):
        head = Metadata(f"a{n:02}", " ".join(chance.choices(WORDS, k=3)), language=LANGUAGES[n % 4])
        articles.append(Article(head, tuple(paragraph(head, i, chance) for i in range(3))))
    return articles


def paragraph(head: Metadata, number: int, chance: random.Random) -> Paragraph:
    text = " ".join(chance.choices(WORDS, k=chance.randrange(2, 14)))
    middle = len(text) // 2
    said = tuple(
        Quotation(QuotationKind.DIRECT, (run,), (run,), None, None, None, None, 0.5, "")
        for run in (Span(0, middle), Span(middle, len(text)))
    )
    speakers = tuple(Speaker(name, SpeakerType.PERSON, 0.9) for name in NAMES if chance.random() < 0.4)
    return Paragraph(head, number, Kind.BODY, text, speakers, quotations=said)


def nodes() -> Iterator[Node]:
    for field in ("text", "title", "said"):
        one, other = Word("ice", field), Word("talk", field)
        either = Or((Word("ferry", field), Phrase("harbour ferry", field)))
        fuzzy, caps = Fuzzy("fery", 1, field), [Caps(word, field) for word in ("ice", "Ice", "ICE", "US")]
        yield from (one, Word("talks", field, True), Word("AT&T", field), Phrase("ice talk", field))
        yield from (Prefix("ta", field), Wildcard("h*r", field), Wildcard("?ce", field), fuzzy, *caps)
        pairs = (
            (one, other),
            (other, one),
            (one, one),
            (either, one),
            (caps[0], fuzzy),
            (Phrase("ice ice", field), other),
        )
        for parts, distance, ordered in product(pairs, (1, 2, 3, 5, Unit.SENTENCE, Unit.PARAGRAPH), (False, True)):
            yield Near(parts, distance, ordered)
        for distance in (1, 2, 4):
            loose = tuple(Word(word, field, True) for word in ("ice", "ferry", "snow"))
            yield from (Near(loose, distance), Near((loose[0], loose[0], loose[1]), distance))
            yield Near((Near((one, other), 3), Word("ferry", field)), distance)
        for count in (1, 2, 3):
            for part in (one, either, Phrase("ice ice", field), caps[1], Near((one, other), 2)):
                yield AtLeast(part, count)
    names = (Word("ada", "speaker"), Word("lind", "speaker"))
    for distance in (1, 2, Unit.SENTENCE, Unit.PARAGRAPH):
        for parts, ordered in product((names, names[::-1], (names[0], Prefix("hol", "speaker"))), (False, True)):
            yield Near(parts, distance, ordered)
        yield Near((Near(names, distance), Word("bo", "speaker")), Unit.PARAGRAPH)
        yield Near((Near(names, Unit.PARAGRAPH), Word("bo", "speaker")), distance)
    yield from (Word(language, "language") for language in ("en", "EN-gb", "e", "eng", "de"))
    yield from (
        Not(Word("ice")),
        And((Word("ice"), Not(Word("talk")), Prefix("fe"))),
        Or((Word("snow"), Not(Word("ice")))),
    )


@pytest.fixture(scope="module")
def reader(kept: Kept) -> Iterator[Reader]:
    with opened(kept, [corpus()]) as (reader, _):
        yield reader


def test_every_node_finds_what_the_oracle_finds(reader: Reader) -> None:
    oracle = Oracle(corpus())
    wrong = []
    for node in nodes():
        request = SearchRequest(size=100, copies=Copies.ALL)
        expected = {p.id for p in oracle.paragraphs if oracle.matches(node, p)}
        found = reader.search(node, request)
        more = reader.search(node, SearchRequest(size=100, page=2, copies=Copies.ALL)) if found.total > 100 else None
        ids = {p.id for p, _ in (*found.hits, *(more.hits if more else ()))}
        if ids != expected or found.total != len(expected):
            wrong.append((str(node), sorted(ids ^ expected)))
    assert wrong == []
