"""One question to one generation: the query read, the engine asked, its answer made ready to be shown."""

from __future__ import annotations

import math
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace

from search.analysis import terms
from search.cursors import read_cursor, write_cursor
from search.engines.base import Ranked, Reader
from search.engines.periods import MOST
from search.engines.speaking import typed
from search.generations.store import Generation
from search.highlight import marker, snippet
from search.model import Explanation, FacetValue, Hit, Match, Notice, SearchRequest, SearchResult
from search.query import parse
from search.query.nodes import Node
from search.suggesting import suggestion

_WINDOW = 320
"""Characters of a paragraph to show where there is no room for all of it."""
_TELLING = 12
"""Words of a paragraph by which others like it are found."""


def answer(reader: Reader, generation: Generation, request: SearchRequest) -> SearchResult:
    """What a generation answers to a request. Raises QueryError."""
    started = time.perf_counter()
    query = parse(request.text, request.match)
    number, made = generation.number, generation.manifest.created
    after = read_cursor(request.cursor, request, number, made) if request.cursor else None
    ranked = reader.search(query.tree, request, after)
    suggested, suggested_total = suggestion(reader, query.tree, request, ranked.total) or (None, 0)
    return SearchResult(
        hits=tuple(_hits(reader, query.tree, request, ranked)),
        total=ranked.total,
        query=str(query.tree),
        tree=query.tree,
        request=request,
        generation=number,
        notices=(*query.notices, *_notices(request, ranked)),
        facets=_facets(reader, ranked),
        stories=ranked.stories,
        articles=ranked.articles,
        rows=ranked.rows,
        timeline=ranked.timeline,
        interval=ranked.interval,
        undated=ranked.undated,
        suggestion=suggested,
        suggestion_total=suggested_total,
        estimated=ranked.estimated,
        cursor=write_cursor(ranked.end, request, number, made) if ranked.end else None,
        took_ms=(time.perf_counter() - started) * 1000,
    )


def _hits(reader: Reader, tree: Node, request: SearchRequest, ranked: Ranked) -> Iterator[Hit]:
    explanations: tuple[Explanation | None, ...] = (None,) * len(ranked.hits)
    if request.explain:
        explanations = tuple(reader.explain(tree, [paragraph.id for paragraph, _ in ranked.hits]))
    rows = zip(ranked.hits, ranked.copies, ranked.others, explanations, strict=True)
    marks = marker(tree)
    for (found, score), copies, others, explanation in rows:
        spans, titled = marks(found)
        window = snippet(found.text, spans, _WINDOW)
        yield Hit(found, score, spans, window, copies, others, explanation, titled)


def _facets(reader: Reader, ranked: Ranked) -> Mapping[str, tuple[FacetValue, ...]]:
    """The counts, with what each speaker is."""
    speakers = ranked.facets.get("speaker")
    return {**ranked.facets, "speaker": typed(reader, speakers)} if speakers else ranked.facets


def _notices(request: SearchRequest, ranked: Ranked) -> Iterator[Notice]:
    if request.interval != ranked.interval and ranked.interval:
        yield Notice(
            f"The timeline goes by {ranked.interval}: by {request.interval} there would be more than {MOST:,} periods."
        )


def like(reader: Reader, generation: Generation, paragraph_id: str, size: int) -> SearchResult | None:
    """The paragraphs that share most of the words that tell this one from others, itself and its copies left out.

    The words are those that weigh most by how often they stand in it and how rare they are; ``query`` of the answer
    shows them. None when there is no such paragraph.
    """
    paragraph = reader.paragraph(paragraph_id)
    if paragraph is None:
        return None
    words = _telling(reader, paragraph.text)
    text = " OR ".join(words) or paragraph.text[:100]
    request = SearchRequest(text, Match.ANY, size=size + 1)
    found = answer(reader, generation, request)
    same = {paragraph_id, *(copy.id for copy in reader.copies(paragraph_id))}
    hits = tuple(hit for hit in found.hits if hit.paragraph.id not in same)[:size] if words else ()
    return replace(found, hits=hits, request=replace(request, size=size), cursor=None)


def _telling(reader: Reader, text: str) -> list[str]:
    """The words of a text by which it is best told from the rest of the archive, the best first."""
    counts = Counter(term for term in terms(text) if term.isalnum() and len(term) > 1)
    having = dict(zip(counts, reader.frequencies(list(counts)), strict=True))
    total = reader.count().paragraphs
    weights = {
        word: count * math.log(1 + total / having[word])
        for word, count in counts.items()
        if having[word] > 1 and having[word] * 4 <= total + 8
    }
    return sorted(weights, key=lambda word: (-weights[word], word))[:_TELLING]
