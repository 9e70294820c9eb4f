"""The address is the whole state: URL parameters to a request, and a request back to one address."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import urlencode

from werkzeug.datastructures import MultiDict

from search.model import SearchRequest
from search.request import make_request
from web import links

REPEATED = ("speaker", "topic", "outlet", "kind", "language", "section", "quoted")
KNOWN = (
    "q", "match", *REPEATED, "from", "to", "sort", "copies", "group", "page", "size", "cursor", "facet", "facet_size",
    "interval", "explain",
)  # fmt: skip
TRAIL = ("start", "back")
"""Where a page by cursor is, and what lies before it: for the page alone, see ``views.paging``."""
Pairs = list[tuple[str, str]]
_DEFAULTS = {
    "match": "all", "sort": "relevance", "copies": "group", "group": "paragraph", "page": "1", "size": "20",
    "facet_size": "50",
}  # fmt: skip
_PLACES = ("page", "cursor", *TRAIL)
"""Where in the answer a page is; left out of an address that asks something else."""


def read(given: MultiDict[str, str], facets: Iterable[str] = ()) -> SearchRequest:
    """The request an address asks for. An empty value is one that was not given. Raises QueryError."""

    def one(name: str) -> str:
        return given.get(name, "").strip() or _DEFAULTS.get(name, "")

    return make_request(
        text=given.get("q", ""),
        match=one("match"),
        size=one("size"),
        page=one("page"),
        sort=one("sort"),
        speaker=given.getlist("speaker"),
        topic=given.getlist("topic"),
        outlet=given.getlist("outlet"),
        kind=given.getlist("kind"),
        language=given.getlist("language"),
        section=given.getlist("section"),
        quoted=given.getlist("quoted"),
        published_from=one("from"),
        published_to=one("to"),
        facets=[*facets, *given.getlist("facet")],
        facet_size=one("facet_size"),
        interval=one("interval"),
        copies=one("copies"),
        group=one("group"),
        cursor=one("cursor"),
        explain=one("explain"),
    )


def unknown(given: MultiDict[str, str]) -> list[str]:
    """Parameters that mean nothing here."""
    return sorted(set(given) - {*KNOWN, *TRAIL})


def pairs(given: MultiDict[str, str]) -> Pairs:
    """The parameters that matter, in one fixed order, defaults left out."""
    return [
        (name, value.strip())
        for name in (*KNOWN, *TRAIL)
        for value in dict.fromkeys(given.getlist(name) if name in (*REPEATED, "facet") else given.getlist(name)[:1])
        if value.strip() and value.strip() != _DEFAULTS.get(name)
    ]


def address(path: str, kept: Iterable[tuple[str, str]]) -> str:
    """An address of this site with these parameters."""
    query = "&".join(_quoted(name, value) for name, value in kept)
    return links.at(f"{path}?{query}" if query else path)


@lru_cache(4096)
def _quoted(name: str, value: str) -> str:
    """A page of results has a hundred addresses that differ in one pair."""
    return urlencode([(name, value)])


def without(kept: Pairs, name: str, value: str | None = None) -> Pairs:
    """The parameters less one, from the first page on."""
    return [pair for pair in kept if pair[0] not in _PLACES and not (pair[0] == name and value in (None, pair[1]))]


def with_page(kept: Pairs, page: int) -> Pairs:
    rest = [pair for pair in kept if pair[0] not in _PLACES]
    return [*rest, ("page", str(page))] if page > 1 else rest


def whole(kept: Pairs) -> Pairs:
    """The parameters of all of the answer, whichever page of it is looked at."""
    return [pair for pair in kept if pair[0] not in (*_PLACES, "size", "interval", "explain")]


def with_cursor(kept: Pairs, cursor: str) -> Pairs:
    return [*(pair for pair in kept if pair[0] not in _PLACES), ("cursor", cursor)]
