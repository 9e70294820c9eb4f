"""What a newsroom adds of its own, in the folder of its articles: ``topics.toml`` and ``topics.npz``.

    floor = 0.4                          # say nothing that is less certain

    [sections]                           # what its own sections and keywords mean
    04000000 = "city desk, harbour prices"
    none = "the long read"

    [rules.20000343]                     # another rule for this topic, or one where there was none
    sure = "harbour dues, quay"
    hint = "tonnage, berth"

``topics.npz`` is what ``onrecord topics train`` made from the articles' own sections.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from importlib.resources import files
from pathlib import Path
from typing import Any

from search.errors import TopicsFileError
from search.topics.classifier import Model
from search.topics.metadata import Names, read_names
from search.topics.rules import Rule, read_rules

TABLE, MODEL = "topics.toml", "topics.npz"
FILES = f"{TABLE} or {MODEL}"
_KEYS = {"floor", "sections", "rules"}


@dataclass(frozen=True, slots=True)
class DeskFiles:
    """The content of a newsroom's files, each with its path: small enough to travel to every worker."""

    tables: tuple[tuple[str, bytes], ...] = ()
    model: tuple[str, bytes] | None = None

    @property
    def digest(self) -> str:
        """Tells one state of the files from another; empty when there are none."""
        contents = [content for _, content in self.tables] + ([self.model[1]] if self.model else [])
        if not contents:
            return ""
        digest = blake2b(digest_size=12)
        for content in contents:
            digest.update(len(content).to_bytes(8, "big") + content)
        return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class Desk:
    """What the files say; ``floor`` is None where they leave it."""

    names: Names
    rules: Mapping[str, Rule]
    floor: float | None = None
    model: Model | None = None


def read_desk_files(folders: Iterable[Path]) -> DeskFiles:
    """The files of some folders. Raises TopicsFileError when one cannot be read, or two folders have a model."""
    unique = sorted(set(folders))
    tables = [(str(folder / TABLE), content) for folder in unique if (content := _content(folder / TABLE)) is not None]
    models = [(str(folder / MODEL), content) for folder in unique if (content := _content(folder / MODEL)) is not None]
    if len({content for _, content in models}) > 1:
        raise TopicsFileError(
            f"{models[0][0]} and {models[1][0]} are two models, and only one can be used. Remove one, or index the "
            "folders apart."
        )
    return DeskFiles(tuple(tables), models[0] if models else None)


def read_desk(given: DeskFiles) -> Desk:
    """What a newsroom's files say, on top of what comes with the package. Raises TopicsFileError."""
    names: Names = read_names(_shipped("sections.toml"), "sections.toml")
    rules: dict[str, Rule] = read_rules(_shipped("rules.toml"), "rules.toml")
    floor = None
    for file, content in given.tables:
        table = _parsed(file, content)
        names |= read_names(_section(table, "sections", file), file)
        rules |= read_rules(_section(table, "rules", file), file)
        floor = _floor(table, file) if "floor" in table else floor
    return Desk(names, rules, floor, _model(given.model))


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise TopicsFileError(f"{path} cannot be read: {error.strerror}.") from error


def _shipped(name: str) -> dict[str, Any]:
    return tomllib.loads(files("search.topics").joinpath(name).read_text(encoding="utf-8"))


def _parsed(file: str, content: bytes) -> dict[str, Any]:
    try:
        table = tomllib.loads(content.decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise TopicsFileError(f"{file} cannot be read: {error}. Mend or remove it.") from error
    unknown = sorted(table.keys() - _KEYS)
    if unknown:
        raise TopicsFileError(f"{file}: “{unknown[0]}” is not known; known are floor, sections and rules.")
    return table


def _section(table: Mapping[str, Any], name: str, file: str) -> Mapping[str, Any]:
    section = table.get(name, {})
    if not isinstance(section, Mapping):
        raise TopicsFileError(f"{file}: “{name}” must be a table: write [{name}] on a line of its own.")
    return section


def _floor(table: Mapping[str, Any], file: str) -> float:
    floor = table["floor"]
    if isinstance(floor, bool) or not isinstance(floor, int | float) or not 0 <= floor <= 1:
        raise TopicsFileError(f"{file}: “floor” must be a number from 0 to 1.")
    return float(floor)


def _model(given: tuple[str, bytes] | None) -> Model | None:
    if given is None:
        return None
    try:
        return Model.from_bytes(given[1])
    except ValueError as error:
        raise TopicsFileError(
            f"{given[0]} is not a model of this version, or is damaged. Remove it, or make it anew with "
            "“onrecord topics train”."
        ) from error
