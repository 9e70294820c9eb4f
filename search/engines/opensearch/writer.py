"""Puts articles into an index of the cluster, and takes them out."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from types import TracebackType
from typing import Any

from search.engines.base import PreparedArticle
from search.engines.opensearch.bulk import Bulk, create, delete, put, remove
from search.engines.opensearch.client import Cluster
from search.engines.opensearch.counting import combinations
from search.engines.opensearch.documents import Prepared, document_id, stamped_documents
from search.engines.opensearch.grouping import MOST, Grouping

Documents = list[tuple[str, bytes]]
_ARTICLES = 500
"""Whose earlier paragraphs are looked up at a time."""
_SEEN = 2_000_000
"""Signatures that are kept in mind, which takes some 150 bytes each."""
_TAKEN = "an article of the same id was indexed by another machine meanwhile; give one of them an id of its own"


@dataclass(frozen=True)
class Neighbours:
    """What a writer must know of the others who write to the same index.

    run: the number of this one's run, which its paragraphs carry. known: the articles that were there when it began.
    is_valid: whether a run of that number is at work or came to its end, so that what it wrote is not to be replaced.
    alone: held while the groups of copies are made.
    """

    run: int = 0
    known: Callable[[], Collection[str]] = frozenset
    is_valid: Callable[[int], bool] = lambda run: False
    alone: Callable[[], AbstractContextManager[None]] = nullcontext

    @cached_property
    def articles(self) -> Collection[str]:
        return self.known()


@dataclass
class _Change:
    """What becomes of an article: how many paragraphs it has now, none when it goes."""

    paragraphs: int = 0
    documents: Documents = field(default_factory=list)


class ClusterWriter:
    """Changes an index. A cluster cannot take back what it was given: what was sent before an error stays until the
    next run, which sends all of it again. Readers see the changes when the block is left.

    fresh: whether the index holds nothing yet, so that nothing has to be replaced. ``refused`` has, when the block has
    been left, the articles that are not in the index, each with the reason.
    """

    def __init__(self, cluster: Cluster, index: str, *, fresh: bool, others: Neighbours | None = None) -> None:
        self._cluster, self._index, self._fresh = cluster, index, fresh
        self._others = others or Neighbours()
        self._bulk = Bulk(cluster, index)
        self._changes: dict[str, _Change] = {}
        self._names: dict[str, str] = {}
        self._signatures: set[bytes] = set()
        self._seen: set[bytes] = set()
        self.refused: dict[str, str] = {}

    def put(self, article: PreparedArticle, indexed: datetime | None = None) -> None:
        assert isinstance(article, Prepared)
        if article.id in self._changes:
            raise ValueError(f"{article.id} is put twice in one batch")
        self._touch(article.signatures)
        documents = list(stamped_documents(article, indexed, self._others.run, self._is_copy))
        self._names |= {identifier: article.id for identifier, _ in documents if identifier.startswith("~")}
        self._change(article.id, _Change(article.paragraphs, documents))

    def delete(self, article_id: str) -> None:
        self._change(article_id, _Change())

    def _touch(self, signatures: Iterable[bytes]) -> None:
        if not self._fresh and len(self._signatures) < MOST:
            self._signatures.update(filter(None, signatures))

    def _is_copy(self, signature: bytes) -> bool:
        """In an index that was empty, the second of its kind, so that few have to be written again."""
        if not self._fresh or signature in self._seen:
            return self._fresh
        if len(self._seen) < _SEEN:
            self._seen.add(signature)
        return False

    def _change(self, article_id: str, change: _Change) -> None:
        if self._fresh:
            for identifier, document in change.documents:
                self._bulk.add(put(identifier, document))
            return
        self._changes[article_id] = change
        if len(self._changes) >= _ARTICLES:
            self._settle()

    def _settle(self) -> None:
        """Send the changes, and remove what the articles had before and have no longer."""
        changes, self._changes = self._changes, {}
        if not changes:
            return
        found = self._found(list(changes))
        for article_id, (length, run) in found.items():
            if article_id not in self._others.articles and self._is_anothers(run):
                self.refused[article_id] = _TAKEN
                del changes[article_id]
                continue
            for number in range(changes[article_id].paragraphs, length):
                self._bulk.add(delete(document_id(article_id, number)))
        for article_id, change in changes.items():
            make = put if article_id in found else create
            for identifier, document in change.documents:
                self._bulk.add(make(identifier, document))
        self._bulk.flush()
        conflicts, self._bulk.conflicts = self._bulk.conflicts, set()
        for article_id, change in changes.items() if conflicts else ():
            if not conflicts.isdisjoint(identifier for identifier, _ in change.documents):
                self._contest(article_id, change.documents)

    def _found(self, articles: list[str]) -> Mapping[str, tuple[int, int]]:
        """How many paragraphs the cluster holds of each of these articles, and the last run that wrote any of them."""
        self._refresh()
        query = {"terms": {"article": articles}}
        aggregations: Any = {"last": {"max": {"field": "number"}}, "run": {"max": {"field": "run"}}}
        each = {"terms": {"field": "article", "size": len(articles)}, "aggs": aggregations}
        buckets = self._search({"size": 0, "query": query, "aggs": {"articles": each}})["aggregations"]["articles"]
        if buckets["buckets"]:
            self._touch(b64decode(key["signature"]) for key, _ in combinations(self._search, ["signature"], query))
        return {
            bucket["key"]: (int(bucket["last"]["value"]) + 1, int(bucket["run"]["value"] or 0))
            for bucket in buckets["buckets"]
        }

    def _is_anothers(self, run: int) -> bool:
        return run != self._others.run and self._others.is_valid(run)

    def _contest(self, article_id: str, documents: Documents) -> None:
        """Another machine has put an article of the same id in the same moment: it is whose first paragraph it is."""
        ids = [identifier for identifier, _ in documents]
        path, only = f"/{self._index}/_mget", {"_source_includes": "run"}
        found = [one for one in self._cluster.ask("POST", path, {"ids": ids}, only)["docs"] if one.get("found")]
        owner = next((one["_source"]["run"] for one in found if one["_id"] == ids[0]), self._others.run)
        if self._is_anothers(owner):
            self.refused[article_id] = _TAKEN
            for one in found:
                if one["_source"]["run"] == self._others.run:
                    self._bulk.add(remove(one))
        else:
            for identifier, document in documents:
                self._bulk.add(put(identifier, document))
        self._bulk.flush()
        self._bulk.conflicts.clear()

    def _search(self, body: Any, *, seconds: float = 120.0) -> Any:
        return self._cluster.ask("POST", f"/{self._index}/_search", body, seconds=seconds)

    def _refresh(self) -> None:
        self._cluster.ask("POST", f"/{self._index}/_refresh", seconds=120)

    def _take_back(self) -> None:
        """Of articles of which the cluster refused a paragraph, remove the others: an article is there as a whole."""
        if not self._bulk.refused:
            return
        refused = {}
        for identifier, reason in self._bulk.refused.items():
            name, _, number = identifier.rpartition("#")
            article_id = self._names.get(identifier, name)
            refused[article_id] = f"the cluster refuses paragraph {number} of it ({reason}); mend it, or leave it out"
        self.refused |= refused
        query = {"query": {"terms": {"article": list(refused)}}}
        parameters = {"conflicts": "proceed", "refresh": "true"}
        self._cluster.ask("POST", f"/{self._index}/_delete_by_query", query, parameters, seconds=120)

    def __enter__(self) -> ClusterWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None:
            return
        self._settle()
        self._bulk.flush()
        self._refresh()
        self._take_back()
        with self._others.alone():
            grouping = Grouping(self._cluster, self._index, self._search)
            if self._fresh or len(self._signatures) >= MOST:
                grouping.all()
            else:
                grouping.touched(self._signatures)
