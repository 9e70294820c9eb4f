"""Rows of capitals, with the small words that names hold: Bank of Quay, Lena von der Holm, the Farmers' Union."""

from __future__ import annotations

from search.attribution.bits import (
    DAY,
    HEAD,
    MONTH,
    NATION,
    PARTICLE,
    PERSON,
)
from search.attribution.groups import Groups
from search.attribution.shapes import OWN
from search.attribution.tokens import Sentence

_LONGEST = 12
"""Words; a longer row of capitals is a headline or a list, no name."""
_PLURALS = {"people", "women", "men", "children"}


def extent(s: Sentence, i: int, groups: Groups) -> int:
    """The token after a row of capitals with the small words that names hold."""
    end, size = i + 1, len(s.words)
    while end < size and end - i < _LONGEST:
        word = s.words[end]
        if word[0].isupper() and not (s.bits[end] & (DAY | MONTH) and not s.bits[end] & PERSON):
            end += 1
        elif end + 1 < size and s.words[end + 1][0].isupper() and _binds(s, i, end, groups):
            end += 2
        elif s.bits[end] & PARTICLE and end + 2 < size and s.bits[end + 1] & PARTICLE and s.words[end + 2][0].isupper():
            end += 3
        elif (
            s.low[end] == OWN
            and end + 1 < size
            and s.bits[end + 1] & HEAD
            and s.words[end + 1][0].isupper()
            and (s.low[end - 1].endswith("s") or s.low[end - 1] in _PLURALS)
            and not s.bits[end - 1] & NATION
        ):
            end += 2  # the Farmers' Union
        elif (
            s.low[end] in {"of", "for"}
            and end + 2 < size
            and s.low[end + 1] == "the"
            and s.words[end + 2][0].isupper()
            and _binds(s, i, end, groups)
        ):
            end += 3  # Institute for the Study of War
        else:
            break
    return end


def _binds(s: Sentence, start: int, i: int, groups: Groups) -> bool:
    low = s.low[i]
    if s.bits[i] & PARTICLE and s.words[i].islower():
        return True
    if low == "&" or (low == "and" and len(s.words[i - 1]) == len(s.words[i + 1]) == 1):
        return True  # S and P, as wires without the sign write it
    if low == "of":
        return s.low[i - 1] in groups.joined_by_of
    if low in {"for", "and"}:
        head = s.low[start]
        return (
            low == "and" and "of" in s.low[start:i] and any(s.low[k] in groups.joined_by_and for k in range(start, i))
        ) or (low == "for" and s.low[i - 1] in groups.joined_by_for and bool(head))
    return False
