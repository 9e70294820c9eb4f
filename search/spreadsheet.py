"""Hits as rows of a spreadsheet: one paragraph a row, no cell that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from search.answers import date_text
from search.model import Hit

COLUMNS = (
    "id", "title", "published", "outlet", "kind", "speakers", "topics", "text", "score", "url", "generation",
)  # fmt: skip
"""New columns are added at the end."""
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")


def row(hit: Hit, generation: int) -> list[str]:
    """The cells of a hit, in the order of ``COLUMNS``."""
    paragraph = hit.paragraph
    article = paragraph.article
    values = [
        paragraph.id, article.title, date_text(article.published) or "", article.outlet, paragraph.kind.value,
        "; ".join(s.name for s in paragraph.speakers), "; ".join(t.label for t in paragraph.topics),
        paragraph.text, f"{hit.score:.6f}", article.url, str(generation),
    ]  # fmt: skip
    return [harmless(value) for value in values]


def harmless(value: str) -> str:
    """The value, with an apostrophe before what a spreadsheet would take for a formula.

    >>> harmless("=1+1"), harmless("1+1"), harmless(" @SUM(A1)")
    ("'=1+1", '1+1', "' @SUM(A1)")
    """
    return "'" + value if value.lstrip().startswith(_FORMULA) or value[:1] in ("\t", "\r", "\n") else value


def lines(rows: Iterable[Iterable[str]]) -> str:
    """The rows as CSV, each ended by a line feed."""
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()
