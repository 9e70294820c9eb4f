"""How the embedded engine does as an archive grows: the figures of docs/scale.md.

    python -m benchmarks.growth 10000 100000 2000000

For each number of paragraphs, articles of twenty paragraphs of made-up words are prepared and written, without the
reading and the attribution, which cost the same an article however many there are. Words are drawn by Zipf's law from
200,000, so that some stand everywhere and most hardly anywhere; three in a hundred paragraphs are copies. Prints how
long writing took, the bytes, how long a fresh process needs for its first answer, and medians over 60 queries of two
words through ``Archive``, alone and with facets and a timeline.
"""

from __future__ import annotations

import random
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path

from search import Archive
from search.analysis import ANALYSIS_VERSION
from search.generations.manifest import Manifest
from search.generations.store import open_store
from search.model import Article, Kind, Metadata, Paragraph, Speaker, SpeakerType
from search.settings import Settings

WORDS = 200_000
EACH = 20
QUERIES = 60


class Newsroom:
    """Articles without end, the same in every run."""

    def __init__(self) -> None:
        self.chance = random.Random(11)
        self.words = [self._word(n) for n in range(WORDS)]
        self.shares = list(accumulate(1 / (n + 2.7) for n in range(WORDS)))
        self.names = [f"{self._word(n + 7).title()} {self._word(n * 3 + 5).title()}" for n in range(20_000)]

    @staticmethod
    def _word(n: int) -> str:
        consonants, vowels = "bdfgklmnprstvz", "aeiou"
        out = ""
        n += 10
        while n:
            n, first = divmod(n, len(consonants))
            n, second = divmod(n, len(vowels))
            out += consonants[first] + vowels[second]
        return out

    def text(self, count: int) -> str:
        return " ".join(self.chance.choices(self.words, cum_weights=self.shares, k=count))

    def articles(self, paragraphs: int) -> Iterator[Article]:
        wire = [self.text(30) for _ in range(200)]
        for n in range(paragraphs // EACH):
            day = datetime(1995, 1, 1) + timedelta(hours=n * 240_000 // max(1, paragraphs // EACH))
            head = Metadata(f"a{n:07}", self.text(8), day, f"Outlet {n % 40}", section=f"Section {n % 9}")
            yield Article(head, tuple(self._paragraph(head, i, wire) for i in range(EACH)))

    def _paragraph(self, head: Metadata, number: int, wire: list[str]) -> Paragraph:
        copied = self.chance.random() < 0.03
        text = self.chance.choice(wire) if copied else self.text(self.chance.randrange(15, 50))
        said = self.chance.random() < 0.3
        speakers = (Speaker(self.chance.choice(self.names), SpeakerType.PERSON, 0.9),) if said else ()
        return Paragraph(head, number, Kind.BODY, text, speakers)


def build(settings: Settings, paragraphs: int) -> float:
    """Seconds that it took to prepare and write so many."""
    store = open_store(settings)
    started = time.perf_counter()
    with store.changing("benchmark", 1.0, lambda holder: None, alone=True):
        number = store.draft(None)
        with store.writer(number, None, settings.memory) as writer:
            for article in Newsroom().articles(paragraphs):
                writer.put(*store.engine.prepare([article]))
        engine, made = store.engine, datetime.now(UTC).isoformat(timespec="seconds")
        counts = paragraphs // EACH, paragraphs
        store.record(number, Manifest(engine.name, engine.schema_version, ANALYSIS_VERSION, "0", made, *counts), {})
        store.publish(number)
    return time.perf_counter() - started


def main() -> None:
    for paragraphs in map(int, sys.argv[1:]):
        with tempfile.TemporaryDirectory() as folder:
            settings = Settings(index=Path(folder) / "index")
            seconds = build(settings, paragraphs)
            size = sum(path.stat().st_size for path in settings.index.rglob("*") if path.is_file())
            measure(settings, paragraphs, seconds, size)


def measure(settings: Settings, paragraphs: int, seconds: float, size: int) -> None:
    room = Newsroom()
    asked = [room.text(2) for _ in range(QUERIES)]
    with Archive.open(settings=settings) as archive:
        started = time.perf_counter()
        archive.search(asked[0])
        first = (time.perf_counter() - started) * 1000
        plain = [timed(lambda text=text: archive.search(text)) for text in asked]  # type: ignore[misc]
        rich = [
            timed(lambda text=text: archive.search(text, facets=["speaker", "outlet", "date"], interval="month"))  # type: ignore[misc]
            for text in asked
        ]
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{paragraphs:,} paragraphs: written in {seconds:,.0f} s ({paragraphs / seconds:,.0f}/s), "
        f"{size / 2**20:,.0f} MB ({size / paragraphs:,.0f} bytes each); first answer {first:,.0f} ms, "
        f"two words {statistics.median(plain):.1f} ms, with facets and timeline {statistics.median(rich):.1f} ms; "
        f"memory at most {memory:,.0f} MB",
        flush=True,
    )


def timed(ask: object) -> float:
    started = time.perf_counter()
    ask()  # type: ignore[operator]
    return (time.perf_counter() - started) * 1000


if __name__ == "__main__":
    main()
