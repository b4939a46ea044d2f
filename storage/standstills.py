"""Listings that stand still while another listing of their source names newer releases."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, func, select

from scraper.model import ListingKind, Standstill
from storage import schema
from storage.database import AnyRow, AnySelect

__all__ = ["standstills"]

_ADDRESS = schema.Address
_LISTING = schema.Listing
_MENTION = schema.Mention
_PAGE = schema.Page
_RELEASE = schema.Release

_MOST_BEHIND = 50
_SHARED, _LEAST_SHARED = 0.8, 3
"""The share of what another listing names that a listing must have had, and of how many, to be held against it."""


def standstills(connection: Connection, source_id: int) -> tuple[Standstill, ...]:
    """Listings but sitemaps whose newest entry is older than releases that another listing names."""
    rows = connection.execute(
        select(_LISTING.id, _LISTING.url, _LISTING.newest_at)
        .join(_PAGE, _PAGE.id == _LISTING.page_id)
        .where(
            _LISTING.source_id == source_id,
            _LISTING.kind != ListingKind.SITEMAP,
            _LISTING.newest_at.is_not(None),
            _PAGE.next_poll_at.is_not(None),
        )
    ).all()
    found = (_standstill(connection, source_id, row) for row in rows)
    return tuple(each for each in found if each is not None)


def _standstill(connection: Connection, source_id: int, row: AnyRow) -> Standstill | None:
    newer = connection.execute(
        select(_MENTION.listing_id, func.count(), func.min(_RELEASE.discovered_at))
        .select_from(_RELEASE)
        .join(_ADDRESS, _ADDRESS.release_id == _RELEASE.id)
        .join(_MENTION, _MENTION.address_id == _ADDRESS.id)
        .where(
            _RELEASE.id.in_(_newer(source_id, row.newest_at)),
            _RELEASE.id.not_in(_named_by(row.id)),
        )
        .group_by(_MENTION.listing_id)
        .order_by(func.count().desc())
    ).all()
    for listing_id, behind, since in newer:
        if _is_sibling(connection, row, listing_id):
            return Standstill(url=row.url, newest_at=row.newest_at, behind=behind, since=since)
    return None


def _newer(source_id: int, at: datetime) -> AnySelect:
    is_newer = _RELEASE.source_id == source_id, _RELEASE.published_at > at
    return select(_RELEASE.id).where(*is_newer).order_by(_RELEASE.published_at).limit(_MOST_BEHIND)


def _named_by(listing_id: int) -> AnySelect:
    return (
        select(_ADDRESS.release_id)
        .join(_MENTION, _MENTION.address_id == _ADDRESS.id)
        .where(_MENTION.listing_id == listing_id)
    )


def _is_sibling(connection: Connection, row: AnyRow, other_id: int) -> bool:
    """True where this listing had nearly all that the other names of the time that it covers.

    A feed of news that is quiet is not held against a sitemap that names speeches, too.
    """
    mine = _named_by(row.id)
    oldest = select(func.min(_RELEASE.published_at)).where(_RELEASE.id.in_(mine)).scalar_subquery()
    others = select(func.count()).where(
        _RELEASE.id.in_(_named_by(other_id)), _RELEASE.published_at >= oldest, _RELEASE.published_at <= row.newest_at
    )
    total = connection.execute(others).scalar_one()
    shared = connection.execute(others.where(_RELEASE.id.in_(mine))).scalar_one()
    return bool(total >= _LEAST_SHARED and shared >= _SHARED * total)
