"""Sources: what is watched, added, changed, paused and removed. Nothing is deleted: history stays."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, or_, select, update

from scraper.model import Entry, Listing, Source
from storage import codec, schema
from storage.columns import clean, shorten
from storage.database import Part, writing
from storage.errors import NameTaken, Unknown
from storage.listings import add_listings
from storage.releases import discover

__all__ = ["Sources"]

_LISTING = schema.Listing
_PAGE = schema.Page
_SOURCE = schema.Source


class Sources(Part):
    """What is watched."""

    @writing
    def add_source(
        self,
        connection: Connection,
        source: Source,
        *,
        listings: Sequence[Listing],
        now: datetime,
        pages: Sequence[Entry] = (),
    ) -> int:
        """Watch a newsroom: its listings are due at once. The id of the source.

        ``pages`` are single releases to watch: due at once, and their first revision is no news. A source with this
        home that was removed is taken up again with its history, as quietly as a new one.

        Raises:
            NameTaken: a source of this name or with this home is watched already.
        """
        _refuse_taken(connection, source)
        removed = _removed(connection, source.home)
        _free_name(connection, source.name, but=removed)
        if removed is None:
            inserted = insert(_SOURCE).values(**_values(source), created_at=now).returning(_SOURCE.id)
            source_id = connection.execute(inserted).scalar_one()
        else:
            source_id = removed
            _revive(connection, source_id, source)
        add_listings(self._database, connection, source_id, listings, due_at=now)
        discover(
            self._database, connection, source_id, pages, quiet=True, now=now, absent_at=None, due_at=lambda _: now
        )
        return source_id

    @writing
    def update_source(self, connection: Connection, name: str, source: Source) -> None:
        """Give a source other facts; it may get another name.

        Raises:
            Unknown: no source of this name is watched.
            NameTaken: another source of the new name or with the new home is watched already.
        """
        source_id = _watched(connection, name)
        _refuse_taken(connection, source, but=source_id)
        _free_name(connection, source.name, but=source_id)
        connection.execute(update(_SOURCE).where(_SOURCE.id == source_id).values(**_values(source)))

    @writing
    def pause_source(self, connection: Connection, name: str) -> None:
        """Stop polling a source until it is resumed.

        Raises:
            Unknown: no source of this name is watched.
        """
        connection.execute(update(_SOURCE).where(_SOURCE.id == _watched(connection, name)).values(paused=True))

    @writing
    def resume_source(self, connection: Connection, name: str) -> None:
        """Poll a paused source again; what was due meanwhile is due now.

        Raises:
            Unknown: no source of this name is watched.
        """
        connection.execute(update(_SOURCE).where(_SOURCE.id == _watched(connection, name)).values(paused=False))

    @writing
    def remove_source(self, connection: Connection, name: str, *, now: datetime) -> None:
        """Stop watching a source; its history stays.

        Raises:
            Unknown: no source of this name is watched.
        """
        connection.execute(update(_SOURCE).where(_SOURCE.id == _watched(connection, name)).values(removed_at=now))

    @writing
    def add_listings(
        self,
        connection: Connection,
        source_id: int,
        listings: Sequence[Listing],
        *,
        now: datetime,
        instead: bool = False,
    ) -> int:
        """Poll more listings for a source, due at once; those that it has already stay as they are. How many are new.

        ``instead``: its others are polled no more; what they led to stays.

        Raises:
            Unknown: there is no such source.
        """
        if connection.execute(select(_SOURCE.id).where(_SOURCE.id == source_id)).first() is None:
            raise Unknown(f"there is no source {source_id}")
        if instead:
            _rest(connection, source_id)
        return add_listings(self._database, connection, source_id, listings, due_at=now)


def _values(source: Source) -> dict[str, Any]:
    return {
        "name": source.name,
        "home": source.home,
        "time_zone": source.time_zone,
        "language": source.language,
        "every_seconds": None if source.every is None else source.every.total_seconds(),
        "per_day": source.per_day,
        "routes": source.routes,
        "paused": source.paused,
        "profile": codec.profile_to(source.profile),
        "render": source.render,
    }


def _watched(connection: Connection, name: str) -> int:
    found = connection.execute(select(_SOURCE.id).where(_SOURCE.name == name, _SOURCE.removed_at.is_(None))).scalar()
    if found is None:
        raise Unknown(f"no source is called {name!r}")
    return found


def _refuse_taken(connection: Connection, source: Source, *, but: int = 0) -> None:
    taken = connection.execute(
        select(_SOURCE.name, _SOURCE.home).where(
            or_(_SOURCE.name == source.name, _SOURCE.home == source.home),
            _SOURCE.removed_at.is_(None),
            _SOURCE.id != but,
        )
    ).first()
    if taken is None:
        return
    if taken.name == shorten(source.name):
        raise NameTaken(f"a source called {source.name!r} is watched already")
    raise NameTaken(f"{clean(source.home)} is watched already, as {taken.name!r}")


def _free_name(connection: Connection, name: str, *, but: int | None) -> None:
    """Take a name from a source that was removed."""
    holder = connection.execute(select(_SOURCE.id).where(_SOURCE.name == name, _SOURCE.id != (but or 0))).scalar()
    if holder is not None:
        freed = f"{name} (removed, {holder})"
        connection.execute(update(_SOURCE).where(_SOURCE.id == holder).values(name=freed))


def _removed(connection: Connection, home: str) -> int | None:
    """The source with this home that was removed last."""
    return connection.execute(
        select(_SOURCE.id)
        .where(_SOURCE.home == home, _SOURCE.removed_at.is_not(None))
        .order_by(_SOURCE.removed_at.desc())
        .limit(1)
    ).scalar()


def _revive(connection: Connection, source_id: int, source: Source) -> None:
    """Take up a removed source, as if its listings had not been visited yet; those that are not named again rest."""
    connection.execute(update(_SOURCE).where(_SOURCE.id == source_id).values(**_values(source), removed_at=None))
    connection.execute(update(_LISTING).where(_LISTING.source_id == source_id).values(visited_at=None))
    _rest(connection, source_id)


def _rest(connection: Connection, source_id: int) -> None:
    """Poll the listings of a source no more."""
    pages = select(_LISTING.page_id).where(_LISTING.source_id == source_id)
    connection.execute(update(_PAGE).where(_PAGE.id.in_(pages)).values(next_poll_at=None))
