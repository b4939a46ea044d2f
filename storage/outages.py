"""Channels that take nothing: counted with each attempt, told to the other channels once, and once when it is over.

    delivery_failed -> keep_failure -> judged -> a trouble begins | goes on
    delivered       -> keep_success -> it ends, and what waits is due

All of it is in the transaction of the attempt. A channel has one open trouble at most, however many attempts fail, and
what is told of it never goes to the channel itself: what two channels are told of each other comes to nothing further.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, delete, select, update

from scraper.model import HealthKind, HealthPhase, Trouble
from storage import schema
from storage.database import Database, Part, reading, writing
from storage.health import begin_trouble, end_trouble, reword_trouble

__all__ = ["Outages", "Streak", "Watchman", "keep_failure", "keep_success"]

_HEALTH = schema.Health
_OUTAGE = schema.Outage
_OUTBOX = schema.Outbox


@dataclass(frozen=True, slots=True, kw_only=True)
class Streak:
    """The failed attempts of a channel since it took something last."""

    channel: str
    since: datetime
    """The first of them."""
    attempts: int
    error: str
    """That of the last of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Watchman:
    """Who judges whether a channel is stuck, and who is told."""

    judge: Callable[[Streak, datetime], Trouble]
    told: Callable[[str], Sequence[str]]
    """The channels that are told of one; it is not among them."""


def keep_failure(
    connection: Connection, database: Database, channel: str, error: str, watchman: Watchman, *, at: datetime
) -> None:
    """An attempt of a channel failed: count it, and tell when the channel is stuck."""
    counted = database.insert(_OUTAGE).values(channel=channel, since=at, attempts=1, error=error)
    # The row stays locked to the end of the transaction: of two processes, one begins the trouble.
    row = connection.execute(
        counted.on_conflict_do_update(
            index_elements=["channel"], set_={"attempts": _OUTAGE.attempts + 1, "error": counted.excluded.error}
        ).returning(_OUTAGE.since, _OUTAGE.attempts, _OUTAGE.error, _OUTAGE.health_id)
    ).one()
    streak = Streak(channel=channel, since=row.since, attempts=row.attempts, error=row.error)
    trouble = watchman.judge(streak, at)
    if row.health_id is not None:
        reword_trouble(connection, row.health_id, trouble)
    elif trouble.sure:
        health_id = begin_trouble(connection, None, trouble, watchman.told(channel), now=at)
        connection.execute(update(_OUTAGE).where(_OUTAGE.channel == channel).values(health_id=health_id))


def keep_success(connection: Connection, channels: Collection[str], watchman: Watchman, *, at: datetime) -> None:
    """Channels took something: what was wrong with them is over."""
    over = delete(_OUTAGE).where(_OUTAGE.channel.in_(channels)).returning(_OUTAGE.channel, _OUTAGE.health_id)
    for row in connection.execute(over).all():
        if row.health_id is not None:
            unaware = _take_back(connection, row.health_id)
            end_trouble(
                connection, row.health_id, [each for each in watchman.told(row.channel) if each not in unaware], now=at
            )
            _hasten(connection, row.channel, at=at)


def _hasten(connection: Connection, channel: str, *, at: datetime) -> None:
    """What failed during an outage is due when it is over, not when its next attempt was planned, a day later at worst.

    Digests and quiet hours keep their time: they were not tried yet. So does what tells of other channels: those that
    were down together come back together, and need not hear of each other.
    """
    of_channels = select(_HEALTH.id).where(_HEALTH.id == _OUTBOX.health_id, _HEALTH.kind == HealthKind.STUCK)
    planned = (
        _OUTBOX.channel == channel, _OUTBOX.state == schema.OutboxState.PENDING, _OUTBOX.attempts > 0,
        _OUTBOX.next_attempt_at > at, ~of_channels.exists(),
    )  # fmt: skip
    connection.execute(update(_OUTBOX).where(*planned).values(next_attempt_at=at))


def _take_back(connection: Connection, health_id: int) -> set[str]:
    """Take back what still waits of the begin of a trouble that is over: where all failed at once, it is no news.

    What was refused was surely not taken, however often: channels that were down together need not hear of each other.
    What may have been taken stays, and the end follows it: else its receiver would take the trouble to last for ever.

    Returns:
        The channels that will never hear of it.
    """
    waits = delete(_OUTBOX).where(
        _OUTBOX.health_id == health_id, _OUTBOX.phase == HealthPhase.BEGAN, ~_OUTBOX.perhaps_taken,
        _OUTBOX.state == schema.OutboxState.PENDING, _OUTBOX.lease_owner.is_(None),
    )  # fmt: skip
    return set(connection.execute(waits.returning(_OUTBOX.channel)).scalars())


class Outages(Part):
    """Channels that take nothing."""

    @writing
    def channel_works(self, connection: Connection, channel: str, *, at: datetime, watchman: Watchman) -> None:
        """A channel took something outside of the outbox: what it refused before is due."""
        keep_success(connection, [channel], watchman, at=at)
        _hasten(connection, channel, at=at)

    def forget_outages(self, *, but: Collection[str], at: datetime) -> None:
        """End the outages of channels that are not in ``but`` and for which nothing waits: they are used no more."""
        # Asked first: as a rule there are none, and whoever starts need not wait for others that write.
        if self._unused(but):
            self._database.write(lambda connection: _forget(connection, but, at=at))

    @reading
    def _unused(self, connection: Connection, but: Collection[str]) -> bool:
        return connection.execute(select(_OUTAGE.channel).where(*_is_unused(but)).limit(1)).first() is not None


def _is_unused(but: Collection[str]) -> tuple[ColumnElement[bool], ...]:
    waits = select(_OUTBOX.id).where(_OUTBOX.channel == _OUTAGE.channel, _OUTBOX.state == schema.OutboxState.PENDING)
    return _OUTAGE.channel.not_in(but), ~waits.exists()


def _forget(connection: Connection, but: Collection[str], *, at: datetime) -> None:
    gone = delete(_OUTAGE).where(*_is_unused(but)).returning(_OUTAGE.health_id)
    for health_id in connection.execute(gone).scalars().all():
        if health_id is not None:
            end_trouble(connection, health_id, (), now=at)
