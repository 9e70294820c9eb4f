"""Topics as a tree, the broad ones first, each holding the finer ones that occur."""

from __future__ import annotations

from collections.abc import Sequence

from search.topics.taxonomy import taxonomy
from web.views.choice import Choice


def tree(choices: Sequence[Choice]) -> list[Choice]:
    """The choices, each below the nearest of its ancestors that is among them; their order is kept."""
    known = {choice.value for choice in choices}
    below: dict[str | None, list[Choice]] = {}
    for choice in choices:
        above = next((code for code in taxonomy().ancestors(choice.value) if code in known), None)
        below.setdefault(above, []).append(choice)

    def grown(choice: Choice) -> Choice:
        finer = below.get(choice.value)
        return choice._replace(below=tuple(map(grown, finer))) if finer else choice

    return [grown(choice) for choice in below.get(None, ())]
