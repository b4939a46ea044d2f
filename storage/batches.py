"""Batches: changes of one source that did the same to several releases, told as one.

the first             told by itself, as any change
the second            begins a batch; it and all that follow are told by the batch alone
the batch             due when it has settled; put off while it grows, at most for so long
one after that        is told by the batch again, a day later at the soonest

A notification of a batch is open until it is claimed for the first time: what joins the batch is told by it. Then it is
closed: whatever crashes, is given back or is sent again, its key stands for the same changes, and what joins is told by
another.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import reduce

from sqlalchemy import ColumnElement, Connection, func, insert, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute, aliased

from scraper.model import Batching, Change, Kind
from storage import schema
from storage.database import AnyRow
from storage.outbox_rows import notify
from storage.rows import BatchRow, ChangeRow
from storage.ways import Way

__all__ = ["batch_row", "close_batches", "hasten", "is_told", "is_waiting", "join", "tell"]

_BATCH = schema.Batch
_CHANGE = schema.Change
_OUTBOX = schema.Outbox
_SOURCE = schema.Source

_WAITING = _OUTBOX.state == schema.OutboxState.PENDING
_IS_OPEN = _OUTBOX.last_change_id.is_(None)
"""Of a notification of a batch: nobody was handed it yet."""


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
        return _grow(connection, int(batch_id), change, release_id=release_id, at=at)
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


def _grow(connection: Connection, batch_id: int, change: Change, *, release_id: int, at: datetime) -> int:
    _close_before(connection, batch_id, release_id)
    kind = connection.execute(select(_BATCH.kind).where(_BATCH.id == batch_id)).scalar_one()
    grown = {"size": _BATCH.size + 1, "last_at": at, "kind": _graver(kind, change.kind)}
    connection.execute(update(_BATCH).where(_BATCH.id == batch_id).values(**grown))
    return batch_id


def _close_before(connection: Connection, batch_id: int, release_id: int) -> None:
    """Close what waits of a batch where something of the release waits after it: what joins now is told after both."""
    later = aliased(_OUTBOX)
    waits = select(later.id).where(
        later.release_id == release_id, later.channel == _OUTBOX.channel, later.id > _OUTBOX.id,
        later.state == schema.OutboxState.PENDING,
    )  # fmt: skip
    close_batches(connection, _OUTBOX.batch_id == batch_id, waits.exists())


def close_batches(connection: Connection, *which: ColumnElement[bool]) -> None:
    """Nothing joins these notifications any more, those of them that are of batches."""
    last = select(func.max(_CHANGE.id)).where(_CHANGE.batch_id == _OUTBOX.batch_id).scalar_subquery()
    is_open = _OUTBOX.batch_id.is_not(None), _IS_OPEN
    connection.execute(update(_OUTBOX).where(*is_open, *which).values(last_change_id=last))


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
    """Have a batch told when it has settled: what is open waits on, and is made where nothing is.

    One that was told, or is about to be, is told again no sooner than after the longest wait: pages that are looked at
    by and by make it grow for days.
    """
    mine = {way.channel: way for way in ways}
    of_batch = _OUTBOX.batch_id == batch_id, _OUTBOX.channel.in_(mine)
    # Locked, so that PostgreSQL lets nobody claim and close it without the change that joins it here.
    waiting = connection.execute(
        select(_OUTBOX.id, _OUTBOX.channel, _OUTBOX.created_at, _OUTBOX.next_attempt_at)
        .where(*of_batch, _IS_OPEN)
        .order_by(_OUTBOX.id)
        .with_for_update()
    ).all()
    closed = connection.execute(
        select(_OUTBOX.channel, func.max(_OUTBOX.next_attempt_at).label("due_at"))
        .where(*of_batch, ~_IS_OPEN)
        .group_by(_OUTBOX.channel)
    )
    told = {row.channel: row.due_at + batching.longest for row in closed}
    # One that is due already is wanted: perhaps something of a release waits behind it.
    for row in (row for row in waiting if row.next_attempt_at > at):
        due_at = max(min(at + batching.settle, row.created_at + batching.longest), told.get(row.channel, at))
        connection.execute(
            update(_OUTBOX).where(_OUTBOX.id == row.id).values(next_attempt_at=mine[row.channel].free_at(due_at))
        )
    size = connection.execute(select(_BATCH.size).where(_BATCH.id == batch_id)).scalar_one()
    is_served = {row.channel for row in waiting}
    for channel in (channel for channel in mine if channel not in is_served):
        settled_at = at + min(batching.settle, batching.longest)
        notify(
            connection, f"bat_{batch_id}_{size}", [channel], at=at, facts=f"{batch_id} {size} {at.isoformat()}",
            due_at=mine[channel].free_at(max(settled_at, told.get(channel, at))), batch_id=batch_id,
            source_id=source_id,
        )  # fmt: skip


def is_waiting(connection: Connection, batch_id: int, channel: str) -> bool:
    """True where a notification of the batch waits for what joins it."""
    mine = _OUTBOX.batch_id == batch_id, _OUTBOX.channel == channel, _IS_OPEN
    return connection.execute(select(_OUTBOX.id).where(*mine).limit(1)).first() is not None


def hasten(connection: Connection, release_id: int, ways: Sequence[Way], *, at: datetime) -> None:
    """Tell no later than by these ways what else waits of a release: the batches that it is in, and what was held."""
    batches = select(_CHANGE.batch_id).where(_CHANGE.release_id == release_id, _CHANGE.batch_id.is_not(None))
    is_of_it = or_(_OUTBOX.release_id == release_id, _OUTBOX.batch_id.in_(batches))
    for way in ways:
        due_at = way.free_at(at)
        waits = is_of_it, _OUTBOX.channel == way.channel, _WAITING, _OUTBOX.attempts == 0
        later = update(_OUTBOX).where(*waits, _OUTBOX.next_attempt_at > due_at)
        connection.execute(later.values(next_attempt_at=due_at))


def is_told(last_change_id: ColumnElement[int | None] | InstrumentedAttribute[int | None]) -> ColumnElement[bool]:
    """Of a change of a batch: it is told by a notification of that batch, one that ends with ``last_change_id``."""
    return or_(last_change_id.is_(None), _CHANGE.id <= last_change_id)


def batch_row(connection: Connection, batch_id: int, last_change_id: int, first: Sequence[ChangeRow]) -> BatchRow:
    """A batch as its notification tells it that ends with this change; ``first`` are the first of its changes."""
    asked = select(_BATCH, _SOURCE.name.label("source_name")).join(_SOURCE, _SOURCE.id == _BATCH.source_id)
    row = connection.execute(asked.where(_BATCH.id == batch_id)).one()
    kinds = connection.execute(
        select(
            _CHANGE.kind, func.count().label("total"),
            func.max(_CHANGE.detected_at).label("last_at"),
        )
        .where(_CHANGE.batch_id == batch_id, _CHANGE.id <= last_change_id)
        .group_by(_CHANGE.kind)
        .order_by(func.max(_CHANGE.id))
    ).all()  # fmt: skip
    return BatchRow(
        id=row.id, source_id=row.source_id, source=row.source_name, kind=reduce(_graver, [each.kind for each in kinds]),
        began_at=row.began_at, last_at=max(each.last_at for each in kinds), size=sum(each.total for each in kinds),
        changes=tuple(first),
    )  # fmt: skip
