"""Finding files, and cutting them into records within bounds."""

from __future__ import annotations

import gzip
import json
import os
import pickle
import tracemalloc
from pathlib import Path

import pytest

from search.articles import Limits, Record, Rejection, SourceFile, find_sources, read_articles, records
from search.model import Article

SMALL = Limits(file=10_000, record=100, unpacked=50_000, ratio=10, grace=2_000)


def write(path: Path, content: bytes | str = "x") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def found(*paths: Path) -> list[str]:
    return [each.relative if isinstance(each, SourceFile) else str(each) for each in find_sources(paths)]


def cut(path: Path, limits: Limits = SMALL) -> list[Record | Rejection]:
    (source,) = find_sources([path])
    assert isinstance(source, SourceFile)
    return list(records(source, limits))


def test_folders_are_walked_in_sorted_order(tmp_path: Path) -> None:
    for name in ("b.txt", "a.TXT", "c/d.jsonl.gz", "c/e.html", "z.pdf", "README.md", ".hidden.txt", ".git/x.txt"):
        write(tmp_path / name)
    assert found(tmp_path) == ["a.TXT", "b.txt", "c/d.jsonl.gz", "c/e.html"]
    assert found(tmp_path, tmp_path / "c") == ["a.TXT", "b.txt", "c/d.jsonl.gz", "c/e.html"]


def test_a_source_knows_where_it_was_found(tmp_path: Path) -> None:
    write(tmp_path / "c" / "e.txt")
    (inside,) = find_sources([tmp_path])
    (alone,) = find_sources([tmp_path / "c" / "e.txt"])
    assert isinstance(inside, SourceFile)
    assert isinstance(alone, SourceFile)
    assert (inside.root, inside.relative) == (tmp_path.resolve(), "c/e.txt")
    assert (alone.root, alone.relative) == ((tmp_path / "c").resolve(), "e.txt")
    assert inside.path == alone.path
    assert inside.path.is_absolute()


def test_links_inside_a_folder_are_not_followed(tmp_path: Path) -> None:
    write(tmp_path / "outside" / "secret.txt")
    write(tmp_path / "archive" / "a.txt")
    try:
        (tmp_path / "archive" / "link.txt").symlink_to(tmp_path / "outside" / "secret.txt")
        (tmp_path / "archive" / "folder").symlink_to(tmp_path / "outside")
        (tmp_path / "archive" / "loop").symlink_to(tmp_path / "archive")
        (tmp_path / "archive" / "self.txt").symlink_to("self.txt")
    except OSError:
        pytest.skip("this system makes no links")
    assert found(tmp_path / "archive") == ["a.txt"]
    assert "cannot be found" in found(tmp_path / "archive" / "self.txt")[0]


def test_paths_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    write(tmp_path / "a.txt")
    write(tmp_path / "a.pdf")
    missing, pdf, nul, good = found(tmp_path / "no", tmp_path / "a.pdf", Path("a\0b.txt"), tmp_path / "a.txt")
    assert missing == f"{tmp_path / 'no'}: cannot be found (no such file or directory); check the path."
    assert "give it one of the endings" in pdf
    assert "cannot be found" in nul
    assert good == "a.txt"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    assert found(tmp_path) == []
    assert "neither a file nor a folder" in found(tmp_path / "pipe.txt")[0]


def test_a_line_is_a_record_with_its_place(tmp_path: Path) -> None:
    got = cut(write(tmp_path / "a.jsonl", b"{}\n\n  \r\n[]"))
    assert all(isinstance(each, Record) for each in got)
    assert [(each.place, each.content) for each in got if isinstance(each, Record)] == [
        ("line 1", b"{}\n"),
        ("line 4", b"[]"),
    ]
    assert pickle.loads(pickle.dumps(got)) == got  # noqa: S301  our own records, on their way to a worker


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz"])
def test_reading_goes_on_after_a_line_that_is_too_long(tmp_path: Path, name: str) -> None:
    content = b"1\n" + b"x" * 500 + b"\n2\n" + b"y" * 100 + b"\n" + b"z" * 300
    got = cut(write(tmp_path / name, gzip.compress(content) if name.endswith("gz") else content))
    assert [type(each).__name__ for each in got] == ["Record", "Rejection", "Record", "Rejection", "Rejection"]
    assert (
        str(got[1]) == f"{tmp_path / name}, line 2: is longer than 100 bytes; check that each line holds one article."
    )


def test_the_largest_line_is_still_read(tmp_path: Path) -> None:
    got = cut(write(tmp_path / "a.jsonl", b"x" * 99 + b"\n" + b"y" * 100))
    assert [type(each) for each in got] == [Record, Record]


@pytest.mark.parametrize("name", ["a.txt", "a.html", "a.json"])
def test_a_file_that_is_too_large_is_named(tmp_path: Path, name: str) -> None:
    (rejection,) = cut(write(tmp_path / name, b"x" * 101))
    assert isinstance(rejection, Rejection)
    assert "is larger than 100 bytes" in str(rejection)


def test_a_gzip_bomb_is_given_up(tmp_path: Path) -> None:
    bomb = write(tmp_path / "a.jsonl.gz", gzip.compress(b"{}\n" + b" " * 30_000_000))
    limits = Limits(record=1_000_000, ratio=100, grace=2_000_000)
    tracemalloc.start()
    first, rejection = cut(bomb, limits)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert isinstance(first, Record)
    assert "unpacks to more than" in str(rejection)
    assert peak < 8_000_000


def test_a_torn_gzip_file_keeps_what_came_before(tmp_path: Path) -> None:
    lines = [json.dumps({"id": str(i), "text": os.urandom(40).hex()}) for i in range(20)]
    whole = gzip.compress("\n".join(lines).encode())
    *kept, last = cut(write(tmp_path / "a.jsonl.gz", whole[: len(whole) // 2]), Limits())
    assert isinstance(last, Rejection)
    assert "torn or damaged" in str(last)
    assert 1 <= len(kept) < 20
    (rejection,) = cut(write(tmp_path / "b.jsonl.gz", b"not gzip at all"))
    assert isinstance(rejection, Rejection)


def test_everything_together(tmp_path: Path) -> None:
    write(tmp_path / "a.jsonl", '{"id": "one", "text": "One."}\n{"id": \n{"id": "two", "text": "Two."}\n')
    write(tmp_path / "b.json", '[{"text": "Three."}, {"text": "Four."}]')
    got = list(read_articles([tmp_path, tmp_path / "missing"]))
    assert [item.id for item in got if isinstance(item, Article)] == ["one", "two", "b-1", "b-2"]
    assert [str(item).partition(": ")[0] for item in got if isinstance(item, Rejection)] == [
        f"{tmp_path / 'a.jsonl'}, line 2",
        str(tmp_path / "missing"),
    ]
