"""Answers as plain values for JSON: one shape for the command line, the API and ``onrecord analyze``.

Offsets are code points within the paragraph's text, end exclusive. Keys may be added, never changed.
"""

from __future__ import annotations

from datetime import datetime

from search.model import (
    Article,
    Explanation,
    FacetValue,
    Hit,
    Metadata,
    Paragraph,
    Period,
    Profile,
    Quotation,
    SearchResult,
    Span,
    Speaker,
    Topic,
)
from search.shapes import (
    ArticleJson,
    ExplanationJson,
    FacetValueJson,
    HitJson,
    MetadataJson,
    ParagraphJson,
    PeriodJson,
    ProfileJson,
    QuotationJson,
    ResultJson,
    SpanJson,
    SpeakerJson,
    TopicJson,
    WithinArticleJson,
)


def date_text(moment: datetime | None) -> str | None:
    """ISO 8601: the day alone when that is all that is known.

    >>> date_text(datetime(2022, 4, 18)), date_text(datetime(2022, 4, 18, 9, 30))
    ('2022-04-18', '2022-04-18T09:30:00')
    """
    if moment is None:
        return None
    return (moment.date() if moment == datetime.combine(moment, datetime.min.time()) else moment).isoformat()


def of_result(result: SearchResult) -> ResultJson:
    request = result.request
    return {
        "query": {
            "text": request.text,
            "understood": result.query,
            "match": request.match.value,
            "sort": request.sort.value,
            "copies": request.copies.value,
            "group": request.group.value,
            "filters": {
                "speaker": list(request.speaker),
                "topic": list(request.topic),
                "outlet": list(request.outlet),
                "kind": [kind.value for kind in request.kind],
                "language": list(request.language),
                "section": list(request.section),
                "quoted": [kind.value for kind in request.quoted],
                "from": date_text(request.published_from),
                "to": request.published_to.date().isoformat() if request.published_to else None,
            },
            "notices": [{"message": notice.message, "position": notice.position} for notice in result.notices],
        },
        "total": result.total,
        "stories": result.stories,
        "articles": result.articles,
        "rows": result.rows,
        "estimated": list(result.estimated),
        "cursor": result.cursor,
        "page": request.page,
        "size": request.size,
        "generation": result.generation,
        "took_ms": round(result.took_ms, 3),
        "suggestion": result.suggestion,
        "suggestion_total": result.suggestion_total,
        "hits": [of_hit(hit) for hit in result.hits],
        "facets": {name: [of_facet_value(value) for value in values] for name, values in result.facets.items()},
        "interval": result.interval.value if result.interval else None,
        "timeline": [of_period(period) for period in result.timeline],
        "undated": result.undated,
    }


def of_hit(hit: Hit) -> HitJson:
    return {
        **of_paragraph(hit.paragraph),
        "score": round(hit.score, 6),
        "highlights": [of_span(span) for span in hit.highlights],
        "title_highlights": [of_span(span) for span in hit.title_highlights],
        "window": of_span(hit.window),
        "copies": hit.copies,
        "others": hit.others,
        "explanation": of_explanation(hit.explanation) if hit.explanation else None,
    }


def of_explanation(explanation: Explanation) -> ExplanationJson:
    return {
        "score": round(explanation.score, 6),
        "rest": round(explanation.rest, 6),
        "reasons": [
            {
                "found": reason.found,
                "field": reason.field,
                "count": reason.count,
                "length": reason.length,
                "having": reason.having,
                "idf": round(reason.idf, 6),
                "share": reason.share,
                "score": round(reason.score, 6),
            }
            for reason in explanation.reasons
        ],
    }


def of_facet_value(value: FacetValue) -> FacetValueJson:
    return {
        "value": value.value,
        "label": value.label,
        "count": value.count,
        "stories": value.stories,
        "estimated": value.estimated,
        "selected": value.selected,
        "type": value.type,
    }


def of_profile(profile: Profile) -> ProfileJson:
    return {
        "name": profile.name,
        "label": profile.label,
        "type": profile.type,
        "aliases": list(profile.aliases),
        "paragraphs": profile.paragraphs,
        "stories": profile.stories,
        "articles": profile.articles,
        "first": profile.first.isoformat() if profile.first else None,
        "last": profile.last.isoformat() if profile.last else None,
        "interval": profile.interval.value,
        "timeline": [of_period(period) for period in profile.timeline],
        "topics": [of_facet_value(value) for value in profile.topics],
        "outlets": [of_facet_value(value) for value in profile.outlets],
        "neighbours": [of_facet_value(value) for value in profile.neighbours],
        "words": [{"word": one.word, "count": one.count, "score": one.score} for one in profile.words],
        "estimated": list(profile.estimated),
        "generation": profile.generation,
    }


def of_period(period: Period) -> PeriodJson:
    return {
        "start": period.start.isoformat(),
        "end": period.end.isoformat(),
        "count": period.count,
        "total": period.total,
    }


def of_paragraph(paragraph: Paragraph) -> ParagraphJson:
    """A paragraph that stands alone: with the head of its article."""
    return {"id": paragraph.id, "article": of_metadata(paragraph.article), **_within_article(paragraph)}


def of_article(article: Article) -> ArticleJson:
    """An article whole; this is what ``onrecord analyze`` prints for each."""
    return {
        **of_metadata(article.metadata),
        "topics": [of_topic(topic) for topic in article.topics],
        "paragraphs": [_within_article(paragraph) for paragraph in article.paragraphs],
    }


def of_metadata(metadata: Metadata) -> MetadataJson:
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
        "indexed": f"{metadata.indexed.isoformat()}Z" if metadata.indexed else None,
    }


def _within_article(paragraph: Paragraph) -> WithinArticleJson:
    return {
        "number": paragraph.number,
        "kind": paragraph.kind.value,
        "text": paragraph.text,
        "speakers": [of_speaker(speaker) for speaker in paragraph.speakers],
        "topics": [of_topic(topic) for topic in paragraph.topics],
        "quotations": [of_quotation(quotation) for quotation in paragraph.quotations],
        "mentions": list(paragraph.mentions),
    }


def of_speaker(speaker: Speaker) -> SpeakerJson:
    return {"name": speaker.name, "type": speaker.type.value, "certainty": speaker.certainty}


def of_topic(topic: Topic) -> TopicJson:
    return {"code": topic.code, "label": topic.label, "certainty": topic.certainty, "how": topic.how}


def of_quotation(quotation: Quotation) -> QuotationJson:
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


def of_span(span: Span) -> SpanJson:
    return {"start": span.start, "end": span.end}
