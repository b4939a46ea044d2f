"""Why a release was read as it was."""

from __future__ import annotations

from config import ConfigError
from presswatch.cli.asked import asked_number, asked_release
from presswatch.cli.context import emit, store, tables
from presswatch.cli.errors import UserError
from presswatch.cli.show import clean, explanation_text
from presswatch.look import explained
from presswatch.noise import with_lessons
from presswatch.shapes import explanation_object
from scraper.read import Unreadable
from storage import StorageError

__all__ = ["FORESEEN", "explain"]

FORESEEN = (StorageError, ConfigError)


def explain(*, url: str, revision: int | None, json: bool) -> None:
    """Read a revision's evidence again and say what was taken, what was not, and why."""
    with store() as storage:
        row = asked_release(storage, url)
        number = asked_number(storage, row, revision)
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
