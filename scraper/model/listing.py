"""What one look at a listing read: the releases that it names."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from scraper.model.release import Stamp

__all__ = ["Entry", "Listed", "Listing", "ListingKind"]


class ListingKind(StrEnum):
    """What a listing is."""

    FEED = "feed"
    """RSS, Atom or JSON Feed."""
    SITEMAP = "sitemap"
    PAGE = "page"
    """An HTML list page."""
    JSON = "json"
    """JSON that a script would make a list page of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A release as a listing names it."""

    url: str
    """Absolute."""
    key: str
    """Identity of the address; see ``scraper.urls.identity``. Two addresses of one key are one release."""
    title: str = ""
    published: Stamp | None = None
    updated: Stamp | None = None
    summary: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """What one look at a listing read."""

    kind: ListingKind
    entries: tuple[Entry, ...]
    """In the listing's own order, each address once."""
    items: int = 0
    """As they stand there, one that leads to the address of another included; 0 where that was not counted."""
    children: tuple[str, ...] = ()
    """Sitemaps that a sitemap index leads to, the newest first."""
    following: str | None = None
    """The address of the listing's next page, where it is parted into pages."""
    title: str = ""
    language: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A URL of a source that leads to releases."""

    url: str
    kind: ListingKind
    shapes: tuple[str, ...] = ()
    """URL shapes that its releases have; empty: every entry is one. See ``scraper.urls.shape``."""
