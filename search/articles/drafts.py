"""The one way in which an article is put together, whatever format it came in."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from search.articles import fields
from search.articles.base import Item, ReadingNotice, Record, Refused
from search.articles.encoding import clean
from search.articles.kinds import Line, byline, credit, is_title, name_lines
from search.articles.layout import blocks, parted
from search.model import Article, Kind, Metadata, Paragraph

# What each field of metadata is read with. Anything unfit is left out with a notice: no article is
# lost for a field that it could do without.
FIELDS: dict[str, Callable[[Any], Any]] = {
    "title": fields.line,
    "published": fields.published,
    "outlet": fields.line,
    "byline": fields.line,
    "credit": fields.line,
    "url": fields.url,
    "section": fields.line,
    "language": fields.language,
    "keywords": fields.lines,
    "subjects": fields.lines,
}

DATED = re.compile(r"^(?:published|posted|first published)(?: on)?:?\s+", re.IGNORECASE)


@dataclass(slots=True)
class Draft:
    """An article in the making: metadata as far as known, its lines, and what there is to say about it."""

    record: Record
    number: int | None = None
    metadata: dict[str, Any] = field(default_factory=dict)
    id: str = ""
    lines: list[Line] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)

    def put(self, name: str, value: Any, shown: str = "") -> None:
        """Set a field unless it is set already; an unfit value is noticed under the name ``shown``."""
        if self.metadata.get(name):
            return
        try:
            self.metadata[name] = FIELDS[name](value)
        except fields.Unfit as error:
            self.notices.append(f"“{shown or name}” {error}, and was left out")

    def put_id(self, value: Any) -> None:
        try:
            self.id = self.id or fields.identifier(value)
        except fields.Unfit as error:
            self.notices.append(f"“id” {error}, and was made from the file's name")

    def put_text(self, text: str) -> None:
        """Take running text: its title, byline and credit line become metadata, the rest paragraphs."""
        text = clean(text)
        together = parted(text)
        # Without blank lines no two lines belong together more than any others.
        lines = [Line(words, i if together else 0) for i, block in enumerate(blocks(text)) for words in block]
        self._take_title(lines)
        self._take_date(lines)
        self.put_lines(lines)

    def put_lines(self, lines: list[Line]) -> None:
        """Take paragraphs, some of known kind: byline and credit line become metadata."""
        name_lines(lines)
        for line in lines:
            if line.kind is Kind.BYLINE:
                self.put("byline", byline(line.text))
        if lines and lines[-1].kind is Kind.CREDIT and (named := credit(lines[-1].text)):
            self.put("credit", named)
            lines = lines[:-1]
        self.lines += [line for line in lines if line.kind is not Kind.BYLINE]

    def put_paragraphs(self, texts: Sequence[str]) -> None:
        """Take exactly these, in this order, naming only what is clear."""
        lines = [Line(text, i) for i, text in enumerate(texts)]
        title = self.metadata.get("title")
        opening = bool(lines and title and " ".join(lines[0].text.split()) == title)
        if opening:
            lines[0].kind = Kind.HEADLINE
        name_lines([line for line in lines if line.text.strip()])
        if lines and lines[-1].kind is Kind.CREDIT:
            self.put("credit", credit(lines[-1].text))
        self.lines += lines

    def _take_title(self, lines: list[Line]) -> None:
        title = self.metadata.get("title")
        if lines and not title and is_title(lines[0].text):
            self.put("title", lines.pop(0).text)
        elif lines and title and lines[0].text == title:
            del lines[0]

    def _take_date(self, lines: list[Line]) -> None:
        """A line near the top that is a date and nothing else."""
        for i, line in enumerate(lines[:4]):
            words = DATED.sub("", line.text)
            if len(words) > 40 or not any(mark.isdigit() for mark in words):
                continue
            with suppress(fields.Unfit):
                self.metadata.setdefault("published", fields.published(words))
                del lines[i]
                return

    def items(self) -> list[Item]:
        """The article with its notices. Raises Refused when there is nothing to read in it."""
        metadata = Metadata(id=self._id(), file=self.record.name, **{k: v for k, v in self.metadata.items() if v})
        if not self.lines and metadata.title:
            self.lines.append(Line(metadata.title, 0, Kind.HEADLINE))
        if not self.lines:
            raise Refused("there is no text in it", "give it a title, a text or paragraphs")
        paragraphs = tuple(Paragraph(metadata, i, line.kind, line.text) for i, line in enumerate(self.lines))
        notices = [ReadingNotice(self.record.file, self.record.place, message) for message in self.notices]
        return [Article(metadata, paragraphs), *notices]

    def _id(self) -> str:
        if self.id:
            return self.id
        stem = self.record.name[: -len(self.record.suffix)] if self.record.suffix else self.record.name
        number = self.number or self.record.position
        slug = re.sub(r"[\s#]+", "-", stem).strip("-")
        return fields.identifier(f"{slug}-{number}" if number else slug) or "article"
