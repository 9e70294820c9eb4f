"""The pages of speakers and topics."""

from __future__ import annotations

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from web.pages.blueprint import bp


@bp.get("/speaker/<path:name>")
def speaker(name: str) -> ResponseReturnValue:
    """All that somebody is heard saying."""
    return redirect(url_for(".search", speaker=name, sort="newest"), 302)


@bp.get("/topic/<path:code>")
def topic(code: str) -> ResponseReturnValue:
    """All that a topic is about."""
    return redirect(url_for(".search", topic=code, sort="newest"), 302)
