"""The same report in several outlets is one story, found by its signature, and every copy can still be reached."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search import Archive
from search.analysis import terms
from search.copies import groups, signatures, together
from search.model import Article, Kind, Metadata, Paragraph, SearchRequest
from search.query.nodes import Everything
from tests.conftest import article, write_lines
from tests.test_engine import opened

WIRE = (
    "The harbour authority said on Monday that the northern ferry would not sail before the ice on the sound had "
    "broken, and that passengers should travel by way of the old bridge at Tarn until further notice."
)


def grouped(*texts: str) -> list[list[int]]:
    labels = groups(together(signatures(terms(text) for text in texts))).tolist()
    return sorted([i for i, label in enumerate(labels) if label == one] for one in set(labels) - {-1})


@pytest.mark.parametrize(
    "copy",
    [
        WIRE,
        WIRE.upper(),
        f"TARN, 5 January (Coast Wire) – {WIRE}",
        WIRE.replace("on Monday", "Monday"),
        WIRE.replace("passengers", "travellers"),
        WIRE.removesuffix(" until further notice."),
    ],
)
def test_a_wire_report_with_a_word_changed_is_a_copy(copy: str) -> None:
    assert grouped(WIRE, copy, "Something else altogether was said in the town hall of Tarn on that day.") == [[0, 1]]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ferry number 7 sailed.", "Ferry number 7 sailed."),
        (WIRE, " ".join(reversed(WIRE.split()))),
        (f"{WIRE} It killed 12 people.", f"{WIRE} It killed 14 people."),
        (f"{WIRE} It killed four people.", f"{WIRE} It killed five people."),
        ("", ""),
        ("— … —", "— … —"),
    ],
)
def test_what_is_short_or_says_other_words_or_numbers_is_none(one: str, other: str) -> None:
    assert grouped(one, other) == []


def test_a_sentence_that_half_an_archive_ends_with_is_one_group() -> None:
    assert grouped(*[WIRE] * 500) == [list(range(500))]


BASES = [WIRE, WIRE.replace("ferry", "airship").replace("ice", "fog").replace("bridge", "tower") + " Nobody was hurt."]
VARIANTS = [
    variant
    for base in BASES
    for variant in (base, f"TARN – {base}", base.replace("Monday", "Tuesday"), f"{base} It killed 12.", base[:60])
]


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_groups_are_the_same_after_any_history_as_in_an_index_made_at_once(data: st.DataObject) -> None:
    drawn = st.lists(st.sampled_from(VARIANTS), min_size=1, max_size=3)

    def made(identifier: str) -> Article:
        head = Metadata(identifier)
        return Article(head, tuple(Paragraph(head, n, Kind.BODY, text) for n, text in enumerate(data.draw(drawn))))

    changes = st.lists(st.tuples(st.sampled_from("abcde"), st.booleans()), max_size=4, unique_by=lambda pair: pair[0])
    history: list[list[Article | str]] = [[made(identifier) for identifier in "abc"]]
    for batch in data.draw(st.lists(changes, max_size=3)):
        history.append([identifier if deleted else made(identifier) for identifier, deleted in batch])
    with opened(history) as (reader, held), opened([sorted(held, key=lambda one: one.id)]) as (anew, _):
        ids = [paragraph.id for one in held for paragraph in one.paragraphs]
        for identifier in ids:
            others = [paragraph.id for paragraph in reader.copies(identifier)]
            assert others == [paragraph.id for paragraph in anew.copies(identifier)]
            for other in others:
                assert identifier in [paragraph.id for paragraph in reader.copies(other)]
        assert reader.search(Everything(), SearchRequest()).stories == len(
            {min([identifier, *(p.id for p in reader.copies(identifier))]) for identifier in ids}
        )


def test_copies_are_one_hit_led_by_the_first_and_each_is_reached(archive: Archive, tmp_path: Path) -> None:
    given = [
        article("later", WIRE, outlet="Inland Times", date="2024-01-06"),
        article("first", f"TARN – {WIRE}", "Another thing.", outlet="Coast Post", date="2024-01-05"),
        article("undated", WIRE, outlet="Ferry List"),
    ]
    archive.index([write_lines(tmp_path / "articles" / "all.jsonl", *given)])
    folded = archive.search("ferry", facets=["outlet"])
    assert [(hit.paragraph.id, hit.copies) for hit in folded.hits] == [("first#0", 2)]
    assert (folded.total, folded.stories, folded.articles, folded.rows, folded.pages) == (3, 1, 3, 1, 1)
    assert Counter({value.value: value.count for value in folded.facets["outlet"]}) == Counter(
        {"Coast Post": 1, "Inland Times": 1, "Ferry List": 1}
    )
    every = archive.search("ferry", copies="all")
    assert {hit.paragraph.id for hit in every.hits} == {"later#0", "first#0", "undated#0"}
    assert (every.total, every.stories, every.rows) == (3, 1, 3)
    assert [hit.copies for hit in every.hits] == [0, 0, 0]
    assert [paragraph.id for paragraph in archive.copies("undated#0")] == ["first#0", "later#0"]
    assert archive.copies("first#1") == archive.copies("nothing#0") == ()
    # Among what is asked for, the first that matches leads.
    (hit,) = archive.search("ferry", outlet=["Inland Times", "Ferry List"]).hits
    assert (hit.paragraph.id, hit.copies) == ("later#0", 1)


def test_a_value_says_how_many_stories_it_has(archive: Archive, tmp_path: Path) -> None:
    said = f"“{WIRE}” Ada Holm said."
    given = [
        article("a", said, outlet="Coast Post"),
        article("b", said, outlet="Inland Times"),
        article("c", said, "“No,” Ada Holm said.", outlet="Coast Post"),
    ]
    archive.index([write_lines(tmp_path / "articles" / "all.jsonl", *given)])
    facets = archive.search("", speaker="Ada Holm", facets=["speaker", "outlet"]).facets
    assert [(value.value, value.count, value.stories) for value in facets["outlet"]] == [
        ("Coast Post", 3, 2),
        ("Inland Times", 1, 1),
    ]
    (speaker,) = [value for value in facets["speaker"] if value.value == "Ada Holm"]
    assert (speaker.count, speaker.stories, speaker.selected) == (4, 2, True)
