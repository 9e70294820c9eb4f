"""The address is the whole state: URL parameters to a request, and a request back to one address."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlencode

from werkzeug.datastructures import MultiDict

from search.model import SearchRequest
from search.request import make_request

REPEATED = ("speaker", "topic", "outlet", "kind")
KNOWN = ("q", "match", *REPEATED, "from", "to", "sort", "page", "size", "facet")
Pairs = list[tuple[str, str]]
_DEFAULTS = {"match": "all", "sort": "relevance", "page": "1", "size": "20"}


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
        published_from=one("from"),
        published_to=one("to"),
        facets=[*facets, *given.getlist("facet")],
    )


def unknown(given: MultiDict[str, str]) -> list[str]:
    """Parameters that mean nothing here."""
    return sorted(set(given) - set(KNOWN))


def pairs(given: MultiDict[str, str]) -> Pairs:
    """The parameters that matter, in one fixed order, defaults left out."""
    return [
        (name, value.strip())
        for name in KNOWN
        for value in dict.fromkeys(given.getlist(name) if name in (*REPEATED, "facet") else given.getlist(name)[:1])
        if value.strip() and value.strip() != _DEFAULTS.get(name)
    ]


def address(path: str, kept: Iterable[tuple[str, str]]) -> str:
    query = urlencode(list(kept))
    return f"{path}?{query}" if query else path


def without(kept: Pairs, name: str, value: str | None = None) -> Pairs:
    """The parameters less one, from the first page on."""
    return [pair for pair in kept if pair[0] != "page" and not (pair[0] == name and value in (None, pair[1]))]


def with_page(kept: Pairs, page: int) -> Pairs:
    rest = [pair for pair in kept if pair[0] != "page"]
    return [*rest, ("page", str(page))] if page > 1 else rest
