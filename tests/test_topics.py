"""What articles and paragraphs are about: the table, the rules, the model, what a newsroom adds, and the commands."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search import Archive
from search.analysis import stem
from search.errors import TopicsFileError
from search.model import Article, Kind, Metadata, Paragraph
from search.topics import DeskFiles, read_desk_files, tag, taxonomy
from search.topics.classifier import FIELDS, Model, shipped
from search.topics.cues import Cues, key_of
from search.topics.desk import read_desk
from search.topics.explain import explain
from search.topics.own import learn
from search.topics.train import listed
from tests.conftest import SHARED, article, needs_shared, write_lines

FERRY = (
    "The ferry Skarn capsized off Lindholm in a storm, and rescuers pulled forty passengers from the water.",
    "Two people drowned in the shipwreck, the coast guard said.",
)
MATCH = (
    "Lindholm United won the cup final on penalties after their goalkeeper saved twice.",
    "The striker scored a late equaliser and the coach praised his team.",
)
BUDGET = (
    "The finance minister promised to cut income tax in the budget, and the opposition leader called it unfair.",
    "Parliament votes on the bill on Friday.",
)


def made(*texts: str, kind: Kind = Kind.BODY, **fields: Any) -> Article:
    head = Metadata("a", **fields)
    return Article(head, tuple(Paragraph(head, i, kind, text) for i, text in enumerate(texts)))


def labels(topics: tuple[Any, ...]) -> list[str]:
    return [topic.label for topic in topics]


# ------------------------------------------------------------------------------------- the table


def test_the_table_is_a_tree_with_seventeen_fields_at_its_top() -> None:
    known = taxonomy()
    assert known.children() == FIELDS
    for term in known:
        assert known.top(term.code) in FIELDS
        assert term.parent is None or term.code in known.children(term.parent)
    assert {known.level(term.code) for term in known} == set(range(1, 7))


@pytest.mark.parametrize(
    "name",
    ["medtop:20000639", "20000639", "http://cv.iptc.org/newscodes/mediatopic/20000639", "Diplomacy"],
)
def test_a_topic_is_found_by_every_way_of_writing_it(name: str) -> None:
    assert taxonomy().find(name) == "medtop:20000639"


def test_completion_finds_words_within_labels() -> None:
    assert "medtop:20000639" in taxonomy().beginning("dipl")
    assert taxonomy().beginning("labour rel")[0] == "medtop:20000524"
    assert taxonomy().beginning("zzz") == taxonomy().beginning(" ") == []


# -------------------------------------------------------------------------------------- the cues


WORDS = st.lists(st.sampled_from("ab cd ef gh ij".split()), max_size=12)


@given(st.lists(st.lists(st.sampled_from("ab cd ef gh".split()), min_size=1, max_size=3), min_size=1, max_size=6),
       st.lists(WORDS, max_size=3))  # fmt: skip
def test_one_pass_finds_what_looking_at_every_place_finds(written: list[list[str]], texts: list[list[str]]) -> None:
    keys = list(dict.fromkeys(tuple(map(stem, one)) for one in written))
    stems = [[stem(word) for word in words] for words in texts]
    expected = [
        (cue, text, at, len(key))
        for text, its in enumerate(stems)
        for at in range(len(its))
        for cue, key in enumerate(keys)
        if tuple(its[at : at + len(key)]) == key
    ]
    found = Cues(keys).find([" ".join(words) for words in texts])
    assert sorted(found.rows()) == sorted(expected)
    kept = found.longest().rows()
    for _, text, start, length in found.rows():
        within = [k[3] for k in kept if k[1] == text and k[2] < start + length and start < k[2] + k[3]]
        assert any(other >= length for other in within)


def test_an_exact_cue_finds_itself_alone() -> None:
    cues = Cues([key_of("=imports"), key_of("import")])
    assert cues.find(["imports"]).cues.tolist() == [1, 0]
    assert cues.find(["important"]).cues.tolist() == [1]


# ------------------------------------------------------------------------------ articles, paragraphs


@pytest.mark.parametrize(
    ("texts", "field"), [(FERRY, "medtop:03000000"), (MATCH, "medtop:15000000"), (BUDGET, "medtop:11000000")]
)
def test_the_words_of_an_article_tell_its_field(texts: tuple[str, ...], field: str) -> None:
    tagging = tag(made(*texts))
    best = max(tagging.article, key=lambda topic: topic.certainty)
    assert (best.code, best.how) == (field, "model")
    assert all(best in topics for topics in tagging.paragraphs)


def test_paragraphs_have_finer_topics_of_their_own() -> None:
    first, second = tag(made(*FERRY)).paragraphs
    assert "maritime accident and incident" in labels(first)
    assert {topic.how for topic in first} == {"model", "rule"}
    assert labels(first) != labels(second)


def test_what_cannot_be_told_is_left_out() -> None:
    tagging = tag(made("He nodded.", "And then?"))
    assert tagging.article == ()
    assert tagging.paragraphs == ((), ())
    assert tag(made()).paragraphs == ()
    assert tag(made("Surgeons.")).article == (), "one word may mean anything"


def test_another_language_is_not_read_as_english() -> None:
    tagging = tag(made(*MATCH, language="de", section="Sport"))
    assert [topic.how for topic in tagging.article] == ["metadata"]
    assert tag(made(*MATCH, language="de")).article == ()


def test_a_byline_says_nothing_about_the_subject() -> None:
    assert tag(made("By our football correspondent, Premier League", kind=Kind.BYLINE)).article == ()


@given(st.lists(st.text(max_size=200), max_size=4))
def test_any_text_gets_topics_of_the_table_with_a_certainty(texts: list[str]) -> None:
    tagging = tag(made(*texts))
    assert len(tagging.paragraphs) == len(texts)
    for topic in (*tagging.article, *(one for topics in tagging.paragraphs for one in topics)):
        assert topic.code in taxonomy()
        assert topic.label == taxonomy().label(topic.code)
        assert 0 < topic.certainty <= 1


# ----------------------------------------------------------------------------------- the metadata


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"section": "Sport"}, {"sport"}),
        ({"section": "Sport / Cricket"}, {"sport", "cricket"}),
        ({"section": "World"}, set()),
        ({"section": "Arts & Entertainment"}, {"arts, culture, entertainment and media"}),
        ({"keywords": ("diplomacy",)}, {"diplomacy", "politics"}),
        ({"subjects": ("medtop:20000639",)}, {"diplomacy", "politics"}),
        ({"subjects": ("http://cv.iptc.org/newscodes/mediatopic/20000639",)}, {"diplomacy", "politics"}),
        ({"subjects": ("medtop:99999999",)}, set()),
    ],
)
def test_an_article_says_itself_what_it_is_about(fields: dict[str, Any], expected: set[str]) -> None:
    tagging = tag(made("It was a quiet day.", **fields))
    assert set(labels(tagging.article)) == expected
    assert {topic.how for topic in tagging.article} <= {"metadata"}
    assert all(taxonomy().level(topic.code) == 1 for topic in tagging.paragraphs[0])


# ------------------------------------------------------------------------------ the shipped tables


def test_rules_cover_every_field_down_to_the_fourth_level() -> None:
    rules, known = read_desk(DeskFiles()).rules, taxonomy()
    assert len(rules) >= 150
    assert {known.top(code) for code in rules} == set(FIELDS)
    assert {2, 3, 4} <= {known.level(code) for code in rules}
    for rule in rules.values():
        assert sum(rule.points.values()) >= rule.needs, f"{known.label(rule.code)} can never be met"
        assert not set(rule.points) & set(rule.never), known.label(rule.code)


def test_the_model_is_small_knows_every_listed_word_and_survives_its_file() -> None:
    model = shipped()
    content = model.to_bytes()
    assert len(content) < 500_000
    assert set(listed()) <= set(model.keys), "run python -m search.topics.train"
    again = Model.from_bytes(content)
    assert again.keys == model.keys
    assert np.abs(again.weights - model.weights).max() < 0.05
    for junk in (b"", b"junk", content[:1000]):
        with pytest.raises(ValueError, match=r"."):
            Model.from_bytes(junk)


# -------------------------------------------------------------------------- what a newsroom adds


def desk(text: str) -> DeskFiles:
    return DeskFiles((("topics.toml", text.encode()),))


def test_a_newsroom_names_its_sections_and_changes_rules() -> None:
    files = desk(
        '[sections]\n04000000 = "The Quay"\nnone = "sport"\n[rules.20000343]\nsure = "harbour dues"\nnever = "chess"\n'
    )
    tagging = tag(made("The harbour dues rise.", "Harbour dues and chess.", section="The quay"), files)
    assert labels(tagging.article)[0] == "economy, business and finance"
    assert "waterway and maritime transport" in labels(tagging.paragraphs[0])
    assert "waterway and maritime transport" not in labels(tagging.paragraphs[1])
    assert tag(made("Well.", section="Sport"), files).article == ()


def test_a_high_floor_says_less() -> None:
    assert tag(made(*MATCH), desk("floor = 1.0")).article == ()


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("x = 1", "“x” is not known"),
        ("floor = 2", "from 0 to 1"),
        ("sections = 3", "must be a table"),
        ("[sections]\n999 = 'a'", "no such code"),
        ("[sections]\n04000000 = 5", "names with commas"),
        ("[rules.99]\nsure = 'a'", "no such code"),
        ("[rules.20000639]\nsurely = 'a'", "“surely” is not known"),
        ("[rules.20000639]\nsure = ['a']", "in one text"),
        ("[rules.20000639]\nsure = 'a, !'", "has no word"),
        ("[rules.20000639]\nneeds = 0", "whole number"),
        ("[rules]\n20000639 = 1", "must be a table"),
        ("= no toml", "cannot be read"),
    ],
)
def test_a_table_that_cannot_be_understood_is_named_with_the_place(text: str, complaint: str) -> None:
    with pytest.raises(TopicsFileError, match=complaint) as raised:
        tag(made("A."), desk(text))
    assert "topics.toml" in str(raised.value)


def test_a_damaged_model_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "topics.npz").write_bytes(b"junk")
    with pytest.raises(TopicsFileError, match=r"topics\.npz is not a model"):
        tag(made("A."), read_desk_files([tmp_path]))


# -------------------------------------------------------------------------------- one's own model

ROOMS = {"Quay": "harbour tide mooring tonnage cranes", "Stage": "curtain rehearsal footlights tenor props"}
MEANT = '[sections]\n04000000 = "quay"\n01000000 = "stage"\n'


def archive_of(rooms: dict[str, str], many: int) -> list[Article]:
    articles = []
    for section, words in rooms.items():
        for i in range(many):
            word = words.split()[i % 5], words.split()[(i + 1) % 5]
            text = f"The {word[0]} was seen with the {word[1]} on day {i}."
            article = made(text, text, section=section, title=f"About the {word[1]}")
            articles.append(replace(article, metadata=replace(article.metadata, id=f"{section}{i}")))
    return articles


def test_a_model_of_ones_own_learns_what_sections_sound_like(tmp_path: Path) -> None:
    trial = learn(archive_of({**ROOMS, "Odds": "a b c d e"}, 20), desk(MEANT))
    assert (trial.articles, trial.unknown) == (40, (("Odds", 20),))
    assert trial.after > max(trial.before, 0.9)
    trial.write(tmp_path / "topics.npz")
    files = replace(read_desk_files([tmp_path]), tables=desk(MEANT).tables)
    best = tag(made("The cranes and the mooring.", "The tonnage rose with the tide."), files).article[0]
    assert (best.code, best.how) == ("medtop:04000000", "model")


def test_too_little_to_learn_from_is_said() -> None:
    with pytest.raises(TopicsFileError, match="two sections or more with 10 articles"):
        learn(archive_of(ROOMS, 3), desk(MEANT))


# -------------------------------------------------------------------------- explaining, commands


def test_an_explanation_names_the_words() -> None:
    explanation = explain(made(*FERRY, section="Disasters"))
    how = {one.topic.how: one for one in explanation.article}
    assert [reason.words for reason in how["metadata"].reasons] == ["Disasters"]
    accident = next(one for one in explanation.paragraphs[0] if one.topic.label == "maritime accident and incident")
    assert ("capsized", 2.0) in [(reason.words, reason.worth) for reason in accident.reasons]
    model = explain(made(*MATCH)).article[0]
    assert {"goalkeeper", "striker"} <= {reason.words for reason in model.reasons}


@pytest.fixture
def indexed(tmp_path: Path, archive: Archive) -> Archive:
    write_lines(
        tmp_path / "articles" / "all.jsonl",
        article("ferry", *FERRY),
        article("match", *MATCH),
        article("visit", "The envoy met the foreign minister for talks on the treaty.", section="Politics"),
        article("gala", "The soprano returned to the opera.", section="Arts"),
    )
    archive.index([tmp_path / "articles"])
    return archive


def test_a_broad_topic_finds_and_counts_what_is_under_it(indexed: Archive) -> None:
    for query in ("topic:politics", 'topic:"international relations"', "topic:20000639", "topic:medtop:11000000"):
        assert [hit.paragraph.id for hit in indexed.search(query).hits] == ["visit#0"], query
    for topic in ("politics", "Diplomacy", "medtop:20000638", "20000639"):
        assert [hit.paragraph.id for hit in indexed.search(topic=topic).hits] == ["visit#0"], topic
    assert indexed.search(topic="chess").total == 0
    assert [hit.paragraph.id for hit in indexed.search("topic:theatre").hits] == ["gala#0"]
    assert [hit.paragraph.id for hit in indexed.search(topic="theatre").hits] == ["gala#0"]
    facet = {value.value: value for value in indexed.search(facets=["topic"], topic="politics").facets["topic"]}
    assert facet["medtop:11000000"].count == facet["medtop:20000638"].count == 1
    assert facet["medtop:11000000"].selected
    assert facet["medtop:15000000"].label == "sport"


def test_commands_list_and_explain(indexed: Archive, run: Callable[..., Any]) -> None:
    index = ("--index", indexed.settings.index)
    listing = run("topics", *index)
    assert listing.exit_code == 0
    assert "  international relations" in listing.output
    rows = json.loads(run("topics", "--format", "json", *index).output)
    assert {"code": "medtop:15000000", "label": "sport", "level": 1, "count": 2} in rows
    explained = run("topics", "explain", "ferry", *index)
    assert "capsized (2)" in explained.output
    assert json.loads(run("topics", "explain", "ferry", "--format", "json", *index).output)["article"]
    assert run("topics", "explain", "nothing", *index).exit_code == 1


def test_training_by_command_is_picked_up_by_the_next_index(tmp_path: Path, run: Callable[..., Any]) -> None:
    folder = tmp_path / "articles"
    rows = [article(a.id, *(p.text for p in a.paragraphs), section=a.metadata.section) for a in archive_of(ROOMS, 12)]
    write_lines(folder / "all.jsonl", *rows)
    (folder / "topics.toml").write_text(MEANT)
    index = ("--index", tmp_path / "index", "--jobs", "1")
    assert run("index", folder, *index).exit_code == 0
    trained = run("topics", "train", folder)
    assert trained.exit_code == 0, trained.output
    assert "by cross-validation" in trained.output
    assert "has changed" in run("index", folder, *index).output
    assert run("reindex", *index).exit_code == 0
    assert "has changed" not in run("index", folder, *index).output


# ------------------------------------------------------------------------------------ public data


@needs_shared
def test_the_sample_article_has_the_topics_that_a_careful_reader_gives_it() -> None:
    from search.articles import read_articles

    gold = json.loads((SHARED / "seeds" / "gold.json").read_text())
    (visit,) = (item for item in read_articles([SHARED / "seeds" / gold["article"]]) if isinstance(item, Article))
    tagging = tag(visit)
    assert max(tagging.article, key=lambda topic: topic.certainty).code in gold["topics"]["article"]
    lines = [line.strip() for line in (SHARED / "seeds" / gold["article"]).read_text().splitlines() if line.strip()]
    wanted = {line: set(one.get("topics", ())) for line, one in zip(lines, gold["paragraphs"], strict=True)}
    for paragraph, topics in zip(visit.paragraphs, tagging.paragraphs, strict=True):
        assert wanted[paragraph.text] <= {topic.code for topic in topics}, paragraph.text


FLOORS = {
    "bbc": (0.88, 0.95, 0.89),
    "masakhane_eng": (0.76, 0.95, 0.79),
    "wikipedia_current_events": (0.85, 0.97, 0.87),
}
"""Right, answered and right of answered, of every third article; a point or two beneath what they were when set, and
lowered only by a commit that says why."""


@needs_shared
@pytest.mark.parametrize("name", sorted(FLOORS))
def test_the_model_stays_as_good_as_it_was(name: str) -> None:
    with gzip.open(SHARED / "data" / "topics" / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = [row for row in map(json.loads, lines) if row["topics"]][::3]
    found = []
    for row in rows:
        head = Metadata(row["id"], row.get("title") or "")
        texts = row.get("paragraphs") or [row["text"]]
        tagging = tag(Article(head, tuple(Paragraph(head, i, Kind.BODY, text) for i, text in enumerate(texts))))
        best = max(tagging.article, key=lambda topic: topic.certainty, default=None)
        found.append((best is not None, best is not None and best.code in row["topics"]))
    answered = sum(said for said, _ in found) / len(found)
    right = sum(hit for _, hit in found) / len(found)
    measured = right, answered, right / answered
    assert all(one >= floor for one, floor in zip(measured, FLOORS[name], strict=True)), measured


@needs_shared
def test_the_rules_stay_as_precise_as_they_were() -> None:
    from benchmarks.topics import GOLD, articles, quality

    gold = json.loads(GOLD.read_text())["paragraphs"]
    wanted = {paragraph.rpartition("#")[0] for paragraph in gold}
    found = {}
    for one in articles(SHARED / "data" / "corpus"):
        if one.id in wanted:
            for number, topics in enumerate(tag(one).paragraphs):
                found[f"{one.id}#{number}"] = tuple(topic.code for topic in topics if topic.how == "rule")
    measured = quality(found, gold, {})
    assert measured["precision"] >= 0.90
    assert measured["recall"] >= 0.42
