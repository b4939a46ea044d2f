"""What pacing keeps: with the pages, with the sources, and of the budget."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from storage_room import Room, entry

from scraper.model import Entry, Habits, Kind, Outcome, Pulse, Rhythm, Role, Source, Spent, State, Unmodified, Why

HOUR = timedelta(hours=1)


def look(room: Room, url: str, pulse: Pulse, **more: object) -> None:
    """A look at a release that finds nothing new."""
    page = room.page(url)
    found = Unmodified(at=room.now)
    room.record(
        page, found, Outcome(state=State.LIVE, url=url, key=entry("a").key, seen_at=room.now), pulse=pulse, **more
    )


def test_what_is_counted_of_a_page_is_known_at_the_next_look(room: Room) -> None:
    room.list(entry("a"))
    kept = Pulse(
        finds=3, first_poll_at=room.now, last_change_at=room.now, born_at=room.now - HOUR, weight=2.5, watched=7.25,
        aged=6.5, lean=-0.5, demand=0.125, why=Why.YOUNG,
    )  # fmt: skip
    look(room, "https://news.example/a", kept)
    assert room.page("https://news.example/a").pulse == replace(kept, looked_at=room.now)


def test_a_release_that_a_listing_says_was_touched_is_due_at_the_hint_and_knows_why(room: Room) -> None:
    room.list(entry("a"))
    look(room, "https://news.example/a", Pulse(), next_poll_at=room.now + 9 * HOUR)
    room.list(entry("a"), hinted=frozenset({entry("a").key}), hint_at=room.now + HOUR)
    page = room.page("https://news.example/a")
    assert (page.due_at, page.pulse.hinted, page.pulse.why) == (room.now + HOUR, True, Why.HINT)
    look(room, "https://news.example/a", Pulse())
    assert not room.page("https://news.example/a").pulse.hinted, "it was followed"


def test_what_looks_tell_of_a_source_adds_up(room: Room) -> None:
    hours = (0.0,) * 9 + (1.0,) + (0.0,) * 14
    gained = Habits(rhythm=Rhythm(hours=hours, days=(1.0, *(0.0,) * 6)), hinted=1.0, useless=2.0)
    room.list(entry("a"), gained=gained)
    look(room, "https://news.example/a", Pulse(), gained=gained)
    (row,) = room.storage.source_paces()
    assert row.habits == gained + gained
    assert row.habits.rhythm.hours[9] == 2.0


def test_the_sums_of_a_source_are_those_of_its_releases_and_the_demand_that_of_all_its_pages(room: Room) -> None:
    room.list(entry("a"), pulse=Pulse(weight=40.0, watched=400.0, demand=0.5))
    look(room, "https://news.example/a", Pulse(weight=2.0, watched=3.0, aged=4.0, lean=0.25, demand=0.25))
    (row,) = room.storage.source_paces()
    assert (row.finds, row.watched, row.aged, row.lean, row.demand) == (2.0, 3.0, 4.0, 0.25, 0.75)
    room.storage.pause_source("News")
    assert room.storage.source_paces() == []


def test_what_was_asked_is_told_by_the_log_of_each_source(room: Room) -> None:
    room.list(entry("a"))
    look(room, "https://news.example/a", Pulse())
    assert room.storage.asked_since(room.now - HOUR) == {"News": [room.now, room.now]}
    assert room.storage.asked_since(room.now) == {}


def test_what_is_remembered_of_the_budget_is_replaced(room: Room) -> None:
    assert room.storage.remembered() == {}
    room.storage.remember({"": {"spending": [1.5, 2.0, 0.0]}})
    room.storage.remember({"News": {"spending": [0.5, 2.0, 0.0]}})
    assert room.storage.remembered() == {"News": {"spending": [0.5, 2.0, 0.0]}}


def test_sources_that_have_spent_their_budget_are_left_out(room: Room) -> None:
    room.storage.add_source(
        Source(name="Other", home="https://other.example/", per_day=100), listings=[], now=room.now,
        pages=[Entry(url="https://other.example/a", key="other.example/a")],
    )  # fmt: skip
    pages = room.claim(spent=Spent(sources=["News"]))
    assert [(page.source.name, page.source.per_day) for page in pages] == [("Other", 100)]
    assert room.storage.next_due_at(room.now, spent=Spent(sources=["News", "Other"])) is None


def test_the_history_of_a_page_has_the_windows_of_its_changes(room: Room) -> None:
    """What its listing found belongs to the listing; a release's first revision is no edit of it."""
    room.list(entry("old"), quiet=True)
    room.read("https://news.example/old", "one", pulse=Pulse(first_poll_at=room.now))
    room.now += HOUR
    room.list(entry("old"), entry("new"), pulse=Pulse(first_poll_at=room.now - HOUR))
    room.read("https://news.example/old", "two", kinds=[Kind.EDITED], pulse=Pulse(first_poll_at=room.now - HOUR))
    listing, old = room.storage.histories()
    assert (listing.role, listing.since) == (Role.LISTING, room.now - HOUR)
    assert [until for _, until in listing.windows] == [room.now - HOUR, room.now]
    assert (old.role, old.source) == (Role.RELEASE, "News")
    assert [until for _, until in old.windows] == [room.now]
