"""What a reader needs of one commit at once, laid down beside the index: which documents live, columns, lengths, order.

A segment's own arrays (``segments``) never change. These do with every commit, even one that only deletes, so the file
says of which commit it is. Where one is missing, of another commit, or damaged, all is worked out from the index.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from search.analysis import ANALYSIS_VERSION
from search.engines.whoosh.column_writer import column_sections
from search.engines.whoosh.columns import Column
from search.engines.whoosh.copies import CopyGroups, copy_sections
from search.engines.whoosh.laying import lay_down
from search.engines.whoosh.mapped import Array, Fallback, Held, Sections, write
from search.engines.whoosh.postings import Floats, Ints, Mask
from search.engines.whoosh.repeats import Repeats, repeat_sections
from search.engines.whoosh.schema import COUNTED, SCHEMA_VERSION, STEMMED, VALUES
from search.engines.whoosh.segments import Segment
from search.room import Room, in_memory, joined, numbered, on_disk, ordered, stretches

FILE = "commit.arrays"


def key_of(index: Any) -> str:
    """Names one commit of one index, and the size that its files had."""
    segments = " ".join(map(segment_key, index._segments()))
    sizes = [_size(Path(index.storage.folder), segment) for segment in index._segments()]
    return f"{SCHEMA_VERSION}.{ANALYSIS_VERSION} {index.latest_generation()} {segments} {sizes}"


def segment_key(segment: Any) -> str:
    return f"{SCHEMA_VERSION}.{ANALYSIS_VERSION} {segment.segment_id()} {segment.doc_count_all()}"


def _size(folder: Path, segment: Any) -> int:
    path = folder / f"{segment.segment_id()}.seg"
    return path.stat().st_size if path.exists() else 0


def segment_file(folder: Path, segment: Any) -> Path:
    """Named so that Whoosh removes it with the segment."""
    return folder / f"{segment.segment_id()}.arrays"


def leaves_of(reader: Any) -> list[Any]:
    """Whoosh's readers of the segments, in order; an empty index has none at all."""
    return [leaf for leaf, _ in reader.leaf_readers()] if reader.doc_count_all() else []


def open_segments(folder: Path, index: Any, leaves: Callable[[], list[Any]]) -> list[Segment]:
    """The segments of an index; ``leaves`` is asked only where a file of arrays will not do."""
    segments, offset = [], 0
    for place, segment in enumerate(index._segments()):
        make = lambda place=place: dict(lay_down(leaves()[place]))  # noqa: E731
        segments.append(Segment(Fallback(segment_file(folder, segment), segment_key(segment), make), offset))
        offset += segment.doc_count_all()
    return segments


class Arrays:
    """live: which documents are not deleted. tie: the place of each in the order of equals, newer first, then by id."""

    def __init__(self, sections: Sections) -> None:
        self._sections = sections
        self.live: Mask = sections.whole("live").view(np.bool_)
        self.columns = {field: Column(sections, field) for field in VALUES}

    def check(self) -> Iterator[str]:
        """Read the file of the commit; a sentence when it is not as it was written."""
        if isinstance(self._sections, Fallback) and not self._sections.verify():
            yield f"{FILE} is damaged: answers are right, but opening is slow; run “onrecord reindex”"

    @cached_property
    def tie(self) -> Ints:
        return self._sections.whole("tie")

    @cached_property
    def repeats(self) -> Repeats:
        """How often values repeat among the copies."""
        return Repeats(self._sections, {name: self.columns[name] for name in COUNTED})

    @cached_property
    def copies(self) -> CopyGroups:
        """Which paragraphs are copies of each other."""
        return CopyGroups(self._sections.whole("copies"), self._sections.whole("copies.groups"), len(self.live))

    def lengths(self, field: str) -> Floats:
        """The tokens that each document has in a scored field."""
        return self._sections.whole(f"{field}.lengths")


def open_arrays(folder: Path, index: Any, segments: Sequence[Segment]) -> Arrays:
    return Arrays(Fallback(folder / FILE, key_of(index), lambda: dict(compute(index, segments))))


def compute(index: Any, segments: Sequence[Segment], room: Room = in_memory) -> Iterator[tuple[str, Array]]:
    """Work everything out from the segments, with room for what has a number for each document."""
    sizes = [segment.doc_count_all() for segment in index._segments()]
    live = joined(map(live_of, index._segments()), sum(sizes), np.bool_, room)
    yield "live", live.view(np.uint8)
    laid: dict[str, Array] = {}
    for field in VALUES:
        for name, array in column_sections(field, segments, live, room):
            yield name, array
            if field in COUNTED or name == f"{field}.sets":
                laid[name] = array
    for field in STEMMED:
        lengths = (segment.sections.whole(f"{field}.lengths") for segment in segments)
        yield f"{field}.lengths", joined(lengths, sum(sizes), np.float32, room)
    by_id = numbered(len(live), room)
    for field in ("number", "article"):
        by_id = ordered(laid[f"{field}.sets"], by_id, room)
    published = laid["published.sets"]
    yield "tie", _tie(by_id, published, room)
    for name, array in copy_sections(segments, live, by_id, published, room):
        yield name, array
        laid[name] = array
    counted = [Column(Held(laid), field) for field in COUNTED]
    yield from repeat_sections(counted, laid["copies"], laid["copies.groups"], room)


def _tie(by_id: Ints, published: Ints, room: Room) -> Ints:
    """The place of each document when newer ones come first, equals by id, and undated ones last."""
    older = room(len(published), np.int32)
    tie = room(len(published), np.int32)
    np.negative(published, out=older)
    order = ordered(older, by_id, room)
    for part in stretches(len(order)):
        tie[order[part]] = np.arange(part.start, part.stop)
    return tie


def live_of(segment: Any) -> Mask:
    """Which documents of a segment are not deleted."""
    mask = np.ones(segment.doc_count_all(), np.bool_)
    mask[list(segment.deleted_docs())] = False
    return mask


def save(folder: Path, index: Any) -> None:
    """Lay down what is not there yet: the arrays of new segments, and those of the commit."""
    found: list[Any] = []

    def leaves() -> list[Any]:
        if not found:
            found.append(index.reader())
        return leaves_of(found[0])

    for place, segment in enumerate(index._segments()):
        path = segment_file(folder, segment)
        if not path.exists():
            write(path, segment_key(segment), lay_down(leaves()[place]))
    segments = open_segments(folder, index, leaves)
    write(folder / FILE, key_of(index), compute(index, segments, on_disk(folder)))
    if found:
        found[0].close()
