"""A paragraph as Whoosh stores it, and back. Runs in worker processes, so that the one writer has little to do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from search.copies import signatures
from search.engines.stored import body_of, head_of
from search.engines.whoosh.layout import Packed, in_order, lay_out
from search.model import Article, Paragraph
from search.topics import names_of, with_ancestors

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Prepared:
    """An article ready to be written."""

    id: str
    paragraphs: int
    documents: tuple[Document, ...]


def prepare(article: Article) -> Prepared:
    title = lay_out([article.metadata.title], "title")
    head = head_of(article)
    texts = [lay_out([paragraph.text], "text") for paragraph in article.paragraphs]
    signed = signatures(in_order(text) for text, _ in texts)
    made = (
        _document(paragraph, title, text) | {"paragraph": [head, body_of(paragraph)], "signature": signature}
        for paragraph, text, signature in zip(article.paragraphs, texts, signed, strict=True)
    )
    return Prepared(article.id, len(article.paragraphs), tuple(made))


def words(runs: Iterable[str]) -> Packed:
    """Terms with their packed positions; runs are kept apart."""
    return lay_out(runs)[0]


def _document(paragraph: Paragraph, title: tuple[Packed, Packed], text: tuple[Packed, Packed]) -> Document:
    meta = paragraph.article
    said = lay_out((run.of(paragraph.text) for q in paragraph.quotations for run in q.quoted), "said")
    return {
        "text": text[0],
        "title": title[0],
        "said": said[0],
        "marks": text[1] | title[1] | said[1],
        "speaker_words": words(name for speaker in paragraph.speakers for name in (speaker.name, *speaker.aliases)),
        "mention_words": words(paragraph.mentions),
        "topic_words": words(names_of(paragraph.topics)),
        "outlet_words": words([meta.outlet]),
        "section_words": words([meta.section]),
        "byline_words": words([meta.byline]),
        "article": [_bytes(meta.id)],
        "number": [b"%09d" % paragraph.number],
        "kind": [paragraph.kind.value.encode()],
        "speaker": [_bytes(speaker.name) for speaker in paragraph.speakers],
        "topic": [_bytes(code) for code in with_ancestors(topic.code for topic in paragraph.topics)],
        "outlet": [_bytes(meta.outlet)] if meta.outlet else [],
        "quoted": [quotation.kind.value.encode() for quotation in paragraph.quotations],
        "language": [_bytes(meta.language)] if meta.language else [],
        "section": [_bytes(meta.section)] if meta.section else [],
        "published": [meta.published.isoformat().encode()] if meta.published else [],
    }


def _bytes(value: str) -> bytes:
    return value.encode("utf-8", "replace")
