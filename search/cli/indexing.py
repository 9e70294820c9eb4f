"""``onrecord index`` and ``reindex``: bring an index level with its articles, or build it anew."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from search.cli.group import PATHS, main, open_archive, say, writer_options

if TYPE_CHECKING:
    from search.indexing.report import Report


@main.command()
@PATHS
@writer_options
def index(paths: tuple[Path, ...], **flags: Any) -> int:
    """Bring the index level with the articles in PATH...

    New, changed and removed files are found; running it twice changes nothing. Folders are read with all
    that is in them; symbolic links are not followed.

    \b
    Reads .txt, .html, .json and .jsonl, the last two also as .gz.
    """
    from search.cli.progress import progress

    with open_archive(flags) as archive, progress() as listener:
        report = archive.index(paths, listener)
    return tell(report)


@main.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATH...]")
@click.option("--force", is_flag=True, help="Accept a rebuild with fewer than half of the articles.")
@click.option("--rollback", is_flag=True, help="Go back to the generation before; twice is forward again.")
@writer_options
def reindex(paths: tuple[Path, ...], force: bool, rollback: bool, **flags: Any) -> int:
    """Build the index anew beside the live one, check it, and swap it in.

    Without PATH, from the files it was made of. Searches go on meanwhile. The generation before is kept.
    """
    from search.cli.progress import progress

    if rollback and (paths or force):
        raise click.UsageError("--rollback goes back to what there was; it takes no paths and no --force.")
    with open_archive(flags) as archive:
        if rollback:
            number = archive.rollback()
            say(f"Generation {number} is current again, {archive.count().articles:,} articles.")
            return 0
        with progress() as listener:
            report = archive.reindex(paths or None, force=force, listener=listener)
    return tell(report)


def tell(report: Report) -> int:
    from search.cli.progress import table

    for notice in report.notices:
        say(f"note: {notice}")
    for rejection in report.rejections:
        say(f"rejected: {rejection}")
    table(report)
    return 5 if report.rejections else 0
