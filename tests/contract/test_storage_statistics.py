"""Sums over a source: by day and kind, by release, by outcome, by channel."""

from __future__ import annotations

from datetime import timedelta

import pytest
from storage_room import NOON, Room, entry, release

from scraper.model import Change, Kind, Origin, Precision, Revision, Stamp
from storage import DayCount

A, B, C = (f"https://news.example/{name}" for name in "abc")


@pytest.fixture
def lively(room: Room) -> Room:
    """Two releases that appeared, one of them edited after two hours and silently so a day later."""
    room.list(entry("a"), entry("b"))
    for url, paragraph, kind, hours in (
        (A, "one", Kind.NEW, 0),
        (B, "one", Kind.NEW, 0),
        (A, "two", Kind.EDITED, 2),
        (A, "three", Kind.SILENTLY_EDITED, 24),
    ):
        room.later(hours=hours)
        room.read(url, paragraph, kinds=[kind])
    return room


def test_changes_are_counted_by_day_and_kind(lively: Room) -> None:
    day = NOON.date()
    assert lively.storage.changes_by_day(1, since=NOON - timedelta(days=1)) == [
        DayCount(day=day, kind=Kind.EDITED, count=1),
        DayCount(day=day, kind=Kind.NEW, count=2),
        DayCount(day=day + timedelta(days=1), kind=Kind.SILENTLY_EDITED, count=1),
    ]
    assert [each.kind for each in lively.storage.changes_by_day(1, since=NOON + timedelta(hours=3))] == [
        Kind.SILENTLY_EDITED
    ]
    assert lively.storage.changes_by_day(2, since=NOON) == []


def test_edits_are_counted_by_release_with_the_time_to_the_first(lively: Room) -> None:
    found = lively.storage.edits(1)
    assert (found.edited, found.silently, found.waits) == (1, 1, (timedelta(hours=2),))
    nothing = lively.storage.edits(2)
    assert (nothing.edited, nothing.silently, nothing.waits) == (0, 0, ())


@pytest.mark.parametrize("precision", Precision)
def test_times_of_publication_are_those_that_tell_an_hour(room: Room, precision: Precision) -> None:
    at = NOON - timedelta(hours=1)
    read = release("one", published=Stamp(at=at, precision=precision, raw="", origin=Origin.TEXT))
    room.list(entry("a"))
    room.read(A, revision=Revision(number=1, release=read, digest="d", recipe=1, observed_at=NOON))
    assert room.storage.publication_times(1) == ([] if precision.is_date else [at])
    assert room.storage.publication_times(2) == []


def test_times_of_first_sight_are_those_of_narrow_windows(lively: Room) -> None:
    lively.later(hours=1)
    lively.list(entry("c"))
    lively.read(C, "one", changes=(new(lively, before=timedelta(minutes=30)),))
    assert lively.storage.first_seen_times(1, within=timedelta(hours=1)) == [lively.now]
    assert lively.storage.first_seen_times(1, within=timedelta(minutes=29)) == []


def new(room: Room, *, before: timedelta) -> Change:
    return Change(
        kind=Kind.NEW, not_before=room.now - before, not_after=room.now, title="C", url=C, revision_from=None,
        revision_to=1,
    )  # fmt: skip


def test_looks_and_costs_are_counted_since_a_moment(lively: Room) -> None:
    storage = lively.storage
    looks = storage.looks(1, since=NOON - timedelta(days=1))
    (cost,) = storage.costs(since=NOON - timedelta(days=1))
    assert cost.requests == sum(each.count for each in looks) >= 4
    assert cost.received == sum(each.received for each in looks)
    assert (cost.source_id, cost.source) == (1, "News")
    assert storage.costs(since=NOON + timedelta(days=9)) == storage.looks(1, since=NOON + timedelta(days=9)) == []


def test_what_is_not_delivered_is_counted_by_channel(lively: Room) -> None:
    (queue,) = lively.storage.queues()
    assert (queue.channel, queue.pending, queue.dead, queue.oldest_pending) == ("console", 4, 0, NOON)
    claimed = lively.storage.claim_deliveries(now=lively.now, owner="me", lease=timedelta(minutes=1))
    for delivery in claimed:
        lively.storage.delivery_failed(delivery.id, owner="me", at=lively.now, error="refused", next_attempt_at=None)
    (queue,) = lively.storage.queues()
    assert (queue.pending, queue.dead) == (4 - len(claimed), len(claimed))
    assert queue.last_error is None, "what waits was not tried"


def test_what_waits_tells_what_it_met_and_when_the_next_may_be_sent(lively: Room) -> None:
    later = lively.now + timedelta(hours=5)
    for delivery in lively.storage.claim_deliveries(now=lively.now, owner="me", lease=timedelta(minutes=1)):
        lively.storage.delivery_failed(delivery.id, owner="me", at=lively.now, error="refused", next_attempt_at=later)
    (queue,) = lively.storage.queues()
    assert (queue.pending, queue.last_error) == (4, "refused")
    assert queue.next_attempt_at is not None
    assert queue.next_attempt_at <= later


def test_one_source_is_told_as_it_is_among_all(lively: Room) -> None:
    assert lively.storage.sources(source_id=1) == lively.storage.sources()
    assert lively.storage.sources(source_id=2) == []


def test_revisions_are_found_by_their_id_and_texts_by_number(lively: Room) -> None:
    storage = lively.storage
    release_id = lively.id_of(A)
    rows = storage.revisions(release_id)
    assert [storage.revision_place(row.id) for row in rows] == [(release_id, row.number) for row in rows]
    assert storage.revision_place(99) is None
    texts = storage.revision_texts(release_id, {1, 3, 9})
    assert {number: text.text for number, text in texts.items()} == {1: "one", 3: "three"}
    assert storage.revision_texts(release_id, ()) == {}
