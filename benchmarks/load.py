"""Ask a served archive by wrk, beside Datasette serving the same paragraphs by SQLite's full-text search.

    python benchmarks/load.py ARTICLES [--index DIR] [--seconds N] [--queries N] [--flat SECONDS]

Needs wrk (Debian's package of that name) and the ``bench`` extra. ARTICLES is what ``onrecord index`` reads; it is
indexed into a temporary folder unless an index of it is given. Both servers listen on 127.0.0.1 and are asked in
turn, never at once: the same mix of words, phrases and pairs of words, drawn by a fixed seed from the paragraphs, ten
hits a page, at 1, 16 and 64 connections, after a short run to warm up. Of On Record its page and its API, of Datasette
the page of its table and, as JSON, the ten best by BM25. With ``--flat`` the API is asked so long once more, and the
memory of all its processes is looked at on the way; with ``--seconds 0`` that is all that is done. Prints one JSON
line. Timings differ between machines and hours; what counts is the comparison, and ``cpu_ms_a_request``, which depends
least on what else the machine does.

On Record keeps answers in memory while the index is as it is, and the mix comes round again: with ONRECORD_CACHE=0 in
the environment every answer is worked out afresh.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from search import Archive, Settings
from search.analysis import tokens
from search.articles import read_articles
from search.model import Article

SEED = 20261124
CONNECTIONS = (1, 16, 64)
_WARM_UP = 6  # seconds; so long that every query has been asked
_BEST = (
    "select paragraphs.id, paragraphs.text from paragraphs_fts join paragraphs "
    "on paragraphs.rowid = paragraphs_fts.rowid where paragraphs_fts match :asked order by rank limit 10"
)
_WRK = """
local paths = {}
for line in io.lines(os.getenv("PATHS")) do paths[#paths + 1] = line end
local at = 0
request = function()
  at = at % #paths + 1
  return wrk.format("GET", paths[at])
end
done = function(summary, latency, requests)
  local e = summary.errors
  io.write(string.format(
    "RESULT %d %d %f %f %f %d\\n", summary.requests, summary.duration,
    latency:percentile(50), latency:percentile(90), latency:percentile(99),
    e.connect + e.read + e.write + e.status + e.timeout))
end
"""


def main() -> None:
    options = _options()
    with tempfile.TemporaryDirectory() as scratch:
        here = Path(scratch)
        paragraphs = _paragraphs(options.articles)
        asked = queries([text for _, text in paragraphs], options.queries)
        (here / "load.lua").write_text(_WRK)
        index = options.index or here / "index"
        if not options.index:
            with Archive.open(settings=Settings(index=index)) as archive:
                archive.index([options.articles])
        report: dict[str, object] = {"paragraphs": len(paragraphs), "queries": len(asked), "seconds": options.seconds}
        if not options.seconds:
            with onrecord(index) as ours:
                watched = [_ours("/api/v1/search", query) for query in asked]
                report["onrecord_memory"] = flat(here, ours, watched, options.flat)
            print(json.dumps(report))
            return
        database = _database(here / "paragraphs.db", paragraphs)
        with onrecord(index) as ours, datasette(database) as theirs:
            targets = {
                "onrecord_page": (ours, [_ours("/search", query) for query in asked]),
                "datasette_page": (theirs, [_page(query) for query in asked]),
                "onrecord_api": (ours, [_ours("/api/v1/search", query) for query in asked]),
                "datasette_api": (theirs, [_ranked(query) for query in asked]),
            }
            report |= measure(here, targets, options.seconds)
            if options.flat:
                report["onrecord_memory"] = flat(here, *targets["onrecord_api"], options.flat)
    print(json.dumps(report))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("articles", type=Path)
    parser.add_argument("--index", type=Path, help="an index of the articles that is there already")
    parser.add_argument("--seconds", type=int, default=5, help="of each measurement (default 5)")
    parser.add_argument("--queries", type=int, default=200)
    parser.add_argument(
        "--flat", type=int, default=0, help="seconds over which memory is watched (300 for five minutes)"
    )
    return parser.parse_args()


def _paragraphs(articles: Path) -> list[tuple[str, str]]:
    return [
        (paragraph.id, paragraph.text)
        for item in read_articles([articles])
        if isinstance(item, Article)
        for paragraph in item.paragraphs
    ]


def queries(texts: Sequence[str], count: int) -> list[str]:
    """A half single words, a quarter two words, a quarter phrases of two, in the form that both servers read."""
    chance = random.Random(SEED)
    asked: list[str] = []
    while len(asked) < count:
        words = [token.term for token in tokens(chance.choice(texts)) if token.term.isascii() and token.term.isalpha()]
        long = [word for word in words if len(word) > 3]
        if len(long) < 4:
            continue
        place = chance.randrange(len(words) - 1)
        kinds = (long[0], long[1], " ".join(long[2:4]), f'"{words[place]} {words[place + 1]}"')
        asked.append(kinds[len(asked) % 4])
    return asked


def _ours(path: str, query: str) -> str:
    return f"{path}?{urlencode({'q': query, 'size': 10})}"


def _page(query: str) -> str:
    """Datasette's page of a table, without the facets that it would suggest, which On Record's page has not either."""
    asked = {"_search": query, "_searchmode": "raw", "_size": 10, "_nosuggest": 1}
    return f"/paragraphs/paragraphs?{urlencode(asked)}"


def _ranked(query: str) -> str:
    """The ten best by BM25 as JSON: the least that Datasette can be asked for what On Record's API answers."""
    return f"/paragraphs.json?{urlencode({'sql': _BEST, 'asked': query, '_shape': 'array'})}"


def _database(path: Path, paragraphs: Sequence[tuple[str, str]]) -> Path:
    """The paragraphs with full-text search, as Datasette's own documentation sets it up."""
    with sqlite3.connect(path) as connection:
        connection.execute("create table paragraphs (id text primary key, text text)")
        connection.executemany("insert into paragraphs values (?, ?)", paragraphs)
        connection.execute("create virtual table paragraphs_fts using fts5 (text, content='paragraphs')")
        connection.execute("insert into paragraphs_fts (rowid, text) select rowid, text from paragraphs")
        connection.execute("insert into paragraphs_fts (paragraphs_fts) values ('optimize')")
    connection.close()
    return path


# ---------------------------------------------------------------------------- servers


@dataclass(frozen=True, slots=True)
class Server:
    """Where a server listens, and the number of its first process."""

    port: int
    process: int

    @property
    def family(self) -> list[int]:
        """All its processes."""
        children = Path(f"/proc/{self.process}/task/{self.process}/children").read_text().split()
        return [self.process, *map(int, children)]

    def cpu_s(self) -> float:
        """Seconds of processor time that it has used."""
        ticks = 0
        for member in self.family:
            fields = Path(f"/proc/{member}/stat").read_text().rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")

    def memory_mb(self) -> int:
        """What it has written to and shares with nobody (Linux's own count), in megabytes."""
        pages = re.compile(r"^Private_Dirty:\s+(\d+) kB", re.MULTILINE)
        held = (Path(f"/proc/{member}/smaps_rollup").read_text() for member in self.family)
        return round(sum(int(size) for text in held for size in pages.findall(text)) / 1024)


def onrecord(index: Path) -> AbstractContextManager[Server]:
    """``onrecord serve`` on an index."""
    port = _free_port()
    return _running([sys.executable, "-m", "search.cli", "serve", "--index", str(index), "--port", str(port)], port)


def datasette(database: Path) -> AbstractContextManager[Server]:
    port = _free_port()
    program = shutil.which("datasette", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}")
    if program is None:
        raise SystemExit("Datasette is not installed; it comes with the bench extra.")
    return _running([program, "-i", str(database), "--host", "127.0.0.1", "--port", str(port)], port)


@contextmanager
def _running(command: Sequence[str], port: int) -> Iterator[Server]:
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        late = time.monotonic() + 60
        while True:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=30):
                    break
            except OSError:
                if process.poll() is not None or time.monotonic() > late:
                    raise SystemExit(f"{command[0]} does not answer.") from None
                time.sleep(0.2)
        yield Server(port, process.pid)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


# -------------------------------------------------------------------------- measuring


def measure(
    here: Path, targets: Mapping[str, tuple[Server, Sequence[str]]], seconds: int
) -> dict[str, dict[str, object]]:
    """Each target in turn at each number of connections, so that what else the machine does falls on all alike."""
    for server, paths in targets.values():
        wrk(here, server, paths, 4, _WARM_UP)
    found: dict[str, dict[str, object]] = {name: {} for name in targets}
    for count in CONNECTIONS:
        for name, (server, paths) in targets.items():
            found[name][str(count)] = wrk(here, server, paths, count, seconds)
    return found


def wrk(here: Path, server: Server, paths: Sequence[str], connections: int, seconds: int) -> dict[str, float]:
    """Requests a second, percentiles of latency, errors, and what a request costs the server in processor time."""
    (here / "paths").write_text("\n".join(paths) + "\n")
    before = server.cpu_s()
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "20s", "-s", str(here / "load.lua")]
    said = subprocess.run(
        [*command, f"http://127.0.0.1:{server.port}"],
        env={**os.environ, "PATHS": str(here / "paths")},
        capture_output=True,
        text=True,
        check=True,
        timeout=seconds + 60,
    ).stdout
    found = re.search(r"RESULT (\d+) (\d+) (\S+) (\S+) (\S+) (\d+)", said)
    assert found, said
    requests, took, *percentiles, errors = map(float, found.groups())
    return {
        "requests_per_s": round(requests / took * 1e6, 1),
        **{f"p{n}_ms": round(us / 1000, 2) for n, us in zip((50, 90, 99), percentiles, strict=True)},
        "errors": int(errors),
        "cpu_ms_a_request": round((server.cpu_s() - before) * 1000 / max(requests, 1), 2),
    }


def flat(here: Path, server: Server, paths: Sequence[str], seconds: int) -> dict[str, object]:
    """Megabytes that the server holds for itself, looked at ten times while it is asked."""
    held = []
    for _ in range(10):
        wrk(here, server, paths, 16, max(1, seconds // 10))
        held.append(server.memory_mb())
    return {"seconds": seconds, "private_mb": held, "grown_after_the_half_mb": held[-1] - held[4]}


if __name__ == "__main__":
    main()
