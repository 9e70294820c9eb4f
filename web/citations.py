"""Articles and their paragraphs cited, for reference managers."""

from __future__ import annotations

import json
import re

from flask import Blueprint, Response, abort, request, url_for
from flask.typing import ResponseReturnValue

from search import citations
from search.errors import ParameterError
from search.model import Article, Paragraph
from web.door import archive
from web.operations import Operations, Parameter

bp = Blueprint("citations", __name__)
operations = Operations(bp)

_RIS, _CSL = "application/x-research-info-systems", "application/vnd.citationstyles.csl+json"
_PARAGRAPH = Parameter(
    "paragraph", "Cite this paragraph of the article, by its number from 0.", int, least=0, most=10**6
)


@operations.get("/article/<path:identifier>.ris", _PARAGRAPH, types=(_RIS,), missing=True)
def ris(identifier: str) -> ResponseReturnValue:
    """A citation as RIS."""
    article, paragraph = _wanted(identifier)
    return _file(citations.ris(article.metadata, paragraph, _address(article, paragraph)), _RIS, "ris")


@operations.get(
    "/article/<path:identifier>.csl.json", _PARAGRAPH, answer=list[citations.CslItem], types=(_CSL,), missing=True
)
def csl(identifier: str) -> ResponseReturnValue:
    """A citation as CSL-JSON: a list of one item."""
    article, paragraph = _wanted(identifier)
    item = citations.csl(article.metadata, paragraph, _address(article, paragraph))
    return _file(json.dumps([item], ensure_ascii=False, indent=1), _CSL, "json")


def _wanted(identifier: str) -> tuple[Article, Paragraph | None]:
    article = archive().article(identifier)
    if article is None:
        abort(404)
    given = request.args.get("paragraph")
    if not given:
        return article, None
    if not re.fullmatch(r"\d{1,7}", given, re.ASCII) or int(given) >= len(article.paragraphs):
        raise ParameterError(
            f"“paragraph” must be a number from 0 to {len(article.paragraphs) - 1}, not “{given[:40]}”.",
            "paragraph",
            given[:40],
        )
    return article, article.paragraphs[int(given)]


def _address(article: Article, paragraph: Paragraph | None) -> str:
    page = url_for("pages.article", identifier=article.id, _external=True)
    return f"{page}#p{paragraph.number}" if paragraph else page


def _file(text: str, media: str, suffix: str) -> Response:
    response = Response(text, content_type=f"{media}; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="citation.{suffix}"'
    return response
