"""Ask a served archive by wrk, beside Datasette serving the same paragraphs by SQLite's full-text search.

    python benchmarks/load.py ARTICLES [--index DIR] [--seconds N] [--queries N] [--flat SECONDS]

Needs wrk (Debian's package of that name) and the ``bench`` extra. ARTICLES is what ``onrecord index`` reads; it is
indexed into a temporary folder unless an index of it is given. Both servers listen on 127.0.0.1, one after the other,
so that neither takes the other's cores. Each is asked the same mix of words, phrases and pairs of words, drawn by a
fixed seed from the paragraphs, ten hits a page, at 1, 16 and 64 connections, after a short run to warm up: On Record's
page and API, Datasette's page and JSON. With ``--flat`` the API is asked so long once more, and the memory of all its
processes is looked at on the way. Prints one JSON line. Timings differ between machines and hours; what counts is the
comparison.
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
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

from search import Archive, Settings
from search.analysis import tokens
from search.articles import read_articles
from search.model import Article

SEED = 20261124
CONNECTIONS = (1, 16, 64)
_WARM_UP = 2  # seconds
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
        with onrecord(index) as (port, process):
            for name, path in (("page", "/search"), ("api", "/api/v1/search")):
                paths = [f"{path}?{urlencode({'q': query, 'size': 10})}" for query in asked]
                report[f"onrecord_{name}"] = measure(here, port, paths, options.seconds)
            if options.flat:
                report["onrecord_memory"] = flat(here, port, paths, options.flat, process)
        database = _database(here / "paragraphs.db", paragraphs)
        with datasette(database) as port:
            for name, address in (("page", _page), ("api", _ranked)):
                paths = [address(query) for query in asked]
                report[f"datasette_{name}"] = measure(here, port, paths, options.seconds)
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


@contextmanager
def onrecord(index: Path) -> Iterator[tuple[int, int]]:
    """``onrecord serve`` on an index; its port and the number of its first process."""
    port = _free_port()
    command = [sys.executable, "-m", "search.cli", "serve", "--index", str(index), "--port", str(port)]
    with _running(command, port) as process:
        yield port, process


@contextmanager
def datasette(database: Path) -> Iterator[int]:
    port = _free_port()
    program = shutil.which("datasette", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}")
    if program is None:
        raise SystemExit("Datasette is not installed; it comes with the bench extra.")
    with _running([program, "-i", str(database), "--host", "127.0.0.1", "--port", str(port)], port):
        yield port


@contextmanager
def _running(command: Sequence[str], port: int) -> Iterator[int]:
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
        yield process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


# -------------------------------------------------------------------------- measuring


def measure(here: Path, port: int, paths: Sequence[str], seconds: int) -> dict[str, dict[str, float]]:
    """Requests a second and percentiles of latency at each number of connections."""
    (here / "paths").write_text("\n".join(paths) + "\n")
    wrk(here, port, 4, _WARM_UP)
    return {str(count): wrk(here, port, count, seconds) for count in CONNECTIONS}


def wrk(here: Path, port: int, connections: int, seconds: int) -> dict[str, float]:
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "20s", "-s", str(here / "load.lua")]
    said = subprocess.run(
        [*command, f"http://127.0.0.1:{port}"],
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
    }


def flat(here: Path, port: int, paths: Sequence[str], seconds: int, process: int) -> dict[str, object]:
    """Megabytes that the server's processes hold for themselves, looked at ten times while it is asked."""
    (here / "paths").write_text("\n".join(paths) + "\n")
    held = []
    for _ in range(10):
        wrk(here, port, 16, max(1, seconds // 10))
        held.append(memory_mb(process))
    return {"seconds": seconds, "private_mb": held, "grown_after_the_half_mb": held[-1] - held[4]}


def memory_mb(process: int) -> int:
    """What a process and its children have written to and share with nobody (Linux's own count), in megabytes."""
    family = [process, *map(int, Path(f"/proc/{process}/task/{process}/children").read_text().split())]
    pages = re.compile(r"^Private_Dirty:\s+(\d+) kB", re.MULTILINE)
    kilobytes = 0
    for member in family:
        kilobytes += sum(map(int, pages.findall(Path(f"/proc/{member}/smaps_rollup").read_text())))
    return round(kilobytes / 1024)


if __name__ == "__main__":
    main()
