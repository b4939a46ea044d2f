"""What a clock put down that was ahead, once it is set right: else everything would wait until that time has come.

What was polled, or begun, in the future tells of itself. Times that are rightly far ahead, such as those of digests and
of pages that a budget leaves for long, were put down in the past and stay as they are.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, and_, or_, select, update

from scraper.model import Failure, Role
from storage import schema
from storage.database import AnySelect, Part, reading, writing

__all__ = ["Clock"]

_HOST = schema.Host
_OUTBOX = schema.Outbox
_PAGE = schema.Page
_POLL = schema.Poll
_RELEASE = schema.Release

_PENDING = _OUTBOX.state == schema.OutboxState.PENDING

_SKEW = timedelta(minutes=1)
"""The clocks of several machines differ by less."""


class Clock(Part):
    """Times that lie ahead of the clock."""

    def set_right(self, now: datetime, *, pause: timedelta, lease: timedelta, retry: timedelta) -> None:
        """Let nothing wait for a time that a clock put down that was ahead.

        Pages that were looked at in the future are due now, and so is what was found there. Notifications that were
        made in the future wait for as long from now on. Of what says no more than its time the longest is believed
        that there can be.

        Args:
            now: the right time.
            pause: for so long a host may be left alone at the most.
            lease: for so long a host or a notification may be held.
            retry: for so long a notification that was not taken may wait for its next attempt.
        """
        # Asked first: as a rule nothing is ahead, and whoever starts need not wait for others that write.
        if self._is_ahead(now, pause=pause, lease=lease, retry=retry):
            self._set_right(now, pause=pause, lease=lease, retry=retry)

    @reading
    def _is_ahead(
        self, connection: Connection, now: datetime, *, pause: timedelta, lease: timedelta, retry: timedelta
    ) -> bool:
        ahead = now + _SKEW
        asked = (
            _polled_since(ahead),
            select(_HOST.name).where(_HOST.next_at > now + pause),
            *(select(table.lease_until).where(table.lease_until > now + lease) for table in (_HOST, _OUTBOX)),
            select(_OUTBOX.id).where(_PENDING, _OUTBOX.created_at > ahead),
            select(_OUTBOX.id).where(_PENDING, _OUTBOX.attempts > 0, _OUTBOX.next_attempt_at > now + retry),
        )
        return any(connection.execute(each.limit(1)).first() is not None for each in asked)

    @writing
    def _set_right(
        self, connection: Connection, now: datetime, *, pause: timedelta, lease: timedelta, retry: timedelta
    ) -> None:
        ahead = now + _SKEW
        _free_hosts(connection, now, ahead, pause=pause)
        for table in (_HOST, _OUTBOX):
            too_long = table.lease_until > now + lease
            connection.execute(update(table).where(too_long).values(lease_until=now + lease))
        _call_pages(connection, now, ahead)
        _call_notifications(connection, now, ahead, retry=retry)


def _polled_since(ahead: datetime) -> AnySelect:
    """The pages of which the log tells that they were looked at later than that."""
    return select(_POLL.page_id).where(_POLL.at > ahead)


def _free_hosts(connection: Connection, now: datetime, ahead: datetime, *, pause: timedelta) -> None:
    """One that asked to be left alone is, for as long as it can ask for at the most; the others may be visited."""
    visited = select(_PAGE.host).where(_PAGE.id.in_(_polled_since(ahead)), _PAGE.last_poll_at > ahead)
    throttled = visited.where(_PAGE.last_outcome == Failure.THROTTLED)
    done_with = _HOST.next_at > ahead, _HOST.name.in_(visited), _HOST.name.not_in(throttled)
    connection.execute(update(_HOST).where(*done_with).values(next_at=now))
    connection.execute(update(_HOST).where(_HOST.next_at > now + pause).values(next_at=now + pause))


def _call_pages(connection: Connection, now: datetime, ahead: datetime) -> None:
    looked_at = _PAGE.id.in_(_polled_since(ahead)), _PAGE.last_poll_at > ahead
    listings = select(_PAGE.source_id).where(*looked_at, _PAGE.role == Role.LISTING)
    found = select(_RELEASE.page_id).where(_RELEASE.source_id.in_(listings), _RELEASE.discovered_at > ahead)
    never_read = and_(_PAGE.last_poll_at.is_(None), _PAGE.id.in_(found))
    too_late = _PAGE.next_poll_at > ahead, or_(and_(*looked_at), never_read)
    connection.execute(update(_PAGE).where(*too_late).values(next_poll_at=now))


def _call_notifications(connection: Connection, now: datetime, ahead: datetime, *, retry: timedelta) -> None:
    """What was tried in vain waits no longer than for its next attempt; the rest for as long as when it was made."""
    made = select(_OUTBOX.id, _OUTBOX.created_at, _OUTBOX.next_attempt_at).where(_PENDING, _OUTBOX.created_at > ahead)
    for row in connection.execute(made.with_for_update()).all():
        waits = max(row.next_attempt_at - row.created_at, timedelta())
        values = {"created_at": now, "next_attempt_at": now + waits}
        connection.execute(update(_OUTBOX).where(_OUTBOX.id == row.id).values(**values))
    tried_later = _PENDING, _OUTBOX.attempts > 0, _OUTBOX.next_attempt_at > now + retry
    connection.execute(update(_OUTBOX).where(*tried_later).values(next_attempt_at=now + retry))
