"""From a record of a source file to articles whose paragraphs know who speaks and what they are about.

Everything here may run in a worker process: it takes and gives plain values, and touches no index.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TypeVar

from search.answers import of_article
from search.articles import ReadingNotice, Record, Rejection, find_sources, read, records
from search.attribution import Attribution, attribute
from search.engines import ENGINES
from search.engines.base import PreparedArticle
from search.model import Article
from search.speakers import Register, read_register, settle
from search.topics import DeskFiles, Tagging, check_desk, read_desk_files, tag_all
from search.workers import each

T = TypeVar("T")

_BATCH_BYTES = 200_000
_BATCH_RECORDS = 200


@dataclass(frozen=True, slots=True)
class House:
    """What a newsroom has settled for its archive, read from the folders of its articles."""

    register: Register = field(default_factory=Register)
    topics: DeskFiles = field(default_factory=DeskFiles)


def understand(articles: Sequence[Article], house: House = House()) -> list[Article]:
    """The articles with their quotations, speakers, mentions and topics, as the house has settled them."""
    # All are attributed, then all tagged: taking turns drives the tables of each out of the processor's cache.
    attributed = list(map(attribute, articles))
    tagged = tag_all(articles, house.topics)
    return list(map(partial(_understood, house), articles, attributed, tagged))


def _understood(house: House, article: Article, attribution: Attribution, tagging: Tagging) -> Article:
    paragraphs = tuple(
        replace(
            paragraph,
            quotations=attribution.quotations[paragraph.number],
            speakers=attribution.speakers[paragraph.number],
            mentions=attribution.mentions[paragraph.number],
            topics=tagging.paragraphs[paragraph.number],
        )
        for paragraph in article.paragraphs
    )
    return settle(replace(article, paragraphs=paragraphs, topics=tagging.article), house.register)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one record."""

    articles: tuple[PreparedArticle, ...]
    rejections: tuple[Rejection, ...]
    notices: tuple[ReadingNotice, ...]


@dataclass(frozen=True, slots=True)
class Batch:
    """Records on their way to a worker, and what it needs to know to make something of them."""

    engine: str
    house: House
    records: tuple[Record, ...]


def house_of(paths: Iterable[Path]) -> House:
    """What ``speakers.toml``, ``topics.toml`` and ``topics.npz`` say in the folders that were named, or beside the
    files that were."""
    folders = [path if path.is_dir() else path.parent for path in paths]
    house = House(read_register(folders), read_desk_files(folders))
    check_desk(house.topics)
    return house


def prepare(batch: Batch) -> list[Outcome]:
    """Read a batch of records and make their articles ready for its engine."""
    found = list(map(read, batch.records))
    made = [item for items in found for item in items if isinstance(item, Article)]
    prepared = iter(ENGINES[batch.engine].prepare(understand(made, batch.house)))
    return [
        Outcome(
            tuple(next(prepared) for item in items if isinstance(item, Article)),
            tuple(item for item in items if isinstance(item, Rejection)),
            tuple(item for item in items if isinstance(item, ReadingNotice)),
        )
        for items in found
    ]


def analyse(paths: Sequence[Path], processes: int) -> Iterator[str | Rejection]:
    """Every article below the paths, understood, as one line of JSON each; no index is touched."""
    rejections: list[Rejection] = []

    def wanted() -> Iterator[Record]:
        for source in find_sources(paths):
            for record in () if isinstance(source, Rejection) else records(source):
                if isinstance(record, Rejection):
                    rejections.append(record)
                else:
                    yield record
            if isinstance(source, Rejection):
                rejections.append(source)

    house = house_of(paths)
    batches = (Batch("", house, tuple(batch)) for batch in batched(wanted(), lambda record: record))
    for answers in each(_analyse, batches, processes):
        yield from answers
        while rejections:
            yield rejections.pop(0)
    yield from rejections


def _analyse(batch: Batch) -> list[str | Rejection]:
    found = [item for record in batch.records for item in read(record)]
    made = iter(understand([item for item in found if isinstance(item, Article)], batch.house))
    return [
        json.dumps(of_article(next(made)), ensure_ascii=False) if isinstance(item, Article) else item
        for item in found
        if isinstance(item, Article | Rejection)
    ]


def batched(items: Iterable[T], record: Callable[[T], Record]) -> Iterator[list[T]]:
    """Items in batches whose records are large enough to be worth the way to another process."""
    batch: list[T] = []
    size = 0
    for item in items:
        batch.append(item)
        size += len(record(item).content)
        if size >= _BATCH_BYTES or len(batch) >= _BATCH_RECORDS:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
