"""What stores, matches and ranks paragraphs. ``base`` states the contract; each engine has a folder."""

from __future__ import annotations

from search.engines.base import FolderEngine
from search.engines.whoosh import WhooshEngine

ENGINES: dict[str, FolderEngine] = {
    "whoosh": WhooshEngine(),
}
"""Where an engine is added: one line each."""
