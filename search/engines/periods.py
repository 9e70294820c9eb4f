"""Days cut into periods, each known by a number: of the day, week, month or year, the next one always one more."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache

from search.model import Interval, Period, SearchRequest

MOST = 1_000
"""Periods of a timeline; beyond these a coarser interval is taken. Years are never too many."""
_ORDER = list(Interval)
_MONDAY = date(1, 1, 1).toordinal()  # which it was


def number_of(interval: Interval, day: date) -> int:
    """The number of the period that a day is in.

    >>> number_of(Interval.WEEK, date(2024, 1, 8)) - number_of(Interval.WEEK, date(2024, 1, 7))
    1
    """
    match interval:
        case Interval.DAY:
            return day.toordinal()
        case Interval.WEEK:
            return (day.toordinal() - _MONDAY) // 7
        case Interval.MONTH:
            return day.year * 12 + day.month - 1
        case Interval.YEAR:
            return day.year


@lru_cache(20_000)
def bounds_of(interval: Interval, number: int) -> tuple[date, date]:
    """The first and the last day of a period.

    >>> bounds_of(Interval.MONTH, number_of(Interval.MONTH, date(2024, 2, 9)))
    (datetime.date(2024, 2, 1), datetime.date(2024, 2, 29))
    """
    return _first(interval, number), _last(interval, number)


def line(
    request: SearchRequest, interval: Interval, first: date, last: date, found: Iterable[int], there: tuple[int, ...]
) -> tuple[Period, ...]:
    """The periods from one day to another, cut to the dates that are asked for.

    found, there: of each period, how many matches and how many paragraphs there are.
    """
    periods = list(_blank(interval, first, last, bool(request.published_from), bool(request.published_to), there))
    for i, count in enumerate(found):
        if count:
            start, end, _, total = periods[i]
            periods[i] = Period(start, end, count, total)
    return tuple(periods)


@lru_cache(64)
def _blank(
    interval: Interval, first: date, last: date, from_first: bool, to_last: bool, there: tuple[int, ...]
) -> tuple[Period, ...]:
    """A line without matches, its first period cut to the first day or its last one to the last if that is said."""
    numbers = range(number_of(interval, first), number_of(interval, last) + 1)
    bounds = [bounds_of(interval, number) for number in numbers]
    if from_first:
        bounds[0] = (max(bounds[0][0], first), bounds[0][1])
    if to_last:
        bounds[-1] = (bounds[-1][0], min(bounds[-1][1], last))
    return tuple(Period(start, end, 0, total) for (start, end), total in zip(bounds, there, strict=True))


def _first(interval: Interval, number: int) -> date:
    match interval:
        case Interval.DAY:
            return date.fromordinal(number)
        case Interval.WEEK:
            return date.fromordinal(number * 7 + _MONDAY)
        case Interval.MONTH:
            return date(number // 12, number % 12 + 1, 1)
        case Interval.YEAR:
            return date(number, 1, 1)


def _last(interval: Interval, number: int) -> date:
    try:
        return _first(interval, number + 1) - timedelta(1)
    except (ValueError, OverflowError):  # there is no day after the calendar's last
        return date.max


def fitting(interval: Interval, first: date, last: date) -> Interval:
    """The interval that was asked for, or the first coarser one that does not make too many periods.

    >>> fitting(Interval.DAY, date(2000, 1, 1), date(2009, 12, 31)).value
    'week'
    """
    for coarser in _ORDER[_ORDER.index(interval) :]:
        if number_of(coarser, last) - number_of(coarser, first) < MOST:
            return coarser
    return Interval.YEAR


def label_of(interval: Interval, number: int) -> str:
    """A day, month or year as a filter by date takes it; a week by its first day."""
    day = _first(interval, number).isoformat()
    return {Interval.YEAR: day[:4], Interval.MONTH: day[:7]}.get(interval, day)


def finer_than_week(interval: Interval | None) -> Interval:
    """The interval of a facet, whose values are what ``from`` and ``to`` take: weeks are not, nor is nothing."""
    return {None: Interval.YEAR, Interval.WEEK: Interval.MONTH}.get(interval) or interval or Interval.YEAR
