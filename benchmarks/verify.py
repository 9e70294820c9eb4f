"""Check quotations that stand in an archive, altered ones, and invented ones, and say how many are judged rightly.

    python benchmarks/verify.py ARTICLES [--index DIR] [--quotations N] [--show]

ARTICLES is a folder or file that ``onrecord index`` reads; it is indexed into a temporary folder, unless an index of
it is given. Quotations are runs of six words or more between
quotation marks, drawn by a fixed seed, a few from any article. Each is checked word for word, with one word
changed, and with three words dropped; it counts as found when the first candidate, called exact or near, is
its paragraph or another with the very same words. Invented ones are made of words drawn from all the quotations,
as many as a real one has, half of them of single words and half of stretches of three; they count as
rightly judged when not called found. Prints one JSON line; ``--show`` prints what was judged wrongly on stderr.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from search import Archive
from search.analysis import terms
from search.articles import read_articles
from search.model import Article
from search.verify.verdict import Outcome, Verdict

SEED = 20261124
LEAST_WORDS = 6
_BETWEEN_MARKS = re.compile(r"[“\"]([^“”\"]{20,600})[”\"]")


@dataclass(frozen=True, slots=True)
class Real:
    paragraph: str
    text: str


def main() -> None:
    options = _options()
    chance = random.Random(SEED)
    with tempfile.TemporaryDirectory() as scratch, Archive.open(options.index or Path(scratch) / "index") as archive:
        if not options.index:
            archive.index([options.articles])
        found = quotations(options.articles)
        chosen = chance.sample(found, min(options.quotations, len(found)))
        vocabulary = sorted({word for real in found for word in real.text.split()})
        made = {
            "word_for_word": [real.text for real in chosen],
            "one_word_changed": [changed(real.text, vocabulary, chance) for real in chosen],
            "three_words_dropped": [dropped(real.text, chance) for real in chosen],
        }
        judge = Judge(archive, options.show)
        scores = {name: judge.real(name, chosen, texts) for name, texts in made.items()}
        fakes = [invented(found, len(real.text.split()), 1 + 2 * (i % 2), chance) for i, real in enumerate(chosen)]
        called = judge.invented(fakes)
    print(
        json.dumps(
            {
                "quotations": len(chosen),
                "drawn_from": len(found),
                "found_at_rank_1": scores,
                "invented": len(fakes),
                "invented_called": called,
                "median_ms": round(statistics.median(judge.taken), 1),
                "median_cpu_ms": round(statistics.median(judge.spent), 1),
                "p99_ms": round(statistics.quantiles(judge.taken, n=100)[98], 1),
            }
        )
    )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("articles", type=Path)
    parser.add_argument("--index", type=Path, help="an index of the articles that is there already")
    parser.add_argument("--quotations", type=int, default=500)
    parser.add_argument("--show", action="store_true", help="print what was judged wrongly")
    return parser.parse_args()


def quotations(articles: Path) -> list[Real]:
    """The quotations of the articles, in the order in which they are read."""
    return [
        Real(paragraph.id, run[1])
        for article in read_articles([articles])
        if isinstance(article, Article)
        for paragraph in article.paragraphs
        for run in _BETWEEN_MARKS.finditer(paragraph.text)
        if min(len(terms(run[1])), len(run[1].split())) >= LEAST_WORDS
    ]


def changed(text: str, vocabulary: Sequence[str], chance: random.Random) -> str:
    """The text with one word, at any place, replaced by another that some quotation has."""
    words = text.split()
    place = chance.randrange(len(words))
    others = [w for w in chance.sample(vocabulary, 5) if terms(w) and terms(w) != terms(words[place])]
    words[place] = others[0]
    return " ".join(words)


def dropped(text: str, chance: random.Random) -> str:
    """The text without three of its words."""
    words = text.split()
    gone = set(chance.sample(range(len(words)), 3))
    return " ".join(word for i, word in enumerate(words) if i not in gone)


def invented(found: Sequence[Real], length: int, stretch: int, chance: random.Random) -> str:
    """Words that nobody said together: stretches of so many words, each from another quotation."""
    words: list[str] = []
    while len(words) < length:
        source = chance.choice(found).text.split()
        start = chance.randrange(len(source) - stretch + 1)
        words += source[start : start + stretch]
    return " ".join(words[:length])


class Judge:
    def __init__(self, archive: Archive, show: bool) -> None:
        self.archive, self.show = archive, show
        self.taken: list[float] = []
        self.spent: list[float] = []

    def real(self, name: str, chosen: Sequence[Real], texts: Sequence[str]) -> float:
        right = 0
        for real, text in zip(chosen, texts, strict=True):
            verdict = self._timed(text)
            good = verdict.found and _holds(verdict, real)
            right += good
            if not good:
                self._say(name, text, verdict)
        return round(right / len(chosen), 4)

    def invented(self, texts: Sequence[str]) -> dict[str, int]:
        called = dict.fromkeys(Outcome, 0)
        for text in texts:
            verdict = self._timed(text)
            called[verdict.outcome] += 1
            if verdict.outcome is not Outcome.NOT_FOUND:
                self._say("invented", text, verdict)
        return {outcome.value: count for outcome, count in called.items()}

    def _timed(self, text: str) -> Verdict:
        started, worked = time.perf_counter(), time.process_time()
        verdict = self.archive.verify(text)
        self.taken.append((time.perf_counter() - started) * 1000)
        self.spent.append((time.process_time() - worked) * 1000)
        return verdict

    def _say(self, name: str, text: str, verdict: Verdict) -> None:
        if self.show:
            best = verdict.candidates[0] if verdict.candidates else None
            said = f"{best.paragraph.id} {best.similarity} {best.paragraph.text}" if best else ""
            sys.stderr.write(f"{name}: {verdict.outcome}: {text}\n    {said}\n")


def _holds(verdict: Verdict, real: Real) -> bool:
    best = verdict.candidates[0].paragraph
    return best.id == real.paragraph or " ".join(terms(real.text)) in " ".join(terms(best.text))


if __name__ == "__main__":
    main()
