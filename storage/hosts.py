"""Hosts: whose turn it is to speak to one, from when on it may be visited, and what its robots.txt says.

One worker at a time holds a host's lease. Whatever a worker writes about a page is fenced by it: a worker that was
stopped for longer than its lease, and whose host went to another, writes nothing any more.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, Connection, case, delete, or_, select, union, update

from storage import codec, schema
from storage.columns import shorten
from storage.database import Database, Part, reading, writing
from storage.errors import LeaseLost
from storage.rows import Busy, Robots

__all__ = ["Hosts", "fence", "host_of", "is_free", "meet"]

_OUTBOX = schema.Outbox
_HOST = schema.Host
_PAGE = schema.Page

_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
_IDLE = timedelta(days=1)
"""After that robots.txt is asked for anew anyway."""
_BATCH = 500


def host_of(url: str) -> str:
    """``host`` or ``host:port`` of a normalised address, as ``scraper.urls.host`` says it; total."""
    rest = url.partition("://")[2]
    for end in "/?#\\":
        rest = rest.partition(end)[0]
    return shorten(rest.rpartition("@")[2].lower())


def meet(database: Database, connection: Connection, hosts: Iterable[str]) -> None:
    """Make the rows of hosts that are not known yet; none of them is forgotten until the transaction ends."""
    missing = set(hosts)
    while missing:
        rows = [{"name": host, "next_at": _LONG_AGO} for host in sorted(missing)]
        connection.execute(database.insert(_HOST).on_conflict_do_nothing(), rows)
        # PostgreSQL: a row that was there already may be gone before it is locked, and is made anew then.
        met = select(_HOST.name).where(_HOST.name.in_(missing)).order_by(_HOST.name)
        missing -= set(connection.execute(met.with_for_update(read=True, key_share=True)).scalars())


def is_free(now: datetime) -> ColumnElement[bool]:
    """Nobody holds the host's lease."""
    return or_(_HOST.lease_until.is_(None), _HOST.lease_until <= now)


def fence(connection: Connection, host: str, owner: str) -> None:
    """Make sure that ``owner`` holds the lease of a host, and goes on holding it until the transaction ends.

    An expired lease that nobody else took still counts.

    Raises:
        LeaseLost: it is another's by now, or nobody's.
    """
    holder = connection.execute(
        select(_HOST.lease_owner).where(_HOST.name == host).with_for_update(key_share=True)
    ).scalar()
    if holder != owner:
        raise LeaseLost(f"{owner} no longer holds the lease of {host}")


class Hosts(Part):
    """Leases and robots."""

    @writing
    def let_go(self, connection: Connection, host: str, owner: str, *, next_at: datetime) -> None:
        """Free a host, not to be visited before ``next_at``, or later where it is paused for longer.

        Nothing happens where the lease is another's by now.
        """
        connection.execute(
            update(_HOST)
            .where(_HOST.name == host, _HOST.lease_owner == owner)
            .values(lease_owner=None, lease_until=None, next_at=_later(next_at))
        )

    @writing
    def take(
        self, connection: Connection, host: str, owner: str, *, now: datetime, lease: timedelta
    ) -> Busy | None:  # fmt: skip
        """Lease a host, whatever is due there. None once that is done, else why it can't be."""
        meet(self._database, connection, [host])
        taken = connection.execute(
            update(_HOST)
            .where(_HOST.name == host, is_free(now), _HOST.next_at <= now)
            .values(lease_owner=owner, lease_until=now + lease)
        )
        if taken.rowcount:
            return None
        row = connection.execute(select(_HOST.next_at, _HOST.lease_until).where(_HOST.name == host)).one()
        return Busy(rests_until=row.next_at, until=max(filter(None, row)))

    @writing
    def leave_alone(self, connection: Connection, host: str, *, until: datetime) -> None:
        """Visit a host no more before then, or later where it is paused for longer, whoever holds its lease."""
        meet(self._database, connection, [host])
        connection.execute(update(_HOST).where(_HOST.name == host).values(next_at=_later(until)))

    @reading
    def lease_owners(self, connection: Connection, now: datetime) -> list[str]:
        """Who holds a lease of a host or a delivery."""
        held = [
            select(table.lease_owner).where(table.lease_owner.is_not(None), table.lease_until > now)
            for table in (_HOST, _OUTBOX)
        ]
        return sorted(filter(None, connection.execute(union(*held)).scalars()))

    @writing
    def free_leases(self, connection: Connection, owner: str) -> None:
        """Free whatever a dead owner held; what it did is repeated."""
        for table in (_HOST, _OUTBOX):
            connection.execute(
                update(table).where(table.lease_owner == owner).values(lease_owner=None, lease_until=None)
            )

    def forget_hosts(self, now: datetime) -> int:
        """Throw away hosts without a page that nobody spoke to for a day: redirects led there. How many these were."""
        total = 0
        while forgotten := self._forget(now - _IDLE):
            total += forgotten
        return total

    @writing
    def _forget(self, connection: Connection, before: datetime) -> int:
        has_page = select(_PAGE.id).where(_PAGE.host == _HOST.name).exists()
        idle = select(_HOST.name).where(
            is_free(before), _HOST.next_at < before, or_(_HOST.robots_at.is_(None), _HOST.robots_at < before), ~has_page
        )
        names = list(connection.execute(idle.limit(_BATCH).with_for_update(skip_locked=True)).scalars())
        # Asked again now that they are locked: a page may have come meanwhile.
        return connection.execute(delete(_HOST).where(_HOST.name.in_(names), ~has_page)).rowcount

    @reading
    def robots(self, connection: Connection, host: str) -> Robots | None:
        """What is known of a host's robots.txt; None where it was never asked for."""
        row = connection.execute(
            select(
                _HOST.robots_status, _HOST.robots_text, _HOST.robots_at, _HOST.robots_ok_at, _HOST.robots_failed_at,
                _HOST.robots_failed, _HOST.delay,
            ).where(_HOST.name == host)
        ).first()  # fmt: skip
        if row is None or row.robots_at is None:
            return None
        delay = None if row.delay is None else timedelta(seconds=row.delay)
        return Robots(
            status=row.robots_status, text=row.robots_text, at=row.robots_at, ok_at=row.robots_ok_at,
            failed_at=row.robots_failed_at, failed=codec.failed_from(row.robots_failed), delay=delay,
        )  # fmt: skip

    @writing
    def keep_robots(self, connection: Connection, host: str, robots: Robots) -> None:
        """Keep what a host said, as it is to be known from now on."""
        meet(self._database, connection, [host])
        connection.execute(
            update(_HOST)
            .where(_HOST.name == host)
            .values(
                robots_status=robots.status,
                robots_text=robots.text,
                robots_at=robots.at,
                robots_ok_at=robots.ok_at,
                robots_failed_at=robots.failed_at,
                robots_failed=codec.failed_to(robots.failed),
                delay=None if robots.delay is None else robots.delay.total_seconds(),
            )
        )


def _later(at: datetime) -> ColumnElement[datetime]:
    return case((_HOST.next_at > at, _HOST.next_at), else_=at)
