"""Time what is counted beside the hits, and what copies cost.

    python -m benchmarks.answers ARTICLES INDEX

ARTICLES is a folder or file that ``onrecord index`` reads, INDEX an index made of it. Prints one JSON line. ``_us`` and
``_ms`` are medians; the queries are single words, from one in ten paragraphs to one in a thousand, each asked once
before the clock runs. ``answer_ms`` is a search for ten hits, and what is added to it by four facets, by a monthly
timeline, by hits by article, and by both of the first two.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from search import Archive
from search.analysis import terms
from search.articles import read_articles
from search.copies import groups, signatures, together
from search.model import Article

FACETS = ("speaker", "topic", "outlet", "kind")
ASKED: dict[str, dict[str, Any]] = {
    "alone": {},
    "facets": {"facets": FACETS},
    "timeline": {"interval": "month"},
    "articles": {"group": "article"},
    "facets_and_timeline": {"facets": FACETS, "interval": "month"},
}
_WORDS = 40


def main(articles: Path, index: Path) -> None:
    texts = [[terms(p.text) for p in one.paragraphs] for one in read_articles([articles]) if isinstance(one, Article)]
    count = sum(map(len, texts))
    signing, signed = _timed(lambda: [signature for paragraphs in texts for signature in signatures(paragraphs)])
    grouping, labels = _timed(lambda: groups(together(signed)))
    print(
        json.dumps(
            {
                "paragraphs": count,
                "signature_us": round(signing * 1e6 / count, 1),
                "grouping_s": round(grouping, 2),
                "groups": int(labels.max()) + 1,
                "in_groups": int((labels >= 0).sum()),
                "answer_ms": _answers(index, _words(texts, count)),
            }
        )
    )


def _timed(action: Callable[[], Any]) -> tuple[float, Any]:
    started = time.perf_counter()
    made = action()
    return time.perf_counter() - started, made


def _words(texts: list[list[list[str]]], count: int) -> list[str]:
    """Words from the commonest to rare ones, evenly spread by rank."""
    having = Counter(word for paragraphs in texts for paragraph in paragraphs for word in set(paragraph))
    least, most = max(2, count / 1000), count / 10
    fitting = [word for word, seen in having.most_common() if word.isalpha() and least <= seen <= most]
    return fitting[:: max(1, len(fitting) // _WORDS)]


def _answers(index: Path, words: list[str]) -> dict[str, float]:
    out = {}
    with Archive.open(index) as archive:
        for name, asked in ASKED.items():
            times = []
            for word in words:
                archive.search(word, size=10, **asked)
                times.append(_timed(lambda word=word, asked=asked: archive.search(word, size=10, **asked))[0])
            out[name] = round(statistics.median(times) * 1000, 2)
    return out


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
