"""What people and pages read: plain rows, in order, by filter and by page."""

from __future__ import annotations

from datetime import timedelta

import pytest
from storage_room import NOON, Room, entry

from scraper.model import Kind, Listing, Source, State
from storage import Unknown

A, B = "https://news.example/a", "https://news.example/b"


@pytest.fixture
def lively(room: Room) -> Room:
    """Four changes of two releases, an hour apart."""
    room.list(entry("a"), entry("b"))
    for url, paragraph, kind in (
        (A, "one", Kind.NEW),
        (B, "one", Kind.NEW),
        (A, "two", Kind.EDITED),
        (A, "three", Kind.SILENTLY_EDITED),
    ):
        room.read(url, paragraph, kinds=[kind])
        room.later(hours=1)
    return room


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, [1, 2, 3, 4]),
        ({"newest_first": True}, [4, 3, 2, 1]),
        ({"since": NOON + timedelta(hours=2)}, [3, 4]),
        ({"kinds": [Kind.NEW]}, [1, 2]),
        ({"kinds": [Kind.NEW, Kind.EDITED], "limit": 2, "newest_first": True}, [3, 2]),
        ({"source": "News"}, [1, 2, 3, 4]),
        ({"source": "'; DROP TABLE change; --"}, []),
        ({"limit": 0}, []),
    ],
    ids=str,
)
def test_changes_are_asked_for_by_filter(lively: Room, asked: dict[str, object], expected: list[int]) -> None:
    assert [change.id for change in lively.storage.changes(**asked)] == expected  # type: ignore[arg-type]


def test_changes_of_one_release(lively: Room) -> None:
    assert [change.id for change in lively.storage.changes(release_id=lively.id_of(B))] == [2]
    assert lively.storage.change(99) is None
    assert lively.storage.withdrawal_evidence(1) is None
    assert lively.storage.withdrawal_evidence(99) is None


def test_a_release_is_found_by_its_key(lively: Room) -> None:
    row = lively.storage.release_at("news.example/a")
    assert row is not None
    assert (row.url, row.state, row.source, row.revisions, row.current) == (A, State.LIVE, "News", 3, 3)
    assert row == lively.storage.release(row.id)
    assert lively.storage.release_at("nowhere") is None
    assert lively.storage.release(999) is None


def test_of_two_sources_that_know_an_address_the_one_that_read_it_answers(lively: Room) -> None:
    other = Source(name="Another", home="https://another.example/")
    lively.storage.add_source(other, listings=[], pages=[entry("a"), entry("c")], now=NOON)
    found = lively.storage.release_at("news.example/a")
    assert found is not None
    assert found.source == "News"
    assert lively.storage.release_at("news.example/c").source == "Another"  # type: ignore[union-attr]


def test_releases_come_last_found_first_by_page(lively: Room) -> None:
    storage = lively.storage
    assert [row.url for row in storage.releases()] == [B, A]
    first = storage.releases(limit=1)
    assert [row.url for row in storage.releases(before_id=first[0].id)] == [A]
    assert storage.releases(source="Nobody") == []
    assert storage.releases(states=[State.PENDING]) == []
    assert [row.url for row in storage.releases(source="News", limit=10)] == [B, A]


def test_the_revisions_of_a_release_come_with_what_led_to_them(lively: Room) -> None:
    a = lively.id_of(A)
    rows = lively.storage.revisions(a)
    assert [(row.number, row.change, row.words) for row in rows] == [
        (1, Kind.NEW, 1), (2, Kind.EDITED, 1), (3, Kind.SILENTLY_EDITED, 1),
    ]  # fmt: skip
    assert rows[0].size == 3
    assert lively.storage.revision(a, 2).release.text == "two"
    assert lively.storage.revisions(999) == []


def test_a_revision_that_is_not_there_is_unknown(lively: Room) -> None:
    with pytest.raises(Unknown):
        lively.storage.revision(lively.id_of(A), 4)
    with pytest.raises(Unknown):
        lively.storage.evidence(lively.id_of(A), 0)


def test_the_status_counts_what_there_is(lively: Room) -> None:
    lively.list(entry("a"), entry("b"), entry("c"))
    lively.fail("https://news.example/c", next_poll_at=lively.now)
    lively.storage.add_source(Source(name="P", home="https://p.example", paused=True), listings=[], now=lively.now)
    status = lively.storage.status(lively.now)
    assert (status.sources, status.paused, status.listings) == (2, 1, 1)
    assert status.releases == {State.PENDING: 1, State.LIVE: 2, State.WITHDRAWN: 0, State.IGNORED: 0}
    assert (status.revisions, status.changes) == (4, 4)
    assert (status.due, status.overdue_since) == (3, NOON + timedelta(hours=2))
    assert [page.url for page in status.failing] == ["https://news.example/c"]
    assert status.outbox == {"pending": 4, "delivered": 0, "dead": 0}
    assert status.oldest_pending == NOON
    assert (status.heartbeat_at, status.last_poll_at) == (None, lively.now)
    assert status.size > 0


def test_a_page_that_is_polled_no_more_does_not_fail_any_more(lively: Room) -> None:
    """A listing that was gone, and that another one replaced."""
    url = "https://news.example/c"
    lively.list(entry("a"), entry("b"), entry("c"))
    lively.fail(url, next_poll_at=lively.now)
    assert [page.url for page in lively.storage.status(lively.now).failing] == [url]
    lively.fail(url, next_poll_at=None)
    assert lively.storage.status(lively.now).failing == ()
    assert [row.failing for row in lively.storage.sources()] == [0]


def test_sources_are_counted_each_for_itself(lively: Room) -> None:
    other = Source(name="Another", home="https://another.example/")
    lively.storage.add_source(other, listings=[], pages=[entry("x")], now=NOON)
    another, news = lively.storage.sources()
    assert (another.source.name, another.listings, another.releases, another.pending) == ("Another", 0, 0, 1)
    assert (news.listings, news.releases, news.pending, news.failing) == (1, 2, 0, 0)
    assert (another.last_change_at, news.last_change_at) == (None, NOON + timedelta(hours=3))


def test_polls_are_shown_newest_first(lively: Room) -> None:
    storage = lively.storage
    assert len(storage.polls()) == 5
    assert [poll.url for poll in storage.polls(limit=2)] == [A, A]
    a = storage.release(lively.id_of(A))
    assert a is not None
    assert storage.polls(page_id=a.page_id) == storage.polls(release_id=a.id)
    poll = storage.polls(release_id=a.id)[-1]
    assert (poll.at, poll.outcome, poll.status, poll.received, poll.ms, poll.note) == (NOON, "changed", 200, 3, 5, "")


def test_listings_are_shown_in_their_order(room: Room) -> None:
    more = [Listing(url=f"https://news.example/{name}", kind="page", shapes=("s",)) for name in "zyx"]  # type: ignore[arg-type]
    room.storage.add_listings(room.source_id, more, now=NOON)
    rows = room.storage.listings(room.source_id)
    assert [row.url for row in rows] == [room.feed, *(each.url for each in more)]
    assert rows[1].shapes == ("s",)
