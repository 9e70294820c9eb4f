"""Plain text as newsrooms export it."""

from __future__ import annotations

import re

from search.articles.base import Item, Record
from search.articles.drafts import Draft
from search.articles.encoding import clean, decode

HEADER = re.compile(r"^([A-Za-z][A-Za-z _-]{0,24}):[ \t]+(\S.*)$")
# What a header line is called, and the field it fills.
NAMES = {
    "title": "title",
    "headline": "title",
    "date": "published",
    "published": "published",
    "outlet": "outlet",
    "publication": "outlet",
    "byline": "byline",
    "author": "byline",
    "url": "url",
    "link": "url",
    "section": "section",
    "language": "language",
    "keywords": "keywords",
    "tags": "keywords",
    "credit": "credit",
    "subjects": "subjects",
    "id": "id",
}


def read_text(record: Record) -> list[Item]:
    """One article: header lines if there are any, then its text."""
    text, notice = decode(record.content)
    draft = Draft(record)
    if notice:
        draft.notices.append(notice)
    draft.put_text(_take_header(clean(text).lstrip("\ufeff\n\t "), draft))
    return draft.items()


def _take_header(text: str, draft: Draft) -> str:
    """Put the ``Key: value`` lines that the text begins with into the draft; returns what follows them."""
    rest = text.split("\n")
    taken = 0
    for line in rest:
        found = HEADER.match(line.strip())
        name = NAMES.get(found[1].strip().lower()) if found else None
        if not found or not name:
            break
        if name == "id":
            draft.put_id(found[2])
        else:
            draft.put(name, found[2], found[1])
        taken += 1
    return "\n".join(rest[taken:])
