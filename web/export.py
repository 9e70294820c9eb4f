"""Hits as CSV, streamed: a page when a page is asked for, else all of them, as far as a spreadsheet is of use."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from flask import Blueprint, Response, current_app, request
from flask.typing import ResponseReturnValue

from search import Archive, SearchResult
from search.errors import SearchError
from search.spreadsheet import COLUMNS, lines, row
from web import params
from web.door import archive
from web.operations import Operations
from web.parameters import SEARCH

bp = Blueprint("export", __name__)
operations = Operations(bp)

MOST_ROWS = 10_000
_AT_ONCE = 100


@operations.get("/search.csv", *SEARCH, types=("text/csv",))
def search() -> ResponseReturnValue:
    """Hits as rows of a spreadsheet. Without ``page``, ``size`` and ``cursor`` all of them, up to 10,000; a last row
    that begins with # says so when there are more."""
    kept = params.pairs(request.args)
    asked = replace(params.read(request.args), facets=(), interval=None, explain=False)
    one_page = any(name in request.args for name in ("page", "size", "cursor"))
    first = archive().answer(asked if one_page else replace(asked, size=_AT_ONCE))
    rows = lines([COLUMNS, *_rows(first)]) if one_page else _all(archive(), first, kept)
    response = Response(rows, mimetype="text/csv")
    response.headers["Content-Disposition"] = 'attachment; filename="on-record.csv"'
    response.headers["X-Total"] = str(first.rows)
    response.headers["X-Index-Generation"] = str(first.generation)
    if one_page and first.cursor:
        onward = params.address("/search.csv", params.with_cursor(kept, first.cursor))
        response.headers["Link"] = f'<{onward}>; rel="next"'
    return response


def _rows(result: SearchResult) -> list[list[str]]:
    return [row(hit, result.generation) for hit in result.hits]


def _all(store: Archive, first: SearchResult, kept: params.Pairs) -> Iterator[str]:
    """The rows page after page, by cursor. What cannot be had to the end says so in its last row."""
    yield lines([COLUMNS])
    result, sent = first, 0
    try:
        while True:
            yield lines(_rows(result))
            sent += len(result.hits)
            if result.cursor is None:
                return
            if sent >= MOST_ROWS:
                onward = params.address("/search.csv", params.with_cursor(kept, result.cursor))
                yield _cut(f"{sent:,} of {first.rows:,} rows; go on with {onward}")
                return
            result = store.answer(replace(result.request, cursor=result.cursor))
    except SearchError as error:
        yield _cut(f"{sent:,} of {first.rows:,} rows: {error}")
    except Exception as error:  # the head of the answer is sent: all that is left is not to look complete
        current_app.logger.error("/search.csv failed after %d rows", sent, exc_info=error)
        yield _cut(f"{sent:,} of {first.rows:,} rows, by a fault of the server")


def _cut(sentence: str) -> str:
    return lines([[f"# cut short: {sentence}"]])
