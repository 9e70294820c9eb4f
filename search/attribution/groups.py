"""Words that one rule each goes by, in groups: whom “the envoy” can stand for, what “the company” can be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Words = frozenset[str]


@dataclass(frozen=True, slots=True)
class Groups:
    """The groups of one language, in small letters, each under its key in `groups.toml`, where it is described.

    Most words stand in no group, so a group is a set to look into and no bit of every word.
    """

    envoys: Words
    seats: Words
    houses: Words
    companies: Words
    authorities: Words
    firm_endings: Words
    joined_by_of: Words
    joined_by_for: Words
    joined_by_and: Words
    geographic: Words
    compounded: Words
    refusals: Words


def read_groups(lists: Mapping[str, str]) -> Groups:
    """The groups in lists of words with blanks between; TypeError for a key that is no group, or is missing."""
    return Groups(**{key: frozenset(words.split()) for key, words in lists.items()})
