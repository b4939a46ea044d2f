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
from storage.rows import (
    ChangeRow,
    DeadLetter,
    Delivery,
    Failing,
    ListingRow,
    PollRow,
    Problem,
    Pruned,
    ReleaseRow,
    RevisionRow,
    Robots,
    SourceRow,
    StampRow,
    Status,
)
from storage.storage import Storage, open_storage

__all__ = [
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
    "FeedRow",
    "LeaseLost",
    "ListingRow",
    "MigrationNeeded",
    "NameTaken",
    "PollRow",
    "Problem",
    "Pruned",
    "ReleaseRow",
    "RevisionRow",
    "Robots",
    "SourceRow",
    "StampRow",
    "Status",
    "Storage",
    "StorageError",
    "StoredText",
    "Unknown",
    "Unsupported",
    "open_storage",
]
