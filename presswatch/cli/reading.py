"""What the commands that read the history do: changes, history, show, diff."""

from __future__ import annotations

from config import ConfigError
from presswatch.app import utc_now
from presswatch.cli.context import emit, known_source, people, store, tables
from presswatch.cli.errors import UserError
from presswatch.cli.show import (
    changes_table,
    clean,
    diff_text,
    events_table,
    explanation_text,
    revisions_table,
    when,
)
from presswatch.cli.times import moment
from presswatch.look import explained
from presswatch.noise import with_lessons
from presswatch.notify import change_object
from presswatch.shapes import diff_object, explanation_object, revision_object, show_object, told
from scraper.judge import compare
from scraper.model import BlockKind, Kind, Release
from scraper.read import Unreadable
from scraper.urls import identity
from storage import PollRow, ReleaseRow, RevisionRow, Storage, StorageError

__all__ = ["FORESEEN", "changes", "diff", "explain", "history", "show"]

FORESEEN = (ConfigError, StorageError)

_LONGEST_ID = 19
"""Digits of an id: 64 bits."""


def changes(*, since: str | None, kind: list[Kind] | None, source: str | None, json: bool) -> None:
    """List changes."""
    after = None if since is None else moment("--since", since, now=utc_now())
    with store() as storage:
        if source is not None:
            known_source(storage, source)
        rows = storage.changes(since=after, kinds=tuple(kind or ()), source=source)
    if json:
        for row in rows:
            emit(change_object(row))
        return
    if not rows:
        people.print("Nothing happened that was looked for.")
        return
    tables.print(changes_table(rows))


def history(*, url: str, json: bool) -> None:
    """List a release's revisions, and what happened to it."""
    with store() as storage:
        row = _release(storage, url)
        rows = storage.revisions(row.id)
        happened = storage.changes(release_id=row.id)
        formers = storage.formers(row.id)
    if json:
        for revision in rows:
            emit(revision_object(revision))
        return
    tables.print(f"{clean(row.title)}\n{clean(row.url)}  ({row.state.value}, {clean(row.source)})\n", soft_wrap=True)
    tables.print(revisions_table(rows))
    if happened:
        tables.print("\nWhat happened:")
        tables.print(events_table(happened))
    for former in formers:
        people.print(f"Before it another release stood here: presswatch history '{clean(former.url)}#{former.id}'")


def show(*, url: str, revision: int | None, json: bool) -> None:
    """Print a revision."""
    with store() as storage:
        row = _release(storage, url)
        stored = storage.revision(row.id, _number(storage, row, revision))
    if json:
        emit(show_object(row, stored))
        return
    release = stored.release
    tables.print(f"{clean(release.title)}\n{clean(row.url)}", soft_wrap=True)
    tables.print(
        f"published {told(release.published) or '–'}, stamp {told(release.stamp) or '–'}; "
        f"revision {stored.number}, seen {when(stored.observed_at)} UTC\n", soft_wrap=True,
    )  # fmt: skip
    tables.print(_body(release), soft_wrap=True)


def _body(release: Release) -> str:
    marks = {BlockKind.HEADING: "# ", BlockKind.LIST_ITEM: "• ", BlockKind.QUOTE: "> ", BlockKind.CAPTION: "[caption] "}
    marks[BlockKind.FOOTNOTE] = "[note] "
    return "\n\n".join(marks.get(b.kind, "") + clean(b.text, most=100_000) for b in release.blocks)


def explain(*, url: str, revision: int | None, json: bool) -> None:
    """Read a revision's evidence again and say what was taken, what was not, and why."""
    with store() as storage:
        row = _release(storage, url)
        number = _number(storage, row, revision)
        evidence = storage.evidence(row.id, number)
        source = next(each.source for each in storage.sources(removed=True) if each.id == row.source_id)
        site, lessons = storage.site(row.source_id), storage.lessons(row.source_id)
    if evidence is None:
        raise UserError(f"of revision {number} of {row.url} no evidence is kept any more")
    try:
        found = with_lessons(explained(evidence, source, site), lessons)
    except Unreadable as error:
        raise UserError(f"revision {number} of {row.url} can't be read again: {error}") from None
    if json:
        emit(explanation_object(row, number, found, site))
        return
    tables.print(f"{clean(found.release.title)}\n{clean(row.url)}, revision {number}\n", soft_wrap=True)
    tables.print(explanation_text(found, site), soft_wrap=True)


def diff(*, url: str, a: int | None, b: int | None, json: bool) -> None:
    """Compare two revisions."""
    with store() as storage:
        row = _release(storage, url)
        before, after = _pair(row, storage.revisions(row.id), a, b)
        result = compare(storage.revision(row.id, before).release, storage.revision(row.id, after).release)
    if json:
        emit(diff_object(row, before, after, result))
        return
    if not result.differing and not result.title_changed:
        people.print(
            f"Revisions {before} and {after} read alike: what differed was learned to be no part of the release since, "
            f"or is none of what is compared; presswatch explain shows what is."
        )
    tables.print(diff_text(result), soft_wrap=True)


def _pair(row: ReleaseRow, revisions: list[RevisionRow], a: int | None, b: int | None) -> tuple[int, int]:
    """The two revisions that were asked for, by default the current one and the one that it was edited from."""
    edited_from = {revision.number: revision.before for revision in revisions}
    numbers = list(edited_from)
    if not numbers:
        raise _unread(row, [])
    if len(numbers) < 2:
        raise UserError(f"{row.url} has one revision only, so that there is nothing to compare")
    # After a merge of two releases the current revision may be the first one, which was edited from none.
    current = row.current or 0
    newest = current if edited_from.get(current) or current > min(numbers) else max(numbers)
    # Of one number alone what led to it is shown.
    a, b = (None, a) if b is None and a == newest else (a, b)
    after = newest if b is None else b
    earlier = max((number for number in numbers if number < after), default=after)
    before = a if a is not None else edited_from.get(after) or earlier
    for number in (before, after):
        _known(row, numbers, number)
    return before, after


def _known(row: ReleaseRow, numbers: list[int], number: int) -> int:
    if number not in numbers:
        raise UserError(f"{row.url} has no revision {number}; it has {', '.join(map(str, numbers))}")
    return number


def _number(storage: Storage, row: ReleaseRow, asked: int | None) -> int:
    if row.current is None:
        raise _unread(row, storage.polls(release_id=row.id, limit=1))
    return row.current if asked is None else _known(row, [one.number for one in storage.revisions(row.id)], asked)


def _unread(row: ReleaseRow, polls: list[PollRow]) -> UserError:
    if not polls:
        return UserError(f"{row.url} is known but was not read yet; the next check does it")
    again = f"; the next look is at {when(row.next_poll_at)} UTC" if row.next_poll_at else ""
    return UserError(f"{row.url} was looked at {when(polls[0].at)} UTC and not taken: {clean(polls[0].note)}{again}")


def _release(storage: Storage, url: str) -> ReleaseRow:
    row = _former(storage, url) or storage.release_at(identity(url))
    if row is None:
        raise UserError(f"{url} is no release that is known; presswatch changes --json lists addresses that are")
    return row


def _former(storage: Storage, url: str) -> ReleaseRow | None:
    """The release that ``URL#ID`` names: it stood at the address before another one did, or still does."""
    address, _, number = url.rpartition("#")
    row = storage.release(int(number)) if address and number.isdecimal() and len(number) < _LONGEST_ID else None
    return row if row and identity(row.url) == identity(address) else None
