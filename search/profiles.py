"""Speakers and topics across the archive: lists of them, and what there is of each."""

from __future__ import annotations

import math
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from search.analysis import terms
from search.engines.base import Reader
from search.engines.speaking import typed
from search.model import (
    Copies,
    Distinctive,
    Interval,
    Listing,
    ListingSort,
    Paragraph,
    Profile,
    SearchRequest,
    Sort,
)
from search.query import parse
from search.query.nodes import Everything
from search.request import make_request, one_of
from search.speakers import Variants, likely_variants
from search.topics import taxonomy

_SAMPLE = 400
"""Newest paragraphs whose words are looked at."""
_WORDS, _VALUES = 20, 20
_COMMON = 0.1
_FEW = 20
"""A word that stands in more than this share of the archive's paragraphs, and in more than a few, is taken for one of
the language, such as “that”."""
_LEAST = 3.84
"""What chance alone exceeds one time in twenty: the chi-squared distribution at 95 %, with one degree of freedom."""


def listing(
    reader: Reader, generation: int, name: str, text: str, prefix: str, sort: str, page: int, size: int
) -> Listing:
    """The values of a field among the paragraphs that answer a query, a page of them."""
    request = make_request(text=text, page=page, size=size)
    order = one_of(ListingSort, sort, "sort")
    tree = parse(text).tree
    values, total = reader.values(
        tree, request, name, prefix=prefix, by_name=order is ListingSort.NAME, start=(request.page - 1) * request.size,
        size=request.size,
    )  # fmt: skip
    listed = typed(reader, values) if name == "speaker" else tuple(values)
    return Listing(listed, total, request.page, request.size, generation)


def variants(reader: Reader, prefix: str = "") -> list[Variants]:
    """Names of speakers that may be one, among those with a word that begins so."""
    everybody, _ = reader.values(
        Everything(), SearchRequest(), "speaker", prefix=prefix, by_name=True, start=0, size=sys.maxsize
    )
    return likely_variants({one.value: one.count for one in everybody})


def speaker(reader: Reader, generation: int, name: str) -> Profile | None:
    """All there is of one speaker, by name or by another way of writing it; None when nobody is called so."""
    found = _named(reader, name) or next(
        (one for paragraph in _newest(reader, {"speaker": (name,)}, 20) for one in _alias_of(paragraph, name)), None
    )
    if found is None:
        return None
    filters = {"speaker": (found,)}
    newest = list(_newest(reader, filters, _SAMPLE))
    aliases = Counter(
        alias for p in newest for one in p.speakers if one.name == found for alias in one.aliases if alias != found
    )
    said = [list(dict.fromkeys(terms(" ".join(_said(p, found))))) for p in newest]
    own = {term for written in (found, *aliases) for term in terms(written)}
    return _profile(reader, generation, found, found, filters, said, own, tuple(aliases))


def topic(reader: Reader, generation: int, code: str) -> Profile | None:
    """All there is about one topic, by code or label; None when there is no such topic here."""
    known = taxonomy().find(code) or code
    filters = {"topic": (known,)}
    newest = list(_newest(reader, filters, _SAMPLE))
    if not newest:
        return None
    label = taxonomy().label(known)
    words = [list(dict.fromkeys(terms(paragraph.text))) for paragraph in newest]
    return _profile(reader, generation, known, label, filters, words, set(), ())


def _profile(
    reader: Reader, generation: int, name: str, label: str, filters: Mapping[str, tuple[str, ...]],
    words: list[list[str]], own: set[str], aliases: tuple[str, ...],
) -> Profile:  # fmt: skip
    request = SearchRequest(interval=Interval.MONTH, size=1, sort=Sort.OLDEST, **filters)  # type: ignore[arg-type]
    ranked = reader.search(Everything(), request)
    topics, outlets, speakers = (
        reader.values(Everything(), request, field, size=_VALUES + 1)[0] for field in ("topic", "outlet", "speaker")
    )
    first, last = reader.days(Everything(), request)
    return Profile(
        name=name,
        label=label,
        paragraphs=ranked.total,
        stories=ranked.stories,
        articles=ranked.articles,
        first=first,
        last=last,
        interval=ranked.interval or Interval.MONTH,
        timeline=ranked.timeline,
        topics=tuple(value for value in topics if value.value != name)[:_VALUES],
        outlets=tuple(outlets)[:_VALUES],
        neighbours=typed(reader, [value for value in speakers if value.value != name][:_VALUES]),
        words=tuple(_distinctive(reader, words, own)),
        aliases=aliases,
        type=reader.speaker_types([name]).get(name) if "speaker" in filters else None,
        estimated=tuple(name for name in ranked.estimated if name != "rows"),
        generation=generation,
    )


def _named(reader: Reader, name: str) -> str | None:
    """The speaker of exactly this name, whatever its capitals."""
    values, _ = reader.values(Everything(), SearchRequest(), "speaker", prefix=name, size=1_000)
    return next((value.value for value in values if value.value.casefold() == name.casefold()), None)


def _alias_of(paragraph: Paragraph, name: str) -> Iterator[str]:
    """Who in a paragraph has this name besides another."""
    for one in paragraph.speakers:
        if name.casefold() in (alias.casefold() for alias in one.aliases):
            yield one.name


def _newest(reader: Reader, filters: Mapping[str, tuple[str, ...]], most: int) -> Iterator[Paragraph]:
    request = SearchRequest(sort=Sort.NEWEST, size=most, copies=Copies.GROUP, **filters)  # type: ignore[arg-type]
    yield from (paragraph for paragraph, _ in reader.search(Everything(), request).hits)


def _said(paragraph: Paragraph, name: str) -> Iterator[str]:
    """What somebody says in a paragraph."""
    for quotation in paragraph.quotations:
        if quotation.speaker == name:
            yield from (run.of(paragraph.text) for run in quotation.content)


def _distinctive(reader: Reader, texts: Sequence[Sequence[str]], own: Iterable[str]) -> list[Distinctive]:
    """The words that stand in more of these texts than the archive would lead one to expect, the most telling first.

    Log-likelihood ratio of two shares (T. Dunning, Accurate methods for the statistics of surprise and coincidence,
    1993), over texts: a word counts once in each.
    """
    counts = Counter(word for words in texts for word in words if word.isalpha() and len(word) > 2)
    among = [word for word, count in counts.most_common(600) if count > 1 and word not in set(own)]
    total, size = reader.count().paragraphs, len(texts)
    found = [
        Distinctive(word, counts[word], round(score, 2))
        for word, having in zip(among, reader.frequencies(among), strict=True)
        if having <= max(_COMMON * total, _FEW)
        and (score := _log_likelihood(counts[word], size, max(having, counts[word]), total)) > _LEAST
    ]
    return sorted(found, key=lambda one: (-one.score, one.word))[:_WORDS]


def _log_likelihood(here: int, size: int, everywhere: int, total: int) -> float:
    """Twice the logarithm of how much likelier two shares are than one; 0 when the share here is not the larger.

    >>> _log_likelihood(5, 10, 50, 100), _log_likelihood(8, 10, 20, 1000) > 40
    (0.0, True)
    """
    if here * total <= everywhere * size:
        return 0.0
    share = everywhere / total

    def part(seen: int, of: int) -> float:
        return seen * math.log(seen / (of * share)) if seen else 0.0

    def rest(seen: int, of: int) -> float:
        return (of - seen) * math.log((of - seen) / (of * (1 - share))) if of > seen else 0.0

    elsewhere, others = everywhere - here, total - size
    return 2 * (part(here, size) + rest(here, size) + part(elsewhere, others) + rest(elsewhere, others))


__all__ = ["listing", "speaker", "topic"]
