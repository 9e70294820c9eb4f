"""``onrecord speakers``: who is heard in the archive, and which names may be one speaker's."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from search.cli.group import index_option, main, open_archive, print_json, say

if TYPE_CHECKING:
    from search.model import FacetValue
    from search.speakers import Variants


@main.command()
@click.argument("prefix", default="", metavar="[PREFIX]")
@click.option("--sort", type=click.Choice(["count", "name"]), default="count", show_default=True)
@click.option("-n", "--size", type=click.IntRange(1, 100), default=20, show_default=True, help="Names on a page.")
@click.option("--page", type=click.IntRange(min=1), default=1, show_default=True)
@click.option("--variants", is_flag=True, help="Names that may be one speaker's, with the reason.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json", "csv", "toml"]),
    default="table",
    show_default=True,
    help="toml, with --variants: entries for speakers.toml, to be looked through.",
)
@index_option
def speakers(prefix: str, sort: str, size: int, page: int, variants: bool, form: str, index: Path | None) -> int:
    """List who is heard, with the number of paragraphs; with PREFIX, those with a name that begins so.

    \b
    Examples:
        onrecord speakers
        onrecord speakers hol --sort name
        onrecord speakers --variants --format toml
    """
    if form == "toml" and not variants:
        raise click.UsageError("--format toml goes with --variants.")
    with open_archive({"index": index}) as archive:
        if variants:
            return _variants(archive.variants(prefix), form, size, page)
        found = archive.speakers(prefix, sort=sort, page=page, size=size)
    _write(list(found.values), form)
    first = (page - 1) * size
    say(f"{first + 1:,}–{first + len(found.values):,} of {found.total:,}" if found.values else "Nobody of that name.")
    return 0 if found.values else 1


def _variants(found: Sequence[Variants], form: str, size: int, page: int) -> int:
    from search.cli.tables import plain

    shown = found if form == "toml" else found[(page - 1) * size : page * size]
    match form:
        case "json":
            print_json([{"names": dict(variants.names), "reason": variants.reason} for variants in shown])
        case "csv":
            _print_csv(
                [["group", "name", "paragraphs", "reason"]]
                + [[i, name, count, v.reason] for i, v in enumerate(shown, 1) for name, count in v.names]
            )
        case "toml":
            click.echo("\n".join(map(_entry, shown)), nl=False)
        case _:
            for variants in shown:
                click.echo("  ".join(f"{plain(name)} ({count:,})" for name, count in variants.names))
                click.echo(f"    {variants.reason}")
    say(f"{len(shown):,} of {len(found):,} likely variants; nothing is merged unless speakers.toml says so")
    return 0 if shown else 1


def _entry(variants: Variants) -> str:
    """A table for speakers.toml. A JSON text is a TOML text too."""
    (name, _), *others = variants.names
    aliases = json.dumps([other for other, _ in others], ensure_ascii=False)
    return f"# {variants.reason}\n[[speaker]]\nname = {json.dumps(name, ensure_ascii=False)}\naliases = {aliases}\n"


def _write(values: Sequence[FacetValue], form: str) -> None:
    from search.cli.tables import plain

    match form:
        case "json":
            print_json([{"name": v.value, "type": v.type, "paragraphs": v.count, "stories": v.stories} for v in values])
        case "csv":
            _print_csv([["name", "paragraphs", "stories"], *([v.value, v.count, v.stories] for v in values)])
        case _:
            for value in values:
                click.echo(f"{value.count:>9,}  {plain(value.label)}")


def _print_csv(rows: Sequence[Sequence[object]]) -> None:
    from search.spreadsheet import harmless, lines

    click.echo(lines([harmless(str(cell)) for cell in row] for row in rows), nl=False)
