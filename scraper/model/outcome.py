"""What one look comes to: everything that is to be stored of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from scraper.model.fetch import Failed
from scraper.model.known import Revision, State, Suspect
from scraper.model.listing import Entry
from scraper.model.release import Stamp

__all__ = ["Batching", "Change", "Kind", "ListingOutcome", "Outcome"]


class Kind(StrEnum):
    """What happened between two observations of a release."""

    NEW = "new"
    EDITED = "edited"
    SILENTLY_EDITED = "silently-edited"
    RESTAMPED = "restamped"
    WITHDRAWN = "withdrawn"
    RESTORED = "restored"
    MOVED = "moved"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What happened to a release, and the window in which it happened."""

    kind: Kind
    not_before: datetime | None
    """The last look that still saw the old state; None where there was none."""
    not_after: datetime
    """The first look that saw the new state."""
    title: str
    url: str
    url_before: str | None = None
    stamp_before: Stamp | None = None
    stamp_after: Stamp | None = None
    revision_from: int | None = None
    revision_to: int | None = None
    importance: float = 0.5
    """From 0 to 1."""
    reason: str = ""
    """One sentence that explains the verdict."""
    signature: str = ""
    """Equal where the same was done to another release; empty where that could be by chance. See ``batches``."""
    noise_by: tuple[int, ...] = ()
    """Ids of the changes whose marks as noise say that this one is no more than that; it is kept and told to nobody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Batching:
    """When the same edit on several releases of a source is told as one batch."""

    within: timedelta = timedelta(days=7)
    """An edit joins those that were alike and are no older."""
    settle: timedelta = timedelta(hours=1)
    """A batch is told when it has not grown for so long."""
    longest: timedelta = timedelta(hours=24)
    """It is told after so long although it grows on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What one look at a release comes to. Everything that is to be stored of it, in one transaction."""

    state: State
    url: str
    """The address of the release from now on."""
    key: str
    """Its identity."""
    same_as: int | None = None
    """Release id: this one turned out to be that one under another address, and is absorbed by it."""
    absorbs: int | None = None
    """Release id: that one turned out to be this one under another address."""
    follower: Outcome | None = None
    """What the look comes to for the release that stands at the address now, while this one is there no more."""
    changes: tuple[Change, ...] = ()
    revision: Revision | None = None
    """To be stored; its evidence is the look's."""
    refresh: Revision | None = None
    """The current revision with facts that are no edit (stamps, recipe) brought up to date."""
    reread: tuple[Revision, ...] = ()
    """Earlier revisions as the present recipe reads them, so that a diff compares like with like."""
    suspect: Suspect | None = None
    seen_at: datetime | None = None
    """Set where the look saw the state that is current after it: the content, or that a withdrawn release is gone."""
    look_again: timedelta | None = None
    """A confirming look is wanted this soon."""
    ask_release: int | None = None
    """Release id: whether that one still stands where it stood is to be seen now."""
    ask_listings: bool = False
    """The source's listings may know where the release went: they are to be looked at now."""
    failed: Failed | None = None
    note: str = ""
    """One sentence: why this and nothing else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingOutcome:
    """What one look at a listing comes to."""

    entries: tuple[Entry, ...] = ()
    """Every entry that was believed. Storage adds the unknown ones as pending releases."""
    quiet: bool = False
    """The unknown ones are no news."""
    hinted: frozenset[str] = frozenset()
    """Identity keys of known releases that the listing says were touched: to be looked at now."""
    children: tuple[str, ...] = ()
    """Sitemaps to poll as listings of their own."""
    size: int | None = None
    """Entries at this look, where it is believed."""
    renamed: bool = False
    """Every address in it is another than before."""
    suspect: Suspect | None = None
    look_again: timedelta | None = None
    failed: Failed | None = None
    note: str = ""
