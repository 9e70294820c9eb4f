"""The engine for archives that outgrow one machine: an OpenSearch cluster keeps the index and ranks it.

Nothing here that prepares an article knows the client library; it is an extra, and imported when a cluster is asked.
"""

from __future__ import annotations

from collections.abc import Sequence

from search.engines.base import PreparedArticle
from search.engines.opensearch.documents import prepare
from search.engines.opensearch.mapping import SCHEMA_VERSION
from search.model import Article


class OpenSearchEngine:
    name = "opensearch"
    schema_version = SCHEMA_VERSION

    def prepare(self, articles: Sequence[Article]) -> Sequence[PreparedArticle]:
        return list(map(prepare, articles))
