"""Time indexing and queries beside stock Whoosh, SQLite FTS5 and tantivy, in the same run on the same machine.

    python -m benchmarks.speed ARTICLES [--paragraphs N] [--queries N] [--jobs N] [--times N] [--alone]

ARTICLES is a folder or file that ``onrecord index`` reads. tantivy comes with ``pip install -e '.[bench]'``. Prints one
JSON line. Timings differ between machines and hours; the ratios are what to look at. Units stand in the names: ``_ms``
is a median over the queries, each asked once before the clock runs; ``first_ms`` the median of that first round.

Queries are drawn by a fixed seed from the paragraphs themselves: one to four words of one paragraph; for phrases two
or three words that stand together, and for ``near`` two that stand within five, common words among them as they come.
``rank`` is ranking alone, ``door`` is text in, ten texts out, and ``page`` is the door with highlights, four facets and
a timeline by month. With ``--times`` the articles are indexed several times over under fresh ids, to see how the cost
grows; ``--alone`` leaves the peers out. ``indexing_peak_mb`` is the most that the writing process held, pages of
mapped files among it, which the system can drop; ``indexing_anonymous_mb`` the most without these.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks.peers import SIZE, Peer, available
from search import Archive, Settings
from search.analysis import tokens
from search.answers import of_article
from search.articles import read_articles
from search.engines.base import Reader
from search.model import Article, Match
from search.query import parse

SEED = 20261124
KINDS = ("any", "all", "phrase", "near")
FACETS = ("speaker", "topic", "outlet", "kind")
Words = Sequence[str]

FRESH = """
import json, resource, sys, time
from search import Archive
archive, queries = Archive.open(sys.argv[1]), json.loads(sys.stdin.read())
started = time.perf_counter()
archive.search(queries[0], match="any", size=10)
first = (time.perf_counter() - started) * 1000
for text in queries:
    archive.search(text, match="any", size=10, facets=("speaker", "topic", "outlet", "kind"))
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
print(json.dumps({"first_query_ms": round(first, 1), "reader_peak_mb": peak}))
"""


def main() -> None:
    options = _options()
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        texts = [paragraph.text for article in _articles(options.articles) for paragraph in article.paragraphs]
        asked = queries(texts, options.queries)
        source = _repeated(options.articles, scratch, options.times) if options.times > 1 else options.articles
        indexing, archive = _build_ours(source, scratch / "ours", options.jobs)
        answers = {"onrecord": _ours(archive, asked)}
        indexing |= _fresh(scratch / "ours", asked["any"])
        archive.close()
        for peer in [] if options.alone else available():
            seconds = timed(lambda peer=peer: peer.build(texts[: options.paragraphs], scratch / peer.name))
            indexing[f"{peer.name}_paragraphs_per_s"] = round(len(texts[: options.paragraphs]) / seconds)
            answers[peer.name] = _theirs(peer, asked)
    print(json.dumps({"paragraphs": len(texts) * options.times, "indexing": indexing, "queries": answers}))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("articles", type=Path)
    parser.add_argument("--paragraphs", type=int, help="for the peers to index (default: all)")
    parser.add_argument("--queries", type=int, default=200)
    parser.add_argument("--jobs", type=int, default=0)
    parser.add_argument("--times", type=int, default=1, help="index the articles so many times over")
    parser.add_argument("--alone", action="store_true", help="leave the peers out")
    return parser.parse_args()


# --------------------------------------------------------------------- texts and queries


def _articles(path: Path) -> Iterator[Article]:
    return (item for item in read_articles([path]) if isinstance(item, Article))


def _repeated(path: Path, scratch: Path, times: int) -> Path:
    """The articles several times over, each time under ids of their own."""
    out = scratch / "repeated.jsonl.gz"
    with gzip.open(out, "wt", encoding="utf-8", compresslevel=1) as file:
        for article in _articles(path):
            whole = of_article(article)
            whole["paragraphs"] = [paragraph.text for paragraph in article.paragraphs]
            for turn in range(times):
                file.write(json.dumps(whole | {"id": f"{article.id}-{turn}"}) + "\n")
    return out


def queries(texts: Sequence[str], count: int) -> dict[str, list[list[str]]]:
    """For each way of joining words, so many queries."""
    chance = random.Random(SEED)
    words: list[list[str]] = []
    near: list[list[str]] = []
    phrases: list[list[str]] = []
    while len(words) < count:
        found = sorted({token.term for token in tokens(chance.choice(texts)) if token.term.isalpha()})
        if len(found) >= 4:
            words.append(chance.sample(found, chance.randint(1, 4)))
    while len(near) < count:
        terms = [token.term for token in tokens(chance.choice(texts))]
        start, length = chance.randrange(len(terms) + 1), chance.randint(2, 3)
        phrase, pair = terms[start : start + length], [*terms[start : start + 6 : chance.randint(2, 5)]][:2]
        if len(phrase) == length and len(pair) == 2 and all(t.isalpha() for t in phrase + pair):
            phrases.append(phrase)
            near.append(pair)
    return {"any": words, "all": words, "phrase": phrases, "near": near}


# ------------------------------------------------------------------------------ measuring


def timed(action: Callable[[], object]) -> float:
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


def medians(action: Callable[[Any], object], asked: Sequence[Any]) -> tuple[float, float]:
    """The median times of a first round over the queries and of a second, in milliseconds."""
    rounds = [[timed(lambda query=query: action(query)) * 1000 for query in asked] for _ in range(2)]
    return round(statistics.median(rounds[0]), 4), round(statistics.median(rounds[1]), 4)


def _theirs(peer: Peer, asked: dict[str, list[list[str]]]) -> dict[str, dict[str, float]]:
    out = {}
    for kind in peer.kinds:
        compiled = [peer.compile(words, kind) for words in asked[kind]]
        _, rank = medians(peer.rank, compiled)
        _, door = medians(lambda words, kind=kind: peer.door(words, kind), asked[kind])
        out[kind] = {"rank_ms": rank, "door_ms": door}
    return out


def _ours(archive: Archive, asked: dict[str, list[list[str]]]) -> dict[str, dict[str, float]]:
    out = {}
    for kind in KINDS:
        match = "any" if kind == "any" else "all"
        texts = [_written(words, kind) for words in asked[kind]]
        with archive._leases.reading() as (reader, _):
            first, rank = medians(_ranker(reader), [parse(text, Match(match)).tree for text in texts])
            _, door = medians(_door(archive, reader, match), texts)
        asking = {"match": match, "size": SIZE, "facets": FACETS, "interval": "month"}
        _, page = medians(lambda text, asking=asking: archive.search(text, **asking), texts)
        out[kind] = {"first_ms": first, "rank_ms": rank, "door_ms": door, "page_ms": page}
    return out


def _written(words: Words, kind: str) -> str:
    together = " ".join(words)
    return {"phrase": f'"{together}"', "near": f'"{together}"~5'}.get(kind, together)


def _ranker(reader: Any) -> Callable[[Any], object]:
    return lambda tree: reader.rank(tree, SIZE)


def _door(archive: Archive, reader: Reader, match: str) -> Callable[[str], object]:
    request = archive.search("", size=SIZE).request

    def door(text: str) -> object:
        found = reader.search(parse(text, Match(match)).tree, replace(request, text=text))
        return [paragraph.text for paragraph, _ in found.hits]

    return door


def _build_ours(articles: Path, folder: Path, jobs: int) -> tuple[dict[str, float], Archive]:
    command = [sys.executable, "-m", "search.cli", "index", str(articles), "--index", str(folder), "--jobs", str(jobs)]
    started = time.perf_counter()
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL, env=_environment())
    ended, anonymous = 0, 0
    while not ended:
        anonymous = max(anonymous, _anonymous(process.pid))
        time.sleep(0.02)
        ended, status, used = os.wait4(process.pid, os.WNOHANG)
    seconds = time.perf_counter() - started
    if status:
        raise SystemExit(f"onrecord index ended with {os.waitstatus_to_exitcode(status)}")
    archive = Archive.open(settings=Settings(index=folder))
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 2**20
    return {
        "onrecord_paragraphs_per_s": round(archive.count().paragraphs / seconds),
        "indexing_peak_mb": used.ru_maxrss // 1024,
        "indexing_anonymous_mb": anonymous // 1024,
        "index_mb": round(size),
    }, archive


def _anonymous(process: int) -> int:
    """The kilobytes of memory that a process has to itself, as Linux tells; the rest are pages of files."""
    try:
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("RssAnon")), 0)


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}


def _fresh(folder: Path, asked: list[list[str]]) -> dict[str, float]:
    """The first query of a fresh process, its own imports left out, and what it holds after all of them."""
    run = subprocess.run(
        [sys.executable, "-c", FRESH, str(folder)],
        input=json.dumps([" ".join(words) for words in asked]),
        capture_output=True,
        text=True,
        check=True,
        env=_environment(),
    )
    answer: dict[str, float] = json.loads(run.stdout)
    return answer


if __name__ == "__main__":
    main()
