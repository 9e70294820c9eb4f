"""``onrecord verify``: did they say it?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from search.cli.group import index_option, main, open_archive, print_json, say

if TYPE_CHECKING:
    from search.verify import Candidate, Verdict, WordChange

_SHOWN = 3


@main.command()
@click.argument("quotation")
@click.option("--speaker", metavar="NAME", help="Who is meant to have said it; a part of the name will do.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@index_option
def verify(quotation: str, speaker: str | None, form: str, index: Path | None) -> int:
    """Say whether QUOTATION stands in the archive, word for word, nearly, by somebody else, or not at all.

    An ellipsis in it stands for words left out, square brackets for an editor's words. Exit code 0 when the
    words were found, exactly or nearly and by whomever, 1 when not.

    \b
    Example:
        onrecord verify '“We agreed on the need … to act”' --speaker Kim
    """
    from search.verify.answer import of_verdict

    with open_archive({"index": index}) as archive:
        verdict = archive.verify(quotation, speaker)
    if form == "json":
        print_json(of_verdict(verdict))
    else:
        _write(verdict)
    return 0 if verdict.found else 1


def _write(verdict: Verdict) -> None:
    """The verdict and its best candidates; differing words as ``wdiff`` marks them, ``[-asked-]{+there+}``."""
    click.secho(verdict.explanation, bold=True)
    for candidate in verdict.candidates[:_SHOWN]:
        click.echo()
        _write_candidate(candidate)
    searched = verdict.searched
    span = f", {searched.first} to {searched.last}" if searched.first else ""
    say(
        f"Searched {searched.paragraphs:,} paragraphs of {searched.articles:,} articles{span}; "
        f"{searched.compared:,} compared word by word  ({verdict.took_ms:.1f} ms)"
    )


def _write_candidate(candidate: Candidate) -> None:
    from search.answers import date_text
    from search.cli.tables import plain

    head = candidate.paragraph.article
    click.echo("  " + plain(" ".join(map(_marked, candidate.changes))))
    said = f"{candidate.speaker} ({candidate.certainty:.0%} sure)" if candidate.speaker else "nobody named"
    facts = [candidate.outcome.value.replace("_", " "), f"{candidate.similarity:.0%} alike", said]
    click.echo("  " + plain(", ".join(facts)))
    place = [candidate.paragraph.id, head.title, head.outlet, date_text(head.published) or "undated"]
    click.echo("  " + plain("  ".join(filter(None, place))))


def _marked(change: WordChange) -> str:
    match change.change.value:
        case "same":
            return change.paragraph
        case "omitted":
            return "…"
        case "editors":
            return f"[{change.paragraph or change.quotation}]"
        case _:
            gone = f"[-{change.quotation}-]" if change.quotation else ""
            return gone + (f"{{+{change.paragraph}+}}" if change.paragraph else "")
