"""The JSON API, version 1. Keys may be added to its answers; a change that breaks a caller is version 2."""

from __future__ import annotations

from dataclasses import asdict
from typing import cast

from flask import Blueprint, Response, abort, current_app, jsonify, request
from flask.typing import ResponseReturnValue

from search import Archive, answers
from search.errors import ParameterError
from search.verify.answer import of_verdict
from web import params

bp = Blueprint("api", __name__)


def archive() -> Archive:
    return cast(Archive, current_app.extensions["archive"])


@bp.get("/api/v1/search")
@bp.get("/search.json")
def search() -> ResponseReturnValue:
    """The paragraphs that answer a query, with the parameters of the search page."""
    if wrong := params.unknown(request.args):
        raise ParameterError(
            f"There is no parameter “{wrong[0][:40]}”. Known are {', '.join(params.KNOWN)}.", wrong[0][:40], ""
        )
    result = archive().answer(params.read(request.args))
    body = answers.of_result(result)
    kept = params.pairs(request.args)
    page = result.request.page
    last = result.request.cursor is not None or page >= result.pages
    body["links"] = {
        "self": params.address("/api/v1/search", kept),
        "page": params.address("/search", kept),
        "next": None if last else params.address("/api/v1/search", params.with_page(kept, page + 1)),
        "onward": params.address("/api/v1/search", params.with_cursor(kept, result.cursor)) if result.cursor else None,
        "previous": params.address("/api/v1/search", params.with_page(kept, page - 1)) if page > 1 else None,
    }
    return tagged(jsonify(body), result.generation)


@bp.get("/api/v1/articles/<path:identifier>")
def article(identifier: str) -> ResponseReturnValue:
    """An article whole."""
    found = archive().article(identifier)
    return jsonify(answers.of_article(found)) if found else abort(404)


@bp.get("/api/v1/paragraphs/<path:identifier>")
def paragraph(identifier: str) -> ResponseReturnValue:
    """One paragraph, by ``ARTICLE#NUMBER`` with the ``#`` written ``%23``."""
    found = archive().paragraph(identifier)
    return jsonify(answers.of_paragraph(found)) if found else abort(404)


@bp.get("/api/v1/suggest")
def suggest() -> ResponseReturnValue:
    """Words that begin with ``q`` and really occur."""
    return jsonify({"suggestions": archive().suggest(request.args.get("q", "")[:100])})


@bp.get("/api/v1/speakers")
def speakers() -> ResponseReturnValue:
    """Speakers by how many paragraphs they are heard in."""
    return _facet("speaker")


@bp.get("/api/v1/topics")
def topics() -> ResponseReturnValue:
    """Topics by how many paragraphs are about them."""
    return _facet("topic")


@bp.get("/api/v1/verify")
def verify() -> ResponseReturnValue:
    """Whether a quotation stands in the archive, and where."""
    verdict = archive().verify(request.args.get("quotation", ""), request.args.get("speaker"))
    return tagged(jsonify(of_verdict(verdict)), verdict.generation)


@bp.get("/api/v1/status")
def status() -> ResponseReturnValue:
    """What the archive holds. Where it lies on the server is nobody's business."""
    current = asdict(archive().status())
    for name in ("index", "roots"):
        del current[name]
    for name in ("built", "first", "last"):
        current[name] = current[name].isoformat() if current[name] else None
    return jsonify(current)


def _facet(name: str) -> ResponseReturnValue:
    result = archive().search(request.args.get("q", ""), facets=[name], size=1)
    values = [{"value": v.value, "label": v.label, "count": v.count} for v in result.facets[name]]
    return jsonify({name + "s": values, "generation": result.generation})


def tagged(response: Response, generation: int) -> Response:
    """Let a browser ask whether anything has changed, instead of taking all of it again."""
    response.headers["X-Index-Generation"] = str(generation)
    return response
