"""Values of a filter as checkboxes. Written by hand: a page has a hundred, which took a template a millisecond."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from html import escape

from markupsafe import Markup

from web.views.choice import Choice


def boxes(choices: Iterable[Choice]) -> Markup:
    """A checkbox for each choice, all of the form ``asking``.

    >>> print(boxes([Choice("outlet", "A<B", "A<B", 1204, selected=True)]))
    <label><input type="checkbox" form="asking" name="outlet" value="A&lt;B" checked> <bdi>A&lt;B</bdi> \
<span class="count">1,204</span></label>
    """
    return Markup("".join(map(_box, choices)))  # noqa: S704 - names, values and labels are escaped below


def tree(choices: Iterable[Choice]) -> Markup:
    """The choices as a list, in which each holds its finer ones, closed unless one of them is chosen."""
    return Markup(_tree(choices))  # noqa: S704 - so are these


def _tree(choices: Iterable[Choice]) -> str:
    rows = "".join(f"<li>{_box(choice)}{_finer(choice) if choice.below else ''}</li>" for choice in choices)
    return f'<ul class="tree">{rows}</ul>'


def _finer(choice: Choice) -> str:
    """What is below a choice."""
    return (
        f'<details id="below-{escape(choice.value)}"{" open" if choice.open else ""}><summary><span class="unseen">'
        f"{escape(choice.label)}: </span>{len(choice.below)} finer</summary>{_tree(choice.below)}</details>"
    )


def _box(choice: Choice) -> str:
    start, label = _parts(choice.name, choice.value, choice.label, choice.type)
    return (
        f'{start}{" checked" if choice.selected else ""}> {label} <span class="count">{choice.count:,}</span></label>'
    )


@lru_cache(8192)
def _parts(name: str, value: str, label: str, kind: str) -> tuple[str, str]:
    """A checkbox up to whether it is chosen, and what it says: the same on every page."""
    opening = f'<label class="{kind}">' if kind else "<label>"
    start = f'{opening}<input type="checkbox" form="asking" name="{escape(name)}" value="{escape(value)}"'
    return start, f"<bdi>{escape(label)}</bdi>"
