"""Spans of a text made into HTML. Everything between the marks is escaped; only the marks are ours."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlsplit

from markupsafe import Markup, escape

from search.model import Paragraph, Span

Piece = tuple[int, int, Markup, Markup]


def marked(text: str, spans: Sequence[Span]) -> Markup:
    """The text with its highlights in ``<mark>``.

    >>> marked("a <b> c", [Span(2, 5)])
    Markup('a <mark>&lt;b&gt;</mark> c')
    """
    out, at = Markup(), 0
    for span in spans:
        out += escape(text[at : span.start]) + Markup("<mark>") + escape(span.of(text)) + Markup("</mark>")
        at = span.end
    return out + escape(text[at:])


def quoted(paragraph: Paragraph, spans: Sequence[Span]) -> Markup:
    """The paragraph with what is quoted in it set off, and its highlights marked, also where they cross."""
    said = {i for q in paragraph.quotations for run in q.quoted for i in range(run.start, run.end)}
    lit = {i for span in spans for i in range(span.start, span.end)}
    text, out, at = paragraph.text, Markup(), 0
    while at < len(text):
        end = at + 1
        while end < len(text) and (end in said, end in lit) == (at in said, at in lit):
            end += 1
        piece = escape(text[at:end])
        if at in lit:
            piece = Markup("<mark>") + piece + Markup("</mark>")
        if at in said:
            piece = Markup('<span class="said">') + piece + Markup("</span>")
        out += piece
        at = end
    return out


def day(moment: datetime | None) -> str:
    """A date as people read it: 5 January 2024.

    >>> day(datetime(2024, 1, 5, 9, 30))
    '5 January 2024'
    """
    return f"{moment.day} {moment:%B} {moment.year}" if moment else ""


def safe_url(url: str) -> str:
    """The address if a browser may be sent there, else nothing.

    >>> safe_url("javascript:alert(1)"), safe_url("https://example.org/a")
    ('', 'https://example.org/a')
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return url if parts.scheme in ("http", "https") and parts.netloc else ""


def percent(certainty: float) -> str:
    return f"{certainty:.0%}"


FILTERS = {"marked": marked, "quoted": quoted, "day": day, "safe_url": safe_url, "percent": percent}
