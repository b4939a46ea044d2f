"""A database is made, migrated or refused when it is opened, whoever else opens it at the same time."""

from __future__ import annotations

import logging
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text
from storage_room import NOON, Room, entry

from scraper.model import HealthKind, Trouble
from storage import (
    CannotOpen,
    DatabaseBusy,
    DatabaseTooNew,
    MigrationNeeded,
    Storage,
    StorageError,
    open_storage,
)
from storage.database import Database, connect
from storage.opening import HISTORY, VERSION_TABLE, History, prepare
from storage.schema import Base

WAIT = timedelta(seconds=5)
ROOT = Path(__file__).parents[2]


def run(database: Database, statement: str) -> None:
    """Run a statement behind the store's back."""
    with database.engine.begin() as connection:
        connection.execute(text(statement))


def insert(database: Database, *rows: tuple[str, dict[str, object]]) -> None:
    """Insert rows, each into its table, behind the store's back."""
    with database.engine.begin() as connection:
        for table, values in rows:
            columns = f"{', '.join(values)}) VALUES ({', '.join(f':{name}' for name in values)}"
            connection.execute(text(f"INSERT INTO {table} ({columns})"), values)


def tables(database: Database) -> set[str]:
    """The names of the tables, without those of the index of words: each database has its own."""
    with database.engine.connect() as connection:
        return {name for name in inspect(connection).get_table_names() if not name.startswith("fulltext")}


# --- made -------------------------------------------------------------------------------------------------------------


def test_an_empty_database_is_made_into_ours(empty_url: str) -> None:
    with open_storage(empty_url) as storage:
        assert storage.sources() == []
        assert tables(storage._database) == {*Base.metadata.tables, VERSION_TABLE}


def test_the_migrations_come_to_what_the_models_say(url: str) -> None:
    with open_storage(url) as storage, storage._database.engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_type": True,
                "compare_server_default": True,
                "version_table": VERSION_TABLE,
                "include_name": lambda name, kind, _: kind != "table" or not name.startswith("fulltext"),
            },
        )
        assert compare_metadata(context, Base.metadata) == []


def test_the_code_knows_every_migration_in_its_order() -> None:
    scripts = ScriptDirectory(str(HISTORY.folder))
    assert tuple(script.revision for script in scripts.walk_revisions())[::-1] == HISTORY.revisions


def test_what_is_there_is_opened_without_a_write(url: str) -> None:
    with open_storage(url) as first:
        database = first._database
        with database.transaction(writes=True), open_storage(url, wait=timedelta(0)) as second:
            assert second.sources() == []


def test_two_processes_that_open_an_empty_database_at_once_both_succeed(empty_url: str) -> None:
    program = f"""
import sys, time
from storage import open_storage
time.sleep(max(0, float(sys.argv[1]) - time.time()))
with open_storage({empty_url!r}) as storage:
    print(len(storage.sources()))
"""
    start = str(time.time() + 1.5)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    running = [
        subprocess.Popen(
            [sys.executable, "-c", program, start], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        for _ in range(3)
    ]
    assert [process.communicate()[0].strip() for process in running] == [b"0"] * 3
    with open_storage(empty_url) as storage, storage._database.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM meta")).scalar() == 1


# --- migrated ---------------------------------------------------------------------------------------------------------

NEXT = f"{int(HISTORY.head) + 1:04}"
LATER = """
from alembic import op
revision = "{step}"
down_revision = "{head}"


def upgrade():
    op.execute("CREATE TABLE later (id INTEGER)")
    {more}
"""


@pytest.fixture
def later(tmp_path: Path) -> History:
    """A history with one more step."""
    return history(tmp_path / "later", "pass")


def history(folder: Path, more: str) -> History:
    """The migrations with one that makes a table and then does more."""
    shutil.copytree(HISTORY.folder, folder, ignore=shutil.ignore_patterns("__pycache__"))
    step = LATER.format(more=more, step=NEXT, head=HISTORY.head)
    (folder / "versions" / f"{NEXT}_later.py").write_text(step)
    return History(folder=folder, revisions=(*HISTORY.revisions, NEXT))


def test_an_older_database_is_migrated_after_a_back_up(
    url: str, later: History, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with open_storage(url) as storage:
        room = Room(storage=storage)
        room.watch()
        room.list(entry("a"))
    database = connect(url, wait=WAIT)
    with caplog.at_level(logging.INFO, logger="presswatch.storage"):
        prepare(database, migrate=True, history=later)
    assert "later" in tables(database)
    database.close()
    copies = sorted(tmp_path.glob(f"presswatch.before-{NEXT}-*.db"))
    if url.startswith("postgresql"):
        assert "pg_dump" in caplog.text
        return
    (copy,) = copies
    moment = datetime.strptime(copy.stem.rpartition("-")[2], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
    assert abs(datetime.now(UTC) - moment) < timedelta(minutes=5)
    with open_storage(f"sqlite:///{copy}", migrate=False) as before:
        assert [row.pending for row in before.sources()] == [1]
        assert "later" not in tables(before._database)


def test_what_was_told_before_health_and_batches_is_kept_with_its_ids(empty_url: str) -> None:
    """The outbox is copied into a wider one; it, and what refers to others, is whole afterwards."""
    database = connect(empty_url, wait=WAIT)
    prepare(database, migrate=True, history=History(folder=HISTORY.folder, revisions=("0001", "0002")))
    insert(database, *_TOLD)
    run(database, "DELETE FROM outbox WHERE id = 2")
    database.close()
    with open_storage(empty_url) as storage:
        (delivery,) = storage.claim_deliveries(now=NOON, owner="w", lease=timedelta(minutes=1))
        assert (delivery.id, delivery.key, delivery.subject) == (1, "k1", storage.change(1))
        trouble = Trouble(kind=HealthKind.UNWATCHED, subject="https://nowhere.example/", detail="", advice="")
        storage.record_unwatched({trouble.subject: trouble}, now=NOON, channels=["desk"])
        ids = [each.id for each in storage.claim_deliveries(now=NOON, owner="w", lease=timedelta(minutes=1))]
        assert ids == [3], "an id is never given out again"


def test_what_was_ever_tried_of_a_batch_is_closed_and_what_waits_stays_open(empty_url: str) -> None:
    database = connect(empty_url, wait=WAIT)
    prepare(database, migrate=True, history=History(folder=HISTORY.folder, revisions=("0001", "0002")))
    insert(database, *_TOLD)
    prepare(database, migrate=True, history=replace(HISTORY, revisions=HISTORY.revisions[:14]))
    batch = {
        "id": 1, "source_id": 1, "signature": "s", "kind": "edited", "began_at": _THEN, "last_at": _THEN, "size": 1,
    }  # fmt: skip
    letter = {
        "batch_id": 1, "channel": "desk", "state": "pending", "attempts": 0, "next_attempt_at": _THEN,
        "created_at": _THEN, "lease_owner": None, "last_error": None,
    }  # fmt: skip
    insert(
        database,
        ("batch", batch),
        ("outbox", letter | {"key": "waits"}),
        ("outbox", letter | {"key": "delivered", "state": "delivered"}),
        ("outbox", letter | {"key": "refused", "attempts": 1}),
        ("outbox", letter | {"key": "leased", "lease_owner": "w"}),
        ("outbox", letter | {"key": "dead and sent again", "last_error": "500"}),
    )
    run(database, "UPDATE change SET batch_id = 1")
    database.close()
    with open_storage(empty_url) as storage, storage._database.transaction(writes=False) as connection:
        found = connection.execute(text("SELECT key, last_change_id FROM outbox WHERE batch_id = 1")).all()
    assert {key: last for key, last in found if key != "waits"} == dict.fromkeys(
        ("delivered", "refused", "leased", "dead and sent again"), 1
    )
    assert ("waits", None) in found


_THEN = "2026-03-02 12:00:00.000000"
_TOLD: list[tuple[str, dict[str, object]]] = [
    ("host", {"name": "news.example", "next_at": _THEN}),
    (
        "source",
        {
            "id": 1, "name": "News", "home": "https://news.example/", "time_zone": "UTC", "routes": "[]",
            "paused": False, "created_at": _THEN,
        },
    ),
    (
        "page",
        {
            "id": 1, "source_id": 1, "role": "release", "url": "https://news.example/a", "host": "news.example",
            "failures": 0, "finds": 0,
        },
    ),
    (
        "release",
        {
            "id": 1, "source_id": 1, "page_id": 1, "key": "news.example/a", "url": "https://news.example/a",
            "state": "live", "quiet": False, "title": "A", "discovered_at": _THEN,
        },
    ),
    (
        "change",
        {
            "id": 1, "source_id": 1, "release_id": 1, "kind": "new", "detected_at": _THEN, "not_after": _THEN,
            "title": "A", "url": "https://news.example/a", "importance": 0.5, "reason": "",
        },
    ),
    *(
        (
            "outbox",
            {
                "change_id": 1, "release_id": 1, "channel": "desk", "key": f"k{number}",
                "state": "pending", "attempts": 0, "next_attempt_at": _THEN, "created_at": _THEN,
            },
        )
        for number in (1, 2)
    ),
]  # fmt: skip


def test_a_migration_that_fails_leaves_the_database_as_it_was(url: str, tmp_path: Path) -> None:
    broken = history(tmp_path / "broken", 'op.execute("nonsense")')
    database = connect(url, wait=WAIT)
    with pytest.raises(CannotOpen, match="nonsense"):
        prepare(database, migrate=True, history=broken)
    database.close()
    with open_storage(url, migrate=False) as storage:
        assert "later" not in tables(storage._database)
        assert storage.sources() == []


def test_an_older_database_is_not_migrated_where_that_is_not_allowed(url: str, later: History) -> None:
    database = connect(url, wait=WAIT)
    with pytest.raises(MigrationNeeded, match=f"{HISTORY.head} and this presswatch needs {NEXT}"):
        prepare(database, migrate=False, history=later)
    assert "later" not in tables(database)
    database.close()


def test_a_database_of_a_later_presswatch_is_refused(url: str, later: History) -> None:
    database = connect(url, wait=WAIT)
    prepare(database, migrate=True, history=later)
    database.close()
    with pytest.raises(DatabaseTooNew, match=f"{NEXT}, which this presswatch does not know"):
        open_storage(url)


def test_nothing_is_made_where_that_is_not_allowed(empty_url: str, tmp_path: Path) -> None:
    with pytest.raises(CannotOpen):
        open_storage(empty_url, migrate=False)
    assert not list(tmp_path.glob("*.db"))


# --- refused ----------------------------------------------------------------------------------------------------------


def test_the_database_of_another_program_is_refused(empty_url: str) -> None:
    database = connect(empty_url, wait=WAIT)
    run(database, "CREATE TABLE alembic_version (version_num TEXT)")
    with pytest.raises(CannotOpen, match="another program's"):
        open_storage(empty_url)
    assert tables(database) == {"alembic_version"}
    database.close()


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("", "is no database URL"),
        ("presswatch.db", "is no database URL"),
        ("mysql://localhost/x", "mysql databases are not supported"),
        ("unheard-of://x", "is no database URL"),
        ("postgresql://u:secret@h:port/x", "'postgresql:…' is no database URL"),
        ("unheard-of://u:secret@h/x", "'unheard-of:…' is no database URL"),
        ("u:secret@h/x", "is no database URL"),
        ("secret@h/x", "what is given is no database URL"),
        ("sqlite://", "needs a file"),
        ("sqlite:///:memory:", "needs a file"),
        ("sqlite:////no/such/folder/x.db", "the folder /no/such/folder does not exist"),
        ("sqlite:////", "needs a file|is a folder"),
        ("postgresql://nobody:secret@127.0.0.1:1/none", "can't be opened"),
    ],
    ids=str,
)
def test_what_is_no_database_is_refused_with_a_sentence(url: str, sentence: str) -> None:
    with pytest.raises(CannotOpen, match=sentence) as caught:
        open_storage(url)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"this is a text " * 500, "a file of another kind"),
        (b"short", "a file of another kind"),
        (b"SQLite format 3\0" + b"\xff" * 8_000, "is damaged"),
    ],
    ids=["text", "short", "junk"],
)
def test_a_file_that_is_no_database_is_refused_and_not_touched(tmp_path: Path, content: bytes, sentence: str) -> None:
    path = tmp_path / "x.db"
    path.write_bytes(content)
    with pytest.raises(CannotOpen, match=sentence):
        open_storage(f"sqlite:///{path}")
    assert path.read_bytes() == content


def test_a_missing_driver_is_said_with_its_cure() -> None:
    program = """
import sys
sys.modules["psycopg"] = None
from storage import CannotOpen, open_storage
try:
    open_storage("postgresql://localhost/x")
except CannotOpen as exc:
    print(exc)
"""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    said = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)
    assert 'pip install "presswatch[postgres]"' in said.stdout


def test_alembic_is_not_loaded_to_open_what_is_there(url: str) -> None:
    if url.startswith("postgresql"):
        pytest.skip("the same for both")
    program = f"""
import sys
from storage import open_storage
open_storage({url!r}).close()
print("alembic" in sys.modules)
"""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    said = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "False"


# --- settings of SQLite -----------------------------------------------------------------------------------------------


def test_sqlite_loses_nothing_that_was_committed(tmp_path: Path) -> None:
    with open_storage(f"sqlite:///{tmp_path}/x.db") as storage, storage._database.engine.connect() as connection:
        settings = [
            connection.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        ]
    assert settings == ["wal", 2, 1]


def test_a_full_disk_is_called_that(tmp_path: Path) -> None:
    from storage import DatabaseFull  # noqa: PLC0415

    with open_storage(f"sqlite:///{tmp_path}/x.db") as storage:
        room = Room(storage=storage)
        room.watch()
        with storage._database.engine.connect() as connection:
            pages = connection.execute(text("PRAGMA page_count")).scalar_one()
            connection.execute(text(f"PRAGMA max_page_count={pages}"))
        with pytest.raises(DatabaseFull, match="no space left"):
            room.list(*(entry(f"{number:0500}") for number in range(2_000)))
        assert [row.pending for row in storage.sources()] == [0]


# --- locked -----------------------------------------------------------------------------------------------------------


def lock(url: str) -> object:
    """Another process that holds the whole database, or the tables that are written to."""
    if url.startswith("sqlite"):
        connection = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
        connection.execute("BEGIN IMMEDIATE")
        return connection
    import psycopg  # noqa: PLC0415

    held = psycopg.connect(url)
    held.execute("LOCK TABLE source, page, listing, release, host, meta, outbox, poll, change IN EXCLUSIVE MODE")
    return held


def writes(room: Room) -> dict[str, object]:
    """A call of every method that writes."""
    storage: Storage = room.storage
    page = room.page(room.feed)
    return {
        "add_source": lambda: storage.add_source(room.source, listings=[], now=NOON),
        "update_source": lambda: storage.update_source("News", room.source),
        "pause_source": lambda: storage.pause_source("News"),
        "resume_source": lambda: storage.resume_source("News"),
        "remove_source": lambda: storage.remove_source("News", now=NOON),
        "let_go": lambda: storage.let_go(page.host, room.owner, now=NOON),
        "leave_alone": lambda: storage.leave_alone(page.host, until=NOON),
        "free_deliveries": lambda: storage.free_deliveries([1], owner=room.owner),
        "free_leases": lambda: storage.free_leases(room.owner, now=NOON),
        "resend": lambda: storage.resend([1], now=NOON),
        "heartbeat": lambda: storage.heartbeat(NOON, "w"),
        "prune": lambda: storage.prune(polls_before=NOON, delivered_before=NOON),
        "forget_hosts": lambda: storage.forget_hosts(NOON),
        "set_right": lambda: storage.set_right(NOON, pause=WAIT, lease=WAIT, retry=WAIT),
    }


def test_a_locked_database_is_busy_for_every_method_that_writes_and_readable_all_the_while(
    room: Room, url: str
) -> None:
    calls = writes(room)
    del calls["add_source"]  # it refuses the name before it writes
    held = lock(url)
    try:
        assert len(room.storage.sources()) == 1
        for name, call in calls.items():
            try:
                call()  # type: ignore[operator]
            except DatabaseBusy:
                continue
            else:
                # PostgreSQL locks rows: what touches none has nothing to wait for.
                assert url.startswith("postgresql"), name
    finally:
        held.close()  # type: ignore[attr-defined]
    room.storage.pause_source("News")


def test_a_database_that_failed_says_so_with_a_name_of_ours(room: Room) -> None:
    run(room.storage._database, "ALTER TABLE poll RENAME TO lost")
    with pytest.raises(StorageError, match="the database failed"):
        room.list()
    with pytest.raises(StorageError, match="the database failed"):
        room.storage.polls()
