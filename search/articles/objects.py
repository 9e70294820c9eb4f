"""JSON and JSON Lines: our own articles, and through ``ninjs`` those of the news agencies."""

from __future__ import annotations

import json
import re
from typing import Any

from search.articles.base import Item, ReadingNotice, Record, Refused, Rejection
from search.articles.drafts import Draft
from search.articles.encoding import decode
from search.articles.fields import kind_of
from search.articles.ninjs import is_ninjs, put_ninjs, put_subjects

MOST = 100_000
HALVES = re.compile("[\ud800-\udfff]")
# Our field, and the names under which it is looked for, the first that holds something wins.
NAMES: dict[str, tuple[str, ...]] = {
    "title": ("title", "headline"),
    "published": ("published", "date"),
    "outlet": ("outlet", "source"),
    "byline": ("byline", "author"),
    "credit": ("credit",),
    "url": ("url",),
    "section": ("section",),
    "language": ("language",),
    "keywords": ("keywords",),
}


def read_json(record: Record) -> list[Item]:
    """The article, or the articles of a list; what is wrong with one does not touch the others."""
    text, notice = decode(record.content)
    items: list[Item] = [ReadingNotice(record.file, record.place, notice)] if notice else []
    value = _parse(text.lstrip("\ufeff"))
    if isinstance(value, dict) and isinstance(value.get("articles"), list):
        value = value["articles"]
    if not isinstance(value, list):
        return items + _article(record, value, None)
    if len(value) > MOST:
        raise Refused(f"holds more than {MOST:,} articles", "write JSON Lines, one article a line")
    for number, each in enumerate(value, 1):
        try:
            items += _article(record, each, number)
        except Refused as refused:
            place = f"{record.place}, article {number}".removeprefix(", ")
            items.append(Rejection(record.file, place, refused.reason, refused.remedy))
    return items


def _parse(text: str) -> Any:
    try:
        return json.loads(text)
    except RecursionError:
        raise Refused("is nested too deeply to be an article", "look at what wrote it") from None
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}" if error.lineno > 1 else f"column {error.colno}"
        raise Refused(f"is not JSON ({error.msg[:1].lower()}{error.msg[1:]}, at {where})", "mend it there") from None
    except ValueError:
        raise Refused("holds a number of thousands of digits", "write it as text") from None


def _article(record: Record, value: Any, number: int | None) -> list[Item]:
    if not isinstance(value, dict):
        raise Refused(f"is not an article but {kind_of(value)}", "write an object with “title” and “text”")
    draft = Draft(record, number)
    if is_ninjs(value):
        put_ninjs(draft, value)
        return draft.items()
    draft.put_id(value.get("id"))
    for name, keys in NAMES.items():
        for key in keys:
            draft.put(name, _joined(value.get(key)) if name == "byline" else value.get(key), key)
    put_subjects(draft, value.get("subjects"))
    _put_words(draft, value.get("paragraphs"), value.get("text"))
    return draft.items()


def _put_words(draft: Draft, paragraphs: Any, text: Any) -> None:
    if paragraphs:
        draft.put_paragraphs(_texts(paragraphs))
    elif isinstance(text, str):
        draft.put_text(text)
    elif text is not None:
        raise Refused(f"“text” is not text but {kind_of(text)}", "give it as one string, or as “paragraphs”")


def _texts(value: Any) -> list[str]:
    """The article's own paragraphs to the code point; only half characters, which nothing can store, go."""
    if not isinstance(value, list):
        raise Refused(f"“paragraphs” is not a list but {kind_of(value)}", "give a list of strings")
    for number, each in enumerate(value):
        if not isinstance(each, str):
            raise Refused(f"paragraph {number} is not text but {kind_of(each)}", "give a list of strings")
    return [each if each.isascii() else HALVES.sub("", each) for each in value]


def _joined(value: Any) -> Any:
    """Several authors as one byline."""
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return ", ".join(value)
    return value
