"""From the paths a user gives to the files that hold articles."""

from __future__ import annotations

import os
import stat
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from search.articles.base import Rejection, SourceFile


def suffix_of(name: str, suffixes: Collection[str]) -> str | None:
    """The longest of ``suffixes`` that ``name`` ends with, in any case of letters.

    >>> suffix_of("2024/Archive.JSONL.gz", [".txt", ".jsonl", ".jsonl.gz"])
    '.jsonl.gz'
    """
    lowered = name.lower()
    return max((suffix for suffix in suffixes if lowered.endswith(suffix)), key=len, default=None)


def find(paths: Iterable[str | Path], suffixes: Collection[str]) -> Iterator[SourceFile | Rejection]:
    """Every file under ``paths`` that ends with one of ``suffixes``, each once, in sorted order.

    Hidden files and folders are left out, and so is every symbolic link met on the way: an archive
    is what lies in its folder, not what a link points to. A path that the user named is followed.
    """
    given_ones = list(paths)
    seen: set[Path] = set()
    for given in given_ones:
        for found in _under(Path(given), suffixes):
            if isinstance(found, SourceFile) and len(given_ones) > 1:  # below one, each is met once
                if found.path in seen:
                    continue
                seen.add(found.path)
            yield found


def _under(given: Path, suffixes: Collection[str]) -> Iterator[SourceFile | Rejection]:
    try:
        path = given.resolve(strict=True)
        mode = path.stat().st_mode
    except (OSError, RuntimeError, ValueError) as error:
        # ValueError: a NUL in the name; RuntimeError: a loop of links.
        yield Rejection(_shown(given), "", f"cannot be found ({_reason(error)})", "check the path")
        return
    if stat.S_ISDIR(mode):
        yield from _in_folder(path, given, suffixes)
    elif not stat.S_ISREG(mode):
        yield Rejection(_shown(given), "", "is neither a file nor a folder", "copy its content to a file first")
    elif suffix := suffix_of(path.name, suffixes) or suffix_of(given.name, suffixes):
        yield SourceFile(path, path.parent, suffix, _shown(given))
    else:
        known = " ".join(sorted(suffixes))
        yield Rejection(_shown(given), "", "is not of a kind that can be read", f"give it one of the endings {known}")


def _in_folder(root: Path, given: Path, suffixes: Collection[str]) -> Iterator[SourceFile | Rejection]:
    failed: list[OSError] = []
    for folder, folders, names in os.walk(root, onerror=failed.append, followlinks=False):
        while failed:
            yield _closed(failed.pop(), root, given)
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        here = Path(folder)
        above = given / here.relative_to(root)
        for name in sorted(names):
            suffix = suffix_of(name, suffixes)
            if suffix and not name.startswith(".") and _is_plain(path := here / name):
                yield SourceFile(path, root, suffix, _shown(above / name))
    while failed:
        yield _closed(failed.pop(), root, given)


def _closed(error: OSError, root: Path, given: Path) -> Rejection:
    path = Path(error.filename or root)
    shown = given / path.relative_to(root) if path.is_relative_to(root) else path
    return Rejection(_shown(shown), "", f"cannot be opened ({_reason(error)})", "allow reading it, or leave it out")


def _is_plain(path: Path) -> bool:
    """Whether ``path`` is a file itself: not a link, not a pipe that would be waited on for ever."""
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except OSError:
        return False


def _shown(path: Path) -> str:
    return str(path).encode("utf-8", "replace").decode("utf-8")


def _reason(error: Exception) -> str:
    text = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return text[:1].lower() + text[1:]
