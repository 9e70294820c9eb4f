"""The words that the rules go by, one folder a language: what a word can be, as bits of one number.

A language is data: `cues.toml`, `words.toml`, `people.toml`, `organisations.toml`, `groups.toml`, and lists of
forenames, countries and places. A language without a folder has no rules.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from search.attribution import bits
from search.attribution.groups import Groups, read_groups
from search.attribution.inflection import Cue, read_cues

_NATIONS = (bits.NATION, bits.NATION, bits.DEMONYM, bits.CAPITAL)


Word = tuple[str, str, int, str, bool, bool, int]
"""A word as it stands and in small letters, its bits, its shape, whether it begins with a capital, whether it can tell
anything about its sentence, and its length, with that of the blank behind it."""


@dataclass(slots=True)
class Lexicon:
    """One language's words, all in small letters.

    ``groups`` are the words that one rule each goes by. ``flags`` has for a word the bits of everything it can be.
    ``cues`` are words of saying by their first word, longest first. ``nations`` leads from a country's other names, its
    adjectives and its capitals to its name.
    ``full`` are known names of several words, by their first. ``agents`` are pronouns that nothing but a verb follows.
    ``nouns_large`` says that every noun has a capital, which is then no sign of a name. ``known`` remembers what
    stands between blanks as it was looked up.
    """

    language: str
    groups: Groups
    flags: dict[str, int] = field(default_factory=dict)
    cues: dict[str, tuple[Cue, ...]] = field(default_factory=dict)
    nations: dict[str, str] = field(default_factory=dict)
    full: dict[str, set[tuple[str, ...]]] = field(default_factory=dict)
    abbreviations: set[str] = field(default_factory=set)
    upper: dict[str, str] = field(default_factory=dict)
    unless: set[tuple[str, str]] = field(default_factory=set)
    agents: frozenset[str] = frozenset()
    nouns_large: bool = False
    known: dict[str, tuple[Word, ...]] = field(default_factory=dict)

    def mark(self, words: Iterable[str], bit: int) -> None:
        for word in words:
            self.flags[word.lower()] = self.flags.get(word.lower(), 0) | bit

    def know(self, name: str) -> None:
        words = tuple(name.lower().split())
        self.full.setdefault(words[0], set()).add(words)


@cache
def lexicon(language: str) -> Lexicon | None:
    """The words of a language by its two letters, read once; None when there are none."""
    languages = files("search.attribution")
    folder = languages / language
    if not language.isalpha() or not folder.is_dir():
        return None
    # Foreign houses keep their English names, so a group that a language leaves out is the English one.
    groups = {**_toml(languages / "en" / "groups.toml"), **_toml(folder / "groups.toml")}
    read = Lexicon(language, read_groups(groups))
    for name in ("words", "people", "organisations", "cues"):
        for key, value in _toml(folder / f"{name}.toml").items():
            if key in bits.LISTS:
                read.mark(value.split(), bits.LISTS[key])
    _read_cues(read, _toml(folder / "cues.toml"))
    _read_names(read, folder)
    read.abbreviations.update(_toml(folder / "words.toml").get("abbreviations", "").split())
    upper = _toml(folder / "words.toml").get("upper", "").split()
    read.agents = frozenset(_toml(folder / "words.toml").get("agents", "").split())
    read.nouns_large = bool(_toml(folder / "words.toml").get("nouns_large"))
    read.upper = dict(zip(upper[::2], upper[1::2], strict=True))
    return read


def _toml(file: Traversable) -> Mapping[str, str]:
    return tomllib.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}


def _lines(file: Traversable) -> list[str]:
    lines = file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
    return [line for line in lines if line and not line.startswith("#")]


def _read_cues(read: Lexicon, lists: Mapping[str, str]) -> None:
    found: dict[str, list[Cue]] = {}
    for group in ("say", "tell", "judge", "that", "quote"):
        for first, cue in read_cues(group, lists.get(group, "")):
            # What stands in an earlier list keeps that meaning.
            if all(cue.rest != known.rest for known in found.get(first, [])):
                found.setdefault(first, []).append(cue)
    read.cues = {first: tuple(sorted(group, key=lambda cue: -len(cue.rest))) for first, group in found.items()}
    read.mark(found, bits.CUE)
    for line in lists.get("unless", "").strip().splitlines():
        verb, *following = line.split()
        read.unless.update((verb, word) for word in following)


def _read_names(read: Lexicon, folder: Traversable) -> None:
    for line in _lines(folder / "countries.txt"):
        country, *columns = (part.strip() for part in line.split("|"))
        for bit, column in zip(_NATIONS, [country, *columns], strict=False):
            for name in filter(None, map(str.strip, column.split(","))):
                words = name.lower().removeprefix("the ").split()
                read.nations[" ".join(words)] = country
                if len(words) > 1:
                    read.know(" ".join(words))
                else:
                    read.mark(words, bit)
    read.mark((word for line in _lines(folder / "places.txt") for word in line.split()), bits.PLACE)
    for name, bit in (("forenames_male.txt", bits.MAN), ("forenames_female.txt", bits.WOMAN)):
        read.mark((word for line in _lines(folder / name) for word in line.split()), bit)
    for name in _toml(folder / "organisations.toml").get("known_names", "").split("|"):
        if name.strip():
            read.know(name.strip())
