"""``onrecord``: the command line. Answers on stdout, everything else on stderr."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from search.errors import QuerySyntaxError, SearchError
from search.settings import Settings

if TYPE_CHECKING:
    from search.archive import Archive
    from search.run import Report

PATHS = click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="PATH...")


class _Command(click.Group):
    """Turns our errors into one sentence and their exit code; a closed pipe ends in silence."""

    def main(self, *args: Any, **extra: Any) -> NoReturn:
        try:
            code = super().main(*args, **{**extra, "standalone_mode": False})
        except SearchError as error:
            _say(_explain(error))
            sys.exit(error.exit_code)
        except click.ClickException as error:
            error.show()
            sys.exit(error.exit_code)
        except (click.Abort, KeyboardInterrupt):
            _say("Interrupted; the index is as it was.")
            sys.exit(130)
        except BrokenPipeError:
            sys.stderr.close()  # or Python complains at exit that it cannot flush
            sys.exit(0)
        sys.exit(code if isinstance(code, int) else 0)


@click.group(cls=_Command, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="onrecord", prog_name="onrecord")
def main() -> None:
    """Search who said what, in any news archive, down to the paragraph.

    \b
    Start here:
        onrecord serve articles/           index a folder and open the site
        onrecord search 'strong response'  search from the terminal

    Exit codes: 0 done or hits, 1 no hits or faults found, 2 bad query or usage, 3 index missing, damaged or of
    another version, 4 another writer holds the lock, 5 some inputs were rejected, 6 a rebuild was refused because
    it would lose most of the archive.
    """


def _settings(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command ``--index`` and the settings made from it."""
    return click.option(
        "--index", type=click.Path(path_type=Path), metavar="DIR", help="Folder of the index.  [default: index]"
    )(command)


def _writer_options(command: Callable[..., Any]) -> Callable[..., Any]:
    for option in (
        click.option("--jobs", type=click.IntRange(min=0), help="Processes that read articles.  [default: one a core]"),
        click.option("--memory", type=click.IntRange(min=32), help="Megabytes for building.  [default: 256]"),
        click.option("--lock-timeout", type=float, help="Seconds to wait for another writer.  [default: 10]"),
    ):
        command = option(command)
    return _settings(command)


# -------------------------------------------------------------------------------- indexing


@main.command()
@PATHS
@_writer_options
def index(paths: tuple[Path, ...], **flags: Any) -> int:
    """Bring the index level with the articles in PATH...

    New, changed and removed files are found; running it twice changes nothing. Folders are read with all
    that is in them; symbolic links are not followed.

    \b
    Reads .txt, .html, .json and .jsonl, the last two also as .gz.
    """
    from search.progress import progress

    with _archive(flags) as archive, progress() as listener:
        report = archive.index(paths, listener)
    return _report(report)


@main.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATH...]")
@click.option("--force", is_flag=True, help="Accept a rebuild with fewer than half of the articles.")
@click.option("--rollback", is_flag=True, help="Go back to the generation before; twice is forward again.")
@_writer_options
def reindex(paths: tuple[Path, ...], force: bool, rollback: bool, **flags: Any) -> int:
    """Build the index anew beside the live one, check it, and swap it in.

    Without PATH, from the files it was made of. Searches go on meanwhile. The generation before is kept.
    """
    from search.progress import progress

    if rollback and (paths or force):
        raise click.UsageError("--rollback goes back to what there was; it takes no paths and no --force.")
    with _archive(flags) as archive:
        if rollback:
            number = archive.rollback()
            _say(f"Generation {number} is current again, {archive.count().articles:,} articles.")
            return 0
        with progress() as listener:
            report = archive.reindex(paths or None, force=force, listener=listener)
    return _report(report)


def _report(report: Report) -> int:
    from search.progress import table

    for notice in report.notices:
        _say(f"note: {notice}")
    for rejection in report.rejections:
        _say(f"rejected: {rejection}")
    table(report)
    return 5 if report.rejections else 0


# ------------------------------------------------------------------------------- searching


@main.command()
@click.argument("query", default="")
@click.option("--match", help="Bare words: all of them or any.  [default: all]")
@click.option("--speaker", multiple=True, help="Only this speaker; a part of the name will do.")
@click.option("--topic", multiple=True, help="Only this topic, by label or code.")
@click.option("--outlet", multiple=True, help="Only this outlet.")
@click.option("--kind", multiple=True, help="Only paragraphs of this kind: body, caption, standfirst, …")
@click.option("--from", "published_from", metavar="DATE", help="Published on or after: 2022, 2022-04, 2022-04-18.")
@click.option("--to", "published_to", metavar="DATE", help="Published on or before.")
@click.option("--sort", help="relevance, newest or oldest.  [default: relevance]")
@click.option("-n", "--size", help="Hits on a page, 1 to 100.  [default: 20]")
@click.option("--page", help="Page, from 1.  [default: 1]")
@click.option("--facet", "facets", multiple=True, help="Count the values of speaker, topic, outlet, kind or language.")
@click.option(
    "--format", "form", type=click.Choice(["table", "json", "ndjson", "csv", "ids"]), default="table", show_default=True
)
@_settings
def search(query: str, form: str, index: Path | None, **parameters: Any) -> int:
    """Print the paragraphs that best answer QUERY.

    \b
    Examples:
        onrecord search 'strong response'
        onrecord search 'speaker:kim diplomacy' --from 2022-04
        onrecord search '"hostile intent" OR sanctions -summit' --format csv
    """
    from search.listing import write_result

    with _archive({"index": index}) as archive:
        result = archive.search(query, **{name: value for name, value in parameters.items() if value is not None})
    for notice in result.notices:
        _say(f"note: {notice.message}")
    write_result(result, form)
    return 0 if result.total else 1


@main.command()
@click.argument("identifier", metavar="ID")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@_settings
def show(identifier: str, form: str, index: Path | None) -> int:
    """Print an article, or with ID#NUMBER one paragraph of it, with its speakers and topics."""
    from search import answers, listing

    with _archive({"index": index}) as archive:
        paragraph = archive.paragraph(identifier) if "#" in identifier else None
        article = archive.article(identifier) if paragraph is None else None
    if paragraph is not None:
        _print_json(answers.of_paragraph(paragraph)) if form == "json" else listing.write_paragraph(paragraph)
        return 0
    if article is not None:
        _print_json(answers.of_article(article)) if form == "json" else listing.write_article(article)
        return 0
    _say(f"There is no article or paragraph “{identifier}” in this archive.")
    return 1


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
            _say(f"rejected: {answer}")
        else:
            click.echo(answer)
    return 5 if rejected else 0


# ----------------------------------------------------------------------------- maintenance


@main.command()
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@_settings
def status(form: str, index: Path | None) -> int:
    """Say what the index holds and when it was built."""
    from search import listing

    with _archive({"index": index}) as archive:
        current = archive.status()
    listing.write_status(current, form)
    return 0


@main.command()
@_settings
def check(index: Path | None) -> int:
    """Read everything in the index, every stored field and every posting, and compare it with its manifest."""
    with _archive({"index": index}) as archive:
        faults = 0
        for sentence in archive.check():
            if sentence:
                faults += 1
                click.echo(sentence)
        counts = archive.count()
    if faults:
        _say(f"{faults} faults. The articles are untouched; “onrecord reindex” makes the index anew.")
        return 3
    _say(f"No fault found: {counts.articles:,} articles, {counts.paragraphs:,} paragraphs.")
    return 0


@main.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATH...]")
@click.option("--host", help="Address to listen on.  [default: 127.0.0.1]")
@click.option("--port", type=click.IntRange(0, 65535), help="Port to listen on.  [default: 8000]")
@click.option("--workers", type=click.IntRange(min=0), help="Serving processes.  [default: one a core]")
@_writer_options
def serve(paths: tuple[Path, ...], **flags: Any) -> int:
    """Open the site, after indexing PATH... if given. Ctrl-C ends it."""
    from search.progress import progress

    settings = Settings.load(flags)
    if paths:
        with _archive(flags) as archive, progress() as listener:
            report = archive.index(paths, listener)
        _report(report)
    # A process of its own: the command line does not know the site, and the site starts with clean hands.
    command = [sys.executable, "-m", "web"]
    environment = {**os.environ, **settings.environment()}
    if os.name == "posix":
        os.execve(sys.executable, command, environment)
    return subprocess.call(command, env=environment)


# --------------------------------------------------------------------------------- helpers


def _archive(flags: dict[str, Any]) -> Archive:
    from search.archive import Archive

    return Archive.open(settings=Settings.load(flags))


def _explain(error: SearchError) -> str:
    lines = [str(error)]
    if isinstance(error, QuerySyntaxError):
        lines += [f"    {error.query}", "    " + " " * error.position + "^", error.hint]
    return "\n".join(filter(None, lines))


def _say(text: str) -> None:
    click.echo(text, err=True)


def _print_json(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


if __name__ == "__main__":
    main()
