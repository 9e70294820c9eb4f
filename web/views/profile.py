"""A speaker or a topic across the archive, with what leads on from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from search.model import FacetValue, Hit, Profile, SpeakerType
from web import params
from web.views.rows import Row, rows
from web.views.timeline import TimelineView, narrowing

_SHOWN = 10
_KINDS: dict[SpeakerType | None, str] = {
    SpeakerType.PERSON: "Person",
    SpeakerType.ORGANISATION: "Organisation",
    SpeakerType.UNNAMED: "Unnamed speakers: whoever the articles call so",
}


@dataclass(frozen=True, slots=True)
class Block:
    """A list beside the profile; each row narrows it down."""

    name: str
    heading: str
    rows: list[Row]


class ProfileView:
    """``field`` is ``speaker`` or ``topic``; ``hits`` are the newest paragraphs."""

    def __init__(self, field: str, profile: Profile, hits: Sequence[Hit]) -> None:
        self.field, self.profile, self.hits = field, profile, hits

    @property
    def kind(self) -> str:
        """What the page is about, in a word or two."""
        return _KINDS.get(self.profile.type, "Speaker") if self.field == "speaker" else "Topic"

    def search(self, *more: tuple[str, str]) -> str:
        """The address of a search within this profile."""
        kept = [pair for pair in more if pair[0] == "q"]
        return params.address("/search", [*kept, (self.field, self.profile.name), *(p for p in more if p[0] != "q")])

    @cached_property
    def timeline(self) -> TimelineView:
        kept = [(self.field, self.profile.name)]
        return TimelineView(self.profile.timeline, self.profile.interval, narrowing(kept))

    @cached_property
    def blocks(self) -> list[Block]:
        """What it is about, where it appeared, and who is heard beside or about it."""
        beside = "Heard in the same paragraphs" if self.field == "speaker" else "Most heard on it"
        found = [
            self._block("topic", "Speaks about" if self.field == "speaker" else "Meets with", self.profile.topics),
            self._block("speaker", beside, self.profile.neighbours),
            self._block("outlet", "Appears in", self.profile.outlets),
        ]
        return [block for block in found if block.rows]

    def _block(self, name: str, heading: str, values: Sequence[FacetValue]) -> Block:
        return Block(name, heading, rows(values[:_SHOWN], lambda value: self.within(name, value)))

    def within(self, name: str, value: str) -> str:
        """Repeats of one filter mean either, so a second value of the same field goes into the query."""
        return self.search(("q", f'{name}:"{value}"')) if name == self.field else self.search((name, value))

    @property
    def words(self) -> list[tuple[str, str, int]]:
        """The most distinctive words, each with the search for it and in how many paragraphs it stands."""
        return [(one.word, self.search(("q", one.word)), one.count) for one in self.profile.words]
