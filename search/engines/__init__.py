"""What stores, matches and ranks paragraphs. ``base`` states the contract; each engine has a folder."""

from __future__ import annotations

from search.engines.base import Engine, FolderEngine
from search.engines.opensearch import OpenSearchEngine
from search.engines.whoosh import WhooshEngine

EMBEDDED: dict[str, FolderEngine] = {
    "whoosh": WhooshEngine(),
}
"""Engines that keep an index in a folder: where one is added, one line each."""
ENGINES: dict[str, Engine] = {
    **EMBEDDED,
    "opensearch": OpenSearchEngine(),
}
"""Every engine by its name, for what prepares articles and knows no index."""
