"""Sources are added once, paused, changed and removed, and nothing of their history is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from storage_room import NOON, Room, entry

from scraper.model import Listing, ListingKind, Source
from storage import NameTaken, Storage, Unknown

NEWS = Source(
    name="News",
    home="https://news.example/",
    time_zone="Europe/Brussels",
    language="fr",
    every=timedelta(minutes=15),
    routes=("console", "desk"),
)
FEED = Listing(url="https://news.example/feed", kind=ListingKind.FEED, shapes=("news.example/*", "x"))


def test_a_source_comes_back_as_it_was_added(storage: Storage) -> None:
    source_id = storage.add_source(NEWS, listings=[FEED], now=NOON)
    (row,) = storage.sources()
    assert (row.id, row.source, row.created_at, row.listings, row.next_poll_at) == (source_id, NEWS, NOON, 1, NOON)


@pytest.mark.parametrize("every", [timedelta(seconds=0.5), timedelta(days=400), None], ids=str)
def test_how_often_it_is_looked_at_comes_back_to_the_fraction(storage: Storage, every: timedelta | None) -> None:
    storage.add_source(replace(NEWS, every=every), listings=[FEED], now=NOON)
    assert storage.sources()[0].source.every == every


def test_its_listings_are_due_at_once(storage: Storage) -> None:
    storage.add_source(NEWS, listings=[FEED], now=NOON)
    (page,) = storage.claim(now=NOON, owner="w", lease=timedelta(minutes=1))
    assert (page.url, page.host, page.source) == (FEED.url, "news.example", NEWS)
    known = storage.known_listing(page.page_id)
    assert (known.kind, known.shapes, known.visited) == (ListingKind.FEED, FEED.shapes, False)


def test_single_releases_are_watched_quietly_and_at_once(storage: Storage) -> None:
    storage.add_source(NEWS, listings=[], pages=[entry("a"), entry("a"), entry("b")], now=NOON)
    pages = storage.claim(now=NOON, owner="w", lease=timedelta(minutes=1))
    assert [page.url for page in pages] == ["https://news.example/a", "https://news.example/b"]
    known = storage.known(pages[0].page_id, now=NOON, identity=str)
    assert known.quiet
    assert known.entry == entry("a")


@pytest.mark.parametrize(
    "again",
    [replace(NEWS, home="https://other.example/"), replace(NEWS, name="Other")],
    ids=["the name is taken", "the home is taken"],
)
def test_a_name_or_home_is_watched_once(storage: Storage, again: Source) -> None:
    storage.add_source(NEWS, listings=[FEED], now=NOON)
    with pytest.raises(NameTaken, match="watched already"):
        storage.add_source(again, listings=[FEED], now=NOON)
    assert len(storage.sources()) == 1


def test_a_paused_source_is_not_polled_until_it_is_resumed(room: Room) -> None:
    room.storage.pause_source("News")
    assert room.claim() == []
    assert room.storage.next_due_at(room.now) is None
    assert room.storage.sources()[0].source.paused
    room.storage.resume_source("News")
    assert [page.url for page in room.claim()] == [room.feed]


def test_a_removed_source_is_not_polled_and_its_history_stays(room: Room) -> None:
    room.list(entry("a"))
    room.read("https://news.example/a", "one")
    room.storage.remove_source("News", now=room.now)
    room.storage.free_leases(room.owner, now=room.now)
    assert room.claim(everything=True, not_since=room.now + timedelta(days=1)) == []
    assert room.storage.sources() == []
    assert [row.removed_at for row in room.storage.sources(removed=True)] == [room.now]
    assert [row.number for row in room.storage.revisions(room.id_of("https://news.example/a"))] == [1]


def test_a_removed_source_is_taken_up_again_quietly(room: Room) -> None:
    room.list(entry("a"))
    room.storage.remove_source("News", now=room.now)
    new = Listing(url="https://news.example/new", kind=ListingKind.PAGE)
    again = room.storage.add_source(replace(room.source, name="News again"), listings=[new], now=room.now)
    assert again == room.source_id
    room.storage.free_leases(room.owner, now=room.now)
    assert {page.url for page in room.claim()} == {new.url, "https://news.example/a"}
    feed = next(row for row in room.storage.listings(again) if row.url == room.feed)
    assert (feed.next_poll_at, feed.visited_at) == (None, None)


def test_the_name_of_a_removed_source_is_free(room: Room) -> None:
    room.storage.remove_source("News", now=room.now)
    other = Source(name="News", home="https://other.example/")
    assert room.storage.add_source(other, listings=[], now=room.now) != room.source_id
    assert {row.source.name for row in room.storage.sources(removed=True)} == {"News", "News (removed, 1)"}


def test_a_source_gets_other_facts(room: Room) -> None:
    room.storage.update_source("News", replace(NEWS, name="Les nouvelles"))
    assert [row.source for row in room.storage.sources()] == [replace(NEWS, name="Les nouvelles")]


def test_a_source_cannot_take_the_name_of_another(room: Room) -> None:
    room.storage.add_source(Source(name="Other", home="https://other.example/"), listings=[], now=NOON)
    with pytest.raises(NameTaken):
        room.storage.update_source("Other", Source(name="News", home="https://other.example/"))


def test_a_source_can_take_the_name_of_a_removed_one(room: Room) -> None:
    room.storage.remove_source("News", now=NOON)
    room.storage.add_source(Source(name="Other", home="https://other.example/"), listings=[], now=NOON)
    room.storage.update_source("Other", Source(name="News", home="https://other.example/"))
    assert [row.source.name for row in room.storage.sources()] == ["News"]


def test_listings_are_added_once(room: Room) -> None:
    more = Listing(url="https://cdn.example/map.xml", kind=ListingKind.SITEMAP)
    same = Listing(url=room.feed, kind=ListingKind.FEED)
    assert room.storage.add_listings(room.source_id, [more, same, more], now=room.now) == 1
    assert [row.url for row in room.storage.listings(room.source_id)] == [room.feed, more.url]


def test_what_is_not_watched_is_unknown(room: Room) -> None:
    storage = room.storage
    with pytest.raises(Unknown, match="'Nobody'"):
        storage.pause_source("Nobody")
    with pytest.raises(Unknown):
        storage.resume_source("Nobody")
    with pytest.raises(Unknown):
        storage.remove_source("Nobody", now=NOON)
    with pytest.raises(Unknown):
        storage.update_source("Nobody", NEWS)
    with pytest.raises(Unknown):
        storage.add_listings(99, [FEED], now=NOON)


def test_a_name_of_any_length_and_kind_is_kept(storage: Storage) -> None:
    for name in ("Nul \0 and \ud800", "x" * 10_000, "'; DROP TABLE source; --", "Ministère 官报 🗞"):
        storage.add_source(Source(name=name, home=f"https://{len(name)}.example/{name}"), listings=[], now=NOON)
        with pytest.raises(NameTaken):
            storage.add_source(Source(name=name, home="https://z.example/"), listings=[], now=NOON)
        storage.pause_source(name)
    assert len(storage.sources()) == 4
