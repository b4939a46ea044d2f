"""A clock that was ahead and is set right: what waited for its times goes on, and what has its own time keeps it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from storage_room import NOON, Room, entry

from scraper.model import Failed, Failure, Kind, Outcome, Pulse, State
from storage import Appointment, FeedRow, Router, Way
from storage.schema import Outbox

URL = "https://news.example/a"
YEAR = timedelta(days=365)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
LEASE = timedelta(minutes=3)


@pytest.fixture
def read(room: Room) -> Room:
    """A newsroom whose feed and only release were looked at at noon, and are due in an hour."""
    room.list(entry("a"))
    room.read(URL, "one")
    room.let_go()
    return room


def set_right(room: Room, **more: timedelta) -> None:
    room.now = NOON + timedelta(minutes=10)
    room.storage.set_right(room.now, **{"pause": DAY, "lease": LEASE, "retry": DAY, **more})


def due(room: Room) -> set[str]:
    return {page.url for page in room.claim()}


def claimed(room: Room) -> list[int]:
    return [each.id for each in room.storage.claim_deliveries(now=room.now, owner="w", lease=LEASE)]


def test_what_was_looked_at_in_the_future_and_what_was_found_there_is_due(read: Room) -> None:
    read.now += YEAR
    read.list(entry("a"), entry("b"))
    read.let_go()
    set_right(read)
    assert due(read) == {read.feed, "https://news.example/b"}, "the release that was not looked at waits for its time"


def test_nothing_is_looked_at_sooner_where_the_clock_was_right(read: Room) -> None:
    read.now += timedelta(seconds=30)
    read.storage.set_right(NOON, pause=DAY, lease=LEASE, retry=DAY)
    assert due(read) == set()
    read.now = NOON + HOUR
    assert due(read) == {read.feed, URL}


def test_a_lease_of_the_future_ends_after_the_longest_one(read: Room) -> None:
    read.now += YEAR
    read.claim(everything=True)
    set_right(read)
    read.now = NOON + HOUR
    assert due(read) == {read.feed, URL}


@pytest.mark.parametrize(("failure", "waits"), [(Failure.THROTTLED, DAY), (Failure.SERVER, timedelta())])
def test_a_host_that_asks_to_be_left_alone_is_so_for_no_longer_than_it_can_ask_for(
    read: Room, failure: Failure, waits: timedelta
) -> None:
    read.now += YEAR
    page = read.page(URL)
    failed = Failed(at=read.now, failure=failure, detail="")
    read.record(page, failed, Outcome(state=State.LIVE, url=URL, key=URL, failed=failed), pulse=Pulse(failures=1))
    read.let_go()
    set_right(read)
    assert read.storage.next_due_at(read.now) == read.now + waits


def edit(room: Room, **more: Any) -> list[int]:
    return room.read(URL, f"text at {room.now}", kinds=[Kind.EDITED], **more)


def told_at(room: Room) -> list[datetime]:
    """When what waits is due."""
    with room.storage._database.transaction(writes=False) as connection:
        return list(connection.execute(select(Outbox.next_attempt_at).order_by(Outbox.id)).scalars())


def test_what_was_decided_in_the_future_is_told_after_as_long_as_it_was_to_wait(read: Room) -> None:
    read.now += YEAR
    edit(read, channels=("desk",))
    night = (read.now - HOUR, read.now + 8 * HOUR)
    edit(read, router=Router(ask=lambda _row, _at: [Way(channel="mail", quiet=(night,))]))
    set_right(read)
    assert told_at(read) == [read.now, read.now + 8 * HOUR]


def test_a_digest_that_was_begun_at_the_right_time_keeps_its_own(read: Room) -> None:
    monday = NOON + 9 * DAY

    def weekly(_row: FeedRow, _at: datetime) -> list[Way]:
        return [Way(channel="mail", digest=Appointment(name="weekly", due_at=monday))]

    edit(read, router=Router(ask=weekly))
    set_right(read)
    assert told_at(read) == [monday]
    assert claimed(read) == []


def test_a_notification_that_was_not_taken_in_the_future_waits_for_no_longer_than_an_attempt_may(read: Room) -> None:
    edit(read, channels=("desk",))
    read.now += YEAR
    (delivery,) = read.storage.claim_deliveries(now=read.now, owner="w", lease=LEASE)
    read.storage.delivery_failed(delivery.id, owner="w", at=read.now, error="500", next_attempt_at=read.now + HOUR)
    set_right(read)
    assert told_at(read) == [read.now + DAY]


def test_a_notification_that_was_claimed_in_the_future_is_claimed_again_after_the_longest_lease(read: Room) -> None:
    edit(read, channels=("desk",))
    read.now += YEAR
    ids = claimed(read)
    set_right(read)
    assert claimed(read) == []
    read.now += LEASE
    assert claimed(read) == ids
