"""What going through On Record costs on top of an OpenSearch cluster, and how the embedded engine does beside it.

    python -m benchmarks.clusters ARTICLES… [--nodes 1]

Starts a cluster of its own (see tests/opensearch/cluster.py), indexes the articles into it and into a folder, and asks
both the same queries, taken from the articles' own words: through ``Archive`` on each engine, and by plain
opensearch-py programs that take 20 paragraphs, the number of matches, of articles and of stories:

- one that sends our compiled query to our index and decodes the stored paragraphs, without marks;
- the same, and marks what answers by our own function, as ``Archive`` does;
- one with an index of its own, the usual English analyser, a ``multi_match`` and OpenSearch's highlighter.

They take turns, query by query, so that what else the machine does falls on all alike. Prints medians in milliseconds
and what is ours on top, bytes a paragraph, and how long indexing took, ours and a plain program's that sends what was
prepared.
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

from opensearchpy import OpenSearch
from opensearchpy.helpers import bulk

from search import Archive
from search.analysis import terms
from search.engines.opensearch import OpenSearchEngine
from search.engines.opensearch.answering import EXACT, Question, paragraph_of
from search.engines.opensearch.compiling import compile_tree
from search.engines.opensearch.documents import Prepared, stamped_documents
from search.engines.opensearch.mapping import index_body
from search.highlight import highlight, snippet
from search.model import Copies, Match, SearchRequest
from search.query import parse
from search.settings import Settings
from search.store import open_store
from search.suggesting import FEW
from tests.opensearch.cluster import Nodes

QUERIES = 100
WARM = 20


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("articles", nargs="+", type=Path)
    parser.add_argument("--nodes", type=int, default=1)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        nodes = Nodes(folder / "nodes", given.nodes)
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
    plain = plain_indexing(here, client)
    print(f"{counts.articles:,} articles, {counts.paragraphs:,} paragraphs, {nodes.count} node(s)")
    for engine, report in built.items():
        print(f"indexing, read and understood as well, {engine}: {report.seconds:.1f} s")
    print(f"writing what is prepared, plain opensearch-py: {plain:.1f} s; ours: {own_indexing(here, there):.1f} s")
    client.indices.forcemerge(index="press", max_num_segments=1, request_timeout=600)
    size = client.indices.stats(index="press", metric="store")["_all"]["primaries"]["store"]["size_in_bytes"]
    on_disk = sum(path.stat().st_size for path in (folder / "index").rglob("*") if path.is_file())
    print(f"bytes a paragraph: cluster {size / counts.paragraphs:,.0f}, embedded {on_disk / counts.paragraphs:,.0f}")
    usual_index(here, client)
    asked = queries(here)
    print(f"{len(asked)} queries of two or three words, more than {FEW} paragraphs each")
    for label, match in (("all words", "all"), ("any word", "any")):
        latency(label, asked, match, here, there, client)


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


def latency(label: str, asked: list[str], match: str, here: Archive, there: Archive, client: OpenSearch) -> None:
    ways: dict[str, Callable[[str], object]] = {
        "embedded, Archive": lambda text: here.search(text, match=match, copies="all"),
        "cluster, Archive": lambda text: there.search(text, match=match, copies="all"),
        "plain, no marks": lambda text: plain_search(client, text, match, marked=False),
        "plain, our marks": lambda text: plain_search(client, text, match, marked=True),
        "plain, its own index": lambda text: usual_search(client, text, match),
    }
    took: dict[str, list[float]] = {way: [] for way in ways}
    for text in asked[:WARM]:
        for ask in ways.values():
            ask(text)
    for round_ in range(3):
        for i, text in enumerate(asked):
            for way in sorted(ways, key=lambda way: hash((way, i, round_))):
                started = time.perf_counter()
                ways[way](text)
                took[way].append((time.perf_counter() - started) * 1000)
    medians = {way: statistics.median(times) for way, times in took.items()}
    shown = ", ".join(f"{way} {median:.2f} ms" for way, median in medians.items())
    print(f"{label}: {shown}")
    for way, median in medians.items():
        if way.startswith("plain"):
            print(f"    ours on top of “{way}”: {medians['cluster, Archive'] / median - 1:+.1%}")


def plain_search(client: OpenSearch, text: str, match: str, *, marked: bool) -> list[Any]:
    """What a short program would do that knows our query and our index."""
    tree = parse(text, Match(match)).tree
    question = Question(SearchRequest(text, copies=Copies.ALL), compile_tree(tree), {})
    answer = client.search(index="press", body=question.body(0))
    found = [paragraph_of(hit) for hit in answer["hits"]["hits"][:20]]
    return [snippet(p.text, highlight(tree, p), 320) for p in found] if marked else found


def usual_search(client: OpenSearch, text: str, match: str) -> Any:
    """What a short program would do by itself."""
    fields = {"query": text, "fields": ["text", "title^0.6"], "operator": "and" if match == "all" else "or"}
    body = {
        "query": {"multi_match": {**fields, "type": "cross_fields" if match == "all" else "most_fields"}},
        "size": 20,
        "track_total_hits": True,
        "aggs": {name: {"cardinality": {"field": name, "precision_threshold": EXACT}} for name in ("article", "story")},
        "highlight": {"fields": {"text": {"number_of_fragments": 0}}},
        "sort": ["_score", {"published": "desc"}, "article", "number"],
    }
    return client.search(index="usual", body=body)["hits"]["hits"]


def usual_index(archive: Archive, client: OpenSearch) -> None:
    """The same paragraphs as a short program would keep them."""
    english = {"type": "text", "analyzer": "english"}
    kept = {"article": "keyword", "story": "keyword", "number": "integer", "published": "date"}
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
                "speakers": [s.name for s in p.speakers], "topics": [t.label for t in p.topics], "url": a.metadata.url,
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


def plain_indexing(archive: Archive, client: OpenSearch) -> float:
    """Seconds that opensearch-py's own helper takes to send what is prepared."""
    articles = prepared(archive)
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


def own_indexing(archive: Archive, there: Archive) -> float:
    """Seconds that our writer takes for the same."""
    articles = prepared(archive)
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
