"""Saved web pages: main text by trafilatura, pictures' captions and schema.org by our own reading of the tree."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Sequence
from typing import Any

from search.articles.base import Item, Record, Refused
from search.articles.drafts import Draft
from search.articles.encoding import clean, decode
from search.articles.kinds import Line
from search.articles.schemaorg import describe
from search.model import Kind

CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{2,40})", re.IGNORECASE)
STANDFIRST = re.compile(
    r"(?:^|[\s_-])(?:standfirst|sub-?title|dek|deck|article-?(?:summary|lead|intro))(?:$|[\s_-])", re.I
)
# Deeper than any page is set; beyond it the libraries below us recurse.
DEEPEST = 200
# A long live blog has some 20,000; a tree takes a hundred times the bytes of the tags it is made of.
MOST_TAGS = 200_000
Tree = Any  # an element of lxml, which has no types
Marked = tuple[str, Kind]


def read_page(record: Record) -> list[Item]:
    """One article: the main text of the page, without its menus, scripts and footers."""
    if record.content.count(b"<") > MOST_TAGS:
        raise Refused(f"has more than {MOST_TAGS:,} tags", "save the article alone, or its text")
    text, notice = _decode(record.content)
    draft = Draft(record)
    if notice:
        draft.notices.append(notice)
    tree = parse(clean(text))
    if tree is None:
        raise Refused("there is no text in it", "save the page again, as HTML")
    marked = list(_marked(tree))
    describe(draft, tree)
    body = _extract(draft, tree) or [Line(words, i) for i, (words, kind) in enumerate(marked) if kind is Kind.BODY]
    if body:
        draft.put_lines(_placed(body, marked))
    else:
        # A page without a single paragraph element, as old newsroom systems and mail programs wrote them.
        draft.put_text("".join(_strings(tree.find("body"))))
    return draft.items()


def fragment(html: str) -> list[Line]:
    """The paragraphs of a piece of HTML that is an article's body and nothing else."""
    tree = parse(clean(html))
    found = [] if tree is None else list(_marked(tree))
    if not found and tree is not None and (text := _text(tree)):
        found = [(text, Kind.BODY)]
    return [Line(words, i, kind) for i, (words, kind) in enumerate(found)]


def parse(html: str) -> Tree | None:
    """The tree of a page, None if there is nothing in it. Raises Refused when it is nested too deeply."""
    from lxml import etree  # type: ignore[import-untyped]
    from lxml.html import HTMLParser, document_fromstring  # type: ignore[import-untyped]

    if not html.strip():
        return None
    try:
        # Bytes, since lxml will not take a string that declares an encoding.
        tree = document_fromstring(
            html.encode(), parser=HTMLParser(encoding="utf-8", no_network=True, remove_comments=True)
        )
    except (etree.LxmlError, ValueError, AssertionError, RecursionError):
        return None
    if _depth(tree) > DEEPEST:
        raise Refused("its elements are nested too deeply", "save the page again, or its text alone")
    return tree


def _depth(tree: Tree) -> int:
    deepest, level = 0, [tree]
    while level and deepest <= DEEPEST:
        level = [child for element in level for child in element]
        deepest += 1
    return deepest


def _decode(content: bytes) -> tuple[str, str | None]:
    """What the page declares is believed if it can be so; else the bytes speak."""
    declared = CHARSET.search(content[:4096])
    if declared and not content.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        name = declared[1].decode("ascii").lower()
        # As browsers do: pages that say latin-1 are windows-1252.
        name = "cp1252" if name in ("iso-8859-1", "latin-1", "latin1", "us-ascii") else name
        try:
            text = content.decode(name)
        except (UnicodeError, LookupError):
            pass
        else:
            if isinstance(text, str) and not name.startswith("utf-7"):
                return text, None
    return decode(content)


def _marked(tree: Tree) -> Iterator[Marked]:
    """What the page itself names, in its order: paragraphs, subheadings, captions and image descriptions."""
    taken: set[Tree] = set()
    for element in tree.iter("p", "h2", "h3", "h4", "figure", "li", "blockquote", "div", "section"):
        if any(parent in taken for parent in element.iterancestors()):
            continue
        kind = _kind(element)
        if element.tag == "figure":
            taken.add(element)
            yield from ((words, Kind.CAPTION) for words in _captions(element))
        elif kind is not None and (words := _text(element)):
            taken.add(element)
            yield words, kind


def _kind(element: Tree) -> Kind | None:
    if STANDFIRST.search(f"{element.get('class') or ''} {element.get('itemprop') or ''}"):
        return Kind.STANDFIRST if element.tag in ("p", "h2", "h3", "div") else None
    match element.tag:
        case "h2" | "h3" | "h4":
            return Kind.SUBHEADING
        case "p":
            return Kind.BODY
        case "li" | "blockquote":
            return None if element.find(".//p") is not None else Kind.BODY
    return None


def _captions(figure: Tree) -> Iterator[str]:
    captions = [words for each in figure.iter("figcaption") if (words := _text(each))]
    if captions:
        shown = [" ".join((image.get("alt") or "").split()) for image in figure.iter("img")]
        yield from dict.fromkeys(
            words for words in [*shown, *captions] if words and (words in captions or len(words) > 15)
        )


def _text(element: Tree) -> str:
    return " ".join("".join(_strings(element)).split())


def _strings(element: Tree | None) -> Sequence[str]:
    """The pieces of text in an element that a reader would see."""
    seen = "descendant-or-self::text()[not(ancestor::script or ancestor::style or ancestor::noscript)]"
    return [] if element is None else element.xpath(seen)


def _extract(draft: Draft, tree: Tree) -> list[Line]:
    """The main text as trafilatura finds it; its guesses fill what the page did not declare."""
    try:
        import trafilatura
    except ImportError as error:
        raise Refused(
            f"web pages need trafilatura ({error.msg[:60]})", "install onrecord anew with all it needs"
        ) from error

    for name in ("trafilatura", "htmldate", "courlan", "justext"):
        # They warn on the terminal of odd pages; what matters to the user is told in our own words.
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        found = trafilatura.bare_extraction(tree, include_comments=False, include_tables=False, with_metadata=True)
    except Exception as error:
        # The one place where everything is caught: whatever breaks in there on a page of the wild web
        # must cost that page alone, and it is said.
        raise Refused(f"the page cannot be read ({type(error).__name__})", "save its text in a .txt file") from error
    if found is None or isinstance(found, dict):
        return []
    guessed = {
        "title": found.title,
        "published": found.date,
        "outlet": found.sitename,
        "byline": found.author,
        "url": found.url,
        "section": next(iter(found.categories or ()), None),
        "keywords": list(found.tags or ()),
    }
    for name, value in guessed.items():
        draft.put(name, value)
    return [Line(words, i, kind) for i, (words, kind) in enumerate(_found(found.body))]


def _found(body: Tree) -> Iterator[Marked]:
    for element in body:
        if element.tag in ("list", "quote") and len(element):
            for child in element:
                yield from _paragraphs(child, Kind.BODY)
        elif element.tag == "head":
            yield from _paragraphs(element, Kind.HEADLINE if element.get("rend") == "h1" else Kind.SUBHEADING)
        elif element.tag in ("p", "quote", "code"):
            yield from _paragraphs(element, Kind.BODY)


def _paragraphs(element: Tree, kind: Kind) -> Iterator[Marked]:
    """One paragraph, or several where the page parts them with two line breaks."""
    for line in element.iter("lb"):
        line.tail = "\n" + (line.tail or "")
    for part in re.split(r"\n\s*\n", "".join(element.itertext())):
        if words := " ".join(part.split()):
            yield words, kind


def _placed(body: list[Line], marked: Sequence[Marked]) -> list[Line]:
    """The main text with the kinds that the page marks, and the captions before the paragraphs they stood before.

    Captions after the last paragraph belong to other articles as often as to this one, and are left out.
    """
    kinds = {words: kind for words, kind in marked if kind is not Kind.BODY}
    present = {line.text for line in body}
    before: dict[str, list[Marked]] = {}
    waiting: list[Marked] = []
    for words, kind in marked:
        if words in present:
            before.setdefault(words, waiting)
            waiting = []
        elif kind is Kind.CAPTION or (kind is Kind.STANDFIRST and not before):
            waiting.append((words, kind))
    lines: list[Line] = []
    for line in body:
        if line.kind is Kind.HEADLINE:
            continue
        lines += [Line(words, -1, kind) for words, kind in before.pop(line.text, [])]
        lines.append(Line(line.text, line.block, kinds.get(line.text, line.kind)))
    return lines
