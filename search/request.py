"""What a person asked, made into a SearchRequest: every value is checked here, for all faces alike."""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any, TypeVar

from search.errors import ParameterError, QueryLimitError
from search.model import Copies, Group, Interval, Kind, Match, QuotationKind, SearchRequest, Sort

FACETS = ("speaker", "topic", "outlet", "kind", "language", "date", "section", "quoted")
MOST_HITS_A_PAGE = 100
DEEPEST_HIT = 10_000
"""How far down pages go by number; a cursor goes on to the end."""
MOST_FACET_VALUES = 1_000
MOST_VALUES = 50
LONGEST_VALUE = 300
LONGEST_CURSOR = 1_000

_DATE = re.compile(r"(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?", re.ASCII)
_FLAGS = {"1": True, "true": True, "on": True, "yes": True, "0": False, "false": False, "off": False, "no": False,
          "": False}  # fmt: skip
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
    language: Sequence[str] | str = (),
    section: Sequence[str] | str = (),
    quoted: Sequence[str] | str = (),
    published_from: str | date | None = None,
    published_to: str | date | None = None,
    facets: Sequence[str] | str = (),
    facet_size: int | str = 50,
    interval: str | None = None,
    copies: str = "group",
    group: str = "paragraph",
    cursor: str | None = None,
    explain: bool | str = False,
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
            f"Pages go down to hit {DEEPEST_HIT:,}; go on by “cursor”, narrow the search, or search by period.",
            "depth",
            DEEPEST_HIT,
        )
    if cursor and pages > 1:
        raise ParameterError("“cursor” says where the page begins; leave “page” out.", "page", str(pages))
    return SearchRequest(
        text=text,
        match=one_of(Match, match, "match"),
        speaker=_values(speaker, "speaker"),
        topic=_values(topic, "topic"),
        outlet=_values(outlet, "outlet"),
        kind=tuple(one_of(Kind, value, "kind") for value in _values(kind, "kind")),
        language=_values(language, "language"),
        section=_values(section, "section"),
        quoted=tuple(one_of(QuotationKind, value, "quoted") for value in _values(quoted, "quoted")),
        published_from=first,
        published_to=last,
        sort=one_of(Sort, sort, "sort"),
        page=pages,
        size=hits,
        cursor=_cursor(cursor),
        facets=tuple(_facet(value) for value in _values(facets, "facet")),
        facet_size=_number(facet_size, "facet_size", 1, MOST_FACET_VALUES),
        interval=one_of(Interval, interval, "interval") if interval else None,
        copies=one_of(Copies, copies, "copies"),
        group=one_of(Group, group, "group"),
        explain=_flag(explain, "explain"),
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


def one_of(kinds: type[E_], value: str, name: str) -> E_:
    """The member of an enumeration that a value names. Raises ParameterError."""
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
    if not values:
        return ()
    given = (values,) if isinstance(values, str) else values
    kept = tuple(dict.fromkeys(value.strip() for value in given if value.strip()))
    if len(kept) > MOST_VALUES:
        raise QueryLimitError(f"At most {MOST_VALUES} values of “{name}” at once.", name, MOST_VALUES)
    for value in kept:
        if len(value) > LONGEST_VALUE:
            raise QueryLimitError(f"A value of “{name}” has at most {LONGEST_VALUE} characters.", name, LONGEST_VALUE)
    return kept


def _cursor(value: str | None) -> str | None:
    if value and len(value) > LONGEST_CURSOR:
        raise ParameterError("This is not a cursor that an answer has given.", "cursor", value[:40])
    return value or None


def _flag(value: bool | str, name: str) -> bool:
    if isinstance(value, bool):
        return value
    given = value.strip().lower()
    if given not in _FLAGS:
        raise ParameterError(f"“{name}” is 1 or 0, not “{value[:40]}”.", name, value[:40])
    return _FLAGS[given]


def _facet(value: str) -> str:
    if value not in FACETS:
        raise ParameterError(f"“facet” must be one of {', '.join(FACETS)}, not “{value[:40]}”.", "facet", value[:40])
    return value
