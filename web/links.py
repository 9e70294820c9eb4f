"""Addresses within the site that a page needs by the hundred; ``url_for`` leads to the same places, but asks more."""

from __future__ import annotations

from urllib.parse import quote, urlencode

_SAFE = "/:!$'()*,;=@~+"
"""What may stand in a path as it is, besides letters, digits and ``-._``; so have browsers it."""


def article(identifier: str, number: int | None = None, text: str = "", match: str = "") -> str:
    """An article, at one of its paragraphs, with the marks of a query.

    >>> article("wire/ice", 3, "thin ice")
    '/article/wire/ice?q=thin+ice#p3'
    """
    asked = urlencode([(name, value) for name, value in (("q", text), ("match", match)) if value])
    return "".join(
        (f"/article/{quote(identifier, _SAFE)}", f"?{asked}" if asked else "", "" if number is None else f"#p{number}")
    )


def speaker(name: str) -> str:
    """
    >>> speaker("Zoé Lind")
    '/speaker/Zo%C3%A9%20Lind'
    """
    return f"/speaker/{quote(name, _SAFE)}"


def topic(code: str) -> str:
    """
    >>> topic("medtop:11000000")
    '/topic/medtop:11000000'
    """
    return f"/topic/{quote(code, _SAFE)}"
