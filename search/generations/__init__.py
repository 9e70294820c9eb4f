"""Generations: an index is built beside the live one and becomes current in one step, or not at all.

    index/
        lock                held while something changes the index; says who holds it
        current             {"current": 7, "previous": 6}, replaced by an atomic rename
        generations/
            000006/
            000007/
                manifest.json   what this generation is: versions, counts, roots
                sources.jsonl   one line a source file: size, time, digests, article ids
                …               the engine's own files

Every change makes a generation, a small one too: the files of the live one are taken over by hard links,
for engines never write to a file that is already there. So the index, the manifest and everything beside
them become current together, a process killed at any moment leaves the state before or after, and the
state before the last change is always one rename away. The index itself is a cache: it can be made again
from the articles, and is never deleted because it could not be opened.
"""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from search.errors import IndexDamaged, IndexMissing, IndexUnavailable
from search.files import beside_of, make_folder_durable, write_durably
from search.generations.manifest import MANIFEST, SOURCES, Manifest

POINTER = "current"
FOLDER = "generations"
LOCK = "lock"
_OURS = {POINTER, beside_of(Path(POINTER)).name, FOLDER, LOCK}


@dataclass(frozen=True, slots=True)
class Pointer:
    """Which generation is current, and which was before it."""

    current: int
    previous: int | None = None


@dataclass(frozen=True, slots=True)
class Generation:
    """One complete state of the index."""

    number: int
    folder: Path
    manifest: Manifest


class Generations:
    """The generations in one index folder. Reading needs no lock; changing needs ``search.generations.lock``."""

    def __init__(self, index: Path) -> None:
        self.index = index
        self._pointer = index / POINTER

    # ------------------------------------------------------------------ reading

    def pointer(self) -> Pointer | None:
        """What is current, or None when nothing has ever been indexed here.

        Raises IndexDamaged when the pointer is there and makes no sense.
        """
        path = self._pointer
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
            return Pointer(int(content["current"]), None if content["previous"] is None else int(content["previous"]))
        except FileNotFoundError:
            return None
        except NotADirectoryError:
            raise IndexDamaged(f"{self.index} is a file, not a folder; name another --index.", self.index) from None
        except OSError as error:
            raise IndexUnavailable(f"{path} cannot be read: {error.strerror}.", self.index) from error
        except (ValueError, KeyError, TypeError) as error:
            raise IndexDamaged(
                f"{path} is damaged. Run “onrecord reindex PATH…” with the folders of your articles.", self.index
            ) from error

    def current(self) -> Generation:
        """The live generation. Raises IndexMissing or IndexDamaged."""
        pointer = self.pointer()
        if pointer is None:
            raise IndexMissing(
                f"There is no index in {self.index} yet. Run “onrecord index PATH…” with the folder of your articles.",
                self.index,
            )
        return self.open(pointer.current)

    def open(self, number: int) -> Generation:
        """The generation of that number. Raises IndexDamaged when its manifest cannot be read."""
        self._refuse_strangers()
        folder = self.folder(number)
        return Generation(number, folder, Manifest.read(folder, self.index))

    def stamp(self) -> tuple[int, int] | None:
        """Changes whenever another generation becomes current; costs one look at a file's entry."""
        try:
            entry = os.stat(self._pointer)
        except OSError:
            return None
        return entry.st_ino, entry.st_mtime_ns

    def folder(self, number: int) -> Path:
        return self.index / FOLDER / f"{number:06d}"

    # ----------------------------------------------------------------- changing

    def prepare(self) -> None:
        """Make the index folder, private to its owner. Refuses a folder that holds something else."""
        if self.index.is_dir() and (foreign := {p.name for p in self.index.iterdir()} - _OURS):
            raise IndexUnavailable(
                f"{self.index} holds other files ({', '.join(sorted(foreign)[:3])}); name an empty folder by --index.",
                self.index,
            )
        try:
            # Private, because Whoosh's files hold pickles: who can write here can run code as the reader.
            self.index.mkdir(mode=0o700, parents=True, exist_ok=True)
            (self.index / FOLDER).mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise IndexUnavailable(f"{self.index} cannot be made: {error.strerror}.", self.index) from error
        self._refuse_strangers()

    def draft(self, base: Generation | None) -> tuple[int, Path]:
        """The folder of a generation to come, holding ``base``'s engine files when given.

        Nothing in it counts until ``publish``; what a killed process left is removed by ``prune``.
        """
        numbers = [int(p.name) for p in (self.index / FOLDER).iterdir() if p.name.isdigit()]
        number = max(numbers, default=0) + 1
        folder = self.folder(number)
        folder.mkdir(mode=0o700)
        if base is not None:
            for path in base.folder.iterdir():
                if path.name not in (MANIFEST, SOURCES) and not path.name.endswith("LOCK"):
                    _link(path, folder / path.name)
        return number, folder

    def publish(self, number: int) -> None:
        """Make the generation current, in one step that survives a power cut; keep the one before it."""
        make_folder_durable(self.folder(number))
        make_folder_durable(self.index / FOLDER)
        try:
            pointer = self.pointer()
        except IndexDamaged:
            pointer = None  # about to be replaced by a good one
        before = pointer.current if pointer and self.folder(pointer.current).is_dir() else None
        self._point(Pointer(number, before))
        self.prune()

    def rollback(self) -> Generation:
        """Make the generation before current again; a second rollback undoes the first."""
        pointer = self.pointer()
        if pointer is None:
            return self.current()
        if pointer.previous is None or not self.folder(pointer.previous).is_dir():
            raise IndexMissing(f"{self.index} keeps no earlier generation to go back to.", self.index)
        generation = self.open(pointer.previous)
        self._point(Pointer(pointer.previous, pointer.current))
        return generation

    def prune(self) -> None:
        """Remove what is neither current nor previous: older generations, and drafts of killed processes."""
        try:
            pointer = self.pointer()
        except IndexDamaged:
            return  # never delete on the word of a pointer that cannot be read
        keep = {pointer.current, pointer.previous} if pointer else set()
        for path in (self.index / FOLDER).iterdir():
            if path.name.isdigit() and int(path.name) not in keep:
                shutil.rmtree(path, ignore_errors=True)

    def _point(self, pointer: Pointer) -> None:
        content: dict[str, Any] = {"current": pointer.current, "previous": pointer.previous}
        write_durably(self._pointer, [json.dumps(content) + "\n"])

    def _refuse_strangers(self) -> None:
        """An index is as good as code; one that others could have written is not opened."""
        if os.name != "posix":
            return
        try:
            entry = os.stat(self.index)
        except OSError:
            return
        if entry.st_mode & 0o022:
            raise IndexUnavailable(
                f"Other users of this machine can write to {self.index}, so it cannot be trusted. "
                f"If all is well, run “chmod go-w {self.index}”.",
                self.index,
            )
        if entry.st_uid not in (0, os.geteuid()):
            raise IndexUnavailable(
                f"{self.index} belongs to another user, so it cannot be trusted. Build your own with --index.",
                self.index,
            )


def _link(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except OSError:  # a file system without hard links
        shutil.copy2(source, target)
