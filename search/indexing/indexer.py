"""Bring an index level with the files it is made of, or build it anew beside the live one.

The files are the truth. One that is of the same size and time as before is not opened; one that has
changed is compared record by record, so that of a long JSON Lines file only the new lines are read
again. Where something cannot be read, what the index holds of it from before stays until it can be.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from search.errors import IndexDamaged, IndexMissing, ShrinkRefused
from search.generations.manifest import SourceList
from search.generations.store import Generation, Store, open_store, refuse_outdated
from search.held import Lookup
from search.indexing.ledger import first_indexed
from search.indexing.report import SILENT, Listener, Report
from search.indexing.run import Run
from search.settings import Settings


def index(settings: Settings, paths: Sequence[Path], listener: Listener = SILENT) -> Report:
    """Bring the index level with the files below these paths: new, changed and removed ones."""
    with _writing(settings, "onrecord index", listener) as store:
        base = _current(store)
        if base:
            refuse_outdated(base, store)
        old = _read_sources(base, store) if base else SourceList(store.room)
        return Run(settings, store, listener).update(base, old, paths)


def reindex(
    settings: Settings, paths: Sequence[Path] | None = None, *, force: bool = False, listener: Listener = SILENT
) -> Report:
    """Build a new generation from nothing, check it, and make it current.

    paths: by default those that the current generation was made from. Raises ShrinkRefused, the live index
    then being as it was, when one of these has gone or fewer than half of the articles are left; ``force``
    accepts both.
    """
    with _writing(settings, "onrecord reindex", listener, alone=True) as store:
        try:
            base = _current(store)
        except IndexDamaged:
            if not paths:
                raise
            base = None  # all is made anew from the paths, and nothing of what is damaged is needed
        if not paths:
            paths = _recorded(base or store.current(), force)
        least = 0 if force or base is None else base.manifest.articles / 2
        return Run(settings, store, listener).rebuild(paths, least, _indexed(base, store))


def rollback(settings: Settings, listener: Listener = SILENT) -> Generation:
    """Make the generation before current again."""
    with _writing(settings, "onrecord reindex --rollback", listener, alone=True) as store:
        generation = store.rollback()
        refuse_outdated(generation, store)
        return generation


@contextmanager
def _writing(settings: Settings, purpose: str, listener: Listener, *, alone: bool = False) -> Iterator[Store]:
    store = open_store(settings)
    with store.changing(purpose, settings.lock_timeout, listener.on_wait, alone=alone):
        yield store


def _current(store: Store) -> Generation | None:
    try:
        return store.current()
    except IndexMissing:
        return None


def _indexed(base: Generation | None, store: Store) -> Lookup:
    """When the articles of a generation were first indexed; where it cannot say, they count as new."""
    try:
        return first_indexed(store.sources(base.number, store.room), store.room) if base else Lookup()
    except IndexDamaged:
        return Lookup()


def _recorded(base: Generation, force: bool) -> list[Path]:
    """The paths that a generation was made from."""
    roots = [Path(root) for root in base.manifest.roots]
    gone = [str(root) for root in roots if not root.exists()]
    if gone and not force:
        raise ShrinkRefused(
            f"The index was made from {', '.join(gone)}, which cannot be found now. If a disk is missing, bring it "
            "back; if the articles have moved, name their folders; to go on without them, repeat with --force."
        )
    return [root for root in roots if root.exists()]


def _read_sources(base: Generation, store: Store) -> SourceList:
    """The sources of a generation, counted against its manifest: a list cut short must not pass for a small archive."""
    sources = store.sources(base.number, store.room)
    if sources.articles != base.manifest.articles:
        raise IndexDamaged(
            f"The index in {store.place} is damaged: its list of sources does not agree with its manifest. "
            "The articles are untouched; run “onrecord reindex”.",
            store.place,
        )
    return sources
