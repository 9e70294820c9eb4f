"""The command line: answers on stdout, the rest on stderr, exit codes as promised, and never a traceback."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from search.cli import main
from search.generations.lock import exclusive
from tests.conftest import article, write_lines

Run = Callable[..., Result]

TALKS = article(
    "talks",
    "“We will keep talking until there is an agreement,” Ada Holm told reporters.",
    "The talks entered their third day.",
    title="Harbour talks go on",
    date="2024-01-05",
    outlet="Coast Post",
)
STORM = article("storm", "A storm delayed the ferry.", outlet="Inland Times", date="2024-03-07")
FORMULA = article("sum", "=SUM(A1:A9) is what the talks came to.", title="\x1b[31mRed", outlet="@home")


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """``onrecord`` on an index of its own, in this process."""

    def invoke(command: str, *words: str | Path) -> Result:
        place = [] if command == "analyze" else ["--index", str(tmp_path / "index")]
        return CliRunner().invoke(main, [command, *map(str, words), *place])

    return invoke


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    return write_lines(tmp_path / "articles" / "all.jsonl", TALKS, STORM, FORMULA).parent


@pytest.fixture
def indexed(run: Run, articles: Path) -> Run:
    assert run("index", articles, "--jobs", "1").exit_code == 0
    return run


def test_help_needs_nothing() -> None:
    done = CliRunner().invoke(main, ["--help"])
    assert done.exit_code == 0
    for command in ("index", "reindex", "search", "show", "analyze", "status", "check", "serve"):
        assert command in done.stdout
        assert CliRunner().invoke(main, [command, "--help"]).exit_code == 0


def test_index_counts_what_it_did_on_stderr(run: Run, articles: Path) -> None:
    first = run("index", articles)
    assert (first.exit_code, first.stdout) == (0, "")
    assert "new" in first.stderr
    assert "3 articles from 1 files" in first.stderr
    assert "Generation 1" in run("index", articles).stderr


def test_ids_come_best_first_one_a_line(indexed: Run) -> None:
    done = indexed("search", "talks", "--format", "ids")
    assert done.exit_code == 0
    assert sorted(done.stdout.split()) == ["sum#0", "talks#0", "talks#1"]


def test_json_holds_the_whole_answer(indexed: Run) -> None:
    answer = json.loads(indexed("search", "agreement", "--format", "json", "--facet", "outlet").stdout)
    assert answer["total"] == 1
    (hit,) = answer["hits"]
    assert (hit["id"], hit["article"]["published"]) == ("talks#0", "2024-01-05")
    assert [hit["text"][span["start"] : span["end"]] for span in hit["highlights"]] == ["agreement"]
    (value,) = answer["facets"]["outlet"]
    assert (value["value"], value["label"], value["count"], value["selected"]) == ("Coast Post", "Coast Post", 1, False)


def test_ndjson_is_a_hit_a_line(indexed: Run) -> None:
    lines = indexed("search", "talks", "--format", "ndjson").stdout.splitlines()
    assert {json.loads(line)["id"] for line in lines} == {"sum#0", "talks#0", "talks#1"}


def test_csv_has_a_header_and_runs_no_formula(indexed: Run) -> None:
    rows = list(csv.DictReader(io.StringIO(indexed("search", "sum", "--format", "csv").stdout)))
    assert rows[0]["text"].startswith("'=SUM(")
    assert rows[0]["outlet"] == "'@home"


def test_a_terminal_is_not_steered_by_an_article(indexed: Run) -> None:
    done = indexed("search", "sum")
    assert "\x1b[31m" not in done.stdout
    assert "[31mRed" in done.stdout


def test_a_table_in_a_file_has_no_blanks_at_its_lines_ends(indexed: Run) -> None:
    printed = indexed("search", "agreement", "--facet", "outlet", "--facet", "speaker", "--interval", "year").stdout
    lines = printed.split("\n")
    assert all(line == line.rstrip() for line in lines)
    assert max(map(len, lines)) < 1_000
    assert lines[lines.index("outlet") + 1].strip()


def test_an_empty_facet_says_so(indexed: Run) -> None:
    assert "section\n  none\n" in indexed("search", "agreement", "--facet", "section").stdout


def test_filters_bear_the_names_of_the_url(indexed: Run) -> None:
    def found(*words: str) -> list[str]:
        return indexed("search", *words, "--format", "ids").stdout.split()

    assert found("", "--outlet", "Inland Times") == ["storm#0"]
    assert found("", "--from", "2024-02") == ["storm#0"]
    assert found("", "--to", "2024-01", "--sort", "oldest") == ["talks#0", "talks#1"]
    assert found("talks storm", "--match", "any", "--sort", "newest")[0] == "storm#0"
    assert len(found("", "-n", "1")) == 1
    assert found("", "-n", "1", "--page", "2") != found("", "-n", "1")


def test_no_hits_is_exit_code_1(indexed: Run) -> None:
    done = indexed("search", "zeppelin")
    assert (done.exit_code, done.stdout) == (1, "")
    assert "No paragraph answers this" in done.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["x", "--from", "yesterday"], "“from” must be a year"),
        (["x", "--size", "0"], "“size” must be a whole number"),
        (["x", "--sort", "best"], "relevance, newest, oldest"),
        (["x", "--kind", "poem"], "“kind” must be one of"),
        (["x " * 900], "1,024"),
    ],
)
def test_a_bad_question_is_exit_code_2_and_a_sentence(indexed: Run, words: list[str], said: str) -> None:
    done = indexed("search", *words)
    assert (done.exit_code, done.stdout) == (2, "")
    assert said in done.stderr


def test_no_index_is_exit_code_3_and_the_remedy(run: Run) -> None:
    for command in (["search", "x"], ["show", "x"], ["status"], ["check"], ["reindex"]):
        done = run(*command)
        assert done.exit_code == 3
        assert "onrecord index PATH" in done.stderr


def test_another_writer_is_exit_code_4(indexed: Run, articles: Path, tmp_path: Path) -> None:
    with exclusive(tmp_path / "index" / "lock", "a test", 0):
        done = indexed("index", articles, "--lock-timeout", "0.1")
    assert done.exit_code == 4
    assert "(a test, since" in done.stderr


def test_rejected_input_is_exit_code_5_and_the_rest_is_indexed(run: Run, articles: Path) -> None:
    (articles / "bad.json").write_text("{")
    done = run("index", articles)
    assert done.exit_code == 5
    assert "bad.json" in done.stderr
    assert run("search", "storm").exit_code == 0


def test_a_rebuild_that_loses_most_is_exit_code_6(indexed: Run, tmp_path: Path) -> None:
    few = write_lines(tmp_path / "few.jsonl", STORM)
    assert indexed("reindex", few).exit_code == 6
    assert indexed("reindex", few, "--force").exit_code == 0
    assert indexed("reindex", "--rollback").exit_code == 0
    assert indexed("search", "talks").exit_code == 0


def test_show_prints_an_article_or_one_paragraph(indexed: Run) -> None:
    assert "third day" in indexed("show", "talks").stdout
    one = indexed("show", "talks#1").stdout
    assert "third day" in one
    assert "agreement" not in one
    assert json.loads(indexed("show", "talks#1", "--format", "json").stdout)["id"] == "talks#1"
    assert len(json.loads(indexed("show", "talks", "--format", "json").stdout)["paragraphs"]) == 2
    assert indexed("show", "nothing").exit_code == 1


def test_status_and_check(indexed: Run) -> None:
    said = indexed("status").stdout
    assert "3, 2024-01-05 to 2024-03-07" in said
    assert json.loads(indexed("status", "--format", "json").stdout)["paragraphs"] == 4
    assert "No fault found: 3 articles, 4 paragraphs" in indexed("check").stderr


def test_analyze_prints_an_article_a_line_as_the_contract_has_it(run: Run, articles: Path) -> None:
    done = run("analyze", articles, "--jobs", "1")
    first = json.loads(done.stdout.splitlines()[0])
    assert (first["id"], first["title"], len(first["paragraphs"])) == ("talks", "Harbour talks go on", 2)
    paragraph = first["paragraphs"][0]
    assert {"number", "kind", "text", "speakers", "topics", "quotations"} <= paragraph.keys()
    assert paragraph["text"] == TALKS["paragraphs"][0]  # type: ignore[index]
    assert [speaker["name"] for speaker in paragraph["speakers"]] == ["Ada Holm"]
    (quotation,) = paragraph["quotations"]
    quoted = [paragraph["text"][run["start"] : run["end"]] for run in quotation["quoted"]]
    assert quoted == ["We will keep talking until there is an agreement,"]


@pytest.mark.usefixtures("indexed")
def test_a_closed_pipe_ends_in_silence(tmp_path: Path) -> None:
    line = f"{sys.executable} -m search.cli search talks --format ndjson --index {tmp_path / 'index'} | head -c 1"
    done = subprocess.run(
        ["bash", "-c", line], capture_output=True, text=True, check=False, cwd=Path(__file__).parents[1]
    )
    assert done.stderr.count("\n") <= 1, done.stderr
    assert "Traceback" not in done.stderr
