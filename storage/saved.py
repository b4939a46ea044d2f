"""Searches that are kept under a name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from storage import schema
from storage.columns import shorten
from storage.database import AnyRow, AnySelect, Part, reading, writing
from storage.errors import NameTaken, Unknown

__all__ = ["Saved", "SavedRow"]

_SAVED = schema.SavedSearch


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedRow:
    """A search that is kept."""

    id: int
    name: str
    query: str
    """As in the address of the stream, without its question mark."""
    created_at: datetime


class Saved(Part):
    """Searches that somebody wants to see again and again."""

    @reading
    def saved_searches(self, connection: Connection) -> list[SavedRow]:
        """All of them, by name."""
        return [SavedRow(**row._asdict()) for row in connection.execute(_columns().order_by(_SAVED.name))]

    @reading
    def saved_search(self, connection: Connection, search_id: int) -> SavedRow | None:
        """One of them."""
        row = connection.execute(_columns().where(_SAVED.id == search_id)).first()
        return None if row is None else SavedRow(**row._asdict())

    @writing
    def save_search(self, connection: Connection, name: str, query: str, *, now: datetime) -> int:
        """Keep a search. Its id.

        Raises:
            NameTaken: there is one of this name.
        """
        try:
            row: AnyRow = connection.execute(
                insert(_SAVED).values(name=name, query=query, created_at=now).returning(_SAVED.id)
            ).one()
        except IntegrityError as exc:
            raise _taken(name) from exc
        return int(row.id)

    @writing
    def rename_search(self, connection: Connection, search_id: int, name: str) -> None:
        """Call it otherwise.

        Raises:
            NameTaken: there is another one of this name.
            Unknown: there is no such search.
        """
        try:
            changed = connection.execute(update(_SAVED).where(_SAVED.id == search_id).values(name=name)).rowcount
        except IntegrityError as exc:
            raise _taken(name) from exc
        if not changed:
            raise Unknown(f"there is no saved search {search_id}")

    @writing
    def delete_search(self, connection: Connection, search_id: int) -> None:
        """Keep it no more.

        Raises:
            Unknown: there is no such search.
        """
        if not connection.execute(delete(_SAVED).where(_SAVED.id == search_id)).rowcount:
            raise Unknown(f"there is no saved search {search_id}")


def _columns() -> AnySelect:
    return select(_SAVED.id, _SAVED.name, _SAVED.query, _SAVED.created_at)


def _taken(name: str) -> NameTaken:
    return NameTaken(f"there is a saved search called {shorten(name)!r} already; take another name")
