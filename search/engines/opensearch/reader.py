"""A generation in the cluster, open for searching."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from search.engines.base import Coverage, Place, Ranked
from search.engines.fields import NARROWING
from search.engines.opensearch.answering import (
    EARLIEST,
    IDS,
    LONGEST_PIT,
    Question,
    is_gone,
    paragraph_of,
    restored,
    start_of,
)  # fmt: skip
from search.engines.opensearch.client import Cluster, Json, Refused, each_hit
from search.engines.opensearch.compiling import compile_tree
from search.engines.opensearch.counting import LEFT_OUT, combinations
from search.engines.opensearch.documents import document_id
from search.engines.opensearch.explaining import read_explanation
from search.engines.opensearch.facets import are_few, every_value, label_of, listed, stories_of, told_stories
from search.engines.opensearch.filters import Filters
from search.engines.opensearch.folding import fold
from search.engines.opensearch.timeline import SPAN, Calendar, Days
from search.engines.opensearch.verifying import holds, inexact, refuse, wider
from search.engines.opensearch.vocabulary import Vocabulary
from search.engines.speaking import ENOUGH, SpeakerTypes
from search.engines.weights import K1
from search.errors import IndexAway
from search.model import (
    Article,
    Copies,
    Counts,
    Explanation,
    FacetValue,
    Group,
    Paragraph,
    SearchRequest,
    Speaker,
    SpeakerType,
)
from search.query.nodes import AtLeast, Near, Node

SECONDS = 15.0
"""For one search; beyond it the cluster counts as away."""
_PAGE = 1_000
_FEW = {"top_hits": {"size": ENOUGH}}
_KEEP = "5m"
"""How long a point in time is kept for the next page; when it has gone, pages go on in the index as it is."""


class ClusterReader:
    """Searches one index, or what an alias stands for."""

    def __init__(self, cluster: Cluster, index: str) -> None:
        self._cluster, self._index = cluster, index
        self._filters = Filters(cluster, index)
        self._vocabulary = Vocabulary(self._search)
        self._types = SpeakerTypes(self._heard)
        self._calendar = Calendar(self._search)

    # ------------------------------------------------------------------------- searching

    def search(self, tree: Node, request: SearchRequest, after: Place | None = None) -> Ranked:
        interval = self._calendar.interval(request)
        question = Question(request, self._compile(tree), self._filters.of(request), interval)
        start = start_of(request, after, question.folded)
        if request.group is Group.ARTICLE and request.copies is Copies.GROUP:
            question.folds = fold(self._search, question.narrowed, [EARLIEST, *IDS])
        body = question.body(start)
        pit = ""
        if after and after[0] == "after":
            pit, body["search_after"] = self._point(str(after[1])), list(after[2:])
        at = {"pit": {"id": pit, "keep_alive": _KEEP}} if pit else {}
        try:
            answer = self._search(body | at)
        except Refused as error:
            if not (pit and is_gone(error)):
                raise
            answer, pit, at = self._search(body), "", {}
        more = question.details(answer)
        detailed = self._search(more | at, part=LEFT_OUT) if more else None
        ranked = question.read(answer, detailed, start, pit)
        if request.interval is None:
            return ranked
        counts = answer["aggregations"].get("narrowed", answer["aggregations"])
        taken, periods = self._calendar.timeline(request, question.narrowed, interval, counts)
        return replace(ranked, interval=taken, timeline=periods)

    def _point(self, pit: str) -> str:
        """The point in time that a cursor names, or a new one, at which all further pages are read."""
        if pit:
            return pit
        made = self._cluster.ask(
            "POST", f"/{self._index}/_search/point_in_time", parameters={"keep_alive": _KEEP}, seconds=SECONDS
        )["pit_id"]
        return made if len(made) <= LONGEST_PIT else ""

    def _compile(self, tree: Node) -> Json:
        scale = 1 + K1 if self._cluster.version >= (3,) else 1.0
        resolved: dict[Node, list[str]] = {node: self._resolve(node) for node in dict.fromkeys(inexact(tree))}
        return compile_tree(tree, resolved, scale)

    def _resolve(self, node: Near | AtLeast) -> list[str]:
        """The ids of the paragraphs in which a node occurs that the cluster cannot look for itself."""
        query = compile_tree(wider(node))
        body = {"size": 0, "track_total_hits": True, "query": query}
        refuse(node, self._search(body)["hits"]["total"]["value"])
        return [hit["_id"] for hit in self._each(query) if holds(node, paragraph_of(hit))]

    def _search(self, body: Json, *, seconds: float = SECONDS, part: str = "") -> Any:
        """part: what of the answer is to be sent, or with a minus what is not; nor is then sent what is empty."""
        # A search at a point in time names no index: the point does.
        parameters = {"filter_path": part} if part else {}
        path = "/_search" if "pit" in body else f"/{self._index}/_search"
        answer = self._cluster.ask("POST", path, body, parameters, seconds=seconds)
        if answer.get("timed_out") or answer["_shards"]["failed"]:
            raise IndexAway(
                f"A part of the archive at {self._cluster.address} does not answer, so the search would not be whole. "
                "Try again soon, or see to the cluster’s health.",
                str(self._cluster.address),
            )
        return answer

    # -------------------------------------------------------------------------- fetching

    def paragraph(self, paragraph_id: str) -> Paragraph | None:
        return self.paragraphs([paragraph_id])[0]

    def paragraphs(self, paragraph_ids: Sequence[str]) -> Sequence[Paragraph | None]:
        names = [_name_of(identifier) for identifier in paragraph_ids]
        known = list(dict.fromkeys(name for name in names if name))
        found = {hit["_id"]: hit for hit in self._first({"ids": {"values": known}}, len(known))} if known else {}
        return [paragraph_of(found[name]) if name in found else None for name in names]

    def article(self, article_id: str) -> Article | None:
        hits = list(self._each({"term": {"article": article_id}}))
        if not hits:
            return None
        stored = sorted((restored(hit) for hit in hits), key=lambda pair: pair[0].number)
        return Article(stored[0][0].article, tuple(paragraph for paragraph, _ in stored), stored[0][1])

    def explain(self, tree: Node, paragraph_ids: Sequence[str]) -> Sequence[Explanation]:
        names = {}
        for paragraph_id in paragraph_ids:
            article, _, number = paragraph_id.rpartition("#")
            names[document_id(article, int(number))] = paragraph_id
        ids = {"ids": {"values": list(names)}}
        query = {"bool": {"must": [self._compile(tree)], "filter": [ids]}}
        answer = self._search({"query": query, "size": len(names), "explain": True, "_source": False})
        found = {names[hit["_id"]]: read_explanation(hit, tree) for hit in answer["hits"]["hits"]}
        return [found.get(paragraph_id, Explanation((), 0.0)) for paragraph_id in paragraph_ids]

    def values(
        self,
        tree: Node,
        request: SearchRequest,
        name: str,
        *,
        prefix: str = "",
        by_name: bool = False,
        start: int = 0,
        size: int = 20,
    ) -> tuple[Sequence[FacetValue], int]:
        query = Question(request, self._compile(tree), self._filters.of(request)).narrowed
        counts = self._counts_of(name, query)
        chosen, total = listed(name, counts, prefix, start, size, by_name=by_name)
        if not chosen:
            return [], total
        buckets = [{"key": value, "doc_count": counts[value]} for value in chosen]
        body: Json = {"size": 0, "query": query, "aggs": {"values": stories_of(name, buckets)}}
        answer = self._search(body, part=LEFT_OUT)
        counted = {bucket["key"]: bucket for bucket in answer["aggregations"]["values"]["buckets"]}
        stories = {value: told_stories(bucket, are_few(buckets)) for value, bucket in counted.items()}
        return [
            FacetValue(one, label_of(name, one), counts[one], False, stories[one][0], estimated=stories[one][1])
            for one in chosen
        ], total

    def _counts_of(self, name: str, query: Json) -> dict[str, int]:
        """Every value of a field among what a query finds, however many there are."""
        every = self._search({"size": 0, "query": query, "aggs": {"values": every_value(name)}}, seconds=60)
        values = every["aggregations"]["values"]
        if not values["sum_other_doc_count"]:
            return {bucket["key"]: bucket["doc_count"] for bucket in values["buckets"]}
        return {key[name]: count for key, count in self._composite([name], query)}

    def speaker_types(self, names: Sequence[str]) -> Mapping[str, SpeakerType]:
        return self._types.of(names)

    def _heard(self, names: Sequence[str]) -> Iterator[tuple[str, Iterable[Speaker]]]:
        """Who speaks in a few paragraphs in which each of these is heard."""
        heard = {"terms": {"field": "speaker", "include": list(names), "size": len(names)}, "aggs": {"few": _FEW}}
        query = {"terms": {"speaker": list(names)}}
        answer = self._search({"size": 0, "query": query, "aggs": {"heard": heard}})
        for bucket in answer["aggregations"]["heard"]["buckets"]:
            few = map(paragraph_of, bucket["few"]["hits"]["hits"])
            yield bucket["key"], [speaker for paragraph in few for speaker in paragraph.speakers]

    def days(self, tree: Node, request: SearchRequest) -> tuple[date | None, date | None]:
        query = Question(request, self._compile(tree), self._filters.of(request)).narrowed
        found = Days.read(self._search({"size": 0, "query": query, "aggs": SPAN})["aggregations"])
        return (found.first, found.last) if found else (None, None)

    def copies(self, paragraph_id: str) -> Sequence[Paragraph]:
        """As far as they say the same word by word: to compare all with all is for an index that is in one place."""
        name = _name_of(paragraph_id)
        found = self._first({"ids": {"values": [name]}}, 1, fields=["story"]) if name else []
        if not found:
            return ()
        own = found[0]["fields"]["story"][0]
        hits = self._each({"term": {"story": own}}, [EARLIEST])
        return tuple(paragraph for hit in hits if (paragraph := paragraph_of(hit)).id != paragraph_id)

    def _first(self, query: Json, size: int, fields: Sequence[str] = ()) -> list[Any]:
        body: Json = {"query": {"bool": {"filter": [query]}}, "size": size}
        body |= {"docvalue_fields": list(fields)} if fields else {}
        found: list[Any] = self._search(body)["hits"]["hits"]
        return found

    def _each(self, query: Json, first: Sequence[Json] = ()) -> Iterator[Any]:
        """Every hit, however many, in the order given and then of article and number."""
        body: Json = {"query": {"bool": {"filter": [query]}}, "size": _PAGE, "sort": [*first, *IDS]}
        return each_hit(self._search, body)

    # ------------------------------------------------------------------------ describing

    def count(self) -> Counts:
        paragraphs = self._cluster.ask("GET", f"/{self._index}/_count")["count"]
        return Counts(sum(1 for _ in self.articles()), paragraphs)

    def coverage(self) -> Coverage:
        everything: Json = {"match_all": {}}
        outlets, speakers = (len(self._counts_of(name, everything)) for name in ("outlet", "speaker"))
        days = self._calendar.days
        return Coverage(outlets, speakers, days.first if days else None, days.last if days else None)

    def suggest(self, prefix: str, limit: int = 10) -> Sequence[str]:
        return [one.value for one in self._vocabulary.words(prefix, limit)]

    def beginning(self, field: str, prefix: str, limit: int = 10) -> Sequence[FacetValue]:
        if field == "text":
            return self._vocabulary.words(prefix, limit)
        return self._vocabulary.names(field, prefix, limit)

    def spellings(self, field: str, term: str) -> Sequence[tuple[str, int]]:
        return self._vocabulary.spellings(NARROWING.get(field, field), term)

    def totals(self, trees: Sequence[Node], request: SearchRequest) -> Sequence[int]:
        if not trees:
            return []
        filters = list(self._filters.of(request).values())
        wanted = {str(i): self._compile(tree) for i, tree in enumerate(trees)}
        body = {"size": 0, "query": {"bool": {"filter": filters}}, "aggs": {"totals": {"filters": {"filters": wanted}}}}
        buckets = self._search(body)["aggregations"]["totals"]["buckets"]
        return [buckets[str(i)]["doc_count"] for i in range(len(trees))]

    def frequencies(self, terms: Sequence[str]) -> Sequence[int]:
        return self._vocabulary.frequencies("text", terms)

    def articles(self) -> Iterator[tuple[str, int]]:
        for key, count in self._composite(["article"], {"match_all": {}}):
            yield key["article"], count

    def _composite(self, fields: Sequence[str], query: Json) -> Iterator[tuple[Json, int]]:
        """Every combination of values of some fields, with its number of paragraphs, in order."""
        return combinations(self._search, fields, query)

    def check(self) -> Iterator[str]:
        for number, hit in enumerate(self._each({"match_all": {}})):
            try:
                restored(hit)
            except (KeyError, ValueError, TypeError) as error:
                yield f"paragraph {hit['_id']} cannot be read: {error}"
            if number % 500 == 0:
                yield ""

    def close(self) -> None:
        """Nothing is held."""


def _name_of(paragraph_id: str) -> str:
    """What the cluster calls a paragraph; empty for what can be none."""
    article, _, number = paragraph_id.rpartition("#")
    return document_id(article, int(number)) if number.isascii() and number.isdigit() and len(number) < 10 else ""
