"""Who still reads a generation: it is closed when it is out of date and its last reader has gone."""

from __future__ import annotations

import threading

from search.engines.base import Reader
from search.store import Generation


class Lease:
    """A reader that is closed when it is out of date and its last user has gone."""

    def __init__(self, stamp: object, generation: Generation, reader: Reader) -> None:
        self.stamp, self.generation, self.reader = stamp, generation, reader
        self._users = 1  # the archive itself, until it retires this
        self._lock = threading.Lock()

    def lease(self) -> None:
        with self._lock:
            self._users += 1

    def release(self) -> None:
        with self._lock:
            self._users -= 1
            last = self._users == 0
        if last:
            self.reader.close()

    retire = release
