"""The outbox: notifications from what they tell of until they are delivered or dead.

Delivered at least once, in order for each channel and release, batch or trouble: the next one is handed out only when
the one before is delivered or dead. A batch is one of each of its releases. A digest waits for those before it of the
same name, and holds up nothing else. What a batch or a digest holds is closed with its first claim.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, and_, bindparam, func, or_, select, update
from sqlalchemy.orm import aliased

from storage import schema
from storage.batches import batch_row, close_batches, is_told
from storage.changes import change_row, select_changes
from storage.database import AnyRow, Part, reading, writing
from storage.digests import close_digests, digests, earlier_digest
from storage.errors import LeaseLost
from storage.health import health_row, select_health
from storage.outages import Watchman, keep_failure, keep_success
from storage.rows import BatchRow, ChangeRow, DeadLetter, Delivery, DigestRow, HealthRow, Subject, Told
from storage.schema import OutboxState

__all__ = ["Deliveries"]

_OUTBOX = schema.Outbox
_CHANGE = schema.Change
_HEALTH = schema.Health

_MOST_MEMBERS = 10
"""Changes of a batch that are told with it."""


class Deliveries(Part):
    """Notifications on their way."""

    @reading
    def due_channels(self, connection: Connection, now: datetime, *, but: Collection[str] = ()) -> list[str]:
        """The channels that :meth:`claim_deliveries` would hand out something for, those in ``but`` aside."""
        waiting = [channel for channel in _waiting(connection) if channel not in but]
        return [each for each in waiting if connection.execute(_IS_ANY_DUE, {"now": now, "channel": each}).first()]

    @writing
    def claim_deliveries(
        self,
        connection: Connection,
        *,
        now: datetime,
        owner: str,
        lease: timedelta,
        limit: int = 100,
        channel: str | None = None,
    ) -> list[Delivery]:
        """Lease notifications, those longest due first: of each release and channel only the first undelivered one.

        ``channel``: only of this one; None: of all.
        """
        due = _DUE if channel is None else _DUE_IN_CHANNEL
        due = due.order_by(_OUTBOX.next_attempt_at, _OUTBOX.id).limit(limit).with_for_update(skip_locked=True)
        ids = list(connection.execute(due, {"now": now, "channel": channel}).scalars())
        if not ids:
            return []
        leased = update(_OUTBOX).where(_OUTBOX.id.in_(ids))
        connection.execute(leased.values(lease_owner=owner, lease_until=now + lease))
        close_digests(connection, ids, at=now)
        close_batches(connection, _OUTBOX.id.in_(ids))
        return [_delivery(*letter) for letter in _letters(connection, ids)]

    @writing
    def free_deliveries(self, connection: Connection, ids: Collection[int], *, owner: str) -> None:
        """Give back notifications that were claimed and not tried; those that are another's by now stay so.

        What was closed by the claim stays closed: whether an earlier one sent it before its process died, nobody knows.
        """
        connection.execute(
            update(_OUTBOX)
            .where(_OUTBOX.id.in_(ids), _OUTBOX.lease_owner == owner)
            .values(lease_owner=None, lease_until=None)
        )

    @writing
    def delivered(
        self,
        connection: Connection,
        ids: Sequence[int],
        *,
        owner: str,
        at: datetime,
        watchman: Watchman | None = None,
    ) -> list[int]:
        """Notifications were taken. Those of them that are another's by now, and will be sent again.

        ``watchman`` says who is told where that ends the outage of a channel.
        """
        mine = _OUTBOX.id.in_(ids), _OUTBOX.lease_owner == owner, _OUTBOX.state == OutboxState.PENDING
        marked = connection.execute(
            update(_OUTBOX)
            .where(*mine)
            .values(lease_owner=None, lease_until=None, state=OutboxState.DELIVERED, delivered_at=at, last_error=None)
            .returning(_OUTBOX.id, _OUTBOX.channel)
        ).all()
        if watchman is not None:
            keep_success(connection, {row.channel for row in marked}, watchman, at=at)
        return sorted(set(ids) - {row.id for row in marked})

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
        perhaps_taken: bool = False,
        watchman: Watchman | None = None,
    ) -> None:
        """A notification was not taken: try again at ``next_attempt_at``; None: never, it is dead.

        ``perhaps_taken``: it may have been all the same, only the answer is missing.
        ``watchman`` says by that whether its channel is stuck, and who is told so.

        Raises:
            LeaseLost: it is another's by now.
        """
        state = OutboxState.DEAD if next_attempt_at is None else OutboxState.PENDING
        mine = _OUTBOX.id == delivery_id, _OUTBOX.lease_owner == owner, _OUTBOX.state == OutboxState.PENDING
        values: dict[str, object] = {
            "lease_owner": None, "lease_until": None, "state": state, "attempts": _OUTBOX.attempts + 1,
            "last_error": error, "next_attempt_at": next_attempt_at or at,
        }  # fmt: skip
        if perhaps_taken:
            values["perhaps_taken"] = True
        done = connection.execute(update(_OUTBOX).where(*mine).values(**values).returning(_OUTBOX.channel))
        channel = done.scalar_one_or_none()
        if channel is None:
            raise LeaseLost(f"{owner} no longer holds delivery {delivery_id}")
        if watchman is not None:
            keep_failure(connection, self._database, channel, error, watchman, at=at)

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
        return [_dead(*letter) for letter in _letters(connection, list(connection.execute(ids).scalars()))]

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


def _waiting(connection: Connection) -> Iterator[str]:
    """The channels that something waits for, by a step of an index each: DISTINCT would go through all that waits."""
    first = select(func.min(_OUTBOX.channel)).where(_OUTBOX.state == OutboxState.PENDING)
    channel = connection.execute(first).scalar()
    while channel is not None:
        yield channel
        channel = connection.execute(first.where(_OUTBOX.channel > channel)).scalar()


def _is_due() -> tuple[ColumnElement[bool], ...]:
    """It may be sent ``:now``, nobody is about to, and nothing earlier of what it is about waits in its channel."""
    now = bindparam("now", type_=_OUTBOX.next_attempt_at.type)
    return (
        _OUTBOX.state == OutboxState.PENDING,
        _OUTBOX.next_attempt_at <= now,
        or_(_OUTBOX.lease_until.is_(None), _OUTBOX.lease_until <= now),
        *(~waits for waits in _earlier()),
    )


def _earlier() -> Iterator[ColumnElement[bool]]:
    """Something earlier waits: of the same release, batch, trouble or digest; a batch of a release, or the reverse."""
    earlier = aliased(_OUTBOX)
    waits = select(earlier.id).where(
        earlier.channel == _OUTBOX.channel, earlier.state == OutboxState.PENDING, earlier.id < _OUTBOX.id
    )
    # Whether there is anything to look for is asked first: most notifications are of no batch and no trouble.
    for subject, same in (
        (_OUTBOX.release_id, earlier.release_id),
        (_OUTBOX.batch_id, earlier.batch_id),
        (_OUTBOX.health_id, earlier.health_id),
    ):
        yield and_(subject.is_not(None), waits.where(same == subject).exists())
    members = waits.join(_CHANGE, and_(_CHANGE.batch_id == earlier.batch_id, is_told(earlier.last_change_id)))
    yield and_(_OUTBOX.release_id.is_not(None), members.where(_CHANGE.release_id == _OUTBOX.release_id).exists())
    releases = waits.join(_CHANGE, and_(_CHANGE.release_id == earlier.release_id, is_told(_OUTBOX.last_change_id)))
    yield and_(_OUTBOX.batch_id.is_not(None), releases.where(_CHANGE.batch_id == _OUTBOX.batch_id).exists())
    yield and_(_OUTBOX.digest_id.is_not(None), earlier_digest(_OUTBOX.digest_id).exists())


# Made once: it is asked for after every look, and making it costs more than the answer.
_DUE = select(_OUTBOX.id).where(*_is_due())
_DUE_IN_CHANNEL = _DUE.where(_OUTBOX.channel == bindparam("channel"))
_IS_ANY_DUE = _DUE_IN_CHANNEL.limit(1)


def _letters(connection: Connection, ids: Collection[int]) -> list[tuple[AnyRow, Subject]]:
    """The notifications of these ids, in their order, with what they are about."""
    rows = connection.execute(select(_OUTBOX).where(_OUTBOX.id.in_(ids)).order_by(_OUTBOX.id)).all()
    changes = _changes(connection, _CHANGE.id.in_({row.change_id for row in rows}))
    batches = {
        (row.batch_id, row.last_change_id): _batch(connection, row.batch_id, row.last_change_id)
        for row in rows if row.batch_id is not None
    }  # fmt: skip
    healths = {
        row.id: health_row(row)
        for row in connection.execute(select_health().where(_HEALTH.id.in_({row.health_id for row in rows})))
    }
    gathered = digests(connection, {row.digest_id for row in rows if row.digest_id is not None})
    return [(row, _subject(row, changes, batches, gathered, healths)) for row in rows]


def _subject(
    row: AnyRow,
    changes: Mapping[int, ChangeRow],
    batches: Mapping[tuple[int, int], BatchRow],
    gathered: Mapping[int, DigestRow],
    healths: Mapping[int, HealthRow],
) -> Subject:
    if row.change_id is not None:
        return changes[row.change_id]
    if row.batch_id is not None:
        return batches[row.batch_id, row.last_change_id]
    if row.digest_id is not None:
        return gathered[row.digest_id]
    return Told(health=healths[row.health_id], phase=row.phase)


def _changes(connection: Connection, which: ColumnElement[bool]) -> dict[int, ChangeRow]:
    return {row.id: change_row(row) for row in connection.execute(select_changes().where(which).order_by(_CHANGE.id))}


def _batch(connection: Connection, batch_id: int, last_change_id: int) -> BatchRow:
    mine = _CHANGE.batch_id == batch_id, _CHANGE.id <= last_change_id
    first = connection.execute(select_changes().where(*mine).order_by(_CHANGE.id).limit(_MOST_MEMBERS))
    return batch_row(connection, batch_id, last_change_id, [change_row(row) for row in first])


def _delivery(row: AnyRow, subject: Subject) -> Delivery:
    return Delivery(
        id=row.id, key=row.key, channel=row.channel, attempts=row.attempts, created_at=row.created_at, subject=subject
    )  # fmt: skip


def _dead(row: AnyRow, subject: Subject) -> DeadLetter:
    return DeadLetter(
        id=row.id, key=row.key, channel=row.channel, attempts=row.attempts, created_at=row.created_at,
        last_error=row.last_error, subject=subject,
    )  # fmt: skip
