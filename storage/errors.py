"""What can go wrong with the store, each with one sentence for a person as its message.

StorageError
├── CannotOpen            missing, unreadable, damaged, no database of ours, no permission, no driver
│   ├── DatabaseTooNew    written by a later presswatch
│   └── MigrationNeeded   written by an earlier one, and migrating was not allowed
├── DatabaseBusy          another process holds it for longer than the wait
├── DatabaseFull          no space left where it lives
├── DatabaseReadOnly      it may be read and not written to
├── DatabaseDamaged       its file or its content is not what was written
├── DatabaseUnreachable   the server went away
├── LeaseLost             the page, host or delivery belongs to another worker by now
├── NameTaken             a source of this name or home is watched already
├── Unknown               there is no such source, page, release or revision
└── Unsupported           this database can't do that
"""

from __future__ import annotations

__all__ = [
    "CannotOpen",
    "DatabaseBusy",
    "DatabaseDamaged",
    "DatabaseFull",
    "DatabaseReadOnly",
    "DatabaseTooNew",
    "DatabaseUnreachable",
    "LeaseLost",
    "MigrationNeeded",
    "NameTaken",
    "StorageError",
    "Unknown",
    "Unsupported",
]


class StorageError(Exception):
    """The root; raised as itself where the database failed in a way that has no name of its own."""


class CannotOpen(StorageError):
    """The database can't be opened."""


class DatabaseTooNew(CannotOpen):
    """The database was written by a later presswatch."""


class MigrationNeeded(CannotOpen):
    """The database was written by an earlier presswatch, and migrating it was not allowed."""


class DatabaseBusy(StorageError):
    """Another process held the database for longer than the wait; nothing was written, try again."""


class DatabaseFull(StorageError):
    """There is no space left where the database lives; nothing was written."""


class DatabaseReadOnly(StorageError):
    """The database may be read and not written to; nothing was written."""


class DatabaseDamaged(StorageError):
    """The database's file or content is not what was written."""


class DatabaseUnreachable(StorageError):
    """The connection to the server was lost."""


class LeaseLost(StorageError):
    """What was to be written belongs to another worker by now; nothing was written."""


class NameTaken(StorageError):
    """A source of this name or with this home is watched already."""


class Unknown(StorageError):
    """There is no such source, page, release or revision."""


class Unsupported(StorageError):
    """This kind of database can't do that."""
