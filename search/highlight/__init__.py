"""What in a paragraph answers a query: spans of its text and of its title, and the part that is best shown.

A mark is always true: it belongs to a part of the query that holds for the paragraph. Where the query as a whole does
not hold, nothing is marked; what must not be there marks nothing; a phrase is marked only where it stands whole,
and words that are to be near each other only where they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import partial
from itertools import starmap
from typing import NamedTuple

from search.analysis import sentences, standing
from search.highlight.fields import Fields
from search.highlight.occurrences import marked, wanted_stem
from search.model import Paragraph, Span, shared_span
from search.query.nodes import (
    TEXT,
    WHOLE,
    And,
    AtLeast,
    Everything,
    Node,
    Not,
    Or,
    Phrase,
    Published,
    Word,
    field_of,
    is_value,
)  # fmt: skip


class Marks(NamedTuple):
    """Spans in order and apart."""

    text: tuple[Span, ...]
    title: tuple[Span, ...]


def marks(tree: Node, paragraph: Paragraph) -> Marks:
    """The spans of the paragraph's text and of its article's title that answer a query."""
    return marker(tree)(paragraph)


def marker(tree: Node) -> Callable[[Paragraph], Marks]:
    """What gives the ``marks`` of a query in any paragraph: the query is looked through once for many."""
    answer = _answering(tree)

    def of(paragraph: Paragraph) -> Marks:
        found = sorted(answer(Fields(paragraph), True) or ())
        return Marks(_merged(found, TEXT), _merged(found, "title"))

    return of


def highlight(tree: Node, paragraph: Paragraph) -> tuple[Span, ...]:
    """The spans of the text alone."""
    return _merged(sorted(_answering(tree)(Fields(paragraph), False) or ()), TEXT)


_Found = list[tuple[str, int, int]]
"""Where something answers: the text, which is ``text`` or ``title``, and the start and end there."""
_Answering = Callable[[Fields, bool], _Found | None]
"""What answers a part of a query in the fields of a paragraph, in the title too if that is said; None where the part
does not hold."""


def _answering(node: Node) -> _Answering:
    match node:
        case Everything():
            return lambda fields, titled: []
        case Word(field=field) if field == TEXT and (sought := wanted_stem(node)) is not None:
            return partial(_any, frozenset((sought,)), ())
        case And(parts):
            return partial(_all, *_plain(parts))
        case Or(parts):
            return partial(_any, *_plain(parts))
        case Not(part):
            unwanted = _answering(part)
            return lambda fields, titled: [] if unwanted(fields, titled) is None else None
        case Published(first, last):
            return lambda fields, titled: [] if _within(first, last, fields) else None
        case Word() | Phrase() if node.field in WHOLE:
            return lambda fields, titled: [] if _has(node, fields) else None
        case _:
            name = field_of(node.part if isinstance(node, AtLeast) else node)
            assert name is not None
            return partial(_standing, node, name)


def _plain(parts: Sequence[Node]) -> tuple[frozenset[str], list[_Answering]]:
    """The stems of the parts that are single words anywhere, which are looked for at once; and the other parts."""
    stems, others = set(), []
    for part in parts:
        sought = wanted_stem(part) if isinstance(part, Word) and part.field == TEXT else None
        if sought is None:
            others.append(_answering(part))
        else:
            stems.add(sought)
    return frozenset(stems), others


def _all(words: frozenset[str], others: Sequence[_Answering], fields: Fields, titled: bool) -> _Found | None:
    found, held = _words(words, fields, titled)
    if len(held) < len(words):
        return None
    for other in others:
        answered = other(fields, titled)
        if answered is None:
            return None
        found += answered
    return found


def _any(words: frozenset[str], others: Sequence[_Answering], fields: Fields, titled: bool) -> _Found | None:
    found, held = _words(words, fields, titled)
    holds = bool(held)
    for other in others:
        answered = other(fields, titled)
        if answered is not None:
            holds = True
            found += answered
    return found if holds else None


def _within(first: date | None, last: date | None, fields: Fields) -> bool:
    """Was it published in that time?"""
    published = fields.paragraph.article.published
    day = published.date() if published else None
    return bool(day and (not first or day >= first) and (not last or day <= last))


def _has(node: Word | Phrase, fields: Fields) -> bool:
    """Has it this whole value?"""
    return any(is_value(node.field, node.text, value) for value in fields.values(node.field))


def _words(stems: frozenset[str], fields: Fields, titled: bool) -> tuple[_Found, set[str]]:
    """Where words with these stems stand, and those that stand somewhere."""
    found: _Found = []
    held: set[str] = set()
    for name in (TEXT, "title") if stems else ():
        if titled or len(held) < len(stems):
            for own, start, end in standing(fields.text(name), stems):
                held.add(own)
                found.append((name, start, end))
    return found, held


def _standing(node: Node, field: str, fields: Fields, titled: bool) -> _Found | None:
    held, found = False, []
    for name in (TEXT, "title") if field == TEXT else (field,):
        if held and not titled:
            break
        laid = fields[name]
        if not (tokens := marked(node, laid, name)):
            continue
        held = True
        where = TEXT if name == "said" else name
        if where in (TEXT, "title"):
            found += [(where, laid.spans[i][0], laid.spans[j - 1][1]) for i, j in tokens]
    return found if held else None


def _merged(found: Iterable[tuple[str, int, int]], name: str) -> tuple[Span, ...]:
    """What was found in one of the texts, in order; what overlaps is one."""
    out: list[tuple[int, int]] = []
    last = 0
    for where, start, end in found:
        if where == name:
            if start < last:
                last = max(last, end)
                out[-1] = out[-1][0], last
            else:
                last = end
                out.append((start, end))
    return tuple(starmap(shared_span, out))


_CONTEXT = 30
"""Characters before a place, by which it is seen whether a sentence begins there."""


def snippet(text: str, spans: Sequence[Span], width: int) -> Span:
    """The best part of a text, some ``width`` characters long: with most different marked words, then most marks.

    It starts with a sentence where one starts shortly before the first mark.

    >>> text = "a " * 97 + "lost. Found. It is found " + "b " * 100
    >>> snippet(text, [Span(200, 205), Span(213, 218)], 40).of(text)[:12]
    'Found. It is'
    """
    if len(text) <= width:
        return Span(0, len(text))
    start = max(
        (max(0, span.start - width // 5) for span in spans), key=lambda at: _worth(text, spans, at, width), default=0
    )
    start = _begin(text, spans, min(start, len(text) - width), width)
    end = min(len(text), start + width)
    while end < len(text) and not text[end].isspace():
        end += 1
    return Span(start, end)


def _worth(text: str, spans: Sequence[Span], start: int, width: int) -> tuple[int, int, int]:
    within = [span for span in spans if start <= span.start and span.end <= start + width]
    return len({span.of(text).casefold() for span in within}), len(within), -start


def _begin(text: str, spans: Sequence[Span], start: int, width: int) -> int:
    """The start of a word or, better, of a sentence, so that no mark is lost by it."""
    within = [span for span in spans if start <= span.start and span.end <= start + width]
    if within:
        earliest = max(0, within[-1].end - width, start - width // 4)
        context = max(0, earliest - _CONTEXT)
        begun = [context + at for at in (0, *sentences(text[context : within[0].start + 1]))]
        better = [at for at in begun if earliest <= at <= within[0].start and (at > context or at == 0)]
        if better:
            return min(better, key=lambda at: abs(at - start))
    while start > 0 and not text[start - 1].isspace():
        start -= 1
    return start
