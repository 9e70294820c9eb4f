"""Time indexing and queries beside stock Whoosh, in the same run on the same machine.

    python benchmarks/speed.py ARTICLES [--paragraphs N] [--queries N] [--jobs N]

ARTICLES is a folder or file that ``onrecord index`` reads. Prints one JSON line. Timings differ between
machines and hours; the ratios are what to look at. Units stand in the names. Queries are drawn by a fixed
seed from the paragraphs themselves, one to four words each, and every one is asked once before the clock runs.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from whoosh import fields, index, scoring
from whoosh.qparser import OrGroup, QueryParser

from search import Archive, Settings
from search.analysis import tokens
from search.articles import read_articles
from search.model import Article

SEED = 20261124


def main() -> None:
    options = _options()
    with tempfile.TemporaryDirectory() as scratch:
        texts = _texts(options.articles, options.paragraphs)
        asked = _queries(texts, options.queries)
        ours, archive = _build_ours(options.articles, Path(scratch) / "ours", options.jobs)
        stock_time, stock = _build_stock(texts, Path(scratch) / "stock")
        queries = {name: _compare(archive, stock, asked, name) for name in ("any", "all")}
        archive.close()
    print(json.dumps({"paragraphs": len(texts), "indexing": ours | stock_time, "queries": queries}))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("articles", type=Path)
    parser.add_argument("--paragraphs", type=int, default=20_000, help="for stock Whoosh to index (default 20,000)")
    parser.add_argument("--queries", type=int, default=200)
    parser.add_argument("--jobs", type=int, default=0)
    return parser.parse_args()


def _texts(articles: Path, most: int) -> list[str]:
    texts: list[str] = []
    for item in read_articles([articles]):
        if isinstance(item, Article):
            texts += [paragraph.text for paragraph in item.paragraphs]
            if len(texts) >= most:
                break
    return texts[:most]


def _queries(texts: Sequence[str], count: int) -> list[list[str]]:
    chance = random.Random(SEED)
    asked: list[list[str]] = []
    while len(asked) < count:
        words = sorted({token.term for token in tokens(chance.choice(texts)) if token.term.isalpha()})
        if len(words) >= 4:
            asked.append(chance.sample(words, chance.randint(1, 4)))
    return asked


def _build_ours(articles: Path, folder: Path, jobs: int) -> tuple[dict[str, float], Archive]:
    archive = Archive.open(settings=Settings(index=folder, jobs=jobs))
    started = time.perf_counter()
    archive.index([articles])
    seconds = time.perf_counter() - started
    held = archive.count().paragraphs
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 2**20
    return {
        "paragraphs": held,
        "paragraphs_per_s": round(held / seconds),
        "writer_peak_mb": round(peak),
        "index_mb": round(size),
    }, archive


def _build_stock(texts: Sequence[str], folder: Path) -> tuple[dict[str, float], index.Index]:
    folder.mkdir()
    made = index.create_in(folder, fields.Schema(id=fields.STORED, text=fields.TEXT(stored=True)))
    started = time.perf_counter()
    writer = made.writer(limitmb=256)
    for number, text in enumerate(texts):
        writer.add_document(id=number, text=text)
    writer.commit(optimize=True)
    return {"stock_paragraphs_per_s": round(len(texts) / (time.perf_counter() - started))}, made


def _compare(archive: Archive, stock: index.Index, asked: Sequence[Sequence[str]], match: str) -> dict[str, float]:
    parser = QueryParser("text", stock.schema, **({"group": OrGroup} if match == "any" else {}))
    with stock.searcher(weighting=scoring.BM25F()) as searcher:

        def by_stock(words: Sequence[str]) -> object:
            return [hit["text"] for hit in searcher.search(parser.parse(" ".join(words)), limit=10)]

        def by_ours(words: Sequence[str]) -> object:
            return [hit.paragraph.text for hit in archive.search(" ".join(words), match=match, size=10).hits]

        theirs, ours = median_ms(by_stock, asked), median_ms(by_ours, asked)
    return {"onrecord_median_ms": round(ours, 3), "stock_median_ms": round(theirs, 3), "times": round(theirs / ours, 1)}


def median_ms(action: Callable[[Sequence[str]], object], asked: Sequence[Sequence[str]]) -> float:
    """The median time of the action over the queries, in milliseconds, after one warm-up round."""
    for words in asked:
        action(words)
    taken = []
    for words in asked:
        started = time.perf_counter()
        action(words)
        taken.append((time.perf_counter() - started) * 1000)
    return statistics.median(taken)


if __name__ == "__main__":
    main()
