"""A timeline as SVG and as the rows of a table. Written by hand: of a hundred bars a template makes a millisecond."""

from __future__ import annotations

from html import escape

from markupsafe import Markup

from web.views.timeline import HEIGHT, Bar, TimelineView


def drawn(view: TimelineView) -> Markup:
    """What stands in the drawing: bars that lead to their time, and the gaps between them."""
    return Markup("".join(_bar(run) for run in view.runs))  # noqa: S704 - numbers, and what is escaped below


def tabled(view: TimelineView) -> Markup:
    """The same as rows of a table; a gap is one row, and a period in which nothing was found none."""
    return Markup("".join(_row(run) for run in view.runs))  # noqa: S704 - so is this


def _bar(run: list[Bar]) -> str:
    bar = run[0]
    if bar.gap:
        wide = round(run[-1].x + run[-1].width - bar.x, 2)
        return f'<rect class="gap" x="{bar.x}" y="96" width="{wide}" height="4"/>'
    if not bar.count:
        return ""
    return (
        f'<a href="{escape(bar.link)}" tabindex="-1"><title class="tip">{bar.label}: {bar.count:,} of {bar.total:,}'
        f'</title><rect class="ground" x="{bar.x}" width="{bar.width}" height="{HEIGHT}"/>'
        f'<rect class="bar" x="{bar.x}" y="{bar.y}" width="{bar.width}" height="{bar.height}"/></a>'
    )


def _row(run: list[Bar]) -> str:
    bar = run[0]
    if bar.gap:
        until = f" to {run[-1].label}" if len(run) > 1 else ""
        return f'<tr><th scope="row">{bar.label}{until}</th><td colspan="2">nothing in the archive</td></tr>'
    if not bar.count:
        return ""
    return (
        f'<tr><th scope="row"><a href="{escape(bar.link)}">{bar.label}</a></th><td class="count">{bar.count:,}</td>'
        f'<td class="count">{bar.total:,}</td></tr>'
    )
