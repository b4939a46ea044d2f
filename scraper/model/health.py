"""How a source fares, and a channel."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from scraper.model.due import Role

__all__ = [
    "Ailment",
    "HealthKind",
    "HealthPhase",
    "KnownHealth",
    "OpenTrouble",
    "Patient",
    "Standstill",
    "Trouble",
    "Turn",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ailment:
    """What one look at a page says of its health."""

    kind: HealthKind
    detail: str
    """One clause for a person."""


class HealthKind(StrEnum):
    """What may be wrong with a source or a channel: a closed list."""

    FAILING = "failing"
    """Looks fail: no such host, no answer in time, an error of the server."""
    UNREADABLE = "unreadable"
    """Answers come and can't be read: refused, a login, consent or robot check, no list, no text."""
    GONE = "gone"
    """A listing is not there any more: 404 or 410."""
    EMPTY = "empty"
    """A listing leads to no releases."""
    ALL_NEW = "all-new"
    """All addresses of a listing changed at once. It passes at once, so that its end is no news."""
    CHURN = "churn"
    """The addresses of a listing are others on each look."""
    DUPLICATES = "duplicates"
    """A listing names the same many times."""
    SILENT = "silent"
    """Nothing was published for much longer than is usual."""
    FROZEN = "frozen"
    """A listing stands still while another of the same source names newer releases."""
    UNWATCHED = "unwatched"
    """It is configured and leads to nothing that can be watched."""
    STUCK = "stuck"
    """A channel takes no notifications. It is no source's."""


class HealthPhase(StrEnum):
    """Which end of a trouble is told."""

    BEGAN = "began"
    ENDED = "ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Patient:
    """A page that ails."""

    url: str
    role: Role
    kind: HealthKind
    """As at the last look."""
    detail: str
    since: datetime
    """The first of the looks in a row that ailed, of whatever kind."""
    at: datetime
    """The last look."""
    looks: int
    """Looks in a row of this kind."""
    total: int
    """Looks in a row of any kind."""
    was_well: bool = True
    """False where no look ever was believed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standstill:
    """A listing whose entries another listing of the source had, too, and which has not named the newest of them."""

    url: str
    newest_at: datetime
    """The newest of its own entries."""
    behind: int
    """Newer releases that the other names."""
    since: datetime
    """When the first of these was found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenTrouble:
    """A trouble that began and has not ended."""

    id: int
    kind: HealthKind
    subject: str
    began_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownHealth:
    """What is known of a source's health after a look."""

    listings: int
    """Those that are polled."""
    releases: int
    """Those whose pages are polled; 0 where none of them ails."""
    patients: tuple[Patient, ...] = ()
    """The longest ailing first; of many releases only some."""
    ailing: int = 0
    """Release pages that ail, also where not all of them are among the patients."""
    well_at: datetime | None = None
    """The last look at any listing that was believed."""
    since: datetime | None = None
    """When the source was begun to be watched."""
    published: tuple[datetime, ...] = ()
    """When the newest releases were, the newest first."""
    standstills: tuple[Standstill, ...] = ()
    cleared_at: datetime | None = None
    """When the last trouble ended."""
    open: tuple[OpenTrouble, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Something that is wrong with a source or a channel, in words for the operator."""

    kind: HealthKind
    subject: str
    """What of the source: ``newsroom``, ``listings``, ``releases``, or an address; or the name of a channel."""
    detail: str
    advice: str
    sure: bool = True
    """Held long enough to begin; False: it only keeps one that is open from ending."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What changes in the troubles of a source."""

    begins: tuple[Trouble, ...] = ()
    goes_on: tuple[tuple[int, Trouble], ...] = ()
    """The present words of those that are open, by id."""
    ends: tuple[int, ...] = ()
