"""Values of metadata, from whatever an input holds to what the model takes."""

from __future__ import annotations

import re
from datetime import datetime
from email.utils import parsedate
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from search.articles.encoding import clean

LONGEST = 1_000
LONGEST_ID = 200
MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"),
        start=1,
    )
}
DAY_MONTH = re.compile(
    r"^(?:[a-z]+,? )?(\d{1,2})(?:st|nd|rd|th)? (?P<month>[a-z]{3})[a-z]*\.?,? (\d{4})$", re.IGNORECASE
)
MONTH_DAY = re.compile(
    r"^(?:[a-z]+,? )?(?P<month>[a-z]{3})[a-z]*\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})$", re.IGNORECASE
)
ISO = re.compile(r"^\d{4}-?\d\d-?\d\d(?:[T ].*)?$")
LANGUAGE = re.compile(r"^([A-Za-z]{2,3})(?:[-_][A-Za-z0-9]{1,8})*$")


class Unfit(ValueError):
    """A value that cannot be taken; the message completes “the date …”."""


def line(value: Any) -> str:
    """One line of text. Numbers are written out; null is the same as nothing."""
    match value:
        case None:
            return ""
        case str():
            return " ".join(clean(value).split())[:LONGEST]
        case int() | float() if not isinstance(value, bool):
            return str(value)[:LONGEST]
    raise Unfit(f"is not text but {kind_of(value)}")


def lines(value: Any) -> tuple[str, ...]:
    """A list of lines, without the empty and the repeated; one line may list them with commas."""
    if isinstance(value, str):
        value = re.split(r"[,;]", value)
    elif value is None:
        return ()
    elif not isinstance(value, list):
        raise Unfit(f"is not a list but {kind_of(value)}")
    return tuple(dict.fromkeys(filter(None, map(line, value))))


def url(value: Any) -> str:
    """An address that is safe to link to, http or https, else nothing."""
    text = line(value)
    if not text:
        return ""
    try:
        parts = urlsplit(text)
        safe = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        safe = False
    if not safe or re.search(r"[\s<>\"\\]", text):
        raise Unfit("is not an http or https address")
    return text


def language(value: Any) -> str:
    """The main language tag.

    >>> language("en-GB")
    'en'
    """
    text = line(value)
    if not text:
        return ""
    if found := LANGUAGE.match(text):
        return found[1].lower()
    raise Unfit(f"is not a language tag: “{text[:40]}”")


def published(value: Any) -> datetime | None:
    """A day, or a moment, on the outlet's own clock; an offset is dropped.

    >>> published("2022-04-18T23:30:00+09:00"), published("18 April 2022")
    (datetime.datetime(2022, 4, 18, 23, 30), datetime.datetime(2022, 4, 18, 0, 0))
    """
    text = line(value)
    if not text:
        return None
    moment = _moment(text)
    if moment is None or not 1600 <= moment.year <= 2200:
        raise Unfit(f"is not a date with year, month and day: “{text[:40]}”")
    return moment.replace(tzinfo=None)


def _moment(text: str) -> datetime | None:
    try:
        if ISO.match(text):
            return datetime.fromisoformat(text)
        for pattern in (DAY_MONTH, MONTH_DAY):
            if (found := pattern.match(text)) and (month := MONTHS.get(found["month"].lower())):
                day, year = (int(part) for part in found.groups() if part.isdigit())
                return datetime(year, month, day)
        if parts := parsedate(text):
            return datetime(*parts[:6])
    except (ValueError, OverflowError, IndexError, TypeError):
        pass
    return None


def identifier(value: Any) -> str:
    """An article's id as it was given, as far as addresses can carry it: one line, no “..” on its way.

    >>> identifier("tag:example.org,2024#1"), identifier(" 2024/../a b\\n")
    ('tag:example.org,2024#1', '2024/a b')
    """
    text = value if isinstance(value, str) else line(value)
    text = re.sub(r"\s+", " ", clean(text).strip())
    # A browser would take “..” out of an address, and “//” at its start for another host.
    text = "/".join(part for part in text.split("/") if part not in ("", ".", ".."))
    if len(text) <= LONGEST_ID:
        return text
    digest = sha256(text.encode()).hexdigest()[:12]
    return f"{text[: LONGEST_ID - 13]}-{digest}"


def kind_of(value: Any) -> str:
    """What a JSON value is, in words."""
    names = {dict: "an object", list: "a list", bool: "true or false", str: "text", int: "a number", float: "a number"}
    return names.get(type(value), "nothing")
