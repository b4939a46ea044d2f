"""A channel that takes nothing is told to the others once, and once when it works again."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from storage_room import NOON, Room, entry

from scraper.model import HealthKind, HealthPhase, Kind, Trouble, Turn
from storage import ChangeRow, Delivery, LeaseLost, Physician, Streak, Told, Watchman, open_storage

PAGES = ("a", "b", "c", "d")
LEASE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def judge(streak: Streak, now: datetime) -> Trouble:
    """Three failures in a row, however soon."""
    return Trouble(
        kind=HealthKind.STUCK, subject=streak.channel, detail=f"{streak.attempts} since {streak.since}: {streak.error}",
        advice="look", sure=streak.attempts >= 3,
    )  # fmt: skip


def watchman(*told: str) -> Watchman:
    return Watchman(judge=judge, told=lambda channel: [each for each in told if each != channel])


ALL = watchman("desk", "mail")


@pytest.fixture
def telling(room: Room) -> Room:
    """Four releases, of each of which two channels are to be told."""
    room.list(*map(entry, PAGES))
    for path in PAGES:
        room.read(f"https://news.example/{path}", "one", kinds=[Kind.NEW], channels=("desk", "mail"))
    return room


def claim(room: Room, channel: str, owner: str = "w") -> list[Delivery]:
    return room.storage.claim_deliveries(now=room.now, owner=owner, lease=LEASE, channel=channel)


def fail(room: Room, channel: str, times: int = 3, *, who: Watchman = ALL, error: str = "503") -> None:
    """So many attempts of a channel that fail; what failed is due again at once."""
    for _ in range(times):
        first, *others = claim(room, channel)
        room.storage.free_deliveries([each.id for each in others], owner="w")
        room.storage.delivery_failed(
            first.id, owner="w", at=room.now, error=error, next_attempt_at=room.now, watchman=who
        )  # fmt: skip
        room.later(minutes=1)


def succeed(room: Room, channel: str, *, who: Watchman = ALL) -> list[tuple[HealthPhase, str]]:
    """Everything for a channel is taken. What it is told of channels."""
    found = []
    while claimed := claim(room, channel):
        found += [
            (each.subject.phase, each.subject.health.subject) for each in claimed if isinstance(each.subject, Told)
        ]
        room.storage.delivered([each.id for each in claimed], owner="w", at=room.now, watchman=who)
    return found


def change_of(delivery: Delivery) -> int:
    assert isinstance(delivery.subject, ChangeRow)
    return delivery.subject.id


def troubles(room: Room) -> list[tuple[HealthKind, str, bool]]:
    """Kind and subject of each, and whether it is over; the first begun first."""
    return [(row.kind, row.subject, row.ended_at is not None) for row in reversed(room.storage.health())]


def test_a_stuck_channel_is_told_to_the_others_once_and_once_when_it_works_again(telling: Room) -> None:
    fail(telling, "desk", 7)
    assert succeed(telling, "mail") == [(HealthPhase.BEGAN, "desk")]
    fail(telling, "desk", 3)
    assert succeed(telling, "desk") == [], "it is told nothing of itself"
    assert succeed(telling, "mail") == [(HealthPhase.ENDED, "desk")]
    (row,) = telling.storage.health()
    assert (row.source, row.began_at) == (None, NOON + timedelta(minutes=2))
    assert row.detail == f"10 since {NOON}: 503", "the words follow what holds"
    assert troubles(telling) == [(HealthKind.STUCK, "desk", True)]


def test_the_next_outage_is_told_anew(telling: Room) -> None:
    for _ in range(2):
        fail(telling, "desk")
        succeed(telling, "mail")
        succeed(telling, "desk")
        assert succeed(telling, "mail") == [(HealthPhase.ENDED, "desk")]
        telling.read("https://news.example/a", f"at {telling.now}", kinds=[Kind.EDITED], channels=("desk", "mail"))
    assert troubles(telling) == [(HealthKind.STUCK, "desk", True)] * 2


def postpone(room: Room, channel: str) -> None:
    """An attempt at each that is due fails, to be tried again tomorrow."""
    for each in claim(room, channel):
        room.storage.delivery_failed(
            each.id, owner="w", at=room.now, error="503", next_attempt_at=room.now + 24 * HOUR, watchman=ALL
        )  # fmt: skip


def test_what_failed_while_a_channel_was_stuck_is_due_when_it_works_again(telling: Room) -> None:
    """Not a day later, and in its order; what has its time still waits for it."""
    postpone(telling, "desk")
    assert troubles(telling) == [(HealthKind.STUCK, "desk", False)]
    assert claim(telling, "desk") == []
    telling.storage.channel_works("desk", at=telling.now, watchman=ALL)
    assert [change_of(each) for each in claim(telling, "desk")] == [1, 2, 3, 4]


def test_what_a_channel_refused_once_is_due_when_a_test_message_finds_that_it_works(telling: Room) -> None:
    """Though it was never stuck: whoever tried it waits for what is to come."""
    (first, *others) = claim(telling, "desk")
    telling.storage.free_deliveries([each.id for each in others], owner="w")
    telling.storage.delivery_failed(
        first.id, owner="w", at=telling.now, error="503", next_attempt_at=telling.now + HOUR, watchman=ALL
    )  # fmt: skip
    telling.storage.channel_works("desk", at=telling.now, watchman=ALL)
    assert [change_of(each) for each in claim(telling, "desk")] == [1, 2, 3, 4]


def test_what_failed_by_itself_while_others_were_taken_keeps_its_time(telling: Room) -> None:
    (first, *others) = claim(telling, "desk")
    tomorrow = telling.now + 24 * HOUR
    telling.storage.delivery_failed(
        first.id, owner="w", at=telling.now, error="400", next_attempt_at=tomorrow, watchman=ALL
    )  # fmt: skip
    telling.storage.delivered([each.id for each in others], owner="w", at=telling.now, watchman=ALL)
    assert claim(telling, "desk") == []


def test_what_is_taken_in_between_begins_the_count_anew(telling: Room) -> None:
    fail(telling, "desk", 2)
    (first, *others) = claim(telling, "desk")
    telling.storage.delivered([first.id], owner="w", at=telling.now, watchman=ALL)
    telling.storage.free_deliveries([each.id for each in others], owner="w")
    fail(telling, "desk", 2)
    assert troubles(telling) == []
    fail(telling, "desk", 1)
    assert troubles(telling) == [(HealthKind.STUCK, "desk", False)]


def test_the_same_outage_is_told_under_the_same_keys_however_often_it_is_tried(telling: Room) -> None:
    fail(telling, "desk")
    (before,) = (each for each in claim(telling, "mail") if isinstance(each.subject, Told))
    telling.storage.free_leases("w", now=telling.now)
    (again,) = (each for each in claim(telling, "mail") if isinstance(each.subject, Told))
    assert before.key == again.key


def test_where_all_channels_fail_each_outage_is_one_message_and_comes_to_nothing_further(telling: Room) -> None:
    for _ in range(10):
        fail(telling, "desk", 1)
        fail(telling, "mail", 1)
    assert troubles(telling) == [(HealthKind.STUCK, "desk", False), (HealthKind.STUCK, "mail", False)]
    waiting = telling.storage.outbox_counts()["pending"]
    assert waiting == 2 * len(PAGES) + 2, "one of each channel to the other"
    assert succeed(telling, "desk") == [(HealthPhase.BEGAN, "mail")]
    # Of what is over, who could not be told of its begin is told nothing at all.
    assert succeed(telling, "mail") == []
    assert succeed(telling, "desk") == [(HealthPhase.ENDED, "mail")]
    assert telling.storage.outbox_counts()["pending"] == 0
    assert [over for *_, over in troubles(telling)] == [True, True]


@pytest.mark.parametrize("perhaps", [False, True], ids=["refused", "without an answer"])
def test_a_begin_that_failed_is_told_further_only_where_it_may_have_been_taken(telling: Room, *, perhaps: bool) -> None:
    fail(telling, "desk")
    for n in range(2):
        for each in claim(telling, "mail"):
            telling.storage.delivery_failed(
                each.id, owner="w", at=telling.now, error="503", next_attempt_at=telling.now,
                perhaps_taken=perhaps and n == 0, watchman=watchman(),
            )  # fmt: skip
    assert succeed(telling, "desk") == []
    both = [(HealthPhase.BEGAN, "desk"), (HealthPhase.ENDED, "desk")]
    assert succeed(telling, "mail") == (both if perhaps else [])


def test_a_begin_that_is_just_being_sent_is_followed_by_its_end(telling: Room) -> None:
    fail(telling, "desk")
    (began,) = (each for each in claim(telling, "mail", "other") if isinstance(each.subject, Told))
    succeed(telling, "desk")
    telling.storage.delivered([began.id], owner="other", at=telling.now, watchman=ALL)
    assert (HealthPhase.ENDED, "desk") in succeed(telling, "mail")


def test_the_trouble_is_written_with_the_attempt_or_not_at_all(telling: Room) -> None:
    def broken(_channel: str) -> Sequence[str]:
        raise ZeroDivisionError

    fail(telling, "desk", 2)
    (first, *_) = claim(telling, "desk")
    who = Watchman(judge=judge, told=broken)
    with pytest.raises(ZeroDivisionError):
        telling.storage.delivery_failed(
            first.id, owner="w", at=telling.now, error="x", next_attempt_at=telling.now, watchman=who
        )
    assert troubles(telling) == []
    telling.storage.free_leases("w", now=telling.now)
    assert max(each.attempts for each in claim(telling, "desk")) == 2


def test_who_lost_the_lease_counts_nothing(telling: Room) -> None:
    (late, *_) = claim(telling, "desk", "late")
    telling.later(minutes=2)
    claim(telling, "desk", "other")
    once = Watchman(judge=lambda streak, now: judge(Streak(channel="desk", since=now, attempts=3, error=""), now),
                    told=lambda _: ())  # fmt: skip
    with pytest.raises(LeaseLost):
        telling.storage.delivery_failed(
            late.id, owner="late", at=telling.now, error="x", next_attempt_at=None, watchman=once
        )
    assert troubles(telling) == []


def test_two_processes_that_fail_at_the_same_time_begin_one_outage(telling: Room, url: str) -> None:
    fail(telling, "desk", 2)
    claimed = claim(telling, "desk")

    def attempt(each: Delivery) -> None:
        patient.delivery_failed(
            each.id, owner="w", at=telling.now, error="503", next_attempt_at=telling.now, watchman=ALL
        )

    with open_storage(url) as patient, ThreadPoolExecutor(4) as several:
        list(several.map(attempt, claimed))
    assert troubles(telling) == [(HealthKind.STUCK, "desk", False)]
    assert succeed(telling, "mail") == [(HealthPhase.BEGAN, "desk")]


def test_a_channel_that_took_a_test_message_works_again(telling: Room) -> None:
    fail(telling, "desk")
    succeed(telling, "mail")
    telling.storage.channel_works("desk", at=telling.now, watchman=ALL)
    telling.storage.channel_works("mail", at=telling.now, watchman=ALL)
    assert succeed(telling, "mail") == [(HealthPhase.ENDED, "desk")]


def test_a_channel_that_is_no_more_and_for_which_nothing_waits_is_forgotten_without_a_word(telling: Room) -> None:
    fail(telling, "desk")
    succeed(telling, "mail")
    telling.storage.forget_outages(but=["mail"], at=telling.now)
    assert troubles(telling) == [(HealthKind.STUCK, "desk", False)], "something waits for it"
    for each in claim(telling, "desk"):
        telling.storage.delivery_failed(
            each.id, owner="w", at=telling.now, error="none", next_attempt_at=None, watchman=ALL
        )
    telling.storage.forget_outages(but=["mail", "desk"], at=telling.now)
    assert troubles(telling) == [(HealthKind.STUCK, "desk", False)]
    telling.storage.forget_outages(but=["mail"], at=telling.now)
    assert troubles(telling) == [(HealthKind.STUCK, "desk", True)]
    assert succeed(telling, "mail") == []


def test_what_is_configured_and_leads_nowhere_has_nothing_to_do_with_it(telling: Room) -> None:
    fail(telling, "desk")
    telling.storage.record_unwatched({}, now=telling.now, channels=())
    assert troubles(telling) == [(HealthKind.STUCK, "desk", False)]


def test_a_hostile_error_is_kept_as_far_as_a_database_takes_it(telling: Room) -> None:
    fail(telling, "desk", 4, error="\0 \ud800 '); DROP TABLE outage; --")
    (row,) = telling.storage.health()
    assert "DROP TABLE outage" in row.detail


def test_without_a_watchman_nobody_minds(telling: Room) -> None:
    for _ in range(4):
        (first, *others) = claim(telling, "desk")
        telling.storage.free_deliveries([each.id for each in others], owner="w")
        telling.storage.delivery_failed(first.id, owner="w", at=telling.now, error="x", next_attempt_at=telling.now)
    assert troubles(telling) == []
    assert isinstance(claim(telling, "desk")[0].subject, ChangeRow)
    assert Physician(judge=lambda _known, _now: Turn()).channels == ()
