"""From text to blocks of paragraphs: blank lines, line ends and hard-wrapped lines.

A block is what stands between two blank lines. It is usually one paragraph, but lines that were
not wrapped by a machine are paragraphs of their own: a caption under its image description.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from itertools import pairwise

# A wrapped line is as full as it can be: the next word would not have fitted. The slack allows for
# programs that count differently. Wider than this, nobody wraps by hand or by mail program.
NARROWEST, WIDEST, SLACK = 45, 132, 4
ENDED = re.compile(r"[.!?…:;][\"'”’»)\]]*$")
WORD = re.compile(r"[^\W\d_]+")
HYPHENATED = re.compile(r"([^\W\d_]+)-$")

Block = tuple[str, ...]


def blocks(text: str) -> list[Block]:
    r"""The paragraphs of cleaned ``text``, grouped by its blank lines, each trimmed and on one line.

    >>> blocks("Alt text\nA caption [Agency]\n\nThe first paragraph.")
    [('Alt text', 'A caption [Agency]'), ('The first paragraph.',)]
    """
    groups = list(_groups(text))
    width = _width(groups)
    if width is None:
        return [tuple(" ".join(line.split()) for line in group) for group in groups]
    words = set(WORD.findall(text.lower()))
    joined = [_join(group, width, words) for group in groups]
    if len(joined) == 1:
        # Without blank lines each paragraph stands for itself, not for a part of one great block.
        return [(paragraph,) for paragraph in joined[0]]
    return joined


def parted(text: str) -> bool:
    """Whether blank lines part the text at all."""
    return re.search(r"\n[^\S\n]*\n", text.strip()) is not None


def _groups(text: str) -> Iterator[list[str]]:
    group: list[str] = []
    for line in text.split("\n"):
        if line.strip():
            group.append(line.rstrip())
        elif group:
            yield group
            group = []
    if group:
        yield group


def _width(groups: list[list[str]]) -> int | None:
    """The width at which the lines were wrapped; None if they were not.

    Only lines with another below them in their block can have been wrapped. They were when nearly
    all are about equally long, full, and mostly end within a sentence, and hardly any is longer.
    """
    pairs = [(above, below) for group in groups for above, below in pairwise(group)]
    if not pairs:
        return None
    lengths = sorted(len(above) for above, _ in pairs)
    width = lengths[(len(lengths) - 1) * 19 // 20]
    every = [line for group in groups for line in group if " " in line.strip()]
    if not NARROWEST <= width <= WIDEST or sum(len(line) > width + SLACK for line in every) * 10 > len(every):
        return None
    if len(pairs) < 3:
        # Too few to see a margin: a sentence must visibly run on, and a photo credit is no sentence's end.
        few = [group for group in groups if len(group) > 1]
        return width if all(_runs_through(group, width) for group in few) else None
    full = sum(_full(above, below, width) for above, below in pairs)
    open_ended = sum(not ENDED.search(above) for above, _ in pairs)
    return width if full * 10 >= len(pairs) * 7 and open_ended * 2 >= len(pairs) else None


def _full(above: str, below: str, width: int) -> bool:
    return len(above) + 1 + len(below.split(maxsplit=1)[0]) > width - SLACK


def _runs_on(above: str, below: str) -> bool:
    return not ENDED.search(above) and below.lstrip()[:1].islower()


def _runs_through(group: list[str], width: int) -> bool:
    """Whether one sentence or more run through all lines of a block to its end."""
    closed = width >= 60 and group[-1].endswith((".", ".”", '."'))
    return all(
        _runs_on(above, below) or (closed and not ENDED.search(above) and _full(above, below, width))
        for above, below in pairwise(group)
    )


def _join(group: list[str], width: int, words: Set[str]) -> Block:
    paragraphs = [[group[0].strip()]]
    for above, below in pairwise(group):
        indented = len(below) - len(below.lstrip()) > len(above) - len(above.lstrip())
        if indented or not (_full(above, below, width) or _runs_on(above, below)):
            paragraphs.append([below.strip()])
            continue
        glue = _glue(above.strip(), below.strip(), words)
        if glue is None:
            paragraphs[-1][-1] = paragraphs[-1][-1][:-1]
        paragraphs[-1].append((glue or "") + below.strip())
    return tuple(" ".join("".join(parts).split()) for parts in paragraphs)


def _glue(above: str, below: str, words: Set[str]) -> str | None:
    """What comes between two wrapped lines; None when the hyphen at the end of the first goes as well.

    It goes only if the text has the whole word elsewhere: “well-known” must not become one word.
    """
    if above.endswith("\u00ad"):
        return None
    hyphenated = HYPHENATED.search(above)
    rest = WORD.match(below)
    if not hyphenated or not rest:
        return " "
    return None if (hyphenated[1] + rest[0]).lower() in words else ""
