"""What begins and what ends with a look is written with it, and told once to each channel, in order."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from storage_room import NOON, Room, answer, entry, identity

from scraper.model import (
    Ailment,
    DuePage,
    Entry,
    Failed,
    Failure,
    HealthKind,
    HealthPhase,
    KnownHealth,
    Listing,
    ListingKind,
    ListingOutcome,
    Origin,
    Precision,
    Pulse,
    Role,
    Stamp,
    Trouble,
    Turn,
)
from storage import Delivery, LeaseLost, Physician, StorageError, Told, open_storage

A = "https://news.example/a"
FAILS = Ailment(kind=HealthKind.FAILING, detail="it took longer than 20 s")
TROUBLE = Trouble(kind=HealthKind.FAILING, subject="newsroom", detail="1 of 1 listing", advice="Open it.")


def physician(turn: Callable[[KnownHealth], Turn], *channels: str) -> Physician:
    return Physician(judge=lambda known, _now: turn(known), channels=channels)


def begin(known: KnownHealth) -> Turn:
    return Turn(begins=(TROUBLE,)) if not known.open else Turn(goes_on=((known.open[0].id, TROUBLE),))


def end(known: KnownHealth) -> Turn:
    return Turn(ends=tuple(each.id for each in known.open))


def told(room: Room) -> list[tuple[str, HealthPhase]]:
    """What would be sent now, all of it delivered at once."""
    found = []
    while claimed := room.storage.claim_deliveries(now=room.now, owner="w", lease=timedelta(minutes=1)):
        for each in claimed:
            assert isinstance(each.subject, Told)
            found.append((each.channel, each.subject.phase))
        room.storage.delivered([each.id for each in claimed], owner="w", at=room.now)
    return found


def seen_by(room: Room, **more: Any) -> KnownHealth:
    """What is known of the source's health at a look at its feed."""
    known: list[KnownHealth] = []

    def keep(what: KnownHealth) -> Turn:
        known.append(what)
        return Turn()

    room.list(**{"physician": physician(keep), **more})
    return known[0]


def test_a_trouble_is_told_once_when_it_begins_and_once_when_it_ends(room: Room) -> None:
    for turn in (begin, begin, end, end):
        room.list(physician=physician(turn, "console", "desk"), ailment=FAILS if turn is begin else None)
        room.later(hours=1)
    assert told(room) == [
        ("console", HealthPhase.BEGAN), ("desk", HealthPhase.BEGAN),
        ("console", HealthPhase.ENDED), ("desk", HealthPhase.ENDED),
    ]  # fmt: skip
    (row,) = room.storage.health()
    assert (row.source, row.kind, row.began_at, row.ended_at) == (
        "News", HealthKind.FAILING, NOON, NOON + timedelta(hours=2),
    )  # fmt: skip
    assert room.storage.health(is_open=True) == []
    assert room.storage.health(is_open=False) == [row]


def test_the_end_is_not_told_before_the_begin(room: Room) -> None:
    room.list(physician=physician(begin, "desk"))
    room.list(physician=physician(end, "desk"))
    (first,) = room.storage.claim_deliveries(now=room.now, owner="w", lease=timedelta(minutes=1))
    later = room.now + timedelta(hours=1)
    room.storage.delivery_failed(first.id, owner="w", at=room.now, error="500", next_attempt_at=later)
    assert told(room) == []
    room.now = later
    assert told(room) == [("desk", HealthPhase.BEGAN), ("desk", HealthPhase.ENDED)]


def test_the_words_of_an_open_trouble_follow_what_holds(room: Room) -> None:
    room.list(physician=physician(begin))
    worse = replace(TROUBLE, detail="2 of 2 listings")
    room.list(physician=physician(lambda known: Turn(goes_on=((known.open[0].id, worse),)), "desk"))
    assert [row.detail for row in room.storage.health()] == ["2 of 2 listings"]
    assert told(room) == []


def test_that_all_addresses_changed_is_told_and_its_end_is_not(room: Room) -> None:
    passing = replace(TROUBLE, kind=HealthKind.ALL_NEW)
    room.list(physician=physician(lambda _: Turn(begins=(passing,)), "desk"))
    room.list(physician=physician(end, "desk"))
    assert told(room) == [("desk", HealthPhase.BEGAN)]
    assert room.storage.health(is_open=True) == []


def test_each_look_that_ails_counts_until_one_is_well(room: Room) -> None:
    unreadable = replace(FAILS, kind=HealthKind.UNREADABLE)
    for ailment in (FAILS, FAILS, unreadable):
        known = seen_by(room, ailment=ailment)
        room.later(hours=1)
    (patient,) = known.patients
    assert (patient.url, patient.role, patient.kind) == (room.feed, Role.LISTING, HealthKind.UNREADABLE)
    assert (patient.since, patient.at) == (NOON, NOON + timedelta(hours=2))
    assert (patient.looks, patient.total) == (1, 3)
    assert seen_by(room).patients == ()


def test_a_release_that_ails_is_judged_and_one_that_is_well_is_not(room: Room) -> None:
    room.list(entry("a"), entry("b"))
    judged: list[KnownHealth] = []

    def keep(known: KnownHealth) -> Turn:
        judged.append(known)
        return Turn()

    room.read(A, "one", physician=physician(keep))
    assert judged == []
    room.fail(A, ailment=FAILS, physician=physician(keep))
    room.unmodified(A, physician=physician(keep))
    assert [(known.ailing, known.releases, known.listings) for known in judged] == [(1, 2, 1), (0, 0, 1)]
    assert judged[0].patients[0].was_well


def test_of_a_great_many_patients_all_are_counted(room: Room) -> None:
    room.list(*(entry(f"p{n}") for n in range(205)))
    known: list[KnownHealth] = []

    def keep(what: KnownHealth) -> Turn:
        known.append(what)
        return Turn()

    failed = Failed(at=room.now, failure=Failure.TIMEOUT, detail="it took longer than 20 s")
    room.storage.free_leases(room.owner, now=room.now)
    pages = room.claim(everything=True, not_since=room.now + timedelta(days=1), per_host=1000)
    for page in [page for page in pages if page.role is Role.RELEASE]:
        room.storage.postpone(
            page, owner=room.owner, failed=failed, next_poll_at=room.now, ailment=FAILS, physician=physician(keep)
        )
    assert known[-1].ailing == 205
    assert len(known[-1].patients) == 200


def test_a_source_on_two_hosts_begins_a_trouble_once_though_both_break_at_a_time(room: Room, url: str) -> None:
    room.list(entry("a", host="one.example"), entry("b", host="two.example"))
    room.let_go()
    pages = room.claim()
    failed = Failed(at=room.now, failure=Failure.UNREADABLE, detail="this should not happen")
    met = threading.Barrier(len(pages))

    def slowly(known: KnownHealth) -> Turn:
        with contextlib.suppress(threading.BrokenBarrierError):
            met.wait(0.3)
        return begin(known)

    def postpone(page: DuePage) -> None:
        with open_storage(url, wait=timedelta(seconds=20)) as storage:
            storage.postpone(
                page, owner=room.owner, failed=failed, next_poll_at=room.now, ailment=FAILS, physician=physician(slowly)
            )

    with ThreadPoolExecutor() as threads:
        list(threads.map(postpone, pages))
    assert len(pages) == 2
    assert len(room.storage.health()) == 1


def test_a_look_that_is_refused_writes_no_health(room: Room) -> None:
    page = room.page(room.feed)
    with pytest.raises(LeaseLost):
        room.storage.record_listing(
            page, owner="other", found=answer(room.feed), outcome=ListingOutcome(), next_poll_at=None, pulse=Pulse(),
            first_release_polls=lambda _: room.now, now=room.now, ailment=FAILS, physician=physician(begin, "desk"),
        )  # fmt: skip
    assert room.storage.health() == []


def test_a_judge_that_breaks_takes_the_look_back_with_it(room: Room) -> None:
    def broken(_known: KnownHealth) -> Turn:
        raise StorageError("out of order")

    with pytest.raises(StorageError):
        room.list(entry("a"), physician=physician(broken))
    assert room.storage.release_at(identity(A)) is None


def test_the_health_of_a_removed_source_is_nobody_s_concern(room: Room) -> None:
    room.list(physician=physician(begin))
    room.storage.remove_source("News", now=room.now)
    assert room.storage.health() == []


# --- rhythm and standstill --------------------------------------------------------------------------------------------


def dated(path: str, days: float) -> Entry:
    """An entry that was published so many days before noon."""
    at = NOON - timedelta(days=days)
    return replace(entry(path), published=Stamp(at=at, precision=Precision.MINUTE, raw="", origin=Origin.LISTING))


def test_the_newest_days_of_publication_are_known(room: Room) -> None:
    room.list(dated("a", 3), dated("b", 1), dated("c", 2), entry("d"))
    assert seen_by(room).published == tuple(NOON - timedelta(days=days) for days in (1, 2, 3))


@pytest.fixture
def siblings(room: Room) -> Room:
    """The feed has three releases, and a list page has the same."""
    page = Listing(url=f"{room.feed}-page", kind=ListingKind.PAGE)
    room.storage.add_listings(room.source_id, [page], now=room.now)
    for url in (room.feed, page.url):
        look(room, url, *(dated(path, days) for path, days in (("a", 9), ("b", 8), ("c", 7))))
    return room


def look(room: Room, url: str, *entries: Entry, **more: Any) -> None:
    room.storage.record_listing(
        room.page(url), owner=room.owner, found=answer(url, at=room.now),
        outcome=ListingOutcome(entries=entries, size=len(entries)), next_poll_at=room.now + timedelta(hours=1),
        pulse=Pulse(), first_release_polls=lambda _: room.now, now=room.now, **more,
    )  # fmt: skip


def standstills(room: Room) -> list[tuple[str, int]]:
    known: list[KnownHealth] = []

    def keep(what: KnownHealth) -> Turn:
        known.append(what)
        return Turn()

    feed = [dated(path, days) for path, days in (("a", 9), ("b", 8), ("c", 7))]
    look(room, room.feed, *feed, physician=physician(keep))
    return [(each.url, each.behind) for each in known[0].standstills]


def test_a_listing_that_lacks_what_its_sibling_names_stands_still(siblings: Room) -> None:
    assert standstills(siblings) == []
    look(siblings, f"{siblings.feed}-page", *(dated(path, days) for path, days in (("c", 7), ("d", 3), ("e", 2))))
    assert standstills(siblings) == [(siblings.feed, 2)]


def test_a_listing_of_another_section_does_not_stand_still(siblings: Room) -> None:
    speeches = Listing(url=f"{siblings.feed}-speeches", kind=ListingKind.PAGE)
    siblings.storage.add_listings(siblings.source_id, [speeches], now=siblings.now)
    look(siblings, speeches.url, *(dated(path, days) for path, days in (("x", 3), ("y", 2), ("z", 1))))
    assert standstills(siblings) == []


def test_a_listing_that_never_had_all_that_another_names_does_not_stand_still(siblings: Room) -> None:
    """A list of everything goes on with speeches while the feed of news is quiet."""
    everything = Listing(url=f"{siblings.feed}-everything", kind=ListingKind.PAGE)
    siblings.storage.add_listings(siblings.source_id, [everything], now=siblings.now)
    named = [("a", 9), ("x", 8.5), ("b", 8), ("y", 7.5), ("c", 7), ("z", 3), ("zz", 2), ("zzz", 1)]
    look(siblings, everything.url, *(dated(path, days) for path, days in named))
    assert standstills(siblings) == []


# --- what is configured -----------------------------------------------------------------------------------------------

NOWHERE = "https://nowhere.example/"


def nowhere(room: Room, *urls: str) -> list[str]:
    troubles = {url: replace(TROUBLE, kind=HealthKind.UNWATCHED, subject=url) for url in urls}
    return room.storage.record_unwatched(troubles, now=room.now, channels=["desk"])


def test_an_address_that_leads_nowhere_is_told_once_until_it_leads_somewhere(room: Room) -> None:
    assert nowhere(room, NOWHERE) == [NOWHERE]
    assert nowhere(room, NOWHERE) == []
    assert [row.subject for row in room.storage.health(is_open=True)] == [NOWHERE]
    assert nowhere(room) == []
    assert told(room) == [("desk", HealthPhase.BEGAN), ("desk", HealthPhase.ENDED)]
    assert nowhere(room, NOWHERE) == [NOWHERE]


def test_dead_letters_and_repetitions_tell_of_troubles_too(room: Room) -> None:
    room.list(physician=physician(begin, "desk"))
    lease = {"owner": "w", "lease": timedelta(minutes=1)}
    (first,) = room.storage.claim_deliveries(now=room.now, **lease)  # type: ignore[arg-type]  # as named
    assert isinstance(first, Delivery)
    room.storage.delivery_failed(first.id, owner="w", at=room.now, error="410", next_attempt_at=None)
    (dead,) = room.storage.dead_letters()
    assert dead.subject == first.subject
    assert room.storage.resend([first.id], now=room.now) == 1
    (again,) = room.storage.claim_deliveries(now=room.now, **lease)  # type: ignore[arg-type]  # as named
    assert again.key == first.key


def test_sources_whose_pages_fail_are_counted(room: Room) -> None:
    room.list(entry("a"), entry("b"))
    assert room.storage.failing_by_source() == []
    room.fail(A)
    (row,) = room.storage.failing_by_source()
    assert (row.source, row.pages, row.of, row.url, row.since) == ("News", 1, 3, A, None)
    assert row.error == "it took longer than 20 s"
