"""What the commands that keep the product well do: status, resend, verify, backup, prune, export."""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

import typer

from config import ConfigError
from presswatch.cli.context import emit, people, settings, store, tables
from presswatch.cli.errors import UserError
from presswatch.cli.show import ago, clean, failing_table, ill_words, when
from presswatch.cli.times import before
from presswatch.clock import utc_now
from presswatch.notify import change_object, health_object
from presswatch.plans import not_watched
from presswatch.shapes import mark_object, revision_object, show_object, source_object, status_object
from presswatch.why import first_due, why_words
from presswatch.words import counted
from scraper.judge import digest
from storage import MuteRow, Queue, SourceRow, Status, StorageError

__all__ = ["FORESEEN", "backup", "export", "prune", "resend", "status", "verify"]

FORESEEN = (ConfigError, StorageError)


def status(*, json: bool) -> None:
    """Print the figures, what fails and what was given up."""
    now = utc_now()
    with store() as storage:
        found = storage.status(now)
        dead = storage.dead_letters()
        rows = storage.sources()
        missing = [plan.url for plan in not_watched(settings(), rows)]
        ill = storage.health(is_open=True)
        mutes = storage.mutes(now)
        queues = storage.queues()
    if json:
        emit(status_object(found, dead, missing, ill, mutes, queues))
        return
    tables.print(_summary(found, now), soft_wrap=True)
    tables.print(_next_look(rows, now), soft_wrap=True)
    for queue in queues:
        if queue.pending:
            tables.print(_waiting(queue, now), soft_wrap=True)
    for url in missing:
        tables.print(f"configured but not watched: {clean(url)}; presswatch doctor says why", soft_wrap=True)
    for health in ill:
        tables.print(clean(ill_words(health), most=1_000), soft_wrap=True)
    for muted in mutes:
        tables.print(_muted(muted), soft_wrap=True)
    if found.failing:
        tables.print("\nFailing:")
        tables.print(failing_table(found.failing, now))
    for letter in dead:
        tables.print(
            f"given up: #{letter.id} to {clean(letter.channel)} after {counted(letter.attempts, 'attempt')}: "
            f"{clean(letter.last_error or '')}; presswatch resend {letter.id}", soft_wrap=True,
        )  # fmt: skip


def _summary(found: Status, at: datetime) -> str:
    states = ", ".join(f"{count} {state.value}" for state, count in found.releases.items() if count) or "none"
    outbox = ", ".join(f"{count} {state}" for state, count in found.outbox.items() if count) or "empty"
    running = (
        f"last sign of life of the daemon {ago(found.heartbeat_at, at)}" if found.heartbeat_at else "no daemon yet"
    )
    return (
        f"sources    {found.sources} ({found.paused} paused), {counted(found.listings, 'listing')}\n"
        f"releases   {states}\n"
        f"history    {counted(found.revisions, 'revision')}, {counted(found.changes, 'change')}\n"
        f"pages      {found.due} due now, {len(found.failing)} failing, last look {ago(found.last_poll_at, at)}\n"
        f"outbox     {outbox}\n"
        f"daemon     {running}\n"
        f"database   {found.size / 1e6:.1f} MB"
    )


def _muted(row: MuteRow) -> str:
    what = clean(row.url or row.source, most=1_000)
    until = f" until {when(row.until)} UTC" if row.until else ""
    return f"{what} is muted{until}; presswatch unmute {shlex.quote(what)} ends it"


def _waiting(queue: Queue, now: datetime) -> str:
    """What waits for a channel, and why where it was tried."""
    name = clean(queue.channel)
    at = queue.next_attempt_at
    later = f"; the next is sent at {when(at)} UTC" if at and at > now else ""
    waits = f"waiting    {queue.pending} for {name}, the oldest from {ago(queue.oldest_pending, now)}{later}"
    if queue.channel not in settings().known_channels:
        return f"{waits}; the settings have no channel of that name"
    if not queue.last_error:
        return waits
    return f"{waits}; refused: {clean(queue.last_error)}; presswatch notify-test {shlex.quote(name)} tries the channel"


def _next_look(rows: Iterable[SourceRow], now: datetime) -> str:
    """When the next look is, where, and why then."""
    if (first := first_due(rows)) is None:
        return "next look  none planned"
    at, row = first
    when = "now" if at <= now else ago(at, now)
    return f"next look  {when} at {clean(row.next_url or row.source.home)}: {why_words(row.next_why)}"


def resend(*, ids: list[int]) -> None:
    """Put notifications back into the outbox."""
    with store() as storage:
        count = storage.resend(ids, now=utc_now())
    if not count:
        raise UserError("none of these numbers is a notification that was delivered or given up: see presswatch status")
    people.print(f"{count} to be sent again; the daemon, check or deliver does it.")


def verify() -> None:
    """Print what is not as it was written."""
    with store() as storage:
        problems = list(storage.verify(digest))
    for problem in problems:
        tables.print(clean(str(problem), most=1000), soft_wrap=True)
    if problems:
        raise typer.Exit(1)
    people.print("Everything is as it was written.")


def backup(*, file: Path) -> None:
    """Copy the database."""
    if file.exists():
        raise UserError(f"{file} exists already and is not written over")
    with store() as storage:
        storage.backup(file)
    people.print(f"{file} holds everything; to use it: PRESSWATCH_DATABASE={shlex.quote(f'sqlite:///{file}')}")
    people.print("Where it is to take the place of another file, remove that one's -wal and -shm first.")


def prune(*, older_than: str) -> None:
    """Delete logs."""
    now = utc_now()
    old = before("--older-than", older_than, now=now)
    with store() as storage:
        done = storage.prune(polls_before=old, delivered_before=old)
        hosts = storage.forget_hosts(now)
    people.print(
        f"Gone: {counted(done.polls, 'poll')}, {counted(done.deliveries, 'delivered notification')} and "
        f"{counted(hosts, 'host')} that redirects led to."
    )


def export() -> None:
    """Print everything."""
    with store() as storage:
        for source in storage.sources():
            emit({"type": "source", **source_object(source)})
        for row in storage.releases():
            for revision in storage.revisions(row.id):
                stored = storage.revision(row.id, revision.number)
                emit({"type": "revision", **show_object(row, stored), **revision_object(revision)})
        for change in storage.changes():
            emit({"type": "change", **change_object(change)})
        for change_id, mark in storage.all_marks().items():
            emit({"type": "mark", "change": change_id, **mark_object(mark)})
        for health in reversed(storage.health()):
            emit({"type": "health", **health_object(health)})
