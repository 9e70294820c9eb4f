"""What went wrong, as a page for people and as a problem document (RFC 9457) for programs."""

from __future__ import annotations

import json
import re
from typing import Any

from flask import Flask, Response, render_template, request
from werkzeug.exceptions import HTTPException

from search.errors import (
    IndexAway,
    IndexDamaged,
    IndexMissing,
    IndexOutdated,
    IndexUnavailable,
    ParameterError,
    QueryError,
    QueryLimitError,
    QuerySyntaxError,
    SearchError,
)
from web.headers import for_programs

_RETRY_AFTER = "30"  # seconds; about as long as a small archive takes to index
_TITLES = {
    400: "That cannot be answered",
    404: "There is nothing here",
    405: "This page only answers",
    413: "That is too much at once",
    414: "That address is too long",
    500: "Something broke here",
    503: "The archive cannot be searched just now",
}
_DETAILS = {
    404: "The address is mistyped, or the article has been taken out of the archive.",
    405: "Pages here are for reading; nothing can be sent to them.",
    413: "Send a shorter request.",
    414: "Ask for less at once: shorten the query, or leave out some of the filters.",
    500: "It was not your doing. The server's log says more.",
}

_DATA = ("application/problem+json", "application/json", "application/atom+xml", "text/csv")


def register(app: Flask) -> None:
    """Answer every error in our own words."""

    @app.errorhandler(SearchError)
    def ours(error: SearchError) -> Response:
        if isinstance(error, QueryError):
            return answer(400, str(error), _members(error), _kind(error))
        # The sentence may name folders of this machine, which are for the log and not for whoever reads the site.
        app.logger.error("%s %s: %s", request.method, request.path, error)
        status = 503 if isinstance(error, IndexUnavailable) else 500
        return answer(status, _told(error), _members(error), _kind(error))

    @app.errorhandler(HTTPException)
    def theirs(error: HTTPException) -> Response:
        status = error.code or 500
        own = status == 400 and error.description and "archive" in error.description
        return answer(status, error.description if own and error.description else _DETAILS.get(status, ""))

    @app.errorhandler(Exception)
    def unexpected(error: Exception) -> Response:
        app.logger.error("%s %s failed", request.method, request.path, exc_info=error)
        return answer(500, _DETAILS[500])


def answer(status: int, detail: str, members: dict[str, Any] | None = None, kind: str = "") -> Response:
    """The error in the form that was asked for. ``kind`` tells problems of one status apart."""
    title = _TITLES.get(status, "That did not work")
    if _for_programs():
        problem = {
            "type": f"urn:on-record:problem:{kind or status}",
            "title": title,
            "status": status,
            "detail": detail,
            **(members or {}),
        }
        response = Response(json.dumps(problem, ensure_ascii=False), status, mimetype="application/problem+json")
    else:
        response = Response(render_template("problem.html", title=title, detail=detail, status=status), status)
    if status == 503:
        response.headers["Retry-After"] = _RETRY_AFTER
    response.headers["Cache-Control"] = "no-store"
    return response


def _told(error: SearchError) -> str:
    """What a reader of the site is to know of an error, and what its keeper can do."""
    match error:
        case IndexMissing():
            return "There is no index here yet. Whoever keeps this archive makes one with “onrecord index PATH…”."
        case IndexOutdated():
            return (
                "The index was made by another version of On Record. Whoever keeps this archive makes it anew with "
                "“onrecord reindex”."
            )
        case IndexDamaged():
            return (
                "The index cannot be read. The articles are untouched: whoever keeps this archive makes it anew with "
                "“onrecord reindex”."
            )
        case IndexAway():
            return "The cluster that keeps the index does not answer just now. It may come back by itself."
        case IndexUnavailable():
            return "The index cannot be opened just now. The server’s log says why."
        case _:
            return _DETAILS[500]


def _for_programs() -> bool:
    if for_programs() or request.path.endswith(".json"):
        return True
    accepted = request.accept_mimetypes
    return accepted.best_match(["text/html", *_DATA]) in _DATA


def _kind(error: SearchError) -> str:
    """The name of an error's class in small letters: ``query-limit`` of QueryLimitError."""
    return re.sub(r"(?<!^)(?=[A-Z])", "-", type(error).__name__.removesuffix("Error")).lower()


def _members(error: SearchError) -> dict[str, Any]:
    """What a program may want to know besides the sentence."""
    match error:
        case ParameterError():
            return {"parameter": error.name, "value": error.value}
        case QueryLimitError():
            return {"limit": error.limit, "most": error.most, "position": error.position}
        case QuerySyntaxError():
            return {"position": error.position, "hint": error.hint}
        case IndexUnavailable():
            return {"retryable": True}
        case _:
            return {}
