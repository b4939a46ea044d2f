"""The store as one thing: every public method is one transaction.

add_source -> claim -> known, twin_by_digest, twin_at, kin -> record, record_listing -> let_go
                                                                 |
                                    claim_deliveries -> delivered, delivery_failed
"""

from __future__ import annotations

from datetime import timedelta
from types import TracebackType
from typing import Self

from storage.access import Access
from storage.clock import Clock
from storage.database import connect
from storage.feeds import Feeds
from storage.health import HealthPart
from storage.hosts import Hosts
from storage.listings import Listings
from storage.looks import Looks
from storage.marks import Marks
from storage.mutes import Mutes
from storage.opening import prepare
from storage.outages import Outages
from storage.outbox import Deliveries
from storage.overview import Overview
from storage.pacing import Pacing
from storage.pages import Pages
from storage.releases import Releases
from storage.saved import Saved
from storage.search import Search
from storage.sites import Sites
from storage.sources import Sources
from storage.statistics import Statistics
from storage.stream import Stream
from storage.upkeep import Upkeep
from storage.views import Views

__all__ = ["Storage", "open_storage"]


class Storage(
    Access,
    Sources,
    Sites,
    Pages,
    Hosts,
    Listings,
    Releases,
    Looks,
    Pacing,
    Deliveries,
    Outages,
    Mutes,
    Marks,
    Saved,
    HealthPart,
    Views,
    Overview,
    Statistics,
    Feeds,
    Stream,
    Search,
    Upkeep,
    Clock,
):
    """The store. Made by :func:`open_storage`; may be used from several threads.

    Raises, from every method:
        DatabaseBusy: another process holds the database for longer than the wait; nothing was written.
        StorageError: or another of its subclasses, where the database failed or a datetime has no zone; nothing was
            written.
    """

    def close(self) -> None:
        """Close every connection."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open_storage(url: str, *, migrate: bool = True, wait: timedelta = timedelta(seconds=10)) -> Storage:
    """Open the database at ``sqlite:///FILE`` or ``postgresql://…``.

    An empty one is made into ours. An older one is migrated, a SQLite one after a copy of it was made beside it. With
    ``migrate=False`` nothing is made or migrated. ``wait`` is how long a locked database is waited for.

    Raises:
        DatabaseTooNew: it was written by a later presswatch.
        MigrationNeeded: it was written by an earlier one and ``migrate`` is false.
        CannotOpen: it is missing, unreadable, damaged, another program's, or its driver is not installed.
        DatabaseBusy: another process holds it.
    """
    database = connect(url, wait=wait)
    try:
        prepare(database, migrate=migrate)
    except BaseException:
        database.close()
        raise
    return Storage(database)
