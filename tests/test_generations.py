"""A generation becomes current in one step; what was there before stays until then, and one back after."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from search.articles import Rejection
from search.errors import IndexDamaged, IndexMissing, IndexUnavailable
from search.generations import Generations
from search.generations.manifest import Manifest, SourceEntry, read_sources
from search.generations.records import RecordEntry, Records
from search.held import Pages

SOURCES = {"/a/b.txt": SourceEntry("/a/b.txt", "/a", 12, 34, Records(Pages(), [RecordEntry("ffff", {"b": 3})]))}


def publish(generations: Generations, content: str, *, on_top: bool = False) -> int:
    base = generations.current() if on_top else None
    number, folder = generations.draft(base)
    (folder / f"{content}.seg").write_text(content)
    Manifest("whoosh", 1, 1, "0.1.0", "2026-01-01T00:00:00+00:00", 1, 3, ("/a",)).write(folder, SOURCES)
    generations.publish(number)
    return number


def segments(generations: Generations) -> set[str]:
    return {path.stem for path in generations.current().folder.glob("*.seg")}


@pytest.fixture
def generations(tmp_path: Path) -> Generations:
    generations = Generations(tmp_path / "index")
    generations.prepare()
    return generations


def test_nothing_is_current_until_something_is_published(generations: Generations) -> None:
    generations.draft(None)
    with pytest.raises(IndexMissing, match="onrecord index"):
        generations.current()


def test_a_generation_on_top_holds_the_files_of_the_one_below_without_copying_them(generations: Generations) -> None:
    publish(generations, "one")
    below = generations.current().folder / "one.seg"
    publish(generations, "two", on_top=True)
    assert segments(generations) == {"one", "two"}
    assert (generations.current().folder / "one.seg").samefile(below)


def test_the_last_two_are_kept_and_rollback_goes_back_and_forth(generations: Generations) -> None:
    for content in ("one", "two", "three"):
        publish(generations, content)
    assert len(list((generations.index / "generations").iterdir())) == 2
    generations.rollback()
    assert segments(generations) == {"two"}
    generations.rollback()
    assert segments(generations) == {"three"}


def test_a_generation_after_a_rollback_does_not_overwrite_the_one_left_behind(generations: Generations) -> None:
    publish(generations, "one")
    publish(generations, "two")
    generations.rollback()
    publish(generations, "three")
    assert segments(generations) == {"three"}
    generations.rollback()
    assert segments(generations) == {"one"}


def test_rollback_without_an_earlier_generation_says_so(generations: Generations) -> None:
    publish(generations, "one")
    with pytest.raises(IndexMissing, match="no earlier generation"):
        generations.rollback()


def test_the_draft_of_a_killed_process_is_cleared_away(generations: Generations) -> None:
    publish(generations, "one")
    number, folder = generations.draft(generations.current())
    generations.prune()
    assert not folder.exists()
    assert segments(generations) == {"one"}
    assert number == 2


def test_a_process_killed_before_its_pointer_took_the_place_of_the_old_one_bars_nobody(
    generations: Generations, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(generations, "one")

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(os, "replace", killed)
        with pytest.raises(KeyboardInterrupt):
            generations.publish(generations.draft(None)[0])
    generations.prepare()
    assert publish(generations, "two") > 1
    assert segments(generations) == {"two"}


def test_the_manifest_comes_back_as_it_was_written(generations: Generations) -> None:
    publish(generations, "one")
    current = generations.current()
    assert (current.manifest.articles, current.manifest.roots) == (1, ("/a",))
    assert read_sources(current.folder, generations.index) == SOURCES


@pytest.mark.parametrize("content", ["", "{", "[]", '{"current": "x"}', '{"current": 1}', "\x00\xff"])
def test_a_torn_pointer_is_named_and_nothing_is_deleted(generations: Generations, content: str) -> None:
    publish(generations, "one")
    folder = generations.current().folder
    (generations.index / "current").write_text(content, encoding="latin-1")
    with pytest.raises(IndexDamaged, match="reindex PATH"):
        generations.current()
    generations.prune()
    assert folder.is_dir()
    publish(generations, "two")
    assert segments(generations) == {"two"}


@pytest.mark.parametrize("name", ["manifest.json", "sources.jsonl"])
@pytest.mark.parametrize("content", [None, "", "{", '{"engine": 1}', "[1, 2]"])
def test_a_torn_manifest_is_named(generations: Generations, name: str, content: str | None) -> None:
    publish(generations, "one")
    folder = generations.current().folder
    (folder / name).unlink() if content is None else (folder / name).write_text(content)
    if name == "sources.jsonl" and content == "":
        assert read_sources(folder, generations.index) == {}  # an archive of nothing
        return
    with pytest.raises(IndexDamaged, match=name.replace(".", r"\.")):
        generations.current() if name == "manifest.json" else read_sources(folder, generations.index)


def test_a_folder_with_other_files_is_refused_untouched(tmp_path: Path) -> None:
    (tmp_path / "thesis.doc").write_text("years of work")
    with pytest.raises(IndexUnavailable, match=r"holds other files \(thesis.doc\)"):
        Generations(tmp_path).prepare()
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.doc"]


def test_a_file_in_place_of_the_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "index").write_text("")
    with pytest.raises(IndexUnavailable, match="index"):
        Generations(tmp_path / "index").prepare()
    with pytest.raises(IndexUnavailable, match="is a file"):
        Generations(tmp_path / "index").current()


@pytest.mark.skipif(os.name != "posix", reason="Windows has no such modes")
def test_an_index_that_others_can_write_to_is_not_opened(generations: Generations) -> None:
    publish(generations, "one")
    assert generations.index.stat().st_mode & 0o077 == 0
    generations.index.chmod(0o777)
    with pytest.raises(IndexUnavailable, match="chmod go-w"):
        generations.current()


ENTRY = SourceEntry(
    '/a/[b], "c".jsonl',
    "/a",
    12,
    34,
    Records(
        Pages(),
        [
            RecordEntry("aaaa", {"a": 3, "é]": 0}, indexed={"a": "2026-01-01T00:00:00"}),
            RecordEntry("bbbb", {"b": 3}, (Rejection("/a/b", "line 2", "no text", "give it one"),)),
            RecordEntry("", {}),
        ],
    ),
)


def read(pieces: Iterable[str]) -> SourceEntry:
    (entry,) = SourceEntry.read(pieces, Pages())
    return entry


@pytest.mark.parametrize("entry", [ENTRY, *SOURCES.values(), replace(ENTRY, records=Records(Pages()))])
def test_a_source_is_read_as_it_was_written_and_never_in_part(entry: SourceEntry) -> None:
    line = "".join(entry.pieces())
    for size in (1, 2, 7, len(line)):
        assert read(line[at : at + size] for at in range(0, len(line), size)) == entry
    assert json.loads(line)[:4] == [entry.path, entry.root, entry.size, entry.modified]
    for end in range(len(line) - 1):
        with pytest.raises(ValueError, match=r"."):
            read([line[:end]])
        with pytest.raises((ValueError, TypeError)):
            read([f"{line[:end]}\0{line[end + 1 :]}"])


def test_records_are_counted_and_told_apart() -> None:
    records = ENTRY.records
    assert (len(records), records.articles, records.paragraphs, records.rejected, records.unread) == (3, 3, 6, 1, 1)
    assert list(records.ids()) == ["a", "é]", "b"]
    assert records == Records(Pages(), records)
    assert records != Records(Pages(), [*records, *records])
    assert records != Records(Pages(), reversed(list(records)))


def test_records_of_two_files_share_pages() -> None:
    pages = Pages()
    one, other = Records(pages), Records(pages)
    for number in range(4):
        one.add(RecordEntry(f"{number}", {f"one{number}": 1}))
        other.add(RecordEntry(f"{number}", {f"other{number}": 1}))
    assert list(one.ids()) == [f"one{number}" for number in range(4)]
    assert [pages.read(at, at + len(line)).decode() for at, line in other.placed()] == list(other.lines())


def test_what_is_known_of_a_record_is_told_by_article() -> None:
    record, *_ = ENTRY.records
    assert (record.articles, record.indexed) == ({"a": 3, "é]": 0}, {"a": "2026-01-01T00:00:00"})
