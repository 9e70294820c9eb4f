"""What a person asked, made into a SearchRequest: every value is checked here, for all faces alike."""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any, TypeVar

from search.errors import ParameterError, QueryLimitError
from search.model import Kind, Match, SearchRequest, Sort

FACETS = ("speaker", "topic", "outlet", "kind", "language")
MOST_HITS_A_PAGE = 100
DEEPEST_HIT = 10_000
MOST_VALUES = 50
LONGEST_VALUE = 300

_DATE = re.compile(r"(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?", re.ASCII)
E_ = TypeVar("E_", bound=StrEnum)


def make_request(
    *,
    text: str = "",
    match: str = "all",
    size: int | str = 20,
    page: int | str = 1,
    sort: str = "relevance",
    speaker: Sequence[str] | str = (),
    topic: Sequence[str] | str = (),
    outlet: Sequence[str] | str = (),
    kind: Sequence[str] | str = (),
    published_from: str | date | None = None,
    published_to: str | date | None = None,
    facets: Sequence[str] | str = (),
) -> SearchRequest:
    """Raises ParameterError, which names the parameter as the URL calls it, or QueryLimitError.

    >>> make_request(published_to="2022-02").published_to
    datetime.datetime(2022, 2, 28, 23, 59, 59, 999999)
    """
    first, last = day(published_from, "from"), day(published_to, "to", end=True)
    if first and last and first > last:
        raise ParameterError(
            f"“from” ({first:%Y-%m-%d}) is later than “to” ({last:%Y-%m-%d}).", "from", str(first.date())
        )
    pages = _number(page, "page", 1, None)
    hits = _number(size, "size", 1, MOST_HITS_A_PAGE)
    if pages * hits > DEEPEST_HIT and pages > 1:
        raise QueryLimitError(
            f"Pages go down to hit {DEEPEST_HIT:,}; narrow the search, or sort by date and search by period.",
            "depth",
            DEEPEST_HIT,
        )
    return SearchRequest(
        text=text,
        match=_one_of(Match, match, "match"),
        speaker=_values(speaker, "speaker"),
        topic=_values(topic, "topic"),
        outlet=_values(outlet, "outlet"),
        kind=tuple(_one_of(Kind, value, "kind") for value in _values(kind, "kind")),
        published_from=first,
        published_to=last,
        sort=_one_of(Sort, sort, "sort"),
        page=pages,
        size=hits,
        facets=tuple(_facet(value) for value in _values(facets, "facet")),
    )


def day(value: str | date | None, name: str, *, end: bool = False) -> datetime | None:
    """The first moment of a year, month or day, or with ``end`` its last; None for an empty value.

    >>> day("2022-04", "from")
    datetime.datetime(2022, 4, 1, 0, 0)
    """
    if value is None or value == "":
        return None
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    if isinstance(value, date):
        return datetime.combine(value, time.max if end else time.min)
    found = _DATE.fullmatch(value.strip())
    try:
        if not found:
            raise ValueError
        year, month, number = (int(part) if part else None for part in found.groups())
        assert year is not None
        last_month = month or (12 if end else 1)
        last_day = number or (calendar.monthrange(year, last_month)[1] if end else 1)
        return datetime.combine(date(year, last_month, last_day), time.max if end else time.min)
    except ValueError:
        raise ParameterError(
            f"“{name}” must be a year, a month or a day, such as 2022, 2022-04 or 2022-04-18, not “{value[:40]}”.",
            name,
            value[:40],
        ) from None


def _one_of(kinds: type[E_], value: str, name: str) -> E_:
    try:
        return kinds(value)
    except ValueError:
        raise ParameterError(
            f"“{name}” must be one of {', '.join(kinds)}, not “{str(value)[:40]}”.", name, str(value)[:40]
        ) from None


def _number(value: Any, name: str, least: int, most: int | None) -> int:
    span = f"from {least} to {most}" if most else f"from {least} on"
    try:
        if isinstance(value, str) and not re.fullmatch(r"\s*\d{1,9}\s*", value, re.ASCII):
            raise ValueError
        number = int(value)
        if number < least or (most is not None and number > most):
            raise ValueError
    except (ValueError, TypeError, OverflowError):
        raise ParameterError(
            f"“{name}” must be a whole number {span}, not “{str(value)[:40]}”.", name, str(value)[:40]
        ) from None
    return number


def _values(values: Sequence[str] | str, name: str) -> tuple[str, ...]:
    given = (values,) if isinstance(values, str) else values
    kept = tuple(dict.fromkeys(value.strip() for value in given if value.strip()))
    if len(kept) > MOST_VALUES:
        raise QueryLimitError(f"At most {MOST_VALUES} values of “{name}” at once.", name, MOST_VALUES)
    for value in kept:
        if len(value) > LONGEST_VALUE:
            raise QueryLimitError(f"A value of “{name}” has at most {LONGEST_VALUE} characters.", name, LONGEST_VALUE)
    return kept


def _facet(value: str) -> str:
    if value not in FACETS:
        raise ParameterError(f"“facet” must be one of {', '.join(FACETS)}, not “{value[:40]}”.", "facet", value[:40])
    return value
