"""The JSON API, version 1. Keys may be added to its answers; a change that breaks a caller is version 2."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import TypedDict, cast

from flask import Blueprint, Response, abort, jsonify, request
from flask.typing import ResponseReturnValue

from search import SearchResult, answers
from search.errors import ParameterError
from search.model import Listing, Profile
from search.request import DEEPEST_HIT, LONGEST_VALUE, make_request
from search.shapes import ArticleJson, FacetValueJson, ListingJson, ParagraphJson, ProfileJson, ResultJson
from search.verify.answer import VerdictJson, of_verdict
from web import params
from web.door import archive
from web.operations import Operations
from web.parameters import LIKE, LISTING, PREFIX, QUOTATION, SEARCH

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


class CompletionJson(TypedDict):
    """What a beginning may become: a word, speaker, topic or outlet; ``query`` is what was typed, completed by it."""

    kind: str
    value: str
    label: str
    count: int
    query: str


class SuggestionsJson(TypedDict):
    """Words that begin so and really occur, the commonest first; and these with names, as a box completes them."""

    suggestions: list[str]
    completions: list[CompletionJson]


class SpeakersJson(ListingJson):
    """A page of speakers."""

    speakers: list[FacetValueJson]


class TopicsJson(ListingJson):
    """A page of topics."""

    topics: list[FacetValueJson]


class CopiesJson(TypedDict):
    """The paragraphs that say the same, the earliest published first."""

    copies: list[ParagraphJson]


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
    """Words that begin with ``q`` and really occur; and how ``q`` may go on."""
    typed = request.args.get("q", "")[:100]
    completions = [
        CompletionJson(kind=one.kind, value=one.value, label=one.label, count=one.count, query=one.query)
        for one in archive().complete(typed)
    ]
    return jsonify(SuggestionsJson(suggestions=archive().suggest(typed), completions=completions))


@operations.get("/api/v1/paragraphs/<path:identifier>/like", LIKE, answer=ResultJson, missing=True)
def like(identifier: str) -> ResponseReturnValue:
    """Paragraphs that share the words by which this one is told from others; copies of it are left out."""
    found = archive().like(identifier, make_request(size=request.args.get("size") or 10).size)
    return tagged(jsonify(answers.of_result(found)), found.generation) if found else abort(404)


@operations.get("/api/v1/paragraphs/<path:identifier>/copies", answer=CopiesJson, missing=True)
def copies(identifier: str) -> ResponseReturnValue:
    """Near-identical paragraphs, such as the same wire report in other outlets."""
    if archive().paragraph(identifier) is None:
        abort(404)
    return jsonify(CopiesJson(copies=[answers.of_paragraph(copy) for copy in archive().copies(identifier)]))


@operations.get("/api/v1/speakers", *LISTING, answer=SpeakersJson)
def speakers() -> ResponseReturnValue:
    """Who is heard in the paragraphs that answer ``q``: who said it most, counted exactly."""
    return _listed("speakers", archive().speakers)


@operations.get("/api/v1/speakers/<path:name>", answer=ProfileJson, missing=True)
def speaker(name: str) -> ResponseReturnValue:
    """One speaker across the archive, by name or another way of writing it."""
    return _profile(archive().speaker(name))


@operations.get("/api/v1/topics", *LISTING, answer=TopicsJson)
def topics() -> ResponseReturnValue:
    """What the paragraphs that answer ``q`` are about."""
    return _listed("topics", archive().topics)


@operations.get("/api/v1/topics/<path:code>", answer=ProfileJson, missing=True)
def topic(code: str) -> ResponseReturnValue:
    """One topic across the archive, by code or label."""
    return _profile(archive().topic(code))


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


def _listed(name: str, listed: Callable[..., Listing]) -> ResponseReturnValue:
    given = request.args.get
    found = listed(
        given("prefix", "")[:LONGEST_VALUE], given("sort") or "count", given("page") or 1, given("size") or 50,
        text=given("q", ""),
    )  # fmt: skip
    head = {"total": found.total, "page": found.page, "size": found.size, "generation": found.generation}
    body = {name: [answers.of_facet_value(value) for value in found.values], **head}
    return tagged(jsonify(body), found.generation)


def _profile(found: Profile | None) -> ResponseReturnValue:
    return tagged(jsonify(answers.of_profile(found)), found.generation) if found else abort(404)


def tagged(response: Response, generation: int) -> Response:
    """Say of which generation of the index an answer is."""
    response.headers["X-Index-Generation"] = str(generation)
    return response
