"""Files that survive a power cut: written beside, flushed to the disk, then renamed over the old one."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path


def write_durably(path: Path, lines: Iterable[str]) -> None:
    """Replace the file by these lines, so that at any moment it is wholly the old or wholly the new one."""
    beside = beside_of(path)
    with beside.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(lines)
        file.flush()
        os.fsync(file.fileno())
    os.replace(beside, path)
    make_folder_durable(path.parent)


def beside_of(path: Path) -> Path:
    """Where a file is written before it takes the other's place; a process killed between the two leaves it there."""
    return path.with_name(path.name + ".new")


def make_folder_durable(folder: Path) -> None:
    """Flush a folder's own entries to the disk; renames and new files in it are then permanent."""
    if os.name != "posix":
        return  # Windows cannot open a folder, and writes its entries through
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
