"""An article and its paragraphs as every engine stores them, and back: two texts of JSON for each paragraph.

The first is the article's part, the same in all of its paragraphs, the second the paragraph's own.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from itertools import starmap
from typing import Any

from search.model import (
    Article,
    Kind,
    Mention,
    Metadata,
    Paragraph,
    Quotation,
    QuotationKind,
    Speaker,
    SpeakerType,
    Topic,
    shared_span,
)

# Looked up ten times faster than an Enum is called, and a page of answers needs some fifty of them.
_KINDS = {str(kind): kind for kind in Kind}
_TYPES = {str(kind): kind for kind in SpeakerType}
_QUOTATION_KINDS = {str(kind): kind for kind in QuotationKind}
_decode = json.JSONDecoder().raw_decode
# Hits of one page have much in common; what is frozen can be shared, and to make it anew takes several times as long.
_mention, _topic, _speaker = lru_cache(8192)(Mention), lru_cache(2048)(Topic), lru_cache(8192)(Speaker)


def head_of(article: Article) -> str:
    """The article's part."""
    return _dump(_metadata(article.metadata, article.topics))


def stamped(head: str, indexed: datetime) -> str:
    """The article's part, with when it was first indexed."""
    return f'{head[:-1]},"{indexed.isoformat()}"]'


def body_of(paragraph: Paragraph) -> str:
    """The paragraph's own part."""
    return _dump(_paragraph(paragraph))


_dump = json.JSONEncoder(separators=(",", ":")).encode


def _metadata(meta: Metadata, topics: Sequence[Topic]) -> list[Any]:
    return [
        meta.id, meta.title, meta.published.isoformat() if meta.published else None, meta.outlet, meta.byline,
        meta.credit, meta.url, meta.section, meta.language, list(meta.keywords), list(meta.subjects), meta.file,
        [[t.code, t.label, t.certainty, t.how] for t in topics],
    ]  # fmt: skip


def _paragraph(paragraph: Paragraph) -> list[Any]:
    return [
        paragraph.number,
        paragraph.kind,
        paragraph.text,
        [[s.name, s.type, s.certainty, s.aliases] for s in paragraph.speakers],
        [[t.code, t.label, t.certainty, t.how] for t in paragraph.topics],
        [_quotation(q) for q in paragraph.quotations],
        list(paragraph.mentions),
    ]


def _quotation(q: Quotation) -> list[Any]:
    return [
        q.kind,
        [[s.start, s.end] for s in q.content],
        [[s.start, s.end] for s in q.quoted],
        [q.cue.start, q.cue.end] if q.cue else None,
        [q.source.start, q.source.end, q.source.paragraph] if q.source else None,
        q.speaker,
        q.speaker_type,
        q.certainty,
        q.why,
    ]


def restore(stored: tuple[bytes, bytes]) -> tuple[Paragraph, tuple[Topic, ...]]:
    """The paragraph that was stored, and the topics of its article."""
    metadata, subjects = _restore_head(stored[0])
    number, kind, text, speakers, topics, quotations, mentions = _decode(stored[1].decode())[0]
    paragraph = Paragraph(
        metadata,
        number,
        _KINDS[kind],
        text,
        tuple(map(_restore_speaker, speakers)),
        tuple(starmap(_topic, topics)),
        tuple(map(_restore_quotation, quotations)),
        tuple(mentions),
    )  # fmt: skip
    return paragraph, subjects


def restore_speakers(stored: tuple[bytes, bytes]) -> list[Speaker]:
    """Those of the paragraph alone."""
    return [_restore_speaker(row) for row in _decode(stored[1].decode())[0][3]]


def _restore_speaker(row: list[Any]) -> Speaker:
    name, type_, certainty, aliases = row
    return _speaker(name, _TYPES[type_], certainty, tuple(aliases))


@lru_cache(2048)
def _restore_head(stored: bytes) -> tuple[Metadata, tuple[Topic, ...]]:
    """An article's part, which its paragraphs share."""
    head = json.loads(stored.decode())
    identifier, title, published, outlet, byline, credit, url, section, language, keywords, subjects, file = head[:12]
    topics, *indexed = head[12:]
    moment = datetime.fromisoformat(published) if published else None
    metadata = Metadata(
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
        datetime.fromisoformat(indexed[0]) if indexed else None,
    )
    return metadata, tuple(Topic(*topic) for topic in topics)


def _restore_quotation(row: list[Any]) -> Quotation:
    kind, content, quoted, cue, source, speaker, speaker_type, certainty, why = row
    return Quotation(
        _QUOTATION_KINDS[kind],
        tuple(starmap(shared_span, content)),
        tuple(starmap(shared_span, quoted)),
        shared_span(*cue) if cue else None,
        _mention(*source) if source else None,
        speaker,
        _TYPES[speaker_type] if speaker_type else None,
        certainty,
        why,
    )
