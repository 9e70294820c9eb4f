"""Filters as a reader meets them: values with counts, each with the link that chooses it or takes it back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from search.model import FacetValue
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
        choices = [choice(kept, name, value) for value in _complete(name, values.get(name, ()), kept)]
        if name == "topic":
            choices = topics.tree(choices)
        if len(choices) > 1 or (choices and (name in _ALWAYS or choices[0].selected)):
            first = tuple(c for i, c in enumerate(choices) if i < _SHOWN or c.selected or c.open)
            out.append(Facet(name, heading, first, tuple(c for c in choices if c not in first)))
    return out


def _complete(name: str, values: Sequence[FacetValue], kept: params.Pairs) -> list[FacetValue]:
    """The values, and behind them those that are chosen but that nothing matches."""
    known = {value.value for value in values}
    lost = [value for kind, value in kept if kind == name and value not in known]
    return [*values, *(FacetValue(value, value, 0, selected=True) for value in lost)]


def choice(kept: params.Pairs, name: str, value: FacetValue) -> Choice:
    if value.selected:
        link = params.without(kept, name, value.value)
    else:
        link = [*params.without(kept, "page"), (name, value.value)]
    return Choice(name, value.value, value.label, value.count, value.selected, params.address("/search", link))


def chosen(values: Mapping[str, Sequence[FacetValue]], kept: params.Pairs) -> list[Choice]:
    """The filters in force, each with the link that takes it back."""
    labels = {(name, value.value): value.label for name, found in values.items() for value in found}
    out = [
        choice(kept, name, FacetValue(value, labels.get((name, value), value), 0, selected=True))
        for name, value in kept
        if name in params.REPEATED
    ]
    for name, word in (("from", "from"), ("to", "until")):
        for value in (value for kind, value in kept if kind == name):
            out.append(replace(choice(kept, name, FacetValue(value, "", 0, selected=True)), label=f"{word} {value}"))
    return out
