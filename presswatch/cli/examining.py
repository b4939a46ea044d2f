"""What is wrong, and what to do about it."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from datetime import timedelta

import typer

from config import ConfigError
from presswatch.app import open_app
from presswatch.cli.context import emit, people, settings, store, tables
from presswatch.cli.show import ago, clean, ill_words
from presswatch.clock import utc_now
from presswatch.notify import advised
from presswatch.plans import Plan, not_watched
from presswatch.sources import why_not_watched
from presswatch.words import counted
from scraper.judge import digest
from scraper.model import HealthKind
from storage import FailingSource, HealthRow, Queue, Status, StorageError

__all__ = ["FORESEEN", "doctor"]

FORESEEN = (StorageError, ConfigError)

_LATE = timedelta(minutes=30)
_OF_LOOKS = frozenset({HealthKind.FAILING, HealthKind.UNREADABLE, HealthKind.GONE, HealthKind.EMPTY, HealthKind.CHURN})


def doctor(*, json: bool) -> None:
    """Print the findings."""
    with store() as storage:
        ill = storage.health(is_open=True)
        findings = [
            *_settings_findings(), *_findings(storage.status(utc_now())),
            *(advised(ill_words(health), health.advice) for health in ill if health.kind is not HealthKind.UNWATCHED),
            *_waiting(storage.queues()), *_failing(storage.failing_by_source(), ill), *map(str, storage.verify(digest)),
        ]  # fmt: skip
        missing = not_watched(settings(), storage.sources())
    if missing:
        findings += asyncio.run(_reasons(missing))
    for finding in findings:
        if json:
            emit({"finding": finding})
        else:
            tables.print(f"• {clean(finding, most=1000)}", soft_wrap=True)
    if findings:
        raise typer.Exit(1)
    people.print("Nothing is wrong.")


async def _reasons(missing: list[Plan]) -> list[str]:
    """Why configured sources are not watched: their addresses are asked again, since the reason may have gone."""
    async with open_app(settings(), console=sys.stderr) as opened:
        with people.status("asking the sources that are configured but not watched …"):
            return [
                f"configured but not watched: {plan.url}: {await why_not_watched(opened, plan)}" for plan in missing
            ]


def _settings_findings() -> list[str]:
    if settings().fetch.contact:
        return []
    return ["no contact is set: set fetch.contact to a URL or address, so that newsrooms can reach you"]


def _findings(found: Status) -> list[str]:
    now, findings = utc_now(), []
    if not found.sources and not settings().sources:
        findings.append("nothing is watched: presswatch add URL")
    if found.heartbeat_at and now - found.heartbeat_at > _LATE:
        findings.append(f"the daemon gave no sign of life since {ago(found.heartbeat_at, now)}: start presswatch run")
    if found.overdue_since and now - found.overdue_since > _LATE:
        findings.append(
            f"pages wait since {ago(found.overdue_since, now)}: run presswatch check oftener, or the daemon"
        )
    if found.outbox.get("dead"):
        findings.append(
            f"{counted(found.outbox['dead'], 'notification')} given up: presswatch status shows why, resend repeats"
        )
    return findings


def _waiting(queues: Sequence[Queue]) -> list[str]:
    """What waits in vain, or for somebody to send it; digests, quiet hours and retries have their time."""
    now, findings = utc_now(), []
    for queue in queues:
        waits = f"{counted(queue.pending, 'notification')} for {queue.channel}"
        if queue.pending and queue.channel not in settings().known_channels:
            findings.append(f"{waits}: the settings have no channel of that name; set it up again, or it is given up")
        elif queue.pending and queue.last_error:
            findings.append(f"{waits} refused: {queue.last_error}: presswatch notify-test {queue.channel}")
        elif queue.next_attempt_at and now - queue.next_attempt_at > _LATE:
            findings.append(
                f"{waits} due for over half an hour: run presswatch deliver or check oftener, or the daemon"
            )
    return findings


def _failing(found: Sequence[FailingSource], ill: Sequence[HealthRow]) -> list[str]:
    """Pages that fail, a finding for each source; what is told by an open trouble already is not told twice."""
    told = {health.source for health in ill if health.kind in _OF_LOOKS}
    return [
        f"{each.source}: {each.pages} of {each.of} pages failed at their last look, such as {each.url} "
        f"({f'last well {ago(each.since, utc_now())}' if each.since else 'never well'}): {each.error}"
        for each in found
        if each.source not in told
    ]
