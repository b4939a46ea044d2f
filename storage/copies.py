"""Copies of a SQLite database, made while others go on writing."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from storage.errors import StorageError

__all__ = ["copy_database"]


def copy_database(source: Path, target: Path) -> None:
    """Write what is committed in ``source`` into a new file, and see it on the disk.

    Raises:
        StorageError: ``target`` exists already, or can't be written.
    """
    if target.exists():
        raise StorageError(f"{target} exists already")
    try:
        with closing(sqlite3.connect(source)) as connection:
            connection.execute("VACUUM INTO ?", (str(target),))
        # SQLite itself does not sync what VACUUM INTO wrote (sqlite.org/lang_vacuum.html).
        with target.open("rb") as written:
            os.fsync(written.fileno())
    except (sqlite3.Error, OSError) as exc:
        raise StorageError(f"{target} can't be written: {exc}") from exc
