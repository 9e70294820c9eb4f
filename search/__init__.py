"""On Record: search who said what, in any news archive, down to the paragraph.

    from search import Archive

    with Archive.open("index") as archive:
        archive.index(["articles/"])
        for hit in archive.search("strong response", speaker="Kim").hits:
            print(hit.paragraph.id, hit.paragraph.text)

``Archive`` is the one door; ``docs/architecture.md`` shows what lies behind it.
"""

from search.archive import Archive, Status
from search.errors import IndexUnavailable, QueryError, SearchError
from search.model import Article, Hit, Paragraph, SearchResult
from search.settings import Settings

__all__ = [
    "Archive",
    "Article",
    "Hit",
    "IndexUnavailable",
    "Paragraph",
    "QueryError",
    "SearchError",
    "SearchResult",
    "Settings",
    "Status",
]
