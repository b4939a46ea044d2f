"""What there is to read, changes, releases and revisions: plain SELECTs into small frozen rows."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, ScalarSelect, func, select

from scraper.model import Fetched, Kind, Release, Revision, State
from storage import codec, compress, schema
from storage.changes import change_row, select_changes, stamp_row
from storage.database import AnyRow, AnySelect, Part, reading
from storage.errors import Unknown
from storage.evidence import body_of, fetched_from
from storage.revisions import revision_from
from storage.rows import ChangeRow, ReleaseRow, RevisionRow

__all__ = ["Views"]

_ADDRESS = schema.Address
_BATCH = schema.Batch
_CHANGE = schema.Change
_EVIDENCE = schema.Evidence
_PAGE = schema.Page
_RELEASE = schema.Release
_REVISION = schema.Revision
_SOURCE = schema.Source

_READ = (State.LIVE, State.WITHDRAWN)


class Views(Part):
    """What there is to see."""

    # --- changes ------------------------------------------------------------------------------------------------------

    @reading
    def changes(
        self,
        connection: Connection,
        *,
        since: datetime | None = None,
        kinds: Collection[Kind] = (),
        source: str | None = None,
        release_id: int | None = None,
        limit: int | None = None,
        newest_first: bool = False,
    ) -> list[ChangeRow]:
        """What happened, oldest first. ``since`` is the time of detection, inclusive."""
        conditions = [
            None if since is None else _CHANGE.detected_at >= since,
            _CHANGE.kind.in_(list(kinds)) if kinds else None,
            None if source is None else _CHANGE.source_id == _id_of_source(source),
            None if release_id is None else _CHANGE.release_id == release_id,
        ]
        asked = select_changes().where(*(condition for condition in conditions if condition is not None))
        asked = asked.order_by(_CHANGE.id.desc() if newest_first else _CHANGE.id).limit(limit)
        return [change_row(row) for row in connection.execute(asked)]

    @reading
    def change(self, connection: Connection, change_id: int) -> ChangeRow | None:
        """One change."""
        row = connection.execute(select_changes().where(_CHANGE.id == change_id)).first()
        return None if row is None else change_row(row)

    @reading
    def batch_sizes(self, connection: Connection, ids: Collection[int]) -> dict[int, int]:
        """How many changes batches have, by id."""
        rows = connection.execute(select(_BATCH.id, _BATCH.size).where(_BATCH.id.in_(ids)))
        return {row.id: row.size for row in rows}

    @reading
    def withdrawal_evidence(self, connection: Connection, change_id: int) -> Fetched | None:
        """The answer that said that a release was gone; None where the change has none."""
        evidence_id = connection.execute(select(_CHANGE.evidence_id).where(_CHANGE.id == change_id)).scalar()
        return None if evidence_id is None else _fetched(connection, evidence_id)

    # --- releases -----------------------------------------------------------------------------------------------------

    @reading
    def release_at(self, connection: Connection, key: str) -> ReleaseRow | None:
        """The release that is known at an address, over all sources: of several one that was read, then the first."""
        row = connection.execute(
            _releases()
            .join(_ADDRESS, _ADDRESS.release_id == _RELEASE.id)
            .where(_ADDRESS.key == key)
            .order_by(_SOURCE.removed_at.is_not(None), _RELEASE.current_revision_id.is_(None), _RELEASE.id)
            .limit(1)
        ).first()
        return None if row is None else _release_row(row)

    @reading
    def release(self, connection: Connection, release_id: int) -> ReleaseRow | None:
        """The release with this id."""
        row = connection.execute(_releases().where(_RELEASE.id == release_id)).first()
        return None if row is None else _release_row(row)

    @reading
    def formers(self, connection: Connection, release_id: int) -> list[ReleaseRow]:
        """The releases that stood at the addresses of this one before it, the last first."""
        former = schema.Former
        rows = connection.execute(
            _releases()
            .join(former, former.release_id == _RELEASE.id)
            .join(_ADDRESS, _ADDRESS.id == former.address_id)
            .where(_ADDRESS.release_id == release_id, _RELEASE.id != release_id)
            .order_by(former.until.desc())
        )
        return list(map(_release_row, rows))

    @reading
    def releases(
        self,
        connection: Connection,
        *,
        source: str | None = None,
        states: Collection[State] = _READ,
        limit: int | None = None,
        before_id: int | None = None,
    ) -> list[ReleaseRow]:
        """Releases, the last found first."""
        asked = _releases().where(_RELEASE.state.in_(list(states)))
        if source is not None:
            asked = asked.where(_SOURCE.name == source)
        if before_id is not None:
            asked = asked.where(_RELEASE.id < before_id)
        rows = connection.execute(asked.order_by(_RELEASE.id.desc()).limit(limit))
        return list(map(_release_row, rows))

    @reading
    def addresses(self, connection: Connection, release_id: int) -> list[str]:
        """Every address by which a release is known, in the order in which they were found."""
        asked = select(_ADDRESS.url).where(_ADDRESS.release_id == release_id).order_by(_ADDRESS.id)
        return list(connection.execute(asked).scalars())

    # --- revisions ----------------------------------------------------------------------------------------------------

    @reading
    def revisions(self, connection: Connection, release_id: int) -> list[RevisionRow]:
        """The revisions of a release, from the first, each with the kind of change that led to it."""
        rows = connection.execute(
            select(_REVISION, _EVIDENCE.sha256, _EVIDENCE.size)
            .outerjoin(_EVIDENCE, _EVIDENCE.id == _REVISION.evidence_id)
            .where(_REVISION.release_id == release_id)
            .order_by(_REVISION.number)
        ).all()
        led = connection.execute(
            select(_CHANGE.revision_to, _CHANGE.revision_from, _CHANGE.kind)
            .where(_CHANGE.release_id == release_id, _CHANGE.revision_from.is_distinct_from(_CHANGE.revision_to))
            .order_by(_CHANGE.id.desc())
        )
        changes = {row.revision_to: row for row in led}
        return [_revision_row(row, changes.get(row.number)) for row in rows]

    @reading
    def revision(self, connection: Connection, release_id: int, number: int) -> Revision:
        """A revision with its text.

        Raises:
            Unknown: there is none of this number.
        """
        row = connection.execute(_numbered(select(_REVISION), release_id, number)).first()
        if row is None:
            raise Unknown(f"release {release_id} has no revision {number}")
        return revision_from(row)

    @reading
    def revision_texts(self, connection: Connection, release_id: int, numbers: Collection[int]) -> dict[int, Release]:
        """The texts of some revisions of a release, by their numbers; those that are not there are left out."""
        asked = select(_REVISION.number, _REVISION.content).where(_REVISION.release_id == release_id)
        rows = connection.execute(asked.where(_REVISION.number.in_(numbers))) if numbers else ()
        return {row.number: codec.release_from(compress.unpack(row.content)) for row in rows}

    @reading
    def revision_place(self, connection: Connection, revision_id: int) -> tuple[int, int] | None:
        """The release that has the revision with this id now, and the number that it has there.

        An id stays when one release is merged into another; a number may not.
        """
        asked = select(_REVISION.release_id, _REVISION.number).where(_REVISION.id == revision_id)
        row = connection.execute(asked).first()
        return None if row is None else (row.release_id, row.number)

    @reading
    def evidence(self, connection: Connection, release_id: int, number: int) -> Fetched | None:
        """The answer that showed a revision, byte for byte; None where none was kept.

        Raises:
            Unknown: there is no revision of this number.
        """
        row = connection.execute(_numbered(select(_REVISION.evidence_id), release_id, number)).first()
        if row is None:
            raise Unknown(f"release {release_id} has no revision {number}")
        return None if row.evidence_id is None else _fetched(connection, row.evidence_id)

    @reading
    def current_evidence(self, connection: Connection, page_id: int) -> Fetched | None:
        """The answer that showed the current revision of the release at a page; None where none was kept."""
        evidence_id = connection.execute(
            select(_REVISION.evidence_id)
            .join(_RELEASE, _RELEASE.current_revision_id == _REVISION.id)
            .where(_RELEASE.page_id == page_id)
        ).scalar()
        return None if evidence_id is None else _fetched(connection, evidence_id)

    @reading
    def earlier(self, connection: Connection, page_id: int, *, most: int) -> list[tuple[Revision, Fetched]]:
        """The last revisions before the current one of the release at a page, each with the answer that showed it."""
        release = select(_RELEASE.id, _RELEASE.current_revision_id).where(_RELEASE.page_id == page_id).subquery()
        rows = connection.execute(
            select(_REVISION)
            .join(release, release.c.id == _REVISION.release_id)
            .where(_REVISION.id != release.c.current_revision_id, _REVISION.evidence_id.is_not(None))
            .order_by(_REVISION.number.desc())
            .limit(most)
        ).all()
        return [(revision_from(row), _fetched(connection, row.evidence_id)) for row in rows]


# --- parts ------------------------------------------------------------------------------------------------------------


def _id_of_source(name: str) -> ScalarSelect[int]:
    """By itself, so that the changes are walked by an index of theirs, in their order, and none is sorted."""
    return select(_SOURCE.id).where(_SOURCE.name == name).scalar_subquery()


def _releases() -> AnySelect:
    """The columns of a :class:`ReleaseRow`."""
    count = select(func.count()).where(_REVISION.release_id == _RELEASE.id).correlate(_RELEASE).scalar_subquery()
    current = _REVISION.__table__.alias("current_revision")
    return (
        select(
            _RELEASE.id, _RELEASE.source_id, _SOURCE.name.label("source"), _RELEASE.page_id, _RELEASE.url,
            _RELEASE.state, _RELEASE.quiet, _RELEASE.title, _RELEASE.discovered_at, _RELEASE.last_seen_at,
            _RELEASE.published_at, count.label("revisions"), current.c.number.label("current"), _PAGE.next_poll_at,
            _PAGE.suspect,
        )
        .join(_SOURCE, _SOURCE.id == _RELEASE.source_id)
        .outerjoin(_PAGE, _PAGE.id == _RELEASE.page_id)
        .outerjoin(current, current.c.id == _RELEASE.current_revision_id)
    )  # fmt: skip


def _release_row(row: AnyRow) -> ReleaseRow:
    return ReleaseRow(**(row._asdict() | {"suspect": codec.suspect_from(row.suspect)}))


def _numbered(asked: AnySelect, release_id: int, number: int) -> AnySelect:
    return asked.where(_REVISION.release_id == release_id, _REVISION.number == number)


def _revision_row(row: AnyRow, change: AnyRow | None) -> RevisionRow:
    return RevisionRow(
        id=row.id,
        number=row.number,
        observed_at=row.observed_at,
        title=row.title,
        published=stamp_row(row.published_at, row.published_precision, row.published_raw),
        updated=stamp_row(row.updated_at, row.updated_precision, row.updated_raw),
        words=row.words,
        digest=row.digest,
        recipe=row.recipe,
        change=change.kind if change else None,
        before=change.revision_from if change else None,
        sha256=row.sha256,
        size=row.size,
    )


def _fetched(connection: Connection, evidence_id: int) -> Fetched:
    row = connection.execute(select(_EVIDENCE).where(_EVIDENCE.id == evidence_id)).one()
    return fetched_from(row, body_of(connection, evidence_id))
