"""``onrecord copy``: move an archive to a cluster."""

from __future__ import annotations

from typing import Any

import click

from search.cli.group import main, say, settings_of, writer_options


@main.command()
@click.option("--to", required=True, metavar="ADDRESS", help="Where to: opensearch://HOST:9200/NAME, or https://….")
@writer_options
def copy(to: str, **flags: Any) -> int:
    """Fill a cluster with this archive, from its own stored paragraphs.

    Speakers and topics are taken as they are; the articles are not read again. Counts and a sample are compared
    before anything becomes current there. The archive that is copied stays as it is.
    """
    from search.cli.progress import progress
    from search.indexing.copying import copy as copied

    with progress() as listener:
        report = copied(settings_of(flags), to, listener)
    say(
        f"{report.total:,} articles, {report.paragraphs:,} paragraphs are now at {to}, in {report.seconds:,.0f} s.\n"
        f"To use them from now on: export ONRECORD_ENGINE={to}\n"
        f'or write it into onrecord.toml: engine = "{to}"'
    )
    return 0
