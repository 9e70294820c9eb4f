"""What is true of all matches as tables for a terminal: facets, timelines, and why a hit has its score."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from rich.table import Table
from rich.text import Text

from search.model import Explanation, FacetValue, Interval, Period, SearchResult, SpeakerType

_BAR = 24  # columns of the longest bar


def facet_table(name: str, values: Sequence[FacetValue]) -> Table:
    """The values of a facet; a star marks what was chosen. Stories are named where they are fewer."""
    table = _table(name)
    table.add_column(justify="right")
    table.add_column()
    table.add_column(style="dim")
    for value in values:
        stories = ""
        if value.stories != value.count:
            about = "about " if value.estimated else ""
            stories = f"{about}{value.stories:,} {'story' if value.stories == 1 else 'stories'}"
        label = Text(("* " if value.selected else "") + plain(value.label))
        if value.type is SpeakerType.UNNAMED:
            label.append("  unnamed", style="dim")
        table.add_row(f"{value.count:,}", label, stories)
    if not values:
        table.add_row("", Text("none", style="dim"), "")
    return table


def timeline_table(result: SearchResult) -> Table:
    """The timeline with its shares; runs of periods without a match are one row, gaps in the archive another."""
    table = _table(f"by {result.interval}")
    table.add_column()
    table.add_column(justify="right")
    table.add_column(justify="right", style="dim")
    table.add_column(style="yellow")
    most = max((period.count for period in result.timeline), default=1) or 1
    for row in _rows(result.timeline):
        first, last = row[0], row[-1]
        if first.count:
            share = f"{first.share:.1%}" if first.share is not None else ""
            table.add_row(_called(first, result.interval), f"{first.count:,}", share, "█" * _length(first.count, most))
        else:
            said = "no match" if first.total else "nothing in the archive"
            called = [_called(period, result.interval) for period in (first, last)]
            table.add_row(called[0] if len(row) == 1 else " to ".join(called), "0", said, "")
    if result.undated:
        table.add_row("undated", f"{result.undated:,}", "", "")
    return table


def _rows(timeline: Sequence[Period]) -> Iterator[list[Period]]:
    """Each period with matches alone, those without together, gaps apart."""
    for (found, gap), run in groupby(timeline, key=lambda period: (period.count > 0, period.total == 0)):
        periods = list(run)
        yield from [[period] for period in periods] if found and not gap else [periods]


def _length(count: int, most: int) -> int:
    return max(1, round(_BAR * count / most))


def _called(period: Period, interval: Interval | None) -> str:
    """A period as a filter by date takes it; a week by its first day.

    >>> from datetime import date
    >>> _called(Period(date(2024, 2, 1), date(2024, 2, 29), 1, 1), Interval.MONTH)
    '2024-02'
    """
    length = {Interval.YEAR: 4, Interval.MONTH: 7}.get(interval or Interval.DAY, 10)
    return period.start.isoformat()[:length]


def explanation_table(explanation: Explanation) -> Table:
    """What each part of the query gave, and the formula's parts."""
    table = _table("")
    for heading, justify in (("score", "right"), ("for", "left"), ("in", "left"), ("stands", "right"),
                             ("of words", "right"), ("in paragraphs", "right"), ("rarity", "right"),
                             ("weight", "right")):  # fmt: skip
        table.add_column(heading, justify=justify, header_style="dim", style="dim")  # type: ignore[arg-type]
    for one in explanation.reasons:
        table.add_row(
            f"{one.score:.3f}", Text(plain(one.found)), one.field, str(one.count), str(one.length), f"{one.having:,}",
            f"{one.idf:.2f}", f"{one.share:.2f}",
        )  # fmt: skip
    if abs(explanation.rest) > 0.0005:
        table.add_row(f"{explanation.rest:.3f}", "how the words stand together", *[""] * 6)
    return table


def _table(title: str) -> Table:
    return Table(
        title=title or None, title_justify="left", title_style="bold", box=None, show_header=not title,
        padding=(0, 2, 0, 0), pad_edge=False,
    )  # fmt: skip


def plain(text: str) -> str:
    """Text without control characters, which could move a terminal's cursor or change its title.

    >>> plain("a\\x1b[31mb")
    'a[31mb'
    """
    return "".join(c for c in text if c in "\n\t" or not ("\x00" <= c < " " or "\x7f" <= c < "\xa0"))
