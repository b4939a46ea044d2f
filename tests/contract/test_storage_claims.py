"""What is due is handed out once, host by host, under a lease that fences what is written."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from storage_room import LEASE, NOON, Room, entry, identity

from scraper.model import Failed, Failure, Listing, ListingKind, Outcome, Pulse, Role, Source, Spent, State, Unmodified
from storage import Busy, LeaseLost, Robots, Storage, open_storage

HOUR = timedelta(hours=1)


def hosts(room: Room, count: int, per_host: int = 1) -> None:
    """Due releases at so many hosts."""
    room.list(*(entry(str(number), host=f"h{host}.example") for host in range(count) for number in range(per_host)))
    room.let_go()


def test_two_owners_never_get_the_same_host(room: Room) -> None:
    hosts(room, 4, per_host=2)
    first = room.claim(owner="one", hosts=3)
    second = room.claim(owner="two", hosts=3)
    assert len({page.host for page in first}) == 3
    assert len({page.host for page in second}) == 1
    assert not {page.host for page in first} & {page.host for page in second}
    assert room.claim(owner="three") == []
    assert room.storage.lease_owners(room.now) == ["one", "two"]


def test_many_threads_share_the_hosts_without_overlap(room: Room, url: str) -> None:
    hosts(room, 40)
    got: list[list[str]] = []

    def work(owner: str) -> None:
        with open_storage(url, wait=timedelta(seconds=20)) as storage:
            mine = []
            while pages := storage.claim(now=NOON, owner=owner, lease=LEASE, hosts=3):
                mine += [page.url for page in pages]
            got.append(mine)

    threads = [threading.Thread(target=work, args=(f"worker-{number}",)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    everything = [url for mine in got for url in mine]
    assert len(everything) == len(set(everything)) == 40


def test_a_host_gives_its_listings_before_the_most_overdue_releases(room: Room) -> None:
    due = {"c": -1, "a": -3, "b": -2}
    room.list(*map(entry, due), first_release_polls=lambda index: NOON + HOUR * list(due.values())[index])
    room.storage.add_listings(
        room.source_id, [Listing(url="https://news.example/map", kind=ListingKind.SITEMAP)], now=NOON - 2 * HOUR
    )
    room.let_go()
    pages = room.claim(per_host=3)
    assert [page.url.rpartition("/")[2] for page in pages] == ["map", "a", "b"]
    assert [page.role for page in pages] == [Role.LISTING, Role.RELEASE, Role.RELEASE]
    assert pages[1].due_at == NOON - 3 * HOUR


@pytest.mark.parametrize("spent", [Spent(but_pressing=True), Spent(sources_but_pressing=["News"])])
def test_listings_and_new_releases_come_first_and_have_what_is_left_to_themselves(room: Room, spent: Spent) -> None:
    room.list(entry("backlog"), quiet=True, first_release_polls=lambda index: NOON - 9 * HOUR)
    room.list(entry("known"), entry("new"), first_release_polls=lambda index: NOON - HOUR)
    page = room.page("https://news.example/known")
    found = Unmodified(at=room.now)
    outcome = Outcome(state=State.LIVE, url=page.url, key=entry("known").key, seen_at=room.now)
    room.record(page, found, outcome, next_poll_at=NOON - 8 * HOUR)
    room.let_go()
    room.storage.add_listings(
        room.source_id, [Listing(url="https://news.example/map", kind=ListingKind.SITEMAP)], now=NOON
    )
    pressing = room.claim(spent=spent)
    assert [page.url.rpartition("/")[2] for page in pressing] == ["map", "new"]
    assert all(page.pressing for page in pressing)
    room.let_go()
    pages = room.claim()
    assert [page.url.rpartition("/")[2] for page in pages] == ["map", "new", "backlog", "known"]
    assert not pages[2].pressing
    assert not pages[3].pressing


def test_the_host_that_waits_longest_comes_first(room: Room) -> None:
    room.list(
        *(entry("x", host=f"{name}.example") for name in "abc"),
        first_release_polls=lambda index: NOON - HOUR * (index + 1),
    )
    room.let_go()
    assert [page.host for page in room.claim(hosts=2)] == ["c.example", "b.example"]


def test_an_expired_lease_is_free_for_others(room: Room) -> None:
    room.claim(owner="one")
    room.later(minutes=2)
    assert len(room.claim(owner="two")) == 1


def test_a_worker_that_lost_its_lease_writes_nothing(room: Room) -> None:
    room.list(entry("a"))
    page = room.page("https://news.example/a")
    known = room.known(page)
    room.later(minutes=5)
    room.claim(owner="two")
    outcome = Outcome(state=known.state, url=known.url, key=known.key)
    with pytest.raises(LeaseLost, match=r"worker-1 no longer holds the lease of news\.example"):
        room.record(page, Unmodified(at=room.now), outcome)
    with pytest.raises(LeaseLost):
        room.record(page, Unmodified(at=room.now), outcome, owner="three")
    assert room.storage.polls(page_id=page.page_id) == []


def test_an_expired_lease_that_nobody_took_still_counts(room: Room) -> None:
    room.list(entry("a"))
    page = room.page("https://news.example/a")
    room.later(minutes=5)
    assert room.record(page, Unmodified(at=room.now), Outcome(state=room.known(page).state, url="u", key="k")) == []


def test_a_host_that_was_let_go_is_visited_from_then_on(room: Room) -> None:
    room.claim()
    room.storage.let_go("news.example", room.owner, next_at=room.now + timedelta(seconds=1))
    assert room.claim() == []
    assert room.storage.next_due_at(room.now) == room.now + timedelta(seconds=1)
    room.later(seconds=1)
    assert len(room.claim()) == 1


def test_a_pause_is_never_shortened(room: Room) -> None:
    room.claim()
    room.claim(owner="late", now=room.now + LEASE)
    room.storage.let_go("news.example", "late", next_at=room.now + HOUR)
    room.claim(owner="early", now=room.now + HOUR)
    room.storage.let_go("news.example", "early", next_at=room.now)
    assert room.claim() == []
    assert room.storage.next_due_at(room.now) == room.now + HOUR


def test_a_host_is_left_alone_for_as_long_as_it_asks_whoever_visits_it(room: Room) -> None:
    room.claim(owner="one")
    room.storage.leave_alone("news.example", until=room.now + HOUR)
    room.storage.leave_alone("news.example", until=room.now + HOUR / 2)
    assert room.storage.lease_owners(room.now) == ["one"]
    room.storage.let_go("news.example", "one", next_at=room.now)
    assert room.claim() == []
    assert room.storage.next_due_at(room.now) == room.now + HOUR
    room.storage.leave_alone("new.example", until=room.now + HOUR)
    rests = Busy(rests_until=room.now + HOUR, until=room.now + HOUR)
    assert room.storage.take("new.example", "one", now=room.now, lease=LEASE) == rests, "it was not known before"


def test_letting_go_what_another_holds_does_nothing(room: Room) -> None:
    room.claim(owner="one")
    room.storage.let_go("news.example", "two", next_at=room.now)
    assert room.claim(owner="two") == []


def test_the_leases_of_a_dead_owner_can_be_freed(room: Room) -> None:
    room.claim(owner="dead")
    room.storage.free_leases("dead")
    assert room.storage.lease_owners(room.now) == []
    assert len(room.claim(owner="alive")) == 1


def test_everything_is_claimed_once_a_round(room: Room) -> None:
    room.list(entry("a"), entry("b"), first_release_polls=lambda _: NOON + HOUR)
    room.let_go()
    room.later(minutes=1)
    began = room.now
    assert room.claim() == []
    seen = []
    while pages := room.claim(everything=True, not_since=began, per_host=1):
        (page,) = pages
        seen.append(page.url)
        room.list() if page.role is Role.LISTING else room.unmodified(page.url)
        room.let_go()
    assert sorted(seen) == ["https://news.example/a", "https://news.example/b", room.feed]


def test_a_page_without_a_next_poll_is_never_claimed(room: Room) -> None:
    room.list(entry("a"), first_release_polls=lambda _: None)
    room.let_go()
    room.later(days=1)
    assert [page.url for page in room.claim(everything=True)] == [room.feed]


def test_one_source_can_be_claimed_alone(room: Room) -> None:
    other = Listing(url="https://other.example/feed", kind=ListingKind.FEED)
    room.storage.add_source(Source(name="Other", home="https://other.example/"), listings=[other], now=NOON)
    assert [page.url for page in room.claim(source="Other")] == [other.url]


def test_the_next_moment_considers_hosts_pauses_and_leases(room: Room) -> None:
    storage = room.storage
    assert storage.next_due_at(room.now) == room.now
    room.claim()
    storage.let_go("news.example", room.owner, next_at=NOON + timedelta(seconds=90))
    assert storage.next_due_at(room.now) == NOON + timedelta(seconds=90)
    room.later(seconds=90)
    room.claim(lease=timedelta(seconds=30))
    assert storage.next_due_at(room.now) == NOON + timedelta(seconds=120)
    room.list(next_poll_at=NOON + 9 * HOUR)
    room.let_go()
    assert storage.next_due_at(room.now) == NOON + 9 * HOUR


def test_nothing_is_due_where_nothing_is_watched(storage: Storage) -> None:
    assert storage.next_due_at(NOON) is None
    assert storage.claim(now=NOON, owner="w", lease=LEASE) == []


def test_a_page_is_handed_out_with_all_that_was_kept_of_it(room: Room) -> None:
    room.list(entry("a"))
    pulse = Pulse(failures=2, last_change_at=NOON, first_poll_at=NOON - HOUR, finds=3)
    room.read("https://news.example/a", "one", pulse=pulse)
    page = room.page("https://news.example/a")
    assert page.pulse == replace(pulse, looked_at=NOON)
    assert page.validators.etag == '"1"'
    assert (page.last_poll_at, page.last_full_at) == (NOON, NOON)


def test_after_a_downtime_the_pages_for_which_waiting_costs_most_come_first(room: Room) -> None:
    """How long a page is overdue counts as much as how often it would be looked at."""
    room.list(entry("rare"), entry("often"), entry("longest"), pulse=Pulse(demand=0.5), next_poll_at=NOON + 9 * HOUR)
    for path, demand, due in (("rare", 0.01, 2), ("often", 0.2, 3), ("longest", 0.05, -20)):
        page = room.page(f"https://news.example/{path}")
        room.record(
            page, Unmodified(at=NOON), Outcome(state=State.LIVE, url=page.url, key=f"news.example/{path}"),
            pulse=Pulse(demand=demand), next_poll_at=NOON + due * HOUR,
        )  # fmt: skip
    room.storage.free_leases(room.owner)
    room.now = NOON + 8 * HOUR
    assert [page.url.rpartition("/")[2] for page in room.claim()] == ["longest", "often", "rare"]


def test_robots_are_kept_for_each_host(room: Room) -> None:
    storage = room.storage
    assert storage.robots("news.example") is None
    assert storage.robots("new.example") is None
    said = Robots(status=200, text="User-agent: *\0", at=NOON, ok_at=NOON, delay=timedelta(seconds=2.5))
    storage.keep_robots("new.example", said)
    kept = storage.robots("new.example")
    assert kept is not None
    assert kept.text == "User-agent: *\ufffd"
    failed = Failed(
        at=NOON + HOUR, failure=Failure.THROTTLED, detail="429\0\ud800", retry_after=HOUR / 7, status=429,
        host="new.example",
    )  # fmt: skip
    silent = Robots(status=200, text=kept.text, at=NOON + HOUR, ok_at=NOON, failed_at=NOON + HOUR, failed=failed)
    storage.keep_robots("new.example", silent)
    assert storage.robots("new.example") == silent
    storage.keep_robots("new.example", replace(silent, failed_at=None, failed=None))
    assert storage.robots("new.example") == replace(silent, failed_at=None, failed=None)


def test_a_round_looks_once_at_what_is_due(room: Room) -> None:
    room.list(entry("a"), next_poll_at=NOON)
    room.let_go()
    assert {page.url for page in room.claim(not_since=NOON)} == {"https://news.example/a"}
    room.let_go()
    room.later(seconds=1)
    assert {page.url for page in room.claim(not_since=room.now)} == {"https://news.example/a", room.feed}


def test_the_next_moment_can_be_asked_for_a_round(room: Room) -> None:
    room.list(entry("a"), next_poll_at=NOON + HOUR, first_release_polls=lambda _: NOON + HOUR)
    room.let_go()
    storage = room.storage
    assert storage.next_due_at(NOON, due_by=NOON) is None
    assert storage.next_due_at(NOON, due_by=NOON + HOUR, not_since=NOON) == NOON + HOUR
    assert storage.next_due_at(NOON, source="Nobody") is None
    room.unmodified("https://news.example/a")
    room.let_go()
    assert storage.next_due_at(NOON, not_since=NOON) is None


def test_a_round_over_everything_waits_for_hosts_only(room: Room) -> None:
    room.list(*(entry(str(number)) for number in range(25)), first_release_polls=lambda _: NOON + 9 * HOUR)
    room.let_go()
    room.later(minutes=1)
    began, seen, second = room.now, 0, timedelta(seconds=1)
    while (at := room.storage.next_due_at(room.now, not_since=began)) is not None:
        room.now = at
        pages = room.claim(everything=True, not_since=began)
        assert 0 < len(pages) <= 10
        seen += len(pages)
        for page in pages:
            outcome = Outcome(state=State.LIVE, url=page.url, key=identity(page.url))
            if page.role is Role.RELEASE:
                room.record(page, Unmodified(at=room.now), outcome)
            else:
                failed = Failed(at=room.now, failure=Failure.SERVER, detail="it answered 500")
                room.storage.postpone(page, owner=room.owner, failed=failed, next_poll_at=room.now + HOUR)
        room.storage.let_go("news.example", room.owner, next_at=room.now + second)
        assert room.storage.next_due_at(room.now, not_since=began) in (room.now + second, None)
    assert seen == 26


def test_a_host_is_taken_whatever_is_due_there_while_nobody_holds_it_and_its_pause_is_over(room: Room) -> None:
    storage, later = room.storage, NOON + LEASE
    assert storage.take("other.example", "one", now=NOON, lease=LEASE) is None, "it was not known before"
    held = storage.take("other.example", "two", now=NOON, lease=LEASE)
    assert held is not None
    assert (held.until, held.rests_until <= NOON) == (later, True), "it may be given back at any time"
    assert storage.take("other.example", "one", now=NOON, lease=LEASE) == held, "not even by who holds it"
    assert storage.take("other.example", "two", now=later, lease=LEASE) is None, "a lease runs out"
    storage.let_go("other.example", "one", next_at=NOON)
    assert storage.lease_owners(later) == ["two"], "it is not for another to give back"
    storage.let_go("other.example", "two", next_at=later + HOUR)
    rests = Busy(rests_until=later + HOUR, until=later + HOUR)
    assert storage.take("other.example", "one", now=later, lease=LEASE) == rests
    assert storage.take("other.example", "one", now=later + HOUR, lease=LEASE) is None


def test_a_host_that_was_taken_is_not_claimed(room: Room) -> None:
    hosts(room, 2)
    assert room.storage.take("h0.example", "one", now=room.now, lease=LEASE) is None
    assert {page.host for page in room.claim(owner="two")} == {"h1.example"}
