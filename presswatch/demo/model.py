"""The values of the demo newsroom: what is published, what happens to it, and what a server answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from scraper.model import Kind


class Newsroom(StrEnum):
    """The three invented institutions, each the type of many real ones."""

    ALLIANCE = "alliance"
    """An HTML list page, no feed; pages in the shape of an alliance's of 2012."""
    MINISTRY = "ministry"
    """A German ministry with an RSS feed that its home page names."""
    RAILWAY = "railway"
    """A company with a sitemap named in robots.txt and pages without an update stamp."""


class Glitch(StrEnum):
    """What a server answers once and what must never become a change."""

    ERROR = "error"
    """A 500."""
    CHALLENGE = "challenge"
    """A "just a moment" page with status 200."""
    COLLAPSED = "collapsed"
    """The page without its body."""
    EMPTY = "empty"
    """A listing without entries."""
    STALE = "stale"
    """The page as it was before its last edit, with the older stamp."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A release as its institution first wrote it."""

    path: str
    title: str
    lede: str
    paragraphs: tuple[str, ...]
    age: timedelta | None
    """How long before the demo's start it was published; None: the script says when it appears."""
    caption: str = ""
    rotating: bool = False
    """Its page shows other related links, a view counter and a nonce on each load, and carries no validators."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that happens, at a moment after the demo's start."""

    at: timedelta
    newsroom: Newsroom
    path: str
    """Of the release, or of the listing, that it happens to."""
    kind: Kind | None
    """What a watcher has to report; None: nothing."""
    edits: tuple[tuple[str, str], ...] = ()
    """Words of the title or text and what they become."""
    stamps: bool = False
    """True where the page's update stamp advances to this moment."""
    to: str = ""
    """The new address of what has moved."""
    redirects: bool = False
    """True where the old address answers 301 to the new one, else it answers 404."""
    glitch: Glitch | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A release as it stands at one moment. Times are offsets from the demo's start."""

    text: Text
    path: str
    published: timedelta
    stamped: timedelta
    """The update time that its page shows, where its newsroom shows one."""
    modified: timedelta
    """When its content really changed last."""
    withdrawn: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the server says to a GET."""

    status: int
    body: bytes
    headers: tuple[tuple[str, str], ...] = ()
    event: Event | None = None
    """The glitch that this is, so that the server does not give it again."""
