"""Stylesheets and scripts, each at an address that changes with its content, so that browsers keep them for good."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from flask import Flask

from web import links

_STATIC = Path(__file__).parent / "static"
_KEPT = 365 * 24 * 3600  # seconds


def register(app: Flask) -> None:
    """Offer ``asset(name)`` to the templates."""
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = _KEPT
    app.jinja_env.globals["asset"] = asset


def asset(name: str) -> str:
    """The address of a file in ``static/``."""
    return links.at(f"/static/{name}?v={_digest(name)}")


@cache
def _digest(name: str) -> str:
    return hashlib.sha256((_STATIC / name).read_bytes()).hexdigest()[:10]
