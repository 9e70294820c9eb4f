"""Any search as an Atom feed (RFC 4287): what has come into the archive last stands first, so that it is an alert.

An entry is a paragraph. ``updated`` is when the archive first took its article in, ``published`` when the outlet
printed it; so an old article that arrives late is not missed, and one that changes is not told again.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import quote, urljoin
from xml.etree.ElementTree import Element, SubElement, tostring

from flask import Blueprint, Response, request, url_for
from flask.typing import ResponseReturnValue

from search import Hit, SearchResult
from search.model import Paragraph, Sort
from web import params
from web.door import archive
from web.operations import Operations
from web.parameters import SEARCH
from web.xml import ATOM, OPENSEARCH, SPEECH, plain

bp = Blueprint("feeds", __name__)
operations = Operations(bp)

MEDIA = "application/atom+xml"
_NOTHING_YET = datetime(1970, 1, 1)
_LONGEST_TITLE = 120


@operations.get("/search.atom", *SEARCH, types=(MEDIA,))
def search() -> ResponseReturnValue:
    """What answers a query as an Atom feed, the last taken into the archive first whatever ``sort`` says."""
    asked = params.read(request.args)
    result = archive().answer(replace(asked, sort=Sort.INDEXED, facets=(), interval=None, explain=False))
    feed = _feed(result, archive().status().built)
    response = Response(tostring(feed, encoding="utf-8", xml_declaration=True), content_type=f"{MEDIA}; charset=utf-8")
    response.headers["X-Index-Generation"] = str(result.generation)
    if result.cursor:
        response.headers["Link"] = f'<{_onward(result)}>; rel="next"'
    return response


def _feed(result: SearchResult, built: datetime) -> Element:
    kept = params.pairs(request.args)
    rest = params.without(kept, "size")
    feed = Element(f"{{{ATOM}}}feed")
    # One search has one id, wherever on the site's pages it is and whoever names the parameters in which order.
    _text(feed, "id", _tag("search", hashlib.blake2b(repr(rest).encode(), digest_size=12).hexdigest()))
    _text(feed, "title", f"On Record: {result.query or 'everything'}")
    updated = max((hit.paragraph.article.indexed or _NOTHING_YET for hit in result.hits), default=None)
    _text(feed, "updated", _moment(updated or built))
    _text(feed, "generator", "On Record")
    SubElement(SubElement(feed, f"{{{ATOM}}}author"), f"{{{ATOM}}}name").text = "On Record"
    _link(feed, "self", params.address("/search.atom", kept), MEDIA)
    _link(feed, "alternate", params.address("/search", rest), "text/html")
    _link(feed, "search", url_for("discovery.opensearch"), "application/opensearchdescription+xml")
    if result.cursor:
        _link(feed, "next", _onward(result), MEDIA)
    asked = result.request
    for name, number in (
        ("totalResults", result.rows),
        ("startIndex", (asked.page - 1) * asked.size + 1),
        ("itemsPerPage", asked.size),
    ):
        SubElement(feed, f"{{{OPENSEARCH}}}{name}").text = str(number)
    for hit in result.hits:
        _entry(feed, hit)
    return feed


def _entry(feed: Element, hit: Hit) -> None:
    paragraph = hit.paragraph
    article = paragraph.article
    entry = SubElement(feed, f"{{{ATOM}}}entry")
    _text(entry, "id", _tag("paragraph", quote(paragraph.id, safe="")))
    _text(entry, "title", _title(paragraph))
    _text(entry, "updated", _moment(article.indexed or _NOTHING_YET))
    if article.published:
        _text(entry, "published", _moment(article.published))
    SubElement(SubElement(entry, f"{{{ATOM}}}author"), f"{{{ATOM}}}name").text = plain(
        article.byline or article.outlet or "unknown"
    )
    _link(entry, "alternate", url_for("pages.article", identifier=article.id) + f"#p{paragraph.number}", "text/html")
    for topic in paragraph.topics:
        category = SubElement(entry, f"{{{ATOM}}}category")
        category.set("term", plain(topic.code))
        category.set("label", plain(topic.label))
    for speaker in paragraph.speakers:
        heard = SubElement(entry, f"{{{SPEECH}}}speaker")
        heard.set("certainty", f"{speaker.certainty:.2f}")
        heard.text = plain(speaker.name)
    if article.outlet:
        source = SubElement(entry, f"{{{ATOM}}}source")
        _text(source, "title", article.outlet)
    content = _text(entry, "content", paragraph.text)
    content.set("type", "text")


def _title(paragraph: Paragraph) -> str:
    """Who is heard, and in what article."""
    heard = ", ".join(speaker.name for speaker in paragraph.speakers)
    title = ": ".join(filter(None, [heard, paragraph.article.title])) or paragraph.text
    return title if len(title) <= _LONGEST_TITLE else title[: _LONGEST_TITLE - 1] + "…"


def _onward(result: SearchResult) -> str:
    assert result.cursor
    return params.address("/search.atom", params.with_cursor(params.pairs(request.args), result.cursor))


def _tag(kind: str, name: str) -> str:
    """An id that stays when the site moves to another address."""
    return f"urn:on-record:{kind}:{name}"


def _moment(moment: datetime) -> str:
    # An outlet's clock does not say its zone; Atom wants one, and UTC is the least wrong.
    return moment.replace(tzinfo=UTC).isoformat()


def _text(parent: Element, name: str, value: str) -> Element:
    element = SubElement(parent, f"{{{ATOM}}}{name}")
    element.text = plain(value)
    return element


def _link(parent: Element, rel: str, path: str, media: str) -> None:
    link = SubElement(parent, f"{{{ATOM}}}link")
    for name, value in (("rel", rel), ("type", media), ("href", urljoin(request.url_root, path))):
        link.set(name, value)
