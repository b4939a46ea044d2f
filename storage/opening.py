"""Opening a database: made where there is none, migrated where it is older, refused where it is later or another's."""

from __future__ import annotations

import logging
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, column, inspect, select, table, text

from storage.copies import copy_database
from storage.database import Database
from storage.errors import CannotOpen, DatabaseBusy, DatabaseTooNew, MigrationNeeded, StorageError

__all__ = ["HISTORY", "VERSION_TABLE", "History", "prepare"]

VERSION_TABLE = "schema_version"
"""Not Alembic's default, by which the database of another program could be taken for ours."""

_MIGRATING = 7_355_608
"""Key of the advisory lock that one opening process holds while it migrates; any number that others don't use."""

_MAGIC = b"SQLite format 3\0"

_log = logging.getLogger("presswatch.storage")


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """The migrations that this program knows."""

    folder: Path
    revisions: tuple[str, ...]
    """Oldest first."""

    @property
    def head(self) -> str:
        """The revision that the code is written for."""
        return self.revisions[-1]


HISTORY = History(
    folder=Path(__file__).parent / "migrations",
    revisions=tuple(f"{number:04}" for number in range(1, 16)),
)


def prepare(database: Database, *, migrate: bool, history: History = HISTORY) -> None:
    """Bring an opened database to the revision that the code is written for.

    Raises:
        DatabaseTooNew: its revision is unknown.
        MigrationNeeded: it is older, and ``migrate`` is false.
        CannotOpen: it is missing, unreadable, damaged or another program's.
    """
    with _opening(database):
        _check_place(database, migrate=migrate)
        with database.transaction(writes=False) as connection:
            revision = _revision(connection)
        if _is_current(revision, history):
            return
        if not migrate:
            raise MigrationNeeded(
                f"the database is at revision {revision or 'none'} and this presswatch needs {history.head}"
            )
        _migrate(database, history)


@contextmanager
def _opening(database: Database) -> Iterator[None]:
    """Whatever fails here, the database can't be opened."""
    # A password may stand in the query, too.
    shown = database.engine.url.set(query={}).render_as_string(hide_password=True)
    try:
        yield
    except CannotOpen as exc:
        raise type(exc)(f"{shown}: {exc}") from exc.__cause__
    except DatabaseBusy:
        raise
    except (StorageError, OSError) as exc:
        raise CannotOpen(f"{shown} can't be opened: {exc}") from exc


def _check_place(database: Database, *, migrate: bool) -> None:
    """SQLite would say no more than "unable to open database file", and of any other file that it is damaged."""
    if not database.is_sqlite:
        return
    path = Path(database.engine.url.database or "")
    if path.is_dir():
        raise CannotOpen("it is a folder")
    if not path.parent.is_dir():
        raise CannotOpen(f"the folder {path.parent} does not exist")
    if not migrate and not path.exists():
        raise CannotOpen("there is no such file")
    if path.is_file() and not _is_sqlite(path):
        raise CannotOpen("it is a file of another kind; name another one, or restore a back-up if it was a database")


def _is_sqlite(path: Path) -> bool:
    """True where the file is empty or begins as SQLite's do (sqlite.org/fileformat.html, section 1.3)."""
    with path.open("rb") as file:
        return file.read(len(_MAGIC)) in {b"", _MAGIC}


def _revision(connection: Connection) -> str | None:
    """The revision that the database is at; None where it is empty."""
    tables = inspect(connection).get_table_names()
    if VERSION_TABLE in tables:
        version = table(VERSION_TABLE, column("version_num"))
        rows = connection.execute(select(version.c.version_num)).scalars().all()
        return str(rows[0]) if rows else None
    if tables:
        raise CannotOpen(f"it is another program's (it holds a table {min(tables)!r} and no {VERSION_TABLE!r})")
    return None


def _is_current(revision: str | None, history: History) -> bool:
    if revision is not None and revision not in history.revisions:
        raise DatabaseTooNew(
            f"it is at revision {revision}, which this presswatch does not know: it was written by a later one; upgrade"
        )
    return revision == history.head


# --- migrating --------------------------------------------------------------------------------------------------------


def _migrate(database: Database, history: History) -> None:
    """Upgrade in one transaction that no other process can share, after a back-up."""
    if database.is_sqlite:
        _set_wal(database.engine)

    def work(connection: Connection) -> None:
        if not database.is_sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATING})
        revision = _revision(connection)
        if _is_current(revision, history):
            return
        if revision is not None:
            _back_up(database, history)
        _upgrade(connection, history)
        _log.info("migrated", extra={"before": revision, "after": history.head})

    database.write(work)


def _upgrade(connection: Connection, history: History) -> None:
    # Imported here: it takes a quarter of a second, which every command would pay.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(history.folder).replace("%", "%%"))
    config.attributes["connection"] = connection
    config.attributes["version_table"] = VERSION_TABLE
    command.upgrade(config, history.head)


def _back_up(database: Database, history: History) -> None:
    if not database.is_sqlite:
        _log.warning("migrating without a back-up of ours: a copy by pg_dump is the operator's")
        return
    path = Path(database.engine.url.database or "")
    moment = datetime.now(UTC).strftime("%Y%m%dT%H%M%S")
    copy = path.with_name(f"{path.stem}.before-{history.head}-{moment}.db")
    # It reads what was committed, while the transaction of ours keeps writers out.
    copy_database(path, copy)
    _log.info("backed up", extra={"copy": str(copy)})


def _set_wal(engine: Engine, attempts: int = 40) -> None:
    """Write-ahead logging, kept in the file.

    SQLite does not wait for a lock here (sqlite.org/wal.html, section 8), so that two processes that make one database
    at once would fail.
    """
    raw: Any = engine.raw_connection()
    with closing(raw):
        for attempt in range(attempts):
            try:
                raw.execute("PRAGMA journal_mode=WAL")
            except sqlite3.OperationalError as exc:
                if exc.sqlite_errorcode & 0xFF not in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                    raise CannotOpen(str(exc)) from exc
                if attempt == attempts - 1:
                    raise DatabaseBusy("the database is held by another process") from exc
                time.sleep(0.05)
            except sqlite3.DatabaseError as exc:
                raise CannotOpen(str(exc)) from exc
            else:
                return
