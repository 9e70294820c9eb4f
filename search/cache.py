"""What has been used lately, as far as some bytes allow."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

V = TypeVar("V")


class Cache(Generic[V]):
    """Forgets what was used longest ago when more than ``most`` bytes are kept. Threads may share it.

    >>> cache: Cache[str] = Cache(10)
    >>> for name in "abc":
    ...     cache.put(name, name.upper(), 4)
    >>> cache.find("a"), cache.find("c")
    (None, 'C')
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._bytes = 0
        self._kept: OrderedDict[Hashable, tuple[V, int]] = OrderedDict()
        self._lock = threading.Lock()

    def find(self, key: Hashable) -> V | None:
        with self._lock:
            found = self._kept.get(key)
            if found is None:
                return None
            self._kept.move_to_end(key)
            return found[0]

    def put(self, key: Hashable, value: V, nbytes: int) -> None:
        with self._lock:
            before = self._kept.pop(key, None)
            self._bytes += nbytes - (before[1] if before else 0)
            self._kept[key] = value, nbytes
            while self._bytes > self._most and len(self._kept) > 1:
                self._bytes -= self._kept.popitem(last=False)[1][1]
