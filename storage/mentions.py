"""Mentions: what each listing says of each address that it names, so that a listing is compared with itself only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Connection, ScalarSelect, and_, select

from scraper.model import Entry
from storage import codec, schema
from storage.columns import shorten
from storage.database import AnyRow, Database
from storage.pages import chunks

__all__ = ["keep_mentions", "mentioned", "named_before"]

_ADDRESS = schema.Address
_MENTION = schema.Mention
_RELEASE = schema.Release


def mentioned(
    connection: Connection, source_id: int, keys: Iterable[str], listing: int | ScalarSelect[int]
) -> dict[str, AnyRow]:
    """The addresses of a source among these, with what a listing said of each: address_id, mention; by stored key."""
    found: dict[str, AnyRow] = {}
    for some in chunks(sorted({shorten(key) for key in keys})):
        rows = connection.execute(
            select(_ADDRESS.key, _ADDRESS.id.label("address_id"), _MENTION.entry.label("mention"))
            .outerjoin(_MENTION, and_(_MENTION.address_id == _ADDRESS.id, _MENTION.listing_id == listing))
            .where(_ADDRESS.source_id == source_id, _ADDRESS.key.in_(some))
        )
        found |= {row.key: row for row in rows}
    return found


def named_before(
    connection: Connection, source_id: int, entries: Sequence[Entry], listing_id: int
) -> dict[str, AnyRow]:
    """As :func:`mentioned`, and of each address's release id, state and entry."""
    found: dict[str, AnyRow] = {}
    for some in chunks(sorted({shorten(entry.key) for entry in entries})):
        rows = connection.execute(
            select(
                _ADDRESS.key, _ADDRESS.id.label("address_id"), _MENTION.entry.label("mention"), _RELEASE.id,
                _RELEASE.state, _RELEASE.entry,
            )
            .join(_RELEASE, _RELEASE.id == _ADDRESS.release_id)
            .outerjoin(_MENTION, and_(_MENTION.address_id == _ADDRESS.id, _MENTION.listing_id == listing_id))
            .where(_ADDRESS.source_id == source_id, _ADDRESS.key.in_(some))
        )  # fmt: skip
        found |= {row.key: row for row in rows}
    return found


def keep_mentions(
    database: Database,
    connection: Connection,
    listing_id: int,
    entries: Sequence[Entry],
    *,
    addresses: Mapping[str, AnyRow],
    new: Mapping[str, int],
) -> None:
    """Keep what a listing says now, where it says something else than before.

    ``addresses`` are those that were known, as :func:`named_before` has them; ``new`` the ids of those that were not.
    """
    rows = []
    for key, entry in {shorten(entry.key): entry for entry in reversed(entries)}.items():
        tree, known = codec.entry_to(entry), addresses.get(key)
        if known is None or known.mention != tree:
            address_id = new[key] if known is None else known.address_id
            rows.append({"listing_id": listing_id, "address_id": address_id, "entry": tree})
    if rows:
        kept = database.insert(_MENTION)
        kept = kept.on_conflict_do_update(
            index_elements=["listing_id", "address_id"], set_={"entry": kept.excluded.entry}
        )
        connection.execute(kept, rows)
