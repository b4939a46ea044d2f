"""What is due: a source, its habits, and a page that is to be looked at now."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from scraper.model.fetch import Validators
from scraper.model.site import Profile, Render, Site

__all__ = ["UNSPENT", "DuePage", "Habits", "Pulse", "Rhythm", "Role", "Source", "Spent", "Why"]


class Role(StrEnum):
    """What a polled page is."""

    LISTING = "listing"
    RELEASE = "release"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One newsroom that is watched."""

    name: str
    home: str
    time_zone: str = "UTC"
    """IANA name; times without a zone are read in it."""
    language: str | None = None
    every: timedelta | None = None
    """Never look at a listing later than this; None: the pace decides."""
    routes: tuple[str, ...] | None = None
    """Names of the channels that are told; None: those of the settings, whatever they are by then."""
    paused: bool = False
    per_day: int | None = None
    """Requests that it may cost a day; None: as many as the pace asks for."""
    profile: Profile = field(default_factory=Profile)
    render: Render = Render.AUTO


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """When a source's changes came, counted by hour of the day and by day of the week from Monday on, in UTC."""

    hours: tuple[float, ...] = (0.0,) * 24
    days: tuple[float, ...] = (0.0,) * 7

    @property
    def finds(self) -> float:
        """How many were counted."""
        return sum(self.days)


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """What pacing keeps of a source."""

    rhythm: Rhythm = Rhythm()
    hinted: float = 0.0
    """Edits that a hint of a listing told."""
    silent: float = 0.0
    """Edits that none told."""
    useless: float = 0.0
    """Hints that led to no edit."""

    def __add__(self, gained: Habits) -> Habits:
        mine, more = self.rhythm, gained.rhythm
        return Habits(
            rhythm=Rhythm(
                hours=tuple(a + b for a, b in zip(mine.hours, more.hours, strict=True)),
                days=tuple(a + b for a, b in zip(mine.days, more.days, strict=True)),
            ),
            hinted=self.hinted + gained.hinted,
            silent=self.silent + gained.silent,
            useless=self.useless + gained.useless,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Pulse:
    """What pacing keeps of a page: how often and how lately it changed."""

    failures: int = 0
    """Failed looks in a row."""
    last_change_at: datetime | None = None
    """The newest of: last version seen, its stamp, its publication."""
    first_poll_at: datetime | None = None
    finds: int = 0
    """Edits seen (release), new entries seen (listing), since ``first_poll_at``."""
    looked_at: datetime | None = None
    """The last look that neither failed nor was held."""
    born_at: datetime | None = None
    """When a release says that it was published."""
    hinted: bool = False
    """The page is looked at because a listing says that it was touched."""
    weight: float | None = None
    """This and the next three are what ``scraper.pace.rates.Beat`` says; None: not counted yet."""
    watched: float | None = None
    aged: float = 0.0
    lean: float = 0.0
    demand: float = 0.0
    """What the page asks of the budget: requests an hour at pace 1."""
    why: Why | None = None
    """Why the next look is when it is."""


class Why(StrEnum):
    """Why a page is looked at when it is."""

    BUSY = "busy"
    YOUNG = "young"
    QUIET = "quiet"
    HINT = "hint"
    PROMISE = "promise"
    FAILED = "failed"
    ASKED = "asked"
    """The server asked to be left alone for so long."""
    CONFIRM = "confirm"
    """What the last look saw is doubted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DuePage:
    """A page that is to be looked at now, as storage hands it out under a lease."""

    page_id: int
    role: Role
    url: str
    host: str
    source_id: int
    source: Source
    validators: Validators
    last_poll_at: datetime | None
    last_full_at: datetime | None
    """The last look that was answered with a body and not with 304."""
    due_at: datetime
    pulse: Pulse = field(default_factory=Pulse)
    site: Site = field(default_factory=Site)
    pressing: bool = False
    """A listing, or a new release that was never looked at: a part of every budget is kept for these."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """The budgets of which nothing is left for now, and those of which only what is kept for pressing looks is."""

    wholly: bool = False
    """That over all sources."""
    sources: Collection[str] = ()
    """Names of sources with one of their own."""
    but_pressing: bool = False
    sources_but_pressing: Collection[str] = ()


UNSPENT = Spent()
