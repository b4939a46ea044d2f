"""The commands that keep the product well: status, doctor, resend, verify, backup, prune, export, secret."""

from __future__ import annotations

import base64
import secrets
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from config.settings import seconds
from presswatch.app import utc_now
from presswatch.cli.context import JsonOption, app, emit, people, settings, store, tables
from presswatch.cli.errors import UserError
from presswatch.cli.show import ago, clean, failing_table
from presswatch.notify import change_object
from presswatch.notify.message import rfc3339
from presswatch.shapes import revision_object, show_object, source_object
from scraper.judge import digest
from storage import Status

__all__: list[str] = []

_LATE = timedelta(minutes=30)


@app.command()
def status(json: JsonOption = False) -> None:
    """How it all fares: what is due, what fails, what waits in the outbox."""
    now = utc_now()
    with store() as storage:
        found = storage.status(now)
        dead = storage.dead_letters()
    if json:
        emit(
            {**_status_object(found), "dead": [{"id": d.id, "channel": d.channel, "error": d.last_error} for d in dead]}
        )
        return
    tables.print(_summary(found, now), soft_wrap=True)
    if found.failing:
        tables.print("\nFailing:")
        tables.print(failing_table(found.failing, now))
    for letter in dead:
        tables.print(
            f"given up: #{letter.id} to {clean(letter.channel)} after {letter.attempts} attempts: "
            f"{clean(letter.last_error or '')}; presswatch resend {letter.id}", soft_wrap=True,
        )  # fmt: skip


def _summary(found: Status, at: datetime) -> str:
    states = ", ".join(f"{count} {state.value}" for state, count in found.releases.items() if count) or "none"
    outbox = ", ".join(f"{count} {state}" for state, count in found.outbox.items() if count) or "empty"
    running = (
        f"last sign of life of the daemon {ago(found.heartbeat_at, at)}" if found.heartbeat_at else "no daemon yet"
    )
    return (
        f"sources    {found.sources} ({found.paused} paused), {found.listings} listings\n"
        f"releases   {states}\n"
        f"history    {found.revisions} revisions, {found.changes} changes\n"
        f"pages      {found.due} due now, {len(found.failing)} failing, last look {ago(found.last_poll_at, at)}\n"
        f"outbox     {outbox}\n"
        f"daemon     {running}\n"
        f"database   {found.size / 1e6:.1f} MB"
    )


def _status_object(found: Status) -> dict[str, object]:
    return {
        "sources": found.sources,
        "paused": found.paused,
        "listings": found.listings,
        "releases": {state.value: count for state, count in found.releases.items()},
        "revisions": found.revisions,
        "changes": found.changes,
        "due": found.due,
        "failing": [
            {"source": f.source, "url": f.url, "since": f.since and rfc3339(f.since), "error": f.error,
             "failures": f.failures}
            for f in found.failing
        ],
        "outbox": found.outbox,
        "oldest_pending": found.oldest_pending and rfc3339(found.oldest_pending),
        "heartbeat_at": found.heartbeat_at and rfc3339(found.heartbeat_at),
        "last_poll_at": found.last_poll_at and rfc3339(found.last_poll_at),
        "size": found.size,
    }  # fmt: skip


@app.command()
def doctor(json: JsonOption = False) -> None:
    """What is wrong, and what to do about it. Exit code 1 where anything is."""
    with store() as storage:
        findings = [*_settings_findings(), *_findings(storage.status(utc_now())), *map(str, storage.verify(digest))]
    for finding in findings:
        if json:
            emit({"finding": finding})
        else:
            tables.print(f"• {clean(finding, most=1000)}", soft_wrap=True)
    if findings:
        raise typer.Exit(1)
    people.print("Nothing is wrong.")


def _settings_findings() -> list[str]:
    if settings().fetch.contact:
        return []
    return ["no contact is set: set fetch.contact to a URL or address, so that newsrooms can reach you"]


def _findings(found: Status) -> list[str]:
    now, findings = utc_now(), []
    if not found.sources:
        findings.append("nothing is watched: presswatch add URL")
    if found.heartbeat_at and now - found.heartbeat_at > _LATE:
        findings.append(f"the daemon gave no sign of life since {ago(found.heartbeat_at, now)}: start presswatch run")
    if found.overdue_since and now - found.overdue_since > _LATE:
        findings.append(
            f"pages wait since {ago(found.overdue_since, now)}: run presswatch check oftener, or the daemon"
        )
    if found.outbox.get("dead"):
        findings.append(
            f"{found.outbox['dead']} notifications were given up: presswatch status shows why, resend repeats"
        )
    if found.oldest_pending and now - found.oldest_pending > _LATE:
        findings.append(f"a notification waits since {ago(found.oldest_pending, now)}: presswatch status")
    findings += [
        f"{f.url} ({f.source}) fails since {ago(f.since, now) if f.since else 'the beginning'}: {f.error}"
        for f in found.failing
        if f.failures >= 3
    ]
    return findings


@app.command()
def resend(ids: Annotated[list[int], typer.Argument(help="Numbers of given-up notifications, from status.")]) -> None:
    """Send notifications again that were given up; their keys stay, so that a receiver knows them."""
    with store() as storage:
        people.print(f"{storage.resend(ids, now=utc_now())} to be sent again; the daemon, check or deliver does it.")


@app.command()
def verify() -> None:
    """Check that every stored revision and its evidence is what was written. Exit code 1 where one is not."""
    with store() as storage:
        problems = list(storage.verify(digest))
    for problem in problems:
        tables.print(clean(str(problem), most=1000), soft_wrap=True)
    if problems:
        raise typer.Exit(1)
    people.print("Everything is as it was written.")


@app.command()
def backup(file: Annotated[Path, typer.Argument(help="Where to; it must not exist.")]) -> None:
    """Copy the database, also while the daemon runs."""
    if file.exists():
        raise UserError(f"{file} exists already and is not written over")
    with store() as storage:
        storage.backup(file)
    people.print(f"{file} holds everything; point PRESSWATCH_DATABASE at it to use it.")


@app.command()
def prune(
    older_than: Annotated[str, typer.Option(help="How old, such as 90d.")] = "90d",
) -> None:
    """Throw away the log of polls and delivered notifications of old. Revisions and evidence are never pruned."""
    try:
        before = utc_now() - seconds(older_than)
    except ValueError as error:
        raise UserError(f"--older-than: {error}") from None
    with store() as storage:
        done = storage.prune(polls_before=before, delivered_before=before)
    people.print(f"{done.polls} polls and {done.deliveries} delivered notifications are gone.")


@app.command()
def export() -> None:
    """Everything as JSON Lines on standard output: sources, releases with all revisions, changes."""
    with store() as storage:
        for source in storage.sources():
            emit({"type": "source", **source_object(source)})
        for row in storage.releases():
            for revision in storage.revisions(row.id):
                stored = storage.revision(row.id, revision.number)
                emit({"type": "revision", **show_object(row, stored), **revision_object(revision)})
        for change in storage.changes():
            emit({"type": "change", **change_object(change)})


@app.command()
def secret() -> None:
    """Make a secret for a webhook (Standard Webhooks)."""
    sys.stdout.write("whsec_" + base64.b64encode(secrets.token_bytes(24)).decode() + "\n")
