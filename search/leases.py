"""Who still reads a generation: it is closed when it is out of date and its last reader has gone."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from search.engines.base import Reader
from search.errors import IndexDamaged
from search.generations.store import Generation, Store, refuse_outdated


class Leases:
    """The live generation of a store, opened when somebody reads, and anew when another has become current."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._open: _Lease | None = None

    @contextmanager
    def reading(self) -> Iterator[tuple[Reader, Generation]]:
        """The live generation, open for as long as the block needs it, even if another becomes current."""
        opened = self._lease()
        try:
            yield opened.reader, opened.generation
        finally:
            opened.release()

    def close(self) -> None:
        with self._lock:
            opened, self._open = self._open, None
        if opened:
            opened.retire()

    def _lease(self) -> _Lease:
        stamp = self._store.stamp()
        with self._lock:
            if self._open is None or self._open.stamp != stamp:
                fresh = self._open_current()
                if self._open:
                    self._open.retire()
                self._open = fresh
            self._open.lease()
            return self._open

    def _open_current(self) -> _Lease:
        while True:
            stamp = self._store.stamp()
            try:
                generation = self._store.current()
                refuse_outdated(generation, self._store)
                return _Lease(stamp, generation, self._store.reader(generation.number))
            except IndexDamaged:
                # A slow reader may find that two changes later its generation has been cleared away.
                if stamp == self._store.stamp():
                    raise


class _Lease:
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
