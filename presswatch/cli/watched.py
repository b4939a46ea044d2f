"""What is watched: sources, pause, resume, remove."""

from __future__ import annotations

from config import ConfigError
from presswatch.cli.context import emit, people, settings, store, tables, watched_source
from presswatch.cli.show import sources_table
from presswatch.clock import utc_now
from presswatch.plans import not_watched
from presswatch.shapes import source_object
from storage import StorageError

__all__ = ["FORESEEN", "pause", "remove", "resume", "sources"]

FORESEEN = (ConfigError, StorageError)


def sources(*, json: bool) -> None:
    """List them."""
    with store() as storage:
        rows = storage.sources()
    if json:
        for row in rows:
            emit(source_object(row))
    elif rows:
        tables.print(sources_table(rows, utc_now()))
    else:
        people.print("Nothing is watched yet: presswatch add URL")


def pause(*, name: str) -> None:
    """Pause a source."""
    with store() as storage:
        watched_source(storage, name)
        storage.pause_source(name)
    people.print(f'"{name}" is paused; presswatch sources resume goes on.')


def resume(*, name: str) -> None:
    """Resume a source."""
    with store() as storage:
        watched_source(storage, name)
        storage.resume_source(name)
    people.print(f'"{name}" is watched again.')


def remove(*, name: str) -> None:
    """Remove a source."""
    with store() as storage:
        watched_source(storage, name)
        missing = not_watched(settings(), storage.sources())
        storage.remove_source(name, now=utc_now())
        configured = not_watched(settings(), storage.sources()) != missing
    people.print(f'"{name}" is watched no more; its history stays.')
    if configured:
        people.print("It stands in the settings, too: remove it there, or it is watched again.")
