"""Notifications leave in order for each release and channel, at least once, until they are delivered or dead."""

from __future__ import annotations

from datetime import timedelta

import pytest
from storage_room import NOON, Room, entry

from scraper.model import Kind
from storage import Delivery, LeaseLost

A, B = "https://news.example/a", "https://news.example/b"
LEASE = timedelta(minutes=1)


@pytest.fixture
def told(room: Room) -> Room:
    """Release A has two changes for two channels, release B one."""
    room.list(entry("a"), entry("b"))
    for paragraph, kind in (("one", Kind.NEW), ("two", Kind.EDITED)):
        room.read(A, paragraph, kinds=[kind], channels=("console", "desk"))
    room.read(B, "one", kinds=[Kind.NEW], channels=("console", "desk"))
    return room


def claim(room: Room, owner: str = "w", **more: object) -> list[Delivery]:
    """What is to be sent now."""
    arguments = {"now": room.now, "owner": owner, "lease": LEASE, **more}
    return room.storage.claim_deliveries(**arguments)  # type: ignore[arg-type]  # as each test wants


def names(deliveries: list[Delivery]) -> list[tuple[str, int, str]]:
    """Channel, release and kind."""
    return [(each.channel, each.subject.release_id, each.subject.kind) for each in deliveries]


def test_only_the_first_undelivered_of_each_release_and_channel_is_handed_out(told: Room) -> None:
    a, b = told.id_of(A), told.id_of(B)
    assert names(claim(told)) == [
        ("console", a, "new"), ("desk", a, "new"), ("console", b, "new"), ("desk", b, "new"),
    ]  # fmt: skip


def test_the_next_follows_when_the_one_before_was_delivered(told: Room) -> None:
    first = next(each for each in claim(told) if each.channel == "desk")
    assert claim(told) == []
    told.storage.delivered([first.id], owner="w", at=told.now)
    assert names(claim(told)) == [("desk", told.id_of(A), "edited")]


def test_a_notification_is_leased_to_one_owner(told: Room) -> None:
    assert len(claim(told, "one", limit=3)) == 3
    assert len(claim(told, "two", limit=3)) == 1
    assert claim(told, "three") == []
    assert told.storage.lease_owners(told.now) == ["one", "two", "worker-1"]


def test_what_was_claimed_and_never_sent_is_claimed_again_with_the_same_key(told: Room) -> None:
    before = claim(told, "crashed")
    told.later(minutes=1)
    assert claim(told, "alive") == before


def test_a_late_owner_marks_nothing(told: Room) -> None:
    (late, *_) = claim(told, "late")
    told.later(minutes=2)
    claim(told, "other")
    assert told.storage.delivered([late.id], owner="late", at=told.now) == [late.id]
    with pytest.raises(LeaseLost):
        told.storage.delivery_failed(late.id, owner="late", at=told.now, error="x", next_attempt_at=None)


def test_the_leases_of_a_dead_owner_can_be_freed(told: Room) -> None:
    claim(told, "dead")
    told.storage.free_leases("dead", now=told.now)
    assert len(claim(told, "alive")) == 4


def test_a_failed_notification_waits_and_holds_back_the_next_of_its_release(told: Room) -> None:
    first, *rest = claim(told)
    later = told.now + timedelta(minutes=5)
    told.storage.delivery_failed(first.id, owner="w", at=told.now, error="500 \0", next_attempt_at=later)
    for each in rest:
        told.storage.delivered([each.id], owner="w", at=told.now)
    assert names(claim(told)) == [("desk", told.id_of(A), "edited")]
    assert told.storage.next_attempt_at() == told.now
    told.now = later
    (again,) = (each for each in claim(told) if each.id == first.id)
    assert (again.attempts, again.key) == (1, first.key)


def test_a_dead_notification_holds_back_nothing_and_can_be_seen(told: Room) -> None:
    first = claim(told)[0]
    told.storage.delivery_failed(first.id, owner="w", at=told.now, error="410 Gone", next_attempt_at=None)
    assert names(claim(told)) == [("console", told.id_of(A), "edited")]
    (dead,) = told.storage.dead_letters()
    assert (dead.id, dead.key, dead.channel, dead.attempts, dead.last_error) == (
        first.id,
        first.key,
        "console",
        1,
        "410 Gone",
    )
    assert dead.subject == first.subject
    assert told.storage.outbox_counts() == {"pending": 5, "delivered": 0, "dead": 1}


def test_dead_and_delivered_notifications_can_be_sent_again_under_their_keys(told: Room) -> None:
    dead, done, *_ = claim(told)
    told.storage.delivery_failed(dead.id, owner="w", at=told.now, error="x", next_attempt_at=None)
    told.storage.delivered([done.id], owner="w", at=told.now)
    assert told.storage.resend([dead.id, done.id, 999], now=told.now) == 2
    again = {each.id: each for each in claim(told)}
    assert (again[dead.id].key, again[dead.id].attempts) == (dead.key, 0)
    assert again[done.id].key == done.key
    assert told.storage.resend([], now=told.now) == 0


def test_a_channel_can_be_claimed_alone(told: Room) -> None:
    assert {each.channel for each in claim(told, channel="desk")} == {"desk"}


def test_only_channels_with_something_to_send_are_due(told: Room) -> None:
    assert told.storage.due_channels(told.now - timedelta(seconds=1)) == []
    assert told.storage.due_channels(told.now) == ["console", "desk"]
    assert told.storage.due_channels(told.now, but=["console"]) == ["desk"]
    (first, other) = claim(told, channel="desk")
    assert told.storage.due_channels(told.now) == ["console"]
    later = told.now + timedelta(hours=1)
    told.storage.delivery_failed(first.id, owner="w", at=told.now, error="500", next_attempt_at=later)
    assert told.storage.due_channels(told.now) == ["console"], "the next of that release waits behind it"
    told.storage.free_deliveries([other.id], owner="w")
    assert told.storage.due_channels(told.now) == ["console", "desk"]


def test_what_was_claimed_can_be_given_back_by_its_owner_only(told: Room) -> None:
    ids = [each.id for each in claim(told, "one")]
    told.storage.free_deliveries(ids, owner="two")
    assert claim(told, "two") == []
    told.storage.free_deliveries(ids[1:], owner="one")
    assert [each.id for each in claim(told, "two")] == ids[1:]


def test_several_are_marked_at_once_but_for_those_that_are_anothers(told: Room) -> None:
    ids = [each.id for each in claim(told, "one")]
    told.storage.free_deliveries(ids[:1], owner="one")
    assert told.storage.delivered(ids, owner="one", at=told.now) == ids[:1]
    assert told.storage.outbox_counts() == {"pending": 3, "delivered": 3, "dead": 0}


def test_a_change_without_a_channel_tells_nobody(room: Room) -> None:
    room.list(entry("a"))
    room.read(A, "one", kinds=[Kind.NEW], channels=())
    assert claim(room) == []
    assert room.storage.next_attempt_at() is None


def test_keys_differ_between_channels_changes_and_databases(
    told: Room, tmp_path_factory: pytest.TempPathFactory
) -> None:
    from storage import open_storage  # noqa: PLC0415

    keys = [each.key for each in claim(told)]
    assert len(set(keys)) == len(keys)
    assert all(key.startswith("chg_") and key.endswith((".console", ".desk")) for key in keys)
    with open_storage(f"sqlite:///{tmp_path_factory.mktemp('other')}/other.db") as storage:
        other = Room(storage=storage)
        other.watch()
        other.list(entry("a"))
        other.read(A, "one", kinds=[Kind.NEW], channels=("console", "desk"))
        assert not {each.key for each in claim(other)} & set(keys)


def test_delivered_notifications_and_old_polls_can_be_thrown_away(told: Room) -> None:
    first = claim(told)[0]
    told.storage.delivered([first.id], owner="w", at=told.now)
    told.later(days=30)
    told.unmodified(A)
    day_before = told.now - timedelta(days=1)
    kept = told.storage.prune(polls_before=None, delivered_before=None)
    assert (kept.polls, kept.deliveries) == (0, 0)
    gone = told.storage.prune(polls_before=day_before, delivered_before=day_before)
    assert (gone.polls, gone.deliveries) == (4, 1)
    assert [poll.at for poll in told.storage.polls()] == [told.now]
    assert told.storage.outbox_counts() == {"pending": 5, "delivered": 0, "dead": 0}
    assert len(told.storage.changes()) == 3
    assert told.now > NOON
