"""What going through On Record costs on top of an OpenSearch cluster, and how the embedded engine does beside it.

    python -m benchmarks.clusters ARTICLES… [--nodes 1]

Starts a cluster of its own (see tests/opensearch/cluster.py), indexes the articles into it and into a folder, and asks
both the same queries, taken from the articles' own words: hits with their marks and copies folded; the same with facets
and a timeline, as the page of results asks; and each copy a hit of its own. The ways to ask are:

- ``Archive`` on the cluster;
- the same requests, sent by a plain opensearch-py program that does nothing with the answers: the cluster's own time;
- the same, and the paragraphs restored and marked by our own functions;
- the usual program: an index of its own with OpenSearch's English analyser, and one request with ``multi_match``,
  ``collapse`` with the earliest copy as inner hit, counts, facets and OpenSearch's highlighter; and without the latter;
- ``Archive`` on the embedded engine.

They take turns, query by query, so that what else the machine does falls on all alike. Prints medians in milliseconds,
and the median of what ``Archive`` takes on top of each, for each kind of search and over all kinds; bytes a paragraph;
and how long indexing took: of all of it, and of sending what was prepared, by our own writer and by a plain program.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest import mock

from opensearchpy import OpenSearch
from opensearchpy.helpers import bulk

from search import Archive
from search.analysis import terms
from search.engines.opensearch import OpenSearchEngine
from search.engines.opensearch.answering import paragraph_of
from search.engines.opensearch.client import Cluster
from search.engines.opensearch.documents import Prepared, stamped_documents
from search.engines.opensearch.mapping import index_body
from search.generations.store import open_store
from search.highlight import marker, snippet
from search.model import Match
from search.query import parse
from search.query.nodes import Node
from search.settings import Settings
from search.suggesting import FEW
from tests.opensearch.cluster import Nodes

QUERIES = 100
WARM = 50
JAVA = ("-Xms1g", "-Xmx1g", "-XX:+UseSerialGC")
"""As a node is run, and not as in the tests, which spare the compiler."""
ROUNDS = 2
FACETS = ("speaker", "topic", "outlet")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("articles", nargs="+", type=Path)
    parser.add_argument("--nodes", type=int, default=1)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        nodes = Nodes(folder / "nodes", given.nodes, java=JAVA)
        nodes.start()
        try:
            measure(given.articles, folder, nodes)
        finally:
            nodes.stop()


def measure(articles: list[Path], folder: Path, nodes: Nodes) -> None:
    here = Archive.open(settings=Settings(index=folder / "index"))
    there = Archive.open(settings=Settings(engine=nodes.address("press")))
    built = {"embedded": here.index(articles), "cluster": there.index(articles)}
    counts = here.count()
    client = OpenSearch([{"host": "127.0.0.1", "port": port} for port in nodes.ports[: nodes.count]], timeout=60)
    articles = prepared(here)
    sending = [(plain_indexing(articles, client), own_indexing(articles, there)) for _ in range(ROUNDS)]
    plain, own = map(min, zip(*sending, strict=True))
    print(f"{counts.articles:,} articles, {counts.paragraphs:,} paragraphs, {nodes.count} node(s)")
    for engine, report in built.items():
        print(f"indexing, read and understood as well, {engine}: {report.seconds:.1f} s")
    print(f"sending what is prepared: plain opensearch-py {plain:.1f} s, ours {own:.1f} s ({own / plain - 1:+.0%})")
    client.indices.forcemerge(index="press", max_num_segments=1, request_timeout=600)
    size = client.indices.stats(index="press", metric="store")["_all"]["primaries"]["store"]["size_in_bytes"]
    on_disk = sum(path.stat().st_size for path in (folder / "index").rglob("*") if path.is_file())
    print(f"bytes a paragraph: cluster {size / counts.paragraphs:,.0f}, embedded {on_disk / counts.paragraphs:,.0f}")
    usual_index(here, client)
    asked = queries(here)
    print(f"{len(asked)} queries of two or three words, more than {FEW} paragraphs each")
    on_top = [latency(kind, asked, match, here, there, client) for kind in KINDS for match in ("all", "any")]
    print("median over all kinds of what Archive takes on top of")
    for way in on_top[0]:
        print(f"    {way:20} {statistics.median(one[way] for one in on_top):+7.1%}")


def queries(archive: Archive) -> list[str]:
    """Two or three words that stand side by side somewhere."""
    chance = random.Random(7)
    hits = [hit for page in range(1, 11) for hit in archive.search("", size=100, page=page, sort="newest").hits]
    chosen = []
    for hit in chance.sample(hits, min(len(hits), QUERIES * 3)):
        words = terms(hit.paragraph.text)
        start = chance.randrange(max(1, len(words) - 3))
        chosen.append(" ".join(words[start : start + chance.choice((2, 3))]))
    # Where next to nothing is found, another spelling is looked for besides, which the plain programs do not do.
    return [text for text in chosen if archive.search(text, size=1).total > FEW][:QUERIES]


KINDS: dict[str, dict[str, Any]] = {
    "hits": {},
    "hits, facets and timeline": {"facets": FACETS, "interval": "month"},
    "each copy a hit of its own": {"copies": "all"},
}


def latency(
    kind: str, asked: list[str], match: str, here: Archive, there: Archive, client: OpenSearch
) -> dict[str, float]:
    """Prints medians of all ways to ask, which take turns; its answer is what ``Archive`` takes on top of each."""
    options = {"match": match, **KINDS[kind]}
    sent = {text: requests_of(there, text, options) for text in asked}
    ways: dict[str, Callable[[str], object]] = {
        "cluster, Archive": lambda text: there.search(text, **options),
        "the same requests": lambda text: [post(client, *request) for request in sent[text]],
        "and our marks": lambda text: marked(parse(text, Match(match)).tree, [post(client, *r) for r in sent[text]]),
        "usual program": lambda text: usual_search(client, text, options, marks=True),
        "usual, no marks": lambda text: usual_search(client, text, options, marks=False),
        "embedded, Archive": lambda text: here.search(text, **options),
    }
    took: dict[str, list[float]] = {way: [] for way in ways}
    for text in asked[:WARM]:
        for ask in ways.values():
            ask(text)
    for round_ in range(ROUNDS):
        for i, text in enumerate(asked):
            for way in sorted(ways, key=lambda way: hash((way, i, round_))):
                started = time.perf_counter()
                ways[way](text)
                took[way].append((time.perf_counter() - started) * 1000)
    own = sum(post(client, *request)["took"] for text in asked for request in sent[text]) / len(asked)
    requests = statistics.mean(map(len, sent.values()))
    print(f"{kind}, {match} words ({requests:.1f} requests a search, of which the cluster says {own:.1f} ms):")
    on_top = {}
    for way, times in took.items():
        on_top[way] = statistics.median(a / b - 1 for a, b in zip(took["cluster, Archive"], times, strict=True))
        print(f"    {way:20} {statistics.median(times):7.2f} ms   Archive on top {on_top[way]:+7.1%}", flush=True)
    return on_top


Sent = tuple[str, Any, dict[str, Any]]


def requests_of(archive: Archive, text: str, options: dict[str, Any]) -> list[Sent]:
    """What ``Archive`` sends to the cluster for a search: paths, bodies and parameters."""
    sent: list[Sent] = []
    original = Cluster.ask

    def ask(self: Cluster, method: str, path: str, body: Any = None, parameters: Any = None, **rest: Any) -> Any:
        if path.endswith("/_search"):
            sent.append((path, body, dict(parameters or {})))
        return original(self, method, path, body, parameters, **rest)

    with mock.patch.object(Cluster, "ask", ask):
        archive.search(text, **options)
    return sent


def post(client: OpenSearch, path: str, body: Any, parameters: dict[str, Any]) -> Any:
    return client.transport.perform_request("POST", path, params=dict(parameters), body=body)


def marked(tree: Node, answers: list[Any]) -> list[Any]:
    """The paragraphs of the first answer with their marks, found as ``Archive`` finds them."""
    found = [paragraph_of(hit) for hit in answers[0]["hits"]["hits"][:20]]
    marks = marker(tree)
    return [(p, answered, snippet(p.text, answered.text, 320)) for p in found for answered in [marks(p)]]


def usual_search(client: OpenSearch, text: str, options: dict[str, Any], *, marks: bool) -> Any:
    """What a short program would do by itself to show the same: one request to an index of its own."""
    every = options["match"] == "all"
    fields = {"query": text, "fields": ["text", "title^0.6"], "operator": "and" if every else "or"}
    counts = {name: {"cardinality": {"field": name, "precision_threshold": 10_000}} for name in ("article", "story")}
    body: dict[str, Any] = {
        "query": {"multi_match": {**fields, "type": "cross_fields" if every else "most_fields"}},
        "size": 20,
        "track_total_hits": True,
        "aggs": dict(counts),
        "sort": ["_score", {"published": "desc"}, "article", "number"],
    }
    if marks:
        body["highlight"] = {"fields": {"text": {"number_of_fragments": 0}, "title": {"number_of_fragments": 0}}}
    if options.get("copies") != "all":
        first = {"name": "copies", "size": 1, "sort": [{"published": "asc"}, "article", "number"]}
        body["collapse"] = {"field": "story", "inner_hits": first}
    if options.get("facets"):
        months = {"date_histogram": {"field": "published", "calendar_interval": "month", "min_doc_count": 1}}
        body["aggs"] |= {name: {"terms": {"field": name, "size": 50}} for name in FACETS}
        body["aggs"] |= {"months": months, "all": {"global": {}, "aggs": {"months": months}}}
    return client.search(index="usual", body=body)


def usual_index(archive: Archive, client: OpenSearch) -> None:
    """The same paragraphs as a short program would keep them."""
    english = {"type": "text", "analyzer": "english"}
    kept = {"article": "keyword", "story": "keyword", "number": "integer", "published": "date"}
    kept |= dict.fromkeys(("speaker", "topic", "outlet"), "keyword")
    properties = {"text": english, "title": english, **{name: {"type": kind} for name, kind in kept.items()}}
    client.indices.create(
        index="usual", body={"settings": {"number_of_replicas": 0}, "mappings": {"properties": properties}}
    )
    store = open_store(archive.settings)
    reader = store.reader(store.current().number)
    actions = (
        {
            "_index": "usual",
            "_source": {
                "text": p.text, "title": a.metadata.title, "article": a.id, "story": str(hash(p.text)),
                "number": p.number, "published": a.metadata.published,
                "speaker": [s.name for s in p.speakers], "topic": [t.label for t in p.topics], "url": a.metadata.url,
                "outlet": a.metadata.outlet or None,
            },
        }
        for identifier, _ in reader.articles()
        if (a := reader.article(identifier))
        for p in a.paragraphs
    )  # fmt: skip
    bulk(client, actions, chunk_size=500, request_timeout=120)
    client.indices.forcemerge(index="usual", max_num_segments=1, request_timeout=600)
    client.indices.refresh(index="usual")


def prepared(archive: Archive) -> list[Prepared]:
    store = open_store(archive.settings)
    reader = store.reader(store.current().number)
    engine = OpenSearchEngine()
    found = []
    for identifier, _ in reader.articles():
        article = reader.article(identifier)
        assert article
        (made,) = engine.prepare([article])
        assert isinstance(made, Prepared)
        found.append(made)
    return found


def plain_indexing(articles: list[Prepared], client: OpenSearch) -> float:
    """Seconds that opensearch-py's own helper takes to send what is prepared."""
    client.indices.create(index="plain", body=index_body(1, 0, {}))
    started = time.perf_counter()
    actions = (
        {"_index": "plain", "_id": identifier, "_source": json.loads(document)}
        for article in articles
        for identifier, document in stamped_documents(article, None)
    )
    bulk(client, actions, chunk_size=500, max_chunk_bytes=4 * 2**20, request_timeout=120)
    client.indices.refresh(index="plain")
    took = time.perf_counter() - started
    client.indices.delete(index="plain")
    return took


def own_indexing(articles: list[Prepared], there: Archive) -> float:
    """Seconds that our writer takes for the same."""
    store = open_store(replace(there.settings, engine=there.settings.engine.replace("/press", "/own")))
    with store.changing("benchmark", 5.0, lambda holder: None, alone=True):
        number = store.draft(None)
        started = time.perf_counter()
        with store.writer(number, None, 0) as writer:
            for article in articles:
                writer.put(article)
        took = time.perf_counter() - started
        store.discard(number)
    return took


if __name__ == "__main__":
    main()
