"""Index and reindex: what changes on disk is found, everything else stays, and nothing is lost on the way."""

from __future__ import annotations

import gzip
import json
import os
from datetime import UTC, datetime, tzinfo
from pathlib import Path

import pytest

from search import Archive
from search.errors import IndexDamaged, IndexMissing, IndexOutdated, ShrinkRefused
from search.indexing.report import Report
from tests.conftest import article, write_lines

HARBOUR = article("harbour", "The harbour froze.", "“We wait,” Ada Holm said.", outlet="Coast Post", date="2024-01-05")
BRIDGE = article("bridge", "The bridge opened.", outlet="Coast Post", date="2024-02-06")
SCHOOL = article("school", "The school closed early.", outlet="Inland Times", date="2024-03-07")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three articles in two files and a text."""
    folder = tmp_path / "articles"
    write_lines(folder / "coast.jsonl", HARBOUR, BRIDGE)
    write_lines(folder / "inland" / "school.jsonl", SCHOOL)
    (folder / "ferry.txt").write_text("Ferry late\n\nThe ferry came an hour late on Monday.\n", encoding="utf-8")
    return folder


def counts(report: Report) -> dict[str, int]:
    names = ("read", "new", "replaced", "unchanged", "removed")
    found = {name: getattr(report, name) for name in names} | {"rejected": len(report.rejections)}
    return {name: count for name, count in found.items() if count}


def ids(archive: Archive, text: str = "") -> list[str]:
    return sorted(hit.paragraph.id for hit in archive.search(text, size=100).hits)


def touch(path: Path) -> None:
    """Give the file a later time, as an editor would."""
    entry = path.stat()
    os.utime(path, ns=(entry.st_atime_ns, entry.st_mtime_ns + 2_000_000_000))


def test_everything_is_found_the_first_time_and_nothing_the_second(archive: Archive, folder: Path) -> None:
    first = archive.index([folder])
    assert counts(first) == {"read": 4, "new": 4}
    assert ids(archive) == ["bridge#0", "ferry#0", "harbour#0", "harbour#1", "school#0"]
    second = archive.index([folder])
    assert counts(second) == {"unchanged": 4}
    assert second.generation == first.generation


def test_of_a_changed_file_only_the_changed_articles_are_read(archive: Archive, folder: Path) -> None:
    archive.index([folder])
    changed = article("bridge", "The bridge was closed again.", "Nobody was hurt.")
    write_lines(folder / "coast.jsonl", HARBOUR, changed, article("lock", "The lock gates jammed."))
    touch(folder / "coast.jsonl")
    report = archive.index([folder])
    assert counts(report) == {"read": 2, "new": 1, "replaced": 1, "unchanged": 3}
    assert ids(archive, "bridge opened") == []
    assert ids(archive, "title:bridge") == ["bridge#0", "bridge#1"]
    assert ids(archive, "title:lock") == ["lock#0"]


def test_a_file_that_is_touched_but_the_same_changes_nothing(archive: Archive, folder: Path) -> None:
    first = archive.index([folder])
    touch(folder / "coast.jsonl")
    report = archive.index([folder])
    assert counts(report) == {"unchanged": 4}
    assert report.generation == first.generation


def test_a_removed_file_takes_its_articles_with_it_only_when_its_folder_is_given(
    archive: Archive, folder: Path
) -> None:
    archive.index([folder])
    (folder / "coast.jsonl").unlink()
    assert counts(archive.index([folder / "inland"])) == {"unchanged": 1}
    assert len(ids(archive)) == 5
    assert counts(archive.index([folder])) == {"unchanged": 2, "removed": 2}
    assert ids(archive) == ["ferry#0", "school#0"]


def test_a_folder_that_has_gone_altogether_removes_nothing(archive: Archive, folder: Path) -> None:
    archive.index([folder])
    folder.rename(folder.with_name("elsewhere"))
    assert counts(archive.index([folder])) == {"rejected": 1}
    assert len(ids(archive)) == 5
    with pytest.raises(ShrinkRefused, match="cannot be found"):
        archive.reindex()
    assert len(ids(archive)) == 5


def test_an_article_may_move_from_one_file_to_another(archive: Archive, folder: Path) -> None:
    archive.index([folder])
    write_lines(folder / "coast.jsonl", HARBOUR)
    write_lines(folder / "aaa.jsonl", BRIDGE)
    touch(folder / "coast.jsonl")
    report = archive.index([folder])
    assert counts(report) == {"read": 1, "replaced": 1, "unchanged": 3}
    assert len(ids(archive)) == 5


def test_an_id_that_is_taken_is_rejected_by_name_and_the_first_stays(archive: Archive, folder: Path) -> None:
    write_lines(folder / "zzz.jsonl", article("harbour", "Another harbour."), article("harbour", "A third one."))
    report = archive.index([folder])
    assert counts(report) == {"read": 6, "new": 4, "rejected": 2}
    assert "“harbour” is taken by" in str(report.rejections[0])
    assert "coast.jsonl" in str(report.rejections[0])
    assert ids(archive, "another") == []


def test_a_record_that_breaks_leaves_what_was_indexed_of_it_until_it_is_mended(archive: Archive, folder: Path) -> None:
    archive.index([folder])
    path = folder / "coast.jsonl"
    path.write_text(json.dumps(HARBOUR) + "\n{“broken”\n", encoding="utf-8")
    touch(path)
    report = archive.index([folder])
    assert counts(report) == {"unchanged": 3, "rejected": 1}
    assert "coast.jsonl" in str(report.rejections[0])
    assert "line 2" in str(report.rejections[0])
    assert ids(archive, "bridge") == ["bridge#0"]
    assert len(archive.index([folder]).rejections) == 1, "a fault is told until it is mended"
    write_lines(path, HARBOUR)
    assert counts(archive.index([folder])) == {"unchanged": 3, "removed": 1}


def test_a_torn_archive_file_is_named_and_the_rest_goes_on(archive: Archive, folder: Path) -> None:
    whole = gzip.compress(b"".join(json.dumps(article(f"n{n}", f"Number {n}.")).encode() + b"\n" for n in range(500)))
    (folder / "torn.jsonl.gz").write_bytes(whole[: len(whole) // 2])
    report = archive.index([folder])
    assert len(report.rejections) == 1
    assert "torn.jsonl.gz" in str(report.rejections[0])
    assert len(ids(archive, "outlet:coast")) == 3


def test_symbolic_links_are_not_followed(archive: Archive, folder: Path, tmp_path: Path) -> None:
    write_lines(tmp_path / "secret" / "diary.jsonl", article("diary", "Dear diary."))
    (folder / "link.jsonl").symlink_to(tmp_path / "secret" / "diary.jsonl")
    (folder / "linked").symlink_to(tmp_path / "secret")
    archive.index([folder])
    assert ids(archive, "diary") == []


def test_reindex_makes_the_same_again_from_the_recorded_folders(archive: Archive, folder: Path) -> None:
    first = archive.index([folder])
    before = ids(archive)
    report = archive.reindex()
    assert counts(report) == {"read": 4, "new": 4}
    assert report.generation == first.generation + 1
    assert ids(archive) == before


def test_rollback_brings_the_state_before_the_last_change(archive: Archive, folder: Path) -> None:
    archive.index([folder])
    write_lines(folder / "more.jsonl", article("tower", "The tower leans."))
    archive.index([folder])
    assert ids(archive, "tower") == ["tower#0"]
    archive.rollback()
    assert ids(archive, "tower") == []
    archive.rollback()
    assert ids(archive, "tower") == ["tower#0"]


def test_a_rebuild_that_would_lose_most_is_refused(archive: Archive, folder: Path) -> None:
    archive.index([folder])
    with pytest.raises(ShrinkRefused, match="--force"):
        archive.reindex([folder / "inland"])
    assert len(ids(archive)) == 5
    archive.reindex([folder / "inland"], force=True)
    assert ids(archive) == ["school#0"]


def test_an_index_of_another_version_is_refused_and_kept(archive: Archive, folder: Path) -> None:
    archive.index([folder])
    manifest = archive._store.current().folder / "manifest.json"
    content = json.loads(manifest.read_text())
    manifest.write_text(json.dumps(content | {"analysis": content["analysis"] + 1}))
    archive.close()
    for attempt in (lambda: archive.search("bridge"), lambda: archive.index([folder])):
        with pytest.raises(IndexOutdated, match="onrecord reindex"):
            attempt()
    assert manifest.exists()
    archive.reindex()
    assert ids(archive, "bridge") == ["bridge#0"]


def test_nothing_indexed_yet_is_said_in_one_sentence(archive: Archive) -> None:
    for attempt in (archive.count, archive.status, archive.reindex, lambda: archive.search("x")):
        with pytest.raises(IndexMissing, match=r"There is no index in .* yet"):
            attempt()


def test_an_empty_folder_makes_an_empty_archive(archive: Archive, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    archive.index([tmp_path / "empty"])
    assert archive.search("anything").total == 0
    assert archive.status().first is None
    assert list(filter(None, archive.check())) == []


def test_check_finds_nothing_in_a_sound_index(archive: Archive, folder: Path) -> None:
    archive.index([folder])
    write_lines(folder / "inland" / "school.jsonl", article("school", "The school opened late."))
    touch(folder / "inland" / "school.jsonl")
    archive.index([folder])
    assert list(filter(None, archive.check())) == []


def test_check_names_an_article_that_is_not_there(archive: Archive, folder: Path) -> None:
    archive.index([folder])
    sources = archive._store.current().folder / "sources.jsonl"
    sources.write_text(sources.read_text().replace('"bridge":1', '"bridge":2'))
    assert [fault for fault in archive.check() if fault] == ["article bridge: 1 paragraphs are indexed, 2 were put in"]


# Whoosh leaves the file of a table of contents that it cannot read to the garbage collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("how", ["missing", "empty", "half"])
def test_any_torn_file_is_refused_in_one_sentence_or_does_no_harm(archive: Archive, folder: Path, how: str) -> None:
    archive.index([folder])
    whole = {path: path.read_bytes() for path in archive._store.current().folder.iterdir()}
    archive.close()
    for path, content in whole.items():
        path.unlink() if how == "missing" else path.write_bytes(content[: len(content) // 2 if how == "half" else 0])
        try:
            found = len(ids(archive)), len(ids(archive, "bridge")), archive.article("harbour") is not None
            assert found == (5, 1, True), path.name
        except IndexDamaged as error:
            assert str(folder.parent) in str(error)
        archive.close()
        path.write_bytes(content)
    assert len(ids(archive)) == 5
    assert archive.reindex([folder]).total == 4


def test_when_an_article_was_first_indexed_stays_through_changes_and_rebuilds(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    moments = iter([datetime(2024, 1, day, tzinfo=UTC) for day in range(1, 29)])

    class Clock(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # noqa: ARG003
            return next(moments)

    def since() -> dict[str, int]:
        found = {hit.paragraph.article for hit in archive.search("", size=100, copies="all").hits}
        return {head.id: head.indexed.day for head in found if head.indexed}

    monkeypatch.setattr("search.indexing.run.datetime", Clock)
    file = write_lines(tmp_path / "all.jsonl", article("a", "Ice."), article("b", "Snow."))
    archive.index([file])
    first = since()["a"]
    assert since() == {"a": first, "b": first}
    write_lines(file, article("a", "Ice melts."), article("b", "Snow."), article("c", "Rain."))
    archive.index([file])
    later = since()["c"]
    assert since() == {"a": first, "b": first, "c": later}
    assert later > first
    assert [hit.paragraph.article.id for hit in archive.search("", sort="indexed").hits] == ["c", "a", "b"]
    archive.reindex()
    assert since() == {"a": first, "b": first, "c": later}
    write_lines(file, article("b", "Snow."))
    archive.index([file])
    write_lines(file, article("a", "Ice."), article("b", "Snow."))
    archive.index([file])
    assert since()["a"] > later, "what was gone meanwhile is new again"
