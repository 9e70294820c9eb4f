"""Spans of a text made into HTML. Everything between the marks is escaped; only the marks are ours."""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby, pairwise
from urllib.parse import urlsplit

from markupsafe import Markup, escape

from search.model import Paragraph, QuotationKind, Span

HUES = 6
"""How many speakers of one article have a colour of their own; the stylesheet has as many."""
Layer = tuple[Span, str | None]
"""A stretch of text and the tag that it stands in, None for no tag."""


def marked(text: str, spans: Sequence[Span]) -> Markup:
    """The text with its highlights in ``<mark>``.

    >>> marked("a <b> c", [Span(2, 5)])
    Markup('a <mark>&lt;b&gt;</mark> c')
    """
    if not spans:
        return escape(text)
    out, at = [], 0
    for span in spans:
        out += [html.escape(text[at : span.start]), "<mark>", html.escape(span.of(text)), "</mark>"]
        at = span.end
    return Markup("".join((*out, html.escape(text[at:]))))  # noqa: S704 - every word of it has just been escaped


def spoken(paragraph: Paragraph, spans: Sequence[Span] = (), hues: Mapping[str, int] | None = None) -> Markup:
    """The paragraph with what is said in it set off, and its highlights marked, also where the two cross.

    Words between quotation marks get the class ``said``, what is told without them ``told``. With ``hues``,
    the number of each speaker's colour is added, and the speaker's name as the title.
    """
    text, lit = paragraph.text, [span for span in spans if span.start < span.end]
    layers = _layers(paragraph, hues)
    if not layers and not lit:
        return escape(text)
    out: list[str] = []
    for opening, pieces in groupby(_pieces(text, layers, lit), key=lambda piece: piece[2]):
        out.append(opening or "")
        for start, end, _ in pieces:
            words = html.escape(text[start:end])
            out.append(f"<mark>{words}</mark>" if any(s.start <= start < s.end for s in lit) else words)
        out.append("</span>" if opening else "")
    return Markup("".join(out))  # noqa: S704 - every word of it has just been escaped


def _layers(paragraph: Paragraph, hues: Mapping[str, int] | None) -> list[Layer]:
    """What is said, each with the tag that opens it; what stands between quotation marks goes first."""
    said: list[Layer] = []
    told: list[Layer] = []
    for quotation in paragraph.quotations:
        name = quotation.speaker or ""
        said += [(run, _tag("said", name, hues)) for run in quotation.quoted]
        told += [(_with_marks(paragraph.text, run), None) for run in quotation.quoted]
        if quotation.kind is not QuotationKind.DIRECT:
            told += [(span, _tag("told", name, hues)) for span in quotation.content]
    return said + told


def _with_marks(text: str, run: Span) -> Span:
    """The run with its quotation marks and the space around them, which are neither said nor told."""
    start, end = max(run.start - 1, 0), run.end + 1
    while 0 < start <= len(text) and text[start - 1].isspace():
        start -= 1
    while end < len(text) and text[end].isspace():
        end += 1
    return Span(start, end)


def _tag(kind: str, name: str, hues: Mapping[str, int] | None) -> str:
    if not hues or name not in hues:
        return f'<span class="{kind}">'
    return f'<span class="{kind} s{hues[name] % HUES}" title="{html.escape(name)}">'


def _pieces(text: str, layers: Sequence[Layer], lit: Sequence[Span]) -> Iterator[tuple[int, int, str | None]]:
    """The text cut wherever a layer or a highlight begins or ends, each piece with the tag it stands in."""
    ends = {0, len(text)}
    for span in (*(span for span, _ in layers), *lit):
        ends |= {min(span.start, len(text)), min(span.end, len(text))}
    for start, end in pairwise(sorted(ends)):
        yield start, end, next((tag for span, tag in layers if span.start <= start < span.end), None)


def day(moment: date | None) -> str:
    """A date as people read it: 5 January 2024.

    >>> day(date(2024, 1, 5))
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


def number(count: int) -> str:
    """
    >>> number(94241)
    '94,241'
    """
    return f"{count:,}"


def many(count: int, one: str, more: str = "") -> str:
    """A count with its word.

    >>> many(1, "paragraph"), many(2041, "paragraph"), many(2, "story", "stories")
    ('1 paragraph', '2,041 paragraphs', '2 stories')
    """
    return f"{count:,} {one if count == 1 else more or one + 's'}"


FILTERS = {
    "marked": marked,
    "spoken": spoken,
    "day": day,
    "safe_url": safe_url,
    "percent": percent,
    "number": number,
    "many": many,
}
