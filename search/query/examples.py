"""Examples of the query language: one table for the documentation, the help page and a test, which runs them all."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Example:
    """A query, what it finds, and how it is written when it is understood."""

    query: str
    meaning: str
    understood: str


@dataclass(frozen=True, slots=True)
class Group:
    title: str
    examples: tuple[Example, ...]


@dataclass(frozen=True, slots=True)
class Translation:
    """How another house writes something, how it is written here, and what differs."""

    elsewhere: str
    here: str
    remark: str = ""


EXAMPLES = (
    Group(
        "Words",
        (
            Example("ferry strike", "both words, in any form: “ferries”, “striking”", "ferry strike"),
            Example("ferry OR tram", "either word", "ferry OR tram"),
            Example("ferry -tram", "the first without the second; NOT does the same", "ferry -tram"),
            Example("ferry (strike OR delay)", "brackets, as in arithmetic", "ferry (strike OR delay)"),
            Example("=strike", "exactly this form, not “strikes”", "=strike"),
            Example("caps(US)", "capitals as written: the country, not the pronoun", "caps(US)"),
        ),
    ),
    Group(
        "Phrases and nearness",
        (
            Example("“strong response”", "these words, one after the other, as written", '"strong response"'),
            Example('"ferry strike"~5', "at most five words apart, in either order", '"ferry strike"~5'),
            Example("ferry NEAR/5 strike", "the same, with every form of the words", "ferry NEAR/5 strike"),
            Example("ferry PRE/5 strike", "at most five words apart, in this order", "ferry PRE/5 strike"),
            Example("ferry W/S strike", "in the same sentence", "ferry W/S strike"),
            Example("ferry W/P strike", "in the same paragraph, the title aside", "ferry W/P strike"),
            Example("(ferry OR tram) NEAR/3 strik*", "any of some near any of others", "(ferry OR tram) NEAR/3 strik*"),
            Example("atleast3(ferry)", "at least three times in the paragraph", "atleast3(ferry)"),
        ),
    ),
    Group(
        "Parts of words",
        (
            Example("diplom*", "every word that begins so, after at least two letters", "diplom*"),
            Example("wom?n", "one letter left open; a star in the middle leaves any number", "wom?n"),
            Example("harbour~1", "one letter put in, left out, changed or swapped; at most ~2", "harbour~1"),
        ),
    ),
    Group(
        "Fields",
        (
            Example("speaker:holm", "paragraphs in which somebody of that name speaks", "speaker:holm"),
            Example('speaker:"ada holm" ferry', "that name, and a word in the text", 'ferry speaker:"ada holm"'),
            Example("said:ferry", "the word between quotation marks, whoever says it", "said:ferry"),
            Example("mentions:holm", "somebody named without speaking", "mentions:holm"),
            Example("quoted:direct", "with speech of that kind: direct, mixed or indirect", "quoted:direct"),
            Example("topic:weather", "about a topic, by a word of its name or by its code", "topic:weather"),
            Example("title:(ferry OR tram)", "in the article’s headline", "title:ferry OR title:tram"),
            Example("outlet:times section:business", "where it appeared", "outlet:times section:business"),
            Example("byline:lind", "who wrote it", "byline:lind"),
            Example("kind:caption", "captions only; or headline, standfirst, body …", "kind:caption"),
            Example("lang:en", "in a language; en has en-GB too", "language:en"),
        ),
    ),
    Group(
        "Dates",
        (
            Example("date:2022-04", "published in that month; a year or a day will do", "date:2022-04-01..2022-04-30"),
            Example("date:2022-04..2022-06", "from one to another, both included", "date:2022-04-01..2022-06-30"),
            Example("from:2022 to:2023-02", "open at one end, each", "date:2022-01-01.. date:..2023-02-28"),
        ),
    ),
)  # fmt: skip
"""Grouped as they are shown."""

TRANSLATIONS = (
    Translation("ferry AND strike", "ferry strike", "AND may be left out"),
    Translation("ferry AND NOT tram", "ferry -tram"),
    Translation("ferry w/5 strike", "ferry NEAR/5 strike", "Nexis: either order. Factiva: this order, PRE/5"),
    Translation("ferry /5 strike", "ferry NEAR/5 strike", "Westlaw and Lexis"),
    Translation("ferry near5 strike", "ferry NEAR/5 strike", "Factiva"),
    Translation("ferry adj3 strike", "ferry PRE/3 strike", "Factiva: in this order"),
    Translation("ferry pre/3 strike", "ferry PRE/3 strike", "Nexis"),
    Translation("ferry onear/3 strike", "ferry PRE/3 strike", "Nexis"),
    Translation("ferry AROUND(5) strike", "ferry NEAR/5 strike", "Google"),
    Translation("ferry w/s strike", "ferry W/S strike", "same sentence; /s and +s (in order) too"),
    Translation("ferry w/p strike", "ferry W/P strike", "same paragraph; /p and +p (in order) too"),
    Translation("ferry SAME strike", "ferry W/P strike", "Factiva: same paragraph"),
    Translation("ferry w/seg strike", "ferry W/P strike", "Nexis’s segment is the paragraph here"),
    Translation("atleast3(ferry)", "atleast3(ferry)", "Nexis; atl3(…) too"),
    Translation("caps(US)", "caps(US)", "Nexis’s caps asks for any capital, ours for those that are written"),
    Translation("allcaps(us)", "caps(US)", "Nexis"),
    Translation("nocaps(Us)", "caps(us)", "Nexis"),
    Translation("headline(ferry)", "title:ferry", "Nexis"),
    Translation("hlead(ferry)", "title:ferry", "Nexis’s lead is not searched apart"),
    Translation("byline(lind)", "byline:lind", "Nexis"),
    Translation("publication(times)", "outlet:times", "Nexis"),
    Translation("plural(ferry)", "ferry", "Nexis; no equal: a word finds its forms, =word only itself"),
    Translation("ferry | tram", "ferry OR tram", "Lucene’s and Aleph’s"),
    Translation("ferry && strike", "ferry strike", "Lucene"),
)
"""What other houses write, and what it is here; what is left of it is understood as what is right."""
