"""Hosts that only redirects led to are forgotten; none that anything depends on is."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import delete
from storage_room import LEASE, NOON, Room, entry

from scraper.model import Role
from storage import Robots
from storage.hosts import meet
from storage.pages import add_pages
from storage.schema import Host

ELSEWHERE = "elsewhere.example"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SAID = Robots(status=200, text="User-agent: *\nCrawl-delay: 5\n", at=NOON, ok_at=NOON)


def lead(room: Room, host: str = ELSEWHERE) -> None:
    """A redirect leads to a host, which says what it allows and is given back."""
    assert room.storage.take(host, room.owner, now=room.now, lease=LEASE) is None
    room.storage.keep_robots(host, SAID)
    room.let_go(host)


def say_again(room: Room) -> None:
    """The host's robots.txt is asked for."""
    room.storage.keep_robots(ELSEWHERE, Robots(status=404, text=None, at=room.now, ok_at=room.now))


def pause(room: Room) -> None:
    """It wants to be left alone for two days."""
    room.storage.take(ELSEWHERE, room.owner, now=room.now, lease=LEASE)
    room.storage.let_go(ELSEWHERE, room.owner, next_at=room.now + 2 * DAY)


def visit(room: Room) -> None:
    """Somebody holds its lease."""
    room.storage.take(ELSEWHERE, room.owner, now=room.now, lease=LEASE)


def test_a_host_without_pages_is_forgotten_a_day_after_it_was_spoken_to(room: Room) -> None:
    for number in range(3):
        lead(room, f"h{number}.example")
    assert room.storage.forget_hosts(NOON + DAY) == 0
    assert room.storage.forget_hosts(NOON + DAY + HOUR) == 3
    assert room.storage.robots("h0.example") is None
    assert room.storage.forget_hosts(NOON + DAY + HOUR) == 0
    lead(room)  # as one that was never met


def test_more_hosts_than_fit_into_one_transaction_are_forgotten(room: Room) -> None:
    with room.storage._database.transaction(writes=True) as connection:
        meet(room.storage._database, connection, [f"h{number}.example" for number in range(1_100)])
    assert room.storage.forget_hosts(NOON) == 1_100


def test_a_host_with_pages_is_never_forgotten(room: Room) -> None:
    lead(room)
    room.list(entry("a", host=ELSEWHERE))
    assert room.storage.forget_hosts(NOON + 99 * DAY) == 0
    assert room.storage.robots(ELSEWHERE) == SAID


@pytest.mark.parametrize("happens", [say_again, pause, visit])
def test_a_host_that_is_spoken_to_again_is_kept_for_as_long(room: Room, happens: Callable[[Room], None]) -> None:
    lead(room)
    room.later(hours=23)
    happens(room)
    assert room.storage.forget_hosts(NOON + DAY + HOUR) == 0
    assert room.storage.forget_hosts(NOON + 9 * DAY) == 1


@pytest.mark.parametrize("adds", ["a page", "nothing yet"])
def test_a_host_that_somebody_is_about_to_add_a_page_of_is_not_forgotten(room: Room, adds: str, url: str) -> None:
    """Neither fails: the one who adds it waits, or the one who forgets leaves it alone."""
    lead(room)
    page = (f"https://{ELSEWHERE}/a", NOON)
    database = room.storage._database
    with ThreadPoolExecutor(1) as other, database.transaction(writes=True) as connection:
        if adds == "a page":
            add_pages(database, connection, room.source_id, Role.RELEASE, [page])
        else:
            meet(database, connection, [ELSEWHERE])
        forgotten = other.submit(room.storage.forget_hosts, NOON + 9 * DAY)
        if url.startswith("postgresql"):
            forgotten.result(timeout=60)
        else:
            time.sleep(0.1)
            assert not forgotten.done(), "SQLite has one writer at a time"
        if adds != "a page":
            add_pages(database, connection, room.source_id, Role.RELEASE, [page])
        connection.commit()
        assert forgotten.result() == 0
    assert room.storage.robots(ELSEWHERE) == SAID


def test_a_host_that_is_just_being_forgotten_is_met_anew(room: Room) -> None:
    lead(room)
    database = room.storage._database

    def add() -> None:
        with database.transaction(writes=True) as connection:
            add_pages(database, connection, room.source_id, Role.RELEASE, [(f"https://{ELSEWHERE}/a", NOON)])

    with ThreadPoolExecutor(1) as other, database.transaction(writes=True) as connection:
        connection.execute(delete(Host).where(Host.name == ELSEWHERE))
        added = other.submit(add)
        time.sleep(0.1)
        assert not added.done()
        connection.commit()
        added.result()
    assert room.storage.robots(ELSEWHERE) is None
    assert room.storage.forget_hosts(NOON + 9 * DAY) == 0
