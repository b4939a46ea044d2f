"""Revisions: each distinct content of a release, with the answer that showed it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from scraper.model import Change, Fetched, Revision, Stamp
from storage import codec, compress, schema
from storage.database import AnyRow
from storage.evidence import keep_evidence
from storage.searched import keep_searched, rewritten

__all__ = ["keep_revision", "refresh_earlier", "refresh_revision", "revision_from"]

_REVISION = schema.Revision


def keep_revision(
    connection: Connection,
    revision: Revision,
    evidence: Fetched | None,
    *,
    source_id: int,
    release_id: int,
    current_id: int | None,
    changes: Collection[Change],
) -> tuple[int, int]:
    """Insert a revision under the next free number. Its id and that number.

    The number is the revision's own but where another release was merged into this one since it was decided.
    ``current_id`` is the revision that it follows, but where one of the ``changes`` says that it follows another.
    """
    number = max(revision.number, _last_number(connection, release_id) + 1)
    evidence_id = None
    if evidence is not None:
        evidence_id = keep_evidence(connection, evidence, base_id=_last_evidence(connection, release_id))
    revision_id = connection.execute(
        insert(_REVISION)
        .values(
            release_id=release_id,
            number=number,
            observed_at=revision.observed_at,
            evidence_id=evidence_id,
            **_facts(revision),
        )
        .returning(_REVISION.id)
    ).scalar_one()
    led = [change for change in changes if change.revision_to == revision.number]
    followed = next((change.revision_from for change in led if change.revision_from is not None), None)
    keep_searched(
        connection, revision_id, revision.release, source_id=source_id, observed_at=revision.observed_at,
        before_id=current_id if followed is None else _id_of(connection, release_id, followed),
        kinds=[change.kind for change in led],
    )  # fmt: skip
    return revision_id, number


def refresh_revision(connection: Connection, revision_id: int, revision: Revision) -> None:
    """Replace the facts of a revision that are no edit; its number, time and evidence stay."""
    with rewritten(connection, revision_id):
        connection.execute(update(_REVISION).where(_REVISION.id == revision_id).values(**_facts(revision)))


def refresh_earlier(connection: Connection, release_id: int, revision: Revision) -> None:
    """The same for a revision of a release that is known by its number."""
    revision_id = _id_of(connection, release_id, revision.number)
    if revision_id is not None:
        refresh_revision(connection, revision_id, revision)


def _id_of(connection: Connection, release_id: int, number: int) -> int | None:
    asked = select(_REVISION.id).where(_REVISION.release_id == release_id, _REVISION.number == number)
    return connection.execute(asked).scalar()


def _last_number(connection: Connection, release_id: int) -> int:
    """The highest number of a release's revisions; 0 where it has none."""
    return (
        connection.execute(select(func.max(_REVISION.number)).where(_REVISION.release_id == release_id)).scalar() or 0
    )


def revision_from(row: AnyRow) -> Revision:
    """The value of a row that has the columns of a revision."""
    return Revision(
        number=row.number,
        release=codec.release_from(compress.unpack(row.content)),
        digest=row.digest,
        recipe=row.recipe,
        site=row.site or "",
        observed_at=row.observed_at,
    )


def _last_evidence(connection: Connection, release_id: int) -> int | None:
    return connection.execute(
        select(_REVISION.evidence_id)
        .where(_REVISION.release_id == release_id, _REVISION.evidence_id.is_not(None))
        .order_by(_REVISION.number.desc())
        .limit(1)
    ).scalar()


def _facts(revision: Revision) -> dict[str, Any]:
    release = revision.release
    return {
        "recipe": revision.recipe,
        "site": revision.site or None,
        "digest": revision.digest,
        "title": release.title,
        "words": release.words,
        "content": compress.pack(codec.release_to(release)),
        **_stamp("published", release.published),
        **_stamp("updated", release.stamp),
    }


def _stamp(name: str, stamp: Stamp | None) -> dict[str, Any]:
    return {
        f"{name}_at": stamp.at if stamp else None,
        f"{name}_precision": stamp.precision if stamp else None,
        f"{name}_raw": stamp.raw if stamp else None,
    }
