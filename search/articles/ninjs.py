"""News in JSON as agencies send it: IPTC's ninjs, versions 1 to 3."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from search.articles import fields
from search.articles.base import Refused
from search.articles.drafts import Draft
from search.articles.encoding import clean
from search.articles.kinds import Line
from search.articles.pages import fragment
from search.model import Kind

MEDIATOPIC = re.compile(r"^(?:medtop:|https?://cv\.iptc\.org/newscodes/mediatopic/)?(20\d{6}|\d{2}000000)$")
SIGNS = (
    "bodies",
    "body_text",
    "body_html",
    "body_xhtml",
    "headlines",
    "descriptions",
    "description_text",
    "versioncreated",
)
PICTURES = ("picture", "graphic", "video", "audio")


def is_ninjs(value: dict[str, Any]) -> bool:
    """Whether an object is ninjs and not an article in our own form."""
    keys = {key.lower() for key in value}
    return "uri" in keys and not keys & {"text", "paragraphs"} and any(sign in keys for sign in SIGNS)


def put_ninjs(draft: Draft, value: dict[str, Any]) -> None:
    """Put one item into the draft. Version 3 writes versionCreated what 1 and 2 write versioncreated."""
    item = {key.lower(): each for key, each in value.items()}
    draft.put_id(item.get("uri"))
    draft.put("title", _best(item, "headline", "headlines") or item.get("title"), "headline")
    for key in ("contentcreated", "firstcreated", "versioncreated"):
        draft.put("published", item.get(key), key)
    draft.put("byline", item.get("byline") or _names(item.get("bylines")) or item.get("by"))
    draft.put("outlet", _names(item.get("infosources")) or item.get("source") or item.get("copyrightholder"))
    draft.put("credit", item.get("creditline"))
    draft.put("language", item.get("language"))
    draft.put("url", item.get("url") or (item["uri"] if str(item.get("uri")).startswith("http") else None))
    draft.put("section", item.get("section") or _names(item.get("genres")))
    put_subjects(draft, item.get("subjects") or item.get("subject"))
    _put_body(draft, item)
    # A source line within the text is closer to the article than whoever holds its rights.
    draft.put("credit", item.get("copyrightholder") or item.get("copyrightnotice"))


def put_subjects(draft: Draft, value: Any) -> None:
    """Media Topics become subject codes; the names of everything else, keywords."""
    codes: list[str] = []
    names: list[str] = []
    for each in _listed(value):
        told = each if isinstance(each, dict) else {"code": each}
        found = [MEDIATOPIC.match(str(told.get(key, ""))) for key in ("code", "uri", "qcode", "literal")]
        codes += [f"medtop:{match[1]}" for match in found if match][:1]
        names += [told["name"]] if isinstance(told.get("name"), str) else []
        if not any(found) and isinstance(each, str):
            codes.append(each)
    draft.put("subjects", codes)
    draft.metadata["keywords"] = fields.lines([*draft.metadata.get("keywords", ()), *names])


def _put_body(draft: Draft, item: dict[str, Any]) -> None:
    title = draft.metadata.get("title", "")
    summary = _one_line(_best(item, "description_text", "descriptions"))
    top = [Line(summary, -2, Kind.STANDFIRST)] if summary else []
    pictures = [Line(words, -1 - i, Kind.CAPTION) for i, words in enumerate(_captions(item.get("associations")))]
    text, html = _body(item)
    if item.get("type") in PICTURES and not (text or html):
        draft.put_lines([Line(line.text, 0, Kind.CAPTION) for line in top])
    elif html:
        body = [line for line in fragment(html) if line.text != title]
        draft.put_lines([*(line for line in top if not body or line.text != body[0].text), *pictures, *body])
    elif text:
        draft.put_lines([*top, *pictures])
        before = len(draft.lines)
        draft.put_text(text)
        # Many agencies send the first paragraph once more as the description.
        if top and [line.text for line in draft.lines[before : before + 1]] == [top[0].text]:
            del draft.lines[0]
    elif top:
        draft.put_lines([Line(line.text, 0) for line in top])
    elif not title:
        raise Refused("there is no text in it", "ask for the items with “body_text” or “bodies”")


def _body(item: dict[str, Any]) -> tuple[str, str]:
    """The body as plain text and as HTML; one of them, or both, may be empty."""
    text, html = "", ""
    for each in _listed(item.get("bodies")):
        if isinstance(each, dict) and isinstance(each.get("value"), str):
            if "html" in str(each.get("contenttype", each.get("contentType", ""))):
                html = html or each["value"]
            else:
                text = text or each["value"]
    strings = {key: value for key, value in item.items() if isinstance(value, str)}
    return text or strings.get("body_text", ""), html or strings.get("body_html", "") or strings.get("body_xhtml", "")


def _best(item: dict[str, Any], single: str, several: str) -> str:
    """The one string, or the first plain one of the list of versions 2 and 3."""
    if isinstance(item.get(single), str):
        return str(item[single])
    told = [
        each for each in _listed(item.get(several)) if isinstance(each, dict) and isinstance(each.get("value"), str)
    ]
    told.sort(key=lambda each: "html" in str(each.get("contenttype", each.get("contentType", ""))))
    return str(told[0]["value"]) if told else ""


def _names(value: Any) -> str:
    return ", ".join(str(each["name"]) for each in _listed(value) if isinstance(each, dict) and each.get("name"))


def _captions(value: Any) -> Iterator[str]:
    for each in _listed(value):
        if isinstance(each, dict) and each.get("type") in ("picture", "graphic", "video"):
            item = {key.lower(): told for key, told in each.items()}
            words = _one_line(_best(item, "description_text", "descriptions"))
            by = item.get("byline") or item.get("copyrightholder")
            if words:
                yield f"{words} [{_one_line(by)}]" if isinstance(by, str) and not words.endswith("]") else words


def _one_line(text: str) -> str:
    return " ".join(clean(text).split())


def _listed(value: Any) -> list[Any]:
    """A list, or the values of an object: version 1 names its associations, 2 and 3 list them."""
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []
