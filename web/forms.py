"""One search in several forms: by the end of its address, or by what the asker says it accepts."""

from __future__ import annotations

from flask import Flask, current_app, request
from flask.typing import ResponseReturnValue

_FORMS = {
    "text/html": "",
    "application/json": "api.search",
    "application/atom+xml": "feeds.search",
    "text/csv": "export.search",
}
"""The page's own form comes first: it is for whoever accepts anything."""


def register(app: Flask) -> None:
    @app.before_request
    def other_form() -> ResponseReturnValue | None:
        """Answer ``/search`` as data where that is preferred."""
        if request.endpoint != "pages.search" or request.method not in ("GET", "HEAD"):
            return None
        view = _FORMS.get(request.accept_mimetypes.best_match(list(_FORMS)) or "", "")
        return current_app.ensure_sync(current_app.view_functions[view])() if view else None
