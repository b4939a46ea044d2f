"""Marks: what people made of changes, one set of them for the installation.

A change may be reviewed, starred and noise at once, and carry a note. What is marked as noise teaches what else of its
source is noise (a :class:`Lesson`); when that mark is taken back, so is what was taught, and what was noise by it alone
is to be reviewed like any other change. A mark adds to a change and changes nothing in it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, func, insert, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute, aliased

from scraper.model import Lesson
from storage import schema
from storage.columns import clean
from storage.database import AnyRow, AnySelect, Database, Part, reading, writing
from storage.errors import Unknown
from storage.pages import lock_source

__all__ = ["LONGEST_NOTE", "NO_MARK", "MarkRow", "Marks", "is_told", "keep_taught"]

LONGEST_NOTE = 4_000
"""Characters of a note that pages, API and commands take."""

_CHANGE = schema.Change
_LESSON = schema.Lesson
_MARK = schema.Mark


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkRow:
    """What people made of a change."""

    reviewed: bool = False
    starred: bool = False
    noise: bool = False
    note: str = ""
    noted_at: datetime | None = None
    noted_by: str | None = None
    """None: whoever it was has no name here."""
    taught_by: int | None = None
    """Id of the change by whose mark this one is noise; None: a person says so, or it is none."""
    teaches: int = 0
    """Passages that are noise by it."""


NO_MARK = MarkRow()


class Marks(Part):
    """What people make of changes."""

    @writing
    def mark(
        self,
        connection: Connection,
        change_id: int,
        *,
        now: datetime,
        reviewed: bool | None = None,
        starred: bool | None = None,
        noise: bool | None = None,
        note: str | None = None,
        by: str | None = None,
        alike: bool = False,
        lessons: Sequence[Lesson] = (),
    ) -> MarkRow:
        """Mark a change; what is None stays as it is, and an empty note is none. The mark that it has then.

        Args:
            connection: given by the decorator.
            change_id: the change.
            now: when that is, for the note.
            reviewed: somebody has seen it.
            starred: it matters.
            noise: it says nothing; or, False, it does after all.
            note: what is to be remembered of it.
            by: who writes the note, where that is known.
            alike: the changes of its batch and kind are reviewed, or noise, with it.
            lessons: what its being noise teaches, in place of what it taught before.

        Raises:
            Unknown: there is no such change.
        """
        row = connection.execute(
            select(_CHANGE.source_id, _CHANGE.batch_id, _CHANGE.kind).where(_CHANGE.id == change_id)
        ).first()
        if row is None:
            raise Unknown(f"there is no change {change_id}")
        ids = [change_id]
        if alike and row.batch_id is not None:
            same = select(_CHANGE.id).where(_CHANGE.batch_id == row.batch_id, _CHANGE.kind == row.kind)
            ids = list(connection.execute(same).scalars())
        shared = _given(reviewed=reviewed, noise=noise)
        if noise is not None:
            # A look that goes by a lesson ends before that is taken back, or begins to write after it was.
            lock_source(connection, row.source_id)
            shared["taught_by"] = None
            if not noise:
                _take_back(connection, ids)
            connection.execute(delete(_LESSON).where(_LESSON.change_id.in_([change_id] if noise else ids)))
        _put(self._database, connection, ids, shared)
        _put(self._database, connection, [change_id], _given(starred=starred) | _note(note, now=now, by=by))
        if noise and lessons:
            connection.execute(insert(_LESSON), [_lesson_values(each, change_id, row.source_id) for each in lessons])
        _drop_empty(connection, _MARK.change_id.in_(ids))
        return _marks(connection, [change_id]).get(change_id, NO_MARK)

    @reading
    def marks(self, connection: Connection, ids: Collection[int]) -> dict[int, MarkRow]:
        """The marks of some changes, by id; those that have none are left out."""
        return _marks(connection, ids)

    @reading
    def all_marks(self, connection: Connection) -> dict[int, MarkRow]:
        """Every mark, by the ids of their changes."""
        return {row.change_id: _mark_row(row) for row in connection.execute(_marked().order_by(_MARK.change_id))}

    @reading
    def lessons(self, connection: Connection, source_id: int) -> list[Lesson]:
        """What a source's changes teach that are noise, the first taught first."""
        rows = connection.execute(select(_LESSON).where(_LESSON.source_id == source_id).order_by(_LESSON.id))
        return [
            Lesson(change_id=row.change_id, place=row.place or "", passage=row.passage or "", sample=row.sample)
            for row in rows
        ]


def is_told(change_id: ColumnElement[int] | InstrumentedAttribute[int]) -> ColumnElement[bool]:
    """That a change is not noise by what another one taught."""
    return ~select(_MARK.change_id).where(_MARK.change_id == change_id, _MARK.taught_by.is_not(None)).exists()


def keep_taught(database: Database, connection: Connection, change_id: int, teachers: Sequence[int]) -> bool:
    """Mark a change as noise by what others taught, the first of them. False where one of them took that back.

    Whatever takes a lesson back later finds the change by that one: see :func:`_take_back`.
    """
    still = select(func.count(_LESSON.change_id.distinct())).where(_LESSON.change_id.in_(teachers))
    if not teachers or connection.execute(still).scalar_one() < len(teachers):
        return False
    _put(database, connection, [change_id], {"noise": True, "taught_by": teachers[0]})
    return True


def _given(**flags: bool | None) -> dict[str, Any]:
    return {name: value for name, value in flags.items() if value is not None}


def _note(note: str | None, *, now: datetime, by: str | None) -> dict[str, Any]:
    if note is None:
        return {}
    text = clean(note).strip()
    return {"note": text or None, "noted_at": now if text else None, "noted_by": by if text else None}


def _put(database: Database, connection: Connection, ids: Sequence[int], values: dict[str, Any]) -> None:
    if not values or not ids:
        return
    fresh = {"reviewed": False, "starred": False, "noise": False, **values}
    row = database.insert(_MARK)
    put = row.on_conflict_do_update(index_elements=["change_id"], set_={name: row.excluded[name] for name in values})
    connection.execute(put, [{"change_id": each, **fresh} for each in ids])


def _take_back(connection: Connection, ids: Sequence[int]) -> None:
    """Let nothing be noise any more by what some changes taught.

    A place is noise by several changes together: what they made noise is asked for once more, all of it.
    """
    mine, theirs = aliased(_LESSON), aliased(_LESSON)
    together = (
        select(theirs.change_id)
        .join(mine, mine.place == theirs.place)
        .where(mine.change_id.in_(ids), mine.source_id == theirs.source_id)
    )
    teachers = {*ids, *connection.execute(together).scalars()}
    taught = _MARK.taught_by.in_(teachers)
    connection.execute(update(_MARK).where(taught).values(noise=False))
    _drop_empty(connection, taught)
    connection.execute(update(_MARK).where(taught).values(taught_by=None))


def _drop_empty(connection: Connection, among: ColumnElement[bool]) -> None:
    """A row that says nothing is none, so that there are no more of them than marks."""
    says = or_(_MARK.reviewed, _MARK.starred, _MARK.noise, _MARK.note.is_not(None))
    connection.execute(delete(_MARK).where(among, ~says))


def _lesson_values(lesson: Lesson, change_id: int, source_id: int) -> dict[str, Any]:
    return {
        "source_id": source_id, "change_id": change_id, "place": lesson.place or None,
        "passage": lesson.passage or None, "sample": clean(lesson.sample),
    }  # fmt: skip


def _marked() -> AnySelect:
    """The columns of a :class:`MarkRow`."""
    passages = select(func.count(_LESSON.passage.distinct())).where(_LESSON.change_id == _MARK.change_id)
    return select(_MARK, passages.correlate(_MARK).scalar_subquery().label("teaches"))


def _marks(connection: Connection, ids: Collection[int]) -> dict[int, MarkRow]:
    rows = connection.execute(_marked().where(_MARK.change_id.in_(ids))) if ids else ()
    return {row.change_id: _mark_row(row) for row in rows}


def _mark_row(row: AnyRow) -> MarkRow:
    return MarkRow(
        reviewed=row.reviewed, starred=row.starred, noise=row.noise, note=row.note or "", noted_at=row.noted_at,
        noted_by=row.noted_by, taught_by=row.taught_by, teaches=row.teaches,
    )  # fmt: skip
