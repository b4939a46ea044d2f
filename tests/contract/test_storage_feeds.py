"""What feeds read: changes with the texts before and after them, newest first, by filter and by page."""

from __future__ import annotations

from dataclasses import replace

import pytest
from storage_room import NOON, Room, entry

from scraper.model import Kind, Source
from storage import Selection, Storage, open_storage

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
    rows = lively.storage.stream(Selection(), limit=10).rows
    told = [(row.change.id, row.before and row.before.read().text, row.after and row.after.read().text) for row in rows]
    assert told == [(5, None, None), (4, "two", "three"), (3, "one", "two"), (2, None, "one"), (1, None, "one")]
    assert [row.change for row in rows] == lively.storage.changes(newest_first=True)


@pytest.mark.parametrize(
    ("wanted", "before", "expected"),
    [
        (Selection(), None, [5, 4, 3, 2, 1]),
        (Selection(), 3, [2, 1]),
        (Selection(kinds=(Kind.NEW, Kind.WITHDRAWN)), None, [5, 2, 1]),
        (Selection(source_ids=(1,)), None, [5, 4, 3, 2, 1]),
        (Selection(source_ids=(2, 99)), None, []),
        (Selection(importance=0.51), None, []),
        (Selection(importance=0.5), None, [5, 4, 3, 2, 1]),
    ],
    ids=str,
)
def test_feed_is_narrowed_down(lively: Room, wanted: Selection, before: int | None, expected: list[int]) -> None:
    page = lively.storage.stream(replace(wanted, told=True), before_id=before, limit=10)
    assert ([row.change.id for row in page.rows], page.next) == (expected, None)


def test_feed_of_one_release(lively: Room) -> None:
    page = lively.storage.stream(Selection(release_id=lively.id_of(B), told=True), limit=10)
    assert [row.change.id for row in page.rows] == [5, 2]


def test_language_is_the_sources(storage: Storage) -> None:
    room = Room(storage=storage, source=Source(name="News", home="https://news.example/", language="fr"))
    room.watch()
    room.list(entry("a"))
    room.read(A, "un", kinds=[Kind.NEW])
    assert [row.language for row in storage.stream(Selection(), limit=1).rows] == ["fr"]


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
