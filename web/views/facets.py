"""Filters as a reader meets them: values with counts, and those in force, each with the link that takes it back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import compress
from operator import not_

from search.model import FacetValue, SpeakerType
from web import params
from web.views import topics
from web.views.choice import Choice

HEADINGS = {
    "speaker": "Speaker",
    "topic": "Topic",
    "quoted": "Kind of quotation",
    "outlet": "Outlet",
    "kind": "Part of the article",
    "section": "Section",
    "language": "Language",
}
_SHOWN = 7
_ALWAYS = ("speaker", "topic", "outlet", "kind")
"""Shown even when there is one value only; a choice of one in the others is none."""
UNNAMED = SpeakerType.UNNAMED.value
_ENDS = (("from", "from"), ("to", "until"))


@dataclass(frozen=True, slots=True)
class Facet:
    """One fieldset: ``shown`` at once, ``rest`` on demand."""

    name: str
    heading: str
    shown: tuple[Choice, ...]
    rest: tuple[Choice, ...]


def facets(values: Mapping[str, Sequence[FacetValue]], kept: params.Pairs) -> list[Facet]:
    """Every facet that offers a choice; chosen values are always among those shown."""
    out = []
    for name, heading in HEADINGS.items():
        found = _complete(name, values.get(name, ()), kept)
        choices = [
            Choice(name, value.value, value.label, value.count, value.selected, type=_quiet(value)) for value in found
        ]
        if name == "topic":
            choices = topics.tree(choices)
        if len(choices) > 1 or (choices and (name in _ALWAYS or choices[0].selected)):
            shown = [i < _SHOWN or choice.selected or choice.open for i, choice in enumerate(choices)]
            rest = compress(choices, map(not_, shown))
            out.append(Facet(name, heading, tuple(compress(choices, shown)), tuple(rest)))
    return out


def _quiet(value: FacetValue) -> str:
    """How a value is to be told from others: speakers without a name."""
    return UNNAMED if value.type is SpeakerType.UNNAMED else ""


def _complete(name: str, values: Sequence[FacetValue], kept: params.Pairs) -> list[FacetValue]:
    """The values, and behind them those that are chosen but that nothing matches."""
    known = {value.value for value in values}
    lost = [value for kind, value in kept if kind == name and value not in known]
    return [*values, *(FacetValue(value, value, 0, selected=True) for value in lost)]


def chosen(values: Mapping[str, Sequence[FacetValue]], kept: params.Pairs) -> list[Choice]:
    """The filters in force, each with the link that takes it back."""
    labels = {(name, value.value): value.label for name, found in values.items() for value in found}
    labels |= {(name, value): f"{word} {value}" for name, value in kept for at, word in _ENDS if name == at}
    return [
        Choice(name, value, labels.get((name, value), value), 0, selected=True, link=_without(kept, name, value))
        for name, value in kept
        if name in params.REPEATED or name in dict(_ENDS)
    ]


def _without(kept: params.Pairs, name: str, value: str) -> str:
    return params.address("/search", params.without(kept, name, value))
