"""What takes many searches to work out, and stays the same as long as the index does."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

from flask import current_app

from web.door import archive

T = TypeVar("T")


def kept(name: str, make: Callable[[], T]) -> T:
    """What ``make`` gives, worked out once for every generation of the index.

    Two threads that ask at the same moment may both work it out; either answer is right.
    """
    store = current_app.extensions.setdefault("kept", {})
    generation = archive().generation()
    if name not in store or store[name][0] != generation:
        store[name] = generation, make()
    return cast(T, store[name][1])
