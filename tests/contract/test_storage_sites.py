"""What is learned of a site, kept with its source; on every database."""

from __future__ import annotations

from storage_room import LEASE, Room, entry

from scraper.model import Site

SITE = Site(
    version="0f",
    pages=3,
    loads=5,
    recurring=frozenset({"ab", "cd"}),
    varying=frozenset({"div.slot/p"}),
    body="div.text",
)


def test_nothing_is_known_of_a_site_at_first(room: Room) -> None:
    assert room.storage.site(room.source_id) == Site()
    assert room.storage.site(room.source_id + 1_000) == Site()


def test_what_was_learned_comes_back_and_goes_with_each_page(room: Room) -> None:
    room.list(entry("a"))
    room.storage.keep_site(room.source_id, SITE)
    assert room.storage.site(room.source_id) == SITE
    room.later(hours=1)
    pages = room.storage.claim(now=room.now, owner="worker-2", lease=LEASE, hosts=5)
    assert pages
    assert {page.site for page in pages} == {SITE}


def test_releases_can_be_learned_from_once_they_were_read(room: Room) -> None:
    room.list(entry("a"), entry("b"), entry("c"))
    assert room.storage.readable(room.source_id) == 0
    room.read("https://news.example/a", "one", kinds=[])
    room.read("https://news.example/b", "two", kinds=[])
    assert room.storage.readable(room.source_id) == 2


def test_loads_are_the_newest_of_each_release_and_then_further_ones(room: Room) -> None:
    room.list(entry("a"), entry("b"))
    for body in (b"<p>a1", b"<p>a2", b"<p>a3", b"<p>a4", b"<p>a5", b"<p>a6"):
        room.read("https://news.example/a", body.decode(), kinds=[], body=body)
        room.later(hours=1)
    room.read("https://news.example/b", "b1", kinds=[], body=b"<p>b1")
    bodies = [load.body for load in room.storage.loads(room.source_id, most=10)]
    assert bodies == [b"<p>b1", b"<p>a6", b"<p>a5", b"<p>a4", b"<p>a3", b"<p>a2"]
    assert len(room.storage.loads(room.source_id, most=2)) == 2
    assert room.storage.loads(room.source_id + 1_000, most=10) == []


def test_a_revision_tells_with_what_it_was_read(room: Room) -> None:
    room.list(entry("a"))
    room.read("https://news.example/a", "one", kinds=[])
    found = room.storage.release_at("news.example/a")
    assert found is not None
    assert room.storage.revision(found.id, 1).site == ""
