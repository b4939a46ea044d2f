"""Batches: changes of one source that did the same to several releases, told as one.

the first             told by itself, as any change
the second            begins a batch; it and all that follow are told by the batch alone
the batch             due when it has settled; put off while it grows, at most for so long
one after that        is told by the batch again, a day later at the soonest
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, insert, or_, select, update

from scraper.model import Batching, Change, Kind
from storage import schema
from storage.database import AnyRow, AnySelect
from storage.outbox_rows import notify
from storage.rows import BatchRow, ChangeRow
from storage.ways import Way

__all__ = ["batch_row", "hasten", "is_waiting", "join", "select_batches", "tell"]

_BATCH = schema.Batch
_CHANGE = schema.Change
_OUTBOX = schema.Outbox
_SOURCE = schema.Source

_WAITING = _OUTBOX.state == schema.OutboxState.PENDING


def join(
    connection: Connection, change: Change, *, source_id: int, release_id: int, at: datetime, batching: Batching
) -> int | None:
    """The batch that a change is about to join, made where it is the second of its kind; None: it stands alone."""
    if not change.signature:
        return None
    alike = connection.execute(
        select(_CHANGE.id, _CHANGE.batch_id, _CHANGE.release_id, _CHANGE.kind, _CHANGE.detected_at)
        .where(
            _CHANGE.source_id == source_id,
            _CHANGE.signature == change.signature,
            _CHANGE.detected_at >= at - batching.within,
        )
        .order_by(_CHANGE.id.desc())
        .limit(50)
    ).all()
    batch_id = next((each.batch_id for each in alike if each.batch_id is not None), None)
    if batch_id is not None:
        return _grow(connection, int(batch_id), change, at=at)
    first = next((each for each in alike if each.release_id != release_id), None)
    return None if first is None else _begin(connection, change, first, source_id=source_id, at=at)


def _begin(connection: Connection, change: Change, first: AnyRow, *, source_id: int, at: datetime) -> int:
    values = {
        "source_id": source_id, "signature": change.signature, "kind": _graver(first.kind, change.kind),
        "began_at": first.detected_at, "last_at": at, "size": 2,
    }  # fmt: skip
    batch_id = int(connection.execute(insert(_BATCH).values(**values).returning(_BATCH.id)).scalar_one())
    connection.execute(update(_CHANGE).where(_CHANGE.id == first.id).values(batch_id=batch_id))
    return batch_id


def _grow(connection: Connection, batch_id: int, change: Change, *, at: datetime) -> int:
    kind = connection.execute(select(_BATCH.kind).where(_BATCH.id == batch_id)).scalar_one()
    grown = {"size": _BATCH.size + 1, "last_at": at, "kind": _graver(kind, change.kind)}
    connection.execute(update(_BATCH).where(_BATCH.id == batch_id).values(**grown))
    return batch_id


def _graver(one: Kind, other: Kind) -> Kind:
    return Kind.SILENTLY_EDITED if Kind.SILENTLY_EDITED in (one, other) else other


def tell(
    connection: Connection,
    batch_id: int,
    ways: Sequence[Way],
    *,
    source_id: int,
    at: datetime,
    batching: Batching,
) -> None:
    """Have a batch told when it has settled: what waits already waits on, and is made where nothing does.

    What was tried, or is being sent, is left alone: its receiver may have taken it as it was. One that was told is told
    again no sooner than after the longest wait: pages that are looked at by and by make it grow for days.
    """
    mine = {way.channel: way for way in ways}
    rows = connection.execute(
        select(
            _OUTBOX.id, _OUTBOX.channel, _OUTBOX.created_at, _OUTBOX.next_attempt_at, _is_untried().label("waits")
        ).where(_OUTBOX.batch_id == batch_id, _OUTBOX.channel.in_(mine))
    ).all()
    tried = sorted((row.next_attempt_at, row.channel) for row in rows if not row.waits)
    told = {channel: due_at + batching.longest for due_at, channel in tried}
    # One that is due already is wanted: perhaps something of a release waits behind it.
    for row in (row for row in rows if row.waits and row.next_attempt_at > at):
        due_at = max(min(at + batching.settle, row.created_at + batching.longest), told.get(row.channel, at))
        connection.execute(
            update(_OUTBOX).where(_OUTBOX.id == row.id).values(next_attempt_at=mine[row.channel].free_at(due_at))
        )
    waiting = {row.channel for row in rows if row.waits}
    size = connection.execute(select(_BATCH.size).where(_BATCH.id == batch_id)).scalar_one()
    for channel, way in mine.items():
        if channel in waiting:
            continue
        settled_at = at + min(batching.settle, batching.longest)
        notify(
            connection, f"bat_{batch_id}_{size}", [channel], at=at, facts=f"{batch_id} {size} {at.isoformat()}",
            due_at=way.free_at(max(settled_at, told.get(channel, at))), batch_id=batch_id, source_id=source_id,
        )  # fmt: skip


def is_waiting(connection: Connection, batch_id: int, channel: str) -> bool:
    """True where a notification of the batch waits for what joins it."""
    mine = _OUTBOX.batch_id == batch_id, _OUTBOX.channel == channel, _is_untried()
    return connection.execute(select(_OUTBOX.id).where(*mine).limit(1)).first() is not None


def _is_untried() -> ColumnElement[bool]:
    return and_(_WAITING, _OUTBOX.attempts == 0, _OUTBOX.lease_owner.is_(None))


def hasten(connection: Connection, release_id: int, ways: Sequence[Way], *, at: datetime) -> None:
    """Tell no later than by these ways what else waits of a release: the batches that it is in, and what was held."""
    batches = select(_CHANGE.batch_id).where(_CHANGE.release_id == release_id, _CHANGE.batch_id.is_not(None))
    is_of_it = or_(_OUTBOX.release_id == release_id, _OUTBOX.batch_id.in_(batches))
    for way in ways:
        due_at = way.free_at(at)
        waits = is_of_it, _OUTBOX.channel == way.channel, _WAITING, _OUTBOX.attempts == 0
        later = update(_OUTBOX).where(*waits, _OUTBOX.next_attempt_at > due_at)
        connection.execute(later.values(next_attempt_at=due_at))


def select_batches() -> AnySelect:
    """The columns of :func:`batch_row`."""
    return select(_BATCH, _SOURCE.name.label("source_name")).join(_SOURCE, _SOURCE.id == _BATCH.source_id)


def batch_row(row: AnyRow, members: Sequence[ChangeRow]) -> BatchRow:
    """A row of :func:`select_batches`, with its first changes."""
    return BatchRow(
        id=row.id, source_id=row.source_id, source=row.source_name, kind=row.kind, began_at=row.began_at,
        last_at=row.last_at, size=row.size, changes=tuple(members),
    )  # fmt: skip
