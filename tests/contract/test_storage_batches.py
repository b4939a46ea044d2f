"""The first of several equal edits is told as any; the others are told as one, when no more of them come."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from storage_room import Room, answer, at_once, entry, release

from scraper.model import Batching, Change, Kind, Outcome, Revision, Seen, State
from storage import BatchRow, ChangeRow, DatabaseBusy, Delivery, Selection
from storage.changes import keep_change
from storage.telling import tell_change

HOUR = timedelta(hours=1)
PATHS = [f"r{n}" for n in range(6)]


@pytest.fixture
def newsroom(room: Room) -> Room:
    """Six releases, read."""
    room.list(*(entry(path) for path in PATHS))
    for path in PATHS:
        room.read(url(path), "one")
    return room


def url(path: str) -> str:
    return f"https://news.example/{path}"


def edit(
    room: Room, path: str, signature: str = "s", *, kind: Kind = Kind.EDITED, channels: tuple[str, ...] = ("desk",)
) -> int:
    """An edit of a release; the id of its change."""
    page = room.page(url(path))
    known = room.known(page)
    assert known.current is not None
    number = known.current.number
    text = release(f"{path} {number}")
    revision = Revision(number=number + 1, release=text, digest=f"{path} {number}", recipe=1, observed_at=room.now)
    change = Change(
        kind=kind, not_before=None, not_after=room.now, title=f"About {path}", url=known.url,
        revision_from=number, revision_to=number + 1, signature=signature,
    )  # fmt: skip
    outcome = Outcome(
        state=State.LIVE, url=known.url, key=known.key, changes=(change,), revision=revision, seen_at=room.now
    )
    seen = Seen(
        at=room.now, url=known.url, final_url=known.url, permanent=False, release=text, digest=revision.digest,
        evidence=answer(known.url, at=room.now),
    )  # fmt: skip
    (change_id,) = room.record(page, seen, outcome, channels=channels)
    return change_id


def claim(room: Room) -> list[Delivery]:
    return room.storage.claim_deliveries(now=room.now, owner="w", lease=timedelta(minutes=1))


def sent(room: Room) -> list[str]:
    """What is sent now: the title of a change, the size of a batch."""
    found = []
    while claimed := claim(room):
        found += [_name(each) for each in claimed]
        room.storage.delivered([each.id for each in claimed], owner="w", at=room.now)
    return found


def _name(delivery: Delivery) -> str:
    subject = delivery.subject
    if isinstance(subject, BatchRow):
        return f"{subject.kind} {subject.size}×"
    assert isinstance(subject, ChangeRow)
    return subject.title


def test_the_second_and_all_further_are_told_once_as_one_when_it_has_settled(newsroom: Room) -> None:
    for path in PATHS[:4]:
        edit(newsroom, path)
        newsroom.later(minutes=10)
    assert sent(newsroom) == ["About r0"]
    newsroom.later(minutes=49)
    assert sent(newsroom) == []
    newsroom.later(minutes=1)
    assert sent(newsroom) == ["edited 4×"]
    newsroom.later(days=3)
    assert sent(newsroom) == []


def test_it_is_told_again_only_when_it_has_grown(newsroom: Room) -> None:
    for path in PATHS[:3]:
        edit(newsroom, path)
    newsroom.later(hours=1)
    assert sent(newsroom) == ["About r0", "edited 3×"]
    newsroom.later(days=2)
    edit(newsroom, PATHS[3])
    newsroom.later(hours=1)
    assert sent(newsroom) == ["edited 4×"]


def test_one_that_grows_without_end_is_told_after_a_day(newsroom: Room) -> None:
    room = newsroom
    for number in range(60):
        edit(room, PATHS[number % 6])
        room.later(minutes=30)
    assert sent(room) == ["About r0", "edited 60×"]


@pytest.mark.parametrize(
    ("first", "second"), [("s", "t"), ("", "")], ids=["another edit", "edits that nothing can be told by"]
)
def test_what_is_not_alike_is_told_by_itself(newsroom: Room, first: str, second: str) -> None:
    edit(newsroom, PATHS[0], first)
    edit(newsroom, PATHS[1], second)
    assert sent(newsroom) == ["About r0", "About r1"]


def test_the_same_edit_of_one_release_again_is_no_batch(newsroom: Room) -> None:
    edit(newsroom, PATHS[0])
    edit(newsroom, PATHS[0])
    assert sent(newsroom) == ["About r0", "About r0"]


def test_an_edit_that_was_alike_long_ago_begins_nothing(newsroom: Room) -> None:
    edit(newsroom, PATHS[0])
    newsroom.later(days=7, seconds=1)
    edit(newsroom, PATHS[1])
    assert sent(newsroom) == ["About r0", "About r1"]


def test_a_batch_with_a_silent_edit_is_one_of_silent_edits(newsroom: Room) -> None:
    edit(newsroom, PATHS[0], kind=Kind.SILENTLY_EDITED)
    edit(newsroom, PATHS[1])
    newsroom.later(hours=1)
    assert sent(newsroom) == ["About r0", "silently-edited 2×"]


def test_every_change_is_stored_with_its_batch(newsroom: Room) -> None:
    ids = [edit(newsroom, path) for path in PATHS[:3]]
    lone = edit(newsroom, PATHS[3], "other")
    rows = newsroom.storage.changes()
    (batch_id,) = {row.batch_id for row in rows if row.id in ids}
    assert batch_id is not None
    assert [row.batch_id for row in rows if row.id == lone] == [None]
    batch = newsroom.storage.stream(Selection(batch_id=batch_id), limit=9)
    assert [row.change.id for row in batch.rows] == ids[::-1]
    folded = newsroom.storage.stream(Selection(), limit=9, folded=True)
    assert [row.change.id for row in folded.rows] == [lone, ids[-1]]
    assert newsroom.storage.batch_sizes([batch_id]) == {batch_id: 3}


def test_a_later_edit_of_a_member_is_told_after_its_batch_and_does_not_wait_for_it_to_settle(newsroom: Room) -> None:
    for path in PATHS[:3]:
        edit(newsroom, path)
    edit(newsroom, PATHS[1], "other")
    edit(newsroom, PATHS[3])
    assert sent(newsroom) == ["About r0", "edited 4×", "About r1"]


def test_a_batch_waits_for_what_is_to_be_told_before_it_of_its_releases(newsroom: Room) -> None:
    edit(newsroom, PATHS[1], "other")
    (waits,) = claim(newsroom)
    later = newsroom.now + 3 * HOUR
    newsroom.storage.delivery_failed(waits.id, owner="w", at=newsroom.now, error="500", next_attempt_at=later)
    edit(newsroom, PATHS[0])
    edit(newsroom, PATHS[1])
    newsroom.later(hours=2)
    assert sent(newsroom) == ["About r0"]
    newsroom.now = later
    assert sent(newsroom) == ["About r1", "edited 2×"]


def test_what_joins_while_a_batch_is_being_sent_is_told_by_the_next(newsroom: Room) -> None:
    edit(newsroom, PATHS[0])
    edit(newsroom, PATHS[1])
    assert sent(newsroom) == ["About r0"]
    newsroom.later(hours=1)
    (batch,) = claim(newsroom)
    edit(newsroom, PATHS[2])
    newsroom.storage.delivered([batch.id], owner="w", at=newsroom.now)
    newsroom.later(hours=1)
    assert sent(newsroom) == []
    newsroom.later(days=1)
    assert sent(newsroom) == ["edited 3×"]


def batch_in_flight(room: Room) -> Delivery:
    """A batch of two releases, claimed when it has settled."""
    edit(room, PATHS[0])
    edit(room, PATHS[1])
    assert sent(room) == ["About r0"]
    room.later(hours=1)
    (batch,) = claim(room)
    return batch


def keys_and_sizes(room: Room, *, days: int) -> list[tuple[str, int]]:
    """What is sent in these days of batches: keys, and how many changes each tells."""
    found = []
    for _ in range(days * 24):
        while claimed := claim(room):
            found += [(each.key, each.subject.size) for each in claimed if isinstance(each.subject, BatchRow)]
            room.storage.delivered([each.id for each in claimed], owner="w", at=room.now)
        room.later(hours=1)
    return found


@pytest.mark.parametrize("is_dead", [False, True], ids=["delivered", "dead"])
def test_what_joins_a_batch_that_is_sent_again_is_told_under_a_key_of_its_own(newsroom: Room, *, is_dead: bool) -> None:
    batch = batch_in_flight(newsroom)
    if is_dead:
        newsroom.storage.delivery_failed(batch.id, owner="w", at=newsroom.now, error="x", next_attempt_at=None)
    else:
        newsroom.storage.delivered([batch.id], owner="w", at=newsroom.now)
    newsroom.storage.resend([batch.id], now=newsroom.now)
    edit(newsroom, PATHS[2])
    again, grown = keys_and_sizes(newsroom, days=3)
    assert again == (batch.key, 2)
    assert grown[0] != batch.key
    assert grown[1] == 3


def test_what_joins_a_batch_whose_sender_died_is_told_under_a_key_of_its_own(newsroom: Room) -> None:
    """Whether it was sent, nobody knows."""
    batch = batch_in_flight(newsroom)
    newsroom.storage.free_leases("w")
    edit(newsroom, PATHS[2])
    again, grown = keys_and_sizes(newsroom, days=3)
    assert again == (batch.key, 2)
    assert (grown[0] != batch.key, grown[1]) == (True, 3)


def test_no_two_keys_tell_the_same_of_a_batch_that_was_given_back_when_it_had_grown(newsroom: Room) -> None:
    batch = batch_in_flight(newsroom)
    edit(newsroom, PATHS[2])
    newsroom.storage.free_deliveries([batch.id], owner="w")
    edit(newsroom, PATHS[3])
    assert [size for _, size in keys_and_sizes(newsroom, days=3)] == [2, 4]


def test_what_failed_is_tried_again_as_it_was_however_its_batch_has_grown(newsroom: Room) -> None:
    batch = batch_in_flight(newsroom)
    later = newsroom.now + HOUR
    newsroom.storage.delivery_failed(batch.id, owner="w", at=newsroom.now, error="500", next_attempt_at=later)
    edit(newsroom, PATHS[2], kind=Kind.SILENTLY_EDITED)
    newsroom.now = later
    (again,) = claim(newsroom)
    assert (again.key, again.subject) == (batch.key, batch.subject)


def test_a_batch_overtakes_no_earlier_change_of_what_joins_it(newsroom: Room) -> None:
    edit(newsroom, PATHS[0])
    edit(newsroom, PATHS[1])
    assert sent(newsroom) == ["About r0"]
    newsroom.later(minutes=5)
    edit(newsroom, PATHS[3], "other")
    (waits,) = claim(newsroom)
    later = newsroom.now + timedelta(minutes=10)
    newsroom.storage.delivery_failed(waits.id, owner="w", at=newsroom.now, error="500", next_attempt_at=later)
    edit(newsroom, PATHS[3])
    newsroom.now = later
    assert sent(newsroom) == ["About r3"], "it does not wait for a batch that does not tell of it"
    newsroom.later(hours=1)
    assert sent(newsroom) == ["edited 2×"]
    newsroom.later(days=1)
    assert sent(newsroom) == ["edited 3×"]


def test_what_joins_while_its_batch_is_being_claimed_is_told_by_it_or_by_the_next(newsroom: Room) -> None:
    edit(newsroom, PATHS[0])
    edit(newsroom, PATHS[1])
    assert sent(newsroom) == ["About r0"]
    newsroom.later(hours=1)
    at, batching, url_of_it = newsroom.now, Batching(), url(PATHS[2])
    change = Change(
        kind=Kind.EDITED, not_before=None, not_after=at, title="", url=url_of_it, revision_from=1, revision_to=1,
        signature="s",
    )  # fmt: skip
    release_id = newsroom.id_of(url_of_it)
    with newsroom.storage._database.transaction(writes=True) as connection:
        change_id = keep_change(
            connection, change, source_id=newsroom.source_id, release_id=release_id, at=at, evidence_id=None,
            batching=batching,
        )  # fmt: skip
        tell_change(connection, change_id, at_once("desk"), at=at, batching=batching)
        with suppress(DatabaseBusy):
            assert claim(newsroom) == []
        connection.commit()
    assert sent(newsroom) == ["edited 3×"]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=st.lists(
        st.one_of(
            st.tuples(st.just("edit"), st.sampled_from(PATHS[:4]), st.sampled_from(["s", "s", "s", ""])),
            st.tuples(st.just("claim"), st.sampled_from(["take", "refuse", "give up", "give back", "die", "stall"])),
            st.tuples(st.just("wait"), st.sampled_from([10, 60, 360])),
            st.tuples(st.just("resend")),
        ),
        min_size=3,
        max_size=15,
    )
)
def test_whatever_becomes_of_attempts_each_change_is_heard_in_its_order_and_a_key_says_one_thing(
    newsroom: Room, steps: list[tuple[str, ...]]
) -> None:
    newsroom.later(days=9)
    sent(newsroom)
    receiver = Receiver(newsroom)
    for path in PATHS[:2]:
        receiver.due[edit(newsroom, path)] = path
    for what, *how in steps:
        if what == "edit":
            receiver.due[edit(newsroom, *how)] = str(how[0])
        elif what == "claim":
            receiver.meet(str(how[0]))
        elif what == "wait":
            newsroom.later(minutes=int(how[0]))
        else:
            newsroom.storage.resend([each.id for each in receiver.met.values()], now=newsroom.now)
    for _ in range(4):
        newsroom.later(days=1)
        receiver.meet("take")
    assert receiver.heard | receiver.given_up >= set(receiver.due)
    told = [batch for batch in receiver.said.values() if len(batch) > 1]
    assert len(told) == len(set(told)), "the same batch under two keys"


class Receiver:
    """Does nothing for a key that it knows, as the documentation says, and minds the order of each release."""

    def __init__(self, room: Room) -> None:
        self.room = room
        self.due: dict[int, str] = {}
        """The changes that it is to hear of, and their releases."""
        self.said: dict[str, tuple[int, ...]] = {}
        """By key, what was taken, and what it was handed and may have taken."""
        self.met: dict[str, Delivery] = {}
        self.heard: set[int] = set()
        self.given_up: set[int] = set()

    def meet(self, how: str) -> None:
        """Claim all that is due, and have that become of each attempt."""
        store, now = self.room.storage, self.room.now
        while claimed := claim(self.room):
            for each in claimed:
                changes = self._changes(each)
                assert self.said.setdefault(each.key, changes) == changes, "one key for two things"
                self.met[each.key] = each
                if how in ("take", "die", "stall"):
                    self._hear(changes)
                if how in ("refuse", "give up"):
                    again = now + timedelta(minutes=10) if how == "refuse" else None
                    store.delivery_failed(each.id, owner="w", at=now, error="500", next_attempt_at=again)
                if how == "give up":
                    self.given_up |= set(changes)
            ids = [each.id for each in claimed]
            if how == "take":
                store.delivered(ids, owner="w", at=now)
                continue
            if how == "give back":
                store.free_deliveries(ids, owner="w")
            if how == "die":
                store.free_leases("w")
            if how != "give up":
                return

    def _changes(self, delivery: Delivery) -> tuple[int, ...]:
        if isinstance(delivery.subject, ChangeRow):
            return (delivery.subject.id,)
        assert isinstance(delivery.subject, BatchRow)
        rows = self.room.storage.changes()
        ids = sorted(row.id for row in rows if row.batch_id == delivery.subject.id)
        return tuple(ids[: delivery.subject.size])

    def _hear(self, changes: tuple[int, ...]) -> None:
        for change in sorted(set(changes) - self.heard):
            earlier = {each for each in self.due if each < change and self.due[each] == self.due.get(change)}
            assert earlier <= self.heard | self.given_up, "out of order"
            self.heard.add(change)


def test_it_is_told_once_a_day_while_it_grows(newsroom: Room) -> None:
    told = []
    for number in range(6 * 24):
        edit(newsroom, PATHS[number % 6])
        newsroom.later(hours=1)
        told += sent(newsroom)
    assert told[0] == "About r0"
    assert 6 <= len(told) <= 8, told


def test_a_crash_between_sending_and_marking_repeats_the_batch_under_its_key(newsroom: Room) -> None:
    edit(newsroom, PATHS[0])
    edit(newsroom, PATHS[1])
    assert sent(newsroom) == ["About r0"]
    newsroom.later(hours=1)
    before = claim(newsroom)
    newsroom.later(hours=1)
    assert claim(newsroom) == before
    assert [_name(each) for each in before] == ["edited 2×"]


def test_a_batch_of_which_nobody_is_told_is_stored_all_the_same(newsroom: Room) -> None:
    for path in PATHS[:2]:
        edit(newsroom, path, channels=())
    assert sent(newsroom) == []
    assert {row.batch_id is None for row in newsroom.storage.changes()} == {False}


def test_each_channel_has_the_batch_once(newsroom: Room) -> None:
    for path in PATHS[:3]:
        edit(newsroom, path, channels=("console", "desk"))
    newsroom.later(hours=1)
    assert sorted(sent(newsroom)) == ["About r0", "About r0", "edited 3×", "edited 3×"]
