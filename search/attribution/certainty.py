"""How sure a speaker is: by the way the name was found, and whether words in quotation marks bear it out.

The figures are shares counted on the dev part of PolNeAR by `benchmarks/quality.py --reliability`: of all quotations
found that way, how many the annotators gave to the same speaker; one that they did not mark counts as wrong. Two are
set by hand, since the annotators name nobody there: a title that only one person bears, and a name that fits several.
"""

from __future__ import annotations

from search.model import SpeakerType

_BY_RULE = {  # with quotation marks, without
    "full": (0.94, 0.83), "surname": (0.94, 0.83), "short": (0.9, 0.8), "forename": (0.6, 0.4),
    "single": (0.87, 0.78), "pronoun": (0.77, 0.71), "shared": (0.85, 0.75), "office": (0.5, 0.5),
    "ambiguous": (0.4, 0.4), "capital": (0.5, 0.5), "described": (0.79, 0.77), "thing": (0.3, 0.35),
    "carried": (0.94, 0.94), "carried-open": (0.65, 0.65), "carried-over": (0.55, 0.55), "continued": (0.2, 0.2),
    "nobody": (0.3, 0.3),
}  # fmt: skip
_ORGANISATION = {"full": (0.74, 0.75), "single": (0.5, 0.4), "described": (0.78, 0.78), "office": (0.4, 0.25)}


def certainty(rule: str, type_: SpeakerType | None, quoted: bool, ceiling: float = 1.0) -> float:
    """From 0 to 1: of the speakers given 0.9, nine in ten should be right.

    ``ceiling`` is the certainty of the speaker that is carried on, which what follows cannot surpass.

    >>> certainty("surname", SpeakerType.PERSON, quoted=True)
    0.94
    """
    table = _ORGANISATION if type_ is SpeakerType.ORGANISATION and rule in _ORGANISATION else _BY_RULE
    return min(ceiling, table.get(rule, (0.5, 0.5))[0 if quoted else 1])
