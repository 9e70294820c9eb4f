"""The ``onrecord`` group: its errors and exit codes, and what its commands share."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from search.errors import QuerySyntaxError, SearchError
from search.settings import Settings

if TYPE_CHECKING:
    from search.archive import Archive

PATHS = click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="PATH...")


class _Command(click.Group):
    """Turns our errors into one sentence and their exit code; a closed pipe ends in silence."""

    def main(self, *args: Any, **extra: Any) -> NoReturn:
        try:
            code = super().main(*args, **{**extra, "standalone_mode": False})
        except SearchError as error:
            say(_explain(error))
            sys.exit(error.exit_code)
        except click.ClickException as error:
            error.show()
            sys.exit(error.exit_code)
        except (click.Abort, KeyboardInterrupt):
            say("Interrupted; the index is as it was.")
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


_ENGINE = "search.cli.engine"


def index_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command ``--index``, and ``--engine``, which ``settings_of`` finds for it."""
    for option in (
        click.option(
            "--engine",
            metavar="ADDRESS",
            expose_value=False,
            callback=lambda context, _, value: context.meta.update({_ENGINE: value}),
            help="Keep the index in an OpenSearch cluster: opensearch://HOST:9200/NAME or https://HOST:9200/NAME.",
        ),
        click.option(
            "--index", type=click.Path(path_type=Path), metavar="DIR", help="Folder of the index.  [default: index]"
        ),
    ):
        command = option(command)
    return command


def writer_options(command: Callable[..., Any]) -> Callable[..., Any]:
    for option in (
        click.option("--jobs", type=click.IntRange(min=0), help="Processes that read articles.  [default: one a core]"),
        click.option("--memory", type=click.IntRange(min=32), help="Megabytes for building.  [default: 256]"),
        click.option("--lock-timeout", type=float, help="Seconds to wait for another writer.  [default: 10]"),
    ):
        command = option(command)
    return index_option(command)


def settings_of(flags: dict[str, Any]) -> Settings:
    """The settings that the flags of the running command make."""
    return Settings.load({"engine": click.get_current_context().meta.get(_ENGINE), **flags})


def open_archive(flags: dict[str, Any]) -> Archive:
    from search.archive import Archive

    return Archive.open(settings=settings_of(flags))


def _explain(error: SearchError) -> str:
    lines = [str(error)]
    if isinstance(error, QuerySyntaxError):
        lines += [f"    {error.query}", "    " + " " * error.position + "^", error.hint]
    return "\n".join(filter(None, lines))


def say(text: str) -> None:
    click.echo(text, err=True)


def print_json(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))
