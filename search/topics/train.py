"""Make the model that comes with the package: ``python -m search.topics.train wikipedia_current_events.jsonl.gz``.

The file has one item a line with ``text`` or ``paragraphs``, ``date`` and ``topics``, the last as codes of the top
level: the items of Wikipedia's Portal:Current events, under the headings that its editors gave them (CC BY-SA 4.0).
The weights begin as the word lists in ``fields.toml`` say and move as far as the items ask for. Nothing is left to
chance: the same file gives the same model.
"""

from __future__ import annotations

import gzip
import json
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

import click
import numpy as np

from search.analysis import stem, terms
from search.topics.classifier import FIELDS, TITLE, Model
from search.topics.cues import Cues, Key, key_of
from search.topics.fitting import Array, Counted, common, fit, right_share, softmax
from search.topics.taxonomy import PREFIX

SOURCE = "Wikipedia, Portal:Current events, by its editors, CC BY-SA 4.0"
LISTED = {"sure": 3.0, "likely": 2.0, "hint": 1.0}
# Found on the dev side of BBC, MasakhaNEWS and Wikipedia together; what happens around each is in docs/topics.md.
STEEPNESS, SCALE = 1.5, 0.5
"""A listed word weighs SCALE times its list's number to the power STEEPNESS."""
PENALTY = 1.0
MOVEMENT, BIAS = 0.6, 0.3
"""How much of what was learnt, of words and of how frequent the fields are, is taken over: news is not Wikipedia."""
RAREST = 5
"""Items in which a word must stand to be learnt."""
SHARPNESS, GROWTH = 6.0, 0.7
"""Make of the sums what may be called certainty, for an item of 26 words and an article of 800 alike."""
HELD_BACK = 0.2
"""The share of the items, the latest ones, on which a trial is measured."""


def listed() -> dict[Key, Array]:
    """The cues of ``fields.toml`` with their weights for the 17 fields."""
    table = tomllib.loads(files("search.topics").joinpath("fields.toml").read_text(encoding="utf-8"))
    found: dict[Key, Array] = {}
    for number, lists in table.items():
        column = FIELDS.index(PREFIX + number)
        for name, cues in lists.items():
            for cue in cues.split(","):
                row = found.setdefault(key_of(cue.strip()), np.zeros(len(FIELDS)))
                row[column] = max(row[column], SCALE * LISTED[name] ** STEEPNESS)
    found.pop((), None)
    return found


def pieces(item: Mapping[str, Any]) -> list[tuple[str, int]]:
    """The texts of an item and what a word in each counts."""
    return [(item.get("title") or "", TITLE), *((text, 1) for text in item.get("paragraphs") or [item["text"]])]


def count(cues: Cues, item: Mapping[str, Any]) -> Counter[int]:
    """How often each cue stands in an item."""
    texts, weights = zip(*pieces(item), strict=True)
    counts: Counter[int] = Counter()
    for cue, text, _, _ in cues.find(texts).longest().rows():
        counts[cue] += weights[text]
    return counts


def gold_of(items: Sequence[Mapping[str, Any]]) -> Array:
    return np.array([[float(code in item["topics"]) for code in FIELDS] for item in items])


def train(items: Sequence[Mapping[str, Any]], about: Mapping[str, Any]) -> Model:
    """A model from labelled items and the word lists."""
    lists = listed()
    known = {key[0].removeprefix("=") for key in lists if len(key) == 1}
    stems = [Counter(stem(term) for text, _ in pieces(item) for term in terms(text)) for item in items]
    learnt = [word for word in common(stems, RAREST) if word not in known and word.isalpha() and len(word) > 2]
    keys = (*lists, *((word,) for word in learnt))
    cues = Cues(keys)
    start = np.vstack([*lists.values(), np.zeros((len(learnt), len(FIELDS)))])
    moved, bias = fit(Counted.of([count(cues, item) for item in items]), gold_of(items), start, PENALTY)
    weights = (start + MOVEMENT * moved).astype(np.float32)
    return Model(keys, weights, (BIAS * bias).astype(np.float32), SHARPNESS, GROWTH, about)


def verdicts(model: Model, items: Sequence[Mapping[str, Any]]) -> Array:
    """How likely each field is for each item."""
    cues = Cues(model.keys)
    counted = Counted.of([count(cues, item) for item in items])
    sums = counted.sums(model.weights.astype(np.float64)) + model.bias
    return softmax(sums * (model.sharpness / counted.evidence() ** model.growth)[:, None])


def read(path: Path) -> list[dict[str, Any]]:
    content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    items = [json.loads(line) for line in content.splitlines()]
    return sorted((item for item in items if item["topics"]), key=lambda item: (item.get("date", ""), item["id"]))


@click.command()
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option("-o", "--output", type=click.Path(path_type=Path), default=Path(__file__).with_name("model.npz"))
@click.option("--trial", is_flag=True, help="Train on the earlier days, measure on the later ones, write nothing.")
def main(path: Path, output: Path, trial: bool) -> None:
    """Make the model from the labelled items in PATH."""
    items = read(path)
    if trial:
        day = items[int(len(items) * (1 - HELD_BACK))]["date"]
        earlier, later = ([i for i in items if i["date"] < day], [i for i in items if i["date"] >= day])
        right = right_share(verdicts(train(earlier, {}), later), gold_of(later))
        click.echo(json.dumps({"trained": len(earlier), "from": day, "measured": len(later), "right": round(right, 4)}))
        return
    about = {"items": len(items), "from": items[0]["date"], "to": items[-1]["date"], "source": SOURCE}
    model = train(items, about)
    content = model.to_bytes()
    output.write_bytes(content)
    click.echo(f"{output}: {len(model.keys):,} cues, {len(content):,} bytes")


if __name__ == "__main__":
    main()
