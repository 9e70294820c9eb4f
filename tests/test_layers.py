"""The staircase of docs/architecture.md: a module looks down at the steps below, never up."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

STAIRCASE = (
    "errors", "settings", "files", "room", "ranges", "held", "cache", "model", "shapes", "answers", "spreadsheet",
    "citations", "request", "analysis", "vocabulary", "query", "articles", "attribution", "topics", "speakers",
    "highlight", "copies", "workers", "engines", "pipeline", "generations", "indexing", "verify", "cursors",
    "suggesting", "asking", "profiles", "leases", "archive", "cli",
)  # fmt: skip
APART = {"articles", "attribution", "topics"}
"""Parts that do not know each other."""
ENGINE_LIBRARIES = {"whoosh", "opensearchpy"}


def imports(path: Path) -> Iterator[str]:
    """Every module that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{path}: imports are absolute here"
            yield node.module
            yield from (f"{node.module}.{name.name}" for name in node.names)
        elif isinstance(node, ast.Import):
            yield from (name.name for name in node.names)


def files(package: str) -> list[Path]:
    return sorted((ROOT / package).rglob("*.py"))


def step(module: str) -> str:
    return module.split(".")[1] if module.count(".") else ""


def of_file(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


@pytest.mark.parametrize("path", files("search"), ids=of_file)
def test_a_module_imports_only_from_below(path: Path) -> None:
    own = step(of_file(path))
    if not own:
        return  # search/__init__ gathers what the package offers
    assert own in STAIRCASE, f"put {own} on its step"
    for module in imports(path):
        other = step(module) if module.startswith("search.") else ""
        if other and other in STAIRCASE and other != own:
            assert STAIRCASE.index(other) < STAIRCASE.index(own), f"{own} looks up at {other}"
            assert not {own, other} <= APART, f"{own} and {other} do not know each other"
        assert not module.startswith("web"), f"{own} knows the site"


@pytest.mark.parametrize("path", [*files("search"), *files("web")], ids=of_file)
def test_only_an_engines_own_folder_imports_its_library(path: Path) -> None:
    for module in imports(path):
        library = module.split(".")[0]
        if library in ENGINE_LIBRARIES:
            assert "engines" in path.parts, f"{of_file(path)} imports {library}"


@pytest.mark.parametrize("path", files("web"), ids=of_file)
def test_the_site_knows_neither_engines_nor_the_command_line(path: Path) -> None:
    for module in imports(path):
        assert step(module) not in {"engines", "cli"} or not module.startswith("search."), module
