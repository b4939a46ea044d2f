"""What feeds read: changes with the texts before and after them, newest first, by filter and by page."""

from __future__ import annotations

import pytest
from storage_room import NOON, Room, entry

from scraper.model import Kind, Source
from storage import Storage, open_storage

A, B = "https://news.example/a", "https://news.example/b"


@pytest.fixture
def lively(room: Room) -> Room:
    """Five changes of two releases, an hour apart."""
    room.list(entry("a"), entry("b"))
    for url, paragraph, kind in (
        (A, "one", Kind.NEW),
        (B, "one", Kind.NEW),
        (A, "two", Kind.EDITED),
        (A, "three", Kind.SILENTLY_EDITED),
    ):
        room.read(url, paragraph, kinds=[kind])
        room.later(hours=1)
    room.withdraw(B)
    return room


def test_changes_come_with_the_texts_before_and_after(lively: Room) -> None:
    rows = lively.storage.feed(limit=10)
    told = [(row.change.id, row.before and row.before.read().text, row.after and row.after.read().text) for row in rows]
    assert told == [(5, None, None), (4, "two", "three"), (3, "one", "two"), (2, None, "one"), (1, None, "one")]
    assert [row.change for row in rows] == lively.storage.changes(newest_first=True)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, [5, 4, 3, 2, 1]),
        ({"limit": 2}, [5, 4]),
        ({"limit": 0}, []),
        ({"before_id": 3}, [2, 1]),
        ({"kinds": [Kind.NEW, Kind.WITHDRAWN]}, [5, 2, 1]),
        ({"source_ids": [1]}, [5, 4, 3, 2, 1]),
        ({"source_ids": [2, 99]}, []),
        ({"importance": 0.51}, []),
        ({"importance": 0.5}, [5, 4, 3, 2, 1]),
    ],
    ids=str,
)
def test_feed_is_narrowed_down(lively: Room, asked: dict[str, object], expected: list[int]) -> None:
    rows = lively.storage.feed(**{"limit": 10, **asked})  # type: ignore[arg-type]
    assert [row.change.id for row in rows] == expected


def test_feed_of_one_release(lively: Room) -> None:
    rows = lively.storage.feed(release_id=lively.id_of(B), limit=10)
    assert [row.change.id for row in rows] == [5, 2]


def test_language_is_the_sources(storage: Storage) -> None:
    room = Room(storage=storage, source=Source(name="News", home="https://news.example/", language="fr"))
    room.watch()
    room.list(entry("a"))
    room.read(A, "un", kinds=[Kind.NEW])
    assert [row.language for row in storage.feed(limit=1)] == ["fr"]


def test_sources_are_named_by_their_ids_and_where_asked_for_those_that_are_watched_no_more(lively: Room) -> None:
    other = lively.storage.add_source(Source(name="Another", home="https://b.example/"), listings=[], now=NOON)
    lively.storage.remove_source("News", now=NOON)
    assert lively.storage.source_names() == {other: "Another"}
    assert list(lively.storage.source_names(removed=True).items()) == [(other, "Another"), (lively.source_id, "News")]


def test_database_has_an_id_that_lasts(url: str) -> None:
    with open_storage(url) as storage:
        first = storage.database_id()
    with open_storage(url) as storage:
        assert storage.database_id() == first
    assert len(first) == 16


def test_feed_is_narrowed_down_to_a_time_from_the_first_moment_to_before_the_last(lively: Room) -> None:
    times = {row.change.id: row.change.detected_at for row in lively.storage.feed(limit=10)}
    for since in times.values():
        for until in times.values():
            rows = lively.storage.feed(limit=10, since=since, until=until)
            assert {row.change.id for row in rows} == {n for n, at in times.items() if since <= at < until}
