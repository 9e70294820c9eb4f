"""Answers that need not be sent again: a tag of the index, the program and the question, which browsers give back.

Within a generation the index does not change, so neither does what an address answers.
"""

from __future__ import annotations

import hashlib
from importlib.metadata import version
from pathlib import Path

from flask import Flask, Response, g, request

from search.errors import IndexUnavailable
from web.door import archive
from web.store import Store

_KEPT_FOR_GOOD = ("static",)


def register(app: Flask, megabytes: int) -> None:
    """Tag what can be asked again; answer 304 where the asker has it already, and from memory what was asked before.

    megabytes: for answers to keep in memory, 0 for none.
    """
    store = Store(megabytes * 2**20)
    salt = f"{version('onrecord')} {_last_change()}".encode()

    @app.before_request
    def known() -> Response | None:
        if request.method not in ("GET", "HEAD") or request.endpoint in (None, *_KEPT_FOR_GOOD):
            return None
        try:
            g.generation = archive().generation()
        except IndexUnavailable:
            return None  # the view will say so
        g.tag = tag(g.generation, salt)
        if request.if_none_match.contains_weak(g.tag):
            return mark(Response(status=304))
        found = store.find(g.tag)
        g.found = found is not None
        return found

    @app.after_request
    def add(response: Response) -> Response:
        if response.status_code != 200 or "tag" not in g:
            return response
        mark(response)
        if request.method == "GET" and not g.get("found"):
            store.keep(g.tag, response)
        return response


def _last_change() -> int:
    """When this program was last changed, in nanoseconds: the same in all processes that serve it."""
    here = Path(__file__).parent
    return max(path.stat().st_mtime_ns for path in (here, *here.rglob("*.py"), *here.rglob("*.html")))


def tag(generation: tuple[int, str], salt: bytes) -> str:
    """Names one answer: parameters that come in another order are the same question, so they have the same tag."""
    asked = sorted((name, values) for name, values in request.args.lists())
    form = request.headers.get("Accept", "")
    whole = repr((generation, request.root_url, request.path, form, asked)).encode("utf-8", "backslashreplace")
    return hashlib.blake2b(salt + whole, digest_size=12).hexdigest()


def mark(response: Response) -> Response:
    response.headers.setdefault("X-Index-Generation", str(g.generation[0]))
    response.headers["Cache-Control"] = "no-cache"  # keep it, and ask whether it still holds
    response.vary.add("Accept")
    response.set_etag(g.tag, weak=True)  # weak: how long it took is in the answer, and differs
    return response
