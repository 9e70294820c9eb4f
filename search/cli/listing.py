"""Results and articles in a terminal and for programs: tables, JSON, CSV, plain ids. All of it on stdout."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict

import click
from rich.console import Console, ConsoleRenderable, Group
from rich.padding import Padding
from rich.text import Text

from search import answers, model
from search.archive import Status
from search.cli.tables import explanation_table, facet_table, plain, timeline_table
from search.highlight import snippet
from search.model import Article, Hit, Metadata, Paragraph, SearchResult, Span
from search.request import DEEPEST_HIT
from search.spreadsheet import COLUMNS, lines, row

_SNIPPET = 320  # characters of a paragraph that a listing shows
_MEASURE = 88  # columns; longer lines are hard to read
_WIDEST = 10_000


def write_result(result: SearchResult, form: str) -> None:
    """Print a result as ``table``, ``json``, ``ndjson``, ``csv`` or ``ids``."""
    _FORMS[form](result)


# ---------------------------------------------------------------------------------- results


def _table(result: SearchResult) -> None:
    first = (result.request.page - 1) * result.request.size + 1
    with _printing() as console:
        for rank, hit in enumerate(result.hits, first):
            console.print(_hit(rank, hit))
        for name, values in result.facets.items():
            console.print(facet_table(name, values), "")
        if result.timeline:
            console.print(timeline_table(result))
    _summary(result, first)


def _hit(rank: int, hit: Hit) -> Group:
    paragraph = hit.paragraph
    head = Text.assemble((f"{rank:>3}  ", "dim"), (plain(paragraph.article.title) or "untitled", "bold"))
    shown = snippet(paragraph.text, hit.highlights, _SNIPPET)
    rows: list[ConsoleRenderable] = [
        head,
        Padding(_marked(paragraph.text, hit.highlights, shown), (0, 0, 0, 5), expand=False),
    ]
    chips = "  ".join(
        [f"{plain(speaker.name)} ({speaker.certainty:.0%})" for speaker in paragraph.speakers]
        + [f"#{topic.label}" for topic in paragraph.topics]
    )
    if chips:
        rows.append(Padding(Text(chips, style="cyan"), (0, 0, 0, 5), expand=False))
    place = f"{paragraph.id}  {_place(paragraph.article)}{_folded(hit)}"
    rows.append(Padding(Text(place, style="dim"), (0, 0, 0 if hit.explanation else 1, 5), expand=False))
    if hit.explanation:
        rows.append(Padding(explanation_table(hit.explanation), (0, 0, 1, 5), expand=False))
    return Group(*rows)


def _folded(hit: Hit) -> str:
    """What a hit stands for besides."""
    copies = f"  also in {hit.copies:,} {'other' if hit.copies == 1 else 'others'}" if hit.copies else ""
    return copies + (f"  and {hit.others:,} more of this article" if hit.others else "")


def _marked(text: str, spans: tuple[Span, ...], shown: Span) -> Text:
    """The shown part of a text with its highlights in bold."""
    out = Text("… " if shown.start else "")
    at = shown.start
    for span in spans:
        if span.start >= at and span.end <= shown.end:
            out.append(plain(text[at : span.start]))
            out.append(plain(span.of(text)), style="bold yellow")
            at = span.end
    out.append(plain(text[at : shown.end]))
    return out.append(" …" if shown.end < len(text) else "")


def _summary(result: SearchResult, first: int) -> None:
    said = _number(result.total, "paragraph") if result.total else "No paragraph answers this."
    about = dict.fromkeys(result.estimated, "about ")
    stories = about.get("stories", "") + _number(result.stories, "story", "stories")
    articles = about.get("articles", "") + _number(result.articles, "article")
    said += f", {stories}" if result.stories != result.total else ""
    said += f", in {articles}" if result.request.group is not model.Group.PARAGRAPH else ""
    if result.request.cursor:
        said = f"{len(result.hits):,} more of {said}"
    elif result.hits and len(result.hits) < result.rows:
        said = f"{first:,}–{first + len(result.hits) - 1:,} of {said}"
    elif result.total and not result.hits:
        said = f"Nothing so far down: {said}"
    said += f"\nOnward: --cursor {result.cursor}" if result.cursor and _deep(result) else ""
    hint = f"  Did you mean: {result.suggestion} ({result.suggestion_total:,})" if result.suggestion else ""
    click.echo(f"{said}  ({result.took_ms:.1f} ms){hint}", err=True)


def _number(count: int, one: str, several: str = "") -> str:
    return f"{count:,} {one if count == 1 else several or one + 's'}"


def _deep(result: SearchResult) -> bool:
    """Is the next page one that only a cursor leads to?"""
    request = result.request
    return request.cursor is not None or (request.page + 1) * request.size > DEEPEST_HIT


def _json(result: SearchResult) -> None:
    click.echo(json.dumps(answers.of_result(result), ensure_ascii=False, indent=2))


def _ndjson(result: SearchResult) -> None:
    for hit in result.hits:
        click.echo(json.dumps(answers.of_hit(hit), ensure_ascii=False))


def _ids(result: SearchResult) -> None:
    for hit in result.hits:
        click.echo(hit.paragraph.id)


def _csv(result: SearchResult) -> None:
    rows = (row(hit, result.generation) for hit in result.hits)
    click.echo(lines([COLUMNS, *rows]), nl=False)


_FORMS: dict[str, Callable[[SearchResult], None]] = {
    "table": _table,
    "json": _json,
    "ndjson": _ndjson,
    "csv": _csv,
    "ids": _ids,
}

# --------------------------------------------------------------------------------- articles


def write_article(article: Article) -> None:
    """Print an article to be read, each paragraph with its address and who speaks."""
    head = article.metadata
    with _printing() as console:
        console.print(Text(plain(head.title) or "untitled", style="bold"))
        for line in (_place(head), head.byline, head.url, ", ".join(t.label for t in article.topics)):
            if line:
                console.print(Text(plain(line), style="dim"))
        for paragraph in article.paragraphs:
            console.print()
            _write_body(console, paragraph)
        if head.credit:
            console.print(Text(f"\nSource: {plain(head.credit)}", style="dim"))


def write_paragraph(paragraph: Paragraph) -> None:
    with _printing() as console:
        console.print(Text(plain(paragraph.article.title) or "untitled", style="bold"))
        console.print(Text(plain(_place(paragraph.article)), style="dim"))
        _write_body(console, paragraph)


def _write_body(console: Console, paragraph: Paragraph) -> None:
    style = {"standfirst": "italic", "caption": "dim italic", "subheading": "bold"}.get(paragraph.kind, "")
    console.print(Text(plain(paragraph.text), style=style))
    notes = [f"#{paragraph.number} {paragraph.kind}"]
    notes += [f"{plain(s.name)} ({s.type}, {s.certainty:.0%})" for s in paragraph.speakers]
    notes += [topic.label for topic in paragraph.topics]
    console.print(Text("  ".join(notes), style="cyan"))


def write_status(status: Status, form: str) -> None:
    """Print what an index holds, as ``text`` or ``json``."""
    if form == "json":
        click.echo(json.dumps(asdict(status), default=str, indent=2))
        return
    span = f"{status.first} to {status.last}" if status.first else "undated"
    rows = {
        "index": status.index,
        "engine": status.engine,
        "generation": f"{status.generation}, built {status.built:%Y-%m-%d %H:%M} UTC by version {status.version}",
        "before it": str(status.previous) if status.previous else "none kept",
        "articles": f"{status.articles:,}, {span}",
        "paragraphs": f"{status.paragraphs:,}",
        "outlets": f"{status.outlets:,}",
        "speakers": f"{status.speakers:,}",
        "made from": ", ".join(status.roots),
    }
    for name, value in rows.items():
        click.echo(f"{name:<12}{value}")


def _place(head: Metadata) -> str:
    return plain(", ".join(filter(None, [head.outlet, (answers.date_text(head.published) or "").replace("T", " ")])))


@contextmanager
def _printing() -> Iterator[Console]:
    """A console as wide as is good to read; what goes elsewhere is neither broken nor filled up with blanks."""
    console = Console(file=sys.stdout, highlight=False, soft_wrap=False)
    if console.is_terminal:
        console.width = min(console.width, _MEASURE)
        yield console
        return
    console.width = _WIDEST
    with console.capture() as printed:
        yield console
    click.echo("\n".join(line.rstrip() for line in printed.get().split("\n")), nl=False)
