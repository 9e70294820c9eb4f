"""``onrecord status``, ``check`` and ``serve``."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import click

from search.cli.group import index_option, main, open_archive, say, settings_of, writer_options
from search.cli.indexing import tell


@main.command()
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@index_option
def status(form: str, index: Path | None) -> int:
    """Say what the index holds and when it was built."""
    from search.cli import listing

    with open_archive({"index": index}) as archive:
        current = archive.status()
    listing.write_status(current, form)
    return 0


@main.command()
@index_option
def check(index: Path | None) -> int:
    """Read everything in the index, every stored field and every posting, and compare it with its manifest."""
    with open_archive({"index": index}) as archive:
        faults = 0
        for sentence in archive.check():
            if sentence:
                faults += 1
                click.echo(sentence)
        counts = archive.count()
    if faults:
        say(f"{faults} faults. The articles are untouched; “onrecord reindex” makes the index anew.")
        return 3
    say(f"No fault found: {counts.articles:,} articles, {counts.paragraphs:,} paragraphs.")
    return 0


@main.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATH...]")
@click.option("--host", help="Address to listen on.  [default: 127.0.0.1]")
@click.option("--port", type=click.IntRange(0, 65535), help="Port to listen on.  [default: 8000]")
@click.option("--workers", type=click.IntRange(min=0), help="Serving processes.  [default: one a core]")
@writer_options
def serve(paths: tuple[Path, ...], **flags: Any) -> int:
    """Open the site, after indexing PATH... if given. Ctrl-C ends it."""
    from search.cli.progress import progress

    settings = settings_of(flags)
    if paths:
        with open_archive(flags) as archive, progress() as listener:
            report = archive.index(paths, listener)
        tell(report)
    # A process of its own: the command line does not know the site, and the site starts with clean hands.
    command = [sys.executable, "-m", "web"]
    environment = {**os.environ, **settings.environment()}
    if os.name == "posix":
        os.execve(sys.executable, command, environment)
    return subprocess.call(command, env=environment)
