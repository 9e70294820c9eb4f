"""How good and how fast the finer topics of paragraphs are.

    python benchmarks/topics.py [--corpus DIR] [--show]

DIR holds the .jsonl.gz files of a news corpus. Measured are the 300 paragraphs of ``topics_paragraphs.json``, which a
reader filed before any rule was run. A rule's topic is right when the reader gave it, or one under it. Recall is
over the reader's topics for which there is a rule. The speed is of model and rules together, over every paragraph
of the corpus, in seconds of one core. One JSON line; ``--show`` prints what was wrong and what was missed.
"""

from __future__ import annotations

import argparse
import collections
import gzip
import json
import os
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from search.model import Article, Kind, Metadata, Paragraph
from search.topics import tag_all, taxonomy, with_ancestors
from search.topics.desk import DeskFiles, read_desk

GOLD = Path(__file__).with_name("topics_paragraphs.json")
DATA = Path(os.environ.get("ONRECORD_SHARED", Path(__file__).resolve().parents[2] / "shared")) / "data" / "corpus"


def articles(folder: Path) -> Iterator[Article]:
    for path in sorted(folder.glob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                row = json.loads(line)
                head = Metadata(row["id"], row.get("title") or "")
                texts = enumerate(row["paragraphs"])
                yield Article(head, tuple(Paragraph(head, i, Kind.BODY, text) for i, text in texts))


def quality(found: dict[str, tuple[str, ...]], gold: dict[str, list[str]], show: dict[str, str]) -> dict[str, Any]:
    """Precision and recall of the rules; ``show`` has the texts to print mistakes with."""
    known, ruled = taxonomy(), set(read_desk(DeskFiles()).rules)
    right = said = hit = wanted = 0
    wrong: collections.Counter[str] = collections.Counter()
    for paragraph, numbers in gold.items():
        codes = {f"medtop:{number}" for number in numbers}
        fitting = set(with_ancestors(codes))
        mine = found[paragraph]
        bad = [code for code in mine if code not in fitting]
        missed = [code for code in codes if code in ruled and code not in with_ancestors(mine)]
        said, right = said + len(mine), right + len(mine) - len(bad)
        wanted += sum(code in ruled for code in codes)
        hit += sum(code in ruled for code in codes) - len(missed)
        wrong.update(map(known.label, bad))
        if show and (bad or missed):
            print(f"{show[paragraph][:300]}\n   + {'; '.join(known.label(c) for c in mine if c in fitting)}")
            print(f"   ! {'; '.join(map(known.label, bad))}\n   - {'; '.join(map(known.label, missed))}")
    return {
        "paragraphs": len(gold),
        "topics": said,
        "precision": round(right / said, 4),
        "recall": round(hit / wanted, 4),
        "often_wrong": dict(wrong.most_common(10)) if show else {},
    }


def batched(read: Sequence[Article]) -> Iterator[Sequence[Article]]:
    """A hundred articles at a time, as they are indexed."""
    return (read[start : start + 100] for start in range(0, len(read), 100))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, default=DATA)
    parser.add_argument("--show", action="store_true")
    options = parser.parse_args()
    gold = json.loads(GOLD.read_text(encoding="utf-8"))["paragraphs"]
    read = list(articles(options.corpus))
    tag_all(read[:1])  # the model and the rules are read here
    started = time.process_time()
    tagged = [found for batch in batched(read) for found in tag_all(batch)]
    seconds = time.process_time() - started
    found: dict[str, tuple[str, ...]] = {}
    texts: dict[str, str] = {}
    for article, tagging in zip(read, tagged, strict=True):
        for paragraph, topics in zip(article.paragraphs, tagging.paragraphs, strict=True):
            if paragraph.id in gold:
                found[paragraph.id] = tuple(topic.code for topic in topics if topic.how == "rule")
                texts[paragraph.id] = paragraph.text
    count = sum(len(article.paragraphs) for article in read)
    answer = quality(found, gold, texts if options.show else {})
    answer |= {"rules": len(read_desk(DeskFiles()).rules), "paragraphs_per_s": round(count / seconds)}
    print(json.dumps(answer, ensure_ascii=False))


if __name__ == "__main__":
    main()
