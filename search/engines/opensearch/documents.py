"""A paragraph as the cluster keeps it: the words are our own terms, which the cluster has only to split.

Each term is a line. A field that is several runs of words, such as the names of several speakers, is a list, and the
mapping keeps its runs apart by ``GAP`` positions. ``text``, ``title`` and ``said`` each have two companions with the
same positions: the stems, and the *marks*: how a word is written and where sentences begin and end. Runs in worker
processes, so that the one who writes has little to do.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Any

from search.analysis import capitals, scan, sentences, stem, terms
from search.copies import FEWEST_WORDS
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
BEGIN, END, PLAIN = "<", ">", "."
"""Marks: the first and the last token of a sentence of several, and a token of no mark, which holds the place."""

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Prepared:
    """An article ready to be sent: for each paragraph its id in the cluster and its document, as JSON, which lacks the
    head: that has still to be stamped."""

    id: str
    paragraphs: int
    head: str
    documents: tuple[tuple[str, bytes], ...]


def prepare(article: Article) -> Prepared:
    title = lay_out("title", [article.metadata.title])
    documents = (
        (document_id(article.id, paragraph.number), _dump(_document(paragraph) | title))
        for paragraph in article.paragraphs
    )
    return Prepared(article.id, len(article.paragraphs), head_of(article), tuple(documents))


def stamped_documents(article: Prepared, indexed: datetime | None) -> Iterator[tuple[str, bytes]]:
    """The ids and the whole documents of an article that was first indexed at that moment."""
    head: Document = {"head": stamped(article.head, indexed) if indexed else article.head}
    if indexed:
        head["indexed"] = indexed.isoformat(timespec="milliseconds")
    start = _dump(head)[:-1] + b","
    for identifier, document in article.documents:
        yield identifier, start + document[1:]


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


def _document(paragraph: Paragraph) -> Document:
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
        "story": _story(paragraph),
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


def _story(paragraph: Paragraph) -> str:
    """The same for paragraphs that say the same word by word; one of a few words is no copy of any other."""
    found = terms(paragraph.text)
    said = found if len(found) >= FEWEST_WORDS else ["", paragraph.id]
    return blake2b("\n".join(said).encode("utf-8", "replace"), digest_size=12).hexdigest()


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
