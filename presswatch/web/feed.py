"""A feed before it is written as Atom or JSON. Its texts are harmless: whoever makes one sees to that."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime

from storage import ChangeRow

__all__ = ["AUTHOR", "Entry", "Feed", "feed_id", "instant"]

AUTHOR = "presswatch"
"""Of what a feed says; the texts in it belong to their publishers."""
_NAMESPACE = uuid.UUID("e315faeb-a31e-4021-9f9f-fd05947475fe")
"""Drawn once for presswatch, never to be changed: every id hangs on it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A change as a feed tells it. An entry is never told anew: what happens next is another one."""

    id: str
    title: str
    summary: str
    html: str
    at: datetime
    link: str
    """Its page here, absolute."""
    original: str | None
    """The release itself, where its address is one."""
    tags: tuple[str, ...]
    change: ChangeRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A page of a feed. All addresses are absolute."""

    id: str
    title: str
    updated: datetime
    page: str
    """What a person would read instead."""
    atom: str
    json: str
    first: bool
    """True for the page that feed readers ask for."""
    atom_first: str
    atom_next: str | None
    """Older entries; None where there are none."""
    json_next: str | None
    entries: tuple[Entry, ...]
    hubs: tuple[str, ...] = ()
    """Where one subscribes to it (WebSub)."""


def feed_id(database_id: str, what: str) -> str:
    """The URN of a feed or an entry: the same wherever this database is served from, another in every other database.

    A ``tag:`` would need a domain that presswatch holds; a UUID from a name (RFC 9562, section 5.5) needs none.
    """
    return uuid.uuid5(_NAMESPACE, f"{database_id}/{what}").urn


def instant(at: datetime) -> str:
    """A time as RFC 3339 in UTC, as exactly as it is known, so that entries of one second keep their order."""
    return f"{at.astimezone(UTC).replace(tzinfo=None).isoformat()}Z"
