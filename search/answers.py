"""Answers as plain values for JSON: one shape for the command line, the API and ``onrecord analyze``.

Offsets are code points within the paragraph's text, end exclusive. Keys may be added, never changed.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from search.model import Article, Hit, Metadata, Paragraph, Quotation, SearchResult, Span, Speaker, Topic

Json = dict[str, Any]


def date_text(moment: datetime | None) -> str | None:
    """ISO 8601: the day alone when that is all that is known.

    >>> date_text(datetime(2022, 4, 18)), date_text(datetime(2022, 4, 18, 9, 30))
    ('2022-04-18', '2022-04-18T09:30:00')
    """
    if moment is None:
        return None
    return (moment.date() if moment == datetime.combine(moment, datetime.min.time()) else moment).isoformat()


def of_result(result: SearchResult) -> Json:
    request = result.request
    return {
        "query": {
            "text": request.text,
            "understood": result.query,
            "match": request.match.value,
            "sort": request.sort.value,
            "filters": {
                "speaker": list(request.speaker),
                "topic": list(request.topic),
                "outlet": list(request.outlet),
                "kind": [kind.value for kind in request.kind],
                "from": date_text(request.published_from),
                "to": request.published_to.date().isoformat() if request.published_to else None,
            },
            "notices": [{"message": notice.message, "position": notice.position} for notice in result.notices],
        },
        "total": result.total,
        "page": request.page,
        "size": request.size,
        "generation": result.generation,
        "took_ms": round(result.took_ms, 3),
        "suggestion": result.suggestion,
        "hits": [of_hit(hit) for hit in result.hits],
        "facets": {
            name: [
                {"value": value.value, "label": value.label, "count": value.count, "selected": value.selected}
                for value in values
            ]
            for name, values in result.facets.items()
        },
    }


def of_hit(hit: Hit) -> Json:
    return {
        **of_paragraph(hit.paragraph),
        "score": round(hit.score, 6),
        "highlights": [of_span(span) for span in hit.highlights],
    }


def of_paragraph(paragraph: Paragraph) -> Json:
    """A paragraph that stands alone: with the head of its article."""
    return {"id": paragraph.id, "article": of_metadata(paragraph.article), **_within_article(paragraph)}


def of_article(article: Article) -> Json:
    """An article whole; this is what ``onrecord analyze`` prints for each."""
    return {
        **of_metadata(article.metadata),
        "topics": [of_topic(topic) for topic in article.topics],
        "paragraphs": [_within_article(paragraph) for paragraph in article.paragraphs],
    }


def of_metadata(metadata: Metadata) -> Json:
    return {
        "id": metadata.id,
        "title": metadata.title,
        "published": date_text(metadata.published),
        "outlet": metadata.outlet,
        "byline": metadata.byline,
        "credit": metadata.credit,
        "url": metadata.url,
        "section": metadata.section,
        "language": metadata.language,
        "keywords": list(metadata.keywords),
    }


def _within_article(paragraph: Paragraph) -> Json:
    return {
        "number": paragraph.number,
        "kind": paragraph.kind.value,
        "text": paragraph.text,
        "speakers": [of_speaker(speaker) for speaker in paragraph.speakers],
        "topics": [of_topic(topic) for topic in paragraph.topics],
        "quotations": [of_quotation(quotation) for quotation in paragraph.quotations],
        "mentions": list(paragraph.mentions),
    }


def of_speaker(speaker: Speaker) -> Json:
    return {"name": speaker.name, "type": speaker.type.value, "certainty": speaker.certainty}


def of_topic(topic: Topic) -> Json:
    return {"code": topic.code, "label": topic.label, "certainty": topic.certainty, "how": topic.how}


def of_quotation(quotation: Quotation) -> Json:
    source = quotation.source
    return {
        "kind": quotation.kind.value,
        "content": [of_span(span) for span in quotation.content],
        "quoted": [of_span(span) for span in quotation.quoted],
        "cue": of_span(quotation.cue) if quotation.cue else None,
        "source": {**of_span(source), "paragraph": source.paragraph} if source else None,
        "speaker": quotation.speaker,
        "certainty": quotation.certainty,
        "why": quotation.why,
    }


def of_span(span: Span) -> Json:
    return {"start": span.start, "end": span.end}
