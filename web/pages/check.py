"""Did they say it? The page where a quotation is pasted and checked."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from search.errors import QueryError
from search.verify import LONGEST_QUOTATION
from web.door import archive
from web.pages.blueprint import bp
from web.views.checked import CheckedView


@bp.get("/check")
def check() -> ResponseReturnValue:
    """A form for a quotation and who is meant to have said it; with a quotation, the verdict beneath."""
    quotation, speaker = request.args.get("quotation", ""), request.args.get("speaker", "")
    verdict, error = None, None
    if quotation.strip():
        try:
            verdict = archive().verify(quotation, speaker)
        except QueryError as refused:
            error = refused
    page = render_template(
        "check.html",
        quotation=quotation,
        speaker=speaker,
        verdict=verdict,
        view=CheckedView(verdict) if verdict else None,
        error=error,
        longest=LONGEST_QUOTATION,
    )
    return page, 400 if error else 200
