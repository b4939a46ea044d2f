"""A look at a release: what was found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from scraper.model.fetch import Failed, Fetched
from scraper.model.release import Release

__all__ = ["Found", "Missing", "Seen", "Unmodified"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A page that answered with something to read."""

    at: datetime
    url: str
    """As requested."""
    final_url: str
    permanent: bool
    """Every hop from ``url`` to ``final_url`` was permanent, or the release is gone from where it stood."""
    release: Release
    digest: str
    """Over the normalised release; see ``scraper.judge.digest``."""
    evidence: Fetched
    site: str = ""
    """Version of what was learned of the site when it was read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmodified:
    """The server said 304: what we have still stands, if it may be believed."""

    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """The server, or the page, said that the release is not there."""

    at: datetime
    reason: str
    """One clause for a person, such as "404 Not Found"."""
    evidence: Fetched | None = None


Found = Seen | Unmodified | Missing | Failed
