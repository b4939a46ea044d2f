"""Signs of life, back-ups, and whether everything is still as it was written."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text
from storage_room import NOON, Room, digest, entry

from scraper.model import Kind, Release
from storage import DatabaseReadOnly, StorageError, Unsupported, open_storage

A = "https://news.example/a"


@pytest.fixture
def kept(room: Room) -> Room:
    """A release with three revisions."""
    room.list(entry("a"))
    for paragraph in ("one", "two", "three"):
        room.read(
            A, paragraph * 50, kinds=[Kind.EDITED], body=b"<p>the same words again and again " * 20 + paragraph.encode()
        )
        room.later(hours=1)
    return room


def tamper(room: Room, statement: str) -> None:
    """Change something behind the store's back."""
    with room.storage._database.engine.begin() as connection:
        connection.execute(text(statement))


def test_the_last_sign_of_life_is_kept(room: Room) -> None:
    room.storage.heartbeat(NOON, "one")
    room.later(minutes=1)
    room.storage.heartbeat(room.now, "two")
    status = room.storage.status(room.now)
    assert (status.heartbeat_at, status.heartbeat_owner) == (room.now, "two")


def test_an_untouched_database_has_no_problem(kept: Room) -> None:
    assert kept.storage.verify(digest) == []


def test_what_may_only_be_read_is_called_that_and_is_verified(kept: Room, caplog: pytest.LogCaptureFixture) -> None:
    database = kept.storage._database
    alone = "PRAGMA query_only = 1" if database.is_sqlite else "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY"
    with database.engine.connect() as connection:
        connection.execute(text(alone))
        connection.commit()
    with pytest.raises(DatabaseReadOnly, match="can't be written to; see to whose it is"):
        kept.storage.heartbeat(NOON, "one")
    assert kept.storage.verify(digest) == []
    said = "the index of words can't be checked where the database can't be written to"
    assert caplog.messages == ([said] if database.is_sqlite else [])


def test_a_recipe_that_is_no_longer_known_is_no_problem(kept: Room) -> None:
    def forgetful(_release: Release, _recipe: int) -> None:
        return None

    assert kept.storage.verify(forgetful) == []


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        ("UPDATE revision SET digest = 'x' WHERE number = 2", "revision 2 of release 1: its content does not have"),
        ("UPDATE revision SET content = (SELECT body FROM evidence WHERE id = 1) WHERE number = 2", "can't be read"),
        ("UPDATE revision SET content = 'no frame' WHERE number = 1", "can't be read"),
        ("UPDATE evidence SET sha256 = 'x' WHERE id = 3", "evidence 3: its bytes do not have"),
        ("UPDATE evidence SET body = 'no frame' WHERE id = 3", "evidence 3: a stored body can't be unpacked"),
        ("UPDATE evidence SET depth = 7 WHERE id = 1", "evidence 3 lacks what it is a difference to"),
        ("DELETE FROM searched WHERE revision_id = 2", "revision 2 of release 1: a search for its words"),
        ("UPDATE searched SET facts = 's9' WHERE revision_id = 2", "revision 2 of release 1: a search for its words"),
    ],
    ids=[
        "another digest", "another content", "a broken content", "another checksum", "a broken body", "a broken chain",
        "not in the index", "other facts in the index",
    ],
)  # fmt: skip
def test_what_was_altered_is_named(kept: Room, statement: str, problem: str) -> None:
    tamper(kept, statement)
    problems = [str(each) for each in kept.storage.verify(digest)]
    assert problems
    assert any(problem in each for each in problems), problems


def test_a_body_that_was_altered_is_named_with_all_that_depend_on_it(kept: Room) -> None:
    tamper(kept, "UPDATE evidence SET body = (SELECT content FROM revision WHERE id = 1) WHERE id = 1")
    assert [each.where for each in kept.storage.verify(digest)] == ["evidence 1", "evidence 2", "evidence 3"]


def test_a_new_version_after_a_damaged_one_stands_alone(kept: Room) -> None:
    tamper(kept, "UPDATE evidence SET body = 'no frame' WHERE id = 3")
    kept.read(A, "four", body=b"<p>the same words again and again " * 20)
    assert [each.where for each in kept.storage.verify(digest)] == ["evidence 3"]
    assert kept.storage.evidence(1, 4).body == b"<p>the same words again and again " * 20  # type: ignore[union-attr]


def test_a_back_up_opens_and_has_everything(kept: Room, tmp_path: Path, url: str) -> None:
    path = tmp_path / "copy's.db"
    if url.startswith("postgresql"):
        with pytest.raises(Unsupported, match="pg_dump"):
            kept.storage.backup(path)
        return
    kept.storage.backup(path)
    with open_storage(f"sqlite:///{path}", migrate=False) as copy:
        assert copy.changes() == kept.storage.changes()
        assert copy.verify(digest) == []
    with pytest.raises(StorageError, match="exists already"):
        kept.storage.backup(path)


def test_a_reference_that_leads_nowhere_is_named(kept: Room, url: str) -> None:
    if url.startswith("postgresql"):
        pytest.skip("PostgreSQL lets nobody break a reference")
    import sqlite3  # noqa: PLC0415

    with sqlite3.connect(url.removeprefix("sqlite:///")) as connection:
        connection.execute("DELETE FROM change WHERE id = 2")
    assert "outbox 2: its change is missing" in [str(each) for each in kept.storage.verify(digest)]
