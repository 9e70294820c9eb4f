"""An article as a page shows it: who is heard in it, where the search that led here is answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from search.model import Article, Kind, Paragraph, Span
from web.views.hits import Heard, heard


@dataclass(frozen=True, slots=True)
class Voice:
    """Somebody heard in the article: ``hue`` numbers the colour, ``paragraphs`` say where."""

    name: str
    certainty: float
    hue: int
    paragraphs: tuple[int, ...]


class ArticleView:
    """An article, with the highlights of a query by paragraph number."""

    def __init__(self, article: Article, marks: Mapping[int, tuple[Span, ...]]) -> None:
        self.article, self.marks = article, marks
        self.matches = [number for number, spans in marks.items() if spans]
        self.heard: dict[int, list[Heard]] = {p.number: heard(p) for p in article.paragraphs}
        self.voices = self._voices()
        self.hues = {voice.name: voice.hue for voice in self.voices}

    @property
    def body(self) -> list[Paragraph]:
        """All but a headline that only repeats the title."""
        title = self.article.metadata.title.casefold()
        return [
            p for p in self.article.paragraphs if not (p.kind == Kind.HEADLINE and p.text.strip().casefold() == title)
        ]

    def _voices(self) -> list[Voice]:
        names = dict.fromkeys(one.name for voices in self.heard.values() for one in voices)
        out = []
        for hue, name in enumerate(names):
            found = [(number, one) for number, voices in self.heard.items() for one in voices if one.name == name]
            sure = max(one.certainty for _, one in found)
            out.append(Voice(name, sure, hue, tuple(number for number, _ in found)))
        return out
