"""Addresses within the site that a page needs by the hundred; ``url_for`` leads to the same places, but asks more."""

from __future__ import annotations

from functools import cache
from urllib.parse import quote, urlencode

from flask import current_app, has_request_context, request

_SAFE = "/:!$'()*,;=@~+"
"""What may stand in a path as it is, besides letters, digits and ``-._``; so have browsers it."""


def at(path: str) -> str:
    """A path of this site as seen from outside: below the prefix that a trusted proxy says it took away.

    >>> at("/search")
    '/search'
    """
    return request.script_root + path if has_request_context() else path


def to(endpoint: str) -> str:
    """The page that a view without arguments makes."""
    return at(_path(endpoint))


@cache
def _path(endpoint: str) -> str:
    return str(current_app.url_map.bind("").build(endpoint))


def article(identifier: str, number: int | None = None, text: str = "", match: str = "") -> str:
    """An article, at one of its paragraphs, with the marks of a query.

    >>> article("wire/ice", 3, "thin ice")
    '/article/wire/ice?q=thin+ice#p3'
    """
    asked = urlencode([(name, value) for name, value in (("q", text), ("match", match)) if value])
    fragment = "" if number is None else f"#p{number}"
    return at(f"/article/{quote(identifier, _SAFE)}{f'?{asked}' if asked else ''}{fragment}")


def speaker(name: str) -> str:
    """
    >>> speaker("Zoé Lind")
    '/speaker/Zo%C3%A9%20Lind'
    """
    return at(f"/speaker/{quote(name, _SAFE)}")


def topic(code: str) -> str:
    """
    >>> topic("medtop:11000000")
    '/topic/medtop:11000000'
    """
    return at(f"/topic/{quote(code, _SAFE)}")
