"""``speakers.toml``: what a newsroom knows of its speakers, applied to what each article says.

    [[speaker]]
    name = "Ada Holm"
    aliases = ["A. Holm", "Ada Holm-Lind"]
    offices = [{ title = "harbour minister", from = 2019-05-01, to = 2022-10-24 }]

    [[speaker]]                      # a namesake: the same alias, other days
    name = "Bo Lind (the elder)"
    aliases = ["Bo Lind"]
    to = 2004-12-31

The file lies in the folder of the articles. Names are compared as terms, so capitals, accents and dots do not count.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import blake2b
from pathlib import Path
from typing import Any

from search.analysis import terms
from search.errors import SpeakersFileError
from search.model import SpeakerType

FILE = "speakers.toml"
_KEYS = {"name", "aliases", "type", "from", "to", "offices"}
_OFFICE_KEYS = {"title", "from", "to"}


@dataclass(frozen=True, slots=True)
class Period:
    """Days from ``first`` to ``last``, both included; None is no bound."""

    first: date | None = None
    last: date | None = None

    @property
    def bounded(self) -> bool:
        return self.first is not None or self.last is not None

    def covers(self, day: date | None) -> bool:
        """A day that is not known lies in no period that has a bound."""
        if day is None:
            return not self.bounded
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


@dataclass(frozen=True, slots=True)
class KnownSpeaker:
    """One entry: the name that is shown, and the other ways of writing it."""

    name: str
    aliases: tuple[str, ...] = ()
    type: SpeakerType = SpeakerType.PERSON


@dataclass(frozen=True, slots=True)
class Known:
    """What the register makes of a name: one speaker, or several that it cannot tell apart."""

    speakers: tuple[KnownSpeaker, ...]

    @property
    def only(self) -> KnownSpeaker | None:
        return self.speakers[0] if len(self.speakers) == 1 else None


@dataclass(frozen=True, slots=True)
class Register:
    """All entries by every way of writing them. ``digest`` tells one state of the files from another."""

    entries: Mapping[str, tuple[tuple[KnownSpeaker, Period], ...]] = field(default_factory=dict)
    digest: str = ""

    def find(self, name: str, published: datetime | None) -> Known | None:
        """Who is meant by this name in an article of that day; None where the register does not know the name.

        >>> holm = KnownSpeaker("Ada Holm", ("A. Holm",))
        >>> register = Register({"a holm": ((holm, Period()),)})
        >>> register.find("A Holm", None).only.name
        'Ada Holm'
        """
        entries = self.entries.get(_key(name))
        if not entries:
            return None
        day = published.date() if published else None
        fitting = tuple(dict.fromkeys(speaker for speaker, period in entries if period.covers(day)))
        return Known(fitting) if fitting else None


def read_register(folders: Iterable[Path]) -> Register:
    """The registers of some folders as one. Raises SpeakersFileError, which names the file and the entry."""
    entries: dict[str, list[tuple[KnownSpeaker, Period]]] = {}
    digest = blake2b(digest_size=12)
    for path in sorted({folder / FILE for folder in folders}):
        try:
            content = path.read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            continue
        except OSError as error:
            raise SpeakersFileError(f"{path} cannot be read: {error.strerror}.") from error
        digest.update(content)
        for written, speaker, period in _entries(path, content):
            entries.setdefault(_key(written), []).append((speaker, period))
    if not entries:
        return Register()
    return Register({key: tuple(known) for key, known in entries.items()}, digest.hexdigest())


def _key(name: str) -> str:
    found = terms(name)
    return " ".join(found[1:] if len(found) > 1 and found[0] == "the" else found)


def _entries(path: Path, content: bytes) -> Iterator[tuple[str, KnownSpeaker, Period]]:
    """Every way of writing a speaker, with the days on which it means this one."""
    try:
        whole = tomllib.loads(content.decode("utf-8-sig"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SpeakersFileError(f"{path} cannot be read: {error}.") from error
    rows = whole.pop("speaker", [])
    if whole or not isinstance(rows, list):
        raise SpeakersFileError(f"{path} must hold tables [[speaker]] only, not “{next(iter(whole), 'speaker')}”.")
    for number, row in enumerate(rows, 1):
        yield from _Row(path, number, row).read()


class _Row:
    """One table of the file while it is read; whatever is wrong is said with its place."""

    def __init__(self, path: Path, number: int, row: Any) -> None:
        self.where = f"{path}, speaker {number}"
        if not isinstance(row, dict):
            self.refuse("is not a table; write [[speaker]] above it")
        self.row = row
        if isinstance(row.get("name"), str):
            self.where += f" ({row['name'][:60]})"

    def read(self) -> Iterator[tuple[str, KnownSpeaker, Period]]:
        self.only(self.row, _KEYS)
        name = self.text(self.row, "name")
        aliases = self.row.get("aliases", [])
        if not isinstance(aliases, list):
            self.refuse('“aliases” must be a list of names, such as ["A. Holm"]')
        aliases = [self.text({"aliases": alias}, "aliases") for alias in aliases]
        offices = self.row.get("offices", [])
        if not isinstance(offices, list) or not all(isinstance(office, dict) for office in offices):
            self.refuse('“offices” must be a list such as [{ title = "harbour minister", from = 2019-05-01 }]')
        speaker = KnownSpeaker(name, tuple(dict.fromkeys(aliases)), self.type())
        period = self.period(self.row)
        for written in dict.fromkeys([name, *aliases]):
            yield written, speaker, period
        for office in offices:
            self.only(office, _OFFICE_KEYS)
            yield self.text(office, "title"), speaker, self.period(office)

    def type(self) -> SpeakerType:
        given = self.row.get("type", "person")
        if given not in ("person", "organisation"):
            self.refuse("“type” must be person or organisation")
        return SpeakerType(given)

    def period(self, row: Mapping[str, Any]) -> Period:
        first, last = self.day(row, "from"), self.day(row, "to")
        if first and last and first > last:
            self.refuse(f"“from” ({first}) is later than “to” ({last})")
        return Period(first, last)

    def day(self, row: Mapping[str, Any], key: str) -> date | None:
        value = row.get(key)
        if isinstance(value, datetime):
            return value.date()
        if value is not None and not isinstance(value, date):
            self.refuse(f"“{key}” must be a day without quotation marks, such as 2019-05-01")
        return value

    def text(self, row: Mapping[str, Any], key: str) -> str:
        value = row.get(key)
        if not isinstance(value, str) or not terms(value):
            self.refuse(f"“{key}” must be a name in quotation marks")
        assert isinstance(value, str)
        return " ".join(value.split())

    def only(self, row: Mapping[str, Any], known: set[str]) -> None:
        for key in row:
            if key not in known:
                self.refuse(f"there is no “{key}”; known are {', '.join(sorted(known))}")

    def refuse(self, what: str) -> None:
        raise SpeakersFileError(f"{self.where}: {what}.")
