"""What a reader needs at once, laid down beside the index when it is written: columns, lengths, stems.

Turning these out of the postings takes seconds in a large archive, reading them back milliseconds. The file is
of one commit and says which; where it is missing or of another, everything is worked out anew. Its members carry
checksums (it is a zip), so a damaged one is noticed.
"""

from __future__ import annotations

import io
import json
import os
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from search.analysis import ANALYSIS_VERSION, stem
from search.engines.whoosh.columns import Column
from search.engines.whoosh.postings import Floats, Lexicon, Mask
from search.engines.whoosh.schema import SCHEMA_VERSION, VALUES
from search.files import make_folder_durable

FILE = "arrays.npz"
SCORED = ("text", "title", "said")
"""Fields whose matches are scored, and whose words are found by their stem."""


@dataclass(frozen=True, slots=True)
class Arrays:
    """live: which documents are not deleted. lengths: tokens of each document, as Whoosh keeps them.
    forms: for each scored field its terms in rising order, and their stems beside them."""

    live: Mask
    columns: dict[str, Column]
    lengths: dict[str, Floats]
    forms: dict[str, tuple[list[str], list[str]]]


def key_of(index: Any) -> str:
    """Names one commit of one index."""
    segments = ",".join(segment.segment_id() for segment in index._segments())
    return f"{SCHEMA_VERSION}.{ANALYSIS_VERSION} {index.latest_generation()} {segments}"


def leaves_of(reader: Any) -> list[tuple[Any, int]]:
    """The segments of a reader with the number of their first document; an empty index has none at all."""
    return list(reader.leaf_readers()) if reader.doc_count_all() else []


def compute(reader: Any) -> Arrays:
    """Work everything out from the index itself."""
    size, leaves = reader.doc_count_all(), leaves_of(reader)
    live = np.ones(size, np.bool_)
    for leaf, offset in leaves:
        live[np.array(list(leaf._perdoc.deleted_docs()), np.int64) + offset] = False
    lexicon = Lexicon(leaves, live)
    forms = {}
    for field in SCORED:
        known = sorted({term.decode("utf-8", "replace") for term in lexicon.terms(field)})
        forms[field] = known, [stem(term) for term in known]
    return Arrays(
        live,
        {field: Column.read(lexicon, field) for field in VALUES},
        {field: _lengths(reader, field, size) for field in SCORED},
        forms,
    )


def _lengths(reader: Any, field: str, size: int) -> Floats:
    # Whoosh answers None, whatever the default, for an empty field in a segment where others have one.
    return np.fromiter((reader.doc_field_length(doc, field) or 0 for doc in range(size)), np.float32, size)


def save(folder: Path, key: str, arrays: Arrays) -> None:
    """Write the file beside, flush it, and put it in place of an older one, which is never written to."""
    members: dict[str, Any] = {"key": _packed([key]), "live": arrays.live}
    for name, column in arrays.columns.items():
        members |= {f"{name}.values": _packed(column.values), f"{name}.docs": column.docs}
        members[f"{name}.ordinals"] = column.ordinals
    members |= {f"{name}.lengths": lengths for name, lengths in arrays.lengths.items()}
    for name, (known, stems) in arrays.forms.items():
        members |= {f"{name}.terms": _packed(known), f"{name}.stems": _packed(stems)}
    beside = folder / (FILE + ".new")
    with beside.open("wb") as file:
        np.savez(file, **members)
        file.flush()
        os.fsync(file.fileno())
    os.replace(beside, folder / FILE)
    make_folder_durable(folder)


def load(folder: Path, key: str) -> Arrays | None:
    """What ``save`` wrote for this very commit, or None."""
    try:
        content = (folder / FILE).read_bytes()
        with np.load(io.BytesIO(content), allow_pickle=False) as members:
            if _unpacked(members["key"]) != [key]:
                return None
            columns = {
                name: Column(_unpacked(members[f"{name}.values"]), members[f"{name}.docs"], members[f"{name}.ordinals"])
                for name in VALUES
            }
            lengths = {name: members[f"{name}.lengths"] for name in SCORED}
            forms = {
                name: (_unpacked(members[f"{name}.terms"]), _unpacked(members[f"{name}.stems"])) for name in SCORED
            }
            return Arrays(members["live"], columns, lengths, forms)
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None


def _packed(values: Sequence[str]) -> np.ndarray[tuple[int], np.dtype[np.uint8]]:
    """Texts as the bytes of a JSON list: an array of texts would give each the room of the longest."""
    return np.frombuffer(json.dumps(values).encode(), np.uint8)


def _unpacked(packed: Any) -> list[str]:
    values: list[str] = json.loads(bytes(packed))
    return values
