"""How other houses spell proximity and counts, and what is to be said where they differ from each other.

Spellings of Nexis, Factiva, ProQuest, Westlaw, Lucene and web engines; `docs/query-language.md` has the table.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from search.query.nodes import Unit

PROXIMITY = (
    r"(?:(?i:near|onear|w|n|pre|p|adj|within)/\d{1,9}|(?i:near|onear|adj|pre)\d{1,9}|/\d{1,9}"
    r"|(?i:w|near|pre)?/(?i:s|p|sent|para|seg)|\+(?i:s|p)|AROUND\(\d{1,9}\)|SAME)"
)
"""What stands between two words that are to be near each other, as a pattern."""
CALLS = (
    r"(?i:(?:atleast|atl)\d{1,9}|caps|allcaps|nocaps|hlead|headline|byline|section|publication|lead|body"
    r"|plural|singular)"
)
"""What may stand before an opening bracket, as a pattern."""
FIELD_CALLS = {"hlead": "title", "headline": "title", "byline": "byline", "section": "section", "publication": "outlet"}
"""Functions that mean a field of ours."""
ASIDE = {"lead", "body", "plural", "singular"}
"""Functions that have no equal here: what is in their brackets is searched without them."""


@dataclass(frozen=True, slots=True)
class Proximity:
    """What an operator of nearness asks for, and what should be said about it."""

    distance: int | Unit
    ordered: bool
    notice: str = ""


def proximity(text: str) -> Proximity:
    """What a spelling that fits ``PROXIMITY`` asks for.

    >>> proximity("w/5").distance, proximity("adj3").ordered, proximity("W/S").distance
    (5, True, <Unit.SENTENCE: 'S'>)
    """
    found = re.fullmatch(r"(?i)([a-z]*)([/+(]?)([a-z]*|\d*)\)?", text)
    assert found
    name, sign, value = found[1].lower(), found[2], found[3].lower()
    ordered = name in ("pre", "p", "adj", "onear") or sign == "+"
    if name == "same" or value in ("s", "p", "sent", "para", "seg"):
        return _unit(text, value or "p", ordered)
    return Proximity(int(value), ordered, _difference(text, name, int(value)))


def _unit(text: str, value: str, ordered: bool) -> Proximity:
    if value == "seg" or text == "SAME":
        return Proximity(Unit.PARAGRAPH, ordered, f"“{text}” is read as W/P, in the same paragraph.")
    return Proximity(Unit.SENTENCE if value in ("s", "sent") else Unit.PARAGRAPH, ordered)


def _difference(text: str, name: str, distance: int) -> str:
    if name in ("w", "within", ""):
        return f"“{text}” is read as in Nexis, in either order; for Factiva’s, this order only, write PRE/{distance}."
    if name == "adj":
        return f"“{text}” is read as in Factiva, in this order: PRE/{distance}; for either order write NEAR/{distance}."
    return ""
