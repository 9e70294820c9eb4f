"""The parameters of the addresses that programs ask by, with their types and bounds."""

from __future__ import annotations

from search import request
from search.model import Copies, Group, Interval, Kind, ListingSort, Match, QuotationKind, Sort
from search.query import limits
from search.verify import LONGEST_QUOTATION
from web.operations import Parameter

_DATE = r"^(\d{4}(-\d{1,2}(-\d{1,2})?)?)?$"


def _filter(name: str, about: str, kind: type = str) -> Parameter:
    return Parameter(name, about + " Several values mean any of them.", kind, repeated=True, most=request.LONGEST_VALUE)


SEARCH = (
    Parameter("q", "The query, in the query language; empty finds everything.", default="", most=limits.LONGEST),
    Parameter("match", "What joins bare words.", Match, default="all"),
    _filter("speaker", "Only paragraphs with this speaker; a part of the name will do."),
    _filter("topic", "Only paragraphs about this topic, by code or label."),
    _filter("outlet", "Only this outlet."),
    _filter("kind", "Only this kind of paragraph.", Kind),
    _filter("language", "Only this language, by its code."),
    _filter("section", "Only this section."),
    _filter("quoted", "Only paragraphs with this kind of quotation.", QuotationKind),
    Parameter("from", "Published on or after: a year, a month or a day.", pattern=_DATE),
    Parameter("to", "Published on or before: a year, a month or a day.", pattern=_DATE),
    Parameter("sort", "The order of the hits.", Sort, default="relevance"),
    Parameter("copies", "Near-identical paragraphs as one hit, or each as its own.", Copies, default="group"),
    Parameter("group", "Every paragraph a hit, or every article by its best paragraph.", Group, default="paragraph"),
    Parameter("page", "Which page, from 1.", int, default=1, least=1, most=request.DEEPEST_HIT),
    Parameter("size", "Hits on a page.", int, default=20, least=1, most=request.MOST_HITS_A_PAGE),
    Parameter("cursor", "The “cursor” of the answer before, in place of a page number.", most=request.LONGEST_CURSOR),
    Parameter("facet", "Count the values of this field.", repeated=True, values=request.FACETS),
    Parameter("facet_size", "Values counted of a field.", int, default=50, least=1, most=request.MOST_FACET_VALUES),
    Parameter("interval", "How long a period of the timeline is; without it there is none.", Interval),
    Parameter("explain", "Say what each part of the query gave to a score.", bool, default="false"),
)
IDENTIFIER = "The id; a # is written %23."
PREFIX = Parameter("q", "How the words begin.", default="", most=limits.LONGEST)
QUOTATION = (
    Parameter("quotation", "The words to be checked.", required=True, most=LONGEST_QUOTATION),
    Parameter("speaker", "Who is meant to have said them; a part of the name will do.", most=request.LONGEST_VALUE),
)
LISTING = (
    SEARCH[0],
    Parameter("prefix", "A word in the name begins so.", default="", most=request.LONGEST_VALUE),
    Parameter("sort", "The most frequent first, or by name.", ListingSort, default="count"),
    Parameter("page", "Which page, from 1.", int, default=1, least=1, most=request.DEEPEST_HIT),
    Parameter("size", "Values on a page.", int, default=50, least=1, most=request.MOST_HITS_A_PAGE),
)
LIKE = Parameter("size", "How many.", int, default=10, least=1, most=request.MOST_HITS_A_PAGE)
