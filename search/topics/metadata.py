"""What an article says of its own subject: its codes, its section and its keywords, by a table that can be edited."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from search.analysis import terms
from search.errors import TopicsFileError
from search.model import Metadata, Topic
from search.topics.taxonomy import PREFIX, taxonomy

HOW = "metadata"
_CODE_GIVEN, _SECTION, _KEYWORD = 0.98, 0.95, 0.85
"""How certain we are of a topic by what named it. Desks file by code with care, by keyword with less."""
_PARTS = re.compile(r"\s*[/>|;:,]\s*")

Name = tuple[str, ...]
Names = dict[Name, str | None]


def read_names(table: Mapping[str, Any], file: str) -> Names:
    """Which code each name means, None where it means nothing. Raises TopicsFileError, which names the entry.

    >>> read_names({"15000000": "Sport, The Pitch", "none": "World"}, "topics.toml")[("the", "pitch")]
    'medtop:15000000'
    """
    found: Names = {}
    for number, names in table.items():
        where = f"{file}, section {number}"
        code = None if number == "none" else PREFIX + number
        if code is not None and code not in taxonomy():
            raise TopicsFileError(f"{where}: there is no such code in IPTC Media Topics; give its eight digits.")
        if not isinstance(names, str):
            raise TopicsFileError(f"{where}: must be names with commas between, in one text.")
        for name in names.split(","):
            folded = tuple(terms(name))
            if folded:
                found[folded] = code
    return found


def named_topics(metadata: Metadata, names: Names) -> tuple[Topic, ...]:
    """The topics that an article's own codes, section and keywords name, each once, the surest first."""
    sure: dict[str, float] = {}
    for subject in metadata.subjects:
        code = taxonomy().find(subject) if _is_code(subject) else None
        if code:
            sure.setdefault(code, _CODE_GIVEN)
    for code in meanings(metadata.section, names):
        sure.setdefault(code, _SECTION)
    for keyword in metadata.keywords:
        for code in meanings(keyword, names):
            sure.setdefault(code, _KEYWORD)
    for code in list(sure):
        sure[taxonomy().top(code)] = max(sure[code], sure.get(taxonomy().top(code), 0.0))
    topics = [Topic(code, taxonomy().label(code), certainty, HOW) for code, certainty in sure.items()]
    return tuple(sorted(topics, key=lambda topic: -topic.certainty))


def meanings(text: str, names: Names) -> list[str]:
    """The codes that a section or keyword means: as a whole, or else each of its parts.

    A name that the table does not have may be a label of the taxonomy.

    >>> [taxonomy().label(code) for code in meanings("News / Diplomacy", {("news",): None})]
    ['diplomacy']
    """
    for parts in ([text], _PARTS.split(text)):
        codes = [_meaning(part, names) for part in parts]
        if any(codes):
            return list(dict.fromkeys(code for code in codes if code))
    return []


def _meaning(name: str, names: Names) -> str | None:
    folded = tuple(terms(name.replace("&", " and ").replace("-", " ")))
    return names[folded] if folded in names else taxonomy().find(name)


def _is_code(subject: str) -> bool:
    return any(character.isdigit() for character in subject)
