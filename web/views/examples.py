"""The examples of the query language, in words of this very archive, with what each finds in it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from search import Archive
from search.analysis import terms
from search.model import FacetValue, SpeakerType
from search.query.examples import EXAMPLES, Example

_WORDS = 8
"""Telling words of somebody and of something among which two are looked for that stand side by side."""
_FEWEST = 4
_OPERATORS = {"and", "or", "not", "near", "pre", "same", "around"}
_PLAIN = {
    "both words, in any form: “ferries”, “striking”": "both words, in any form",
    "exactly this form, not “strikes”": "exactly this form, no other",
}
"""Meanings that speak of the words which stand in for one's own."""
Own = dict[str, str]
"""What stands in an example, and what is to stand there."""


@dataclass(frozen=True, slots=True)
class Tried:
    """A query, what it means, and how many paragraphs of the archive answer it."""

    query: str
    meaning: str
    count: int


def examples(archive: Archive) -> list[tuple[str, list[Tried]]]:
    """Every group with its examples, each asked."""
    facets = archive.search("", size=1, facets=["speaker", "topic", "section"], facet_size=100).facets
    person = next((one.value for one in facets["speaker"] if one.type is SpeakerType.PERSON and " " in one.value), "")
    topics = facets["topic"]
    own = {
        **_words(archive, person, topics[0].value if topics else ""),
        **_places(archive, facets["section"]),
        **_days(archive.status().last),
    }
    if name := terms(person):
        own |= {"ada holm": " ".join(name), "holm": name[-1]}
    if labels := [label for one in topics if (label := terms(one.label))]:
        own["weather"] = min(labels[:10], key=len)[0]

    def tried(one: Example) -> Tried:
        query = in_own_words(one.query, own)
        meaning = one.meaning if query == one.query else _PLAIN.get(one.meaning, one.meaning)
        return Tried(query, meaning, archive.search(query, size=1).total)

    return [(group.title, [tried(one) for one in group.examples]) for group in EXAMPLES]


def in_own_words(query: str, own: Own) -> str:
    """The longest that can be replaced goes first, and nothing is replaced twice.

    >>> in_own_words('speaker:"ada holm" ferry', {"ferry": "tax", "ada holm": "bo lind", "holm": "lind"})
    'speaker:"bo lind" tax'
    """
    if not own:
        return query
    known = "|".join(re.escape(word) for word in sorted(own, key=len, reverse=True))
    return re.sub(rf"(?<!\w)(?:{known})(?!\w)", lambda found: own[found[0]], query)


def _words(archive: Archive, person: str, topic: str) -> Own:
    """Two words that stand side by side most often, the first of them the person's own, and two more."""
    profiles = [archive.speaker(person) if person else None, archive.topic(topic) if topic else None]
    found = [[one.word for one in profile.words if _fits(one.word)][:_WORDS] for profile in profiles if profile]
    words = list(dict.fromkeys(word for some in found for word in some))
    pairs = [(first, second) for first in (found or [[]])[0] or words for second in words if first != second]
    counted = [(archive.search(f'"{first} {second}"', size=1).total, first, second) for first, second in pairs]
    count, first, second = max(counted, key=lambda one: one[0], default=(0, "", ""))
    if not count or len(words) < _FEWEST:
        return {}
    third, fourth = [word for word in words if word not in (first, second)][:2]
    return {
        "ferry": first, "strike": second, "tram": third, "delay": fourth, "strik*": f"{second[:4]}*",
        "strong response": f"{first} {second}", "diplom*": f"{third[:4]}*", "wom?n": f"{third[:2]}?{third[3:]}",
        "harbour~1": f"{first}~1",
    }  # fmt: skip


def _fits(word: str) -> bool:
    return len(word) > 3 and word not in _OPERATORS


def _places(archive: Archive, sections: Sequence[FacetValue]) -> Own:
    """An outlet and a section that go together."""
    section = next((found[0] for one in sections if len(found := terms(one.value)) == 1), "")
    outlets = archive.search(f"section:{section}" if section else "", size=1, facets=["outlet"]).facets["outlet"]
    outlet = next((max(found, key=len) for one in outlets if (found := terms(one.value))), "")
    if not outlet:
        return {}
    return {"outlet:times section:business": f"outlet:{outlet}" + (f" section:{section}" if section else "")}


def _days(last: date | None) -> Own:
    """The last months of the archive."""
    if last is None:
        return {}
    late, early, year = _month(last, 0), _month(last, 6), last.year - 1
    return {
        "date:2022-04": f"date:{late}",
        "date:2022-04..2022-06": f"date:{early}..{late}",
        "from:2022 to:2023-02": f"from:{year} to:{late}",
    }


def _month(day: date, back: int) -> str:
    """
    >>> _month(date(2024, 2, 9), 3)
    '2023-11'
    """
    months = day.year * 12 + day.month - 1 - back
    return f"{months // 12:04d}-{months % 12 + 1:02d}"
