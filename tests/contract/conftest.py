"""One suite for every database: each test runs on a SQLite file and on a PostgreSQL server that the suite starts."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from storage_room import Room

from storage import Storage, open_storage


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh SQLite database to be copied: making one takes longer than most tests."""
    path = tmp_path_factory.mktemp("template") / "template.db"
    open_storage(f"sqlite:///{path}").close()
    return path


@pytest.fixture(scope="session")
def pg_template(server: str, administer: Callable[[str], None]) -> str:
    """The name of a fresh PostgreSQL database to be copied."""
    administer("CREATE DATABASE template_fresh")
    open_storage(server.format(database="template_fresh")).close()
    return "template_fresh"


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database with nothing in it."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/presswatch.db"
        return
    yield from _database(request, "")


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database of ours with nothing watched."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("templates"), tmp_path / "presswatch.db")
        yield f"sqlite:///{tmp_path}/presswatch.db"
        return
    yield from _database(request, f"TEMPLATE {request.getfixturevalue('pg_template')}")


def _database(request: pytest.FixtureRequest, how: str) -> Iterator[str]:
    administer = request.getfixturevalue("administer")
    name = f"t_{uuid.uuid4().hex}"
    administer(f"CREATE DATABASE {name} {how}")
    yield request.getfixturevalue("server").format(database=name)
    administer(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def storage(url: str) -> Iterator[Storage]:
    """The store, with nothing watched; a locked database is waited for 0.3 s."""
    with open_storage(url, wait=timedelta(seconds=0.3)) as opened:
        yield opened


@pytest.fixture
def room(storage: Storage) -> Room:
    """A newsroom with one feed, watched since noon."""
    made = Room(storage=storage)
    made.watch()
    return made
