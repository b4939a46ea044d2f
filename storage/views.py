"""Reads for people and pages: plain SELECTs into small frozen rows."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, ScalarSelect, and_, case, func, or_, select, text
from sqlalchemy.orm import InstrumentedAttribute, aliased

from scraper.model import Fetched, Kind, Release, Revision, Role, State
from storage import codec, compress, schema
from storage.changes import change_row, select_changes, stamp_row
from storage.database import AnyRow, AnySelect, Part, reading
from storage.errors import Unknown
from storage.evidence import body_of, fetched_from
from storage.outbox import count_outbox
from storage.pages import source_from
from storage.revisions import revision_from
from storage.rows import (
    ChangeRow,
    Failing,
    FailingSource,
    ListingRow,
    PollRow,
    ReleaseRow,
    RevisionRow,
    SourceRow,
    Status,
)

__all__ = ["Views"]

_ADDRESS = schema.Address
_BATCH = schema.Batch
_CHANGE = schema.Change
_EVIDENCE = schema.Evidence
_LISTING = schema.Listing
_META = schema.Meta
_OUTBOX = schema.Outbox
_PAGE = schema.Page
_POLL = schema.Poll
_RELEASE = schema.Release
_REVISION = schema.Revision
_SOURCE = schema.Source

_READ = (State.LIVE, State.WITHDRAWN)
_MOST_FAILING = 100


class Views(Part):
    """What there is to see."""

    # --- sources ------------------------------------------------------------------------------------------------------

    @reading
    def sources(
        self, connection: Connection, *, removed: bool = False, source_id: int | None = None
    ) -> list[SourceRow]:
        """The sources by name, or the one with an id; those that were removed only where asked for."""
        shown = select(_SOURCE).order_by(_SOURCE.name)
        if not removed:
            shown = shown.where(_SOURCE.removed_at.is_(None))
        if source_id is not None:
            shown = shown.where(_SOURCE.id == source_id)

        def by_source(asked: AnySelect, column: InstrumentedAttribute[int]) -> dict[int, AnyRow]:
            asked = asked.group_by(column)
            return _by_source(connection, asked if source_id is None else asked.where(column == source_id))

        pages = by_source(
            select(
                _PAGE.source_id,
                func.max(_PAGE.last_poll_at).label("last_poll_at"),
                func.min(_PAGE.next_poll_at).label("next_poll_at"),
                func.count(_PAGE.id).filter(_PAGE.failures > 0).label("failing"),
                func.count(_PAGE.id).filter(_PAGE.role == Role.LISTING).label("listings"),
            ),
            _PAGE.source_id,
        )
        releases = by_source(
            select(
                _RELEASE.source_id,
                func.count(_RELEASE.id).filter(_RELEASE.state.in_(_READ)).label("releases"),
                func.count(_RELEASE.id).filter(_RELEASE.state == State.PENDING).label("pending"),
            ),
            _RELEASE.source_id,
        )
        last = select(_CHANGE.detected_at).where(_CHANGE.source_id == _SOURCE.id).order_by(_CHANGE.id.desc()).limit(1)
        at = last.correlate(_SOURCE).scalar_subquery().label("at")
        changes = by_source(select(_SOURCE.id.label("source_id"), at), _SOURCE.id)
        nexts = _next_pages(connection, source_id)
        return [
            _source_row(row, pages.get(row.id), releases.get(row.id), changes.get(row.id), nexts.get(row.id))
            for row in connection.execute(shown).all()
        ]

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
        before_id: int | None = None,
        after_id: int | None = None,
        limit: int | None = None,
        newest_first: bool = False,
        batch_id: int | None = None,
        folded: bool = False,
    ) -> list[ChangeRow]:
        """What happened, oldest first. ``since`` is the time of detection, inclusive; the ids are exclusive.

        ``folded``: of the changes of one batch and kind only the last.
        """
        conditions = [
            None if since is None else _CHANGE.detected_at >= since,
            _CHANGE.kind.in_(list(kinds)) if kinds else None,
            None if source is None else _CHANGE.source_id == _id_of_source(source),
            None if release_id is None else _CHANGE.release_id == release_id,
            None if before_id is None else _CHANGE.id < before_id,
            None if after_id is None else _CHANGE.id > after_id,
            None if batch_id is None else _CHANGE.batch_id == batch_id,
            _is_last_of_batch() if folded else None,
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
        return None if row is None else ReleaseRow(**row._asdict())

    @reading
    def release(self, connection: Connection, release_id: int) -> ReleaseRow | None:
        """The release with this id."""
        row = connection.execute(_releases().where(_RELEASE.id == release_id)).first()
        return None if row is None else ReleaseRow(**row._asdict())

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
        return [ReleaseRow(**row._asdict()) for row in rows]

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
        return [ReleaseRow(**row._asdict()) for row in rows]

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

    # --- how it fares -------------------------------------------------------------------------------------------------

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
        is_watched = _SOURCE.removed_at.is_(None), _SOURCE.paused.is_(False), _PAGE.next_poll_at.is_not(None)
        counts = connection.execute(
            select(
                _SOURCE.id,
                _SOURCE.name.label("source"),
                func.count(_PAGE.id).filter(_PAGE.failures > 0).label("pages"),
                func.count(_PAGE.id).label("of"),
            )
            .join(_PAGE, _PAGE.source_id == _SOURCE.id)
            .where(*is_watched)
            .group_by(_SOURCE.id, _SOURCE.name)
            .order_by(_SOURCE.name)
        ).all()
        return [_failing_source(connection, row) for row in counts if row.pages]

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
        beats = connection.execute(select(_META.key, _META.value).where(_META.key.startswith("heartbeat-")))
        heartbeat = {row.key: row.value for row in beats}
        beat = heartbeat.get("heartbeat-at")
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
            heartbeat_at=datetime.fromisoformat(beat) if beat else None,
            heartbeat_owner=heartbeat.get("heartbeat-owner"),
            last_poll_at=connection.execute(select(func.max(_PAGE.last_poll_at))).scalar(),
            size=_size(connection),
        )


# --- parts ------------------------------------------------------------------------------------------------------------


def _is_last_of_batch() -> ColumnElement[bool]:
    later = aliased(_CHANGE)
    same = later.batch_id == _CHANGE.batch_id, later.kind == _CHANGE.kind, later.id > _CHANGE.id
    # Most changes are in no batch, and without the first question the later ones are walked for each of them.
    return or_(_CHANGE.batch_id.is_(None), ~select(later.id).where(*same).exists())


def _id_of_source(name: str) -> ScalarSelect[int]:
    """By itself, so that the changes are walked by an index of theirs, in their order, and none is sorted."""
    return select(_SOURCE.id).where(_SOURCE.name == name).scalar_subquery()


def _by_source(connection: Connection, asked: AnySelect) -> dict[int, AnyRow]:
    return {row.source_id: row for row in connection.execute(asked)}


def _next_pages(connection: Connection, source_id: int | None) -> dict[int, AnyRow]:
    """The page of each source that is due first, or of one."""
    rank = func.row_number().over(partition_by=_PAGE.source_id, order_by=(_PAGE.next_poll_at, _PAGE.role, _PAGE.id))
    due = select(_PAGE.source_id, _PAGE.url, _PAGE.why, rank.label("rank")).where(_PAGE.next_poll_at.is_not(None))
    if source_id is not None:
        due = due.where(_PAGE.source_id == source_id)
    ranked = due.subquery()
    return _by_source(connection, select(ranked).where(ranked.c.rank == 1))


def _source_row(
    row: AnyRow, pages: AnyRow | None, releases: AnyRow | None, changes: AnyRow | None, due: AnyRow | None
) -> SourceRow:
    return SourceRow(
        id=row.id,
        source=source_from(row),
        created_at=row.created_at,
        removed_at=row.removed_at,
        listings=pages.listings if pages else 0,
        releases=releases.releases if releases else 0,
        pending=releases.pending if releases else 0,
        failing=pages.failing if pages else 0,
        last_poll_at=pages.last_poll_at if pages else None,
        next_poll_at=pages.next_poll_at if pages else None,
        next_url=due.url if due else None,
        next_why=due.why if due else None,
        last_change_at=changes.at if changes else None,
    )


def _releases() -> AnySelect:
    """The columns of a :class:`ReleaseRow`."""
    count = select(func.count()).where(_REVISION.release_id == _RELEASE.id).correlate(_RELEASE).scalar_subquery()
    current = _REVISION.__table__.alias("current_revision")
    return (
        select(
            _RELEASE.id, _RELEASE.source_id, _SOURCE.name.label("source"), _RELEASE.page_id, _RELEASE.url,
            _RELEASE.state, _RELEASE.quiet, _RELEASE.title, _RELEASE.discovered_at, _RELEASE.last_seen_at,
            _RELEASE.published_at, count.label("revisions"), current.c.number.label("current"), _PAGE.next_poll_at,
        )
        .join(_SOURCE, _SOURCE.id == _RELEASE.source_id)
        .outerjoin(_PAGE, _PAGE.id == _RELEASE.page_id)
        .outerjoin(current, current.c.id == _RELEASE.current_revision_id)
    )  # fmt: skip


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


def _count(connection: Connection, asked: AnySelect) -> int:
    return int(connection.execute(asked).scalar_one())


def _by_state(connection: Connection) -> dict[State, int]:
    rows = connection.execute(select(_RELEASE.state, func.count()).group_by(_RELEASE.state))
    return dict.fromkeys(State, 0) | {row[0]: row[1] for row in rows}


def _failing(connection: Connection) -> tuple[Failing, ...]:
    rows = connection.execute(
        select(
            _PAGE.id.label("page_id"), _SOURCE.name.label("source"), _PAGE.role, _PAGE.url,
            _PAGE.last_ok_at.label("since"), _PAGE.last_error.label("error"), _PAGE.failures, _PAGE.next_poll_at,
        )
        .join(_SOURCE, _SOURCE.id == _PAGE.source_id)
        .where(_PAGE.failures > 0, _SOURCE.removed_at.is_(None))
        .order_by(_PAGE.failures.desc(), _PAGE.id)
        .limit(_MOST_FAILING)
    )  # fmt: skip
    return tuple(Failing(**row._asdict()) for row in rows)


def _failing_source(connection: Connection, row: AnyRow) -> FailingSource:
    worst = connection.execute(
        select(_PAGE.url, _PAGE.last_error, _PAGE.last_ok_at)
        .where(_PAGE.source_id == row.id, _PAGE.failures > 0, _PAGE.next_poll_at.is_not(None))
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
