"""What the commands that read the history do: changes, history, show, diff."""

from __future__ import annotations

from config import ConfigError
from presswatch.cli.asked import asked_number, asked_release, known_number, unread
from presswatch.cli.context import emit, known_source, people, store, tables
from presswatch.cli.errors import UserError
from presswatch.cli.show import (
    changes_table,
    clean,
    diff_text,
    events_table,
    revisions_table,
    when,
)
from presswatch.cli.times import moment
from presswatch.clock import utc_now
from presswatch.doubts import doubt_words
from presswatch.notify import change_object
from presswatch.shapes import diff_object, revision_object, show_object, told
from scraper.judge import compare
from scraper.model import BlockKind, Kind, Release
from storage import ReleaseRow, RevisionRow, StorageError

__all__ = ["FORESEEN", "changes", "diff", "history", "show"]

FORESEEN = (ConfigError, StorageError)


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
        row = asked_release(storage, url)
        rows = storage.revisions(row.id)
        happened = storage.changes(release_id=row.id)
        formers = storage.formers(row.id)
    if json:
        for revision in rows:
            emit(revision_object(revision))
        return
    tables.print(f"{clean(row.title)}\n{clean(row.url)}  ({row.state.value}, {clean(row.source)})\n", soft_wrap=True)
    if row.suspect:
        tables.print(f"In doubt: {doubt_words(row.suspect)}.\n", soft_wrap=True)
    tables.print(revisions_table(rows))
    if happened:
        tables.print("\nWhat happened:")
        tables.print(events_table(happened))
    for former in formers:
        people.print(f"Before it another release stood here: presswatch history '{clean(former.url)}#{former.id}'")


def show(*, url: str, revision: int | None, json: bool) -> None:
    """Print a revision."""
    with store() as storage:
        row = asked_release(storage, url)
        stored = storage.revision(row.id, asked_number(storage, row, revision))
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


def diff(*, url: str, a: int | None, b: int | None, json: bool) -> None:
    """Compare two revisions."""
    with store() as storage:
        row = asked_release(storage, url)
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
        raise unread(row, [])
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
        known_number(row, numbers, number)
    return before, after
