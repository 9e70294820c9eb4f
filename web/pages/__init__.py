"""The pages, a module a kind. Each asks the archive and shows what it says."""

from __future__ import annotations

from web.pages import article, check, guide, home, profiles, results
from web.pages.blueprint import bp

__all__ = ["article", "bp", "check", "guide", "home", "profiles", "results"]
