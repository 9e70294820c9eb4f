"""What each part of the ranking gains, on judged collections, by leaving it out.

    python -m benchmarks.ranking COLLECTIONS

COLLECTIONS is a folder with one folder a collection: ``docs.jsonl.gz`` (id, title, text), ``queries.jsonl`` (id, text)
and ``qrels.tsv`` (query, 0, document, grade). Every document is an article of one paragraph; a query is its words, of
which any may match. Prints nDCG@10 for each collection, a line for each way of ranking, and recall@100 for the first.
"""

from __future__ import annotations

import gzip
import json
import math
import re
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

from search import Archive
from search.engines import weights as engine_weights
from search.engines.whoosh import evaluate

Grades = dict[str, dict[str, int]]

VARIANTS: dict[str, dict[str, float]] = {
    "as it is": {},
    "no title": {"TITLE_WEIGHT": 0.0},
    "title like text": {"TITLE_WEIGHT": 1.0},
    "no exact form": {"EXACT_WEIGHT": 0.0},
    "exact form 0.1": {"EXACT_WEIGHT": 0.1},
    "exact form 0.4": {"EXACT_WEIGHT": 0.4},
    "repeats once": {"K3": 0.0},
    "repeats each": {"K3": 1e9},
    "plain BM25, title half": {"TITLE_WEIGHT": 0.5, "EXACT_WEIGHT": 0.0, "K3": 1e9},
}


def main() -> None:
    folders = sorted(path for path in Path(sys.argv[1]).iterdir() if path.is_dir())
    rows: dict[str, list[str]] = {name: [] for name in VARIANTS}
    for folder in folders:
        asked, judged = _queries(folder)
        with _indexed(folder) as index:
            for name, weights in VARIANTS.items():
                ndcg, recall = _score(index, weights, asked, judged)
                rows[name].append(f"{ndcg:.4f}" + (f" ({recall:.3f})" if not weights else ""))
    print("| | " + " | ".join(folder.name for folder in folders) + " |")
    for name, cells in rows.items():
        print(f"| {name} | " + " | ".join(cells) + " |")


def _queries(folder: Path) -> tuple[dict[str, str], Grades]:
    judged: Grades = defaultdict(dict)
    for line in (folder / "qrels.tsv").read_text(encoding="utf-8").splitlines():
        query, _, document, grade = line.split("\t")
        if int(grade) > 0:
            judged[query][document] = int(grade)
    rows = map(json.loads, (folder / "queries.jsonl").read_text(encoding="utf-8").splitlines())
    return {str(row["id"]): _words(row["text"]) for row in rows if str(row["id"]) in judged}, judged


def _words(text: str) -> str:
    operators = ("AND", "OR", "NOT", "NEAR", "PRE")
    return " ".join(word for word in re.findall(r"[^\W_]+", text) if word.upper() not in operators)[:1000]


@contextmanager
def _indexed(folder: Path) -> Iterator[Path]:
    with (
        tempfile.TemporaryDirectory() as name,
        gzip.open(folder / "docs.jsonl.gz", "rt", encoding="utf-8") as documents,
    ):
        source, index = Path(name, "articles.jsonl"), Path(name, "index")
        with source.open("w", encoding="utf-8") as file:
            for document in map(json.loads, documents):
                article = {"id": str(document["id"]), "title": document.get("title") or ""}
                file.write(json.dumps(article | {"paragraphs": [document["text"]]}) + "\n")
        with Archive.open(index) as archive:
            archive.index([source])
        yield index


def _score(index: Path, weights: dict[str, float], asked: dict[str, str], judged: Grades) -> tuple[float, float]:
    """nDCG@10 and recall@100, averaged over the queries."""
    gains = recalls = 0.0
    own = {"B": evaluate.B, **{name: weight for name, weight in weights.items() if name != "K3"}}
    repeats = mock.patch.object(engine_weights, "K3", weights.get("K3", engine_weights.K3))
    with mock.patch.multiple(evaluate, **own), repeats, Archive.open(index) as archive:
        for query, text in asked.items():
            grades = judged[query]
            hits = archive.search(text, match="any", size=100).hits
            found = [hit.paragraph.article.id for hit in hits]
            gains += _gain([grades.get(document, 0) for document in found]) / _gain(
                sorted(grades.values(), reverse=True)
            )
            recalls += len(set(found) & grades.keys()) / len(grades)
    return gains / len(asked), recalls / len(asked)


def _gain(grades: list[int]) -> float:
    return sum(grade / math.log2(place + 2) for place, grade in enumerate(grades[:10]))


if __name__ == "__main__":
    main()
