"""How a browser takes the archive among its search engines: the OpenSearch description, and suggestions."""

from __future__ import annotations

from urllib.parse import urljoin
from xml.etree.ElementTree import Element, SubElement, tostring

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue

from web import links, params
from web.door import archive
from web.operations import Operations
from web.parameters import PREFIX
from web.xml import OPENSEARCH

bp = Blueprint("discovery", __name__)
operations = Operations(bp)

_DESCRIPTION = "application/opensearchdescription+xml"
_URLS = (
    ("text/html", "results", "/search?q={searchTerms}&page={startPage?}"),
    ("application/atom+xml", "results", "/search.atom?q={searchTerms}&page={startPage?}"),
    ("application/json", "results", "/search.json?q={searchTerms}&page={startPage?}"),
    ("application/x-suggestions+json", "suggestions", "/suggest?q={searchTerms}"),
    (_DESCRIPTION, "self", "/opensearch.xml"),
)


@bp.get("/opensearch.xml")
def opensearch() -> ResponseReturnValue:
    """The OpenSearch 1.1 description of this site."""
    root = Element("OpenSearchDescription", xmlns=OPENSEARCH)  # without a prefix: some readers know no other way
    for name, value in (
        ("ShortName", "On Record"),  # at most 16 characters
        ("Description", "Search who said what, down to the paragraph"),
        ("InputEncoding", "UTF-8"),
        ("OutputEncoding", "UTF-8"),
    ):
        SubElement(root, name).text = value
    for media, rel, template in _URLS:
        url = SubElement(root, "Url")
        url.set("type", media)
        url.set("rel", rel)
        url.set("template", urljoin(request.url_root, links.at(template)))
    return Response(
        tostring(root, encoding="utf-8", xml_declaration=True), content_type=f"{_DESCRIPTION}; charset=utf-8"
    )


@operations.get("/suggest", PREFIX, answer=list[str | list[str]], types=("application/x-suggestions+json",))
def suggest() -> ResponseReturnValue:
    """How ``q`` may go on, in the form that browsers take: what was typed, queries, what they are, addresses."""
    typed = request.args.get("q", "")[:100]
    found = archive().complete(typed) if typed.strip() else ()
    told = [f"{one.label}: {one.kind}, {one.count:,} paragraphs" for one in found]
    queries = [one.query for one in found]
    response = jsonify([typed, queries, told, [_address(query) for query in queries]])
    response.mimetype = "application/x-suggestions+json"
    return response


def _address(words: str) -> str:
    return urljoin(request.url_root, params.address("/search", [("q", words)]))
