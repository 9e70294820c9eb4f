"""Cursors: where in an answer the next page begins, as a token that nobody has to understand.

A cursor belongs to one search in one generation of one archive. Within a generation nothing changes, so pages by
cursor neither repeat nor leave out a hit, however deep; in another generation the place may not be there, and the
cursor is refused. It carries a checksum over all of that: it is no secret, but neither is it taken when altered.
"""

from __future__ import annotations

import base64
import json
from dataclasses import fields
from hashlib import blake2b
from operator import attrgetter

from search.engines.base import Place
from search.errors import ParameterError
from search.model import SearchRequest

_SUM = 9  # bytes; twelve characters of the token
_OF_A_PAGE = {"cursor", "page", "size", "facets", "facet_size", "interval", "explain"}
_asked = attrgetter(*(field.name for field in fields(SearchRequest) if field.name not in _OF_A_PAGE))
"""What of a request decides on its hits and their order; the rest may change from page to page."""
_written = json.JSONEncoder(separators=(",", ":"), default=str).encode


def write_cursor(end: Place, request: SearchRequest, generation: int, made: str) -> str:
    """The cursor of the page behind ``end``. made: when the generation was, which tells it from another of its number.

    >>> token = write_cursor((1.5, "ferry#0"), SearchRequest("ice"), 3, "2024")
    >>> read_cursor(token, SearchRequest("ice", size=50, cursor=token), 3, "2024")
    [1.5, 'ferry#0']
    """
    body = _written([generation, list(end)]).encode()
    return base64.urlsafe_b64encode(_sum(body, request, made) + body).decode().rstrip("=")


def read_cursor(token: str, request: SearchRequest, generation: int, made: str) -> Place:
    """Where the page begins. Raises ParameterError for a cursor of another generation or search, or of nobody's."""
    given, body = _unpacked(token)
    try:
        of, end = json.loads(body)
        assert isinstance(of, int)
        assert isinstance(end, list)
    except (ValueError, TypeError, AssertionError, RecursionError):
        raise _refused("This is not a cursor that an answer has given; start from the first page.", token) from None
    if of != generation:
        raise _refused(
            f"The archive has been indexed anew since this cursor was given (it was generation {of}, now it is "
            f"{generation}); start from the first page.",
            token,
        )
    if given != _sum(body, request, made):
        raise _refused("This cursor belongs to another search, or was altered; start from the first page.", token)
    return end


def _unpacked(token: str) -> tuple[bytes, bytes]:
    try:
        raw = base64.b64decode(token.encode("ascii") + b"=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except ValueError:
        raw = b""
    if base64.urlsafe_b64encode(raw).decode().rstrip("=") != token:  # the last letter may hold bits that say nothing
        raw = b""
    return raw[:_SUM], raw[_SUM:]


def _sum(body: bytes, request: SearchRequest, made: str) -> bytes:
    return blake2b(body + _written(_asked(request)).encode() + made.encode(), digest_size=_SUM).digest()


def _refused(sentence: str, token: str) -> ParameterError:
    return ParameterError(sentence, "cursor", token[:40])
