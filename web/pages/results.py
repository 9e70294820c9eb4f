"""The page of results."""

from __future__ import annotations

from dataclasses import replace

from flask import render_template, request
from flask.typing import ResponseReturnValue

from search.errors import ParameterError, QueryError
from web import params
from web.door import archive
from web.pages.blueprint import bp
from web.views.results import ASKED, ResultView
from web.views.timeline import interval_for


@bp.get("/search")
def search() -> ResponseReturnValue:
    """A page of hits, with what narrows them down beside it."""
    kept = params.pairs(request.args)
    text = request.args.get("q", "")
    try:
        asked = params.read(request.args, ASKED)
        interval = interval_for(kept, asked.published_from, asked.published_to)
        result = archive().answer(replace(asked, interval=interval))
    except QueryError as error:
        wrong = error.name if isinstance(error, ParameterError) else ""
        instead = params.address("/search", params.without(kept, wrong)) if wrong else ""
        return render_template("results.html", view=None, error=error, kept=kept, text=text, instead=instead), 400
    view = ResultView(archive(), result, kept, params.unknown(request.args))
    return render_template("results.html", view=view, error=None, kept=kept, text=text)
