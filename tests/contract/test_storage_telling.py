"""Changes are told by their ways: at once, held, together in digests, in a summary where they are too many, or not."""

from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from storage_room import NOON, Room, entry

from scraper.model import Batching, Kind
from storage import Appointment, ChangeRow, Delivery, DigestRow, FeedRow, Router, Storage, Way
from storage.digests import join_digest

HOUR = timedelta(hours=1)
EVENING = NOON + 8 * HOUR
PATHS = [f"r{n}" for n in range(8)]


@pytest.fixture
def newsroom(room: Room) -> Room:
    """Eight releases, read."""
    room.list(*(entry(path) for path in PATHS))
    for path in PATHS:
        room.read(url(path), "one")
    return room


def url(path: str) -> str:
    return f"https://news.example/{path}"


def by(*ways: Way, most: int = 0) -> Router:
    return Router(ask=lambda _row, _at: ways, most_per_hour=most)


def digest(channel: str = "desk", due_at: datetime = EVENING, name: str = "daily") -> Way:
    return Way(channel=channel, digest=Appointment(name=name, due_at=due_at))


def edit(room: Room, path: str, router: Router, words: str = "", kind: Kind = Kind.EDITED, signature: str = "") -> int:
    said = words or f"{path} at {room.now}"
    (change_id,) = room.read(url(path), said, kinds=[kind], router=router, signature=signature)
    return change_id


def claim(room: Room, owner: str = "w") -> list[Delivery]:
    return room.storage.claim_deliveries(now=room.now, owner=owner, lease=timedelta(minutes=1))


def told(each: Delivery) -> str | tuple[str, ...]:
    if isinstance(each.subject, ChangeRow):
        return each.subject.url.rpartition("/")[2]
    assert isinstance(each.subject, DigestRow)
    return tuple(sorted(change.url.rpartition("/")[2] for change in each.subject.changes))


def sent(room: Room) -> list[str | tuple[str, ...]]:
    found = []
    while claimed := claim(room):
        found += [told(each) for each in claimed]
        room.storage.delivered([each.id for each in claimed], owner="w", at=room.now)
    return found


def test_the_router_sees_the_change_with_its_texts(newsroom: Room) -> None:
    seen: list[tuple[FeedRow, datetime]] = []

    def ask(row: FeedRow, at: datetime) -> Sequence[Way]:
        seen.append((row, at))
        return ()

    change_id = edit(newsroom, "r1", Router(ask=ask), "two")
    ((row, at),) = seen
    assert (row.change.id, row.change.source, at) == (change_id, "News", NOON)
    assert row.before
    assert row.after
    assert (row.before.read().text, row.after.read().text) == ("one", "two")
    assert sent(newsroom) == []


# --- digests ----------------------------------------------------------------------------------------------------------


def test_what_waits_for_a_digest_is_told_by_one_message_when_it_is_due(newsroom: Room) -> None:
    router = by(digest(), Way(channel="console"))
    for path in PATHS[:3]:
        edit(newsroom, path, router)
        newsroom.later(hours=1)
    assert sent(newsroom) == ["r0", "r1", "r2"]
    newsroom.later(hours=5)
    (each,) = claim(newsroom)
    assert isinstance(each.subject, DigestRow)
    assert (each.channel, each.subject.size, each.subject.kinds) == ("desk", 3, {Kind.EDITED: 3})
    assert (each.subject.sources, each.subject.began_at, each.subject.last_at) == (1, NOON, NOON + 2 * HOUR)
    assert told(each) == ("r0", "r1", "r2")


def test_a_late_daemon_sends_one_digest_and_not_one_for_each_day(newsroom: Room) -> None:
    for day, path in enumerate(PATHS[:3]):
        edit(newsroom, path, by(digest(due_at=EVENING + timedelta(days=day))))
        newsroom.later(days=1)
    assert sent(newsroom) == [("r0", "r1", "r2")]


def test_the_set_and_the_key_of_a_digest_stay_once_it_was_claimed(newsroom: Room) -> None:
    edit(newsroom, "r0", by(digest()))
    newsroom.later(hours=9)
    (before,) = claim(newsroom)
    # The process was killed: its lease is freed, or runs out, and something happens meanwhile.
    newsroom.storage.free_leases("w", now=newsroom.now)
    edit(newsroom, "r1", by(digest(due_at=EVENING + timedelta(days=1))))
    (again,) = claim(newsroom, "other")
    assert (again.key, told(again)) == (before.key, ("r0",))
    newsroom.storage.delivered([again.id], owner="other", at=newsroom.now)
    newsroom.later(days=1)
    (later,) = claim(newsroom)
    assert told(later) == ("r1",)
    assert later.key != before.key


def test_a_change_that_joins_while_its_digest_is_being_claimed_is_told_by_it(newsroom: Room) -> None:
    edit(newsroom, "r0", by(digest()))
    late = edit(newsroom, "r1", by())
    newsroom.later(hours=9)
    with ThreadPoolExecutor(1) as other, newsroom.storage._database.transaction(writes=True) as connection:
        join_digest(
            connection, late, channel="desk", name="daily", source_id=None, at=newsroom.now, due_at=EVENING
        )  # fmt: skip
        claimed = other.submit(claim, newsroom)
        time.sleep(0.1)
        assert not claimed.done()
        connection.commit()
        (each,) = claimed.result()
    assert told(each) == ("r0", "r1")


def test_digests_of_other_channels_and_names_are_others(newsroom: Room) -> None:
    edit(newsroom, "r0", by(digest(), digest("mail"), digest("chat", name="hourly")))
    edit(newsroom, "r1", by(digest(name="weekly"), digest("mail")))
    newsroom.later(hours=9)
    keys = {(each.channel, told(each)): each.key for each in claim(newsroom)}
    assert set(keys) == {("desk", ("r0",)), ("mail", ("r0", "r1")), ("chat", ("r0",)), ("desk", ("r1",))}
    assert len(set(keys.values())) == 4


def test_what_waits_for_a_digest_holds_up_nothing(newsroom: Room) -> None:
    edit(newsroom, "r0", by(digest()))
    newsroom.later(hours=1)
    edit(newsroom, "r0", by(Way(channel="desk")))
    assert sent(newsroom) == ["r0"]


def test_of_a_channel_that_fails_for_days_the_older_digest_arrives_first(newsroom: Room) -> None:
    """However often each was tried, and whichever is due sooner."""
    edit(newsroom, "r0", by(digest()))
    newsroom.later(hours=9)
    (older,) = claim(newsroom)
    failed = {"owner": "w", "at": newsroom.now, "error": "503", "next_attempt_at": NOON + timedelta(days=3)}
    newsroom.storage.delivery_failed(older.id, **failed)
    for day, path in ((1, "r1"), (2, "r2")):
        edit(newsroom, path, by(digest(due_at=EVENING + timedelta(days=day))))
        newsroom.later(days=1)
        assert claim(newsroom) == []
        assert newsroom.storage.due_channels(newsroom.now) == []
    newsroom.now = NOON + timedelta(days=3)
    # The two later ones are one: the first of them was never handed out, and what came then joined it.
    assert sent(newsroom) == [("r0",), ("r1", "r2")]


def test_a_digest_holds_up_none_of_another_name_channel_or_source(newsroom: Room) -> None:
    edit(newsroom, "r0", by(digest(name="weekly", due_at=EVENING + timedelta(days=6))))
    edit(newsroom, "r1", by(digest()))
    edit(newsroom, "r1", by(digest("mail")), "again")
    newsroom.later(hours=9)
    failing = next(each for each in claim(newsroom) if each.channel == "desk")
    failed = {"owner": "w", "at": newsroom.now, "error": "503", "next_attempt_at": NOON + timedelta(days=30)}
    newsroom.storage.delivery_failed(failing.id, **failed)
    newsroom.storage.free_leases("w", now=newsroom.now)
    edit(newsroom, "r2", by(digest(name="hourly", due_at=newsroom.now)))
    assert sent(newsroom) == [("r1",), ("r2",)]
    newsroom.later(days=7)
    assert sent(newsroom) == [("r0",)]


def test_a_digest_that_was_given_up_holds_up_no_later_one(newsroom: Room) -> None:
    edit(newsroom, "r0", by(digest()))
    newsroom.later(hours=9)
    (older,) = claim(newsroom)
    failed = {"owner": "w", "at": newsroom.now, "error": "410", "next_attempt_at": None}
    newsroom.storage.delivery_failed(older.id, **failed)
    edit(newsroom, "r1", by(digest(due_at=newsroom.now)))
    assert sent(newsroom) == [("r1",)]


def test_a_digest_that_is_given_up_is_a_dead_letter_and_can_be_sent_again(newsroom: Room) -> None:
    edit(newsroom, "r0", by(digest()))
    newsroom.later(hours=9)
    (each,) = claim(newsroom)
    failed = {"owner": "w", "at": newsroom.now, "error": "gone", "next_attempt_at": None}
    newsroom.storage.delivery_failed(each.id, **failed)
    (dead,) = newsroom.storage.dead_letters()
    assert isinstance(dead.subject, DigestRow)
    assert newsroom.storage.resend([dead.id], now=newsroom.now) == 1
    assert [again.key for again in claim(newsroom)] == [each.key]


def test_old_digests_are_pruned_with_their_notifications(newsroom: Room) -> None:
    edit(newsroom, "r0", by(digest()))
    newsroom.later(hours=9)
    assert sent(newsroom) == [("r0",)]
    edit(newsroom, "r1", by(digest(due_at=newsroom.now + HOUR)))
    newsroom.later(days=9)
    assert newsroom.storage.prune(polls_before=None, delivered_before=newsroom.now).deliveries == 1
    assert sent(newsroom) == [("r1",)]


# --- quiet hours ------------------------------------------------------------------------------------------------------


def test_what_is_held_is_sent_at_the_end_of_the_quiet_hours_and_does_not_count_as_waiting(newsroom: Room) -> None:
    held = by(Way(channel="desk", quiet=((NOON, EVENING),)))
    edit(newsroom, "r0", held)
    assert sent(newsroom) == []
    assert newsroom.storage.status(newsroom.now).oldest_pending is None
    assert newsroom.storage.next_attempt_at() == EVENING
    newsroom.now = EVENING
    assert newsroom.storage.status(newsroom.now).oldest_pending == EVENING
    assert sent(newsroom) == ["r0"]


def test_what_breaks_through_takes_with_it_what_was_held_of_its_release(newsroom: Room) -> None:
    held = by(Way(channel="desk", quiet=((NOON, EVENING),)))
    edit(newsroom, "r0", held)
    edit(newsroom, "r1", held)
    newsroom.later(hours=1)
    edit(newsroom, "r0", by(Way(channel="desk")), kind=Kind.SILENTLY_EDITED)
    assert sent(newsroom) == ["r0", "r0"]
    newsroom.now = EVENING
    assert sent(newsroom) == ["r1"]


# --- too many ---------------------------------------------------------------------------------------------------------


def test_a_run_away_source_sends_its_first_and_then_one_summary(newsroom: Room) -> None:
    router = by(Way(channel="desk"), most=2)
    for path in PATHS[:6]:
        edit(newsroom, path, router)
    assert sent(newsroom) == ["r0", "r1"]
    newsroom.later(hours=1)
    (summary,) = claim(newsroom)
    assert isinstance(summary.subject, DigestRow)
    assert (summary.subject.source, summary.subject.size) == ("News", 4)
    newsroom.storage.delivered([summary.id], owner="w", at=newsroom.now)
    newsroom.later(minutes=1)
    edit(newsroom, "r7", router)
    assert sent(newsroom) == ["r7"]


def test_other_channels_have_their_own_count(newsroom: Room) -> None:
    edit(newsroom, "r0", by(Way(channel="desk"), most=1))
    edit(newsroom, "r1", by(Way(channel="desk"), Way(channel="mail"), most=1))
    assert sent(newsroom) == ["r0", "r1"]


def test_the_summary_keeps_to_the_quiet_hours(newsroom: Room) -> None:
    router = by(Way(channel="desk", quiet=((NOON + timedelta(minutes=1), EVENING),)), most=1)
    edit(newsroom, "r0", router)
    edit(newsroom, "r1", router)
    newsroom.later(hours=2)
    assert sent(newsroom) == ["r0"]
    newsroom.now = EVENING
    assert sent(newsroom) == [("r1",)]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(gaps=st.lists(st.integers(0, 50), min_size=1, max_size=25), most=st.integers(1, 4))
def test_messages_and_summaries_together_tell_each_change_once(newsroom: Room, gaps: list[int], most: int) -> None:
    router, edited, found, newest = by(Way(channel="desk"), most=most), [], [], []
    newsroom.later(hours=5)
    sent(newsroom)
    for n, gap in enumerate(gaps):
        newsroom.later(minutes=gap)
        edited.append(edit(newsroom, PATHS[n % len(PATHS)], router, f"{n} {newsroom.now}"))
        newest = [at for at in newest if at > newsroom.now - HOUR]
        for each in claim(newsroom):
            if isinstance(each.subject, ChangeRow):
                newest.append(newsroom.now)
                found.append(each.subject.id)
            else:
                assert isinstance(each.subject, DigestRow)
                assert each.subject.size == len(each.subject.changes)
                found += [change.id for change in each.subject.changes]
            newsroom.storage.delivered([each.id], owner="w", at=newsroom.now)
        assert len(newest) <= most
    newsroom.later(hours=2)
    for each in claim(newsroom):
        assert isinstance(each.subject, DigestRow)
        found += [change.id for change in each.subject.changes]
        newsroom.storage.delivered([each.id], owner="w", at=newsroom.now)
    assert sorted(found) == edited


# --- batches ----------------------------------------------------------------------------------------------------------


def batched(room: Room, path: str, router: Router) -> int:
    """An edit that does the same to each release."""
    return edit(room, path, router, signature="s")


def test_a_batch_is_told_at_the_end_of_the_quiet_hours_into_which_it_settles(newsroom: Room) -> None:
    held = by(Way(channel="desk", quiet=((NOON + timedelta(minutes=30), EVENING),)))
    for path in PATHS[:3]:
        batched(newsroom, path, held)
    assert len(sent(newsroom)) == 1
    newsroom.later(hours=2)
    assert claim(newsroom) == []
    newsroom.now = EVENING
    (each,) = claim(newsroom)
    assert getattr(each.subject, "size", 0) == 3


def test_a_digest_tells_the_changes_of_a_batch_and_how_many_it_has_of_it(newsroom: Room) -> None:
    for path in PATHS[:3]:
        batched(newsroom, path, by(digest()))
    newsroom.now = EVENING
    (each,) = claim(newsroom)
    assert isinstance(each.subject, DigestRow)
    assert (each.subject.size, list(each.subject.batches.values())) == (3, [3])


def test_a_batch_that_waits_already_is_no_further_message(newsroom: Room) -> None:
    for path in PATHS[:5]:
        batched(newsroom, path, by(Way(channel="desk"), most=2))
    assert len(sent(newsroom)) == 1
    newsroom.later(hours=1)
    (each,) = claim(newsroom)
    assert getattr(each.subject, "size", 0) == 5
    assert Batching().settle == HOUR


# --- mutes ------------------------------------------------------------------------------------------------------------


def test_nobody_is_told_of_a_muted_source_until_the_time_is_over(newsroom: Room) -> None:
    until = NOON + HOUR
    newsroom.storage.mute(source_id=newsroom.source_id, until=until, now=NOON)
    edit(newsroom, "r0", by(Way(channel="desk"), digest("mail")))
    assert [row.until for row in newsroom.storage.mutes(newsroom.now)] == [until]
    newsroom.later(hours=1)
    edit(newsroom, "r1", by(Way(channel="desk")))
    assert sent(newsroom) == ["r1"]
    assert newsroom.storage.mutes(newsroom.now) == []
    assert len(newsroom.storage.changes()) == 2


def test_nobody_is_told_of_a_muted_release_for_good_and_others_are_told(newsroom: Room) -> None:
    release_id = newsroom.id_of(url("r0"))
    newsroom.storage.mute(release_id=release_id, until=NOON, now=NOON)
    newsroom.storage.mute(release_id=release_id, until=None, now=NOON)
    newsroom.later(days=900)
    edit(newsroom, "r0", by(Way(channel="desk")))
    edit(newsroom, "r1", by(Way(channel="desk")))
    assert sent(newsroom) == ["r1"]
    (row,) = newsroom.storage.mutes(newsroom.now)
    assert (row.source, row.url, row.until) == ("News", url("r0"), None)
    assert newsroom.storage.unmute(release_id=release_id)
    assert not newsroom.storage.unmute(release_id=release_id)
    edit(newsroom, "r0", by(Way(channel="desk")), "again")
    assert sent(newsroom) == ["r0"]


def test_a_mute_is_of_a_source_or_of_a_release(storage: Storage) -> None:
    with pytest.raises(ValueError, match="a source or a release"):
        storage.mute(until=None, now=NOON)


def test_the_secret_of_links_that_mute_is_made_once(storage: Storage) -> None:
    secret = storage.mute_secret()
    assert len(secret) >= 32
    assert storage.mute_secret() == secret
