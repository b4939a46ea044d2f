"""The connection to a database: how one is made, what a transaction is, and how its errors get names of ours.

A public method of the store is one transaction: it is written as a function of a connection and decorated with
:func:`reading` or :func:`writing`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeAlias, TypeVar, cast

from sqlalchemy import URL, Connection, Engine, Row, Select, create_engine, event, make_url
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.orm import DeclarativeBase

from storage.errors import (
    CannotOpen,
    DatabaseBusy,
    DatabaseDamaged,
    DatabaseFull,
    DatabaseReadOnly,
    DatabaseUnreachable,
    StorageError,
)

__all__ = ["AnyRow", "AnySelect", "Database", "Part", "connect", "named", "reading", "writing"]

AnyRow: TypeAlias = "Row[*tuple[Any, ...]]"
AnySelect: TypeAlias = "Select[*tuple[Any, ...]]"
"""Of whatever columns; 2.0 and 2.1 of SQLAlchemy spell the parameters differently."""

T = TypeVar("T")
P = ParamSpec("P")

_ATTEMPTS = 6
_PAUSE = 0.02
"""Seconds before the second attempt; doubled before each later one."""

_REPEATABLE = frozenset({"40001", "40P01"})
"""serialization_failure, deadlock_detected (PostgreSQL, appendix A)."""

_BY_SQLITE_CODE: dict[int, type[StorageError]] = {
    5: DatabaseBusy,
    6: DatabaseBusy,
    8: DatabaseReadOnly,
    11: DatabaseDamaged,
    13: DatabaseFull,
    26: DatabaseDamaged,
}
"""Primary result codes: BUSY, LOCKED, READONLY, CORRUPT, FULL, NOTADB (sqlite.org/rescode.html)."""

_BY_SQLSTATE: dict[str, type[StorageError]] = {
    "40": DatabaseBusy,
    "55P03": DatabaseBusy,
    "57014": DatabaseBusy,
    "25006": DatabaseReadOnly,
    "53100": DatabaseFull,
    "53300": DatabaseBusy,
    "57": DatabaseUnreachable,
    "08": DatabaseUnreachable,
    "XX001": DatabaseDamaged,
    "XX002": DatabaseDamaged,
}

_SENTENCES: dict[type[StorageError], str] = {
    DatabaseBusy: "the database is held by another process",
    DatabaseFull: "there is no space left for the database",
    DatabaseReadOnly: "the database can't be written to; see to whose it is, and whether its disk is for reading only",
    DatabaseDamaged: "the database is damaged; restore a back-up, without the -wal and -shm files that stand beside it",
    DatabaseUnreachable: "the connection to the database was lost",
    StorageError: "the database failed",
}


class Database:
    """An engine with its transactions."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.is_sqlite = engine.dialect.name == "sqlite"

    @contextmanager
    def transaction(self, *, writes: bool) -> Iterator[Connection]:
        """One transaction: committed at the end of the block, rolled back where it raises.

        Raises:
            StorageError: one of its subclasses, where the database failed.
        """
        with named():
            connection = self.engine.connect().execution_options(presswatch_writes=writes)
            with connection, connection.begin():
                yield connection

    def write(self, work: Callable[[Connection], T]) -> T:
        """The result of ``work`` in a transaction; begun anew where the server asks for that."""
        for attempt in range(_ATTEMPTS):
            try:
                with self.transaction(writes=True) as connection:
                    return work(connection)
            except DatabaseBusy as exc:
                if attempt == _ATTEMPTS - 1 or _state_of(exc.__cause__) not in _REPEATABLE:
                    raise
                time.sleep(_PAUSE * 2**attempt)
        raise AssertionError("unreachable")  # pragma: no cover

    def insert(self, table: type[DeclarativeBase]) -> sqlite.Insert:
        """An INSERT that can say ``on_conflict_do_nothing``; the two databases spell it alike."""
        return sqlite.insert(table) if self.is_sqlite else cast("sqlite.Insert", postgresql.insert(table))

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


class Part:
    """A part of the store: public methods that are one transaction each."""

    def __init__(self, database: Database) -> None:
        self._database = database


S = TypeVar("S", bound=Part)


def reading(method: Callable[Concatenate[S, Connection, P], T]) -> Callable[Concatenate[S, P], T]:
    """Run a method in a transaction that only reads."""

    @wraps(method)
    def inner(self: S, /, *args: P.args, **kwargs: P.kwargs) -> T:
        with self._database.transaction(writes=False) as connection:
            return method(self, connection, *args, **kwargs)

    return inner


def writing(method: Callable[Concatenate[S, Connection, P], T]) -> Callable[Concatenate[S, P], T]:
    """Run a method in a transaction that writes."""

    @wraps(method)
    def inner(self: S, /, *args: P.args, **kwargs: P.kwargs) -> T:
        return self._database.write(lambda connection: method(self, connection, *args, **kwargs))

    return inner


# --- connecting -------------------------------------------------------------------------------------------------------


def connect(url: str, *, wait: timedelta) -> Database:
    """The database of a URL; nothing is opened yet.

    ``wait`` is how long a locked database is waited for.

    Raises:
        CannotOpen: the URL is none, of another database, or its driver is not installed.
    """
    address = _address(url)
    try:
        if address.get_backend_name() == "sqlite":
            return _sqlite(address, wait)
        return _postgresql(address, wait)
    except ModuleNotFoundError as exc:
        raise CannotOpen('PostgreSQL needs a driver that is not installed: pip install "presswatch[postgres]"') from exc


def _address(url: str) -> URL:
    try:
        address = make_url(url)
        backend = address.get_backend_name()
    except (ArgumentError, NoSuchModuleError, ValueError):
        # SQLAlchemy's own message may repeat the URL, password and all, and so would the traceback.
        raise CannotOpen(f"{_shown(url)} is no database URL; one is sqlite:///presswatch.db") from None
    if backend in ("postgresql", "postgres"):
        return address.set(drivername="postgresql+psycopg")
    if backend != "sqlite":
        raise CannotOpen(f"{backend} databases are not supported; use sqlite:///… or postgresql://…")
    if not address.database or address.database == ":memory:":
        raise CannotOpen("SQLite needs a file, such as sqlite:///presswatch.db: what is in memory only is lost")
    return address


def _shown(url: str) -> str:
    """A URL that can't be parsed: where a password could be in it, no more than its beginning."""
    if not {"@", "?", ":"} & set(url.partition("://")[2] or url.partition(":")[2] or url):
        return repr(url)
    scheme, colon, _ = url.partition(":")
    return repr(f"{scheme}:…") if colon else "what is given"


def _sqlite(address: URL, wait: timedelta) -> Database:
    engine = create_engine(address, connect_args={"timeout": wait.total_seconds()})

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: object) -> None:  # noqa: ANN401  # the driver's own
        # The driver would begin transactions by itself, deferred and only before some statements.
        connection.isolation_level = None
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA synchronous=FULL")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # IMMEDIATE takes the write lock at once: a deferred transaction that turns to writing can't wait, it fails.
        writes = connection.get_execution_options().get("presswatch_writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return Database(engine)


def _postgresql(address: URL, wait: timedelta) -> Database:
    options = f"-c timezone=UTC -c lock_timeout={int(wait.total_seconds() * 1000)}"
    given = address.query.get("options")
    options = f"{given} {options}" if isinstance(given, str) else options
    address = address.difference_update_query(["options"])
    return Database(create_engine(address, pool_pre_ping=True, connect_args={"options": options}))


# --- errors -----------------------------------------------------------------------------------------------------------


@contextmanager
def named() -> Iterator[None]:
    """The border: SQLAlchemy's errors inside, ours outside."""
    try:
        yield
    except SQLAlchemyError as exc:
        kind = _kind_of(exc)
        detail = str(getattr(exc, "orig", None) or exc).strip().split("\n")[0]
        raise kind(f"{_SENTENCES[kind]} ({detail})") from exc


def _kind_of(exc: SQLAlchemyError) -> type[StorageError]:
    orig = exc.orig if isinstance(exc, DBAPIError) else None
    code = getattr(orig, "sqlite_errorcode", None)
    if code is not None:
        return _BY_SQLITE_CODE.get(code & 0xFF, StorageError)
    state = _state_of(exc)
    if state:
        return _BY_SQLSTATE.get(state) or _BY_SQLSTATE.get(state[:2]) or StorageError
    if isinstance(exc, DBAPIError) and exc.connection_invalidated:
        return DatabaseUnreachable
    return StorageError


def _state_of(exc: BaseException | None) -> str | None:
    """PostgreSQL's five characters for what went wrong."""
    state = getattr(getattr(exc, "orig", None), "sqlstate", None)
    return state if isinstance(state, str) else None
