"""Bring an index level with the files it is made of, or build it anew beside the live one.

The files are the truth. One that is of the same size and time as before is not opened; one that has
changed is compared record by record, so that of a long JSON Lines file only the new lines are read
again. Where something cannot be read, what the index holds of it from before stays until it can be.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from search.analysis import ANALYSIS_VERSION
from search.engines import ENGINES
from search.engines.base import Engine
from search.errors import IndexDamaged, IndexMissing, IndexOutdated, ShrinkRefused
from search.generations import LOCK, Generation, Generations
from search.lock import exclusive
from search.manifest import SourceEntry, read_sources
from search.run import SILENT, Listener, Report, Run
from search.settings import Settings


def index(settings: Settings, paths: Sequence[Path], listener: Listener = SILENT) -> Report:
    """Bring the index level with the files below these paths: new, changed and removed ones."""
    with _writing(settings, "onrecord index", listener) as (generations, engine):
        base = _current(generations)
        if base:
            refuse_outdated(base, engine, settings.index)
        old = _read_sources(base, settings.index) if base else {}
        return Run(settings, generations, engine, listener).update(base, old, paths)


def reindex(
    settings: Settings, paths: Sequence[Path] | None = None, *, force: bool = False, listener: Listener = SILENT
) -> Report:
    """Build a new generation from nothing, check it, and make it current.

    paths: by default those that the current generation was made from. Raises ShrinkRefused, the live index
    then being as it was, when one of these has gone or fewer than half of the articles are left; ``force``
    accepts both.
    """
    with _writing(settings, "onrecord reindex", listener) as (generations, engine):
        try:
            base = _current(generations)
        except IndexDamaged:
            if not paths:
                raise
            base = None  # all is made anew from the paths, and nothing of what is damaged is needed
        if not paths:
            paths = _recorded(base or generations.current(), force)
        least = 0 if force or base is None else base.manifest.articles / 2
        return Run(settings, generations, engine, listener).rebuild(paths, least)


def rollback(settings: Settings, listener: Listener = SILENT) -> Generation:
    """Make the generation before current again."""
    with _writing(settings, "onrecord reindex --rollback", listener) as (generations, engine):
        generation = generations.rollback()
        refuse_outdated(generation, engine, settings.index)
        return generation


def refuse_outdated(generation: Generation, engine: Engine, index: Path) -> None:
    """Raises IndexOutdated unless this program, as it is now, would have made the generation the same way."""
    made = generation.manifest
    if (made.engine, made.schema, made.analysis) != (engine.name, engine.schema_version, ANALYSIS_VERSION):
        raise IndexOutdated(
            f"The index in {index} was made by version {made.version}, which stored it differently. "
            "Run “onrecord reindex” to build it anew from your articles.",
            index,
        )


@contextmanager
def _writing(settings: Settings, purpose: str, listener: Listener) -> Iterator[tuple[Generations, Engine]]:
    generations = Generations(settings.index)
    generations.prepare()
    with exclusive(settings.index / LOCK, purpose, settings.lock_timeout, listener.on_wait):
        generations.prune()
        yield generations, ENGINES[settings.engine]


def _current(generations: Generations) -> Generation | None:
    try:
        return generations.current()
    except IndexMissing:
        return None


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


def _read_sources(base: Generation, index: Path) -> dict[str, SourceEntry]:
    """The sources of a generation, counted against its manifest: a list cut short must not pass for a small archive."""
    sources = read_sources(base.folder, index)
    if sum(1 for entry in sources.values() for _ in entry.articles) != base.manifest.articles:
        raise IndexDamaged(
            f"The index in {index} is damaged: its list of sources does not agree with its manifest. "
            "The articles are untouched; run “onrecord reindex”.",
            index,
        )
    return sources
