"""The first page: the search box, and what there is to search."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from search.model import FacetValue, SpeakerType
from web import links, params
from web.door import archive
from web.pages.blueprint import bp
from web.views.rows import Row, rows
from web.views.timeline import TimelineView, narrowing

_SAID = ("direct", "mixed")
"""Kinds of quotation that have words between quotation marks."""
_SHOWN = 4
_FIRST = 8


@bp.get("/")
def home() -> ResponseReturnValue:
    """What the archive covers: figures, the most heard, topics, outlets, and the latest words on record."""
    everything = archive().search("", size=1, facets=["speaker", "topic", "outlet"], interval="month")
    latest = partial(archive().search, "", size=_SHOWN, sort="newest", kind=["body"], group="article")
    periods, interval = everything.timeline, everything.interval
    return render_template(
        "home.html",
        status=archive().status(),
        columns=_columns(everything.facets),
        newest=latest(quoted=_SAID).hits or latest().hits,
        when=TimelineView(periods, interval, narrowing([])) if interval else None,
        examples=_examples(everything.facets),
    )


def _columns(facets: Mapping[str, Sequence[FacetValue]]) -> list[tuple[str, str, list[Row], str]]:
    """Name, heading, first values and where all of them are."""

    def first(name: str, link: Callable[[str], str]) -> list[Row]:
        values = facets.get(name, ())
        return rows((_named(values) if name == "speaker" else values)[:_FIRST], link)

    return [
        ("speaker", "Most heard", first("speaker", links.speaker), url_for(".speakers")),
        ("topic", "Topics", first("topic", links.topic), url_for(".topics")),
        ("outlet", "Outlets", first("outlet", lambda name: params.address("/search", [("outlet", name)])), ""),
    ]


def _named(speakers: Sequence[FacetValue]) -> Sequence[FacetValue]:
    """Those with a name; “analysts” and “officials”, who are many people, only where nobody has one."""
    return [one for one in speakers if one.type is not SpeakerType.UNNAMED] or speakers


def _examples(facets: Mapping[str, Sequence[FacetValue]]) -> list[str]:
    """Queries that find something in this very archive."""
    named = _named(facets.get("speaker", ()))
    persons = [one for one in named if one.type is SpeakerType.PERSON]
    speakers = [f'speaker:"{value.label}"' for value in (persons or named)[:1]]
    topics = sorted((f'topic:"{value.label}"' for value in facets.get("topic", ())[:5]), key=len)[:1]
    return [*speakers, "said:never OR said:always", *topics]
