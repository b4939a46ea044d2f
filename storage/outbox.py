"""The outbox: notifications from the change that they tell of until they are delivered or dead.

Delivered at least once, in order for each release and channel: the next one of a release is handed out only when the
one before is delivered or dead.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, func, or_, select, update
from sqlalchemy.orm import aliased

from storage import schema
from storage.changes import change_row, select_changes
from storage.database import AnyRow, Part, reading, writing
from storage.errors import LeaseLost
from storage.rows import DeadLetter, Delivery
from storage.schema import OutboxState

__all__ = ["Deliveries"]

_OUTBOX = schema.Outbox
_CHANGE = schema.Change

_COLUMNS = (
    _OUTBOX.id.label("delivery_id"),
    _OUTBOX.key,
    _OUTBOX.channel,
    _OUTBOX.attempts,
    _OUTBOX.created_at.label("decided_at"),
    _OUTBOX.last_error,
)


class Deliveries(Part):
    """Notifications on their way."""

    @reading
    def due_channels(self, connection: Connection, now: datetime) -> list[str]:
        """The channels that :meth:`claim_deliveries` would hand out something for."""
        asked = select(_OUTBOX.channel).where(*_is_due(now)).distinct()
        return sorted(connection.execute(asked).scalars())

    @writing
    def claim_deliveries(
        self,
        connection: Connection,
        *,
        now: datetime,
        owner: str,
        lease: timedelta,
        limit: int = 100,
        channels: Collection[str] | None = None,
    ) -> list[Delivery]:
        """Lease notifications that are due, oldest first: of each release and channel only the first undelivered one.

        ``channels``: only these; None: all.
        """
        due = select(_OUTBOX.id).where(*_is_due(now))
        if channels is not None:
            due = due.where(_OUTBOX.channel.in_(channels))
        due = due.order_by(_OUTBOX.id).limit(limit).with_for_update(skip_locked=True)
        ids = list(connection.execute(due).scalars())
        if not ids:
            return []
        leased = update(_OUTBOX).where(_OUTBOX.id.in_(ids))
        connection.execute(leased.values(lease_owner=owner, lease_until=now + lease))
        return [_delivery(row) for row in _letters(connection, ids)]

    @writing
    def free_deliveries(self, connection: Connection, ids: Collection[int], *, owner: str) -> None:
        """Give back notifications that were claimed and not tried; those that are another's by now stay so."""
        connection.execute(
            update(_OUTBOX)
            .where(_OUTBOX.id.in_(ids), _OUTBOX.lease_owner == owner)
            .values(lease_owner=None, lease_until=None)
        )

    @writing
    def delivered(self, connection: Connection, ids: Sequence[int], *, owner: str, at: datetime) -> list[int]:
        """Notifications were taken. Those of them that are another's by now, and will be sent again."""
        mine = _OUTBOX.id.in_(ids), _OUTBOX.lease_owner == owner, _OUTBOX.state == OutboxState.PENDING
        marked = connection.execute(
            update(_OUTBOX)
            .where(*mine)
            .values(lease_owner=None, lease_until=None, state=OutboxState.DELIVERED, delivered_at=at, last_error=None)
            .returning(_OUTBOX.id)
        )
        return sorted(set(ids) - set(marked.scalars()))

    @writing
    def delivery_failed(
        self,
        connection: Connection,
        delivery_id: int,
        *,
        owner: str,
        at: datetime,
        error: str,
        next_attempt_at: datetime | None,
    ) -> None:
        """A notification was not taken: try again at ``next_attempt_at``; None: never, it is dead.

        Raises:
            LeaseLost: it is another's by now.
        """
        state = OutboxState.DEAD if next_attempt_at is None else OutboxState.PENDING
        mine = _OUTBOX.id == delivery_id, _OUTBOX.lease_owner == owner, _OUTBOX.state == OutboxState.PENDING
        values = {
            "lease_owner": None, "lease_until": None, "state": state, "attempts": _OUTBOX.attempts + 1,
            "last_error": error, "next_attempt_at": next_attempt_at or at,
        }  # fmt: skip
        done = connection.execute(update(_OUTBOX).where(*mine).values(**values))
        if done.rowcount != 1:
            raise LeaseLost(f"{owner} no longer holds delivery {delivery_id}")

    @reading
    def outbox_counts(self, connection: Connection) -> dict[str, int]:
        """Notifications by state: every state has its number."""
        return count_outbox(connection)

    @reading
    def next_attempt_at(self, connection: Connection) -> datetime | None:
        """When the next pending notification is due, leases aside; None: there is none."""
        return connection.execute(
            select(func.min(_OUTBOX.next_attempt_at)).where(_OUTBOX.state == OutboxState.PENDING)
        ).scalar()

    @reading
    def dead_letters(self, connection: Connection, *, limit: int = 1000) -> list[DeadLetter]:
        """Notifications that were given up, oldest first."""
        ids = select(_OUTBOX.id).where(_OUTBOX.state == OutboxState.DEAD).order_by(_OUTBOX.id).limit(limit)
        return [_dead(row) for row in _letters(connection, list(connection.execute(ids).scalars()))]

    @writing
    def resend(self, connection: Connection, ids: Collection[int], *, now: datetime) -> int:
        """Send dead or delivered notifications again, under the keys that they had. How many there were."""
        done = connection.execute(
            update(_OUTBOX)
            .where(_OUTBOX.id.in_(ids), _OUTBOX.state != OutboxState.PENDING)
            .values(
                state=OutboxState.PENDING,
                attempts=0,
                next_attempt_at=now,
                lease_owner=None,
                lease_until=None,
                delivered_at=None,
            )
        )
        return done.rowcount


def count_outbox(connection: Connection) -> dict[str, int]:
    """Notifications by state."""
    rows = connection.execute(select(_OUTBOX.state, func.count()).group_by(_OUTBOX.state))
    return {state.value: 0 for state in OutboxState} | {state.value: count for state, count in rows}


def _is_due(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """It may be sent now, nobody is about to, and nothing earlier of its release waits in its channel."""
    earlier = aliased(_OUTBOX)
    waits = (
        select(earlier.id)
        .where(
            earlier.release_id == _OUTBOX.release_id,
            earlier.channel == _OUTBOX.channel,
            earlier.state == OutboxState.PENDING,
            earlier.id < _OUTBOX.id,
        )
        .exists()
    )
    return (
        _OUTBOX.state == OutboxState.PENDING,
        _OUTBOX.next_attempt_at <= now,
        or_(_OUTBOX.lease_until.is_(None), _OUTBOX.lease_until <= now),
        ~waits,
    )


def _letters(connection: Connection, ids: Collection[int]) -> list[AnyRow]:
    rows = connection.execute(
        select_changes(*_COLUMNS)
        .join(_OUTBOX, _OUTBOX.change_id == _CHANGE.id)
        .where(_OUTBOX.id.in_(ids))
        .order_by(_OUTBOX.id)
    )
    return list(rows)


def _delivery(row: AnyRow) -> Delivery:
    return Delivery(
        id=row.delivery_id,
        key=row.key,
        channel=row.channel,
        attempts=row.attempts,
        created_at=row.decided_at,
        change=change_row(row),
    )


def _dead(row: AnyRow) -> DeadLetter:
    return DeadLetter(
        id=row.delivery_id,
        key=row.key,
        channel=row.channel,
        attempts=row.attempts,
        created_at=row.decided_at,
        last_error=row.last_error,
        change=change_row(row),
    )
