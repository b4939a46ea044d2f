"""Mutes: sources and releases of which nobody is told for some time. What happens to them is kept as ever."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, delete, insert, or_, select

from storage import schema
from storage.database import Part, reading, writing
from storage.rows import MuteRow

__all__ = ["Mutes", "is_muted"]

_META = schema.Meta
_MUTE = schema.Mute
_RELEASE = schema.Release
_SOURCE = schema.Source

_SECRET = "mute-secret"  # noqa: S105  # the name of the row that holds it


def is_muted(connection: Connection, source_id: int, release_id: int | None, *, at: datetime) -> bool:
    """True where nobody is to be told of the source, or of the release, at this time."""
    whose = _MUTE.source_id == source_id
    if release_id is not None:
        whose = or_(whose, _MUTE.release_id == release_id)
    return connection.execute(select(_MUTE.id).where(whose, _lasts(at)).limit(1)).first() is not None


class Mutes(Part):
    """What is muted."""

    @writing
    def mute(
        self,
        connection: Connection,
        *,
        source_id: int | None = None,
        release_id: int | None = None,
        until: datetime | None,
        now: datetime,
    ) -> None:
        """Tell nobody of a source or of a release until then, None meaning for good; in place of what was said before.

        What waits in the outbox is sent all the same.
        """
        connection.execute(delete(_MUTE).where(_whose(source_id, release_id)))
        connection.execute(
            insert(_MUTE).values(source_id=source_id, release_id=release_id, until=until, created_at=now)
        )

    @writing
    def unmute(self, connection: Connection, *, source_id: int | None = None, release_id: int | None = None) -> bool:
        """Tell of it again. False where it was not muted."""
        return connection.execute(delete(_MUTE).where(_whose(source_id, release_id))).rowcount > 0

    @reading
    def mutes(self, connection: Connection, now: datetime) -> list[MuteRow]:
        """What is muted now, the first muted first."""
        rows = connection.execute(
            select(
                _MUTE.source_id, _MUTE.release_id, _MUTE.until, _MUTE.created_at, _SOURCE.name.label("source"),
                _RELEASE.url, _RELEASE.title,
            )
            .outerjoin(_RELEASE, _RELEASE.id == _MUTE.release_id)
            .join(_SOURCE, or_(_SOURCE.id == _MUTE.source_id, _SOURCE.id == _RELEASE.source_id))
            .where(_lasts(now))
            .order_by(_MUTE.id)
        )  # fmt: skip
        return [MuteRow(**row._asdict()) for row in rows]

    @writing
    def mute_secret(self, connection: Connection) -> str:
        """By which links that mute are signed: made when it is asked for first, and kept in the database."""
        row = self._database.insert(_META).values(key=_SECRET, value=secrets.token_hex(32))
        connection.execute(row.on_conflict_do_nothing(index_elements=["key"]))
        return str(connection.execute(select(_META.value).where(_META.key == _SECRET)).scalar_one())


def _lasts(at: datetime) -> ColumnElement[bool]:
    return or_(_MUTE.until.is_(None), _MUTE.until > at)


def _whose(source_id: int | None, release_id: int | None) -> ColumnElement[bool]:
    if (source_id is None) is (release_id is None):
        raise ValueError("what is muted is a source or a release")
    return _MUTE.source_id == source_id if release_id is None else _MUTE.release_id == release_id
