"""A page of results: the answer with every link its page needs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from werkzeug.datastructures import MultiDict

from search import Archive, SearchResult
from search.errors import QueryError
from search.model import Hit, Match, Paragraph
from search.query import parse
from web import params
from web.views import facets as faceted
from web.views.checked import check_link
from web.views.choice import Choice
from web.views.hits import Around, around
from web.views.narrowed import with_filters
from web.views.paging import Paging
from web.views.timeline import TimelineView, narrowing

ASKED = ("speaker", "topic", "quoted", "outlet", "kind", "section", "language")
"""The facets that the page shows."""
_COPIES = 12


@dataclass(frozen=True, slots=True)
class Rescue:
    """A search that finds something where this one does not."""

    label: str
    link: str
    count: int


class ResultView:
    """A result, with what leads on from it. ``kept`` are the parameters of its address."""

    def __init__(self, archive: Archive, result: SearchResult, kept: params.Pairs, unknown: list[str]) -> None:
        self.result, self.kept, self.unknown = result, kept, unknown
        self.asked = result.request
        self._archive = archive
        self.paging = Paging(result, kept)

    @cached_property
    def understood(self) -> str:
        """How the query was read, when that is more than the words as they stand."""
        plain = " ".join(self.asked.text.split()).casefold()
        tree = str(parse(self.asked.text, self.asked.match).tree)
        return "" if tree.casefold() == plain else tree

    @cached_property
    def facets(self) -> list[faceted.Facet]:
        return faceted.facets(self.result.facets, self.kept)

    @cached_property
    def chosen(self) -> list[Choice]:
        return faceted.chosen(self.result.facets, self.kept)

    @cached_property
    def timeline(self) -> TimelineView | None:
        """When it was said; each bar narrows the search to its time."""
        periods, interval = self.result.timeline, self.result.interval
        if not periods or interval is None or not self.result.total:
            return None
        return TimelineView(periods, interval, narrowing(params.without(self.kept, "interval")))

    def value(self, name: str) -> str:
        return next((value for kind, value in self.kept if kind == name), "")

    def copies(self, hit: Hit) -> list[Paragraph]:
        """The first of the paragraphs that say the same as a hit, the earliest published before the others."""
        others = self._archive.copies(hit.paragraph.id)
        return [one for one in others if one.id != hit.paragraph.id][:_COPIES]

    @cached_property
    def around(self) -> dict[str, Around]:
        """What stands before and after each hit, by the paragraph's id."""
        return around(self._archive, [hit.paragraph for hit in self.result.hits])

    # ----------------------------------------------------------------------------- links

    def with_copies(self) -> str:
        """The same search with every copy a hit of its own."""
        return params.address("/search", [*params.without(self.kept, "copies"), ("copies", "all")])

    def clear(self) -> str:
        """The query without any filter."""
        return params.address("/search", [pair for pair in self.kept if pair[0] in ("q", "match", "sort", "size")])

    def said_most(self) -> str:
        """Who says it most, counted over all that answers, filters and all."""
        return params.address("/speakers", [("q", with_filters(self.result))] if self.kept else [])

    def suggested(self) -> str:
        """The same search, filters and all, spelt as is suggested."""
        return params.address("/search", [("q", self.result.suggestion or ""), *params.without(self.kept, "q")])

    def without(self, name: str) -> str:
        return params.address("/search", params.without(self.kept, name))

    def sorted_by(self, sort: str) -> str:
        kept = params.without(self.kept, "sort")
        return params.address("/search", kept if sort == "relevance" else [*kept, ("sort", sort)])

    def as_(self, form: str) -> str:
        """The same search in another form: ``json`` has this page, ``csv`` and ``atom`` all of it."""
        kept = [pair for pair in self.kept if pair[0] not in params.TRAIL]
        return params.address(f"/search.{form}", kept if form == "json" else params.whole(kept))

    # ------------------------------------------------------------------- nothing was found

    @cached_property
    def rescues(self) -> list[Rescue]:
        """What would find something: the search less one filter, or less strict, each with its count."""
        tries = [
            (f"without {choice.label}", params.without(self.kept, choice.name, choice.value)) for choice in self.chosen
        ]
        words = self.asked.text.split()
        if self.asked.match == Match.ALL and len(words) > 1:
            tries.append(("with any of the words", [*params.without(self.kept, "match"), ("match", "any")]))
        found = [Rescue(label, params.address("/search", kept), self._count(kept)) for label, kept in tries]
        return [rescue for rescue in found if rescue.count]

    @property
    def check(self) -> str:
        """Where the words can be checked as a quotation, if they may be one."""
        return check_link(self.asked.text)

    @cached_property
    def words(self) -> list[tuple[str, int, str]]:
        """Each plain word of a search that found nothing, with the number of paragraphs that have it."""
        words = list(dict.fromkeys(self.asked.text.split()))
        if not 1 < len(words) <= 8 or not all(word.isalnum() for word in words):
            return []
        return [(word, self._count([("q", word)]), params.address("/search", [("q", word)])) for word in words]

    def _count(self, kept: params.Pairs) -> int:
        try:
            return self._archive.answer(params.read(MultiDict(kept))).total
        except QueryError:
            return 0
