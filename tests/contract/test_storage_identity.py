"""Releases that are found again by their traits, that follow others at an address, and addresses that part."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

import pytest
from storage_room import NOON, Room, answer, digest, entry, release

from scraper.model import (
    Change,
    Doubt,
    Kind,
    Listing,
    ListingKind,
    ListingOutcome,
    Missing,
    Outcome,
    Pulse,
    Release,
    Revision,
    Seen,
    State,
    Suspect,
)
from storage import LeaseLost

A, B, C = (f"https://news.example/{name}" for name in "abc")


def words(read: Release) -> Iterable[str]:
    """The traits of these tests."""
    return set(read.text.split())


@pytest.fixture
def three(room: Room) -> Room:
    """Releases A, B and C, of which A and B were read."""
    room.list(*map(entry, "abc"))
    room.read(A, "pier lock quay mole", traits=words)
    room.read(B, "pier lock dock weir", traits=words)
    room.later(hours=1)
    return room


def kin(room: Room, *traits: str, most: int = 9) -> list[str]:
    found = room.storage.kin(room.source_id, traits, not_page=room.page(C).page_id, most=most)
    return [twin.url for twin in found]


def test_the_release_that_shares_most_traits_comes_first(three: Room) -> None:
    assert kin(three, "dock", "weir", "pier") == [B, A]
    assert kin(three, "quay", "mole", "pier", most=1) == [A]
    assert kin(three, "mast") == []
    assert kin(three) == []
    assert three.storage.kin(99, ["pier"], not_page=0, most=9) == []
    assert three.storage.kin(three.source_id, ["quay"], not_page=three.page(A).page_id, most=9) == []


def test_a_release_is_found_by_the_traits_of_its_current_content_only(three: Room) -> None:
    three.read(A, "mast buoy", traits=words)
    assert kin(three, "quay") == []
    assert kin(three, "buoy") == [A]


def test_traits_of_any_length_and_letters_are_kept(three: Room) -> None:
    three.read(A, "text", traits=lambda _: {"x" * 5_000, "\ud800\0"})
    assert kin(three, "x" * 5_000) == [A]


def test_kin_tells_whether_it_is_gone_and_when_it_was_seen(three: Room) -> None:
    (twin,) = three.storage.kin(three.source_id, ["quay"], not_page=0, most=1)
    assert (twin.gone, twin.failing, twin.last_seen_at) == (False, False, NOON)
    three.fail(A)
    (twin,) = three.storage.kin(three.source_id, ["quay"], not_page=0, most=1)
    assert (twin.gone, twin.failing) == (False, True)
    suspect = Suspect(doubt=Doubt.GONE, since=three.now)
    three.record(
        three.page(A), Missing(at=three.now, reason="404"),
        Outcome(state=State.LIVE, url=A, key="news.example/a", suspect=suspect),
    )  # fmt: skip
    (twin,) = three.storage.kin(three.source_id, ["quay"], not_page=0, most=1)
    assert twin.gone
    shown = {row.url: row.suspect for row in three.storage.releases()}
    assert (shown[A], shown[B]) == (suspect, None)


def test_a_merged_release_is_found_by_the_traits_of_what_is_current(three: Room) -> None:
    outcome = Outcome(state=State.LIVE, url=A, key="news.example/a", absorbs=three.id_of(B))
    three.record(three.page(A), Missing(at=three.now, reason="404"), outcome)
    assert kin(three, "quay") == [A]
    assert kin(three, "weir") == []
    outcome = Outcome(state=State.LIVE, url=C, key="news.example/c", absorbs=three.id_of(A))
    page = three.page(C)
    three.record(page, Missing(at=three.now, reason="404"), outcome)
    assert [twin.url for twin in three.storage.kin(three.source_id, ["quay"], not_page=0, most=9)] == [C]


def test_that_another_release_is_to_be_looked_at_makes_it_due(three: Room) -> None:
    outcome = Outcome(state=State.PENDING, url=C, key="news.example/c", ask_release=three.id_of(A))
    three.record(three.page(C), Missing(at=three.now, reason="404"), outcome, next_poll_at=None)
    three.storage.free_leases(three.owner, now=three.now)
    assert [page.url for page in three.claim(now=three.now - timedelta(seconds=1))] == []
    assert A in {page.url for page in three.claim()}


def test_what_seems_gone_may_be_among_releases_that_were_named_since_and_can_be_read(three: Room) -> None:
    suspect = Suspect(doubt=Doubt.GONE, since=three.now)
    outcome = Outcome(state=State.LIVE, url=A, key="news.example/a", suspect=suspect)
    three.record(three.page(A), Missing(at=three.now, reason="404"), outcome)
    assert not three.known(three.page(A)).unread, "C was named before A was seen"
    three.list(*map(entry, "abcd"))
    assert three.known(three.page(A)).unread
    assert not three.known(three.page(B)).unread, "B does not seem gone"
    three.fail("https://news.example/d")
    assert not three.known(three.page(A)).unread


# --- another release at the same address ------------------------------------------------------------------------------


def follow(room: Room, url: str, text: str, **more: object) -> list[int]:
    """A look that finds another release at an address."""
    page = room.page(url)
    known = room.known(page)
    read = release(text)
    found = Seen(
        at=room.now, url=url, final_url=url, permanent=False, release=read, digest=digest(read),
        evidence=answer(url, text.encode(), at=room.now),
    )  # fmt: skip
    revision = Revision(number=1, release=read, digest=digest(read), recipe=1, observed_at=room.now)
    gone = Change(kind=Kind.WITHDRAWN, not_before=NOON, not_after=room.now, title="A", url=url, revision_from=1)
    news = Change(kind=Kind.NEW, not_before=NOON, not_after=room.now, title="B", url=url, revision_to=1)
    follower = Outcome(state=State.LIVE, url=url, key=known.key, revision=revision, changes=(news,), seen_at=room.now)
    follower = replace(follower, **more)  # type: ignore[arg-type]  # by name
    outcome = Outcome(
        state=State.WITHDRAWN, url=url, key=known.key, changes=(gone,), seen_at=room.now, follower=follower
    )
    return room.record(page, found, outcome, traits=words)


def test_the_new_release_takes_over_address_and_page_and_the_former_keeps_its_history(three: Room) -> None:
    former, page = three.id_of(A), three.page(A)
    gone, news = (three.storage.change(change_id) for change_id in follow(three, A, "mast buoy"))
    new = three.id_of(A)
    assert gone is not None
    assert news is not None
    assert (gone.release_id, news.release_id) == (former, new)
    row, before = three.storage.release(new), three.storage.release(former)
    assert row is not None
    assert before is not None
    assert (row.page_id, row.state, row.title, row.revisions) == (page.page_id, State.LIVE, "A title", 1)
    assert (before.page_id, before.state, before.url, before.revisions) == (None, State.WITHDRAWN, A, 1)
    assert three.storage.revision(former, 1).release.text == "pier lock quay mole"
    assert [each.id for each in three.storage.formers(new)] == [former]
    assert three.known(page).reused == (three.now,)
    assert kin(three, "quay", "buoy") == [A, A]
    assert len(three.storage.claim_deliveries(now=three.now, owner="w", lease=timedelta(minutes=1))) == 2


def test_a_former_release_that_is_back_gets_its_address_again(three: Room) -> None:
    former = three.id_of(A)
    follow(three, A, "mast buoy")
    other = three.id_of(A)
    three.later(hours=1)
    follow(three, A, "pier lock quay mole", same_as=former, revision=None, changes=())
    assert three.id_of(A) == former
    known = three.known(three.page(A))
    assert known.current is not None
    assert (known.state, known.current.number, len(known.reused)) == (State.LIVE, 1, 2)
    assert [each.id for each in three.storage.formers(former)] == [other]


def test_a_release_that_stood_elsewhere_comes_with_its_addresses(three: Room) -> None:
    b = three.id_of(B)
    follow(three, A, "pier lock dock weir", same_as=b, revision=None, changes=())
    assert three.id_of(A) == three.id_of(B) == b
    three.storage.free_leases(three.owner, now=three.now)
    three.later(days=1)
    assert {page.url for page in three.claim()} == {three.feed, A, C}


def test_a_former_release_that_is_another_one_by_now_is_not_followed(three: Room) -> None:
    with pytest.raises(LeaseLost):
        follow(three, A, "text", same_as=999, revision=None, changes=())
    assert three.storage.formers(three.id_of(A)) == []


def test_a_former_release_that_moved_on_is_polled_where_it_stands(three: Room) -> None:
    former = three.id_of(A)
    follow(three, A, "mast buoy")
    page = three.page(C)
    outcome = Outcome(state=State.LIVE, url=C, key="news.example/c", same_as=former, seen_at=three.now)
    three.record(page, Missing(at=three.now, reason="404"), outcome)
    row = three.storage.release(former)
    assert row is not None
    assert (row.url, row.page_id, row.state) == (C, page.page_id, State.LIVE)
    assert three.id_of(A) != former


# --- listings ---------------------------------------------------------------------------------------------------------


def hint(room: Room, *paths: str) -> int:
    """A look at the feed that says that these were touched."""
    page = room.page(room.feed)
    entries = tuple(map(entry, "abc"))
    outcome = ListingOutcome(entries=entries, hinted=frozenset(f"news.example/{path}" for path in paths), size=3)
    return room.storage.record_listing(
        page, owner=room.owner, found=answer(room.feed, at=room.now), outcome=outcome, pulse=Pulse(),
        next_poll_at=room.now + timedelta(hours=1), first_release_polls=lambda _: room.now, now=room.now,
    )  # fmt: skip


def test_an_address_of_a_merged_release_that_was_touched_is_looked_at_by_itself(three: Room) -> None:
    outcome = Outcome(state=State.LIVE, url=A, key="news.example/a", same_as=three.id_of(A))
    three.record(three.page(C), Missing(at=three.now, reason="404"), outcome)
    assert hint(three, "a", "b") == 0
    assert three.id_of(C) == three.id_of(A)
    assert hint(three, "c") == 1
    row = three.storage.release(three.id_of(C))
    assert row is not None
    assert (row.state, row.quiet) == (State.PENDING, True)
    assert row.id != three.id_of(A)


def test_an_address_that_alone_stands_in_listings_stays_its_releases_own(three: Room) -> None:
    """Such as one that redirects to where the release stands: its release is looked at."""
    outcome = Outcome(state=State.LIVE, url="https://news.example/moved", key="news.example/moved", seen_at=three.now)
    three.record(three.page(A), Missing(at=three.now, reason="404"), outcome)
    assert hint(three, "a") == 0
    assert three.id_of(A) == three.id_of("https://news.example/moved")


def test_a_page_that_was_no_release_is_looked_at_where_a_listing_says_that_it_was_touched(three: Room) -> None:
    outcome = Outcome(state=State.IGNORED, url=C, key="news.example/c")
    three.record(three.page(C), Missing(at=three.now, reason="404"), outcome, next_poll_at=None)
    hint(three, "c")
    three.storage.free_leases(three.owner, now=three.now)
    assert C in {page.url for page in three.claim()}


def test_listings_in_place_of_others_let_those_rest(room: Room) -> None:
    other = Listing(url="https://news.example/other", kind=ListingKind.FEED)
    assert room.storage.add_listings(room.source_id, [other], now=room.now, instead=True) == 1
    assert {page.url for page in room.claim()} == {other.url}
    room.storage.free_leases(room.owner, now=room.now)
    feed = Listing(url=room.feed, kind=ListingKind.FEED)
    assert room.storage.add_listings(room.source_id, [feed], now=room.now, instead=True) == 0
    assert {page.url for page in room.claim()} == {room.feed}
