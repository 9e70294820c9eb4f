"""Everything that can go wrong, each a sentence for a person and data for a program.

SearchError
├── QueryError             what was asked cannot be answered           exit 2, HTTP 400
│   ├── QuerySyntaxError   the text cannot be read as a query
│   ├── QueryLimitError    the query is larger than a named limit
│   └── ParameterError     a parameter beside the query is no good
├── IndexUnavailable       there is no index to search                 exit 3, HTTP 503
│   ├── IndexMissing       nothing has been indexed here yet
│   ├── IndexDamaged       the files are there but cannot be read
│   ├── IndexOutdated      made by another schema or analysis version
│   └── IndexAway          the cluster that keeps it does not answer
├── IndexBusy              another writer holds the lock               exit 4
├── SpeakersFileError      speakers.toml cannot be understood          exit 2
├── TopicsFileError        topics.toml or topics.npz cannot be used  exit 2
├── InputError             a file, or a record in it, was rejected     exit 5
└── ShrinkRefused          a rebuild would lose most of the archive    exit 6
"""

from __future__ import annotations

from pathlib import Path


class SearchError(Exception):
    """A failure that the user can understand and act upon."""

    exit_code = 1


class SpeakersFileError(SearchError):
    """``speakers.toml`` cannot be understood; the sentence names the file, the entry and what it should say."""

    exit_code = 2


class TopicsFileError(SearchError):
    """A newsroom's table of topics, or the model it trained, cannot be used; the sentence names the place."""

    exit_code = 2


class QueryError(SearchError):
    """What was asked cannot be answered."""

    exit_code = 2


class QuerySyntaxError(QueryError):
    """The text cannot be read as a query.

    ``position`` is the 0-based character of ``query`` at which reading stopped.
    """

    def __init__(self, message: str, query: str, position: int, hint: str = "") -> None:
        super().__init__(message)
        self.query = query
        self.position = position
        self.hint = hint


class QueryLimitError(QueryError):
    """The query is larger than ``limit`` (its name) allows, which is ``most``."""

    def __init__(self, message: str, limit: str, most: int, position: int | None = None) -> None:
        super().__init__(message)
        self.limit = limit
        self.most = most
        self.position = position


class ParameterError(QueryError):
    """The parameter ``name`` cannot have the value ``value``."""

    def __init__(self, message: str, name: str, value: str) -> None:
        super().__init__(message)
        self.name = name
        self.value = value


class IndexUnavailable(SearchError):
    """There is no index that could be searched. Nothing was changed or deleted."""

    exit_code = 3

    def __init__(self, message: str, path: Path | str) -> None:
        super().__init__(message)
        self.path = path


class IndexMissing(IndexUnavailable):
    """Nothing has been indexed here yet."""


class IndexDamaged(IndexUnavailable):
    """Files of the index are missing or unreadable; the articles are untouched."""


class IndexOutdated(IndexUnavailable):
    """The index was made by another version of the schema or of the analysis."""


class IndexAway(IndexUnavailable):
    """The cluster that keeps the index does not answer; it may come back by itself."""


class IndexBusy(SearchError):
    """Another process is changing the index; ``holder`` says who."""

    exit_code = 4

    def __init__(self, message: str, holder: str) -> None:
        super().__init__(message)
        self.holder = holder


class InputError(SearchError):
    """A file, or one record in it, cannot be taken.

    ``place`` says where in the file (“line 12”), empty for the file as a whole.
    """

    exit_code = 5

    def __init__(self, reason: str, path: str = "", place: str = "") -> None:
        super().__init__(": ".join(part for part in (path, place, reason) if part))
        self.reason = reason
        self.path = path
        self.place = place


class ShrinkRefused(SearchError):
    """A rebuild would leave fewer than half of the articles, and was not made current."""

    exit_code = 6
