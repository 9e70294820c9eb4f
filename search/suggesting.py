"""What is offered and never applied: how a beginning may go on, and what a misspelt query may have meant."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

from search.analysis import terms
from search.engines.base import Reader
from search.model import Completion, FacetValue, SearchRequest
from search.query.nodes import CASED, And, AtLeast, Near, Node, Not, Or, Phrase, Word

FEW = 3
"""Hits up to which another spelling is looked for."""
_FIELDS = CASED | {"speaker", "mentions"}
"""Fields whose words may be misspelt."""
_TRIES = 3
"""Spellings of one word that are tried."""
_TIMES = 10
"""How many times as frequent another spelling must be."""

_NAMES = {"speaker": "speaker", "topic": "topic", "outlet": "outlet"}
_MOST_WORDS = 4
"""Words of a beginning that may belong to one name."""
_BEGINNING = re.compile(
    r'(?:(?P<field>speaker|topic|outlet):)?(?P<quote>["“„«]?)(?P<text>[^\s():"“”„«»]*(?:\s+[^\s():"“”„«»]+)*)$'
)


def complete(reader: Reader, typed: str, limit: int) -> list[Completion]:
    """How the last word of what was typed may go on: words, and names of speakers, topics and outlets, mixed.

    After ``speaker:``, ``topic:`` or ``outlet:`` only such. ``query`` is all that was typed, completed.
    """
    found = _BEGINNING.search(typed)
    if found is None or not terms(found["text"]) or typed[-1:].isspace():
        return []
    field = found["field"]
    names = [one for kind in ([field] if field else _NAMES) for one in _names(reader, kind, typed, found, limit)]
    words = [] if field or found["quote"] else _words(reader, typed, limit)
    return _mixed(words, names, limit)


def _words(reader: Reader, typed: str, limit: int) -> list[Completion]:
    last = re.search(r"\S*$", typed)
    start = last.start() if last else 0
    begun = re.match(r"[^\w]*", typed[start:])
    head = typed[: start + (begun.end() if begun else 0)]
    return [
        Completion("word", one.value, one.label, one.count, head + one.value)
        for one in reader.beginning("text", typed[len(head) :], limit)
    ]


def _names(reader: Reader, kind: str, typed: str, found: re.Match[str], limit: int) -> Iterator[Completion]:
    """Names that begin as the last words do, as many of them as can belong to one."""
    for start in _starts(found):
        values = reader.beginning(kind, typed[start:], limit)
        if values:
            head = typed[: min(start, found.start())] if found["field"] or found["quote"] else typed[:start]
            yield from (Completion(kind, one.value, one.label, one.count, head + _written(kind, one)) for one in values)
            return


def _starts(found: re.Match[str]) -> list[int]:
    """Where a name may begin: at the first word when its field is there, or else at any of the last few."""
    starts = [found.start("text") + word.start() for word in re.finditer(r"\S+", found["text"])]
    return starts[:1] if found["field"] or found["quote"] else starts[-_MOST_WORDS:]


def _written(kind: str, value: FacetValue) -> str:
    return f'{kind}:"{" ".join(re.sub(r"""["“”„«»]""", " ", value.label).split())}"'


def _mixed(words: list[Completion], names: list[Completion], limit: int) -> list[Completion]:
    """At least half of the room for names, where there are so many; each kind the commonest first."""
    names.sort(key=lambda one: -one.count)
    room = max(limit - len(names), limit - limit // 2)
    kept = words[:room]
    return kept + names[: limit - len(kept)]


# ------------------------------------------------------------------------ did you mean


def suggestion(reader: Reader, tree: Node, request: SearchRequest, total: int) -> tuple[str, int] | None:
    """Another spelling of a query that finds next to nothing, and how many paragraphs it finds.

    Only words that are as good as absent are changed, only to words that occur, and only if more is found by it.
    """
    if total > FEW or request.cursor:
        return None
    others = _others(reader, tree)
    attempts = (_respelt(tree, partial(_nth, others, attempt)) for attempt in range(_TRIES))
    respelt = [attempt for attempt in dict.fromkeys(attempts) if attempt != tree]
    best: tuple[str, int] | None = None
    for attempt, count in zip(respelt, reader.totals(respelt, request), strict=True):
        if count > max(total, best[1] if best else 0):
            best = str(attempt), count
    return best


def _respelt(node: Node, spell: Callable[[str, str], str]) -> Node:
    match node:
        case And(parts) | Or(parts):
            return type(node)(tuple(_respelt(part, spell) for part in parts))
        case Near(parts):
            return replace(node, parts=tuple(_respelt(part, spell) for part in parts))
        case Not():
            return node  # what is not wanted is not looked for
        case AtLeast(part):
            return replace(node, part=_respelt(part, spell))
        case Word() | Phrase() if node.field in _FIELDS:
            return replace(node, text=" ".join(_word(node.field, word, spell) for word in node.text.split()))
        case _:
            return node


def _word(field: str, word: str, spell: Callable[[str, str], str]) -> str:
    found = terms(word)
    if len(found) != 1 or not found[0].isalpha():
        return word
    other = spell(field, found[0])
    return word if other == found[0] else other


Others = dict[tuple[str, str], list[str]]
"""For a field and a term that is rare in it, far more frequent ones that are spelt nearly so, the likeliest first."""


def _others(reader: Reader, tree: Node) -> Others:
    words: list[tuple[str, str]] = []

    def note(field: str, term: str) -> str:
        words.append((field, term))
        return term

    _respelt(tree, note)
    distinct = list(dict.fromkeys(words))
    totals = reader.totals([Word(term, field) for field, term in distinct], SearchRequest())
    return {
        (field, term): [
            other for other, count in reader.spellings(field, term) if other != term and count > _TIMES * occurs
        ]
        for (field, term), occurs in zip(distinct, totals, strict=True)
        if occurs <= FEW
    }


def _nth(others: Others, attempt: int, field: str, term: str) -> str:
    """The spelling to be tried, or the last there is; the term itself where there is none."""
    found = others.get((field, term))
    return found[min(attempt, len(found) - 1)] if found else term
