"""What a long run shows: a bar on a terminal, nothing in a pipe, and a table at the end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, Task, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from search.indexing.report import Listener, Report
from search.indexing.report import Progress as Done


@contextmanager
def progress() -> Iterator[Listener]:
    """Listen to a run and draw its bar on stderr, when that is a terminal."""
    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TextColumn("{task.fields[articles]:,} articles"),
        _Rate(),
        TimeRemainingColumn(compact=True),
    )
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bars:
        task = bars.add_task("Reading", total=None, articles=0, paragraphs=0)

        def on_progress(done: Done) -> None:
            # The writer's own last step has no measure; the bar must not stand at 100 % meanwhile.
            writing = done.done >= done.total > 0
            bars.update(
                task,
                description="Writing" if writing else "Reading",
                completed=min(done.done, done.total * 0.99),
                total=done.total or None,
                articles=done.articles,
                paragraphs=done.paragraphs,
            )

        def on_wait(holder: str) -> None:
            console.print(f"Waiting for {holder} to finish …", highlight=False, markup=False)

        yield Listener(on_progress, on_wait)


class _Rate(ProgressColumn):
    """Paragraphs a second since the start."""

    def render(self, task: Task) -> Text:
        seconds = task.elapsed or 0
        return Text(f"{task.fields['paragraphs'] / seconds:,.0f} paragraphs/s" if seconds > 1 else "")


def table(report: Report) -> None:
    """The counts of a run, on stderr."""
    console = Console(stderr=True)
    rows = Table(show_header=False, box=None, pad_edge=False)
    rows.add_column()
    rows.add_column(justify="right")
    for name in ("read", "new", "replaced", "unchanged", "removed"):
        rows.add_row(name, f"{getattr(report, name):,}")
    rows.add_row("rejected", f"{len(report.rejections):,}", style="bold red" if report.rejections else "")
    console.print(rows)
    rate = f", {report.paragraphs / report.seconds:,.0f} paragraphs/s" if report.paragraphs else ""
    console.print(
        f"Generation {report.generation}: {report.total:,} articles from {report.files:,} files read in "
        f"{report.seconds:.1f} s{rate}.",
        highlight=False,
    )
