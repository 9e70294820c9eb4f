"""The plain cases: words in quotation marks beside a name and a word of saying.

“…,” NAME said. “…,” said NAME. NAME said: “…”. NAME said the plan was “…”. Anything less clear is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from search.model import (
    Article,
    Kind,
    Mention,
    Paragraph,
    Quotation,
    QuotationKind,
    Span,
    Speaker,
    SpeakerType,
)

_CUE = r"(?:said|says|told|added|adds|asked|warned|insisted|explained|argued|announced|replied|recalled|wrote)"
_CAPITAL = r"[A-ZÀ-ÖØ-Þ][\w’'-]*"
_NAME = rf"(?P<name>{_CAPITAL}(?: (?:(?:de|der|van|von|bin|al|la|le) ){{0,2}}{_CAPITAL}){{0,3}})"
_ROLE = r"(?:[a-z][a-z-]{1,20} ){0,3}"
_QUOTED = re.compile(r"“([^“”]{2,2000})”|\"([^\"]{2,2000})\"")
_AFTER = re.compile(rf"[,.]?\s{{0,2}}(?:{_ROLE}{_NAME}(?:, [^,“”\"]{{1,80}},)? (?P<cue>{_CUE})\b)")
_AFTER_TURNED = re.compile(rf"[,.]?\s{{0,2}}(?P<cue>{_CUE}) {_ROLE}{_NAME}")
_BEFORE = re.compile(rf"{_NAME}(?:, [^,“”\"]{{1,80}},)? (?P<cue>{_CUE})\b[^.“”\"]{{0,120}}$")
_NOT_A_NAME = set(  # what begins a sentence without being part of a name
    (
        "He She It They We I You His Her The A An This That These Those In On At But And For When While As If After "
        "Before Since There Here What Who Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February "
        "March April May June July August September October November December"
    ).split()
)
_SPEAKS = {Kind.BODY, Kind.STANDFIRST}


@dataclass(frozen=True, slots=True)
class Attribution:
    """What ``attribute`` found, one entry for each paragraph of the article."""

    quotations: tuple[tuple[Quotation, ...], ...]
    speakers: tuple[tuple[Speaker, ...], ...]
    mentions: tuple[tuple[str, ...], ...]


def attribute(article: Article) -> Attribution:
    """Find the quotations of a whole article and who speaks in each paragraph."""
    names = _full_names(article)
    found = tuple(tuple(_quotations(paragraph, names)) for paragraph in article.paragraphs)
    return Attribution(found, tuple(map(_speakers, found)), ((),) * len(found))


def _quotations(paragraph: Paragraph, names: dict[str, set[str]]) -> Iterator[Quotation]:
    if paragraph.kind not in _SPEAKS or paragraph.article.language[:2] != "en":
        return
    text, start = paragraph.text, 0
    for run in _QUOTED.finditer(text):
        inner = Span(*run.span(1 if run[1] is not None else 2))
        after = _AFTER.match(text, run.end()) or _AFTER_TURNED.match(text, run.end())
        before = None if after else _BEFORE.search(text, max(start, run.start() - 250), run.start())
        found = after or before
        start = run.end()
        name = _trimmed(found["name"]) if found else None
        if not found or not name:
            continue
        at = found.start("name") + found["name"].index(name)
        speaker, certainty, why = _resolve(name, names)
        whole = bool(after) or text[: run.start()].rstrip().endswith((":", ","))
        yield Quotation(
            QuotationKind.DIRECT if whole else QuotationKind.MIXED,
            (Span(*run.span()),),
            (inner,),
            Span(*found.span("cue")),
            Mention(at, at + len(name), paragraph.number),
            speaker,
            SpeakerType.PERSON,
            certainty,
            why,
        )


def _trimmed(name: str) -> str:
    """A name without the sentence's first word before it and without ’s."""
    words = re.sub(r"['’]s$", "", name).split()
    while words and words[0] in _NOT_A_NAME:
        words = words[1:]
    return " ".join(words)


def _full_names(article: Article) -> dict[str, set[str]]:
    """Surnames, each with the names of two words and more that end in it."""
    names: dict[str, set[str]] = {}
    for paragraph in article.paragraphs:
        for found in re.finditer(_NAME, paragraph.text):
            name = _trimmed(found["name"])
            if " " in name:
                names.setdefault(name.rsplit(" ", 1)[1], set()).add(name)
    return names


def _resolve(name: str, names: dict[str, set[str]]) -> tuple[str, float, str]:
    """The full name, how sure that is, and why; a surname that two people share stays as it is written."""
    if " " in name:
        return name, 0.9, "named in full beside the quotation"
    full = names.get(name, set())
    if len(full) == 1:
        (only,) = full
        return only, 0.8, f"surname of {only}, the only one of that surname in the article"
    if full:
        return name, 0.4, f"could be any of {', '.join(sorted(full))}"
    return name, 0.6, "named by one word only"


def _speakers(quotations: tuple[Quotation, ...]) -> tuple[Speaker, ...]:
    best: dict[str, Speaker] = {}
    for quotation in quotations:
        if quotation.speaker and quotation.speaker_type:
            known = best.get(quotation.speaker)
            if known is None or known.certainty < quotation.certainty:
                best[quotation.speaker] = Speaker(quotation.speaker, quotation.speaker_type, quotation.certainty)
    return tuple(best.values())
