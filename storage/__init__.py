"""What is kept: sources, releases, revisions with their evidence, changes and the outbox, in SQLite or PostgreSQL.

    storage = open_storage("sqlite:///presswatch.db")

Of the product's own it imports ``scraper.model`` only.
"""

from storage.access import TokenRow
from storage.errors import (
    CannotOpen,
    DatabaseBusy,
    DatabaseDamaged,
    DatabaseFull,
    DatabaseReadOnly,
    DatabaseTooNew,
    DatabaseUnreachable,
    LeaseLost,
    MigrationNeeded,
    NameTaken,
    StorageError,
    Unknown,
    Unsupported,
)
from storage.feeds import FeedRow, StoredText
from storage.health import Physician
from storage.marks import LONGEST_NOTE, NO_MARK, MarkRow
from storage.outages import Streak, Watchman
from storage.query import BadQuery, Query, parse
from storage.rows import (
    BatchRow,
    Busy,
    ChangeRow,
    DeadLetter,
    Delivery,
    DigestRow,
    Failing,
    FailingSource,
    HealthRow,
    ListingRow,
    MuteRow,
    PageHistory,
    PollRow,
    Problem,
    Pruned,
    ReleaseRow,
    RevisionRow,
    Robots,
    SourcePace,
    SourceRow,
    StampRow,
    Status,
    Subject,
    Told,
    Window,
)
from storage.saved import SavedRow
from storage.search import Found, Hit, Wanted, Where
from storage.statistics import Costs, DayCount, Edits, Looks, Queue
from storage.storage import Storage, open_storage
from storage.stream import ChangesPage, Marked, Selection
from storage.telling import Ask, Router
from storage.ways import Appointment, Way

__all__ = [
    "LONGEST_NOTE",
    "NO_MARK",
    "Appointment",
    "Ask",
    "BadQuery",
    "BatchRow",
    "Busy",
    "CannotOpen",
    "ChangeRow",
    "ChangesPage",
    "Costs",
    "DatabaseBusy",
    "DatabaseDamaged",
    "DatabaseFull",
    "DatabaseReadOnly",
    "DatabaseTooNew",
    "DatabaseUnreachable",
    "DayCount",
    "DeadLetter",
    "Delivery",
    "DigestRow",
    "Edits",
    "Failing",
    "FailingSource",
    "FeedRow",
    "Found",
    "HealthRow",
    "Hit",
    "LeaseLost",
    "ListingRow",
    "Looks",
    "MarkRow",
    "Marked",
    "MigrationNeeded",
    "MuteRow",
    "NameTaken",
    "PageHistory",
    "Physician",
    "PollRow",
    "Problem",
    "Pruned",
    "Query",
    "Queue",
    "ReleaseRow",
    "RevisionRow",
    "Robots",
    "Router",
    "SavedRow",
    "Selection",
    "SourcePace",
    "SourceRow",
    "StampRow",
    "Status",
    "Storage",
    "StorageError",
    "StoredText",
    "Streak",
    "Subject",
    "TokenRow",
    "Told",
    "Unknown",
    "Unsupported",
    "Wanted",
    "Watchman",
    "Way",
    "Where",
    "Window",
    "open_storage",
    "parse",
]
