"""What is wrong with a source, from what is known of it; and that each trouble begins once and ends once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.judge import ailment, assess, listing_ailment
from scraper.judge.health import troubles
from scraper.model import (
    Doubt,
    Entry,
    Failed,
    Failure,
    HealthKind,
    KnownHealth,
    Listed,
    ListingKind,
    ListingOutcome,
    OpenTrouble,
    Origin,
    Outcome,
    Patient,
    Precision,
    Role,
    Stamp,
    Standstill,
    State,
    Suspect,
)

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FEED = "https://news.example/feed"


def failed(failure: Failure = Failure.TIMEOUT, **more: Any) -> Failed:
    return Failed(at=NOW, failure=failure, detail="it took longer than 20 s", **more)


def suspect(doubt: Doubt) -> Suspect:
    return Suspect(doubt=doubt, since=NOW)


def listed(*titles: str, items: int = 0, apart: timedelta = HOUR) -> Listed:
    """Entries of these titles, ``apart`` in time and each at an address of its own."""
    entries = tuple(
        Entry(
            url=f"https://news.example/{n}", key=f"news.example/{n}", title=title,
            published=Stamp(at=NOW - n * apart, precision=Precision.MINUTE, raw="", origin=Origin.LISTING),
        )
        for n, title in enumerate(titles)
    )  # fmt: skip
    return Listed(kind=ListingKind.FEED, entries=entries, items=items)


# --- one look ---------------------------------------------------------------------------------------------------------

OF_RELEASES = [
    pytest.param({"failed": failed(Failure.DNS)}, "failing", id="no such host"),
    pytest.param({"failed": failed(Failure.SERVER)}, "failing", id="an error of the server"),
    pytest.param({"failed": failed(Failure.ROBOTS)}, "failing", id="robots.txt forbids it"),
    pytest.param({"failed": failed(Failure.REFUSED, status=403)}, "unreadable", id="it is refused"),
    pytest.param({"failed": failed(Failure.UNREADABLE)}, "unreadable", id="a login in its place"),
    pytest.param({"failed": failed(Failure.REDIRECTS)}, "unreadable", id="redirects without end"),
    pytest.param({"suspect": suspect(Doubt.COLLAPSED)}, "unreadable", id="most of it is missing"),
    pytest.param({"suspect": suspect(Doubt.GONE)}, None, id="gone: that is a change"),
    pytest.param({"suspect": suspect(Doubt.FLAPPING)}, None, id="an earlier text is back"),
    pytest.param({}, None, id="well"),
]


@pytest.mark.parametrize(("what", "kind"), OF_RELEASES)
def test_what_a_look_at_a_release_says_of_its_health(what: dict[str, Any], kind: str | None) -> None:
    found = ailment(Outcome(state=State.LIVE, url="u", key="k", **what))
    assert (found and found.kind) == kind


GOOD = listed(*"abcdefgh")
OF_LISTINGS = [
    pytest.param(failed(), {"failed": failed()}, "failing", id="no answer in time"),
    pytest.param(failed(), {"failed": failed(Failure.REFUSED, status=404)}, "gone", id="404"),
    pytest.param(failed(), {"failed": failed(Failure.UNREADABLE)}, "unreadable", id="no list"),
    pytest.param(listed(), {"suspect": suspect(Doubt.EMPTY)}, "empty", id="no items"),
    pytest.param(
        failed(), {"failed": failed(), "suspect": suspect(Doubt.EMPTY)}, "failing", id="no answer, after no items"
    ),
    pytest.param(GOOD, {"suspect": suspect(Doubt.ALL_NEW)}, "churn", id="other addresses on each look"),
    pytest.param(GOOD, {"renamed": True}, "all-new", id="other addresses, once"),
    pytest.param(listed("a", items=40), {}, "duplicates", id="forty items of one address"),
    pytest.param(listed(*"aaaaaaaa", apart=timedelta()), {}, "duplicates", id="one release at eight addresses"),
    pytest.param(listed(*"aaaaaaaa"), {}, None, id="the same title at other times"),
    pytest.param(listed("a", items=3), {}, None, id="too few items to tell"),
    pytest.param(GOOD, {}, None, id="well"),
]


@pytest.mark.parametrize(("found", "what", "kind"), OF_LISTINGS)
def test_what_a_look_at_a_listing_says_of_its_health(found: Any, what: dict[str, Any], kind: str | None) -> None:
    said = listing_ailment(found, ListingOutcome(**what))
    assert (said and said.kind) == kind


# --- the source -------------------------------------------------------------------------------------------------------


def ill(url: str = FEED, *, role: Role = Role.LISTING, hours: float = 2, looks: int = 3, **more: Any) -> Patient:
    facts: dict[str, Any] = {
        "url": url, "role": role, "kind": HealthKind.FAILING, "detail": "it took longer than 20 s",
        "since": NOW - timedelta(hours=hours), "at": NOW, "looks": looks, "total": looks, **more,
    }  # fmt: skip
    return Patient(**facts)


def page(n: int = 0, **more: Any) -> Patient:
    return ill(f"https://news.example/{n}", role=Role.RELEASE, **{"hours": 30, **more})


def known(*patients: Patient, listings: int = 1, releases: int = 50, **more: Any) -> KnownHealth:
    ailing = sum(patient.role is Role.RELEASE for patient in patients)
    facts = {"ailing": ailing, "well_at": NOW - HOUR, **more}
    return KnownHealth(listings=listings, releases=releases, patients=patients, **facts)


def begins(what: KnownHealth) -> list[tuple[str, str]]:
    return [(each.kind.value, each.subject) for each in assess(what, NOW).begins]


BEGIN = [
    pytest.param(known(), [], id="nothing ails"),
    pytest.param(known(ill()), [("failing", "newsroom")], id="the only listing fails"),
    pytest.param(known(ill(looks=2)), [], id="too few looks"),
    pytest.param(known(ill(hours=0.5)), [], id="too short a time"),
    pytest.param(known(ill(), listings=2), [("failing", "listings")], id="one of two listings fails"),
    pytest.param(
        known(ill(), ill(f"{FEED}2"), listings=2), [("failing", "newsroom")], id="both listings fail"
    ),
    pytest.param(known(ill(kind=HealthKind.GONE)), [("gone", "newsroom")], id="the listing is gone"),
    pytest.param(known(ill(kind=HealthKind.CHURN)), [("churn", "listings")], id="addresses change on each look"),
    pytest.param(
        known(ill(kind=HealthKind.ALL_NEW, looks=1, hours=0)), [("all-new", "listings")], id="all addresses changed"
    ),
    pytest.param(
        known(ill(looks=1, total=6)), [("failing", "newsroom")], id="it fails in one way and another by turns"
    ),
    pytest.param(known(ill(), *map(page, range(40))), [("failing", "newsroom")], id="the releases fail with the list"),
    pytest.param(known(page()), [("failing", "some releases")], id="one release fails for more than a day"),
    pytest.param(known(page(hours=20)), [], id="one release fails for less than a day"),
    pytest.param(known(*(page(n, hours=2) for n in range(5))), [("failing", "releases")], id="every tenth fails"),
    pytest.param(known(*(page(n, hours=2) for n in range(4))), [], id="less than every tenth"),
    pytest.param(
        known(*(page(n, hours=2, was_well=False) for n in range(24))), [], id="what never was read fails"
    ),
    pytest.param(
        known(*(page(n, hours=2, was_well=False) for n in range(25))), [("failing", "releases")],
        id="half of all was never read and fails",
    ),
    pytest.param(
        known(*(page(n, hours=2, was_well=n == 0) for n in range(5))), [],
        id="every tenth fails, but most of them never were read",
    ),
    pytest.param(
        known(*(page(n, hours=2) for n in range(5)), well_at=NOW - 3 * HOUR), [],
        id="releases fail, and no listing was looked at since",
    ),
    pytest.param(
        known(page(hours=2), listings=0, releases=1, well_at=None), [("failing", "some releases")],
        id="a release that is watched by itself",
    ),
    pytest.param(known(ill(), cleared_at=NOW), [], id="it was not looked at since the last trouble ended"),
]  # fmt: skip


@pytest.mark.parametrize(("what", "expected"), BEGIN)
def test_what_begins(what: KnownHealth, expected: list[tuple[str, str]]) -> None:
    assert begins(what) == expected


def opened(kind: HealthKind, subject: str = "newsroom") -> OpenTrouble:
    return OpenTrouble(id=7, kind=kind, subject=subject, began_at=NOW - DAY)


GOES_ON = [
    pytest.param(known(ill(looks=1, hours=0.1), open=(opened(HealthKind.FAILING),)), True, id="it fails again"),
    pytest.param(
        known(ill(kind=HealthKind.UNREADABLE, looks=2), open=(opened(HealthKind.FAILING),)), True,
        id="it ails of something else, not for sure yet",
    ),
    pytest.param(
        known(ill(kind=HealthKind.UNREADABLE), open=(opened(HealthKind.FAILING),)), False,
        id="it ails of something else for sure",
    ),
    pytest.param(known(open=(opened(HealthKind.FAILING),)), False, id="one good look"),
    pytest.param(
        known(ill(), listings=2, open=(opened(HealthKind.FAILING),)), False, id="one of two listings is well again"
    ),
    pytest.param(
        known(*map(page, range(5)), open=(opened(HealthKind.FAILING, "releases"),)), True, id="as many releases fail"
    ),
    pytest.param(
        known(*map(page, range(4)), open=(opened(HealthKind.FAILING, "releases"),)), False, id="few releases still fail"
    ),
]  # fmt: skip


@pytest.mark.parametrize(("what", "goes_on"), GOES_ON)
def test_what_goes_on_and_what_ends(what: KnownHealth, goes_on: bool) -> None:
    turn = assess(what, NOW)
    assert ([7] if not goes_on else []) == list(turn.ends)
    assert ([7] if goes_on else []) == [health_id for health_id, _ in turn.goes_on]


def days(*ago: float) -> tuple[datetime, ...]:
    return tuple(NOW - timedelta(days=each) for each in ago)


SILENCE = [
    pytest.param(days(*range(1, 20)), False, id="one a day, the last yesterday"),
    pytest.param(days(*range(5, 20)), True, id="one a day, none for five days"),
    pytest.param(days(*range(5, 12)), False, id="too little history"),
    pytest.param(days(*range(8, 100, 7)), False, id="one a week, the last eight days ago"),
    pytest.param(days(*range(25, 200, 7)), True, id="one a week, none for 25 days"),
    pytest.param(days(5, *range(10, 13), *range(20, 40)), False, id="there was a longer gap lately"),
    pytest.param(days(-400, *range(1, 20)), False, id="a date in the future"),
    pytest.param((), False, id="no dates"),
]


@pytest.mark.parametrize(("published", "is_silent"), SILENCE)
def test_silence_is_unusual_by_the_source_s_own_rhythm(published: tuple[datetime, ...], is_silent: bool) -> None:
    found = troubles(known(published=published), NOW)
    assert [each.kind for each in found] == ([HealthKind.SILENT] if is_silent else [])


@pytest.mark.parametrize(("behind", "since", "expected"), [(3, 3, True), (2, 3, False), (9, 1, False)])
def test_a_listing_is_frozen_when_it_lacks_several_releases_for_days(behind: int, since: int, expected: bool) -> None:
    each = Standstill(url=FEED, newest_at=NOW - 9 * DAY, behind=behind, since=NOW - since * DAY)
    assert begins(known(standstills=(each,))) == ([("frozen", FEED)] if expected else [])


def test_every_trouble_says_what_to_do() -> None:
    for kind in set(HealthKind) - {HealthKind.SILENT, HealthKind.FROZEN, HealthKind.UNWATCHED, HealthKind.STUCK}:
        for trouble in troubles(known(ill(kind=kind), open=(opened(kind),)), NOW):
            assert trouble.advice
            assert FEED in trouble.detail


def test_only_some_of_a_hundred_pages_are_named() -> None:
    (trouble, _) = troubles(known(*map(page, range(100)), releases=100), NOW)
    assert trouble.detail.startswith("100 of 100 releases: https://news.example/0 (it took longer than 20 s), ")
    assert trouble.detail.count("https://") == 3


# --- each once --------------------------------------------------------------------------------------------------------

LOOKS = st.lists(
    st.tuples(st.sampled_from([None, HealthKind.FAILING, HealthKind.UNREADABLE, HealthKind.GONE]), st.integers(1, 300)),
    max_size=60,
)


@settings(max_examples=300)
@given(LOOKS)
def test_each_trouble_begins_before_it_ends_and_ends_before_it_begins_again(
    looks: list[tuple[HealthKind | None, int]],
) -> None:
    """Whatever the looks at a listing say, minutes apart."""
    now, open_now, patient = NOW, {}, None
    cleared: datetime | None = None
    for number, (kind, minutes) in enumerate(looks):
        now += timedelta(minutes=minutes)
        patient = _after(patient, kind, now)
        turn = assess(
            KnownHealth(
                listings=1, releases=0, patients=(patient,) if patient else (), cleared_at=cleared,
                well_at=now if kind is None else None, open=tuple(open_now.values()),
            ), now,
        )  # fmt: skip
        assert set(turn.ends) <= set(open_now)
        for ended in turn.ends:
            del open_now[ended]
            cleared = now
        for trouble in turn.begins:
            assert (trouble.kind, trouble.subject) not in {(each.kind, each.subject) for each in open_now.values()}
            health_id = 100 * number + len(open_now)
            open_now[health_id] = OpenTrouble(id=health_id, kind=trouble.kind, subject=trouble.subject, began_at=now)
        if kind is None:
            assert not open_now, "a good look ends all"


def _after(patient: Patient | None, kind: HealthKind | None, now: datetime) -> Patient | None:
    if kind is None:
        return None
    if patient is None:
        return ill(kind=kind, looks=1, since=now, at=now)
    looks = patient.looks + 1 if patient.kind is kind else 1
    return replace(patient, kind=kind, at=now, looks=looks, total=patient.total + 1)
