"""A paragraph as the cluster keeps it: the words are our own terms, which the cluster has only to split.

Each term is a line. A field that is several runs of words, such as the names of several speakers, is a list, and the
mapping keeps its runs apart by ``GAP`` positions. ``text``, ``title`` and ``said`` each have two companions with the
same positions: the stems, and the *marks*: how a word is written and where sentences begin and end. Runs in worker
processes, so that the one who writes has little to do.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Any

import numpy as np

from search.analysis import capitals, scan, sentences, stem, terms
from search.copies import BAND, HASHES, signatures
from search.engines.stored import body_of, head_of, stamped
from search.model import Article, Paragraph
from search.topics import names_of, with_ancestors

STEMMED = ("text", "title", "said")
"""Fields whose matches are scored, and whose words are found by their stem."""
WORDS = ("speaker_words", "mention_words", "topic_words", "outlet_words", "section_words", "byline_words")
"""Searched word by word, without a score."""
VALUES = ("article", "speaker", "topic", "outlet", "kind", "language", "section", "quoted")
"""Whole values: filters, facets, sort keys."""
FOLDED = ("speaker", "topic", "outlet", "language", "section")
"""Values that are also kept without regard to case, to be filtered by."""
GAP = 100_000
"""Positions between two runs of one field: further than any distance, and than any sentence is long."""
_MIX, _PLACE = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F)
BEGIN, END, PLAIN = "<", ">", "."
"""Marks: the first and the last token of a sentence of several, and a token of no mark, which holds the place."""

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Prepared:
    """An article ready to be sent: for each paragraph its id in the cluster and its document, as JSON, which lacks the
    head: that has still to be stamped. ``signatures`` are empty for paragraphs that are no copies of anything."""

    id: str
    paragraphs: int
    head: str
    documents: tuple[tuple[str, bytes], ...]
    signatures: tuple[bytes, ...]


def prepare(article: Article) -> Prepared:
    title = lay_out("title", [article.metadata.title])
    signed = signatures([terms(paragraph.text) for paragraph in article.paragraphs])
    documents = (
        (document_id(article.id, paragraph.number), _dump(_document(paragraph, signature) | title))
        for paragraph, signature in zip(article.paragraphs, signed, strict=True)
    )
    return Prepared(article.id, len(article.paragraphs), head_of(article), tuple(documents), tuple(signed))


def regrouped(kept: Document, paragraph: Paragraph, signature: bytes) -> bytes:
    """The whole document of a paragraph that is stored already; ``kept`` is what cannot be told from the paragraph."""
    moment = paragraph.article.indexed
    indexed = {"indexed": moment.isoformat(timespec="milliseconds") if moment else None}
    return _dump(indexed | _document(paragraph, signature) | lay_out("title", [paragraph.article.title]) | kept)


def stamped_documents(
    article: Prepared,
    indexed: datetime | None,
    run: int = 0,
    is_copy: Callable[[bytes], bool] = lambda signature: False,
) -> Iterator[tuple[str, bytes]]:
    """The ids and the whole documents of an article that was first indexed at that moment; ``run`` sends it.

    is_copy: whether another paragraph of that signature is known already.
    """
    head: Document = {"head": stamped(article.head, indexed) if indexed else article.head, "run": run}
    if indexed:
        head["indexed"] = indexed.isoformat(timespec="milliseconds")
    starts = [_dump(head | {"copied": copied})[:-1] + b"," for copied in (False, True)]
    for (identifier, document), signature in zip(article.documents, article.signatures, strict=True):
        yield identifier, starts[bool(signature) and is_copy(signature)] + document[1:]


def document_id(article_id: str, number: int) -> str:
    """What the cluster calls a paragraph: its id, or for one that is too long a digest of it."""
    name = f"{article_id}#{number}"
    encoded = name.encode("utf-8", "replace")
    return name if len(encoded) <= 500 and name.isprintable() else "~" + blake2b(encoded, digest_size=20).hexdigest()


def lay_out(field: str, runs: Iterable[str]) -> dict[str, list[str]]:
    """A stemmed field with its companions.

    >>> lay_out("title", ["The ICE holds. Ferries wait"])["title_stem"]
    ['the\\nice\\nhold\\nferri\\nwait']
    """
    words: list[str] = []
    stems: list[str] = []
    marks: list[str] = []
    for run in runs:
        found = list(scan(run))
        words.append("\n".join(term for term, _, _ in found))
        stems.append("\n".join(stem(term) for term, _, _ in found))
        marks.append("\n".join(_marks(run, found)))
    return {field: words, f"{field}_stem": stems, f"{field}_marks": marks}


def _marks(text: str, found: list[tuple[str, int, int]]) -> Iterable[str]:
    """The marks of every token, those of one token with tabulators between."""
    starts = sentences(text)
    numbers = [0] * len(found)
    sentence = 0
    for i, (_, start, _) in enumerate(found):
        while sentence < len(starts) and starts[sentence] <= start:
            sentence += 1
        numbers[i] = sentence
    for i, (term, start, end) in enumerate(found):
        marks = []
        if how := capitals(text[start:end]):
            marks.append(written(term, how))
        first = i == 0 or numbers[i - 1] != numbers[i]
        last = i + 1 == len(found) or numbers[i + 1] != numbers[i]
        if first != last:  # in a sentence of one token nothing can be near anything
            marks.append(BEGIN if first else END)
        yield "\t".join(marks) or PLAIN


def written(term: str, how: str) -> str:
    """The mark of a word that is not all small letters; ``how`` is its ``search.analysis.capitals``."""
    return f"{term}={how}"


def _document(paragraph: Paragraph, signature: bytes) -> Document:
    meta = paragraph.article
    said = (run.of(paragraph.text) for quotation in paragraph.quotations for run in quotation.quoted)
    values = {
        "article": meta.id,
        "speaker": [speaker.name for speaker in paragraph.speakers],
        "topic": list(with_ancestors(topic.code for topic in paragraph.topics)),
        "outlet": meta.outlet or None,
        "kind": paragraph.kind.value,
        "language": meta.language or None,
        "section": meta.section or None,
        "quoted": [quotation.kind.value for quotation in paragraph.quotations],
    }
    return {
        "body": body_of(paragraph),
        "number": paragraph.number,
        "published": meta.published.isoformat(timespec="milliseconds") if meta.published else None,
        "story": number_of(signature or paragraph.id.encode("utf-8", "surrogatepass")),
        "article_key": number_of(meta.id.encode("utf-8", "surrogatepass")),
        **_signed(signature),
        "words": sorted(set(terms(paragraph.text))),
        **lay_out("text", [paragraph.text]),
        **lay_out("said", said),
        "speaker_words": _lines(name for speaker in paragraph.speakers for name in (speaker.name, *speaker.aliases)),
        "mention_words": _lines(paragraph.mentions),
        "topic_words": _lines(names_of(paragraph.topics)),
        "outlet_words": _lines([meta.outlet]),
        "section_words": _lines([meta.section]),
        "byline_words": _lines([meta.byline]),
        **values,
        **{f"{name}_fold": _folded(values[name]) for name in FOLDED},
    }


def _signed(signature: bytes) -> Document:
    """A signature, and the numbers by which others that are nearly so are found; see ``search.copies``."""
    if not signature:
        return {}
    return {"signature": b64encode(signature).decode(), "bands": bands(signature)}


def bands(signature: bytes) -> list[int]:
    """The runs of hashes of a signature, each with its place as one number."""
    runs = np.frombuffer(signature, "<u4", HASHES // BAND).astype(np.uint64)
    mixed = (runs * _MIX + np.arange(len(runs), dtype=np.uint64) * _PLACE) >> np.uint64(33)
    return [int(one) for one in mixed]


def number_of(content: bytes) -> int:
    """Stands for a content among those of an archive; OpenSearch counts and folds by numbers faster than by names."""
    return int.from_bytes(blake2b(content, digest_size=8).digest(), "big", signed=True)


def _lines(runs: Iterable[str]) -> list[str]:
    return ["\n".join(terms(run)) for run in runs]


def _folded(value: Any) -> Any:
    if isinstance(value, list):
        return [one.casefold() for one in value]
    return value.casefold() if value else value


def _dump(document: Document) -> bytes:
    """As JSON; a lone surrogate, which no text on the wire can hold, becomes a question mark."""
    kept = {name: value for name, value in document.items() if value not in (None, [], "")}
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
