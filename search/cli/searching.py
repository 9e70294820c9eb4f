"""``onrecord search``, ``show`` and ``analyze``: answers on stdout."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from search.cli.group import PATHS, index_option, main, open_archive, print_json, say
from search.settings import Settings

if TYPE_CHECKING:
    from search.model import Article, Paragraph


@main.command()
@click.argument("query", default="")
@click.option("--match", help="Bare words: all of them or any.  [default: all]")
@click.option("--speaker", multiple=True, help="Only this speaker; a part of the name will do.")
@click.option("--topic", multiple=True, help="Only this topic, by label or code.")
@click.option("--outlet", multiple=True, help="Only this outlet.")
@click.option("--kind", multiple=True, help="Only paragraphs of this kind: body, caption, standfirst, …")
@click.option("--language", multiple=True, help="Only articles in this language: en, de, …")
@click.option("--section", multiple=True, help="Only this section of an outlet.")
@click.option("--quoted", multiple=True, help="Only paragraphs with a quotation: direct, mixed or indirect.")
@click.option("--from", "published_from", metavar="DATE", help="Published on or after: 2022, 2022-04, 2022-04-18.")
@click.option("--to", "published_to", metavar="DATE", help="Published on or before.")
@click.option("--sort", help="relevance, newest or oldest.  [default: relevance]")
@click.option("-n", "--size", help="Hits on a page, 1 to 100.  [default: 20]")
@click.option("--page", help="Page, from 1.  [default: 1]")
@click.option("--cursor", help="The page after the one that gave this cursor, however deep.")
@click.option("--copies", help="Near-identical paragraphs: group them or show all.  [default: group]")
@click.option("--group", help="One hit a paragraph or an article.  [default: paragraph]")
@click.option(
    "--facet",
    "facets",
    multiple=True,
    help="Count the values of speaker, topic, outlet, kind, language, date, section or quoted.",
)
@click.option("--facet-size", help="Values of a facet, 1 to 1000.  [default: 50]")
@click.option("--interval", help="Add a timeline by day, week, month or year.")
@click.option("--explain", is_flag=True, help="Say what each word gave to a hit's score.")
@click.option(
    "--format", "form", type=click.Choice(["table", "json", "ndjson", "csv", "ids"]), default="table", show_default=True
)
@index_option
def search(query: str, form: str, index: Path | None, **parameters: Any) -> int:
    """Print the paragraphs that best answer QUERY.

    \b
    Examples:
        onrecord search 'strong response'
        onrecord search 'speaker:kim diplomacy' --from 2022-04
        onrecord search '"hostile intent" OR sanctions -summit' --format csv
    """
    from search.cli.listing import write_result
    from search.query import is_plain

    with open_archive({"index": index}) as archive:
        result = archive.search(query, **{name: value for name, value in parameters.items() if value is not None})
    if not is_plain(result.tree) and result.query != query:
        say(f"read as: {result.query}")
    for notice in result.notices:
        say(f"note: {notice.message}")
    write_result(result, form)
    return 0 if result.total else 1


@main.command()
@click.argument("identifier", metavar="ID")
@click.option("--format", "form", type=click.Choice(["text", "json", "ris", "csl"]), default="text", show_default=True)
@click.option("--copies", is_flag=True, help="Print its near-identical copies, such as a wire report in other outlets.")
@index_option
def show(identifier: str, form: str, copies: bool, index: Path | None) -> int:
    """Print an article, or with ID#NUMBER one paragraph of it, with its speakers and topics.

    ris and csl are citations, for reference managers.
    """
    with open_archive({"index": index}) as archive:
        paragraph = archive.paragraph(identifier) if "#" in identifier else None
        article = archive.article(identifier) if paragraph is None else None
        others = archive.copies(identifier) if paragraph and copies else ()
    if paragraph and copies:
        for other in others:
            _show(None, other, form)
        return 0 if others else 1
    if paragraph or article:
        _show(article, paragraph, form)
        return 0
    say(f"There is no article or paragraph “{identifier}” in this archive.")
    return 1


def _show(article: Article | None, paragraph: Paragraph | None, form: str) -> None:
    """Print whichever of the two there is."""
    from search import answers, citations
    from search.cli import listing

    head = paragraph.article if paragraph else article.metadata if article else None
    assert head
    if form == "ris":
        click.echo(citations.ris(head, paragraph), nl=False)
    elif form == "csl":
        print_json([citations.csl(head, paragraph)])
    elif paragraph:
        print_json(answers.of_paragraph(paragraph)) if form == "json" else listing.write_paragraph(paragraph)
    elif article:
        print_json(answers.of_article(article)) if form == "json" else listing.write_article(article)


@main.command()
@click.argument("identifier", metavar="ID#NUMBER")
@click.option("-n", "--size", type=int, default=10, show_default=True, help="How many, 1 to 100.")
@click.option(
    "--format", "form", type=click.Choice(["table", "json", "ndjson", "csv", "ids"]), default="table", show_default=True
)
@index_option
def like(identifier: str, size: int, form: str, index: Path | None) -> int:
    """Print paragraphs like this one: those that share the words by which it is told from others."""
    from search.cli.listing import write_result

    with open_archive({"index": index}) as archive:
        result = archive.like(identifier, size)
    if result is None:
        say(f"There is no paragraph “{identifier}” in this archive.")
        return 1
    write_result(result, form)
    return 0 if result.hits else 1


@main.command()
@PATHS
@click.option("--jobs", type=click.IntRange(min=0), help="Processes that read articles.  [default: one a core]")
def analyze(paths: tuple[Path, ...], jobs: int | None) -> int:
    """Read, split, attribute and tag articles without an index; one JSON object a line."""
    from search.articles import Rejection
    from search.pipeline import analyse

    rejected = 0
    for answer in analyse(paths, Settings.load({"jobs": jobs}).processes):
        if isinstance(answer, Rejection):
            rejected += 1
            say(f"rejected: {answer}")
        else:
            click.echo(answer)
    return 5 if rejected else 0
