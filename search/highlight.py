"""What in a paragraph answers a query: spans of its text, found by the same terms as the paragraph itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from search.analysis import Token, stem, terms, tokens
from search.model import Paragraph, Span
from search.query.nodes import And, Node, Not, Or, Phrase, Prefix, Word


def highlight(tree: Node, paragraph: Paragraph) -> list[Span]:
    """The spans that match, in order and apart. What must not be there marks nothing; a phrase marks itself alone."""
    found = tokens(paragraph.text)
    said = [run for quotation in paragraph.quotations for run in quotation.quoted]
    return _merged(sorted(_spans(tree, found, said)))


def _spans(node: Node, found: Sequence[Token], said: Sequence[Span]) -> Iterator[Span]:
    match node:
        case And(parts) | Or(parts):
            for part in parts:
                yield from _spans(part, found, said)
        case Not():
            return
        case Word(text, "text" | "said", exact):
            wanted = terms(text)
            if len(wanted) == 1 and not exact:
                sought = stem(wanted[0])
                spans: Iterator[Span] = (Span(t.start, t.end) for t in found if stem(t.term) == sought)
            else:
                spans = _runs(wanted, found)
            yield from _within(spans, node.field, said)
        case Phrase(text, "text" | "said"):
            yield from _within(_runs(terms(text), found), node.field, said)
        case Prefix(text, "text" | "said"):
            start = "".join(terms(text))
            yield from _within((Span(t.start, t.end) for t in found if t.term.startswith(start)), node.field, said)
        case _:
            return


def _runs(wanted: Sequence[str], found: Sequence[Token]) -> Iterator[Span]:
    for i in range(len(found) - len(wanted) + 1 if wanted else 0):
        if all(found[i + k].term == term for k, term in enumerate(wanted)):
            yield Span(found[i].start, found[i + len(wanted) - 1].end)


def _within(spans: Iterator[Span], field: str, said: Sequence[Span]) -> Iterator[Span]:
    for span in spans:
        if field == "text" or any(run.start <= span.start and span.end <= run.end for run in said):
            yield span


def _merged(spans: Sequence[Span]) -> list[Span]:
    out: list[Span] = []
    for span in spans:
        if out and span.start < out[-1].end:
            out[-1] = Span(out[-1].start, max(out[-1].end, span.end))
        else:
            out.append(span)
    return out


def snippet(text: str, spans: Sequence[Span], width: int) -> Span:
    """The part of a text, some ``width`` characters long, that holds most of the spans.

    >>> text = "a " * 100 + "found " + "b " * 100
    >>> "found" in snippet(text, [Span(200, 205)], 40).of(text)
    True
    """
    if len(text) <= width:
        return Span(0, len(text))
    starts = [max(0, span.start - width // 5) for span in spans] or [0]
    best = max(starts, key=lambda start: (sum(start <= s.start and s.end <= start + width for s in spans), -start))
    start = min(best, len(text) - width)
    while start > 0 and not text[start - 1].isspace():
        start -= 1
    end = min(len(text), start + width)
    while end < len(text) and not text[end].isspace():
        end += 1
    return Span(start, end)
