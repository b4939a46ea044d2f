"""What goes into the outbox: a row for each channel, under a key that tells it from every other."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, insert, select

from storage import schema

__all__ = ["notify"]

_META = schema.Meta
_OUTBOX = schema.Outbox


def notify(
    connection: Connection,
    name: str,
    channels: Sequence[str],
    *,
    at: datetime,
    facts: str,
    due_at: datetime | None = None,
    **subject: object,
) -> None:
    """Insert a notification for each channel, due at ``due_at`` or at once.

    Its key is made of ``name``, which no other notification of this database has, and of what tells it from that of the
    same name in another database, or in this one before a back-up came back.
    """
    if not channels:
        return
    key = f"{name}_{_token(connection, facts)}"
    rows = [
        {
            "channel": channel,
            "key": f"{key}.{channel}",
            "state": schema.OutboxState.PENDING,
            "next_attempt_at": due_at or at,
            "created_at": at,
            **subject,
        }
        for channel in dict.fromkeys(channels)
    ]
    connection.execute(insert(_OUTBOX), rows)


def _token(connection: Connection, facts: str) -> str:
    database_id = connection.execute(select(_META.value).where(_META.key == "database-id")).scalar_one()
    return hashlib.sha256(f"{database_id}\n{facts}".encode("utf-8", "backslashreplace")).hexdigest()[:16]
