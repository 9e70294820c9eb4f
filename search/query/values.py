"""Values of a query, one piece each, made into nodes: words of every kind, phrases, dates."""

from __future__ import annotations

import re
from datetime import date, datetime
from functools import lru_cache

from search.analysis import pattern, scan, terms
from search.errors import ParameterError
from search.model import Kind, QuotationKind
from search.query import limits
from search.query.lexemes import SYNTAX, Lexeme
from search.query.nodes import TEXT, WHOLE, Fuzzy, Near, Node, Phrase, Prefix, Published, Wildcard, Word
from search.query.reading import Reading
from search.request import day

_FUZZY = re.compile(r"(.*\w)~(\d?)")
# Any star at a word is meant as one; a question mark only within a word that is nothing else.
_STARRED = re.compile(r"\w\?*\*|^\*+\w|^\W*[\w'’]+\?[\w'’*?]*\w\W*$")
_VALUES: dict[str, tuple[str, ...]] = {"kind": tuple(Kind), "quoted": tuple(QuotationKind)}


@lru_cache(1024)
def _core(text: str) -> str:
    """From the first token to the last: what a word is without the punctuation around it, empty when that is all."""
    found = list(scan(text))
    return text[found[0][1] : found[-1][2]] if found else ""


def word(piece: Lexeme, field: str, reading: Reading) -> Node | None:
    """The node of one word as typed; None when there is no letter in it."""
    text = piece.text
    bare = _core(text)
    if not bare:
        return None
    if field in WHOLE:
        return _whole(bare, field, piece, reading)
    fuzzy = _FUZZY.fullmatch(text.rstrip(",.;:!?"))
    if fuzzy and (node := _fuzzy(_core(fuzzy[1]), fuzzy[2], field, piece, reading)):
        return node
    if _STARRED.search(text):
        return _starred(text, field, piece, reading)
    if field != TEXT:
        reading.count(piece)
    return plain(fuzzy[1] if fuzzy else bare, field, exact=text.startswith("="))


def plain(text: str, field: str, *, exact: bool = False) -> Node | None:
    """A word without wildcards; what looks like syntax is kept apart from it by quotation marks."""
    bare = _core(text)
    if not bare:
        return None
    if SYNTAX.match(bare) or re.search(r"[*?~()]", bare):
        return Phrase(" ".join(re.split(r"[*?~]+", bare)), field)
    return Word(bare, field, exact)


def _whole(bare: str, field: str, piece: Lexeme, reading: Reading) -> Node:
    reading.count(piece)
    known = _VALUES.get(field)
    if known and bare.casefold() not in known:
        reading.note(f"“{field}” is one of {', '.join(known)}; nothing has “{bare[:40]}”.", piece)
    return Word(bare, field) if not SYNTAX.match(bare) else Phrase(bare, field)


def _fuzzy(bare: str, distance: str, field: str, piece: Lexeme, reading: Reading) -> Node | None:
    if len(terms(bare)) != 1 or len("".join(terms(bare))) < limits.SHORTEST_FUZZY or re.search(r"[*?]", bare):
        reading.note(f"“~” needs one word of at least {limits.SHORTEST_FUZZY} letters before it.", piece)
        return None
    edits = int(distance or 1)
    if not 1 <= edits <= limits.EDITS:
        reading.note(f"A word is searched with 1 or 2 letters changed, not {edits}; 2 was taken.", piece)
    reading.count(piece)
    return Fuzzy(bare, min(max(edits, 1), limits.EDITS), field)


def _starred(text: str, field: str, piece: Lexeme, reading: Reading) -> Node | None:
    reading.count(piece)
    node = starred(text, field)
    if node is not None:
        return node
    reading.note(
        f"“*” and “?” stand within one word, after at least {limits.SHORTEST_PREFIX} letters; "
        "it was searched without them.",
        piece,
    )
    return plain(text, field)


def starred(text: str, field: str) -> Node | None:
    """The node of a word with wildcards; None when it cannot be one."""
    shape = re.sub(r"^[^\w*?]+|[^\w*?]+$", "", text)
    if not shape.endswith("*"):  # a question mark at the end asks a question
        shape = re.sub(r"\W+$", "", shape)
    folded = pattern(shape)
    if folded is None or len(re.split(r"[?*]", folded)[0]) < limits.SHORTEST_PREFIX:
        return None
    if re.fullmatch(r"[^?*]+\*", folded):
        return Prefix(shape[:-1], field)
    return Wildcard(shape, field)


def phrase(piece: Lexeme, field: str, reading: Reading) -> Node | None:
    """The node of what stood between quotation marks, loose when ``~5`` stood behind."""
    found = " ".join(piece.text.split())
    if not terms(found):
        return None
    reading.count(piece)
    if field in WHOLE:
        return Phrase(found, field)
    parts = [part for part in found.split() if terms(part)]
    loose = piece.within is not None and len(parts) > 1
    within = max(reading.at_most(piece.within or 1, "distance", limits.DISTANCE, piece), 1) if loose else 1
    if any(_STARRED.search(part) for part in parts):
        if node := _with_stars(parts, within, loose, field):
            return node
        reading.note("A wildcard in this phrase could not be used; it was searched without.", piece)
    if loose:
        return Near(tuple(Word(_core(part), field, exact=True) for part in parts), within, False)
    return Phrase(found, field)


def _with_stars(parts: list[str], within: int, loose: bool, field: str) -> Node | None:
    """A phrase with wildcards is its words side by side; None when a wildcard is none, or too many words are loose."""
    nodes = [starred(part, field) if _STARRED.search(part) else plain(part, field, exact=True) for part in parts]
    together: Node | None = nodes[0]
    for node in nodes[1:]:
        if together is None or node is None or (loose and len(nodes) > 2):
            return None
        together = Near((together, node), within, ordered=not loose)
    return together


def dated(name: str, value: str, piece: Lexeme, reading: Reading) -> Node | None:
    """``date:``, ``from:`` or ``to:`` with its value; what is no date is searched as words."""
    first, dots, last = value.partition("..")
    if name == "from":
        first, last = value, ""
    elif name == "to":
        first, last = "", value
    elif not dots:
        last = first
    try:
        start, end = _date(day(first, name)), _date(day(last, name, end=True))
    except ParameterError:
        reading.note(f"“{value[:40]}” is not a date such as 2022, 2022-04, 2022-04-18 or 2022..2023.", piece)
        return plain(f"{name}:{value}", TEXT)
    reading.count(piece)
    if start and end and start > end:
        reading.note(f"“{value[:40]}” ends before it begins, so nothing is published then.", piece)
    return Published(start, end)


def _date(moment: datetime | None) -> date | None:
    return moment.date() if moment else None
