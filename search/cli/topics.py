"""``onrecord topics``: what the archive is about, why, and a model of one's own."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from search.cli.group import PATHS, index_option, main, open_archive, print_json, say

if TYPE_CHECKING:
    from search.archive import Archive
    from search.topics.explain import Explained, Explanation

_FORM = click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
_PAGE = 100


@main.group(invoke_without_command=True)
@_FORM
@index_option
@click.pass_context
def topics(context: click.Context, form: str, index: Path | None) -> int:
    """List the topics of the archive as a tree, each with its paragraphs; or explain and train them.

    A paragraph about a finer topic counts under the broader ones too.
    """
    if context.invoked_subcommand:
        return 0
    with open_archive({"index": index}) as archive:
        counts = _counts(archive)
    if form == "json":
        print_json(_rows(counts))
    else:
        for row in _rows(counts):
            label = "  " * (row["level"] - 1) + row["label"]
            click.echo(f"{row['count']:>9,}  {label:<60}  {row['code']}")
    return 0 if counts else 1


@topics.command()
@click.argument("article", metavar="ARTICLE")
@_FORM
@index_option
def explain(article: str, form: str, index: Path | None) -> int:
    """Say which words led to which topic in the article with the id ARTICLE.

    \b
    Example:
        onrecord topics explain seoul-envoy-visit
    """
    from search.pipeline import house_of
    from search.topics.explain import explain as explained

    with open_archive({"index": index}) as archive:
        found = archive.article(article.partition("#")[0])
        roots = [Path(root) for root in archive.status().roots]
    if found is None:
        say(f"There is no article {article}.")
        return 1
    explanation = explained(found, house_of(roots).topics)
    if form == "json":
        print_json(asdict(explanation))
        return 0
    _write(explanation, [paragraph.text for paragraph in found.paragraphs])
    return 0


@topics.command()
@PATHS
@click.option("--output", type=click.Path(path_type=Path), help="Where to write it.  [default: topics.npz in PATH]")
@click.option("--force", is_flag=True, help="Write the model even where it is no better than without.")
def train(paths: tuple[Path, ...], output: Path | None, force: bool) -> int:
    """Learn from the sections of the articles in PATH... what this archive's topics sound like.

    The articles are read, not changed. Each section whose meaning is known counts; what a section means can be
    written into topics.toml in the folder of the articles. Accuracy is measured first, by training on four fifths
    and trying the last, five times over. The model is written to topics.npz beside that file, and the next
    “onrecord index” uses it for new articles, “onrecord reindex” for all. Remove the file to be rid of it.
    """
    from search.articles import read_articles
    from search.model import Article
    from search.pipeline import house_of
    from search.topics.own import learn

    read = (item for item in read_articles(paths) if isinstance(item, Article))
    trial = learn(read, house_of(paths).topics)
    for code, label, count in trial.classes:
        click.echo(f"{count:>7,}  {label}  ({code})")
    for section, count in trial.unknown:
        say(f"note: “{section}” ({count:,} articles) means no topic; give it one in topics.toml, under [sections].")
    click.echo(f"right without a model of its own: {trial.before:.1%} of {trial.articles:,} articles")
    click.echo(f"right with it, by cross-validation: {trial.after:.1%}")
    if trial.after <= trial.before and not force:
        say("It is no better, so nothing was written. --force writes it all the same.")
        return 1
    target = output or (paths[0] if paths[0].is_dir() else paths[0].parent) / "topics.npz"
    trial.write(target)
    click.echo(f"{target} written. “onrecord reindex” applies it to what is indexed already.")
    return 0


# --------------------------------------------------------------------------------- helpers


def _counts(archive: Archive) -> dict[str, int]:
    counts: dict[str, int] = {}
    page = 1
    while True:
        listing = archive.topics(page=page, size=_PAGE)
        counts |= {value.value: value.count for value in listing.values}
        if page * _PAGE >= listing.total:
            return counts
        page += 1


def _rows(counts: dict[str, int]) -> list[dict[str, Any]]:
    """In the order of the table, so that each topic stands under its broader one; codes we do not know come last."""
    from search.topics import taxonomy

    known = taxonomy()
    ordered = [term.code for term in known if term.code in counts]
    ordered += sorted(code for code in counts if code not in known)
    return [
        {"code": code, "label": known.label(code), "level": known.level(code), "count": counts[code]}
        for code in ordered
    ]  # fmt: skip


def _write(explanation: Explanation, texts: list[str]) -> None:
    from search.cli.tables import plain

    click.echo("The article as a whole")
    for one in explanation.article:
        click.echo(f"  {_line(one)}")
    if not explanation.article:
        click.echo("  no topic is certain enough")
    for number, (text, found) in enumerate(zip(texts, explanation.paragraphs, strict=True)):
        if found:
            shown = plain(text) if len(text) <= 70 else plain(text[:69]) + "…"
            click.echo(f"\n#{number}  {shown}")
        for one in found:
            click.echo(f"  {_line(one)}")


def _line(one: Explained) -> str:
    from search.cli.tables import plain

    words = ", ".join(
        f"{reason.words}{f' ×{reason.count}' if reason.count > 1 else ''} ({reason.worth:g})" for reason in one.reasons
    )
    return plain(f"{one.topic.label} ({one.topic.certainty:.0%}, {one.topic.how}): {words}")
