"""The site and the API: what an archive answers, as pages and as JSON. Knows ``search.Archive`` and no engine."""

from __future__ import annotations

from flask import Flask

from search import Archive, Settings
from web import (
    api,
    assets,
    boxes,
    caching,
    citations,
    discovery,
    drawing,
    export,
    feeds,
    forms,
    headers,
    links,
    marks,
    openapi,
    pages,
    pieces,
    problems,
)  # fmt: skip

_SITE = (
    ("pages.speakers", "Speakers"),
    ("pages.topics", "Topics"),
    ("pages.check", "Did they say it?"),
    ("pages.help_", "Help"),
)

_WRITTEN = {"boxes": boxes.boxes, "tree": boxes.tree, "drawn": drawing.drawn, "tabled": drawing.tabled}
"""Filters that write the parts of a page of which there are very many."""
_FOR_MACHINES = (api, export, feeds, citations, discovery)


def create_app(archive: Archive | None = None, *, settings: Settings | None = None) -> Flask:
    """A WSGI application on an archive; without one, on the archive of the settings. Opens nothing yet."""
    app = Flask(__name__)
    settings = settings or Settings.load()
    app.extensions["archive"] = archive or Archive.open(settings=settings)
    app.config["MAX_CONTENT_LENGTH"] = 64 * 1024  # there is nothing to send here
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update({**marks.FILTERS, **pieces.FILTERS, **_WRITTEN})
    assets.register(app)
    app.register_blueprint(pages.bp)
    for machines in _FOR_MACHINES:
        app.register_blueprint(machines.bp)
    app.register_blueprint(openapi.bp)
    app.extensions["operations"] = [operation for machines in _FOR_MACHINES for operation in machines.operations.all]
    app.jinja_env.globals.update(links=links, SITE=_site(app), UNTITLED=pieces.UNTITLED)
    headers.protect(app, settings)
    caching.register(app, settings.cache)
    forms.register(app)
    problems.register(app)
    return app


def _site(app: Flask) -> list[tuple[str, str]]:
    """What the head of every page leads to."""
    return [(endpoint, label) for endpoint, label in _SITE if endpoint in app.view_functions]
