"""What a page says of each of its hits: where it stands, who is heard, what it is about.

Written by hand, since a page has dozens of each, which took templates longer than the search.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from html import escape

from markupsafe import Markup

from search.model import Kind, Metadata, Paragraph, Span, Topic
from web import links
from web.marks import day, marked, percent, spoken
from web.views.hits import Heard, heard

UNTITLED = Markup('<span class="untitled">Untitled</span>')
_DOT = ' <span aria-hidden="true">·</span> '


def hit(
    p: Paragraph,
    highlights: Sequence[Span] = (),
    titled: Sequence[Span] = (),
    asked: tuple[str, str] = ("", ""),
    level: int = 2,
) -> Markup:
    """A paragraph among others: where it stands, what it says and who is heard.

    highlights, titled: what to mark in it and in its article's title. asked: the query and how its words are joined,
    for the link to carry on. level: of the heading.
    """
    title = marked(p.article.title, titled) or UNTITLED
    kind = "" if p.kind is Kind.BODY else f'<span class="kind">{p.kind.value}</span> '
    link = escape(links.article(p.article.id, p.number, *asked))
    return Markup(  # noqa: S704 - all of these parts are escaped
        f'{place(p.article)}<h{level}><a href="{link}"><bdi>{title}</bdi></a></h{level}>'
        f'<p class="text {p.kind.value}" dir="auto">{kind}{spoken(p, highlights)}</p>{who(p)}'
    )


def place(meta: Metadata) -> Markup:
    """The outlet and the day of an article.

    >>> print(place(Metadata("a", outlet="Coast & Post")))
    <p class="place"><bdi class="outlet">Coast &amp; Post</bdi> <span aria-hidden="true">·</span> \
<span class="undated">undated</span></p>
    """
    when = '<span class="undated">undated</span>'
    if meta.published:
        when = f'<time datetime="{meta.published.date().isoformat()}">{day(meta.published)}</time>'
    outlet = f'<bdi class="outlet">{escape(meta.outlet)}</bdi>{_DOT}' if meta.outlet else ""
    return Markup(f'<p class="place">{outlet}{when}</p>')  # noqa: S704 - the outlet is escaped


def who(paragraph: Paragraph) -> Markup:
    """Everybody heard in a paragraph, each with how sure that is, and why."""
    rows = "".join(
        f'<li class="{_kind(one)}"><a class="chip" href="{escape(links.speaker(one.name))}"><bdi>{escape(one.name)}'
        f"</bdi></a> {_sure(one)}</li>"
        for one in heard(paragraph)
    )
    return Markup(f'<ul class="who" aria-label="Speakers">{rows}</ul>' if rows else "")  # noqa: S704 - escaped above


def sure(one: Heard) -> Markup:
    """How sure a name is, with the reasons behind it on demand."""
    return Markup(_sure(one))  # noqa: S704 - names and reasons are escaped below


def _kind(one: Heard) -> str:
    return f"voice {one.type.value}{' doubtful' if one.doubtful else ''}"


def _sure(one: Heard) -> str:
    said = f'{percent(one.certainty)}<span class="unseen"> sure</span>'
    if not one.reasons:
        return f'<span class="sure">{said}</span>'
    reasons = "".join(f"<li>{escape(reason)}</li>" for reason in one.reasons)
    whose = f'<span class="unseen">{escape(one.name)}: </span>'
    return (
        f'<details class="why"><summary title="{escape(one.why)}">{whose}{said} <span class="ask">why?</span></summary>'
        f"<ul>{reasons}</ul></details>"
    )


def topics(found: Sequence[Topic]) -> Markup:
    """Topics that lead to their pages."""
    rows = "".join(_topic(links.topic(topic.code), topic.label) for topic in found)
    return Markup(f'<ul class="topics" aria-label="Topics">{rows}</ul>' if rows else "")  # noqa: S704 - escaped below


@lru_cache(2048)
def _topic(link: str, label: str) -> str:
    return f'<li><a href="{escape(link)}">{escape(label)}</a></li>'


FILTERS = {"hit": hit, "place": place, "who": who, "sure": sure, "topics": topics}
