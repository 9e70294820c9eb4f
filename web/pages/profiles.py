"""The pages of speakers and topics, and the lists of all of them."""

from __future__ import annotations

from collections.abc import Sequence

from flask import abort, redirect, render_template, request
from flask.typing import ResponseReturnValue

from search.model import FacetValue, Hit, Listing, Profile
from web import links, params
from web.door import archive
from web.kept import kept
from web.pages.blueprint import bp
from web.views.choice import Choice
from web.views.profile import ProfileView
from web.views.rows import rows
from web.views.topics import tree

_NEWEST = 8
_SPEAKERS_A_PAGE = 90
_TOPICS_AT_ONCE = 100


@bp.get("/speaker/<path:name>")
def speaker(name: str) -> ResponseReturnValue:
    """All that somebody is heard saying: when, about what, where, in which words."""
    found = archive().speaker(name)
    if found is None:
        abort(404)
    if found.name != name:
        return redirect(links.speaker(found.name))
    return _profile("speaker", found)


@bp.get("/topic/<path:code>")
def topic(code: str) -> ResponseReturnValue:
    """All that is about a topic, and who speaks of it."""
    found = archive().topic(code)
    if found is None:
        abort(404)
    if found.name != code:
        return redirect(links.topic(found.name))
    return _profile("topic", found)


def _profile(field: str, found: Profile) -> ResponseReturnValue:
    hits: Sequence[Hit] = archive().search(
        size=_NEWEST,
        sort="newest",
        speaker=found.name if field == "speaker" else (),
        topic=found.name if field == "topic" else (),
    ).hits  # fmt: skip
    return render_template("profile.html", view=ProfileView(field, found, hits), profile=found)


@bp.get("/speakers")
def speakers() -> ResponseReturnValue:
    """Everybody heard in the archive, or in what answers ``q``: who said it most."""
    asked = {name: request.args.get(name, "").strip() for name in ("q", "prefix")}
    by = "name" if request.args.get("sort") == "name" else "count"
    page = request.args.get("page", "1")
    found = archive().speakers(asked["prefix"], by, page, _SPEAKERS_A_PAGE, text=asked["q"])  # type: ignore[arg-type]

    def link(name: str) -> str:
        if asked["q"]:
            return params.address("/search", [("q", asked["q"]), ("speaker", name)])
        return links.speaker(name)

    kept = [(name, value) for name, value in (*asked.items(), ("sort", by)) if value and value != "count"]
    listed = rows(found.values, link)
    return render_template(
        "speakers.html", found=found, rows=listed, asked=asked, by=by, kept=kept, pages=_pages(found, kept)
    )


def _pages(found: Listing, kept: params.Pairs) -> tuple[str | None, str | None]:
    """The addresses of the page before and the page after."""

    def to(page: int) -> str | None:
        return params.address("/speakers", params.with_page(kept, page)) if 1 <= page <= found.pages else None

    return to(found.page - 1), to(found.page + 1)


@bp.get("/topics")
def topics() -> ResponseReturnValue:
    """Everything the archive is about, the broad topics holding the finer ones."""
    prefix = request.args.get("prefix", "").strip()
    values = _all_topics(prefix) if prefix else kept("topics", lambda: _all_topics(""))
    choices = [_as_choice(value) for value in values]
    return render_template("topics.html", total=len(choices), tree=tree(choices), prefix=prefix)


def _all_topics(prefix: str) -> list[FacetValue]:
    first = archive().topics(prefix, "count", 1, _TOPICS_AT_ONCE)
    rest = (archive().topics(prefix, "count", page, _TOPICS_AT_ONCE) for page in range(2, first.pages + 1))
    return [*first.values, *(value for listing in rest for value in listing.values)]


def _as_choice(value: FacetValue) -> Choice:
    link = links.topic(value.value)
    return Choice("topic", value.value, value.label, value.count, selected=False, link=link)
