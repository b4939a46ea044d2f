"""By what releases are found again at another address, and which stood at an address before another one did."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select, update

from storage import schema
from storage.columns import shorten

__all__ = ["inherit", "keep_former", "keep_traits", "kindred", "reused_at"]

_ADDRESS = schema.Address
_FORMER = schema.Former
_RELEASE = schema.Release
_TRAIT = schema.Trait

_MOST_REUSED = 20


def keep_traits(connection: Connection, source_id: int, release_id: int, traits: Iterable[str]) -> None:
    """Keep the traits of a release's current content, in place of those that it had."""
    connection.execute(delete(_TRAIT).where(_TRAIT.release_id == release_id))
    rows = [{"source_id": source_id, "release_id": release_id, "key": key} for key in set(traits)]
    if rows:
        connection.execute(insert(_TRAIT), rows)


def kindred(connection: Connection, source_id: int, traits: Collection[str], *, not_page: int, most: int) -> list[int]:
    """The releases of a source that share most of these traits, the one with the most first."""
    rows = connection.execute(
        select(_TRAIT.release_id)
        .join(_RELEASE, _RELEASE.id == _TRAIT.release_id)
        .where(
            _TRAIT.source_id == source_id,
            _TRAIT.key.in_([shorten(key) for key in traits]),
            _RELEASE.page_id.is_distinct_from(not_page),
        )
        .group_by(_TRAIT.release_id)
        .order_by(func.count().desc(), _TRAIT.release_id.desc())
        .limit(most)
    )
    return list(rows.scalars())


def keep_former(connection: Connection, source_id: int, key: str, release_id: int, *, until: datetime) -> None:
    """Keep that a release stood at an address."""
    address = select(_ADDRESS.id).where(_ADDRESS.source_id == source_id, _ADDRESS.key == key).scalar_subquery()
    connection.execute(insert(_FORMER).values(address_id=address, release_id=release_id, until=until))


def reused_at(connection: Connection, source_id: int, key: str) -> tuple[datetime, ...]:
    """When other releases began to stand at an address in the place of former ones, the last first."""
    asked = (
        select(_FORMER.until)
        .join(_ADDRESS, _ADDRESS.id == _FORMER.address_id)
        .where(_ADDRESS.source_id == source_id, _ADDRESS.key == key)
        .order_by(_FORMER.until.desc())
        .limit(_MOST_REUSED)
    )
    return tuple(connection.execute(asked).scalars())


def inherit(connection: Connection, survivor_id: int, other_id: int, *, traits: bool) -> None:
    """Two releases are one: where the other one stood, and with ``traits`` those of its content, are the survivor's."""
    connection.execute(update(_FORMER).where(_FORMER.release_id == other_id).values(release_id=survivor_id))
    if traits:
        connection.execute(delete(_TRAIT).where(_TRAIT.release_id == survivor_id))
        connection.execute(update(_TRAIT).where(_TRAIT.release_id == other_id).values(release_id=survivor_id))
    else:
        connection.execute(delete(_TRAIT).where(_TRAIT.release_id == other_id))
