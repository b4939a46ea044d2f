"""What is said of a batch and of a source's health: their JSON and their lines. Pure; scraped text is made harmless."""

from __future__ import annotations

from datetime import UTC, datetime

from presswatch.notify.channel import Notice
from presswatch.notify.message import LONGEST_URL, clean, diff_object, printable, rfc3339
from scraper.model import HealthPhase
from storage import BatchRow, HealthRow, Told

__all__ = ["batch_object", "health_object", "notice_line", "notice_payload"]

_LONGEST_DETAIL = 1_000


def batch_object(batch: BatchRow) -> dict[str, object]:
    """The batch as webhooks name it, with the first of its changes."""
    return {
        "id": batch.id,
        "kind": batch.kind.value,
        "source": clean(batch.source),
        "size": batch.size,
        "began_at": rfc3339(batch.began_at),
        "last_at": rfc3339(batch.last_at),
        "releases": [
            {"change": each.id, "url": clean(each.url, most=LONGEST_URL), "title": clean(each.title)}
            for each in batch.changes
        ],
    }


def health_object(health: HealthRow) -> dict[str, object]:
    """The trouble as ``--json`` and webhooks name it."""
    return {
        "id": health.id,
        "kind": health.kind.value,
        "source": health.source and clean(health.source),
        "subject": clean(health.subject, most=LONGEST_URL),
        "began_at": rfc3339(health.began_at),
        "ended_at": health.ended_at and rfc3339(health.ended_at),
        "detail": clean(health.detail, most=_LONGEST_DETAIL),
        "advice": clean(health.advice),
    }


def notice_payload(notice: Notice) -> dict[str, object]:
    """The webhook's JSON: ``type``, ``timestamp`` (RFC 3339) and ``data``."""
    subject = notice.subject
    if isinstance(subject, Told):
        data = {**health_object(subject.health), "phase": subject.phase.value}
        return {"type": "source.health", "timestamp": rfc3339(_moment(subject)), "data": data}
    data = batch_object(subject)
    if notice.diff is not None:
        data["diff"] = diff_object(notice.diff)
    return {"type": f"batch.{subject.kind.value}", "timestamp": rfc3339(subject.last_at), "data": data}


def notice_line(subject: BatchRow | Told) -> str:
    """One line for a terminal: when, what, and of what. No control character survives."""
    return _health_line(subject) if isinstance(subject, Told) else _batch_line(subject)


def _batch_line(batch: BatchRow) -> str:
    """When, what, and of how many releases."""
    titles = ", ".join(printable(each.title, most=60) or "(no title)" for each in batch.changes[:3])
    more = f" and {batch.size - 3} more" if batch.size > 3 else ""
    return "  ".join(
        (
            _when(batch.last_at),
            f"{batch.kind.value.replace('-', ' '):<15}",
            f"{printable(batch.source, most=60)}: the same edit on {batch.size} releases: {titles}{more}",
        )
    )


def _health_line(told: Told) -> str:
    """When, what is wrong or was, of which source, and what to do about it."""
    health = told.health
    is_over = told.phase is HealthPhase.ENDED
    what = f"well again: no longer {health.kind.value}" if is_over else health.kind.value
    said = f"since {_when(health.began_at)}: {health.detail}" if is_over else f"{health.detail}. {health.advice}"
    where = health.subject if health.source is None else health.source
    return "  ".join(
        (
            _when(_moment(told)),
            f"{what:<15}",
            f"{printable(where, most=200)}: {printable(said, most=_LONGEST_DETAIL)}",
        )
    )


def _moment(told: Told) -> datetime:
    """When that which is told happened."""
    health = told.health
    return health.ended_at if told.phase is HealthPhase.ENDED and health.ended_at else health.began_at


def _when(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%SZ}"
