"""Changes: what happened to releases, written and read as rows."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, insert, select, text
from sqlalchemy.orm import InstrumentedAttribute

from scraper.model import Batching, Change, Precision, Stamp
from storage import schema
from storage.batches import join
from storage.database import AnyRow, AnySelect, Database
from storage.rows import ChangeRow, StampRow

__all__ = ["change_row", "keep_change", "one_at_a_time", "select_changes", "stamp_row"]

_CHANGE = schema.Change
_SOURCE = schema.Source

_ORDERING = 7_355_609
"""Key of the advisory lock under which changes get their ids."""


def one_at_a_time(database: Database, connection: Connection) -> None:
    """Let changes become visible in the order of their ids, so that a reader who asks "after id n" misses none.

    PostgreSQL gives out ids before transactions end, and these may end in another order.
    """
    if not database.is_sqlite:
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ORDERING})


def keep_change(
    connection: Connection,
    change: Change,
    *,
    source_id: int,
    release_id: int,
    at: datetime,
    evidence_id: int | None,
    batching: Batching,
) -> int:
    """Insert a change, which may join or begin a batch. Its id."""
    batch_id = join(connection, change, source_id=source_id, release_id=release_id, at=at, batching=batching)
    change_id: int = connection.execute(
        insert(_CHANGE)
        .values(
            source_id=source_id,
            release_id=release_id,
            kind=change.kind,
            detected_at=at,
            not_before=change.not_before,
            not_after=change.not_after,
            title=change.title,
            url=change.url,
            url_before=change.url_before,
            revision_from=change.revision_from,
            revision_to=change.revision_to,
            importance=change.importance,
            reason=change.reason,
            evidence_id=evidence_id,
            signature=change.signature or None,
            batch_id=batch_id,
            **_stamp("stamp_before", change.stamp_before),
            **_stamp("stamp_after", change.stamp_after),
        )
        .returning(_CHANGE.id)
    ).scalar_one()
    return change_id


def select_changes(*more: ColumnElement[Any] | InstrumentedAttribute[Any]) -> AnySelect:
    """The columns of :func:`change_row`, and ``more``.

    Each change has its source; joined from outside, that one can't be what a database begins with, to sort all changes.
    """
    columns = select(_CHANGE, _SOURCE.name.label("source_name"), *more).select_from(_CHANGE)
    return columns.outerjoin(_SOURCE, _SOURCE.id == _CHANGE.source_id)


def change_row(row: AnyRow) -> ChangeRow:
    """A row of :func:`select_changes`."""
    return ChangeRow(
        id=row.id,
        kind=row.kind,
        release_id=row.release_id,
        source_id=row.source_id,
        source=row.source_name,
        url=row.url,
        url_before=row.url_before,
        title=row.title,
        detected_at=row.detected_at,
        not_before=row.not_before,
        not_after=row.not_after,
        stamp_before=stamp_row(row.stamp_before_at, row.stamp_before_precision, row.stamp_before_raw),
        stamp_after=stamp_row(row.stamp_after_at, row.stamp_after_precision, row.stamp_after_raw),
        revision_from=row.revision_from,
        revision_to=row.revision_to,
        importance=row.importance,
        reason=row.reason,
        batch_id=row.batch_id,
    )


def stamp_row(at: datetime | None, precision: Precision | None, raw: str | None) -> StampRow | None:
    """A stamp of three columns."""
    return None if at is None or precision is None else StampRow(at=at, precision=precision, raw=raw or "")


def _stamp(name: str, stamp: Stamp | None) -> dict[str, Any]:
    return {
        f"{name}_at": stamp.at if stamp else None,
        f"{name}_precision": stamp.precision if stamp else None,
        f"{name}_raw": stamp.raw if stamp else None,
    }
