"""Did they say it? Quotations as people paste them, against articles about invented people and the samples."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from search import Archive, Settings
from search.analysis import terms
from search.errors import ParameterError, QueryLimitError
from search.verify import LONGEST_QUOTATION, Change, Outcome, SpeakerMatch
from search.verify.align import align
from search.verify.words import read_quotation, spoken
from tests.conftest import ROOT, article, write_lines
from web import create_app

FERRY = article(
    "ferry",
    "“We will keep the ferries running until the very last passenger is home,” Ada Holm said on Monday, “even if "
    "the harbour freezes over.”",
    "Nobody at the harbour office would answer questions about the winter timetable.",
    title="Ferries run on",
    date="2024-01-05",
    outlet="Coast Post",
)
COPY = article(
    "ferry-copy",
    "“We will keep the ferries running until the very last passenger is home,” Ada Holm said.",
    date="2024-01-09",
    outlet="Inland Times",
)
BUDGET = article(
    "budget",
    "Bo Lind said: “The town's budget can't bear 1,000 more lamps in the U.S. style, and it's not going to.”",
    "“[W]e shall see what the council makes of it,” Bo Lind said.",
    date="2024-02-01",
)
LAMPS = [
    article(f"lamps{n}", f"The lamps of street {n} were mended and the council paid for it, as it is said it would.")
    for n in range(40)
]


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    folder = tmp_path_factory.mktemp("verify")
    with Archive.open(settings=Settings(index=folder / "index", jobs=1)) as archive:
        archive.index([write_lines(folder / "all.jsonl", FERRY, COPY, BUDGET, *LAMPS)])
        yield archive


@pytest.fixture(scope="module")
def client(archive: Archive) -> FlaskClient:
    return create_app(archive, settings=archive.settings).test_client()


SAID = "We will keep the ferries running until the very last passenger is home"
CASES = [
    # what was pasted, the outcome, the paragraph that comes first
    (SAID, "exact", "ferry#0"),
    (f"“{SAID},”", "exact", "ferry#0"),
    (f'"{SAID.upper()}!"', "exact", "ferry#0"),
    ("«we will keep the ferries running»", "exact", "ferry#0"),
    ("We will keep … until the very last passenger is home", "exact", "ferry#0"),
    ("We will keep the ferries running ... even if the harbour freezes over", "exact", "ferry#0"),
    ("We will keep the ferries running [...] even if the harbour freezes over.", "exact", "ferry#0"),
    ("… until the very last passenger is home …", "exact", "ferry#0"),
    ("We will keep [them] running until the very last passenger is home", "exact", "ferry#0"),
    ("[The council] will keep the ferries running until the very last passenger [is home]", "exact", "ferry#0"),
    ("We will keep the ferries [sic] running until the very last passenger is home", "exact", "ferry#0"),
    ("[w]e will keep the ferries running until", "exact", "ferry#0"),
    ("We shall see what the council makes of it", "exact", "budget#1"),
    ("the town’s budget can’t bear 1000 more lamps in the US style", "exact", "budget#0"),
    ("and it’s not going to", "exact", "budget#0"),
    ("We will keep the ferries running until the very last sailor is home", "near", "ferry#0"),
    ("We will keep all the ferries running until the very last passenger is home", "near", "ferry#0"),
    ("We will keep ferries running until the last passenger home", "near", "ferry#0"),
    ("the towns budget can't bear 1,000 more lamps in the U.S. style, and its not going to", "near", "budget#0"),
    ("even if the harbour freezes over … We will keep the ferries running", "paraphrase", "ferry#0"),
    ("Nobody would answer questions about the winter timetable at the harbour office", "paraphrase", "ferry#1"),
    ("Until the very last passenger is home, we’ll keep the ferry running", "paraphrase", "ferry#0"),
    ("We will never talk to the cannery about wages", "not_found", None),
    ("home is passenger last very the until running ferries", "paraphrase", "ferry#0"),
    ("Xyzzy plugh frobnicate quux", "not_found", None),
    ("it is said it would have been the end of the street", "not_found", None),
]


@pytest.mark.parametrize(("quotation", "outcome", "first"), CASES)
def test_what_is_pasted_is_judged_as_a_reader_would(
    archive: Archive, quotation: str, outcome: str, first: str | None
) -> None:
    verdict = archive.verify(quotation)
    assert verdict.outcome == outcome
    assert (verdict.candidates[0].paragraph.id if verdict.candidates else None) == first
    assert verdict.found == (outcome in ("exact", "near"))
    for candidate in verdict.candidates:
        assert (candidate.similarity == 1) == (candidate.outcome is Outcome.EXACT)
        assert candidate.spans


@pytest.mark.parametrize(
    ("speaker", "outcome", "match"),
    [
        ("Ada Holm", "exact", SpeakerMatch.SAME),
        ("Holm", "exact", SpeakerMatch.SAME),
        ("Mayor Ada Holm", "exact", SpeakerMatch.SAME),
        ("ADA HOLM", "exact", SpeakerMatch.SAME),
        ("Bo Lind", "other_speaker", SpeakerMatch.OTHER),
        ("Ada Lind", "other_speaker", SpeakerMatch.OTHER),
        ("", "exact", SpeakerMatch.NOT_ASKED),
    ],
)
def test_the_words_may_be_somebody_elses(archive: Archive, speaker: str, outcome: str, match: SpeakerMatch) -> None:
    verdict = archive.verify(SAID, speaker)
    assert (verdict.outcome, verdict.candidates[0].speaker_match) == (outcome, match)
    assert verdict.candidates[0].speaker == "Ada Holm"
    assert verdict.found


def test_words_outside_any_quotation_are_nobodys(archive: Archive) -> None:
    verdict = archive.verify("Nobody at the harbour office would answer questions", "Ada Holm")
    assert verdict.candidates[0].speaker_match is SpeakerMatch.UNKNOWN
    assert "does not show that Ada Holm did" in verdict.explanation


def test_of_copies_the_earliest_comes_first(archive: Archive) -> None:
    assert [c.paragraph.id for c in archive.verify(SAID).candidates] == ["ferry#0", "ferry-copy#0"]


def test_the_differences_are_told_word_by_word(archive: Archive) -> None:
    best = archive.verify("We will keep [our] ferries … until the last old passenger was home").candidates[0]
    told = [(change.change, change.quotation, change.paragraph) for change in best.changes]
    assert told == [
        (Change.SAME, "We will keep", "We will keep"),
        (Change.EDITORS, "our", "the"),
        (Change.SAME, "ferries", "ferries"),
        (Change.OMITTED, "…", "running"),
        (Change.SAME, "until the", "until the"),
        (Change.ADDED, "", "very"),
        (Change.SAME, "last", "last"),
        (Change.MISSING, "old", ""),
        (Change.SAME, "passenger", "passenger"),
        (Change.REPLACED, "was", "is"),
        (Change.SAME, "home", "home"),
    ]
    assert [span.of(best.paragraph.text) for span in best.spans] == [
        "We will keep the ferries",
        "until the very last passenger is home",
    ]


def test_what_was_searched_is_said(archive: Archive) -> None:
    verdict = archive.verify("Xyzzy plugh")
    counts = archive.count()
    assert (verdict.searched.articles, verdict.searched.paragraphs) == (counts.articles, counts.paragraphs)
    assert str(verdict.searched.first) == "2024-01-05"
    assert f"{counts.paragraphs} paragraphs" in verdict.explanation


@pytest.mark.parametrize("empty", ["", " ", "“”", "…", "[they]", "!!"])
def test_without_words_there_is_nothing_to_check(archive: Archive, empty: str) -> None:
    with pytest.raises(ParameterError):
        archive.verify(empty)


def test_a_quotation_has_a_length(archive: Archive) -> None:
    with pytest.raises(QueryLimitError):
        archive.verify("word " * (LONGEST_QUOTATION // 5 + 1))
    assert archive.verify(("word " * (LONGEST_QUOTATION // 5)).strip()).outcome is Outcome.NOT_FOUND


# --------------------------------------------------------------------------- generated


def alterations(text: str, chance: random.Random) -> Iterator[tuple[str, str]]:
    """A quotation as it may be pasted, and what it is to be judged."""
    words = text.split()
    place = chance.randrange(1, len(words) - 1)
    yield text, "exact"
    yield f"“{text.upper()}”", "exact"
    yield " ".join(words[:3]) + " […] " + " ".join(words[-3:]), "exact"
    yield " ".join([*words[:place], "[omitted]", *words[place + 1 :]]), "exact"
    yield " ".join([*words[:place], "zebra", *words[place + 1 :]]), "near"
    yield " ".join(words[:place] + words[place + 1 :]), "near"


def test_sixty_alterations_of_the_samples_are_judged_rightly(tmp_path: Path) -> None:
    chance = random.Random(20261124)
    with Archive.open(settings=Settings(index=tmp_path / "index", jobs=1)) as archive:
        archive.index([ROOT / "seeds"])
        found = archive.search("", kind=["body"], size=100, sort="oldest").hits
        long = [hit.paragraph for hit in found if len(terms(hit.paragraph.text)) > 25 and "[" not in hit.paragraph.text]
        tried = 0
        for paragraph in chance.sample(long, 10):
            for pasted, outcome in alterations(" ".join(paragraph.text.split()[:14]), chance):
                verdict = archive.verify(pasted)
                assert verdict.outcome == outcome, pasted
                assert verdict.candidates[0].paragraph.id == paragraph.id, pasted
                tried += 1
    assert tried == 60


@hypothesis_settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=200) | st.text("“”\"'[]….()awe ", max_size=60))
def test_nothing_that_can_be_pasted_breaks_it(archive: Archive, pasted: str) -> None:
    try:
        verdict = archive.verify(pasted, pasted)
    except ParameterError:
        return
    for candidate in verdict.candidates:
        assert 0 <= candidate.similarity <= 1
        for span in candidate.spans:
            assert span.end <= len(candidate.paragraph.text)


WORDS = st.sampled_from("we will keep the old red lamp on at sea".split())


@given(st.lists(WORDS, min_size=1, max_size=12), st.lists(WORDS, min_size=1, max_size=30))
def test_an_alignment_accounts_for_every_word_of_both_sides(asked: list[str], there: list[str]) -> None:
    text = " ".join(there)
    found = align(read_quotation(" ".join(asked)), text, spoken(text))
    assert " ".join(filter(None, (change.quotation for change in found.changes))) == " ".join(asked)
    (span,) = found.spans or (None,)
    window = span.of(text) if span else ""
    assert " ".join(filter(None, (change.paragraph for change in found.changes))) == window
    assert found.common == longest_common(asked, window.split())
    assert (found.similarity == 1) == (window.split() == asked)
    # No window of the paragraph is more alike.
    best = max(
        (2 * longest_common(asked, there[i:j]) / (len(asked) + j - i), i - j)
        for i in range(len(there))
        for j in range(i + 1, len(there) + 1)
    )
    assert found.similarity == pytest.approx(best[0])


def longest_common(one: list[str], other: list[str]) -> int:
    """The textbook's table: how many words the two have in common in their order."""
    row = [0] * (len(other) + 1)
    for word in one:
        before = row
        row = [0]
        for j, there in enumerate(other):
            row.append(before[j] + 1 if word == there else max(row[j], before[j + 1]))
    return row[-1]


# ------------------------------------------------------------------------- three doors


def test_the_command_says_it_in_words_in_json_and_by_its_exit_code(archive: Archive, run: Callable[..., Any]) -> None:
    index = ("--index", archive.settings.index)
    found = run("verify", SAID.replace("passenger", "sailor"), "--speaker", "Holm", *index)
    assert found.exit_code == 0
    assert "[-sailor-]{+passenger+}" in found.stdout
    assert "ferry#0" in found.stdout
    assert "paragraphs of" in found.stderr
    lost = run("verify", "Xyzzy plugh", *index)
    assert (lost.exit_code, "stand in none" in lost.stdout) == (1, True)
    told = json.loads(run("verify", SAID, "--format", "json", *index).stdout)
    assert (told["outcome"], told["found"], told["candidates"][0]["paragraph"]["id"]) == ("exact", True, "ferry#0")


def test_the_api_and_the_page_answer_the_same(client: FlaskClient) -> None:
    answer = client.get("/api/v1/verify", query_string={"quotation": SAID, "speaker": "Bo Lind"})
    assert answer.json is not None
    assert answer.json["outcome"] == "other_speaker"
    page = client.get("/check", query_string={"quotation": SAID, "speaker": "Bo Lind"}).text
    assert answer.json["explanation"] in page
    assert re.search(r"/article/ferry\?q=[^\"]*#p0", page)
    assert "not by <bdi>Bo Lind</bdi>" in page


def test_the_page_marks_what_differs_and_helps_on(client: FlaskClient) -> None:
    assert "Did they say it?" in client.get("/check").text
    page = client.get("/check", query_string={"quotation": SAID.replace("passenger", "<b>sailor</b>")}).text
    assert "stands there: </span>passenger</ins>" in page
    assert "<b>" not in page
    assert client.get("/check", query_string={"quotation": "…"}).status_code == 400
    assert client.get("/api/v1/verify").status_code == 400
