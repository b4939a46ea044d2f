"""What follows from a change for those who are to be told: in the transaction that writes it.

mute -> ways of the rules -> digest | too many: summary | batch | a notification of its own
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

from sqlalchemy import Connection, func, select

from scraper.model import Batching
from storage import schema
from storage.batches import hasten, is_waiting, tell
from storage.digests import is_open, join_digest
from storage.feeds import FeedRow, feed_row, select_with_texts
from storage.mutes import is_muted
from storage.outbox_rows import notify
from storage.rows import ChangeRow
from storage.ways import Way

__all__ = ["Ask", "Router", "tell_change"]

_CHANGE = schema.Change
_OUTBOX = schema.Outbox

_HOUR = timedelta(hours=1)
_TOO_MANY = "too many"
"""Name of the digests that are summaries."""

Ask: TypeAlias = Callable[[FeedRow, datetime], Sequence[Way]]
"""The ways of a change at a time, each channel once. Pure: it is asked within a transaction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Router:
    """Who says by which ways a change is told, and how many messages are too many."""

    ask: Ask
    most_per_hour: int = 0
    """Of one source to one channel; 0: as many as there are."""


def tell_change(
    connection: Connection,
    change_id: int,
    router: Router,
    *,
    at: datetime,
    batching: Batching,
) -> None:
    """Have a change told by the ways that ``router`` knows."""
    row = feed_row(connection.execute(select_with_texts().where(_CHANGE.id == change_id)).one())
    change = row.change
    if is_muted(connection, change.source_id, change.release_id, at=at):
        return
    ways, most = router.ask(row, at), router.most_per_hour
    direct = [way for way in ways if not _is_gathered(connection, change, way, at=at, most=most)]
    if change.batch_id is not None:
        tell(connection, change.batch_id, direct, source_id=change.source_id, at=at, batching=batching)
        return
    hasten(connection, change.release_id, direct, at=at)
    facts = f"{change_id}\n{change.kind}\n{at.isoformat()}\n{change.url}"
    for way in direct:
        notify(
            connection, f"chg_{change_id}", [way.channel], at=at, due_at=way.free_at(at), facts=facts,
            change_id=change_id, release_id=change.release_id, source_id=change.source_id,
        )  # fmt: skip


def _is_gathered(connection: Connection, change: ChangeRow, way: Way, *, at: datetime, most: int) -> bool:
    """True where the change went to a digest, or to the summary of what was too much."""
    if way.digest is not None:
        join_digest(
            connection, change.id, channel=way.channel, name=way.digest.name, source_id=None, at=at,
            due_at=way.digest.due_at,
        )  # fmt: skip
        return True
    if not most or not _is_too_many(connection, change, way.channel, at=at, most=most):
        return False
    due_at = way.free_at(at + _HOUR)
    join_digest(
        connection, change.id, channel=way.channel, name=_TOO_MANY, source_id=change.source_id, at=at, due_at=due_at
    )
    return True


def _is_too_many(connection: Connection, change: ChangeRow, channel: str, *, at: datetime, most: int) -> bool:
    """True where the source had as many messages within the last hour, or a summary of more is under way."""
    if change.batch_id is not None and is_waiting(connection, change.batch_id, channel):
        return False
    if is_open(connection, channel, _TOO_MANY, change.source_id):
        return True
    hers = _OUTBOX.source_id == change.source_id, _OUTBOX.channel == channel, _OUTBOX.created_at > at - _HOUR
    some = select(_OUTBOX.id).where(*hers).limit(most).subquery()
    return int(connection.execute(select(func.count()).select_from(some)).scalar_one()) >= most
