"""What is kept: sources, releases, revisions with their evidence, changes and the outbox, in SQLite or PostgreSQL.

    storage = open_storage("sqlite:///presswatch.db")

Of the product's own it imports ``scraper.model`` only.
"""

from storage.errors import (
    CannotOpen,
    DatabaseBusy,
    DatabaseDamaged,
    DatabaseFull,
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
from storage.query import BadQuery, Query, parse
from storage.rows import (
    BatchRow,
    ChangeRow,
    DeadLetter,
    Delivery,
    Failing,
    FailingSource,
    HealthRow,
    ListingRow,
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
)
from storage.search import Found, Hit, Wanted, Where
from storage.storage import Storage, open_storage

__all__ = [
    "BadQuery",
    "BatchRow",
    "CannotOpen",
    "ChangeRow",
    "DatabaseBusy",
    "DatabaseDamaged",
    "DatabaseFull",
    "DatabaseTooNew",
    "DatabaseUnreachable",
    "DeadLetter",
    "Delivery",
    "Failing",
    "FailingSource",
    "FeedRow",
    "Found",
    "HealthRow",
    "Hit",
    "LeaseLost",
    "ListingRow",
    "MigrationNeeded",
    "NameTaken",
    "PageHistory",
    "Physician",
    "PollRow",
    "Problem",
    "Pruned",
    "Query",
    "ReleaseRow",
    "RevisionRow",
    "Robots",
    "SourcePace",
    "SourceRow",
    "StampRow",
    "Status",
    "Storage",
    "StorageError",
    "StoredText",
    "Subject",
    "Told",
    "Unknown",
    "Unsupported",
    "Wanted",
    "Where",
    "open_storage",
    "parse",
]
