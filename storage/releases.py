"""Releases: how they are found in listings, and what is known of one before a look."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, bindparam, delete, exists, insert, select, update

from scraper.model import Doubt, Entry, Known, Revision, Role, State, Suspect, Twin
from storage import codec, schema
from storage.columns import shorten
from storage.database import AnyRow, AnySelect, Database, Part, reading
from storage.errors import Unknown
from storage.kinship import kindred, reused_at
from storage.mentions import mentioned
from storage.pages import add_pages, chunks
from storage.revisions import revision_from

__all__ = ["Releases", "discover", "free_addresses", "freshen", "releases_by_key"]

_ADDRESS = schema.Address
_FORMER = schema.Former
_LISTING = schema.Listing
_MENTION = schema.Mention
_PAGE = schema.Page
_RELEASE = schema.Release
_REVISION = schema.Revision
_SOURCE = schema.Source

_RECENT = timedelta(days=7)
_MOST_ALIASES = 20
_TOLD = frozenset({"title", "published", "updated", "summary"})
"""The fields of an entry that a listing may word anew."""


def releases_by_key(connection: Connection, source_id: int, keys: Iterable[str]) -> dict[str, AnyRow]:
    """The releases that are known at these addresses: id, page_id, state and entry, by key as the index keeps it."""
    found: dict[str, AnyRow] = {}
    for some in chunks(sorted({shorten(key) for key in keys})):
        rows = connection.execute(
            select(_ADDRESS.key, _RELEASE.id, _RELEASE.page_id, _RELEASE.state, _RELEASE.entry)
            .join(_RELEASE, _RELEASE.id == _ADDRESS.release_id)
            .where(_ADDRESS.source_id == source_id, _ADDRESS.key.in_(some))
        )
        found |= {row.key: row for row in rows}
    return found


def free_addresses(connection: Connection, source_id: int, keys: Iterable[str]) -> set[str]:
    """Part addresses from releases that stand elsewhere, so that what is there is looked at by itself. Their keys.

    Two addresses that had one text are one release and only one of them is polled. Where listings name both, and say
    that the other was touched, they may differ by now; if they do not, they are merged again.
    """
    own = _ADDRESS.__table__.alias("own")
    listings = select(_LISTING.id).where(_LISTING.source_id == source_id)
    freed: dict[str, int] = {}
    for some in chunks(sorted({shorten(key) for key in keys})):
        rows = connection.execute(
            select(_ADDRESS.id, _ADDRESS.key)
            .join(_RELEASE, _RELEASE.id == _ADDRESS.release_id)
            .join(own, and_(own.c.source_id == source_id, own.c.key == _RELEASE.key))
            .where(
                _ADDRESS.source_id == source_id,
                _ADDRESS.key.in_(some),
                _ADDRESS.id != own.c.id,
                exists().where(_MENTION.listing_id.in_(listings), _MENTION.address_id == own.c.id),
                ~exists().where(_FORMER.address_id == _ADDRESS.id),
            )
        )
        freed |= {row.key: row.id for row in rows}
    for ids in chunks(list(freed.values())):
        connection.execute(delete(_MENTION).where(_MENTION.address_id.in_(ids)))
        connection.execute(delete(_ADDRESS).where(_ADDRESS.id.in_(ids)))
    return set(freed)


# --- as listings name them --------------------------------------------------------------------------------------------


def discover(
    database: Database,
    connection: Connection,
    source_id: int,
    entries: Sequence[Entry],
    *,
    quiet: bool,
    now: datetime,
    absent_at: datetime | None,
    due_at: Callable[[int], datetime | None],
) -> dict[str, int]:
    """Insert the entries that no address of the source knows, as pending releases. Their address ids, by stored key.

    ``due_at`` says when the n-th newest of them, from 0, is looked at first.
    """
    unknown = _unknown(connection, source_id, entries)
    if not unknown:
        return {}
    ranks = _ranks(unknown)
    pages = add_pages(
        database,
        connection,
        source_id,
        Role.RELEASE,
        [(entry.url, due_at(ranks[key])) for key, entry in unknown.items()],
    )
    found = list(zip(unknown.values(), pages, strict=True))
    ids = connection.execute(
        insert(_RELEASE).returning(_RELEASE.id, sort_by_parameter_order=True),
        [
            {
                "source_id": source_id,
                "page_id": page_id,
                "key": entry.key,
                "url": entry.url,
                "state": State.PENDING,
                "quiet": quiet,
                "title": entry.title,
                "entry": codec.entry_to(entry),
                "discovered_at": now,
                "absent_at": absent_at,
                "published_at": entry.published.at if entry.published else None,
            }
            for entry, page_id in found
        ],
    ).scalars()
    addresses = connection.execute(
        insert(_ADDRESS).returning(_ADDRESS.id, sort_by_parameter_order=True),
        [
            {"source_id": source_id, "key": key, "url": entry.url, "release_id": release_id}
            for (key, entry), release_id in zip(unknown.items(), ids, strict=True)
        ],
    ).scalars()
    return dict(zip(unknown, addresses, strict=True))


def _unknown(connection: Connection, source_id: int, entries: Sequence[Entry]) -> dict[str, Entry]:
    by_key: dict[str, Entry] = {}
    for entry in entries:
        by_key.setdefault(shorten(entry.key), entry)
    known = releases_by_key(connection, source_id, by_key)
    return {key: entry for key, entry in by_key.items() if key not in known}


def _ranks(entries: Mapping[str, Entry]) -> dict[str, int]:
    """The place of each key from the newest on.

    Sitemaps often begin with the oldest. Entries without a time come last, in their own order: where some have a time
    and others none, these are a sitemap's standing pages.
    """
    times = {key: stamp.at for key, entry in entries.items() if (stamp := entry.published or entry.updated)}
    dated = sorted(times, key=lambda key: times[key], reverse=True)
    undated = [key for key in entries if key not in times]
    return {key: rank for rank, key in enumerate(dated + undated)}


def freshen(connection: Connection, named: Mapping[str, AnyRow], entries: Sequence[Entry]) -> None:
    """Keep what a listing says of known releases now; ``named`` is what it said before, see ``named_before``.

    A release's own entry follows the listing that named it first, and takes from others what that one leaves out: two
    listings that word a title differently do not overwrite each other for ever.
    """
    by_release = {
        found.id: (found, tree)
        for entry in entries
        if (found := named.get(shorten(entry.key))) and (tree := _followed(found, entry)) != found.entry
    }
    if not by_release:
        return
    connection.execute(
        update(_RELEASE.__table__)  # type: ignore[arg-type]  # the declarative Table is a FromClause to the stubs
        .where(_RELEASE.id == bindparam("of"))
        .values(entry=bindparam("tree")),
        [{"of": release_id, "tree": tree} for release_id, (_, tree) in by_release.items()],
    )
    retitled = [
        {"of": release_id, "named": tree["title"]}
        for release_id, (found, tree) in by_release.items()
        if found.state is State.PENDING and tree["title"]
    ]
    if retitled:
        connection.execute(
            update(_RELEASE.__table__)  # type: ignore[arg-type]  # as above
            .where(_RELEASE.id == bindparam("of"))
            .values(title=bindparam("named")),
            retitled,
        )


def _followed(found: AnyRow, entry: Entry) -> dict[str, Any]:
    now: dict[str, Any] = codec.entry_to(entry)
    kept: dict[str, Any] = found.entry or now
    before: dict[str, Any] = found.mention or {}
    return {
        field: now[field] if now[field] and field in _TOLD and value in (None, "", before.get(field)) else value
        for field, value in kept.items()
    }


# --- what is known ----------------------------------------------------------------------------------------------------


class Releases(Part):
    """What is known of releases before a look."""

    @reading
    def known(self, connection: Connection, page_id: int, *, now: datetime, identity: Callable[[str], str]) -> Known:
        """What is known of a release before a look, but for its twins.

        ``identity`` makes the key of an address: ``scraper.urls.identity``.

        Raises:
            Unknown: no release has this page; it may have turned out to be another one meanwhile.
        """
        row = connection.execute(
            select(_RELEASE, _PAGE.suspect).join(_PAGE, _PAGE.id == _RELEASE.page_id).where(_RELEASE.page_id == page_id)
        ).first()
        if row is None:
            raise Unknown(f"no release is at page {page_id}")
        current = _current(connection, row.current_revision_id)
        suspect = codec.suspect_from(row.suspect)
        return Known(
            url=row.url,
            key=row.key,
            state=row.state,
            quiet=row.quiet,
            entry=codec.entry_from(row.entry),
            absent_at=row.absent_at,
            current=current,
            last_seen_at=row.last_seen_at,
            suspect=suspect,
            recent=_recent(connection, row.id, current, now),
            aliases=_aliases(connection, row.id, row.url),
            places=frozenset(map(identity, _places(connection, row.source_id))),
            unread=_is_gone(suspect) and _is_unread_since(connection, row.source_id, row.last_seen_at),
            adrift=_is_gone(suspect) and _is_adrift(connection, row.source_id),
            reused=reused_at(connection, row.source_id, row.key),
        )

    @reading
    def kin(
        self, connection: Connection, source_id: int, traits: Collection[str], *, not_page: int, most: int
    ) -> list[Twin]:
        """Other releases of the source that share ``traits`` (those of ``scraper.judge``), the likeliest first."""
        ids = kindred(connection, source_id, traits, not_page=not_page, most=most)
        found = {row.id: row for row in connection.execute(_twins().where(_RELEASE.id.in_(ids)))}
        return [_twin(found[release_id]) for release_id in ids]

    @reading
    def twin_by_digest(
        self, connection: Connection, source_id: int, digest: str, recipe: int, *, not_page: int
    ) -> Twin | None:
        """The oldest other release of the source whose current content has this digest."""
        row = connection.execute(
            _twins()
            .join(_REVISION, _REVISION.id == _RELEASE.current_revision_id)
            .where(
                _REVISION.digest == digest,
                _REVISION.recipe == recipe,
                _RELEASE.source_id == source_id,
                _is_other(not_page),
            )
            .order_by(_RELEASE.id)
            .limit(1)
        ).first()
        return None if row is None else _twin(row)

    @reading
    def twin_at(self, connection: Connection, source_id: int, key: str, *, not_page: int) -> Twin | None:
        """The other release of the source that is known at this address."""
        row = connection.execute(
            _twins()
            .join(_ADDRESS, _ADDRESS.release_id == _RELEASE.id)
            .where(_ADDRESS.source_id == source_id, _ADDRESS.key == key, _is_other(not_page))
        ).first()
        return None if row is None else _twin(row)

    @reading
    def entries_known(
        self, connection: Connection, source_id: int, keys: Iterable[str], *, listing_page: int | None = None
    ) -> Mapping[str, Entry | None]:
        """Those of the keys that the source's addresses know, with the entry as it is kept with the release.

        With ``listing_page``, the page id of a listing, the entry is as that listing named it last, and None where it
        never did.
        """
        keys = list(keys)
        if listing_page is None:
            known = releases_by_key(connection, source_id, keys)
            return {key: codec.entry_from(row.entry) for key in keys if (row := known.get(shorten(key)))}
        listing = select(_LISTING.id).where(_LISTING.page_id == listing_page).scalar_subquery()
        named = mentioned(connection, source_id, keys, listing)
        return {key: codec.entry_from(row.mention) for key in keys if (row := named.get(shorten(key)))}


def _current(connection: Connection, revision_id: int | None) -> Revision | None:
    if revision_id is None:
        return None
    return revision_from(connection.execute(select(_REVISION).where(_REVISION.id == revision_id)).one())


def _recent(
    connection: Connection, release_id: int, current: Revision | None, now: datetime
) -> tuple[tuple[str, datetime], ...]:
    rows = connection.execute(
        select(_REVISION.digest, _REVISION.observed_at, _REVISION.number)
        .where(_REVISION.release_id == release_id, _REVISION.observed_at >= now - _RECENT)
        .order_by(_REVISION.observed_at, _REVISION.number)
    ).all()
    found = tuple((row.digest, row.observed_at) for row in rows)
    if current is None or any(row.number == current.number for row in rows):
        return found
    return ((current.digest, current.observed_at), *found)


def _aliases(connection: Connection, release_id: int, url: str) -> tuple[str, ...]:
    return tuple(
        connection.execute(
            select(_ADDRESS.url)
            .where(_ADDRESS.release_id == release_id, _ADDRESS.url != url)
            .order_by(_ADDRESS.id.desc())
            .limit(_MOST_ALIASES)
        ).scalars()
    )


def _places(connection: Connection, source_id: int) -> list[str]:
    homes = select(_SOURCE.home).where(_SOURCE.id == source_id)
    listings = select(schema.Listing.url).where(schema.Listing.source_id == source_id)
    return list(connection.execute(homes.union(listings)).scalars())


def _is_gone(suspect: Suspect | None) -> bool:
    return suspect is not None and suspect.doubt is Doubt.GONE


def _is_adrift(connection: Connection, source_id: int) -> bool:
    """True where the source has listings that are polled, and none of them was had and believed at its last look."""
    listings = (
        select(_PAGE.failures, _PAGE.suspect)
        .join(_LISTING, _LISTING.page_id == _PAGE.id)
        .where(_LISTING.source_id == source_id, _PAGE.next_poll_at.is_not(None), _PAGE.last_poll_at.is_not(None))
    )
    rows = connection.execute(listings).all()
    return bool(rows) and all(row.failures > 0 or row.suspect for row in rows)


def _is_unread_since(connection: Connection, source_id: int, moment: datetime | None) -> bool:
    """True where a release was named after a moment that was not read yet, though nothing is in the way of it."""
    if moment is None:
        return False
    asked = (
        select(_RELEASE.id)
        .join(_PAGE, _PAGE.id == _RELEASE.page_id)
        .where(
            _RELEASE.source_id == source_id,
            _RELEASE.state == State.PENDING,
            _RELEASE.discovered_at > moment,
            _PAGE.failures == 0,
        )
        .limit(1)
    )
    return connection.execute(asked).first() is not None


def _twins() -> AnySelect:
    return select(
        _RELEASE.id, _RELEASE.url, _RELEASE.state, _RELEASE.last_seen_at, _PAGE.suspect, _PAGE.failures
    ).outerjoin(_PAGE, _PAGE.id == _RELEASE.page_id)


def _is_other(page_id: int) -> ColumnElement[bool]:
    return _RELEASE.page_id.is_distinct_from(page_id)


def _twin(row: AnyRow) -> Twin:
    gone = row.state is State.WITHDRAWN or _is_gone(codec.suspect_from(row.suspect))
    read = row.state in (State.LIVE, State.WITHDRAWN)
    return Twin(
        release_id=row.id, url=row.url, state=row.state, gone=gone, failing=bool(row.failures), read=read,
        last_seen_at=row.last_seen_at,
    )  # fmt: skip
