"""Holds the quality of attribution, topics and ranking against recorded floors.

    python benchmarks/quality.py [--quick] [--shared DIR] [--only NAME]
    python benchmarks/quality.py --reliability | --german | --speed

Runs the scores that lie under DIR/tools (default: ``shared`` beside the project, or ONRECORD_SHARED), prints each
figure beside its floor from ``floors.json``, and ends with 1 when one is below. ``--quick`` runs those on few
articles only. The other three print what `docs/attribution.md` quotes: how often speakers of each certainty are right,
how well German quotations are found, and paragraphs a second of one core for attribution alone.
A floor is lowered only in a commit that says so and why.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
from search.attribution import attribute  # noqa: E402
from search.model import Article, Kind, Metadata, Paragraph  # noqa: E402

SHARED = Path(os.environ.get("ONRECORD_SHARED", ROOT.parent / "shared"))
FLOORS = Path(__file__).with_name("floors.json")
COMMAND = f"{sys.executable} -m search.cli"
SCORES: dict[str, list[str]] = {
    "seed": ["score_seed.py", "--onrecord", COMMAND],
    "attribution": ["score_attribution.py", "--onrecord", COMMAND],
    "attribution-quick": ["score_attribution.py", "--onrecord", COMMAND, "--sample", "150"],
    "topics": ["score_topics.py", "--onrecord", COMMAND],
}
QUICK = ("seed", "attribution-quick")


def run(name: str, shared: Path) -> dict[str, Any]:
    """The figures of one score, by name; numbers within are joined to it by a point."""
    script, *options = SCORES[name]
    call = [sys.executable, str(shared / "tools" / script), *options]
    done = subprocess.run(call, capture_output=True, text=True, cwd=ROOT, check=False)
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    if not lines:
        raise SystemExit(f"{script} gave no figures: {done.stderr.strip()[-300:]}")
    return dict(_flat(json.loads(lines[-1])))


def _flat(figures: dict[str, Any], before: str = "") -> Iterator[tuple[str, float]]:
    for key, value in figures.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{before}{key}.")
        elif isinstance(value, str) and "/" in value:
            right, asked = map(int, value.split("/"))
            yield before + key, right / asked
        elif isinstance(value, int | float):
            yield before + key, float(value)


def compare(name: str, figures: dict[str, float], floors: dict[str, float]) -> bool:
    """Print each figure beside its floor; whether all reach theirs."""
    good = True
    for key, floor in floors.items():
        reached = figures.get(key, 0.0)
        good &= reached >= floor
        print(f"{name:18} {key:28} {reached:8.4f}  floor {floor:7.4f}  {'' if reached >= floor else 'BELOW'}")
    return good


# ---------------------------------------------------------------------- what docs/attribution.md quotes


def rows(path: Path) -> Iterator[dict[str, Any]]:
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def article(row: dict[str, Any], language: str = "en") -> Article:
    head = Metadata(row["id"], row.get("title") or "", language=language)
    texts = enumerate(row["paragraphs"])
    return Article(head, tuple(Paragraph(head, i, Kind.BODY, text) for i, text in texts))


def overlap(a: tuple[int, int], b: tuple[int, int]) -> float:
    shared = min(a[1], b[1]) - max(a[0], b[0])
    return shared / (max(a[1], b[1]) - min(a[0], b[0])) if shared > 0 else 0.0


def reliability(shared: Path) -> None:
    """Of the named speakers of each certainty, the share that the annotators name, too, in that place."""
    sys.path.insert(0, str(shared / "tools"))
    from eval_attribution import mention_class, mention_match, same_name

    bins: dict[float, list[int]] = defaultdict(lambda: [0, 0])
    for row in rows(shared / "data" / "attribution" / "polnear-articles.jsonl.gz"):
        for number, quotations in enumerate(attribute(article(row)).quotations):
            for q in quotations:
                if q.speaker is None:
                    continue
                best = max(
                    (
                        (overlap((c.start, c.end), (s["start"], s["end"])), k)
                        for k, a in enumerate(row["attributions"])
                        for s in a["content"]["spans"]
                        if s["paragraph"] == number
                        for c in q.content
                    ),
                    default=(0.0, -1),
                )
                cell = bins[round(q.certainty, 1)]
                if best[0] <= 0.3:
                    cell[1] += 1
                    continue
                found = row["attributions"][best[1]]
                named = [n for r in found.get("resolved", []) if r["name"] for n in (r["name"], *r.get("accept", []))]
                source = (found["source"] or {}).get("text")
                pronoun = source is None or mention_class(source) == "pronoun"
                if not named and pronoun:
                    continue  # the gold does not know who it is
                right = any(same_name(q.speaker, name, "surname") for name in named)
                cell[0] += right or (not pronoun and mention_match(q.speaker, source))
                cell[1] += 1
    for certainty, (right, count) in sorted(bins.items()):
        print(f"certainty {certainty:.1f}  {count:6} quotations  {right / count:.3f} right")


def german(shared: Path) -> None:
    """How exactly direct quotations are found in German WIKINEWS."""
    sys.path.insert(0, str(shared / "tools"))
    from eval_attribution import Spans

    spans = Spans()
    for row in rows(shared / "data" / "attribution" / "dewikinews-articles.jsonl"):
        for number, quotations in enumerate(attribute(article(row, "de")).quotations):
            gold = [
                (s["start"], s["end"])
                for a in row["attributions"]
                if a["kind"] == "direct"
                for s in a["content"]["spans"]
                if s["paragraph"] == number
            ]
            spans.add(row["paragraphs"][number], gold, [(r.start, r.end) for q in quotations for r in q.quoted])
    print(json.dumps({"direct": spans.out()["exact"]}))


def speed(shared: Path) -> None:
    """Paragraphs a second of one core, for attribution alone, over the news corpus."""
    count, seconds = 0, 0.0
    for path in sorted((shared / "data" / "corpus").glob("*.jsonl.gz")):
        articles = [article(row) for row, _ in zip(rows(path), range(400), strict=False)]
        attribute(articles[0])
        started = time.process_time()
        for one in articles:
            attribute(one)
        seconds += time.process_time() - started
        count += sum(len(one.paragraphs) for one in articles)
    print(json.dumps({"paragraphs": count, "paragraphs_per_s": round(count / seconds)}))


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--shared", type=Path, default=SHARED)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--only", choices=sorted(SCORES))
    for other in ("reliability", "german", "speed"):
        parser.add_argument(f"--{other}", action="store_true")
    chosen = parser.parse_args()
    for other in (reliability, german, speed):
        if getattr(chosen, other.__name__):
            other(chosen.shared)
            return 0
    floors = json.loads(FLOORS.read_text(encoding="utf-8"))
    names = [chosen.only] if chosen.only else list(QUICK) if chosen.quick else [n for n in SCORES if n not in QUICK[1:]]
    good = [compare(name, run(name, chosen.shared), floors[name]) for name in names]
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
