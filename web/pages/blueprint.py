"""Where the pages gather their routes."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("pages", __name__)
