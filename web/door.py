"""The archive that this site shows."""

from __future__ import annotations

from typing import cast

from flask import current_app

from search import Archive


def archive() -> Archive:
    """The one of the application that is answering."""
    return cast(Archive, current_app.extensions["archive"])
