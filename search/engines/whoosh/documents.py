"""A paragraph as Whoosh stores it, and back. Runs in worker processes, so that the one writer has little to do."""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from search.analysis import terms
from search.model import (
    Article,
    Kind,
    Mention,
    Metadata,
    Paragraph,
    Quotation,
    QuotationKind,
    Span,
    Speaker,
    SpeakerType,
    Topic,
)

Document = dict[str, Any]
_GAP = 1000
"""Positions between two runs of one field, so that no phrase spans them."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """An article ready to be written."""

    id: str
    paragraphs: int
    documents: tuple[Document, ...]


def prepare(article: Article) -> Prepared:
    title = words([article.metadata.title])
    head = _dump(_metadata(article.metadata, article.topics))
    return Prepared(
        article.id,
        len(article.paragraphs),
        tuple(_document(paragraph, title, head) for paragraph in article.paragraphs),
    )


def words(runs: Iterable[str]) -> dict[bytes, bytes]:
    """Terms with their packed positions; runs are kept apart."""
    found: dict[str, array[int]] = {}
    position = 0
    for run in runs:
        for term in terms(run):
            if term in found:
                found[term].append(position)
            else:
                found[term] = array("I", [position])
            position += 1
        position += _GAP
    return {term.encode("utf-8", "replace"): positions.tobytes() for term, positions in found.items()}


def _document(paragraph: Paragraph, title: dict[bytes, bytes], head: str) -> Document:
    meta = paragraph.article
    said = [run.of(paragraph.text) for quotation in paragraph.quotations for run in quotation.quoted]
    return {
        "paragraph": [head, _dump(_paragraph(paragraph))],
        "text": words([paragraph.text]),
        "title": title,
        "said": words(said),
        "speaker_words": words(name for speaker in paragraph.speakers for name in (speaker.name, *speaker.aliases)),
        "mention_words": words(paragraph.mentions),
        "topic_words": words(topic.label for topic in paragraph.topics),
        "outlet_words": words([meta.outlet]),
        "section_words": words([meta.section]),
        "byline_words": words([meta.byline]),
        "article": [_bytes(meta.id)],
        "number": [b"%09d" % paragraph.number],
        "kind": [paragraph.kind.value.encode()],
        "speaker": [_bytes(speaker.name) for speaker in paragraph.speakers],
        "topic": [_bytes(topic.code) for topic in paragraph.topics],
        "outlet": [_bytes(meta.outlet)] if meta.outlet else [],
        "quoted": [quotation.kind.value.encode() for quotation in paragraph.quotations],
        "language": [_bytes(meta.language)] if meta.language else [],
        "published": [meta.published.isoformat().encode()] if meta.published else [],
    }


def _bytes(value: str) -> bytes:
    return value.encode("utf-8", "replace")


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=True, separators=(",", ":"))


# ------------------------------------------------------------------------- storing, restoring


def _metadata(meta: Metadata, topics: Sequence[Topic]) -> list[Any]:
    return [
        meta.id, meta.title, meta.published.isoformat() if meta.published else None, meta.outlet, meta.byline,
        meta.credit, meta.url, meta.section, meta.language, list(meta.keywords), list(meta.subjects), meta.file,
        [[t.code, t.label, t.certainty, t.how] for t in topics],
    ]  # fmt: skip


def _paragraph(paragraph: Paragraph) -> list[Any]:
    return [
        paragraph.number,
        paragraph.kind.value,
        paragraph.text,
        [[s.name, s.type.value, s.certainty, s.aliases] for s in paragraph.speakers],
        [[t.code, t.label, t.certainty, t.how] for t in paragraph.topics],
        [_quotation(q) for q in paragraph.quotations],
        list(paragraph.mentions),
    ]


def _quotation(q: Quotation) -> list[Any]:
    return [
        q.kind.value,
        [[s.start, s.end] for s in q.content],
        [[s.start, s.end] for s in q.quoted],
        [q.cue.start, q.cue.end] if q.cue else None,
        [q.source.start, q.source.end, q.source.paragraph] if q.source else None,
        q.speaker,
        q.speaker_type.value if q.speaker_type else None,
        q.certainty,
        q.why,
    ]


def restore(stored: Sequence[str | bytes]) -> tuple[Paragraph, tuple[Topic, ...]]:
    """The paragraph that was stored, and the topics of its article."""
    head, body = json.loads(stored[0]), json.loads(stored[1])
    number, kind, text, speakers, topics, quotations, mentions = body
    paragraph = Paragraph(
        _restore_metadata(head),
        number,
        Kind(kind),
        text,
        tuple(Speaker(name, SpeakerType(type_), sure, tuple(aliases)) for name, type_, sure, aliases in speakers),
        tuple(Topic(*topic) for topic in topics),
        tuple(map(_restore_quotation, quotations)),
        tuple(mentions),
    )  # fmt: skip
    return paragraph, tuple(Topic(*topic) for topic in head[12])


def _restore_metadata(head: list[Any]) -> Metadata:
    identifier, title, published, outlet, byline, credit, url, section, language, keywords, subjects, file, _ = head
    moment = datetime.fromisoformat(published) if published else None
    return Metadata(
        identifier,
        title,
        moment,
        outlet,
        byline,
        credit,
        url,
        section,
        language,
        tuple(keywords),
        tuple(subjects),
        file,
    )


def _restore_quotation(row: list[Any]) -> Quotation:
    kind, content, quoted, cue, source, speaker, speaker_type, certainty, why = row
    return Quotation(
        QuotationKind(kind),
        tuple(Span(*span) for span in content),
        tuple(Span(*span) for span in quoted),
        Span(*cue) if cue else None,
        Mention(*source) if source else None,
        speaker,
        SpeakerType(speaker_type) if speaker_type else None,
        certainty,
        why,
    )
