"""What each paragraph is in its article, judged by how newsrooms set captions, standfirsts and credits.

A body paragraph that is misnamed is worse than a caption that is taken for body, so every rule
asks for a clear sign. Nothing here knows any article.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from search.model import Kind

ENDED = re.compile(r"[.!?…][\"'”’»)\]]*$")
ABBREVIATED = re.compile(r"\b(?:(?:[A-Z]\.){2,}|Inc\.|Corp\.|Ltd\.|Jr\.|Sr\.|St\.|No\.)$")
QUOTED = re.compile(r"[\"“”«»]")

# Words that only a photo credit has. A name alone in square brackets is one too, in round ones not.
PHOTO = (
    r"(?:photo(?:s|graph|grapher)?|images?|picture|illustration|graphic|handout|pool|courtesy|file|screen ?grab|video)"
)
AGENCY = (
    r"(?:AP|AFP|EPA(?:-EFE)?|EFE|ANSA|DPA|PA|TASS|ANI|UPI|KCNA|Xinhua|Yonhap|Kyodo|Reuters|Getty|Anadolu"
    r"|Bloomberg|Shutterstock|Alamy|iStock|Unsplash|Wikimedia(?: Commons)?|Flickr|NASA|ESA)"
)
BRACKETED = re.compile(
    r"^(?P<words>.*?)\s*(?:\[(?P<square>[^\[\]]{2,100})\]|\((?P<round>[^()]{2,100})\))\.?$", re.DOTALL
)
CREDIT_SIGN = re.compile(rf"\b{PHOTO}\b|/|©|\bvia\b", re.IGNORECASE)
AGENCY_SIGN = re.compile(rf"\b{AGENCY}\b")
NAMES = re.compile(
    r"^[^\W\d_a-z][\w’'.-]*(?:,? (?:(?:and|for|of|the|de|van|von|al|bin|&) )*[^\W\d_a-z][\w’'.-]*){0,7}$"
)
TRAILING = re.compile(r"(?:^|[.\s])(?i:photo(?:graph)?s?|pictures?|images?|credit)(?: by| credit)?: [^.]{3,80}$")
LABELLED = re.compile(
    r"^(?:(?:file )?(?:photo|picture|image|caption|pictured|illustration)s?\s*[:–—-]\s|FILE\s*[-–—:(])", re.IGNORECASE
)
SIDE = r"(?:(?:far|second|third)(?: from)? )?(?:from )?(?:left|right|cent(?:re|er)|pictured)"
SIDES = ("left", "right", "cent", "pictured")
POSED = re.compile(rf"[^\W\d_a-z][\w’'-]*(?: \({SIDE}\)|, {SIDE}, )")
REPORTED = re.compile(r"\b(?:said|says|told|tells|added|according|was|were|had|has|have)\b")

CREDIT_LINE = re.compile(
    r"^[-–—(\[]?\s*(?:Sources?|Credits?|Agenc(?:y|ies))\s*:\s*(?P<credit>\S.{0,298}?)\s*[)\]]?$", re.IGNORECASE
)
SIGN_OFF = re.compile(r"^[(\[](?:Additional )?(?:Reporting|Writing|Editing|Compiled)\b.{0,400}[)\]]$", re.IGNORECASE)
NAME = r"[^\W\d_a-z][\w’'.-]+(?: (?:(?:de|van|von|al|bin|da|del|der|la|le) )*[^\W\d_a-z][\w’'.-]*){0,4}"
WRITERS = rf"{NAME}(?:(?:, | and | & |, and ){NAME}){{0,4}}"
STAFF = (
    r"(?:(?:our|a|an|the|staff) )?(?:[A-Za-z]+ ){0,3}(?:correspondents?|reporters?|writers?|editors?|staff|agencies)"
)
PLACE = rf"(?:,? (?:in|at) {NAME}(?:, {NAME})?)?(?:, (?:[A-Za-z]+ ){{0,3}}(?:correspondent|reporter|editor|writer))?"
WRITTEN = r"(?:[Bb]y|BY|Words by|Written by|Reported by)\s*:?\s+"
BYLINE = re.compile(rf"^(?:{WRITTEN}(?P<by>(?:{WRITERS}|{STAFF}){PLACE})|(?P<bare>{NAME} in {NAME}))$")

LONGEST_TITLE = 250
LONGEST_CAPTION = 500
LONGEST_STANDFIRST = 300
FIGURES = re.compile(r"\d[\d.,/:-]*")


@dataclass(slots=True)
class Line:
    """A paragraph on its way; lines of one ``block`` stood together without a blank line."""

    text: str
    block: int
    kind: Kind = Kind.BODY


def is_title(text: str) -> bool:
    """Whether the first line of an article is its title: short, and not a sentence with its full stop."""
    if len(text) > LONGEST_TITLE:
        return False
    return not text.endswith((".", ".”", '."', ":", ",")) or bool(ABBREVIATED.search(text))


def byline(text: str) -> str | None:
    """Who wrote it, if ``text`` is a byline.

    >>> byline("By Ada Holm and Ben Okri in Lisbon"), byline("By midnight the hall was empty")
    ('Ada Holm and Ben Okri in Lisbon', None)
    """
    found = BYLINE.match(text) if len(text) <= 150 else None
    return (found["by"] or found["bare"]) if found else None


def credit(text: str) -> str | None:
    """Whom a last line credits.

    >>> credit("Source: Harbour Wire and agencies")
    'Harbour Wire and agencies'
    """
    found = CREDIT_LINE.match(text)
    if not found or (len(text) > 80 and text.endswith(".")):
        return None
    return found["credit"]


def is_credited(text: str) -> bool:
    """Whether ``text`` is a caption that ends with its photographer or agency.

    >>> is_credited("The bridge at dawn [Ada Holm/Harbour Wire]"), is_credited("It is closed [to cars].")
    (True, False)
    """
    if len(text) > LONGEST_CAPTION:
        return False
    # A look at the end spares nearly all texts the patterns, which go through the whole.
    if ": " in text[-90:] and TRAILING.search(text) and not QUOTED.search(text):
        return True
    ended = "]" in text[-3:] or ")" in text[-3:]
    found = BRACKETED.match(text) if ended else None
    if not found:
        return False
    inside = found["square"] or found["round"]
    signed = bool(AGENCY_SIGN.search(inside)) or (bool(CREDIT_SIGN.search(inside)) and inside != inside.lower())
    if text.endswith("."):
        return False
    alone = not found["words"]
    if found["square"]:
        return not FIGURES.search(inside) and (signed or (not alone and bool(NAMES.match(inside))))
    # “(AFP)” may end a dateline or a sentence, “(Video)” a link, and “(and/or B)” is no credit.
    names = re.sub(r"[/:©]", " ", inside).split()
    return signed and not alone and len(names) > 1 and "," not in inside and bool(NAMES.match(" ".join(names)))


def is_caption(text: str) -> bool:
    """Whether ``text`` alone shows that it stands under a picture."""
    if is_credited(text):
        return True
    if len(text) > 250 or QUOTED.search(text):
        return False
    posed = any(side in text for side in SIDES) and POSED.search(text)
    return bool(LABELLED.match(text) or (posed and not REPORTED.search(text)))


def name_lines(lines: Sequence[Line]) -> None:
    """Set the kind of each line that has none yet, of an article without its title: if nothing is clear, body."""
    for i, line in enumerate(lines):
        if line.kind is not Kind.BODY:
            continue
        if is_caption(line.text):
            line.kind = Kind.CAPTION
        elif i < 3 and byline(line.text):
            line.kind = Kind.BYLINE
        elif SIGN_OFF.match(line.text) and i >= len(lines) - 3:
            line.kind = Kind.CREDIT
    if len(lines) > 1 and lines[-1].kind is Kind.BODY and credit(lines[-1].text):
        lines[-1].kind = Kind.CREDIT
    _name_descriptions(lines)
    _name_standfirst(lines)
    _name_subheadings(lines)


def _name_descriptions(lines: Sequence[Line]) -> None:
    """What a picture shows, for those who cannot see it, stands beside the caption in its block."""
    sizes: dict[int, int] = {}
    for line in lines:
        sizes[line.block] = sizes.get(line.block, 0) + 1
    for i, line in enumerate(lines):
        if line.kind is not Kind.CAPTION or not is_credited(line.text):
            continue
        for j in (i - 1, i + 1):
            if 0 <= j < len(lines) and lines[j].kind is Kind.BODY and lines[j].block == line.block:
                pair = sizes[line.block] == 2
                if _describes(lines[j].text, pair):
                    lines[j].kind = Kind.CAPTION


def _describes(text: str, pair: bool) -> bool:
    if len(text) > 400 or QUOTED.search(text):
        return False
    return pair or (not ENDED.search(text) and len(text.split()) >= 3)


def _name_standfirst(lines: Sequence[Line]) -> None:
    """A short first paragraph is the standfirst when a byline or a picture parts it from the body.

    Without its full stop it is one anyway.
    """
    at = next((i for i, line in enumerate(lines) if line.kind is Kind.BODY), None)
    if at is None or at > 2 or any(line.kind in (Kind.CAPTION, Kind.STANDFIRST) for line in lines[:at]):
        return
    first = lines[at]
    rest = [line for line in lines[at + 1 :] if line.kind is Kind.BODY]
    if len(first.text) > LONGEST_STANDFIRST or len(rest) < 2 or len(re.findall(r"[.!?] [A-Z“]", first.text)) > 1:
        return
    parted = lines[at + 1].kind in (Kind.CAPTION, Kind.BYLINE) and lines[at + 1].block != first.block
    bare = not ENDED.search(first.text) and first.text[-1] not in ",:;-–—" and len(first.text.split()) >= 6
    bare = bare and not first.text[0].islower() and len(FIGURES.findall(first.text)) < 2
    if parted or (bare and len(first.text) <= 200 and _is_sentence(rest[0].text)):
        first.kind = Kind.STANDFIRST


def _name_subheadings(lines: Sequence[Line]) -> None:
    """A few words without a full stop, alone in their block, between paragraphs that are sentences."""
    for i in range(1, len(lines) - 1):
        line, above, below = lines[i], lines[i - 1], lines[i + 1]
        if line.kind is not Kind.BODY or not _is_heading(line.text):
            continue
        alone = line.block not in (above.block, below.block) or above.block == below.block
        if (
            alone
            and below.kind is Kind.BODY
            and _is_sentence(below.text)
            and (above.kind is not Kind.BODY or _is_sentence(above.text))
        ):
            line.kind = Kind.SUBHEADING


def _is_heading(text: str) -> bool:
    words = text.split()
    if not 1 <= len(words) <= 9 or len(text) > 70 or QUOTED.search(text) or len(FIGURES.findall(text)) > 1:
        return False
    if text.endswith("?"):
        return len(words) > 1 and text[0].isupper()
    return text[0].isupper() and text[-1].isalnum() and text[-1] not in "%"


def _is_sentence(text: str) -> bool:
    return len(text) >= 40 and (bool(ENDED.search(text)) or text[-1] in ":")
