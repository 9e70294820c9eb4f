"""The JSON API, version 1. Keys may be added to its answers; a change that breaks a caller is version 2."""

from __future__ import annotations

from dataclasses import asdict
from typing import TypedDict, cast

from flask import Blueprint, Response, abort, jsonify, request
from flask.typing import ResponseReturnValue

from search import SearchResult, answers
from search.errors import ParameterError
from search.request import DEEPEST_HIT, LONGEST_VALUE
from search.shapes import ArticleJson, FacetValueJson, ParagraphJson, ResultJson
from search.verify.answer import VerdictJson, of_verdict
from web import params
from web.door import archive
from web.operations import Operations
from web.parameters import PREFIX, QUOTATION, SEARCH

bp = Blueprint("api", __name__)
operations = Operations(bp)


class LinksJson(TypedDict):
    """``next`` and ``previous`` by page number, ``onward`` by cursor, to any depth; ``page`` is the page for people."""

    self: str
    page: str
    next: str | None
    onward: str | None
    previous: str | None


class SearchJson(ResultJson):
    """A page of hits with what is true of all matches, and links to the pages beside it."""

    links: LinksJson


class SuggestionsJson(TypedDict):
    """Words that begin so and really occur, the commonest first."""

    suggestions: list[str]


class SpeakersJson(TypedDict):
    """Speakers, the most heard first."""

    speakers: list[FacetValueJson]
    generation: int


class TopicsJson(TypedDict):
    """Topics, the most frequent first."""

    topics: list[FacetValueJson]
    generation: int


class StatusJson(TypedDict):
    """What the archive holds. ``built`` is UTC; ``first`` and ``last`` are days."""

    engine: str
    generation: int
    previous: int | None
    built: str
    version: str
    articles: int
    paragraphs: int
    outlets: int
    speakers: int
    first: str | None
    last: str | None


@operations.get("/api/v1/search", *SEARCH, answer=SearchJson, also=["/search.json"])
def search() -> ResponseReturnValue:
    """The paragraphs that answer a query, with the parameters of the search page."""
    result = archive().answer(params.read(request.args))
    body = cast(SearchJson, {**answers.of_result(result), "links": links(result)})
    return tagged(jsonify(body), result.generation)


@operations.get("/api/v1/articles/<path:identifier>", answer=ArticleJson, missing=True)
def article(identifier: str) -> ResponseReturnValue:
    """An article whole."""
    found = archive().article(identifier)
    return jsonify(answers.of_article(found)) if found else abort(404)


@operations.get("/api/v1/paragraphs/<path:identifier>", answer=ParagraphJson, missing=True)
def paragraph(identifier: str) -> ResponseReturnValue:
    """One paragraph, by ``ARTICLE#NUMBER`` with the ``#`` written ``%23``."""
    found = archive().paragraph(identifier)
    return jsonify(answers.of_paragraph(found)) if found else abort(404)


@operations.get("/api/v1/suggest", PREFIX, answer=SuggestionsJson)
def suggest() -> ResponseReturnValue:
    """Words that begin with ``q`` and really occur."""
    return jsonify(SuggestionsJson(suggestions=archive().suggest(request.args.get("q", "")[:100])))


@operations.get("/api/v1/speakers", *SEARCH[:1], answer=SpeakersJson)
def speakers() -> ResponseReturnValue:
    """Speakers by how many of the paragraphs that answer ``q`` they are heard in."""
    return _facet("speaker")


@operations.get("/api/v1/topics", *SEARCH[:1], answer=TopicsJson)
def topics() -> ResponseReturnValue:
    """Topics by how many of the paragraphs that answer ``q`` are about them."""
    return _facet("topic")


@operations.get("/api/v1/verify", *QUOTATION, answer=VerdictJson)
def verify() -> ResponseReturnValue:
    """Whether a quotation stands in the archive, word for word or nearly, and by whom."""
    speaker = request.args.get("speaker", "")
    if len(speaker) > LONGEST_VALUE:
        raise ParameterError(f"“speaker” has at most {LONGEST_VALUE} characters.", "speaker", speaker[:40])
    verdict = archive().verify(request.args.get("quotation", ""), speaker)
    return tagged(jsonify(of_verdict(verdict)), verdict.generation)


@operations.get("/api/v1/status", answer=StatusJson)
def status() -> ResponseReturnValue:
    """What the archive holds. Where it lies on the server is nobody's business."""
    current = asdict(archive().status())
    for name in ("built", "first", "last"):
        current[name] = current[name].isoformat() if current[name] else None
    return jsonify({name: current[name] for name in StatusJson.__annotations__})


def links(result: SearchResult, path: str = "/api/v1/search") -> LinksJson:
    """Where to go from a page of hits."""
    kept, page = params.pairs(request.args), result.request.page
    by_number = (
        result.request.cursor is None and page < result.pages and (page + 1) * result.request.size <= DEEPEST_HIT
    )
    return {
        "self": params.address(path, kept),
        "page": params.address("/search", kept),
        "next": params.address(path, params.with_page(kept, page + 1)) if by_number else None,
        "onward": params.address(path, params.with_cursor(kept, result.cursor)) if result.cursor else None,
        "previous": params.address(path, params.with_page(kept, page - 1)) if page > 1 else None,
    }


def _facet(name: str) -> ResponseReturnValue:
    result = archive().search(request.args.get("q", ""), facets=[name], size=1)
    values = [answers.of_facet_value(value) for value in result.facets[name]]
    return tagged(jsonify({name + "s": values, "generation": result.generation}), result.generation)


def tagged(response: Response, generation: int) -> Response:
    """Say of which generation of the index an answer is."""
    response.headers["X-Index-Generation"] = str(generation)
    return response
