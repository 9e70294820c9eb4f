"""The model: which of the 17 top-level topics a whole article is about, from the words that speak for each.

It is a log-linear one. A cue that stands n times adds ln(1 + n) times its weights; the sums, divided by a measure
of how much was read, go through a softmax. ``search.topics.train`` makes the weights: it starts from the word lists
in ``fields.toml`` and learns how far to move from them.
"""

from __future__ import annotations

import io
import json
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

from search.topics.cues import Key

Floats = np.ndarray[Any, np.dtype[np.float32]]

FIELDS = tuple(f"medtop:{number:02d}000000" for number in range(1, 18))
"""The top level, in the order of the columns of every weight."""
LEAST = 4.0
"""The least evidence that is divided by: few words are to be no more certain for being few."""
TITLE = 2
"""What a word in the title counts beside the same word in a paragraph."""


@dataclass(frozen=True, slots=True)
class Model:
    """Weights as they are kept in a file.

    keys: the cues. weights: one row a cue, one column a field. bias: one a field. sharpness and growth: the sums are
    multiplied by ``sharpness / evidence ** growth``, where evidence is the sum of the ln(1 + n). about: what it
    was made from, for people.
    """

    keys: tuple[Key, ...]
    weights: Floats
    bias: Floats
    sharpness: float
    growth: float
    about: Mapping[str, Any]

    def to_bytes(self) -> bytes:
        """A numpy archive; weights in steps of a 127th of the largest, which changes no verdict that matters."""
        step = float(np.abs(self.weights).max(initial=0.0)) / 127 or 1.0
        head = {
            "keys": [" ".join(key) for key in self.keys],
            "bias": [round(float(value), 4) for value in self.bias],
            "step": step,
            "sharpness": self.sharpness,
            "growth": self.growth,
            "about": dict(self.about),
        }
        out = io.BytesIO()
        packed = np.frombuffer(json.dumps(head, ensure_ascii=False).encode(), np.uint8)
        np.savez_compressed(out, head=packed, weights=np.round(self.weights / step).astype(np.int8))
        return out.getvalue()

    @classmethod
    def from_bytes(cls, content: bytes) -> Model:
        """Raises ValueError for anything that ``to_bytes`` did not write."""
        try:
            with np.load(io.BytesIO(content), allow_pickle=False) as members:
                head = json.loads(bytes(members["head"]))
                weights = members["weights"].astype(np.float32) * np.float32(head["step"])
            keys = tuple(tuple(key.split(" ")) for key in head["keys"])
            bias = np.array(head["bias"], np.float32)
            if weights.shape != (len(keys), len(FIELDS)) or bias.shape != (len(FIELDS),):
                raise ValueError("weights and words do not agree")
            return cls(keys, weights, bias, float(head["sharpness"]), float(head["growth"]), head["about"])
        except (OSError, KeyError, TypeError, AttributeError, EOFError, zipfile.BadZipFile, zlib.error) as error:
            raise ValueError(str(error)) from error


@cache
def shipped() -> Model:
    """The model that comes with the package."""
    return Model.from_bytes(files("search.topics").joinpath("model.npz").read_bytes())


def probabilities(rows: Floats, counts: Floats, bias: Floats, sharpness: float, growth: float, prior: Floats) -> Floats:
    """How likely each field is, given the weights of the cues that were found and how often each stands.

    rows: one a cue that was found. prior: added to the scaled sums. Returns 17 numbers that sum to 1.
    """
    dampened = np.log1p(counts)
    sums = dampened @ rows + bias
    scaled = sums * (sharpness / max(float(dampened.sum()), LEAST) ** growth) + prior
    grown = np.exp(scaled - scaled.max())
    likely: Floats = (grown / grown.sum()).astype(np.float32)
    return likely
