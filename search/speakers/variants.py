"""Names in an archive that may be one speaker's: offered to a person who decides, never merged by themselves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from search.analysis import terms

_SHORTEST_MISSPELT = 7
"""Letters that a name needs before one letter's difference suggests a misspelling: short names differ by one often."""


@dataclass(frozen=True, slots=True)
class Variants:
    """Ways of writing what may be one name, the most frequent first, each with its number of paragraphs."""

    names: tuple[tuple[str, int], ...]
    reason: str

    @property
    def count(self) -> int:
        return sum(count for _, count in self.names)


_JOINING = frozenset(
    "al and ben bin da das de del della der di do dos du e el for ibn in la le of the van von y".split()
)
"""What stands between the words of a name without a capital."""


def likely_variants(counts: Mapping[str, int]) -> list[Variants]:
    """Pairs and groups of names that are likely to be one, those heard most first.

    counts: paragraphs by name; words for somebody who is not named, as “a spokesman”, are passed over.

    >>> [found.names for found in likely_variants({"Ada Holm": 9, "A. Holm": 2, "Bo Lind": 4})]
    [(('Ada Holm', 9), ('A. Holm', 2))]
    """
    words = {name: tuple(terms(name)) for name in counts if _is_name(name)}
    found: list[Variants] = []
    taken: set[frozenset[str]] = set()
    for group, reason in _groups(words):
        names = frozenset(group)
        if len(names) < 2 or any(names <= earlier for earlier in taken):
            continue
        taken.add(names)
        ordered = sorted(names, key=lambda name: (-counts[name], name))
        found.append(Variants(tuple((name, counts[name]) for name in ordered), reason))
    return sorted(found, key=lambda variants: (-variants.count, variants.names))


def _is_name(name: str) -> bool:
    """Whether all its words have capitals, but for those that join them."""
    words = name.split()
    return words[:1] != ["The"] and all(word in _JOINING or not word[0].islower() for word in words)


def _groups(words: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[Sequence[str], str]]:
    yield from ((group, "the same but for capitals, accents or dots") for group in _alike(words, tuple))
    yield from ((group, "the same words in another order") for group in _alike(words, _ordered))
    yield from ((group, "the same but for a hyphen or a blank") for group in _alike(words, "".join))
    yield from ((group, "the same surname, and forenames that agree") for group in _by_surname(words))
    yield from ((group, "an abbreviation and what it may stand for") for group in _acronyms(words))
    yield from ((group, "one letter apart") for group in _misspelt(words))


def _ordered(words: tuple[str, ...]) -> object:
    return tuple(sorted(words))


def _alike(words: Mapping[str, tuple[str, ...]], form: object) -> Iterator[list[str]]:
    assert callable(form)
    alike: defaultdict[object, list[str]] = defaultdict(list)
    for name, its_words in words.items():
        if its_words:
            alike[form(its_words)].append(name)
    yield from (names for names in alike.values() if len(names) > 1)


def _by_surname(words: Mapping[str, tuple[str, ...]]) -> Iterator[list[str]]:
    """Forenames agree when one is the other's initial, or when one name leaves out what the other has."""
    families: defaultdict[str, list[str]] = defaultdict(list)
    for name, its_words in words.items():
        if len(its_words) > 1:
            families[its_words[-1]].append(name)
    for family in families.values():
        for place, one in enumerate(family):
            fitting = [other for other in family[place + 1 :] if _agree(words[one][:-1], words[other][:-1])]
            # Where an initial fits two different people, it says nothing of either.
            if len(fitting) == 1 or all(_agree(words[a][:-1], words[b][:-1]) for a in fitting for b in fitting):
                yield [one, *fitting]


def _agree(some: Sequence[str], others: Sequence[str]) -> bool:
    short, long = sorted((some, others), key=len)
    rest = iter(long[1:])
    return _fits(short[0], long[0]) and all(any(_fits(word, other) for other in rest) for word in short[1:])


def _fits(word: str, other: str) -> bool:
    return word == other or (word[0] == other[0] and 1 in (len(word), len(other)))


def _acronyms(words: Mapping[str, tuple[str, ...]]) -> Iterator[list[str]]:
    single = {its_words[0]: name for name, its_words in words.items() if len(its_words) == 1 and name.isupper()}
    for name, its_words in words.items():
        if len(its_words) < 3:
            continue
        for letters in (its_words, [word for word in its_words if word not in {"of", "the", "for", "and", "in"}]):
            short = single.get("".join(word[0] for word in letters))
            if short:
                yield [name, short]


def _misspelt(words: Mapping[str, tuple[str, ...]]) -> Iterator[list[str]]:
    """Names of which one becomes the other by a letter changed, put in or left out.

    Each name is filed under itself and under all that is left of it without one letter; two that are one letter
    apart meet there (the deletion neighbourhood of Mor and Fraenkel, 1982).
    """
    met: defaultdict[str, list[str]] = defaultdict(list)
    for name, its_words in words.items():
        whole = " ".join(its_words)
        if len(its_words) > 1 and len(whole) > _SHORTEST_MISSPELT and not any(c.isdigit() for c in whole):
            for key in {whole, *(whole[:i] + whole[i + 1 :] for i in range(len(whole)))}:
                met[key].append(name)
    for names in met.values():
        for place, one in enumerate(names):
            for other in names[place + 1 :]:
                if _plausible(words[one], words[other]):
                    yield [one, other]


def _plausible(some: Sequence[str], others: Sequence[str]) -> bool:
    """One word differs, and not in its first letter: people mistype the middle of a name, not its beginning."""
    if len(some) != len(others):
        return False
    differing = [(a, b) for a, b in zip(some, others, strict=True) if a != b]
    return len(differing) == 1 and differing[0][0][0] == differing[0][1][0] and min(map(len, differing[0])) > 3
