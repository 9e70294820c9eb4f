"""Which stretches of a paragraph stand between quotation marks, however they are typed.

Curly, straight and doubled marks, guillemets and low marks; single ones outside of double ones. A stretch that is
opened and never closed runs to the end of its paragraph, as a quotation of several paragraphs does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_MARK = re.compile(r"“|”|„|‟|\"|«|»|‹|›|'''?|``|’’|‘‘?|'(?:(?!\w)|(?<!\w'))|’(?:(?!\w)|(?<!\w’))")
"""A mark, and no apostrophe within a word. Each choice begins with a sign, so a search is quick."""
_CLOSERS = {
    "“": '”"',
    "”": "”",
    "„": '“”"‟',
    "‟": "”",
    '"': '"”',
    "«": "»",
    "»": "«",
    "‹": "›",
    "''": "''",
    "'''": "''",
    "``": "''",
    "‘‘": "’’",
}
_VOICE = re.compile(r"[A-Z][A-Z.'’ -]+: ")
"""Whose words follow in a transcript, HOLM: We sail."""
_SINGLES = "'‘’"
_BEFORE_OPENING = " \t\u00a0([{—–-/:,…"
_LONGEST_SINGLE = 600
"""Characters; a single mark is so often an apostrophe that a far one is not believed to close it."""


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch between marks: ``text[start:end]`` with the marks, ``text[inner:stop]`` without.

    ``closed`` is False when the closing mark is missing, ``opened`` when the opening one is.
    """

    start: int
    inner: int
    stop: int
    end: int
    closed: bool = True
    opened: bool = True
    single: bool = False


def runs(text: str) -> tuple[Run, ...]:
    """The outermost quoted stretches of a paragraph, in order.

    >>> [text[run.inner : run.stop] for text in ["“Go,” he said. “Now.”"] for run in runs(text)]
    ['Go,', 'Now.']
    """
    return tuple(run for run in _pair(text) if any(map(str.isalnum, text[run.inner : run.stop])))


def _pair(text: str) -> Iterator[Run]:
    opened: re.Match[str] | None = None
    single: re.Match[str] | None = None
    nested = False  # whether a curly mark is open within straight ones
    straight = text.rfind('"')
    last = 0
    for mark in _MARK.finditer(text):
        sign = mark[0] if mark[0] != "'''" else "''"
        if sign in _SINGLES:
            if opened:
                continue
            if single and _closes(text, mark) and mark.start() - single.end() <= _LONGEST_SINGLE:
                if not _possessive(text, mark):
                    yield Run(single.start(), single.end(), mark.start(), mark.end(), single=True)
                    last, single = mark.end(), None
            elif sign != "’" and _opens(text, mark):
                single = mark
        elif opened:
            if (sign in _CLOSERS[opened[0]] and not _reopens(text, mark, opened)) or _mistyped(text, mark, opened):
                if sign == "”" and opened[0] == '"' and nested:
                    nested = False
                    continue
                yield Run(opened.start(), opened.end(), mark.start(), mark.end())
                last, opened = mark.end(), None
            elif sign == "“" and opened[0] == '"':
                inside = mark.end() < straight or _VOICE.match(text, opened.end()) is not None
                nested = inside and mark.start() > opened.end()
                if not nested:  # a straight mark that nothing closes, before curly ones, is a stray one
                    last, opened = mark.start(), mark
            elif sign == opened[0] or sign in "“„":
                yield from _lost_closing(text, opened, mark)
                last, opened = mark.start(), mark
        elif (sign in _CLOSERS or sign == "”") and (sign not in "\"''»”" or _opens(text, mark)):
            if single is None or mark.start() - single.end() > 1:
                opened, single = mark, None
        elif sign in "”\"''’’" and last == 0 and _closes(text, mark) and _speech_end(text, mark):
            yield Run(0, 0, mark.start(), mark.end(), opened=False)
            last = mark.end()
    if opened:
        yield Run(opened.start(), opened.end(), len(text), len(text), closed=False)


def _opens(text: str, mark: re.Match[str]) -> bool:
    before, after = text[mark.start() - 1 : mark.start()] or " ", text[mark.end() : mark.end() + 1] or " "
    return before in _BEFORE_OPENING and not after.isspace()


def _closes(text: str, mark: re.Match[str]) -> bool:
    before = text[mark.start() - 1 : mark.start()] or " "
    return not before.isspace()


def _reopens(text: str, mark: re.Match[str], opened: re.Match[str]) -> bool:
    """A straight mark inside an open stretch that can only begin another: a closing one was lost."""
    if mark[0] not in ('"', "''") or mark[0] != opened[0]:
        return False
    before, after = text[mark.start() - 1], text[mark.end() : mark.end() + 1]
    return before.isspace() and after.isalnum()


def _mistyped(text: str, mark: re.Match[str], opened: re.Match[str]) -> bool:
    """Whether an opening mark stands where only a closing one can: “It is rare“ said Holm."""
    if mark[0] != "“" or opened[0] != "“":
        return False
    before, after = text[mark.start() - 1], text[mark.end() : mark.end() + 1] or " "
    return (before.isalnum() or before in ",.!?…") and (after.isspace() or after in ",.;:)")


def _possessive(text: str, mark: re.Match[str]) -> bool:
    """Whether a closing single mark is rather the apostrophe of a plural: the officials’ own."""
    return (
        text[mark.start() - 1] in "sS"
        and text[mark.end() : mark.end() + 2].strip().islower()
        and (text.find("’", mark.end(), mark.end() + _LONGEST_SINGLE) > 0)
    )


def _speech_end(text: str, mark: re.Match[str]) -> bool:
    return text[mark.start() - 1] in ".,!?"


def _lost_closing(text: str, opened: re.Match[str], mark: re.Match[str]) -> Iterator[Run]:
    """Of a stretch that the next opening mark interrupts, what was surely said: to the first comma or stop before it.

    A stretch that reaches to the next mark without another sentence between is only opened twice.
    """
    stop = mark.start()
    while stop > opened.end() and text[stop - 1].isspace():
        stop -= 1
    yield Run(opened.start(), opened.end(), stop, stop, closed=False)
