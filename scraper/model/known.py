"""What is known of a release and of a listing before a look, and what is suspected."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from scraper.model.listing import Entry, ListingKind
from scraper.model.release import Release

__all__ = ["Doubt", "Known", "KnownListing", "Revision", "State", "Suspect", "Twin"]


class State(StrEnum):
    """Where a release stands."""

    PENDING = "pending"
    """Named by a listing, not read yet."""
    LIVE = "live"
    WITHDRAWN = "withdrawn"
    IGNORED = "ignored"
    """Read, and no release."""


class Doubt(StrEnum):
    """Why a look is not believed before a second one."""

    GONE = "gone"
    COLLAPSED = "collapsed"
    """Most of the body is missing."""
    INTERSTITIAL = "interstitial"
    """An error, consent, login or bot-check page."""
    TRUNCATED = "truncated"
    STALE = "stale"
    """The stamp went backwards."""
    FLAPPING = "flapping"
    """The text went back to an earlier one."""
    RESTLESS = "restless"
    """The text has changed too often of late."""
    BLINKING = "blinking"
    """Whole passages came, went or moved while no stamp advanced: they may be of one load only."""
    DOUBLE = "double"
    """The whole text of another release: the same one at a second address, or a page that stands for many."""
    BARE = "bare"
    """Nothing that a release would have; perhaps not yet."""
    KIN = "kin"
    """Nearly the text of another release, which may have moved here."""
    STRANGER = "stranger"
    """Another release's text stands at this address."""
    RESTAMP = "restamp"
    """Only a declared stamp moved: it may be one that moves on each load."""
    EMPTY = "empty"
    """A listing lost its entries."""
    ALL_NEW = "all-new"
    """A listing shares no entry with what it had."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspect:
    """A look that is held until another confirms it."""

    doubt: Doubt
    since: datetime
    looks: int = 1
    """How many looks in a row have shown the same."""
    total: int = 1
    """How many looks in a row were doubted for this reason, the same or not."""
    turns: int = 0
    """How often one doubted look followed another that was doubted for another reason, since none was or that lasted.
    """
    seen_before: datetime | None = None
    """The last look that saw what was there before, as it was when the doubt began: the beginning of the window."""
    token: str = ""
    """What must be the same for the next look to confirm: a digest, a stamp, a reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """One distinct content of a release as it is stored."""

    number: int
    """From 1."""
    release: Release
    digest: str
    recipe: int
    """Version of the digest's recipe: digests of different recipes don't compare."""
    site: str = ""
    """Version of what was learned of the site when it was read, a part of the recipe."""
    observed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Twin:
    """Another release of the same source that may be this one: by its content, or by the address that answered."""

    release_id: int
    url: str
    state: State
    gone: bool = False
    """It is withdrawn, or its last look could not find it."""
    failing: bool = False
    """Its last look failed."""
    current: Revision | None = None
    """Its current content under the present recipe, where that is to be compared."""
    last_seen_at: datetime | None = None
    """The last look that still saw its current state."""
    read: bool = True
    """False where it is only named by a listing, or turned out to be no release."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of a release before a look."""

    url: str
    key: str
    state: State = State.PENDING
    quiet: bool = False
    """It was there at the source's first visit, so that its first revision is no news."""
    entry: Entry | None = None
    """As its listing names it."""
    absent_at: datetime | None = None
    """The last look at its listing that did not name it yet; None where there was none."""
    current: Revision | None = None
    last_seen_at: datetime | None = None
    """The last look that still saw the current state: the content, or that a withdrawn release is gone."""
    suspect: Suspect | None = None
    recent: tuple[tuple[str, datetime], ...] = ()
    """Digest and time of the revisions of the last seven days, oldest first, the current one included."""
    aliases: tuple[str, ...] = ()
    """Other addresses of the same release that may still answer."""
    places: frozenset[str] = frozenset()
    """Identity keys of the source's home and listings."""
    same_text: Twin | None = None
    """Another release whose current content has the digest just seen."""
    same_place: Twin | None = None
    """Another release known at the address that answered, or that the page calls its own."""
    kin: tuple[Twin, ...] = ()
    """Other releases whose content shares traits with what was seen, the likeliest first."""
    adrift: bool = False
    """None of its source's listings was had and believed at its last look: it may be the newsroom that is gone."""
    unread: bool = False
    """It seems gone, and listings have named releases since it was last seen that were not read yet: it may be one."""
    reused: tuple[datetime, ...] = ()
    """When other releases began to stand at this address in the place of former ones, the last first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownListing:
    """What is known of a listing before a look."""

    url: str
    kind: ListingKind
    shapes: tuple[str, ...] = ()
    visited: bool = False
    """False before the first look that read it."""
    size: int = 0
    """Entries at the last believed look."""
    last_ok_at: datetime | None = None
    """The last look that was believed."""
    absent_at: datetime | None = None
    """The last look at the sitemap index that did not name it yet; None where it is no later child of one."""
    suspect: Suspect | None = None
