"""Digests: changes that are told together, and the summaries of those that are too many to be told one by one.

A digest is open from its first change on, one for each channel and name. It has its notification in the outbox from the
first, due when it is to be told. Who claims that closes the digest in the same transaction: from then on its set stays
as it is, whatever crashes, and so does its key.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, and_, func, insert, select, update
from sqlalchemy.orm import InstrumentedAttribute, aliased

from storage import schema
from storage.changes import change_row, select_changes
from storage.database import AnyRow, AnySelect
from storage.outbox_rows import notify
from storage.rows import DigestRow

__all__ = ["close_digests", "digests", "earlier_digest", "is_open", "join_digest"]

_CHANGE = schema.Change
_DIGEST = schema.Digest
_OUTBOX = schema.Outbox
_PART = schema.DigestPart
_SOURCE = schema.Source
_WAITING = aliased(_OUTBOX)

_MOST_PARTS = 200
"""Changes that are handed out with a digest, the most important ones."""


def is_open(connection: Connection, channel: str, name: str, source_id: int | None) -> bool:
    """True where changes join a digest of this name; ``source_id`` is that of a summary."""
    return _open(connection, channel, name, source_id) is not None


def join_digest(
    connection: Connection,
    change_id: int,
    *,
    channel: str,
    name: str,
    source_id: int | None,
    at: datetime,
    due_at: datetime,
) -> None:
    """Have a change told by the open digest of this name, or by a new one that is due at ``due_at``."""
    digest_id = _open(connection, channel, name, source_id)
    if digest_id is None:
        digest_id = _begin(connection, channel, name, source_id, at=at, due_at=due_at)
    connection.execute(insert(_PART).values(digest_id=digest_id, change_id=change_id))
    grown = {"size": _DIGEST.size + 1, "last_at": at}
    connection.execute(update(_DIGEST).where(_DIGEST.id == digest_id).values(**grown))


def close_digests(connection: Connection, deliveries: Collection[int], *, at: datetime) -> None:
    """Nothing joins the digests of these notifications any more."""
    claimed = select(_OUTBOX.digest_id).where(_OUTBOX.id.in_(deliveries), _OUTBOX.digest_id.is_not(None))
    is_claimed = _DIGEST.id.in_(claimed), _DIGEST.closed_at.is_(None)
    connection.execute(update(_DIGEST).where(*is_claimed).values(closed_at=at))


def digests(connection: Connection, ids: Collection[int]) -> dict[int, DigestRow]:
    """The digests of these ids, each with the most important of its changes."""
    asked = select(_DIGEST, _SOURCE.name.label("source_name")).outerjoin(_SOURCE, _SOURCE.id == _DIGEST.source_id)
    return {row.id: _row(connection, row) for row in connection.execute(asked.where(_DIGEST.id.in_(ids))).all()}


def earlier_digest(digest_id: InstrumentedAttribute[int | None]) -> AnySelect:
    """The digests before this one, of the same channel, name and source, that are not yet delivered or dead."""
    this, other = aliased(_DIGEST), aliased(_DIGEST)
    is_same = other.channel == this.channel, other.name == this.name
    waits = select(_WAITING.id).where(
        _WAITING.digest_id == other.id, _WAITING.state == schema.OutboxState.PENDING
    )  # fmt: skip
    return (
        select(other.id)
        .join(this, and_(*is_same, other.source_id.is_not_distinct_from(this.source_id)))
        .where(this.id == digest_id, other.id < this.id, waits.exists())
    )


def _open(connection: Connection, channel: str, name: str, source_id: int | None) -> int | None:
    # Locked, so that PostgreSQL lets nobody claim and close it between this and the insertion of a part.
    found: int | None = connection.execute(
        select(_DIGEST.id)
        .where(
            _DIGEST.channel == channel,
            _DIGEST.closed_at.is_(None),
            _DIGEST.name == name,
            _DIGEST.source_id.is_not_distinct_from(source_id),
        )
        .with_for_update()
    ).scalar()
    return found


def _begin(
    connection: Connection, channel: str, name: str, source_id: int | None, *, at: datetime, due_at: datetime
) -> int:
    values = {
        "channel": channel, "name": name, "source_id": source_id, "began_at": at, "last_at": at, "size": 0,
    }  # fmt: skip
    digest_id = int(connection.execute(insert(_DIGEST).values(**values).returning(_DIGEST.id)).scalar_one())
    facts = f"{digest_id} {name} {at.isoformat()}"
    notify(connection, f"dig_{digest_id}", [channel], at=at, facts=facts, due_at=due_at, digest_id=digest_id)
    return digest_id


def _row(connection: Connection, row: AnyRow) -> DigestRow:
    parts = select(_PART.change_id).where(_PART.digest_id == row.id)
    mine = _CHANGE.id.in_(parts)
    kinds = connection.execute(select(_CHANGE.kind, func.count().label("total")).where(mine).group_by(_CHANGE.kind))
    batches = connection.execute(
        select(_CHANGE.batch_id, func.count().label("total"))
        .where(mine, _CHANGE.batch_id.is_not(None))
        .group_by(_CHANGE.batch_id)
    )
    first = select_changes().where(mine).order_by(_CHANGE.importance.desc(), _CHANGE.id).limit(_MOST_PARTS)
    return DigestRow(
        id=row.id, name=row.name, source_id=row.source_id, source=row.source_name, began_at=row.began_at,
        last_at=row.last_at, size=row.size, kinds={row.kind: row.total for row in kinds},
        sources=int(connection.execute(select(func.count(_CHANGE.source_id.distinct())).where(mine)).scalar_one()),
        batches={row.batch_id: row.total for row in batches},
        changes=tuple(change_row(each) for each in connection.execute(first)),
    )  # fmt: skip
