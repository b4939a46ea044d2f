"""How sources fare: what ails pages, the troubles that begin and end with a look, and what is told of them.

A look writes its page's ailment; where that may make a difference, what is known of the source is read, judged and
written in the same transaction. So each end of a trouble is told once, whatever crashes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Connection, func, insert, select, update

from scraper.model import (
    Ailment,
    HealthKind,
    HealthPhase,
    KnownHealth,
    OpenTrouble,
    Patient,
    Role,
    Trouble,
    Turn,
)
from storage import schema
from storage.columns import clean
from storage.database import AnyRow, AnySelect, Part, reading, writing
from storage.mutes import is_muted
from storage.outbox_rows import notify
from storage.rows import HealthRow
from storage.standstills import standstills

__all__ = [
    "HealthPart", "Physician", "begin_trouble", "end_trouble", "health_row", "keep_ailment", "keep_health",
    "reword_trouble", "select_health",
]  # fmt: skip

_HEALTH = schema.Health
_LISTING = schema.Listing
_PAGE = schema.Page
_RELEASE = schema.Release
_SOURCE = schema.Source

_MOST_PATIENTS = 200
_MOST_RELEASES = 300
Judge: TypeAlias = Callable[[KnownHealth, datetime], Turn]


@dataclass(frozen=True, slots=True, kw_only=True)
class Physician:
    """Who judges a source's health, and who is told."""

    judge: Judge
    channels: tuple[str, ...] = ()


# --- pages ------------------------------------------------------------------------------------------------------------


def keep_ailment(connection: Connection, page_id: int, ailment: Ailment | None, *, at: datetime) -> bool:
    """Write down what a look said of its page's health. False where the page was well and still is."""
    row = connection.execute(
        select(_PAGE.ailment, _PAGE.ailing_since, _PAGE.ailing_looks, _PAGE.ailing_total).where(_PAGE.id == page_id)
    ).one()
    if ailment is None and row.ailment is None:
        return False
    connection.execute(update(_PAGE).where(_PAGE.id == page_id).values(**_ailing(row, ailment, at)))
    return True


def _ailing(row: AnyRow, ailment: Ailment | None, at: datetime) -> dict[str, Any]:
    if ailment is None:
        return dict.fromkeys(("ailment", "ailment_detail", "ailing_since", "ailing_looks", "ailing_total"))
    return {
        "ailment": ailment.kind,
        "ailment_detail": ailment.detail,
        "ailing_since": row.ailing_since or at,
        "ailing_looks": row.ailing_looks + 1 if row.ailment is ailment.kind else 1,
        "ailing_total": (row.ailing_total or 0) + 1,
    }


# --- sources ----------------------------------------------------------------------------------------------------------


def keep_health(connection: Connection, source_id: int, physician: Physician | None, *, now: datetime) -> None:
    """Judge a source after a look, write down what begins and what ends, and tell it unless the source is muted."""
    if physician is None:
        return
    turn = physician.judge(_known(connection, source_id), now)
    channels = () if is_muted(connection, source_id, None, at=now) else physician.channels
    _keep_turn(connection, source_id, turn, channels, now=now)


def _keep_turn(
    connection: Connection, source_id: int | None, turn: Turn, channels: Sequence[str], *, now: datetime
) -> None:
    for health_id, trouble in turn.goes_on:
        reword_trouble(connection, health_id, trouble)
    for trouble in turn.begins:
        begin_trouble(connection, source_id, trouble, channels, now=now)
    for health_id in turn.ends:
        end_trouble(connection, health_id, channels, now=now)


# --- troubles ---------------------------------------------------------------------------------------------------------


def begin_trouble(
    connection: Connection, source_id: int | None, trouble: Trouble, channels: Sequence[str], *, now: datetime
) -> int:
    """Write down that a trouble begins, and tell it. Its id."""
    values = {
        "source_id": source_id, "kind": trouble.kind, "subject": trouble.subject, "began_at": now,
        "detail": trouble.detail, "advice": trouble.advice,
    }  # fmt: skip
    health_id = int(connection.execute(insert(_HEALTH).values(**values).returning(_HEALTH.id)).scalar_one())
    _tell(connection, health_id, HealthPhase.BEGAN, channels, now=now)
    return health_id


def reword_trouble(connection: Connection, health_id: int, trouble: Trouble) -> None:
    """Let an open trouble have the words that hold now."""
    words = {"detail": trouble.detail, "advice": trouble.advice}
    connection.execute(update(_HEALTH).where(_HEALTH.id == health_id).values(**words))


def end_trouble(connection: Connection, health_id: int, channels: Sequence[str], *, now: datetime) -> None:
    """Write down that a trouble is over, and tell it where that is news."""
    kind = connection.execute(
        update(_HEALTH).where(_HEALTH.id == health_id).values(ended_at=now).returning(_HEALTH.kind)
    ).scalar_one()
    if kind is not HealthKind.ALL_NEW:
        _tell(connection, health_id, HealthPhase.ENDED, channels, now=now)


def _tell(
    connection: Connection, health_id: int, phase: HealthPhase, channels: Sequence[str], *, now: datetime
) -> None:
    notify(
        connection, f"hlt_{health_id}_{phase}", channels, at=now, facts=f"{health_id} {phase} {now.isoformat()}",
        health_id=health_id, phase=phase,
    )  # fmt: skip


def _known(connection: Connection, source_id: int) -> KnownHealth:
    patients = _patients(connection, source_id)
    ailing = sum(patient.role is Role.RELEASE for patient in patients)
    if ailing:
        is_ailing = _PAGE.source_id == source_id, _PAGE.ailment.is_not(None), _PAGE.role == Role.RELEASE
        ailing = _count(connection, *is_ailing)
    cleared = select(func.max(_HEALTH.ended_at)).where(
        _HEALTH.source_id == source_id, _HEALTH.kind != HealthKind.ALL_NEW
    )
    return KnownHealth(
        listings=_polled(connection, source_id, Role.LISTING),
        releases=_polled(connection, source_id, Role.RELEASE) if ailing else 0,
        patients=patients,
        ailing=ailing,
        well_at=_well_at(connection, source_id),
        since=connection.execute(select(_SOURCE.created_at).where(_SOURCE.id == source_id)).scalar(),
        published=_published(connection, source_id),
        standstills=standstills(connection, source_id),
        cleared_at=connection.execute(cleared).scalar(),
        open=_open(connection, _HEALTH.source_id == source_id),
    )


def _patients(connection: Connection, source_id: int) -> tuple[Patient, ...]:
    rows = connection.execute(
        select(_PAGE)
        .where(_PAGE.source_id == source_id, _PAGE.ailment.is_not(None), _PAGE.next_poll_at.is_not(None))
        .order_by(_PAGE.role, _PAGE.ailing_since, _PAGE.id)
        .limit(_MOST_PATIENTS)
    )
    return tuple(
        Patient(
            url=row.url, role=row.role, kind=row.ailment, detail=row.ailment_detail or "", since=row.ailing_since,
            at=row.last_poll_at, looks=row.ailing_looks, total=row.ailing_total, was_well=row.last_ok_at is not None,
        )
        for row in rows
    )  # fmt: skip


def _polled(connection: Connection, source_id: int, role: Role) -> int:
    if role is Role.RELEASE:
        return _count(connection, _PAGE.source_id == source_id, _PAGE.role == role, _PAGE.next_poll_at.is_not(None))
    asked = select(func.count()).select_from(_LISTING).join(_PAGE, _PAGE.id == _LISTING.page_id)
    return int(
        connection.execute(asked.where(_LISTING.source_id == source_id, _PAGE.next_poll_at.is_not(None))).scalar_one()
    )


def _count(connection: Connection, *conditions: ColumnElement[bool]) -> int:
    return int(connection.execute(select(func.count()).select_from(_PAGE).where(*conditions)).scalar_one())


def _well_at(connection: Connection, source_id: int) -> datetime | None:
    asked = select(func.max(_PAGE.last_ok_at)).join(_LISTING, _LISTING.page_id == _PAGE.id)
    at: datetime | None = connection.execute(asked.where(_LISTING.source_id == source_id)).scalar()
    return at


def _published(connection: Connection, source_id: int) -> tuple[datetime, ...]:
    newest = (
        select(_RELEASE.published_at)
        .where(_RELEASE.source_id == source_id, _RELEASE.published_at.is_not(None))
        .order_by(_RELEASE.published_at.desc())
        .limit(_MOST_RELEASES)
    )
    return tuple(row.published_at for row in connection.execute(newest))


def _open(connection: Connection, which: ColumnElement[bool]) -> tuple[OpenTrouble, ...]:
    rows = connection.execute(
        select(_HEALTH.id, _HEALTH.kind, _HEALTH.subject, _HEALTH.began_at)
        .where(which, _HEALTH.ended_at.is_(None))
        .order_by(_HEALTH.id)
    )
    return tuple(OpenTrouble(**row._asdict()) for row in rows)


# --- reading and telling ----------------------------------------------------------------------------------------------


def select_health() -> AnySelect:
    """The columns of :func:`health_row`."""
    return select(_HEALTH, _SOURCE.name.label("source_name")).outerjoin(_SOURCE, _SOURCE.id == _HEALTH.source_id)


def health_row(row: AnyRow) -> HealthRow:
    """A row of :func:`select_health`."""
    return HealthRow(
        id=row.id, source_id=row.source_id, source=row.source_name, kind=row.kind, subject=row.subject,
        began_at=row.began_at, ended_at=row.ended_at, detail=row.detail, advice=row.advice,
    )  # fmt: skip


class HealthPart(Part):
    """How sources fare."""

    @reading
    def health(self, connection: Connection, *, is_open: bool | None = None, limit: int = 1000) -> list[HealthRow]:
        """Troubles of what is watched, or is to be, and of channels: the last begun first; all, open or ended ones."""
        asked = select_health().where(_SOURCE.removed_at.is_(None))
        if is_open is not None:
            asked = asked.where(_HEALTH.ended_at.is_(None) if is_open else _HEALTH.ended_at.is_not(None))
        rows = connection.execute(asked.order_by(_HEALTH.id.desc()).limit(limit))
        return [health_row(row) for row in rows]

    @writing
    def record_unwatched(
        self, connection: Connection, troubles: Mapping[str, Trouble], *, now: datetime, channels: Sequence[str]
    ) -> list[str]:
        """Write down the configured addresses that lead to nothing that can be watched, all of them. Which are new."""
        before = _open(connection, _HEALTH.kind == HealthKind.UNWATCHED)
        opened = {each.subject: each.id for each in before}
        new = [url for url in troubles if clean(url) not in opened]
        turn = Turn(
            begins=tuple(troubles[url] for url in new),
            goes_on=tuple((opened[clean(url)], trouble) for url, trouble in troubles.items() if url not in new),
            ends=tuple(each.id for each in before if each.subject not in map(clean, troubles)),
        )
        _keep_turn(connection, None, turn, channels, now=now)
        return new
