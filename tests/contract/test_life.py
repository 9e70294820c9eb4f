"""What can be done with an archive, on every engine: index, change, rebuild, go back, lock out, check."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from search import Archive
from search.engines.opensearch import mapping
from search.errors import IndexBusy, IndexMissing, ParameterError, ShrinkRefused
from search.generations import clusters
from search.generations.store import open_store
from search.indexing.copying import copy
from search.indexing.report import Report
from search.model import SearchRequest
from search.settings import SettingsError
from tests.conftest import article, write_lines
from tests.contract.conftest import Kept


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_lines(tmp_path / "articles" / "one.jsonl", article("ferry", "The ferry sails at dawn.", "Ice is thin."))
    write_lines(tmp_path / "articles" / "two.jsonl", article("budget", "Taxes rise.", published="2024-01-05"))
    return tmp_path / "articles"


def ids(archive: Archive, query: str = "") -> list[str]:
    return sorted(hit.paragraph.id for hit in archive.search(query, copies="all").hits)


def test_nothing_is_there_before_it_is_indexed(archive: Archive) -> None:
    with pytest.raises(IndexMissing, match="onrecord index"):
        archive.search("ice")
    with pytest.raises(IndexMissing, match=r"onrecord index|earlier"):
        archive.rollback()


def test_what_is_new_changed_or_gone_is_all_that_is_done(archive: Archive, folder: Path) -> None:
    report = archive.index([folder])
    assert (report.new, report.total, archive.count().paragraphs) == (2, 2, 3)
    again = archive.index([folder])
    assert (again.read, again.unchanged, again.generation) == (0, 2, report.generation)

    write_lines(folder / "one.jsonl", article("ferry", "The ferry stays."), article("fog", "Fog."))
    (folder / "two.jsonl").unlink()
    changed = archive.index([folder])
    assert (changed.new, changed.replaced, changed.removed) == (1, 1, 1)
    assert changed.generation > report.generation
    assert ids(archive) == ["ferry#0", "fog#0"]
    assert ids(archive, "ice") == []
    assert [fault for fault in archive.check() if fault] == []
    status = archive.status()
    assert (status.articles, status.paragraphs, status.generation) == (2, 2, changed.generation)
    assert status.roots == (str(folder),)


def test_a_rebuild_swaps_and_can_be_taken_back(archive: Archive, folder: Path) -> None:
    first = archive.index([folder]).generation
    write_lines(folder / "three.jsonl", article("snow", "Snow fell."))
    second = archive.reindex().generation
    assert ids(archive, "snow") == ["snow#0"]
    assert archive.status().previous == first
    assert archive.rollback() == first
    assert ids(archive, "snow") == []
    assert archive.rollback() == second
    for _ in range(3):
        archive.reindex()
    assert archive.rollback() > second  # no more than two are kept


def test_a_rebuild_that_loses_most_is_refused_and_leaves_nothing_behind(archive: Archive, folder: Path) -> None:
    write_lines(folder / "three.jsonl", *(article(f"n{n}", "News.") for n in range(4)))
    archive.index([folder])
    (folder / "three.jsonl").unlink()
    with pytest.raises(ShrinkRefused, match="--force"):
        archive.reindex()
    assert archive.count().articles == 6
    assert archive.reindex(force=True).total == 2


def test_searches_go_on_while_it_is_rebuilt_and_never_miss(archive: Archive, folder: Path) -> None:
    archive.index([folder])
    stop, wrong = threading.Event(), []

    def read() -> None:
        while not stop.is_set():
            found = ids(archive, "ferry")
            if found[:1] != ["ferry#0"]:
                wrong.append(found)

    reader = threading.Thread(target=read)
    reader.start()
    for _ in range(3):
        archive.reindex()
    stop.set()
    reader.join()
    assert wrong == []


def test_a_cursor_of_an_earlier_generation_is_refused(archive: Archive, folder: Path) -> None:
    archive.index([folder])
    cursor = archive.search("", size=1, copies="all").cursor
    assert cursor
    assert archive.search("", size=1, copies="all", cursor=cursor).hits
    write_lines(folder / "three.jsonl", article("snow", "Snow fell."))
    archive.index([folder])
    with pytest.raises(ParameterError, match="first page"):
        archive.search("", size=1, copies="all", cursor=cursor)


def test_whoever_is_alone_keeps_others_out_and_is_named(kept: Kept, folder: Path) -> None:
    settings = kept.settings()
    heard: list[str] = []
    with Archive.open(settings=settings) as archive:
        archive.index([folder])
        with (
            open_store(settings).changing("onrecord reindex", 1.0, heard.append, alone=True),
            pytest.raises(IndexBusy, match="onrecord reindex, since"),
        ):
            archive.index([folder])
        assert archive.index([folder]).unchanged == 2


def test_marks_and_copies_are_the_same_through_the_door(archive: Archive, folder: Path) -> None:
    text = "The harbour master said nobody would sail before the ice had gone."
    write_lines(folder / "three.jsonl", article("a", text, outlet="Post"), article("b", text, outlet="Times"))
    archive.index([folder])
    found = archive.search('"harbour master" NEAR/3 nobody')
    assert (found.total, found.stories, len(found.hits), found.hits[0].copies) == (2, 1, 1, 1)
    assert [span.of(text) for span in found.hits[0].highlights] == ["harbour master", "nobody"]
    assert [paragraph.id for paragraph in archive.copies("a#0")] == ["b#0"]


def test_an_archive_moves_with_all_it_holds(
    kept: Kept, folder: Path, tmp_path: Path, run: Callable[..., object]
) -> None:
    write_lines(folder / "three.jsonl", *(article(f"n{n}", "News.", "“Ice,” said Ada Holm.") for n in range(120)))
    there = kept.settings()
    with Archive.open(tmp_path / "here") as here, Archive.open(settings=there) as moved:
        here.index([folder])
        if "://" not in there.engine:
            with pytest.raises(SettingsError, match="already"):
                copy(here.settings, here.settings.engine)
            return
        done = run("copy", "--index", tmp_path / "here", "--to", there.engine, "--jobs", "1")
        assert done.exit_code == 0  # type: ignore[attr-defined]
        assert f"ONRECORD_ENGINE={there.engine}" in done.stderr  # type: ignore[attr-defined]
        assert moved.count() == here.count()
        assert moved.article("n7") == here.article("n7")
        assert moved.paragraph("n7#1").speakers[0].name == "Ada Holm"  # type: ignore[union-attr]
        assert ids(moved, "ice") == ids(here, "ice")
        assert [fault for fault in moved.check() if fault] == []
        assert moved.index([folder]).read == 0


@pytest.mark.parametrize("kept", ["opensearch"], indirect=True)
def test_several_machines_index_different_folders_at_once(kept: Kept, tmp_path: Path) -> None:
    settings = replace(kept.settings(), lock_timeout=30.0)
    for machine in range(3):
        for n in range(8):
            path = tmp_path / f"m{machine}" / f"{n}.jsonl"
            write_lines(path, *(article(f"m{machine}-{n}-{i}", "Ice.", "Snow fell on it.") for i in range(20)))
    with Archive.open(settings=settings) as archive:
        archive.index([write_lines(tmp_path / "first" / "a.jsonl", article("first", "Ice."))])

    failed: list[BaseException] = []

    def work(machine: int) -> None:
        try:
            with Archive.open(settings=settings) as archive:
                archive.index([tmp_path / f"m{machine}"])
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=work, args=(machine,)) for machine in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    with Archive.open(settings=settings) as archive:
        assert (archive.count().articles, archive.count().paragraphs) == (481, 961)
        assert (archive.status().articles, len(archive.status().roots)) == (481, 4)
        assert [fault for fault in archive.check() if fault] == []
        for machine in range(3):
            assert archive.index([tmp_path / f"m{machine}"]).unchanged == 160


@pytest.mark.parametrize("kept", ["opensearch"], indirect=True)
def test_an_article_that_the_cluster_refuses_is_named_and_the_rest_goes_on(
    archive: Archive, folder: Path, run: Callable[..., object], monkeypatch: pytest.MonkeyPatch
) -> None:
    # Nothing that can be read is refused by an index of ours: here is one that would have sections to be numbers.
    made = mapping.index_body(1, 0, {})
    made["mappings"]["properties"]["section"] = {"type": "integer"}
    monkeypatch.setattr(clusters, "index_body", lambda *_: made)
    refused = article("harbour", "Ice.", "More ice.", section="News")
    write_lines(folder / "three.jsonl", article("before", "Ice."), refused, article("after", "Ice."))
    done = run("index", folder, "--engine", archive.settings.engine, "--jobs", "1")
    assert done.exit_code == 5, done.stderr  # type: ignore[attr-defined]
    assert "three.jsonl, article “harbour”" in done.stderr  # type: ignore[attr-defined]
    assert "the cluster refuses paragraph" in done.stderr  # type: ignore[attr-defined]
    assert ids(archive, "ice") == ["after#0", "before#0", "ferry#1"]
    assert [fault for fault in archive.check() if fault] == []
    assert archive.status().articles == archive.count().articles == 4
    again = archive.index([folder])
    assert (again.unchanged, len(again.rejections)) == (4, 1)

    write_lines(folder / "three.jsonl", article("before", "Ice."), article("after", "Ice."), article("new", "Ice."))
    mended = archive.index([folder])
    assert (mended.new, mended.rejections, archive.count().articles) == (1, [], 5)


@pytest.mark.parametrize("kept", ["opensearch"], indirect=True)
def test_of_two_machines_with_the_same_ids_one_is_told(kept: Kept, tmp_path: Path) -> None:
    settings = replace(kept.settings(), lock_timeout=30.0)
    for machine in range(3):
        lines = [article(f"n{n}", f"Ice of machine {machine}.", *["Snow."] * machine) for n in range(40)]
        write_lines(tmp_path / f"m{machine}" / "a.jsonl", *lines, article(f"own{machine}", "Ice."))
    with Archive.open(settings=settings) as archive:
        archive.index([write_lines(tmp_path / "first" / "a.jsonl", article("first", "Ice."))])

    reports: dict[int, Report] = {}

    def work(machine: int) -> None:
        with Archive.open(settings=settings) as archive:
            reports[machine] = archive.index([tmp_path / f"m{machine}"])

    threads = [threading.Thread(target=work, args=(machine,)) for machine in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with Archive.open(settings=settings) as archive:
        assert sum(report.new for report in reports.values()) == 43
        assert sum(len(report.rejections) for report in reports.values()) == 80
        told = next(str(report.rejections[0]) for report in reports.values() if report.rejections)
        assert "article “n" in told
        assert "same id" in told
        assert archive.status().articles == archive.count().articles == 44
        assert [fault for fault in archive.check() if fault] == []
        for n in range(40):  # each is whole
            found = archive.article(f"n{n}")
            assert found is not None
            assert len(found.paragraphs) == 1 + int(found.paragraphs[0].text[-2])


def test_the_request_may_be_made_beforehand(archive: Archive, folder: Path, run: Callable[..., object]) -> None:
    archive.index([folder])
    assert archive.answer(SearchRequest("ice")).total == 1
    engine = archive.settings.engine
    found = run("search", "ice", "--format", "ids", "--engine", engine, "--index", archive.settings.index)
    assert (found.exit_code, found.stdout) == (0, "ferry#1\n")  # type: ignore[attr-defined]
