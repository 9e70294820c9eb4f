"""A search with its filters as a query alone, for a page that lists speakers and takes nothing else."""

from __future__ import annotations

from search import SearchResult
from search.query.nodes import Everything

_FIELDS = ("topic", "outlet", "kind", "section", "language", "quoted")


def with_filters(result: SearchResult) -> str:
    """The query as it was understood, and every filter but that of speakers as a field of it.

    A value is found by its words, so that it may find a little more than the filter: an outlet whose name goes on.
    """
    asked = result.request
    parts = [_any(name, [str(value) for value in getattr(asked, name)]) for name in _FIELDS if getattr(asked, name)]
    first, last = (f"{day:%Y-%m-%d}" if day else "" for day in (asked.published_from, asked.published_to))
    if first or last:
        parts.append(f"date:{first}..{last}")
    own = "" if isinstance(result.tree, Everything) else result.query
    if own and parts:
        own = f"({own})"
    return " ".join([own, *parts]).strip()


def _any(name: str, values: list[str]) -> str:
    written = [f'{name}:"{value.translate(_PLAIN)}"' for value in values]
    return written[0] if len(written) == 1 else f"({' OR '.join(written)})"


_PLAIN = str.maketrans(dict.fromkeys('"“”„«»', " "))
