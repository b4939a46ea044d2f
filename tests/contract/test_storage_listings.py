"""A look at a listing makes pending releases of what it names for the first time."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from storage_room import NOON, Room, answer, entry

from scraper.model import (
    Doubt,
    Entry,
    Failed,
    Failure,
    Listing,
    ListingKind,
    ListingOutcome,
    Origin,
    Outcome,
    Precision,
    Pulse,
    Stamp,
    State,
    Suspect,
    Unmodified,
)
from storage import LeaseLost, Unknown

NEWS = "https://news.example"
A, B = f"{NEWS}/a", f"{NEWS}/b"
HOUR = timedelta(hours=1)


def test_unknown_entries_become_pending_releases_that_are_due_when_they_are_said_to_be(room: Room) -> None:
    assert room.list(entry("a"), entry("b"), first_release_polls=lambda index: NOON + index * HOUR) == 2
    room.let_go()
    assert [page.url for page in room.claim()] == [A]
    known = room.known(room.page(B))
    assert (known.state, known.entry, known.current, known.quiet) == (State.PENDING, entry("b"), None, False)
    assert room.page(B).due_at == NOON + HOUR


def dated(path: str, day: int, **more: Stamp) -> Entry:
    """An entry of a day in February."""
    at = Stamp(at=NOON.replace(month=2, day=day), precision=Precision.DAY, raw=str(day), origin=Origin.LISTING)
    return replace(entry(path), **(more or {"updated": at}))


def test_the_newest_of_a_listing_that_begins_with_the_oldest_are_looked_at_first(room: Room) -> None:
    later = Stamp(at=NOON, precision=Precision.SECOND, raw="now", origin=Origin.LISTING)
    room.list(dated("known", 28))
    room.list(
        entry("page"), dated("old", 1), dated("known", 28), dated("mid", 2), entry("about"), dated("new", 3),
        dated("told", 1, published=later), first_release_polls=lambda rank: NOON + HOUR * rank,
    )  # fmt: skip
    room.let_go()
    room.later(days=1)
    due = [page for page in room.claim() if page.due_at >= NOON and page.url not in (room.feed, f"{NEWS}/known")]
    assert [page.url.rpartition("/")[2] for page in due] == ["told", "new", "mid", "old", "page", "about"]
    assert [page.due_at for page in due] == [NOON + HOUR * rank for rank in range(6)]


def test_known_entries_are_no_news(room: Room) -> None:
    room.list(entry("a"))
    assert room.list(entry("a"), entry("b"), entry("b")) == 1
    assert room.list() == 0


def test_an_entry_at_any_address_of_a_release_is_known(room: Room) -> None:
    room.list(entry("a"))
    room.read(A, "one", url=B, key="news.example/b")
    assert room.list(entry("b"), entry("a")) == 0


def test_the_first_visit_is_quiet_and_later_ones_know_when_it_was_absent(room: Room) -> None:
    room.list(entry("a"), quiet=True)
    room.later(hours=1)
    room.list(entry("a"), entry("b"))
    first, second = room.known(room.page(A)), room.known(room.page(B))
    assert (first.quiet, first.absent_at) == (True, None)
    assert (second.quiet, second.absent_at) == (False, NOON)


def test_a_look_that_failed_was_no_look_at_which_it_was_absent(room: Room) -> None:
    room.list(entry("a"), quiet=True)
    room.later(hours=1)
    failed = Failed(at=room.now, failure=Failure.SERVER, detail="it answered 500", status=500)
    room.list(found=failed, outcome=ListingOutcome(failed=failed))
    room.later(hours=1)
    room.list(entry("b"))
    assert room.known(room.page(B)).absent_at == NOON


def test_a_listing_is_visited_once_a_look_was_believed(room: Room) -> None:
    page = room.page(room.feed)
    suspect = Suspect(doubt=Doubt.EMPTY, since=NOON)
    room.list(outcome=ListingOutcome(suspect=suspect))
    known = room.storage.known_listing(page.page_id)
    assert (known.visited, known.suspect) == (False, suspect)
    room.list(entry("a"))
    known = room.storage.known_listing(page.page_id)
    assert (known.visited, known.size, known.suspect) == (True, 1, None)
    room.later(hours=1)
    room.list(found=None, outcome=ListingOutcome())
    (row,) = room.storage.listings(room.source_id)
    assert (row.visited_at, row.size, row.last_outcome, row.last_ok_at) == (NOON, 1, "unmodified", room.now)


def test_validators_are_kept_from_a_believed_answer_only(room: Room) -> None:
    room.list(entry("a"), found=answer(room.feed, etag='"1"', last_modified="yesterday"))
    held = ListingOutcome(suspect=Suspect(doubt=Doubt.ALL_NEW, since=NOON))
    room.list(found=answer(room.feed, etag='"2"'), outcome=held)
    assert room.page(room.feed).validators.etag == '"1"'
    room.list(found=None, outcome=ListingOutcome())
    assert room.page(room.feed).validators.last_modified == "yesterday"
    room.list(entry("a"), found=answer(room.feed))
    assert not room.page(room.feed).validators


def test_a_failure_is_written_down_and_nothing_else(room: Room) -> None:
    room.list(entry("a"), found=answer(room.feed, etag='"1"'))
    failed = Failed(at=NOON, failure=Failure.THROTTLED, detail="too many requests", status=429)
    room.list(found=failed, outcome=ListingOutcome(failed=failed), pulse=Pulse(failures=1))
    (row,) = room.storage.listings(room.source_id)
    assert (row.last_outcome, row.last_error, row.failures, row.size) == ("throttled", "too many requests", 1, 1)
    assert room.storage.polls(page_id=row.page_id)[0].status == 429
    assert room.page(room.feed).validators.etag == '"1"'


def test_what_the_listing_says_of_a_known_release_is_kept(room: Room) -> None:
    room.list(entry("a", title="Before"))
    stamp = Stamp(at=NOON, precision=Precision.SECOND, raw="now \0", origin=Origin.LISTING)
    after = replace(entry("a", title="After \ud800"), updated=stamp, summary="s")
    room.list(after)
    assert room.known(room.page(A)).entry == after
    assert room.storage.releases(states=[State.PENDING])[0].title == "After \ufffd"
    room.read(A, "one")
    room.list(entry("a", title="Later"))
    assert room.storage.releases()[0].title == "Title of news.example/a"


def test_the_entries_of_known_keys_are_known(room: Room) -> None:
    room.list(entry("a"))
    room.read(A, "one", url=B, key="news.example/b")
    keys = ["news.example/a", "news.example/b", "news.example/c"]
    assert room.storage.entries_known(room.source_id, keys) == {keys[0]: entry("a"), keys[1]: entry("a")}
    assert room.storage.entries_known(99, keys) == {}
    assert room.storage.entries_known(room.source_id, []) == {}


@pytest.fixture
def short(room: Room) -> str:
    """A second listing, that words titles shorter."""
    url = f"{NEWS}/short"
    room.storage.add_listings(room.source_id, [Listing(url=url, kind=ListingKind.FEED)], now=NOON)
    return url


def list_at(room: Room, url: str, *entries: Entry) -> None:
    """A look at another listing than the feed."""
    feed, room.feed = room.feed, url
    room.list(*entries)
    room.feed = feed


def test_each_listing_is_compared_with_what_it_said_itself(room: Room, short: str) -> None:
    long_title, short_title = entry("a", title="A council approves"), entry("a", title="A council …")
    feed, other = room.page(room.feed).page_id, room.page(short).page_id
    key = long_title.key

    def named(page: int) -> Entry | None:
        return room.storage.entries_known(room.source_id, [key], listing_page=page).get(key)

    assert room.storage.entries_known(room.source_id, [key], listing_page=feed) == {}
    room.list(long_title)
    assert (named(feed), named(other)) == (long_title, None)
    assert room.storage.entries_known(room.source_id, [key, "news.example/x"], listing_page=other) == {key: None}
    for _ in range(2):
        list_at(room, short, short_title)
        room.list(long_title)
        assert (named(feed), named(other)) == (long_title, short_title)
        assert room.known(room.page(A)).entry == long_title
    room.list()
    assert named(feed) == long_title


def test_a_releases_entry_follows_its_first_listing_and_takes_from_others_what_that_leaves_out(
    room: Room, short: str
) -> None:
    room.list(entry("a", title="Before"))
    list_at(room, short, dated("a", 3))
    kept = room.known(room.page(A)).entry
    assert kept is not None
    assert (kept.title, kept.updated and kept.updated.at.day) == ("Before", 3)
    room.list(entry("a", title="After"))
    list_at(room, short, dated("a", 4))
    kept = room.known(room.page(A)).entry
    assert kept is not None
    assert (kept.title, kept.updated and kept.updated.at.day) == ("After", 4)


def test_mentions_outlive_the_merging_of_their_releases(room: Room) -> None:
    room.list(entry("a"), entry("b"))
    feed = room.page(room.feed).page_id
    room.read(A, "one", absorbs=room.id_of(B))
    keys = ["news.example/a", "news.example/b"]
    assert room.storage.entries_known(room.source_id, keys, listing_page=feed) == {
        keys[0]: entry("a"), keys[1]: entry("b"),
    }  # fmt: skip
    room.list(entry("b", title="Anew"), entry("a"))
    assert room.storage.entries_known(room.source_id, keys, listing_page=feed) == {
        keys[0]: entry("a"), keys[1]: entry("b", title="Anew"),
    }  # fmt: skip


def test_neither_a_hint_nor_a_question_shortens_the_back_off_of_a_page_that_fails(room: Room) -> None:
    room.list(entry("a"), entry("b"), next_poll_at=NOON + 9 * HOUR, pulse=Pulse(failures=2))
    room.fail(A, next_poll_at=NOON + 5 * HOUR)
    room.read(B, "one", ask_listings=True)
    room.later(minutes=1)
    assert room.page(room.feed).due_at == NOON + 9 * HOUR
    room.list(outcome=ListingOutcome(hinted=frozenset({"news.example/a", "news.example/b"})))
    assert (room.page(A).due_at, room.page(B).due_at) == (NOON + 5 * HOUR, room.now)


def test_hinted_pages_are_looked_at_now_also_those_that_were_no_release(room: Room) -> None:
    room.list(entry("a"), entry("b"), entry("c"))
    for url in (A, B):
        room.read(url, "one", next_poll_at=None)
    page = room.page("https://news.example/c")
    ignored = Outcome(state=State.IGNORED, url=page.url, key="news.example/c")
    room.record(page, Unmodified(at=NOON), ignored, next_poll_at=None)
    room.later(minutes=1)
    hinted = frozenset({"news.example/a", "news.example/c", "news.example/unknown"})
    room.list(outcome=ListingOutcome(hinted=hinted))
    room.let_go()
    assert [(due.url, due.due_at) for due in room.claim()] == [(A, room.now), (page.url, room.now)]


def test_a_hint_does_not_postpone_what_is_due_already(room: Room) -> None:
    room.list(entry("a"), first_release_polls=lambda _: NOON - HOUR)
    room.list(outcome=ListingOutcome(hinted=frozenset({"news.example/a"})))
    assert room.page(A).due_at == NOON - HOUR


def test_children_are_polled_as_sitemaps_of_their_own(room: Room) -> None:
    children = ("https://cdn.example/1.xml", "https://cdn.example/2.xml")
    room.list(outcome=ListingOutcome(children=children))
    room.list(outcome=ListingOutcome(children=children))
    rows = room.storage.listings(room.source_id)[1:]
    assert [row.url for row in rows] == list(children)
    assert {(row.kind, row.shapes, row.visited_at) for row in rows} == {
        (ListingKind.SITEMAP, ("news.example/*",), None)
    }
    room.let_go("cdn.example")
    assert {page.url for page in room.claim()} == set(children)


def test_hostile_addresses_are_kept_and_found_again(room: Room) -> None:
    long = "x" * 9_000
    paths = [long + "1", long + "2", "nul\0", "nul\ufffd", "sur\ud800", "é", "%00", "//", "[::1", "@"]
    entries = [entry(path) for path in paths]
    # NUL and a lone surrogate become the same replacement character: "nul\0" and "nul\ufffd" are one address.
    assert room.list(*entries) == len(paths) - 1
    assert room.list(*entries) == 0
    assert len(room.storage.entries_known(room.source_id, [each.key for each in entries])) == len(paths)


def test_a_listing_of_thousands_is_taken_at_once(room: Room) -> None:
    assert room.list(*(entry(str(number)) for number in range(3_000))) == 3_000
    assert room.list(*(entry(str(number)) for number in range(3_001))) == 1


def test_what_thousands_say_differently_is_kept_at_once(room: Room) -> None:
    feed = room.page(room.feed).page_id
    room.list(*(entry(str(number)) for number in range(3_000)))
    anew = [entry(str(number), title=f"Anew {number}") for number in range(3_000)]
    assert room.list(*anew) == 0
    keys = [each.key for each in anew]
    assert list(room.storage.entries_known(room.source_id, keys, listing_page=feed).values()) == anew


def test_a_listing_without_a_lease_is_not_written(room: Room) -> None:
    page = room.page(room.feed)
    room.let_go()
    arguments = {
        "found": None, "outcome": ListingOutcome(entries=(entry("a"),)), "next_poll_at": None, "pulse": Pulse(),
        "first_release_polls": lambda _: None, "now": NOON,
    }  # fmt: skip
    with pytest.raises(LeaseLost):
        room.storage.record_listing(page, owner=room.owner, **arguments)  # type: ignore[arg-type]
    room.list(entry("a"))
    release_page = room.page(A)
    with pytest.raises(LeaseLost, match="no listing"):
        room.storage.record_listing(release_page, owner=room.owner, **arguments)  # type: ignore[arg-type]
    with pytest.raises(Unknown):
        room.storage.known_listing(release_page.page_id)


def test_a_304_is_no_visit_however_it_is_handed_over(room: Room) -> None:
    room.list(found=answer(room.feed, b"", status=304, etag='"2"'), outcome=ListingOutcome())
    (row,) = room.storage.listings(room.source_id)
    assert (row.visited_at, row.last_outcome) == (None, "unmodified")
    assert (room.page(room.feed).last_full_at, room.page(room.feed).validators.etag) == (None, None)
    assert room.storage.polls()[0].status == 304


def test_an_answer_that_failed_keeps_its_status(room: Room) -> None:
    failed = Failed(at=NOON, failure=Failure.UNREADABLE, detail="no feed", status=None)
    room.list(found=answer(room.feed, b"x"), outcome=ListingOutcome(failed=failed))
    (row,) = room.storage.listings(room.source_id)
    assert (row.visited_at, row.last_outcome) == (None, "unreadable")
    assert room.storage.polls()[0].status == 200
