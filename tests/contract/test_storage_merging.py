"""Two releases that turn out to be one become one, with the history of both."""

from __future__ import annotations

from datetime import timedelta

import pytest
from storage_room import NOON, Room, answer, digest, entry, release

from scraper.model import Change, Doubt, Kind, Outcome, Revision, Seen, State, Suspect, Twin
from storage import LeaseLost

A, B, C = (f"https://news.example/{name}" for name in "abc")


@pytest.fixture
def pair(room: Room) -> Room:
    """Releases A and B; A was read twice."""
    room.list(entry("a"), entry("b"))
    room.read(A, "one", kinds=[Kind.NEW])
    room.later(hours=1)
    room.read(A, "two", kinds=[Kind.EDITED])
    room.later(hours=1)
    return room


def look(room: Room, url: str, *paragraphs: str) -> Seen:
    """A look that reads this."""
    read = release(*paragraphs)
    return Seen(
        at=room.now, url=url, final_url=url, permanent=False, release=read, digest=digest(read),
        evidence=answer(url, at=room.now, etag='"look"'),
    )  # fmt: skip


def moved(room: Room, url: str, before: str) -> Change:
    """The release of one address stands at another."""
    return Change(kind=Kind.MOVED, not_before=NOON, not_after=room.now, title="A", url=url, url_before=before)


def test_a_duplicate_is_known_by_the_other_release_and_no_longer_polled(pair: Room) -> None:
    page = pair.page(B)
    outcome = Outcome(state=State.LIVE, url=A, key="news.example/a", same_as=pair.id_of(A))
    assert pair.record(page, look(pair, B, "two"), outcome) == []
    assert pair.id_of(A) == pair.id_of(B)
    assert [row.url for row in pair.storage.releases(states=list(State))] == [A]
    pair.later(days=1)
    pair.storage.free_leases(pair.owner, now=pair.now)
    assert {each.url for each in pair.claim()} == {pair.feed, A}
    known = pair.known(pair.page(A))
    assert known.aliases == (B,)
    assert pair.page(A).validators.etag == '"2"'
    assert len(pair.storage.polls(release_id=pair.id_of(A))) == 3


def test_a_duplicate_says_nothing_of_the_state_of_the_other(pair: Room) -> None:
    pair.withdraw(A)
    outcome = Outcome(state=State.LIVE, url=A, key="news.example/a", same_as=pair.id_of(A))
    pair.record(pair.page(B), look(pair, B, "two"), outcome)
    assert pair.known(pair.page(A)).state is State.WITHDRAWN


def test_a_release_that_moved_is_polled_at_the_address_that_answered(pair: Room) -> None:
    pair.withdraw(A)
    page, old = pair.page(B), pair.page(A)
    a = pair.id_of(A)
    outcome = Outcome(
        state=State.LIVE, url=B, key="news.example/b", same_as=a, changes=(moved(pair, B, A),), seen_at=pair.now
    )
    (change_id,) = pair.record(page, look(pair, B, "two"), outcome)
    row = pair.storage.release(a)
    assert row is not None
    assert (row.url, row.state, row.page_id, row.last_seen_at) == (B, State.LIVE, page.page_id, pair.now)
    assert pair.id_of(A) == pair.id_of(B) == a
    change = pair.storage.change(change_id)
    assert change is not None
    assert (change.release_id, change.url_before) == (a, A)
    assert pair.page(B).validators.etag == '"look"'
    outcome = Outcome(state=State.LIVE, url=A, key="news.example/a")
    with pytest.raises(LeaseLost):
        pair.record(old, look(pair, A, "two"), outcome)


def test_the_histories_are_joined_and_the_survivors_numbers_stay(pair: Room) -> None:
    pair.read(B, "other", kinds=[Kind.NEW])
    pair.later(hours=1)
    pair.read(B, "two", kinds=[Kind.EDITED])
    pair.later(hours=1)
    a = pair.id_of(A)
    page = pair.page(A)
    outcome = Outcome(state=State.LIVE, url=A, key="news.example/a", absorbs=pair.id_of(B), seen_at=pair.now)
    pair.record(page, look(pair, A, "two"), outcome)
    rows = pair.storage.revisions(a)
    assert [row.number for row in rows] == [1, 2, 3, 4]
    assert [row.change for row in rows] == [Kind.NEW, Kind.EDITED, Kind.NEW, Kind.EDITED]
    assert [row.before for row in rows] == [None, 1, None, 3]
    assert [pair.storage.revision(a, n).release.text for n in (1, 2, 3, 4)] == ["one", "two", "other", "two"]
    assert [(change.revision_from, change.revision_to) for change in pair.storage.changes(release_id=a)] == [
        (None, 1), (1, 2), (None, 3), (3, 4),
    ]  # fmt: skip
    current = pair.known(pair.page(A)).current
    assert current is not None
    assert current.number == 2, "the current one is the survivor's"
    assert pair.storage.evidence(a, 4).body == b"two"  # type: ignore[union-attr]
    assert pair.storage.verify(digest) == []


def test_a_revision_is_found_by_its_id_wherever_a_merge_put_it(pair: Room) -> None:
    pair.read(B, "three", kinds=[Kind.NEW])
    a, b = pair.id_of(A), pair.id_of(B)
    (absorbed,) = pair.storage.revisions(b)
    kept = [row.id for row in pair.storage.revisions(a)]
    pair.record(pair.page(B), look(pair, B, "two"), Outcome(state=State.LIVE, url=A, key="news.example/a", same_as=a))
    assert [pair.storage.revision_place(each) for each in (*kept, absorbed.id)] == [(a, 1), (a, 2), (a, 3)]


def test_a_revision_decided_before_the_merge_gets_the_next_free_number(pair: Room) -> None:
    pair.read(B, "other")
    page = pair.page(A)
    found = look(pair, A, "three")
    revision = Revision(number=3, release=found.release, digest=found.digest, recipe=1, observed_at=pair.now)
    change = Change(
        kind=Kind.EDITED, not_before=NOON, not_after=pair.now, title="", url=A, revision_from=2, revision_to=3
    )
    outcome = Outcome(
        state=State.LIVE, url=A, key="news.example/a", absorbs=pair.id_of(B), revision=revision, changes=(change,),
        seen_at=pair.now,
    )  # fmt: skip
    (change_id,) = pair.record(page, found, outcome)
    row = pair.storage.change(change_id)
    assert row is not None
    assert (row.revision_from, row.revision_to) == (2, 4)
    assert pair.storage.revision(row.release_id, 3).release.text == "other"
    current = pair.known(pair.page(A)).current
    assert current is not None
    assert (current.number, current.release) == (4, found.release)


def test_a_release_that_was_only_named_is_absorbed_with_its_page(pair: Room) -> None:
    page = pair.page(A)
    outcome = Outcome(
        state=State.LIVE, url=B, key="news.example/b", absorbs=pair.id_of(B), changes=(moved(pair, B, A),),
        seen_at=pair.now,
    )  # fmt: skip
    pair.record(page, look(pair, A, "two"), outcome)
    assert pair.id_of(A) == pair.id_of(B)
    due = pair.page(B)
    assert due.page_id == page.page_id
    assert pair.known(due).aliases == (A,)


def test_an_unread_release_takes_over_the_text_of_the_one_that_it_absorbs(pair: Room) -> None:
    page = pair.page(B)
    outcome = Outcome(state=State.LIVE, url=B, key="news.example/b", absorbs=pair.id_of(A), seen_at=pair.now)
    pair.record(page, look(pair, B, "two"), outcome)
    known = pair.known(pair.page(B))
    assert known.current is not None
    assert known.current.release.text == "two"
    assert pair.storage.release(pair.id_of(B)).discovered_at == NOON  # type: ignore[union-attr]


def test_an_address_that_only_a_listing_named_goes_to_the_release_that_answers_there(pair: Room) -> None:
    page = pair.page(A)
    outcome = Outcome(state=State.LIVE, url=B, key="news.example/b", seen_at=pair.now)
    pair.record(page, look(pair, A, "two"), outcome)
    assert pair.id_of(B) == pair.id_of(A)
    assert pair.page(B).page_id == page.page_id


def test_an_address_at_which_another_release_was_read_stays_that_ones(pair: Room) -> None:
    pair.read(B, "other")
    page = pair.page(A)
    outcome = Outcome(state=State.LIVE, url=B, key="news.example/b", seen_at=pair.now)
    pair.record(page, look(pair, A, "two"), outcome)
    assert pair.id_of(A) != pair.id_of(B)
    assert pair.known(pair.page(A)).key == "news.example/a"


@pytest.mark.parametrize("which", ["same_as", "absorbs"])
def test_a_release_that_is_gone_meanwhile_is_not_merged(pair: Room, which: str) -> None:
    page = pair.page(A)
    outcome = Outcome(state=State.LIVE, url=A, key="news.example/a", seen_at=pair.now, **{which: 999})
    pair.record(page, look(pair, A, "two"), outcome)
    assert pair.id_of(A) != pair.id_of(B)


def test_a_release_is_not_merged_with_itself(pair: Room) -> None:
    a = pair.id_of(A)
    outcome = Outcome(state=State.LIVE, url=A, key="news.example/a", seen_at=pair.now, absorbs=a)
    pair.record(pair.page(A), look(pair, A, "two"), outcome)
    assert pair.id_of(A) == a


def test_notifications_of_an_absorbed_release_keep_their_order_and_keys(pair: Room) -> None:
    before = pair.storage.claim_deliveries(now=pair.now, owner="w", lease=timedelta(0))
    outcome = Outcome(state=State.LIVE, url=B, key="news.example/b", absorbs=pair.id_of(A), seen_at=pair.now)
    pair.record(pair.page(B), look(pair, B, "two"), outcome)
    after = pair.storage.claim_deliveries(now=pair.now, owner="w", lease=timedelta(minutes=1))
    assert [each.key for each in after] == [each.key for each in before]
    assert {each.subject.release_id for each in after} == {pair.id_of(B)}


def test_merging_is_the_same_whichever_of_three_comes_first(room: Room) -> None:
    room.list(entry("a"), entry("b"), entry("c"))
    for url in (A, B, C):
        room.read(url, "same")
        room.later(hours=1)
    for url in (B, C):
        outcome = Outcome(state=State.LIVE, url=A, key="news.example/a", same_as=room.id_of(A))
        room.record(room.page(url), look(room, url, "same"), outcome)
    assert room.id_of(A) == room.id_of(B) == room.id_of(C)
    assert [row.number for row in room.storage.revisions(room.id_of(A))] == [1, 2, 3]
    assert set(room.storage.addresses(room.id_of(A))) == {A, B, C}


# --- twins ------------------------------------------------------------------------------------------------------------


def test_the_oldest_release_with_the_same_text_is_the_twin(room: Room) -> None:
    room.list(entry("a"), entry("b"), entry("c"))
    for url in (C, B):
        room.read(url, "same", revision=None)
    room.read(B, "same")
    room.read(C, "same")
    page = room.page(A)
    text = release("same", title="Title of news.example/b")
    twin = room.storage.twin_by_digest(room.source_id, digest(text), 1, not_page=page.page_id)
    assert twin == Twin(release_id=room.id_of(B), url=B, state=State.LIVE, last_seen_at=NOON)
    assert room.storage.twin_by_digest(room.source_id, digest(text), 2, not_page=page.page_id) is None
    assert room.storage.twin_by_digest(room.source_id, digest(text), 1, not_page=room.page(B).page_id) is None
    assert room.storage.twin_by_digest(99, digest(text), 1, not_page=page.page_id) is None


def test_a_twin_is_gone_where_it_is_withdrawn_or_could_not_be_found(pair: Room) -> None:
    page = pair.page(B)
    key = "news.example/a"
    twin = pair.storage.twin_at(pair.source_id, key, not_page=page.page_id)
    assert twin == Twin(release_id=pair.id_of(A), url=A, state=State.LIVE, last_seen_at=NOON + timedelta(hours=1))
    suspect = Suspect(doubt=Doubt.GONE, since=pair.now)
    pair.record(pair.page(A), look(pair, A), Outcome(state=State.LIVE, url=A, key=key, suspect=suspect))
    assert pair.storage.twin_at(pair.source_id, key, not_page=page.page_id).gone  # type: ignore[union-attr]
    pair.withdraw(A)
    assert pair.storage.twin_at(pair.source_id, key, not_page=page.page_id).gone  # type: ignore[union-attr]


def test_a_twin_that_was_only_named_is_unread(pair: Room) -> None:
    page = pair.page(A)
    twin = pair.storage.twin_at(pair.source_id, "news.example/b", not_page=page.page_id)
    assert twin == Twin(release_id=pair.id_of(B), url=B, state=State.PENDING, read=False)
    assert pair.storage.twin_at(pair.source_id, "news.example/a", not_page=page.page_id) is None
    assert pair.storage.twin_at(pair.source_id, "news.example/zzz", not_page=page.page_id) is None
