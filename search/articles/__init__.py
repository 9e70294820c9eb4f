"""Reading: from files of any kind to articles.

    for item in read_articles(["archive/"]):
        match item:
            case Article(): ...          # one published item, its paragraphs numbered and named
            case Rejection(): ...        # a file or record that was not taken, and why
            case ReadingNotice(): ...    # something to know of the article just before it

The same in steps, for worker processes: ``find_sources`` → ``records`` here, ``read`` there.
A new format is one function and one line in ``FORMATS``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from search.articles import sources, splitting
from search.articles.base import LIMITS, Format, Item, Limits, ReadingNotice, Record, Refused, Rejection, SourceFile
from search.articles.objects import read_json
from search.articles.pages import read_page
from search.articles.text import read_text

__all__ = [
    "FORMATS",
    "LIMITS",
    "Item",
    "Limits",
    "ReadingNotice",
    "Record",
    "Rejection",
    "SourceFile",
    "find_sources",
    "read",
    "read_articles",
    "records",
]

FORMATS: dict[str, Format] = {
    ".txt": Format(splitting.whole, read_text),
    ".html": Format(splitting.whole, read_page),
    ".htm": Format(splitting.whole, read_page),
    ".json": Format(splitting.whole, read_json),
    ".jsonl": Format(splitting.lines, read_json),
    ".ndjson": Format(splitting.lines, read_json),
    ".jsonl.gz": Format(splitting.gzip_lines, read_json),
    ".ndjson.gz": Format(splitting.gzip_lines, read_json),
}


def find_sources(paths: Iterable[str | Path]) -> Iterator[SourceFile | Rejection]:
    """The files that can be read among ``paths`` and in the folders among them, each once, in sorted order."""
    return sources.find(paths, FORMATS)


def records(source: SourceFile, limits: Limits = LIMITS) -> Iterator[Record | Rejection]:
    """Cut a file into records that can be sent to workers. Never raises for what is in the file."""
    return FORMATS[source.suffix].split(source, limits)


def read(record: Record) -> list[Item]:
    """Parse one record. Never raises for what is in it: what cannot be taken is a Rejection."""
    try:
        return FORMATS[record.suffix].parse(record)
    except Refused as refused:
        return [Rejection(record.file, record.place, refused.reason, refused.remedy)]


def read_articles(paths: Iterable[str | Path]) -> Iterator[Item]:
    """Everything in ``paths``, in order; two articles may have the same id."""
    for source in find_sources(paths):
        if isinstance(source, Rejection):
            yield source
            continue
        for record in records(source):
            if isinstance(record, Rejection):
                yield record
            else:
                yield from read(record)
