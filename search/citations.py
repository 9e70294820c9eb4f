"""An article, or a paragraph of it, cited: as RIS and as CSL-JSON, which reference managers read."""

from __future__ import annotations

import re
from typing import TypedDict

from search.model import Metadata, Paragraph


# Functional, because CSL's own names hold hyphens.
class CslName(TypedDict):
    literal: str


CslDate = TypedDict("CslDate", {"date-parts": list[list[int]]})
CslItem = TypedDict(
    "CslItem",
    {
        "id": str,
        "type": str,
        "title": str,
        "container-title": str,
        "author": list[CslName],
        "issued": CslDate,
        "URL": str,
        "language": str,
        "section": str,
        "keyword": str,
        "abstract": str,
        "note": str,
    },
    total=False,
)
"""An item of CSL-JSON, as https://github.com/citation-style-language/schema has it."""

_BY = re.compile(r"^\s*by\s+", re.IGNORECASE)
_BETWEEN_NAMES = re.compile(r"\s*(?:,|;|&|\band\b)\s*")


def csl(article: Metadata, paragraph: Paragraph | None = None, address: str = "") -> CslItem:
    """The item of CSL-JSON. ``address`` stands in where the article has no address of its own."""
    item: CslItem = {
        "id": paragraph.id if paragraph else article.id,
        "type": "article-newspaper",
        "title": article.title,
        "container-title": article.outlet,
        "author": [{"literal": name} for name in authors(article.byline)],
        "URL": article.url or address,
        "language": article.language,
        "section": article.section,
        "keyword": ", ".join(article.keywords),
    }
    if article.published:
        moment = article.published
        item["issued"] = {"date-parts": [[moment.year, moment.month, moment.day]]}
    if paragraph:
        item["abstract"], item["note"] = paragraph.text, f"Paragraph {paragraph.number}"
    return {name: value for name, value in item.items() if value}  # type: ignore[return-value]


def ris(article: Metadata, paragraph: Paragraph | None = None, address: str = "") -> str:
    r"""The record in RIS: a tag and a value a line, ended as the format asks by carriage return and line feed.

    >>> ris(Metadata("budget", "Taxes fall")).split("\r\n")
    ['TY  - NEWS', 'TI  - Taxes fall', 'LA  - en', 'ID  - budget', 'ER  - ', '']
    """
    moment = article.published
    fields = [
        ("TY", "NEWS"),
        ("TI", article.title),
        ("T2", article.outlet),
        *(("AU", name) for name in authors(article.byline)),
        ("DA", f"{moment:%Y/%m/%d/}" if moment else ""),
        ("PY", f"{moment:%Y}" if moment else ""),
        ("UR", article.url or address),
        ("LA", article.language),
        ("SE", article.section),
        *(("KW", keyword) for keyword in article.keywords),
        ("AB", paragraph.text if paragraph else ""),
        ("N1", f"Paragraph {paragraph.number}" if paragraph else ""),
        ("ID", paragraph.id if paragraph else article.id),
    ]
    lines = [f"{tag}  - {' '.join(value.split())}" for tag, value in fields if value.strip()]
    return "".join(line + "\r\n" for line in [*lines, "ER  - "])


def authors(byline: str) -> list[str]:
    """The names in a byline, as they stand there.

    >>> authors("By Ada Holm and Bo Lind")
    ['Ada Holm', 'Bo Lind']
    """
    return [name for name in _BETWEEN_NAMES.split(_BY.sub("", byline)) if name]
