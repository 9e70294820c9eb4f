"""A timeline as a drawing: bars on a field of 1,000 by 100, each with the link that narrows the search to its time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import cached_property, lru_cache
from itertools import groupby
from typing import NamedTuple

from search.model import Interval, Period
from web import params

WIDTH, HEIGHT = 1000, 100
_MOST = 120
"""Bars; of more months than these, years are shown."""
_DAYS = 92
"""A stretch that was chosen and is no longer than this is shown day by day."""


class Bar(NamedTuple):
    """A period: where its bar stands, what it says and where it leads. ``gap`` when the archive has nothing of it."""

    x: float
    width: float
    height: float
    label: str
    count: int  # type: ignore[assignment]
    total: int
    link: str

    @property
    def y(self) -> float:
        return round(HEIGHT - self.height, 2)

    @property
    def gap(self) -> bool:
        return self.total == 0


class TimelineView:
    """Periods drawn; ``link`` makes the address that narrows to the days from one to another."""

    def __init__(self, periods: Sequence[Period], interval: Interval, link: Callable[[str, str], str]) -> None:
        if interval is Interval.MONTH and len(periods) > _MOST:
            periods, interval = _years(periods), Interval.YEAR
        self.interval = interval
        self.most = max((period.count for period in periods), default=0)
        step = WIDTH / max(len(periods), 8)  # a few bars are not drawn as walls
        self.bars = [self._bar(i, period, step, link) for i, period in enumerate(periods)]

    def _bar(self, i: int, period: Period, step: float, link: Callable[[str, str], str]) -> Bar:
        tall = HEIGHT * period.count / self.most if self.most else 0.0
        first, last = written(period.start, self.interval), written(period.end, self.interval)
        return Bar(
            x=round(i * step, 2),
            width=round(step * 0.84, 2),
            height=round(max(tall, 3.0) if period.count else 0.0, 2),
            label=named(period.start, self.interval),
            count=period.count,
            total=period.total,
            link=link(first, last),
        )

    @property
    def gaps(self) -> bool:
        """Is there time of which the archive has nothing?"""
        return any(bar.gap for bar in self.bars)

    @cached_property
    def runs(self) -> list[list[Bar]]:
        """The bars in their order, neighbours in one gap together, all others alone."""
        out: list[list[Bar]] = []
        for bar in self.bars:
            if bar.gap and out and out[-1][0].gap:
                out[-1].append(bar)
            else:
                out.append([bar])
        return out


def narrowing(kept: params.Pairs) -> Callable[[str, str], str]:
    """Makes the address of the same search within the days from one to another, each as ``written``.

    >>> narrowing([("q", "ferry"), ("from", "1999")])("2024", "2024")
    '/search?q=ferry&from=2024&to=2024'
    """
    rest = params.address("/search", [pair for pair in kept if pair[0] not in ("from", "to")])
    start = f"{rest}{'&' if '?' in rest else '?'}"
    return lambda first, last: f"{start}from={first}&to={last}"


def interval_for(kept: params.Pairs, first: date | None, last: date | None) -> Interval:
    """What a page asks for: what its address says, days when a short stretch was chosen, else months."""
    given = next((value for name, value in kept if name == "interval"), "")
    if given in list(Interval):
        return Interval(given)
    short = first and last and last - first <= timedelta(_DAYS)
    return Interval.DAY if short else Interval.MONTH


def _years(periods: Sequence[Period]) -> list[Period]:
    out = []
    for _, months in groupby(periods, key=lambda period: period[0].year):
        starts, ends, counts, totals = zip(*months, strict=True)
        out.append(Period(starts[0], ends[-1], sum(counts), sum(totals)))
    return out


@lru_cache(4096)
def written(day: date, interval: Interval) -> str:
    """A day as ``from`` and ``to`` take it, no finer than the interval.

    >>> written(date(2024, 4, 1), Interval.MONTH)
    '2024-04'
    """
    length = {Interval.YEAR: 4, Interval.MONTH: 7}.get(interval, 10)
    return day.isoformat()[:length]


@lru_cache(4096)
def named(day: date, interval: Interval) -> str:
    """A period as people call it.

    >>> named(date(2024, 4, 1), Interval.MONTH), named(date(2024, 4, 1), Interval.WEEK)
    ('April 2024', 'week of 1 April 2024')
    """
    if interval is Interval.YEAR:
        return str(day.year)
    if interval is Interval.MONTH:
        return f"{day:%B} {day.year}"
    return f"{'week of ' if interval is Interval.WEEK else ''}{day.day} {day:%B} {day.year}"
