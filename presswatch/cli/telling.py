"""What the commands do that are about who is told and what is made of it: mute, unmute, notify, mark."""

from __future__ import annotations

import difflib
import shlex
from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from config import ConfigError
from config.values import seconds
from presswatch.cli.context import emit, people, settings, store, tables
from presswatch.cli.errors import UserError
from presswatch.cli.show import clean, rehearsal_table, when
from presswatch.cli.times import moment
from presswatch.clock import utc_now
from presswatch.desk import Desk
from presswatch.notify.mute import MuteTarget
from presswatch.rehearsal import How, Rehearsed, rehearsed
from presswatch.routing import check_rules
from presswatch.shapes import mark_object, rehearsed_object
from presswatch.words import counted
from scraper.urls import identity
from storage import LONGEST_NOTE, Storage, StorageError

__all__ = ["FORESEEN", "mark", "mute", "notify", "unmute"]

FORESEEN = (ConfigError, StorageError)


def mute(*, what: str, span: str | None) -> None:
    """Mute a source or a release."""
    now = utc_now()
    until = None if span is None else _until(span, now)
    with store() as storage:
        target, name = _target(storage, what)
        storage.mute(source_id=target.source_id, release_id=target.release_id, until=until, now=now)
    term = f"until {when(until)} UTC" if until else f"until you say: presswatch unmute {shlex.quote(clean(what))}"
    people.print(f"Nobody is told of {clean(name)} {term}. It is watched and kept as before.", soft_wrap=True)


def unmute(*, what: str) -> None:
    """Tell of it again."""
    with store() as storage:
        target, name = _target(storage, what)
        done = storage.unmute(source_id=target.source_id, release_id=target.release_id)
    people.print(f"{clean(name)} {'is told of again' if done else 'was not muted'}.", soft_wrap=True)


def mark(
    *, change: int, reviewed: bool | None, starred: bool | None, noise: bool | None, note: str | None, json: bool
) -> None:
    """Mark a change, or only show its mark."""
    if note is not None and len(note) > LONGEST_NOTE:
        raise UserError(f"--note: a note has {LONGEST_NOTE} characters at the most")
    with store() as storage:
        found = Desk(storage).mark(
            change, now=utc_now(), reviewed=reviewed, starred=starred, noise=noise, note=note
        )  # fmt: skip
    if json:
        emit({"id": change, **mark_object(found)})
        return
    flags = {"reviewed": found.reviewed, "starred": found.starred, "noise": found.noise}
    told = [name for name, is_set in flags.items() if is_set] or ["not marked"]
    tables.print(f"change {change}: {', '.join(told)}", soft_wrap=True)
    if found.noise and found.taught_by is None:
        tables.print(_taught(found.teaches), soft_wrap=True)
    if found.note and found.noted_at:
        by = f" by {clean(found.noted_by)}" if found.noted_by else ""
        tables.print(f"noted {when(found.noted_at)}{by}: {clean(found.note, most=LONGEST_NOTE)}", soft_wrap=True)


def _taught(lessons: int) -> str:
    if not lessons:
        return "It teaches nothing: more than whole passages came, went or moved, so nothing else is noise by it."
    return f"It teaches {counted(lessons, 'passage')} to be noise wherever nothing else changes."


def _until(span: str, now: datetime) -> datetime:
    """A bare number would be seconds, and is none that anybody means."""
    try:
        return now + seconds(span if span[-1:].isalpha() else "")
    except (ValueError, OverflowError):
        raise UserError(f'--for: "{span}" is no duration; write it like 7d or 12h') from None


def _target(storage: Storage, what: str) -> tuple[MuteTarget, str]:
    """The source of this name or home, or the release at this address.

    Raises:
        UserError: there is none; the message says which there are.
    """
    rows = [row for row in storage.sources() if what in (row.source.name, row.source.home)]
    if rows:
        return MuteTarget(source_id=rows[0].id), rows[0].source.name
    release = storage.release_at(identity(what)) if "://" in what else None
    if release is not None:
        return MuteTarget(release_id=release.id), release.title or release.url
    names = [row.source.name for row in storage.sources()]
    close = difflib.get_close_matches(what, names, n=1, cutoff=0.5)
    hint = f'did you mean "{close[0]}"?' if close else f"sources are: {', '.join(names) or 'none'}"
    raise UserError(f'"{what}" is neither a source nor the address of a release; {hint}')


def notify(*, dry_run: bool, since: str, json: bool) -> None:
    """Tell who would have been told."""
    if not dry_run:
        raise UserError("notify only rehearses, with --dry-run; what waits is sent by presswatch deliver")
    now = utc_now()
    after = moment("--since", since, now=now)
    with store() as storage:
        check_rules(settings(), storage)
        found = rehearsed(storage, settings(), since=after, now=now)
    if json:
        for each in found:
            emit(rehearsed_object(each))
        return
    if not found:
        people.print("Nothing happened in this time.")
        return
    tables.print(rehearsal_table(found))
    people.print(_told(found), soft_wrap=True)


def _told(found: Sequence[Rehearsed]) -> str:
    """How many messages that would have been."""
    counts = Counter(each.how for each in found)
    together = {
        how: len({(each.channel, each.digest, each.at, each.how is How.SUMMARY and each.change.source_id)
                  for each in found if each.how is how})
        for how in (How.DIGEST, How.SUMMARY)
    }  # fmt: skip
    batches = len({(each.channel, each.change.batch_id) for each in found if each.how is How.BATCH})
    nobody = sum(each.channel is None for each in found)
    return (
        f"messages of one change: {counts[How.MESSAGE]}; of a batch: {batches}; "
        f"digests: {together[How.DIGEST]} (changes: {counts[How.DIGEST]}); "
        f"summaries: {together[How.SUMMARY]} (changes: {counts[How.SUMMARY]}); told to nobody: {nobody}"
    )
