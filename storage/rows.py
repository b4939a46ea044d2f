"""What the store hands out besides the model's values: small frozen rows, a database row each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

from scraper.model import (
    Failed,
    Habits,
    HealthKind,
    HealthPhase,
    Kind,
    ListingKind,
    Precision,
    Role,
    Source,
    State,
    Suspect,
    Why,
)

__all__ = [
    "BatchRow",
    "ChangeRow",
    "DeadLetter",
    "Delivery",
    "DigestRow",
    "Failing",
    "FailingSource",
    "HealthRow",
    "ListingRow",
    "MuteRow",
    "PageHistory",
    "PollRow",
    "Problem",
    "Pruned",
    "ReleaseRow",
    "RevisionRow",
    "Robots",
    "SourcePace",
    "SourceRow",
    "StampRow",
    "Status",
    "Subject",
    "Told",
    "Window",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class StampRow:
    """A time that a page gave."""

    at: datetime
    precision: Precision
    raw: str


Window = tuple[datetime, datetime]
"""Some time from the one to the other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageHistory:
    """A page that is watched, and when it changed."""

    role: Role
    source: str
    since: datetime
    born_at: datetime | None
    windows: tuple[Window, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SourcePace:
    """What pacing goes by for a source."""

    id: int
    name: str
    per_day: int | None
    habits: Habits
    pages: int
    """That are polled."""
    demand: float
    """What its pages ask of the budget."""
    finds: float
    """This and the next three are sums over its releases, see ``scraper.model.Pulse``."""
    watched: float
    aged: float
    lean: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRow:
    """A source and how it fares."""

    id: int
    source: Source
    created_at: datetime
    removed_at: datetime | None
    listings: int
    releases: int
    """Those that were read: live or withdrawn."""
    pending: int
    failing: int
    """Pages whose last look failed."""
    last_poll_at: datetime | None
    next_poll_at: datetime | None
    next_url: str | None = None
    """The page that is looked at then."""
    next_why: Why | None = None
    last_change_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingRow:
    """A listing and how its page fares."""

    id: int
    page_id: int
    url: str
    kind: ListingKind
    shapes: tuple[str, ...]
    visited_at: datetime | None
    size: int
    last_poll_at: datetime | None
    last_ok_at: datetime | None
    next_poll_at: datetime | None
    last_outcome: str | None
    last_error: str | None
    failures: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseRow:
    """A release, without its text."""

    id: int
    source_id: int
    source: str
    """The source's name."""
    page_id: int | None
    url: str
    state: State
    quiet: bool
    title: str
    discovered_at: datetime
    last_seen_at: datetime | None
    published_at: datetime | None
    revisions: int
    current: int | None
    """Number of the current revision."""
    next_poll_at: datetime | None
    suspect: Suspect | None = None
    """What the last looks saw, where another is to confirm it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisionRow:
    """A revision, without its text."""

    id: int
    number: int
    observed_at: datetime
    title: str
    published: StampRow | None
    updated: StampRow | None
    words: int
    digest: str
    recipe: int
    change: Kind | None
    """What led to it; None for what was there at the first visit."""
    before: int | None
    """Number of the one that it was edited from; None where it is no edit."""
    sha256: str | None
    """Of the answer's bytes."""
    size: int | None
    """Of the answer's bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRow:
    """A change."""

    id: int
    kind: Kind
    release_id: int
    source_id: int
    source: str
    """The source's name."""
    url: str
    url_before: str | None
    title: str
    detected_at: datetime
    not_before: datetime | None
    not_after: datetime
    stamp_before: StampRow | None
    stamp_after: StampRow | None
    revision_from: int | None
    revision_to: int | None
    importance: float
    reason: str
    batch_id: int | None = None
    """The batch that it is told with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchRow:
    """Changes that did the same to several releases."""

    id: int
    source_id: int
    source: str
    """The source's name."""
    kind: Kind
    began_at: datetime
    last_at: datetime
    size: int
    changes: tuple[ChangeRow, ...]
    """The first of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthRow:
    """Something that is, or was, wrong with a source."""

    id: int
    source_id: int | None
    source: str | None
    """The source's name; None where an address that is configured leads to none."""
    kind: HealthKind
    subject: str
    began_at: datetime
    ended_at: datetime | None
    detail: str
    advice: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One end of a trouble, as it is told."""

    health: HealthRow
    phase: HealthPhase


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestRow:
    """Changes that are told together."""

    id: int
    name: str
    """Which digest of its channel it is."""
    source_id: int | None
    """Of a summary: whose changes were too many to be told one by one."""
    source: str | None
    began_at: datetime
    """When its first change was detected."""
    last_at: datetime
    size: int
    kinds: dict[Kind, int]
    """How many changes of each kind."""
    sources: int
    """How many sources they are of."""
    batches: dict[int, int]
    """How many changes of each batch."""
    changes: tuple[ChangeRow, ...]
    """The most important of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MuteRow:
    """A source or a release of which nobody is told."""

    source_id: int | None
    release_id: int | None
    source: str
    """The source's name, also of a release."""
    url: str | None
    """Of the release."""
    title: str | None
    until: datetime | None
    """None: for good."""
    created_at: datetime


Subject: TypeAlias = ChangeRow | BatchRow | DigestRow | Told
"""What a notification is about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A notification to be sent now, under a lease."""

    id: int
    key: str
    """The same at every attempt: a receiver may drop a repetition by it."""
    channel: str
    attempts: int
    """Those that failed."""
    created_at: datetime
    subject: Subject


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetter:
    """A notification that was given up."""

    id: int
    key: str
    channel: str
    attempts: int
    created_at: datetime
    last_error: str | None
    subject: Subject


@dataclass(frozen=True, slots=True, kw_only=True)
class Busy:
    """A host that can't be leased now."""

    rests_until: datetime
    """It is not visited before, by nobody."""
    until: datetime
    """When it is free at the latest: somebody may hold its lease, and give it back sooner."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Robots:
    """What a host said in its robots.txt."""

    status: int | None
    """Of the last answer to go by; None where there was none yet."""
    text: str | None
    """That answer's."""
    at: datetime
    """The last request for it."""
    ok_at: datetime | None
    """The last request that had an answer to go by."""
    failed_at: datetime | None = None
    """The first of the requests in a row that had none; None where the last had one."""
    failed: Failed | None = None
    """The last of these."""
    delay: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PollRow:
    """One request."""

    id: int
    page_id: int
    url: str
    at: datetime
    outcome: str
    status: int | None
    received: int
    ms: int
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Failing:
    """A page whose last look failed."""

    page_id: int
    source: str
    role: Role
    url: str
    since: datetime | None
    """The last look that did not fail; None where there was none."""
    error: str | None
    failures: int
    next_poll_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FailingSource:
    """How many pages of a source failed at their last look."""

    source: str
    pages: int
    of: int
    """Pages that are polled."""
    url: str
    """One of them, that which failed most often in a row; a listing before a release."""
    since: datetime | None
    """The last look at that one that did not fail; None where there was none."""
    error: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """How the whole fares."""

    sources: int
    paused: int
    listings: int
    releases: dict[State, int]
    revisions: int
    changes: int
    due: int
    """Pages that are due now."""
    overdue_since: datetime | None
    """Since when the page that waits longest is due."""
    failing: tuple[Failing, ...]
    """The longest-failing first, at most a hundred."""
    outbox: dict[str, int]
    """Deliveries by state."""
    oldest_pending: datetime | None
    """When the oldest notification that is not yet delivered was decided."""
    heartbeat_at: datetime | None
    heartbeat_owner: str | None
    last_poll_at: datetime | None
    size: int
    """Bytes of the database."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something that is not as it was written."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pruned:
    """How much was thrown away."""

    polls: int
    deliveries: int
