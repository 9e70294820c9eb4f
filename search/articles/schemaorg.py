"""What a web page says of itself: schema.org in JSON-LD first, then its meta elements."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from search.articles.drafts import Draft

# Property of schema.org, and the field it fills.
PROPERTIES = {
    "headline": "title",
    "datePublished": "published",
    "author": "byline",
    "publisher": "outlet",
    "articleSection": "section",
    "keywords": "keywords",
    "inLanguage": "language",
    "creditText": "credit",
    "url": "url",
}
META = {
    "og:title": "title",
    "article:published_time": "published",
    "og:site_name": "outlet",
    "author": "byline",
    "article:section": "section",
    "news_keywords": "keywords",
    "keywords": "keywords",
}
DEEPEST = 20


def describe(draft: Draft, tree: Any) -> None:
    """Put what the page declares into the draft. Anything malformed is passed over: it is only a hint."""
    for link in tree.iter("link"):
        if (link.get("rel") or "").lower() == "canonical":
            draft.put("url", link.get("href"))
    for script in tree.iter("script"):
        if (script.get("type") or "").strip().lower() == "application/ld+json":
            for item in _articles(script.text or ""):
                for name, known in PROPERTIES.items():
                    draft.put(known, _plain(item.get(name), known), name)
    for meta in tree.iter("meta"):
        known = META.get((meta.get("property") or meta.get("name") or "").lower(), "")
        if known:
            draft.put(known, meta.get("content"))
    draft.put("language", tree.get("lang"))


def _articles(text: str) -> Iterator[dict[str, Any]]:
    """The objects that describe an article, wherever they stand in the JSON-LD."""
    try:
        waiting = [(json.loads(text, strict=False), 0)]
    except (ValueError, RecursionError):
        return
    while waiting:
        value, depth = waiting.pop(0)
        if isinstance(value, dict):
            kinds = value.get("@type")
            if any(
                str(kind).endswith(("Article", "BlogPosting"))
                for kind in (kinds if isinstance(kinds, list) else [kinds])
            ):
                yield value
            value = [value.get("@graph"), value.get("mainEntity")]
        if isinstance(value, list) and depth < DEEPEST:
            waiting += [(each, depth + 1) for each in value]


def _plain(value: Any, field: str) -> Any:
    """Persons and organisations by their names, several in one line; a list stays one where the field is a list."""
    if field == "keywords":
        return value
    values = value if isinstance(value, list) else [value]
    names = [each.get("name") if isinstance(each, dict) else each for each in values]
    return ", ".join(each for each in names if isinstance(each, str))
