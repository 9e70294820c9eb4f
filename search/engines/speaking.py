"""What speakers are, told from the first few paragraphs in which they are heard, and kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

from search.engines.base import Reader
from search.model import FacetValue, Speaker, SpeakerType, facet_value

ENOUGH = 3
"""Paragraphs that are looked at: one name is rarely two kinds of speaker."""


class SpeakerTypes:
    """find: for names, who speaks in some paragraphs of each, at most ``ENOUGH``. Threads may share it: each finds the
    same."""

    def __init__(self, find: Callable[[Sequence[str]], Iterable[tuple[str, Iterable[Speaker]]]]) -> None:
        self._find = find
        self._known: dict[str, SpeakerType] = {}

    def of(self, names: Sequence[str]) -> Mapping[str, SpeakerType]:
        """What each is; who is heard nowhere is left out."""
        known = self._known
        new = [name for name in names if name not in known]
        for name, speakers in self._find(list(dict.fromkeys(new))) if new else ():
            counts = Counter(one.type for one in speakers if one.name == name)
            if counts:
                known[name] = counts.most_common(1)[0][0]
        return {name: known[name] for name in names if name in known}


def typed(reader: Reader, values: Iterable[FacetValue]) -> tuple[FacetValue, ...]:
    """Speakers with what they are."""
    columns = list(zip(*values, strict=True))
    if not columns:
        return ()
    value, kind = (FacetValue._fields.index(name) for name in ("value", "type"))
    columns[kind] = tuple(map(reader.speaker_types(columns[value]).get, columns[value]))
    return tuple(map(facet_value, zip(*columns, strict=True)))
