"""An article made ready for Whoosh. Runs in worker processes, so that the one writer has little to do."""

from __future__ import annotations

import pickle
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from search.copies import signatures
from search.engines.stored import body_of, head_of
from search.engines.whoosh.layout import Layout, lay_out
from search.engines.whoosh.streams import Occurrences, Stream
from search.model import Article, Metadata, Paragraph, Topic
from search.topics import names_of, with_ancestors

_COMPRESSION = 1


@dataclass(frozen=True, slots=True)
class Prepared:
    """An article ready to be written.

    own: for each field what its paragraphs have of their own; shared: what all of them have alike, written as of
    paragraph 0. stored: for each paragraph but the first, whose article's head is not complete yet, what Whoosh stores.
    """

    id: str
    paragraphs: int
    own: dict[str, Stream]
    shared: dict[str, Stream]
    head: str
    bodies: tuple[bytes, ...]
    signatures: tuple[bytes, ...]
    stored: tuple[bytes, ...]


def prepare(article: Article) -> Prepared:
    own: dict[str, Occurrences] = {}
    texts = [_paragraph(own, paragraph) for paragraph in article.paragraphs]
    signed = signatures(texts)
    bodies = [body_of(paragraph) for paragraph in article.paragraphs]
    return Prepared(
        article.id,
        len(article.paragraphs),
        _streams(own),
        _streams(_head(article.metadata)),
        head_of(article),
        tuple(body.encode() for body in bodies),
        tuple(signed),
        tuple(stored(body=body, signature=signature) for body, signature in zip(bodies[1:], signed[1:], strict=True)),
    )


def _streams(fields: dict[str, Occurrences]) -> dict[str, Stream]:
    return {name: occurrences.stream() for name, occurrences in fields.items()}


def stored(**fields: str | bytes) -> bytes:
    """The stored fields of a document as Whoosh's column has them: pickled and deflated."""
    return zlib.compress(pickle.dumps(fields, 4), _COMPRESSION)


def _paragraph(own: dict[str, Occurrences], paragraph: Paragraph) -> list[str]:
    """Add what a paragraph has of its own; gives its terms in order."""
    number, quotations = paragraph.number, paragraph.quotations
    text = lay_out([paragraph.text], "text")
    _words(own, "text", number, text)
    _words(own, "said", number, lay_out((run.of(paragraph.text) for q in quotations for run in q.quoted), "said"))
    names = (name for speaker in paragraph.speakers for name in (speaker.name, *speaker.aliases))
    _words(own, "speaker_words", number, _laid_out(tuple(names)))
    _words(own, "mention_words", number, _laid_out(paragraph.mentions))
    codes, about = _about(tuple((topic.code, topic.label) for topic in paragraph.topics))
    _words(own, "topic_words", number, about)
    _values(own, "number", number, [f"{number:09d}"])
    _values(own, "kind", number, [paragraph.kind.value])
    _values(own, "speaker", number, [speaker.name for speaker in paragraph.speakers])
    _values(own, "topic", number, codes)
    _values(own, "quoted", number, [quotation.kind.value for quotation in quotations])
    return text.terms


def _head(meta: Metadata) -> dict[str, Occurrences]:
    """What the paragraphs of an article have alike."""
    shared: dict[str, Occurrences] = {}
    _words(shared, "title", 0, lay_out([meta.title], "title"))
    for field, text in (("outlet", meta.outlet), ("section", meta.section), ("byline", meta.byline)):
        _words(shared, f"{field}_words", 0, _laid_out((text,)))
    published = meta.published.isoformat() if meta.published else ""
    values = {"outlet": meta.outlet, "language": meta.language, "section": meta.section, "published": published}
    for field, value in values.items():
        _values(shared, field, 0, [value] if value else [])
    _values(shared, "article", 0, [meta.id])
    return shared


@lru_cache(10_000)
def _about(topics: tuple[tuple[str, str], ...]) -> tuple[tuple[str, ...], Layout]:
    """For topics by code and label, the codes that a paragraph is filed under and the words it is found by."""
    found = names_of(Topic(code, label, 1.0, "") for code, label in topics)
    return with_ancestors(code for code, _ in topics), lay_out(found)


@lru_cache(10_000)
def _laid_out(runs: tuple[str, ...]) -> Layout:
    """Names and labels come again and again."""
    return lay_out(runs)


def _words(fields: dict[str, Occurrences], field: str, number: int, laid: Layout) -> None:
    if laid.terms:
        fields.setdefault(field, Occurrences()).add(number, laid.terms, laid.positions)
    if laid.marks:
        names, positions = zip(*laid.marks, strict=True)
        fields.setdefault("marks", Occurrences()).add(number, names, positions)


def _values(fields: dict[str, Occurrences], field: str, number: int, values: Sequence[str]) -> None:
    if values:
        whole = list(dict.fromkeys(values))
        fields.setdefault(field, Occurrences()).add(number, whole, [0] * len(whole))
