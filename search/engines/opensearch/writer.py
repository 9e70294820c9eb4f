"""Puts articles into an index of the cluster, and takes them out."""

from __future__ import annotations

from datetime import datetime
from types import TracebackType

from search.engines.base import PreparedArticle
from search.engines.opensearch.bulk import Bulk, delete, put
from search.engines.opensearch.client import Cluster
from search.engines.opensearch.documents import Prepared, document_id, stamped_documents
from search.errors import InputError

Documents = list[tuple[str, bytes]]
_ARTICLES = 500
"""Whose earlier paragraphs are looked up at a time."""


class ClusterWriter:
    """Changes an index. A cluster cannot take back what it was given: what was sent before an error stays until the
    next run, which sends all of it again. Readers see the changes when the block is left.

    fresh: whether the index holds nothing yet, so that nothing has to be replaced.
    """

    def __init__(self, cluster: Cluster, index: str, *, fresh: bool) -> None:
        self._cluster, self._index, self._fresh = cluster, index, fresh
        self._bulk = Bulk(cluster, index)
        self._changes: dict[str, tuple[int, Documents]] = {}

    def put(self, article: PreparedArticle, indexed: datetime | None = None) -> None:
        assert isinstance(article, Prepared)
        if article.id in self._changes:
            raise ValueError(f"{article.id} is put twice in one batch")
        self._change(article.id, article, list(stamped_documents(article, indexed)))

    def delete(self, article_id: str) -> None:
        self._change(article_id, None, [])

    def _change(self, article_id: str, article: Prepared | None, documents: Documents) -> None:
        if self._fresh:
            self._send(documents)
            return
        self._changes[article_id] = (article.paragraphs if article else 0), documents
        if len(self._changes) >= _ARTICLES:
            self._settle()

    def _send(self, documents: Documents) -> None:
        for identifier, document in documents:
            self._bulk.add(put(identifier, document))

    def _settle(self) -> None:
        """Send the changes, and remove what the articles had before and have no longer."""
        changes, self._changes = self._changes, {}
        if not changes:
            return
        for article_id, before in self._lengths(list(changes)).items():
            for number in range(changes[article_id][0], before):
                self._bulk.add(delete(document_id(article_id, number)))
        for _, documents in changes.values():
            self._send(documents)

    def _lengths(self, articles: list[str]) -> dict[str, int]:
        """How many paragraphs the cluster holds of each of these articles; those it has not are left out."""
        self._cluster.ask("POST", f"/{self._index}/_refresh", seconds=120)
        body = {
            "size": 0,
            "query": {"terms": {"article": articles}},
            "aggs": {
                "articles": {
                    "terms": {"field": "article", "size": len(articles)},
                    "aggs": {"last": {"max": {"field": "number"}}},
                }
            },
        }
        answer = self._cluster.ask("POST", f"/{self._index}/_search", body)
        return {
            bucket["key"]: int(bucket["last"]["value"]) + 1 for bucket in answer["aggregations"]["articles"]["buckets"]
        }

    def __enter__(self) -> ClusterWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None:
            return
        self._settle()
        self._bulk.flush()
        self._cluster.ask("POST", f"/{self._index}/_refresh", seconds=120)
        if self._bulk.refused:
            identifier, reason = next(iter(self._bulk.refused.items()))
            raise InputError(
                f"the cluster refused {len(self._bulk.refused)} paragraphs, the first of them because: {reason}. "
                "Leave its article out, or mend it",
                identifier,
            )
