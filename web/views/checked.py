"""A checked quotation, with what leads on from it."""

from __future__ import annotations

from search.query.limits import LONGEST
from search.verify import Candidate, Verdict
from web import params

_PLAIN = str.maketrans(dict.fromkeys('"“”„«»', " "))
_FEWEST = 4
"""Words from which on a search may well be a quotation."""


class CheckedView:
    """What a verdict's page needs besides the verdict."""

    def __init__(self, verdict: Verdict) -> None:
        self.verdict = verdict

    def asked(self, candidate: Candidate) -> tuple[str, str]:
        """The search by which the article marks what was found here, and how its words are joined."""
        runs = (" ".join(span.of(candidate.paragraph.text).translate(_PLAIN).split()) for span in candidate.spans)
        query = " OR ".join(f'"{run}"' for run in runs if run)
        return (query, "") if len(query) <= LONGEST else ("", "")

    @property
    def by_words(self) -> str:
        """A search for any of the words."""
        words = " ".join(self.verdict.quotation.translate(_PLAIN).split())[:LONGEST]
        return params.address("/search", [("q", words), ("match", "any")])

    @property
    def as_data(self) -> str:
        """The same for programs."""
        speaker = [("speaker", self.verdict.speaker)] if self.verdict.speaker else []
        return params.address("/api/v1/verify", [("quotation", self.verdict.quotation), *speaker])


def check_link(text: str) -> str:
    """Where a search that may be a quotation can be checked as one; empty for a few words, or for more than words.

    >>> check_link('“We sail at dawn, come what may”')
    '/check?quotation=We+sail+at+dawn%2C+come+what+may'
    >>> check_link("ice"), check_link("speaker:holm said something about ice")
    ('', '')
    """
    plain = " ".join(text.translate(_PLAIN).split())
    if len(plain.split()) < _FEWEST or ":" in plain:
        return ""
    return params.address("/check", [("quotation", plain)])
