"""Upkeep: the sign of life, back-ups, verifying and throwing away."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, delete, select, text

from scraper.model import Release
from storage import codec, compress, schema
from storage.columns import clean
from storage.copies import copy_database
from storage.database import AnyRow, Part, reading, writing
from storage.errors import DatabaseDamaged, DatabaseReadOnly, Unsupported
from storage.evidence import body_of
from storage.rows import Problem, Pruned
from storage.searched import check_index, is_found

__all__ = ["Digest", "Upkeep"]

_DIGEST = schema.Digest
_EVIDENCE = schema.Evidence
_META = schema.Meta
_OUTBOX = schema.Outbox
_PART = schema.DigestPart
_POLL = schema.Poll
_REVISION = schema.Revision

_BATCH = 200

_log = logging.getLogger("presswatch.storage")

Digest = Callable[[Release, int], str | None]
"""The digest of a release by a recipe; None for a recipe that is no longer known."""


class Upkeep(Part):
    """What is to be done beside the watching."""

    @writing
    def heartbeat(self, connection: Connection, now: datetime, owner: str) -> None:
        """Leave a sign of life."""
        for key, value in (("heartbeat-at", now.isoformat()), ("heartbeat-owner", owner)):
            row = self._database.insert(_META).values(key=key, value=value)
            connection.execute(row.on_conflict_do_update(index_elements=["key"], set_={"value": value}))

    def backup(self, path: Path) -> None:
        """Copy the whole database into a new file, while others go on writing.

        Raises:
            Unsupported: it is PostgreSQL.
            StorageError: the file exists already, or can't be written.
        """
        if not self._database.is_sqlite:
            raise Unsupported("PostgreSQL is backed up by its own pg_dump")
        copy_database(Path(self._database.engine.url.database or ""), path)

    def verify(self, digest: Digest) -> list[Problem]:
        """Everything that is not as it was written: the file, the references, each digest, each answer's checksum.

        ``digest`` computes a release's digest anew. The database may be written to meanwhile.
        """
        return [*self._damage(), *self._wrong_index(), *self._wrong_revisions(digest), *self._wrong_evidence()]

    @reading
    def _damage(self, connection: Connection) -> list[Problem]:
        if not self._database.is_sqlite:
            return []
        checks = connection.execute(text("PRAGMA quick_check(100)")).scalars()
        broken = [Problem(where="file", what=line) for line in checks if line != "ok"]
        loose = connection.execute(text("PRAGMA foreign_key_check")).all()
        return broken + [Problem(where=f"{row[0]} {row[1]}", what=f"its {row[2]} is missing") for row in loose]

    def _wrong_index(self) -> list[Problem]:
        try:
            # SQLite writes this check as an INSERT.
            self._database.write(check_index)
        except DatabaseReadOnly:
            _log.warning("the index of words can't be checked where the database can't be written to")
        except DatabaseDamaged as exc:
            return [Problem(where="index of words", what=str(exc))]
        return []

    def _wrong_revisions(self, digest: Digest) -> Iterator[Problem]:
        last = 0
        while checked := self._revisions_after(last, digest):
            yield from (problem for _, problem in checked if problem)
            last = checked[-1][0]

    @reading
    def _revisions_after(self, connection: Connection, last: int, digest: Digest) -> list[tuple[int, Problem | None]]:
        asked = select(_REVISION).where(_REVISION.id > last).order_by(_REVISION.id).limit(_BATCH)
        rows = connection.execute(asked).all()
        return [(row.id, _wrong_revision(connection, row, digest)) for row in rows]

    def _wrong_evidence(self) -> Iterator[Problem]:
        last = 0
        while checked := self._evidence_after(last):
            yield from (problem for _, problem in checked if problem)
            last = checked[-1][0]

    @reading
    def _evidence_after(self, connection: Connection, last: int) -> list[tuple[int, Problem | None]]:
        asked = select(_EVIDENCE.id, _EVIDENCE.sha256).where(_EVIDENCE.id > last)
        rows = connection.execute(asked.order_by(_EVIDENCE.id).limit(_BATCH)).all()
        return [(row.id, _wrong_body(connection, row.id, row.sha256)) for row in rows]

    @writing
    def prune(
        self, connection: Connection, *, polls_before: datetime | None, delivered_before: datetime | None
    ) -> Pruned:
        """Throw away the log of polls and delivered notifications from before these times; None: keep them.

        Revisions, evidence and changes are never thrown away.
        """
        polls = deliveries = 0
        if polls_before is not None:
            polls = connection.execute(delete(_POLL).where(_POLL.at < polls_before)).rowcount
        if delivered_before is not None:
            old = delete(_OUTBOX).where(
                _OUTBOX.state == schema.OutboxState.DELIVERED, _OUTBOX.delivered_at < delivered_before
            )
            deliveries = connection.execute(old).rowcount
            _drop_digests(connection, closed_before=delivered_before)
        return Pruned(polls=polls, deliveries=deliveries)


def _drop_digests(connection: Connection, *, closed_before: datetime) -> None:
    """Throw away the digests whose notifications are gone."""
    told = select(_OUTBOX.id).where(_OUTBOX.digest_id == _DIGEST.id).exists()
    old = select(_DIGEST.id).where(_DIGEST.closed_at < closed_before, ~told)
    connection.execute(delete(_PART).where(_PART.digest_id.in_(old)))
    connection.execute(delete(_DIGEST).where(_DIGEST.closed_at < closed_before, ~told))


def _wrong_revision(connection: Connection, row: AnyRow, digest: Digest) -> Problem | None:
    where = f"revision {row.number} of release {row.release_id}"
    try:
        release = codec.release_from(compress.unpack(row.content))
    except (DatabaseDamaged, ValueError, KeyError, TypeError) as exc:
        return Problem(where=where, what=f"its content can't be read: {exc}")
    if digest(release, row.recipe) not in (row.digest, None):
        return Problem(where=where, what="its content does not have the digest that was stored with it")
    if (row.title, row.words) != (clean(release.title), release.words):
        return Problem(where=where, what="its title or its number of words is not that of its content")
    if not is_found(connection, row.id, release):
        return Problem(where=where, what="a search for its words does not find it")
    return None


def _wrong_body(connection: Connection, evidence_id: int, sha256: str) -> Problem | None:
    where = f"evidence {evidence_id}"
    try:
        body = body_of(connection, evidence_id)
    except DatabaseDamaged as exc:
        return Problem(where=where, what=str(exc))
    if hashlib.sha256(body).hexdigest() != sha256:
        return Problem(where=where, what="its bytes do not have the checksum that was stored with them")
    return None
