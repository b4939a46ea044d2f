"""What is watched and how it fares: plain SELECTs into small frozen rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Label, ScalarSelect, Select, and_, case, func, literal_column, or_, select, text
from sqlalchemy.orm import aliased

from scraper.model import State
from storage import schema
from storage.database import AnyRow, AnySelect, Part, reading
from storage.outbox import count_outbox
from storage.pages import source_from
from storage.rows import Failing, FailingSource, ListingRow, PollRow, SourceRow, Status

__all__ = ["Overview"]

_CHANGE = schema.Change
_LISTING = schema.Listing
_META = schema.Meta
_OUTBOX = schema.Outbox
_PAGE = schema.Page
_POLL = schema.Poll
_RELEASE = schema.Release
_REVISION = schema.Revision
_SOURCE = schema.Source

_FAILS = _PAGE.failures > literal_column("0")
"""Spelled as the index on it is; with a parameter it would not be used."""
_IS_POLLED = _PAGE.next_poll_at.is_not(None)
"""False of a listing that another one replaced: how its last look ended is of no interest any more."""
_READ = (State.LIVE, State.WITHDRAWN)
_MOST_FAILING = 100


class Overview(Part):
    """The sources, their pages and the whole."""

    @reading
    def sources(
        self, connection: Connection, *, removed: bool = False, source_id: int | None = None
    ) -> list[SourceRow]:
        """The sources by name, or the one with an id; those that were removed only where asked for."""
        shown = select(_SOURCE)
        if not removed:
            shown = shown.where(_SOURCE.removed_at.is_(None))
        if source_id is not None:
            shown = shown.where(_SOURCE.id == source_id)
        counts = _releases_by_source(connection, source_id)
        due = aliased(_PAGE)
        asked = (
            shown.add_columns(*_of_pages(), due.next_poll_at, due.url.label("next_url"), due.why.label("next_why"))
            .outerjoin(due, due.id == _first_due())
            .order_by(_SOURCE.name)
        )
        return [_source_row(row, counts.get(row.id, {})) for row in connection.execute(asked)]

    @reading
    def listings(self, connection: Connection, source_id: int) -> list[ListingRow]:
        """The listings of a source, in the order in which they were added."""
        rows = connection.execute(
            select(
                _LISTING.id, _LISTING.page_id, _LISTING.url, _LISTING.kind, _LISTING.shapes, _LISTING.visited_at,
                _LISTING.size, _PAGE.last_poll_at, _PAGE.last_ok_at, _PAGE.next_poll_at, _PAGE.last_outcome,
                _PAGE.last_error, _PAGE.failures,
            )
            .join(_PAGE, _PAGE.id == _LISTING.page_id)
            .where(_LISTING.source_id == source_id)
            .order_by(_LISTING.id)
        )  # fmt: skip
        return [ListingRow(**{**row._asdict(), "shapes": tuple(row.shapes)}) for row in rows]

    @reading
    def polls(
        self, connection: Connection, *, page_id: int | None = None, release_id: int | None = None, limit: int = 100
    ) -> list[PollRow]:
        """The last requests, newest first: all, those of a page, or those of a release."""
        asked = select(_POLL, _PAGE.url).join(_PAGE, _PAGE.id == _POLL.page_id)
        if page_id is not None:
            asked = asked.where(_POLL.page_id == page_id)
        if release_id is not None:
            asked = asked.where(
                _POLL.page_id == select(_RELEASE.page_id).where(_RELEASE.id == release_id).scalar_subquery()
            )
        in_order = (_POLL.id.desc(),) if page_id is None and release_id is None else (_POLL.at.desc(), _POLL.id.desc())
        rows = connection.execute(asked.order_by(*in_order).limit(limit))
        return [PollRow(**row._asdict()) for row in rows]

    @reading
    def failing_by_source(self, connection: Connection) -> list[FailingSource]:
        """The sources of which pages failed at their last look, by name."""
        is_watched = _SOURCE.removed_at.is_(None), _SOURCE.paused.is_(False), _IS_POLLED
        counts = connection.execute(
            select(
                _SOURCE.id,
                _SOURCE.name.label("source"),
                func.count(_PAGE.id).filter(_FAILS).label("pages"),
                func.count(_PAGE.id).label("of"),
            )
            .join(_PAGE, _PAGE.source_id == _SOURCE.id)
            .where(*is_watched)
            .group_by(_SOURCE.id, _SOURCE.name)
            .order_by(_SOURCE.name)
        ).all()
        return [_failing_source(connection, row) for row in counts if row.pages]

    @reading
    def failing_pages(self, connection: Connection) -> tuple[Failing, ...]:
        """The pages whose last look failed, the longest-failing first, at most a hundred."""
        return _failing(connection)

    @reading
    def last_heartbeat(self, connection: Connection) -> datetime | None:
        """When the daemon's clock beat last; None where it never did."""
        return _heartbeat(connection)[0]

    @reading
    def status(self, connection: Connection, now: datetime) -> Status:
        """How the whole fares."""
        watched = and_(_SOURCE.removed_at.is_(None), _SOURCE.paused.is_(False))
        due = connection.execute(
            select(func.count(), func.min(_PAGE.next_poll_at))
            .join(_SOURCE, _SOURCE.id == _PAGE.source_id)
            .where(watched, _PAGE.next_poll_at <= now)
        ).one()
        sources = connection.execute(
            select(func.count(), func.count().filter(_SOURCE.paused)).where(_SOURCE.removed_at.is_(None))
        ).one()
        beat, owner = _heartbeat(connection)
        return Status(
            sources=sources[0],
            paused=sources[1],
            listings=_count(connection, select(func.count()).select_from(_LISTING)),
            releases=_by_state(connection),
            revisions=_count(connection, select(func.count()).select_from(_REVISION)),
            changes=_count(connection, select(func.count()).select_from(_CHANGE)),
            due=due[0],
            overdue_since=due[1],
            failing=_failing(connection),
            outbox=count_outbox(connection),
            oldest_pending=_oldest_pending(connection, now),
            heartbeat_at=beat,
            heartbeat_owner=owner,
            last_poll_at=_last_poll_at(connection),
            size=_size(connection),
        )


# --- parts ------------------------------------------------------------------------------------------------------------


def _of_pages() -> tuple[Label[Any], ...]:
    """What a source's row says of its pages and changes: each asked by itself, for each is the end of an index."""
    of_source = _PAGE.source_id == _SOURCE.id
    asked: dict[str, Select[Any]] = {
        "last_poll_at": select(func.max(_PAGE.last_poll_at)).where(of_source),
        "failing": select(func.count(_PAGE.id)).where(of_source, _FAILS, _IS_POLLED),
        "listings": select(func.count(_LISTING.id)).where(_LISTING.source_id == _SOURCE.id),
        "last_change_at": select(_CHANGE.detected_at)
        .where(_CHANGE.source_id == _SOURCE.id)
        .order_by(_CHANGE.id.desc())
        .limit(1),
    }
    return tuple(each.correlate(_SOURCE).scalar_subquery().label(name) for name, each in asked.items())


def _first_due() -> ScalarSelect[int]:
    """The page of a source that is looked at next."""
    asked = select(_PAGE.id).where(_PAGE.source_id == _SOURCE.id, _PAGE.next_poll_at.is_not(None))
    return asked.order_by(_PAGE.next_poll_at, _PAGE.id).limit(1).correlate(_SOURCE).scalar_subquery()


def _releases_by_source(connection: Connection, source_id: int | None) -> dict[int, dict[State, int]]:
    asked = select(_RELEASE.source_id, _RELEASE.state, func.count(_RELEASE.id))
    if source_id is not None:
        asked = asked.where(_RELEASE.source_id == source_id)
    counts: dict[int, dict[State, int]] = defaultdict(dict)
    for source, state, count in connection.execute(asked.group_by(_RELEASE.source_id, _RELEASE.state)):
        counts[source][state] = count
    return counts


def _source_row(row: AnyRow, releases: Mapping[State, int]) -> SourceRow:
    return SourceRow(
        id=row.id, source=source_from(row), created_at=row.created_at, removed_at=row.removed_at,
        listings=row.listings, releases=sum(releases.get(state, 0) for state in _READ),
        pending=releases.get(State.PENDING, 0), failing=row.failing, last_poll_at=row.last_poll_at,
        next_poll_at=row.next_poll_at, next_url=row.next_url, next_why=row.next_why,
        last_change_at=row.last_change_at,
    )  # fmt: skip


def _count(connection: Connection, asked: AnySelect) -> int:
    return int(connection.execute(asked).scalar_one())


def _by_state(connection: Connection) -> dict[State, int]:
    rows = connection.execute(select(_RELEASE.state, func.count()).group_by(_RELEASE.state))
    return dict.fromkeys(State, 0) | {row[0]: row[1] for row in rows}


def _heartbeat(connection: Connection) -> tuple[datetime | None, str | None]:
    rows = connection.execute(select(_META.key, _META.value).where(_META.key.in_(("heartbeat-at", "heartbeat-owner"))))
    found = {row.key: row.value for row in rows}
    beat = found.get("heartbeat-at")
    return datetime.fromisoformat(beat) if beat else None, found.get("heartbeat-owner")


def _last_poll_at(connection: Connection) -> datetime | None:
    """By source, since there is an index for that."""
    of_source = select(func.max(_PAGE.last_poll_at).label("at")).where(_PAGE.source_id == _SOURCE.id)
    each = select(of_source.correlate(_SOURCE).scalar_subquery().label("at")).select_from(_SOURCE).subquery()
    at: datetime | None = connection.execute(select(func.max(each.c.at))).scalar()
    return at


def _failing(connection: Connection) -> tuple[Failing, ...]:
    rows = connection.execute(
        select(
            _PAGE.id.label("page_id"), _SOURCE.name.label("source"), _PAGE.role, _PAGE.url,
            _PAGE.last_ok_at.label("since"), _PAGE.last_error.label("error"), _PAGE.failures, _PAGE.next_poll_at,
        )
        .join(_SOURCE, _SOURCE.id == _PAGE.source_id)
        .where(_FAILS, _IS_POLLED, _SOURCE.removed_at.is_(None))
        .order_by(_PAGE.failures.desc(), _PAGE.id)
        .limit(_MOST_FAILING)
    )  # fmt: skip
    return tuple(Failing(**row._asdict()) for row in rows)


def _failing_source(connection: Connection, row: AnyRow) -> FailingSource:
    worst = connection.execute(
        select(_PAGE.url, _PAGE.last_error, _PAGE.last_ok_at)
        .where(_PAGE.source_id == row.id, _FAILS, _IS_POLLED)
        .order_by(_PAGE.role, _PAGE.failures.desc(), _PAGE.id)
        .limit(1)
    ).one()
    return FailingSource(
        source=row.source, pages=row.pages, of=row.of, url=worst.url, since=worst.last_ok_at, error=worst.last_error
    )


def _oldest_pending(connection: Connection, now: datetime) -> datetime | None:
    """Since when the notification that waits longest is due or tried; what is held until later does not wait yet."""
    since = case((_OUTBOX.attempts == 0, _OUTBOX.next_attempt_at), else_=_OUTBOX.created_at)
    waits = _OUTBOX.state == schema.OutboxState.PENDING, or_(_OUTBOX.attempts > 0, _OUTBOX.next_attempt_at <= now)
    at: datetime | None = connection.execute(select(func.min(since)).where(*waits)).scalar()
    return at


def _size(connection: Connection) -> int:
    if connection.dialect.name == "sqlite":
        asked = "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
    else:
        asked = "SELECT pg_database_size(current_database())"
    return int(connection.execute(text(asked)).scalar_one())
