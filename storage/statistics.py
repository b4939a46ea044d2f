"""What became of a source, counted by the database: when it publishes, what it edits, how looks end, what they cost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Label,
    Text,
    and_,
    cast,
    func,
    literal_column,
    select,
    text,
)

from scraper.model import Kind
from storage import schema
from storage.database import AnySelect, Part, reading

__all__ = ["Costs", "DayCount", "Edits", "Looks", "Queue", "Statistics"]

_CHANGE = schema.Change
_OUTBOX = schema.Outbox
_PAGE = schema.Page
_POLL = schema.Poll
_RELEASE = schema.Release
_REVISION = schema.Revision
_SOURCE = schema.Source

_EDITS = (Kind.EDITED, Kind.SILENTLY_EDITED)
_UNDELIVERED = (schema.OutboxState.PENDING, schema.OutboxState.DEAD)
_SUMMED = _CHANGE.kind > literal_column("''")
"""True of every change: opens the indexes that hold what is summed, see :class:`storage.schema.Change`."""
_MOST_RELEASES = 2_000
"""Releases that a rhythm is taken of, the last ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DayCount:
    """Changes of one kind that were detected on one day, UTC."""

    day: date
    kind: Kind
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Edits:
    """How many of a source's releases were edited."""

    edited: int
    """Of these texts changed while they were watched, silently or not."""
    silently: int
    """Of these at least once silently."""
    waits: tuple[timedelta, ...]
    """From the first look at a release that appeared while its source was watched to the first that saw an edit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Looks:
    """How many looks ended alike."""

    outcome: str
    count: int
    received: int
    """Bytes in all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """What the looks at a source's pages took."""

    source_id: int
    source: str
    requests: int
    received: int
    """Bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """What waits in a channel, and what was given up there."""

    channel: str
    pending: int
    dead: int
    oldest_pending: datetime | None
    last_error: str | None
    """One of those that pending notifications met; None where none met any."""
    next_attempt_at: datetime | None
    """The first time at which one of them may be sent: a retry, a digest, the end of quiet hours."""


class Statistics(Part):
    """Sums over what is kept."""

    @reading
    def publication_times(self, connection: Connection, source_id: int) -> list[datetime]:
        """When the last releases of a source say that they were published, those that tell a time of day."""
        # The sum keeps the revision from being looked up by its id: its row is as long as its text.
        of_release = _REVISION.release_id == _RELEASE.id, _REVISION.id + 0 == _RELEASE.current_revision_id
        asked = (
            select(_RELEASE.published_at)
            .join(_REVISION, and_(*of_release, text(schema.TIMED)))
            .where(_RELEASE.source_id == source_id, _RELEASE.published_at.is_not(None))
            .order_by(_RELEASE.published_at.desc())
            .limit(_MOST_RELEASES)
        )
        return [row.published_at for row in connection.execute(asked)]

    @reading
    def first_seen_times(self, connection: Connection, source_id: int, *, within: timedelta) -> list[datetime]:
        """When the last releases that appeared while a source was watched were seen, where the window is so narrow."""
        asked = (
            select(_CHANGE.not_before, _CHANGE.not_after)
            .where(_CHANGE.source_id == source_id, _CHANGE.kind == Kind.NEW, _CHANGE.not_before.is_not(None))
            .order_by(_CHANGE.id.desc())
            .limit(_MOST_RELEASES)
        )
        return [row.not_after for row in connection.execute(asked) if row.not_after - row.not_before <= within]

    @reading
    def changes_by_day(self, connection: Connection, source_id: int, *, since: datetime) -> list[DayCount]:
        """What was detected of a source from a moment on, by day and kind."""
        day = func.substr(cast(_CHANGE.detected_at, Text), 1, 10).label("day")
        rows = connection.execute(
            select(day, _CHANGE.kind, func.count().label("number"))
            .where(_CHANGE.source_id == source_id, _CHANGE.detected_at >= since, _SUMMED)
            .group_by(day, _CHANGE.kind)
            .order_by(day, _CHANGE.kind)
        )
        return [DayCount(day=date.fromisoformat(row.day), kind=row.kind, count=row.number) for row in rows]

    @reading
    def edits(self, connection: Connection, source_id: int) -> Edits:
        """How many releases of a source were edited, and how soon."""
        rows = connection.execute(_edited_releases(source_id)).all()
        first = [row for row in rows if row.seen_at is not None and row.seen_at <= row.edited_at]
        return Edits(
            edited=len(rows), silently=sum(row.silently_at is not None for row in rows),
            waits=tuple(row.edited_at - row.seen_at for row in first),
        )  # fmt: skip

    @reading
    def looks(self, connection: Connection, source_id: int, *, since: datetime) -> list[Looks]:
        """How the looks at a source's pages ended from a moment on, the most frequent end first."""
        rows = connection.execute(
            select(_POLL.outcome, func.count().label("number"), _bytes())
            .join(_PAGE, _PAGE.id == _POLL.page_id)
            .where(_PAGE.source_id == source_id, _POLL.at >= since)
            .group_by(_POLL.outcome)
            .order_by(func.count().desc(), _POLL.outcome)
        )
        return [Looks(outcome=row.outcome, count=row.number, received=row.received) for row in rows]

    @reading
    def costs(self, connection: Connection, *, since: datetime) -> list[Costs]:
        """What the looks from a moment on took, by source, the dearest first."""
        rows = connection.execute(
            select(_PAGE.source_id, _SOURCE.name.label("source"), func.count().label("requests"), _bytes())
            .select_from(_POLL)
            .join(_PAGE, _PAGE.id == _POLL.page_id)
            .join(_SOURCE, _SOURCE.id == _PAGE.source_id)
            .where(_POLL.at >= since)
            .group_by(_PAGE.source_id, _SOURCE.name)
            .order_by(func.count().desc(), _SOURCE.name)
        )
        return [Costs(**row._asdict()) for row in rows]

    @reading
    def queues(self, connection: Connection) -> list[Queue]:
        """What is not delivered, by channel."""
        pending, dead = (_OUTBOX.state == state for state in _UNDELIVERED)
        rows = connection.execute(
            select(
                _OUTBOX.channel,
                func.count().filter(pending).label("pending"),
                func.count().filter(dead).label("dead"),
                func.min(_OUTBOX.created_at).filter(pending).label("oldest_pending"),
                func.max(_OUTBOX.last_error).filter(pending).label("last_error"),
                func.min(_OUTBOX.next_attempt_at).filter(pending).label("next_attempt_at"),
            )
            .where(_OUTBOX.state.in_(_UNDELIVERED))
            .group_by(_OUTBOX.channel)
            .order_by(_OUTBOX.channel)
        )
        return [Queue(**row._asdict()) for row in rows]


def _bytes() -> Label[int]:
    return cast(func.coalesce(func.sum(_POLL.received), 0), BigInteger).label("received")


def _edited_releases(source_id: int) -> AnySelect:
    """When each release of a source that was edited was seen first, edited first, and silently so."""

    def first(*kinds: Kind) -> ColumnElement[datetime]:
        return func.min(_CHANGE.not_after).filter(_CHANGE.kind.in_(kinds))

    return (
        select(
            first(Kind.NEW).label("seen_at"),
            first(*_EDITS).label("edited_at"),
            first(Kind.SILENTLY_EDITED).label("silently_at"),
        )
        .where(_CHANGE.source_id == source_id, _CHANGE.kind.in_((Kind.NEW, *_EDITS)), _SUMMED)
        .group_by(_CHANGE.release_id)
        .having(first(*_EDITS).is_not(None))
    )
