"""What is asked beside the query: filters by value and by date."""

from __future__ import annotations

from typing import Any

from search.engines.opensearch.client import Cluster
from search.engines.opensearch.compiling import any_of, between, compile_tree, in_language, unscored
from search.model import SearchRequest
from search.query.nodes import Phrase
from search.topics import taxonomy

Json = dict[str, Any]
_KEPT = 1_000


class Filters:
    """Compiles the filters of a request for one index. What is known of a value is kept as long as this is."""

    def __init__(self, cluster: Cluster, index: str) -> None:
        self._cluster, self._index = cluster, index
        self._known: dict[tuple[str, str], bool] = {}

    def of(self, request: SearchRequest) -> dict[str, Json]:
        """A query for every filter that is set, by name; a date range is called ``date``."""
        filters: dict[str, Json] = {}
        for name in ("speaker", "topic", "outlet", "section"):
            if values := getattr(request, name):
                filters[name] = any_of([self._named(name, value) for value in values])
        for name in ("kind", "quoted"):
            if values := getattr(request, name):
                filters[name] = unscored({"terms": {name: [str(value) for value in values]}})
        if request.language:
            filters["language"] = any_of([in_language(value) for value in request.language])
        if request.published_from or request.published_to:
            filters["date"] = between(request.published_from, request.published_to)
        return filters

    def _named(self, name: str, value: str) -> Json:
        """Paragraphs with that very value; or, when none has it, with these words in it.

        A topic may be given by its code or by its label, and then is that topic, even where nothing has it.
        """
        code = taxonomy().find(value) if name == "topic" else None
        exact: Json = {"term": {f"{name}_fold": {"value": (code or value).casefold()}}}
        if code or self._is_known(name, value, exact):
            return unscored(exact)
        return compile_tree(Phrase(value, name))

    def _is_known(self, name: str, value: str, exact: Json) -> bool:
        known = self._known.get((name, value))
        if known is None:
            body = {"size": 0, "track_total_hits": 1, "terminate_after": 1, "query": unscored(exact)}
            answer = self._cluster.ask("POST", f"/{self._index}/_search", body, {"filter_path": "hits.total.value"})
            known = answer["hits"]["total"]["value"] > 0
            if len(self._known) >= _KEPT:
                self._known.clear()
            self._known[name, value] = known
        return known
