"""A search of the cluster: the request compiled, sent, and what came back read."""

from __future__ import annotations

from typing import Any

from search.engines.base import Place, Ranked
from search.engines.opensearch import counting, facets, timeline
from search.engines.opensearch.client import Refused
from search.engines.opensearch.folding import Folds
from search.engines.opensearch.mapping import DEEPEST
from search.engines.stored import restore
from search.errors import ParameterError, QueryLimitError
from search.model import Copies, Group, Interval, Paragraph, SearchRequest, Sort

Json = dict[str, Any]

LONGEST_PIT = 1_500
"""Characters of the name of a point in time that still fit into a cursor; it grows with the number of shards."""
_DATE: Json = {"published": {"order": "desc", "missing": "_last"}}
IDS: list[Json] = [{"article": {"order": "asc"}}, {"number": {"order": "asc"}}]
_TIES: list[Json] = [{"_score": {"order": "desc"}}, _DATE, *IDS]
EARLIEST: Json = {"published": {"order": "asc", "missing": "_last"}}
ORDERS: dict[Sort, list[Json]] = {
    Sort.RELEVANCE: _TIES,
    Sort.NEWEST: [_DATE, *_TIES],
    Sort.OLDEST: [EARLIEST, *_TIES],
    Sort.INDEXED: [{"indexed": {"order": "desc", "missing": "_last"}}, _DATE, *_TIES],
}


class Question:
    """One search: ``query`` and ``filters`` compiled. ``counted``: by which interval the matches are counted over time.

    folds: the copies among the matches, where articles are folded as well.
    """

    def __init__(
        self, request: SearchRequest, query: Json, filters: dict[str, Json], counted: Interval | None = None
    ) -> None:
        self.request, self.query, self.filters, self.counted = request, query, filters, counted
        self.folds = Folds()

    @property
    def folded(self) -> str | None:
        """The field by which matches are folded into one hit."""
        if self.request.group is Group.ARTICLE:
            return "article"
        return "story" if self.request.copies is Copies.GROUP else None

    @property
    def narrowed(self) -> Json:
        """The query under all filters."""
        if not self.filters:
            return self.query
        return {"bool": {"must": [self.query], "filter": list(self.filters.values())}}

    def body(self, start: int) -> Json:
        request = self.request
        body: Json = {
            "query": self.narrowed,
            "sort": ORDERS[request.sort],
            "from": start,
            "size": request.size + 1,  # the last only tells that more follow
            "track_scores": True,
            "track_total_hits": True,
            "aggs": self._counts(),
        }
        if request.facets or self.folds.repeats:
            # Facets count what their own filter leaves out, and every count what is folded: so these come afterwards.
            filters = list(self.filters.values())
            body |= {"query": self.query, "post_filter": self._without_repeats(filters)}
            body["aggs"] = {
                "narrowed": {"filter": {"bool": {"filter": filters}}, "aggs": self._counts()},
                **{f"facet {name}": found for name, found in facets.aggregations(request, self.filters).items()},
            }
        if self.folded:
            body["collapse"] = {"field": self.folded}
        body["docvalue_fields"] = ["copied"] if self.folded == "story" else ["copied", "story"]
        return body

    def _without_repeats(self, filters: list[Json]) -> Json:
        return {"bool": {"filter": filters, "must_not": self.folds.left_out}}

    def _counts(self) -> Json:
        over_time = {"periods": timeline.histogram(self.counted)} if self.counted else {}
        return {
            **counting.estimates(),
            **(self._kept(counting.articles_about()) if self.folds.repeats else {}),
            **(timeline.SPAN if self.request.interval else {}),
            **over_time,
        }

    def _kept(self, counts: Json) -> Json:
        """Counts of what is left when copies are folded."""
        return {"kept": {"filter": self._without_repeats([]), "aggs": counts}}

    def details(self, answer: Any) -> Json | None:
        """What has to be asked besides, now that it is known what is shown; None where nothing has.

        To let the cluster look for what each hit stands for, or for the stories of each value, before it knows which
        are shown takes it several times as long.
        """
        shown, total = answer["hits"]["hits"][: self.request.size], self._total(answer)
        found = answer["aggregations"]
        estimated = found.get("narrowed", found)
        narrowed = counting.exact(estimated, len(shown), total)
        if self.folds.repeats and total <= counting.EXACT:
            narrowed |= self._kept(counting.articles(counting.EXACT))
        folds = [hit for hit in shown if self.folded == "article" or hit["fields"]["copied"][0]]
        if self.folded and folds and len(shown) < total:
            narrowed["folds"] = self._folds(self.folded, [hit["fields"][self.folded][0] for hit in folds])
        of_facets = facets.details(self.request, self.filters, found, estimated["copied"]["doc_count"])
        asked = {f"facet {name}": one for name, one in of_facets.items()}
        if narrowed:
            asked["narrowed"] = {"filter": {"bool": {"filter": list(self.filters.values())}}, "aggs": narrowed}
        return {"size": 0, "query": self.query, "aggs": asked} if asked else None

    def _total(self, answer: Any) -> int:
        folded = self.folds.repeats
        total: int = answer["aggregations"]["narrowed"]["doc_count"] if folded else answer["hits"]["total"]["value"]
        return total

    def _folds(self, field: str, keys: list[Any]) -> Json:
        """Of each fold how many there are, and of copies the earliest, which leads them; those of one are left out."""
        folds: Json = {"terms": {"field": field, "include": keys, "size": len(keys), "min_doc_count": 2}}
        if field == "story":
            first = {"size": 1, "sort": [EARLIEST, *IDS], "track_scores": True}
            folds["aggs"] = {"first": {"top_hits": first}}
        return {"filter": self._without_repeats([{"terms": {field: keys}}]), "aggs": {"folds": folds}}

    def read(self, answer: Any, details: Any, start: int, pit: str) -> Ranked:
        """Without the timeline, for which more has to be asked. pit: the point in time of the next page."""
        request, found = self.request, answer["aggregations"]
        more = details["aggregations"] if details else {}
        narrowed = more.get("narrowed", {})
        total = self._total(answer)
        hits = answer["hits"]["hits"][: request.size]
        counts = counting.read(found.get("narrowed", found), narrowed, hits, total)
        end: Place | None = None
        if len(hits) < len(answer["hits"]["hits"]):
            end = ["from", start + len(hits)] if self.folded else ["after", pit, *hits[-1]["sort"]]
        folds = {one["key"]: one for one in narrowed.get("folds", {}).get("folds", {}).get("buckets", ())}
        keys = [hit["fields"][self.folded][0] for hit in hits] if self.folded else [None] * len(hits)
        others = tuple(folds[key]["doc_count"] - 1 if key in folds else 0 for key in keys)
        none = (0,) * len(hits)
        copied = tuple(self.folds.copies.get(hit["_id"], 0) for hit in hits)
        rows, unsure = self._rows(counts, found.get("narrowed", found), narrowed, total)
        return Ranked(
            hits=tuple(_hit(hit, folds.get(key)) for hit, key in zip(hits, keys, strict=True)),
            total=total,
            facets=facets.read_facets(request, found, more),
            stories=counts.stories,
            articles=counts.articles,
            rows=rows,
            copies=others if self.folded == "story" else copied,
            others=others if self.folded == "article" else none,
            end=end,
            interval=request.interval,
            undated=found.get("narrowed", found)["undated"]["doc_count"] if request.interval else 0,
            estimated=(*counts.estimated, *(["rows"] if unsure else []), *facets.unsure(request, found)),
        )

    def _rows(self, counts: counting.Distinct, estimated: Json, counted: Json, total: int) -> tuple[int, bool]:
        """How many hits all pages hold, and whether that is an estimate."""
        if self.folded is None:
            return total, False
        if self.folded == "story":
            return counts.stories, "stories" in counts.estimated
        if not self.folds.repeats:
            return counts.articles, not self.folds.whole or "articles" in counts.estimated
        kept = (counted if "kept" in counted else estimated)["kept"]
        return counting.number_of(kept["articles"], kept["doc_count"]), "kept" not in counted


def start_of(request: SearchRequest, after: Place | None, folded: str | None) -> int:
    """How many hits come before the page, where a cursor does not say it otherwise."""
    if after is None:
        return (request.page - 1) * request.size
    kind, rest = (after[0], after[1:]) if after else (None, ())
    if kind == "after" and not folded and len(rest) == 1 + len(ORDERS[request.sort]) and isinstance(rest[0], str):
        return 0
    if kind != "from" or not folded or len(rest) != 1 or not isinstance(rest[0], int) or rest[0] < 0:
        raise ParameterError("This cursor leads nowhere in this archive; start from the first page.", "cursor", "")
    if rest[0] + request.size >= DEEPEST:
        raise QueryLimitError(
            f"Where copies or articles are folded, pages go down to hit {DEEPEST:,}; take copies=all and "
            "group=paragraph to go on to the end, or narrow the search.",
            "depth",
            DEEPEST,
        )
    return rest[0]


def is_gone(error: Refused) -> bool:
    """Has a point in time been given up? The place is then looked for in the index as it is now."""
    return error.status in (400, 404) and ("search_context" in error.kind or "No search context" in str(error))


def _hit(hit: Any, fold: Any) -> tuple[Paragraph, float]:
    """A hit as it is shown: of copies the earliest."""
    if fold and "first" in fold:
        hit = fold["first"]["hits"]["hits"][0]
    return paragraph_of(hit), float(hit["_score"] or 0.0)


def paragraph_of(hit: Any) -> Paragraph:
    found, _ = restored(hit)
    assert isinstance(found, Paragraph)
    return found


def restored(hit: Any) -> tuple[Paragraph, Any]:
    """The paragraph that a hit brought, and the topics of its article."""
    source = hit["_source"]
    return restore((source["head"].encode(), source["body"].encode()))
