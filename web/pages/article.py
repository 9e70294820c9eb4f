"""The page of an article."""

from __future__ import annotations

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from search.errors import QueryError
from search.model import Article, Match, Span
from web.door import archive
from web.pages.blueprint import bp
from web.views.article import ArticleView


@bp.get("/article/<path:identifier>")
def article(identifier: str) -> ResponseReturnValue:
    """An article whole, with the marks of the search that led here."""
    found = archive().article(identifier)
    if found is None:
        abort(404)
    text = request.args.get("q", "")
    view = ArticleView(found, _marks(found, text, request.args.get("match", "")))
    return render_template("article.html", view=view, article=found, text=text)


def _marks(article: Article, text: str, match: str) -> dict[int, tuple[Span, ...]]:
    """What answers the query in each paragraph; nothing when it is empty or cannot be read."""
    if not text.strip():
        return {p.number: () for p in article.paragraphs}
    how = Match.ANY if match == Match.ANY else Match.ALL
    try:
        return {p.number: archive().highlights(text, p, how) for p in article.paragraphs}
    except QueryError:
        return {p.number: () for p in article.paragraphs}
