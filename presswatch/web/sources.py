"""The pages about the watching itself: what is watched and how it fares, for people and for a container."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from presswatch.web.page import Page
from presswatch.web.views import Views
from scraper.model import HealthKind
from storage import Failing, HealthRow, SourceRow, StorageError

__all__ = ["Health", "health", "is_beating", "sources"]

_HEARTBEAT_LIMIT = timedelta(seconds=60)
"""The daemon's clock beats every ten seconds; after a minute without it nobody watches."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fare:
    """A source, its pages that fail and what is wrong with it."""

    row: SourceRow
    failing: tuple[Failing, ...]
    troubles: tuple[HealthRow, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """Whether anybody watches."""

    ok: bool
    status: str
    """``ok``, ``stopped`` (no heartbeat of late), ``starting`` (none ever) or ``unreadable`` (the database is)."""
    heartbeat_age: float | None = None
    """Seconds."""


def sources(views: Views, *, now: datetime) -> Page:
    """What is watched, when it was looked at last and is next, and what fails since when."""
    ill, failing = views.health(is_open=True), views.failing_pages()
    rows, beat = views.sources(), views.last_heartbeat()
    fares = [
        Fare(
            row=row, failing=tuple(each for each in failing if each.source == row.source.name),
            troubles=tuple(each for each in ill if each.source_id == row.id),
        )
        for row in rows
    ]  # fmt: skip
    unwatched = tuple(each for each in ill if each.kind is HealthKind.UNWATCHED)
    values = {
        "fares": fares,
        "now": now,
        "heartbeat_at": beat,
        "last_poll_at": max((row.last_poll_at for row in rows if row.last_poll_at), default=None),
        "beating": is_beating(beat, now),
        "unwatched": unwatched,
    }
    return Page(template="sources.html", values=values)


def is_beating(at: datetime | None, now: datetime) -> bool:
    """Whether somebody watches, by the last beat of the daemon's clock."""
    return at is not None and now - at <= _HEARTBEAT_LIMIT


def health(views: Views, *, now: datetime) -> Health:
    """Whether the daemon's clock beats and the database can be read."""
    try:
        at = views.last_heartbeat()
    except StorageError:
        return Health(ok=False, status="unreadable")
    if at is None:
        return Health(ok=False, status="starting")
    ok = is_beating(at, now)
    return Health(ok=ok, status="ok" if ok else "stopped", heartbeat_age=round((now - at).total_seconds(), 1))
