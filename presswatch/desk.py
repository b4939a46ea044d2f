"""What a person does at the desk: mark changes and keep searches. Pages, API and commands call the same."""

from __future__ import annotations

from datetime import datetime

from presswatch.noise import lessons_of
from storage import MarkRow, Storage

__all__ = ["Desk"]


class Desk:
    """Marks and saved searches over a store."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    def mark(
        self,
        change_id: int,
        *,
        now: datetime,
        reviewed: bool | None = None,
        starred: bool | None = None,
        noise: bool | None = None,
        note: str | None = None,
        by: str | None = None,
        alike: bool = False,
    ) -> MarkRow:
        """Mark a change, see ``storage.Storage.mark``; what is noise teaches what else is.

        Raises:
            Unknown: there is no such change.
        """
        return self._storage.mark(
            change_id, now=now, reviewed=reviewed, starred=starred, noise=noise, note=note, by=by, alike=alike,
            lessons=lessons_of(self._storage, change_id) if noise else (),
        )  # fmt: skip

    def save_search(self, name: str, query: str, *, now: datetime) -> int:
        """Keep a search. Its id; raises ``storage.NameTaken``."""
        return self._storage.save_search(name, query, now=now)

    def rename_search(self, search_id: int, name: str) -> None:
        """Call it otherwise; raises ``storage.NameTaken`` and ``storage.Unknown``."""
        self._storage.rename_search(search_id, name)

    def delete_search(self, search_id: int) -> None:
        """Keep it no more; raises ``storage.Unknown``."""
        self._storage.delete_search(search_id)
