"""What the store hands out besides the model's values: small frozen rows, a database row each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from scraper.model import Kind, ListingKind, Precision, Role, Source, State

__all__ = [
    "ChangeRow",
    "DeadLetter",
    "Delivery",
    "Failing",
    "ListingRow",
    "PollRow",
    "Problem",
    "Pruned",
    "ReleaseRow",
    "RevisionRow",
    "Robots",
    "SourceRow",
    "StampRow",
    "Status",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class StampRow:
    """A time that a page gave."""

    at: datetime
    precision: Precision
    raw: str


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
    change: ChangeRow


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetter:
    """A notification that was given up."""

    id: int
    key: str
    channel: str
    attempts: int
    created_at: datetime
    last_error: str | None
    change: ChangeRow


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
