"""Articles made ready for Whoosh. Runs in worker processes, so that the one writer has little to do."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter

import numpy as np

from search.copies import sign
from search.engines.stored import body_of, head_of
from search.engines.whoosh.layout import Layout, runs_of
from search.engines.whoosh.mapped import Array
from search.engines.whoosh.streams import Stream, Values, single
from search.model import Article, Paragraph
from search.topics import own_names, with_ancestors
from search.vocabulary import Vocabulary, vocabulary


@dataclass(frozen=True, slots=True)
class Sheaf:
    """Articles made ready together, in one go and with each term once.

    streams: for each field, what its paragraphs have, numbered through; ``marks`` come in several. firsts: the number
    of the first paragraph of each article, and how many there are in all. heads, bodies: what is stored of articles
    and of paragraphs, the latter one after the other, of these sizes. signatures: a row for each paragraph.
    """

    streams: tuple[tuple[str, Stream], ...]
    firsts: tuple[int, ...]
    heads: tuple[str, ...]
    bodies: bytes
    sizes: tuple[int, ...]
    signatures: bytes


@dataclass(frozen=True, slots=True)
class Prepared:
    """An article ready to be written: the one at this place of a sheaf."""

    id: str
    paragraphs: int
    sheaf: Sheaf
    place: int


_CODE_AND_LABEL = attrgetter("code", "label")


def prepare(articles: Sequence[Article]) -> list[Prepared]:
    """Make articles ready, all together."""
    numbered = [paragraph for article in articles for paragraph in article.paragraphs]
    sizes = [len(article.paragraphs) for article in articles]
    known = vocabulary()
    text = Layout(known)
    for number, paragraph in enumerate(numbered):
        text.read(number, [paragraph.text])
    bodies = [body_of(paragraph).encode() for paragraph in numbered]
    streams = (
        *_marked("text", text),
        *_own(numbered, known),
        *_shared(articles, np.repeat(np.arange(len(sizes)), sizes), known),
    )
    sheaf = Sheaf(
        tuple((field, stream) for field, stream in streams if stream.terms),
        tuple(np.cumsum([0, *sizes]).tolist()),
        tuple(map(head_of, articles)),
        b"".join(bodies),
        tuple(map(len, bodies)),
        sign(*text.terms, np.array(text.lengths)).tobytes(),
    )
    return [Prepared(article.id, size, sheaf, i) for i, (article, size) in enumerate(zip(articles, sizes, strict=True))]


def _own(paragraphs: Sequence[Paragraph], known: Vocabulary) -> Iterator[tuple[str, Stream]]:
    """What paragraphs have of their own, but for their text."""
    said, speaker_words, mention_words = Layout(known), Layout(known), Layout(known)
    speaker, quoted = Values(), Values()
    for row, paragraph in enumerate(paragraphs):
        if paragraph.quotations:
            runs = (run.of(paragraph.text) for quotation in paragraph.quotations for run in quotation.quoted)
            said.read(row, runs)
            quoted.add(row, [str(quotation.kind) for quotation in paragraph.quotations])
        if paragraph.speakers:
            speaker.add(row, [one.name for one in paragraph.speakers])
            names = (name for one in paragraph.speakers for name in (one.name, *one.aliases))
            speaker_words.add(row, [runs_of(tuple(names), known)])
        if paragraph.mentions:
            mention_words.add(row, [runs_of(paragraph.mentions, known)])
    yield from _marked("said", said)
    yield "speaker_words", speaker_words.stream()
    yield "mention_words", mention_words.stream()
    yield "number", single([f"{paragraph.number:09d}" for paragraph in paragraphs])
    yield "kind", single([str(paragraph.kind) for paragraph in paragraphs])
    yield from (("speaker", speaker.stream()), ("quoted", quoted.stream()))
    yield from _topics([tuple(map(_CODE_AND_LABEL, p.topics)) for p in paragraphs], known)


def _topics(given: Sequence[tuple[tuple[str, str], ...]], known: Vocabulary) -> Iterator[tuple[str, Stream]]:
    """What paragraphs are filed under, and the words they are found by; many have the same topics."""
    numbered = {topics: row for row, topics in enumerate(dict.fromkeys(given))}
    codes, names = Values(), Layout(known)
    for topics, row in numbered.items():
        labels = dict(topics)
        about = with_ancestors(labels)
        codes.add(row, about)
        names.add(row, [runs_of(own_names(code, labels.get(code, "")), known) for code in about])
    rows = array("i", map(numbered.__getitem__, given)).tobytes()
    yield "topic", codes.stream(rows)
    yield "topic_words", names.stream(rows)


def _shared(articles: Sequence[Article], rows: Array, known: Vocabulary) -> Iterator[tuple[str, Stream]]:
    """What the paragraphs of an article have alike. rows: the article of each paragraph."""
    packed = rows.astype(np.int32).tobytes()
    heads = [article.metadata for article in articles]
    title = Layout(known)
    for row, meta in enumerate(heads):
        title.read(row, [meta.title])
    yield from _marked("title", title, packed)
    for field in ("outlet", "section", "byline"):
        laid = Layout(known)
        for row, meta in enumerate(heads):
            laid.add(row, [runs_of((getattr(meta, field),), known)])
        yield f"{field}_words", laid.stream(packed)
    yield "article", single([meta.id for meta in heads], packed)
    yield "published", single([meta.published.isoformat() if meta.published else "" for meta in heads], packed)
    for field in ("outlet", "language", "section"):
        yield field, single([getattr(meta, field) for meta in heads], packed)


def _marked(field: str, laid: Layout, rows: bytes = b"") -> Iterator[tuple[str, Stream]]:
    """A field with its marks."""
    yield field, laid.stream(rows)
    for terms, which, places in laid.marks(field):
        yield "marks", Stream(tuple(terms), which.tobytes(), places.tobytes(), rows)
