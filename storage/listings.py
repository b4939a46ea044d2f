"""Listings: a look at one, with every release that it names, in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from sqlalchemy import Connection, insert, or_, select, update

from scraper.model import (
    Ailment,
    DuePage,
    Failed,
    Fetched,
    Habits,
    KnownListing,
    Listing,
    ListingKind,
    ListingOutcome,
    Pulse,
    Role,
    Why,
)
from storage import codec, schema
from storage.columns import clean, shorten
from storage.database import AnyRow, Database, Part, reading, writing
from storage.errors import LeaseLost, Unknown
from storage.health import Physician, keep_ailment, keep_health
from storage.hosts import fence
from storage.mentions import keep_mentions, named_before
from storage.pacing import gain
from storage.pages import Answer, add_pages, chunks, keep_answer, lock_source
from storage.releases import discover, free_addresses, freshen, releases_by_key

__all__ = ["Listings", "add_listings", "ask_listings"]

_LISTING = schema.Listing
_PAGE = schema.Page
_RELEASE = schema.Release


def add_listings(
    database: Database,
    connection: Connection,
    source_id: int,
    listings: Iterable[Listing],
    *,
    due_at: datetime,
    absent_at: datetime | None = None,
) -> int:
    """Insert the listings that the source has not yet; those that it has and no longer polls are due again.

    ``absent_at`` is the last look at the sitemap index which names them now that did not name them yet.
    """
    wanted = {clean(listing.url): listing for listing in listings}
    rows = connection.execute(select(_LISTING.url, _LISTING.page_id).where(_LISTING.source_id == source_id))
    has = {row.url: row.page_id for row in rows}
    for again in chunks([has[url] for url in wanted if url in has]):
        connection.execute(
            update(_PAGE).where(_PAGE.id.in_(again), _PAGE.next_poll_at.is_(None)).values(next_poll_at=due_at)
        )
    new = [listing for url, listing in wanted.items() if url not in has]
    ids = add_pages(database, connection, source_id, Role.LISTING, [(listing.url, due_at) for listing in new])
    if new:
        connection.execute(
            insert(_LISTING),
            [
                {
                    "page_id": page_id,
                    "source_id": source_id,
                    "url": listing.url,
                    "kind": listing.kind,
                    "shapes": list(listing.shapes),
                    "absent_at": absent_at,
                }
                for page_id, listing in zip(ids, new, strict=True)
            ],
        )
    return len(new)


def ask_listings(connection: Connection, source_id: int, *, at: datetime) -> None:
    """Make the listings of a source due at ``at``, where they are due later; those that fail keep their back-off."""
    pages = select(_LISTING.page_id).where(_LISTING.source_id == source_id)
    connection.execute(
        update(_PAGE).where(_PAGE.id.in_(pages), _PAGE.next_poll_at > at, _PAGE.failures == 0).values(next_poll_at=at)
    )


class Listings(Part):
    """Looks at listings."""

    @reading
    def known_listing(self, connection: Connection, page_id: int) -> KnownListing:
        """What is known of a listing before a look.

        Raises:
            Unknown: no listing has this page.
        """
        row = connection.execute(
            select(
                _LISTING.url,
                _LISTING.kind,
                _LISTING.shapes,
                _LISTING.visited_at,
                _LISTING.size,
                _PAGE.suspect,
                _PAGE.last_ok_at,
                _LISTING.absent_at,
            )
            .join(_PAGE, _PAGE.id == _LISTING.page_id)
            .where(_LISTING.page_id == page_id)
        ).first()
        if row is None:
            raise Unknown(f"page {page_id} is no listing")
        return KnownListing(
            url=row.url,
            kind=row.kind,
            shapes=tuple(row.shapes),
            visited=row.visited_at is not None,
            size=row.size,
            last_ok_at=row.last_ok_at,
            absent_at=row.absent_at,
            suspect=codec.suspect_from(row.suspect),
        )

    @writing
    def record_listing(
        self,
        connection: Connection,
        page: DuePage,
        *,
        owner: str,
        found: Fetched | Failed | None,
        outcome: ListingOutcome,
        next_poll_at: datetime | None,
        pulse: Pulse,
        first_release_polls: Callable[[int], datetime | None],
        now: datetime,
        ailment: Ailment | None = None,
        physician: Physician | None = None,
        ms: int = 0,
        hint_at: datetime | None = None,
        gained: Habits | None = None,
    ) -> int:
        """Write down one look at a listing and everything that follows from it. How many releases are new.

        ``ailment`` is what the look says of the listing's health, by which ``physician`` judges that of the source.
        ``found`` is the answer; None, too, stands for a 304. ``first_release_polls`` says when the n-th newest of the
        new releases, from 0, is to be looked at first; None: never. ``hint_at`` is when those are looked at that
        it says were touched; None: now. ``gained`` is what the look told of the source's habits.

        Raises:
            LeaseLost: ``owner`` no longer holds the host's lease; nothing is written.
        """
        fence(connection, page.host, owner)
        lock_source(connection, page.source_id)
        before = _state(connection, page.page_id)
        believed = outcome.failed is None and outcome.suspect is None
        keep_answer(
            self._database,
            connection,
            page.page_id,
            Answer.of_listing(found, outcome, now=now, ms=ms),
            next_poll_at=next_poll_at,
            pulse=pulse,
            suspect=outcome.suspect,
        )
        is_read = isinstance(found, Fetched) and found.status != 304
        _keep_listing(connection, page.page_id, outcome, visited_at=now if believed and is_read else None)
        _hint(connection, page.source_id, outcome.hinted, now=now, at=hint_at or now)
        parted = free_addresses(connection, page.source_id, outcome.hinted)
        named = named_before(connection, page.source_id, outcome.entries, before.id)
        freshen(connection, named, outcome.entries)
        gain(connection, page.source_id, gained)
        children = [Listing(url=url, kind=ListingKind.SITEMAP, shapes=before.shapes) for url in outcome.children]
        if children:
            absent_at = before.last_ok_at if before.visited_at else None
            add_listings(self._database, connection, page.source_id, children, due_at=now, absent_at=absent_at)
        last_look = before.last_ok_at if before.visited_at else before.absent_at
        unknown = [entry for entry in outcome.entries if shorten(entry.key) not in named]
        new: dict[str, int] = {}
        for entries, quiet in (
            ([entry for entry in unknown if shorten(entry.key) not in parted], outcome.quiet),
            ([entry for entry in unknown if shorten(entry.key) in parted], True),
        ):
            new |= discover(
                self._database,
                connection,
                page.source_id,
                entries,
                quiet=quiet,
                now=now,
                absent_at=last_look,
                due_at=first_release_polls,
            )
        keep_mentions(self._database, connection, before.id, outcome.entries, addresses=named, new=new)
        keep_ailment(connection, page.page_id, ailment, at=now)
        keep_health(connection, page.source_id, physician, now=now)
        return len(new)


def _state(connection: Connection, page_id: int) -> AnyRow:
    row = connection.execute(
        select(_LISTING.id, _LISTING.shapes, _LISTING.visited_at, _LISTING.absent_at, _PAGE.last_ok_at)
        .join(_PAGE, _PAGE.id == _LISTING.page_id)
        .where(_LISTING.page_id == page_id)
    ).first()
    if row is None:
        raise LeaseLost(f"page {page_id} is no listing any more")
    return row


def _keep_listing(
    connection: Connection, page_id: int, outcome: ListingOutcome, *, visited_at: datetime | None
) -> None:
    values: dict[str, object] = {} if outcome.size is None else {"size": outcome.size, "newest_at": _newest(outcome)}
    listing = update(_LISTING).where(_LISTING.page_id == page_id)
    if values:
        connection.execute(listing.values(**values))
    if visited_at is not None:
        connection.execute(listing.where(_LISTING.visited_at.is_(None)).values(visited_at=visited_at))


def _newest(outcome: ListingOutcome) -> datetime | None:
    dates = (entry.published or entry.updated for entry in outcome.entries)
    return max((stamp.at for stamp in dates if stamp is not None), default=None)


def _hint(connection: Connection, source_id: int, keys: frozenset[str], *, now: datetime, at: datetime) -> None:
    """Look at ``at``, or sooner, at releases that a listing says were touched, also where nothing else makes them due.

    A page that was no release may be one by now. Whether it is, one look tells.
    One whose looks fail keeps its back-off: what a listing says of it makes its server answer no sooner.
    """
    pages = [row.page_id for row in releases_by_key(connection, source_id, keys).values() if row.page_id is not None]
    for some in chunks(pages):
        connection.execute(update(_PAGE).where(_PAGE.id.in_(some), _PAGE.hinted_at.is_(None)).values(hinted_at=now))
        connection.execute(
            update(_PAGE)
            .where(_PAGE.id.in_(some), _PAGE.failures == 0, or_(_PAGE.next_poll_at.is_(None), _PAGE.next_poll_at > at))
            .values(next_poll_at=at, why=Why.HINT)
        )
