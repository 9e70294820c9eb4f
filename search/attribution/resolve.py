"""Whom a mention stands for: names in short, pronouns, roles, capitals; or nobody that can be told."""

from __future__ import annotations

from search.attribution.bits import (
    CAPITAL,
    ROLE,
    TITLE,
)
from search.attribution.entities import Entity
from search.attribution.memory import Referent, plain
from search.attribution.pronouns import Pronouns
from search.attribution.roles import Roles
from search.attribution.sorting import Name, Sort
from search.model import SpeakerType


class Resolver(Pronouns, Roles):
    """Tells whom names, pronouns and descriptions stand for, as one article is read from its beginning."""

    def named(self, name: Name, after_the: bool = False) -> Referent:
        """The one a name stands for."""
        entity, rule, why = self.lookup(name, after_the)
        if entity is None:
            return Referent(plain(name.text), SpeakerType.PERSON, rule, why)
        if entity.person and not after_the:
            return Referent(plain(entity.name), SpeakerType.PERSON, rule, why, entity)
        full = self.words.nations.get(entity.name.lower().removeprefix("the "), entity.name)
        return Referent(plain(full), SpeakerType.ORGANISATION, rule, why, entity)

    def lookup(self, name: Name, after_the: bool = False) -> tuple[Entity | None, str, str]:
        size = name.text.count(" ") + 1
        if size > 1:
            entity = self.cast.add(name, 0)
            if len(entity.words) > size:
                return entity, "short", f"short for {plain(entity.name)}"
            return entity, "full", "named in full beside the quotation"
        fits = [] if after_the else self.cast.candidates(name)
        if name.sort is Sort.ORGANISATION and not any(e.person for e in fits):
            return self.cast.add(name, 0), "full", "named in full beside the quotation"
        word = name.text.lower()
        if len(fits) > 1:
            # Nobody is called by surname before being introduced.
            fits = [e for e in fits if e.first <= self.paragraph] or fits
        if len(fits) == 1:
            short = (
                "surname" if word in fits[0].words[1:] and fits[0].person else "forename" if fits[0].person else "short"
            )
            return fits[0], short, f"{short if short != 'short' else 'short name'} of {plain(fits[0].name)}"
        if fits:
            matching = [e for e in fits if self.holds(e, name.titles)]
            if len(matching) == 1:
                return (
                    matching[0],
                    "surname",
                    f"surname of {plain(matching[0].name)}, by the title “{' '.join(name.titles)}”",
                )
            last = self.recent_by_word.get(word)
            if last in fits and last is not None and self.clock - last.spoke < 25:
                return last, "shared", f"the {plain(name.text)} who spoke last; there are {len(fits)} of that name"
            return None, "ambiguous", f"could be any of {', '.join(plain(e.name) for e in fits[:4])}"
        if name.sort is Sort.PLACE:
            nation = self.words.nations.get(word)
            if nation and self.words.flags.get(word, 0) & CAPITAL:
                return self.cast.country(nation), "capital", f"{plain(name.text)} stands for {nation}"
        return self.cast.add(name, 0), "single", "named by one word only"

    def holds(self, entity: Entity, titles: tuple[str, ...]) -> bool:
        """Whether somebody holds the office in a title, and not for another country."""
        mine = {self.words.nations[w] for w in titles if w in self.words.nations}
        theirs = {self.words.nations[w] for w in entity.titles if w in self.words.nations}
        if mine and theirs and not mine & theirs:
            return False
        offices = {w for w in titles if self.words.flags.get(w, 0) & (TITLE | ROLE)}
        envoys = self.words.groups.envoys
        if offices & envoys:
            offices |= envoys
        return bool(offices & entity.titles.keys())
