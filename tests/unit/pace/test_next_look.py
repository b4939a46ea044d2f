"""The gap between looks grows with the root of the age; failures, promises and the server bound it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.model import Pulse, Role, Why
from scraper.pace import Context, Pace, noted, pace_of, plan

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def gap(role: Role, pulse: Pulse, **more: object) -> timedelta:
    return plan(role, pulse, now=NOW, jitter=0.5, **more).at - NOW  # type: ignore[arg-type]  # by name


def aged(age: timedelta, **more: int) -> Pulse:
    return Pulse(last_change_at=NOW - age, first_poll_at=NOW - age, **more)


@pytest.mark.parametrize(
    ("age", "expected"),
    [(0.5 * HOUR, 1.4), (3 * HOUR, 2.4), (24 * HOUR, 6.0), (7 * 24 * HOUR, 15.3), (90 * 24 * HOUR, 54.5)],
    ids=["half an hour", "three hours", "a day", "a week", "a quarter"],
)
def test_a_release_is_looked_at_in_step_with_the_root_of_its_age(age: timedelta, expected: float) -> None:
    assert gap(Role.RELEASE, aged(age)) / HOUR == pytest.approx(expected, rel=0.03)


def test_a_release_is_never_left_longer_than_the_slowest() -> None:
    assert gap(Role.RELEASE, aged(timedelta(days=5000))) == Pace().slowest


def test_under_a_budget_the_slowest_gives_way_in_proportion_so_that_every_budget_can_be_kept() -> None:
    old, ordinary = aged(timedelta(days=5000)), pace_of(Pace().day_old / HOUR)
    gaps = [gap(Role.RELEASE, old, context=Context(pace=ordinary * slower)) for slower in (0.5, 1.0, 2.0, 3.0)]
    assert [each / Pace().slowest for each in gaps] == pytest.approx([1.0, 1.0, 2.0, 3.0])


def test_under_a_budget_a_listing_is_left_for_longer_than_its_slowest_only_at_a_very_slow_pace() -> None:
    quiet, ordinary = Pulse(first_poll_at=NOW - timedelta(days=900), finds=1), pace_of(Pace().day_old / HOUR)
    gaps = [gap(Role.LISTING, quiet, context=Context(pace=ordinary * slower)) for slower in (2.0, 8.0, 16.0)]
    assert [each / Pace().slowest_listing for each in gaps] == pytest.approx([1.0, 1.0, 2.0])


def test_a_busy_listing_is_looked_at_more_often_than_a_quiet_one() -> None:
    busy = Pulse(first_poll_at=NOW - timedelta(days=10), finds=500)
    quiet = Pulse(first_poll_at=NOW - timedelta(days=10), finds=1)
    assert gap(Role.LISTING, busy) < 0.5 * HOUR < gap(Role.LISTING, quiet) <= Pace().slowest_listing


def test_a_promise_replaces_the_gap_of_a_listing_only() -> None:
    every = timedelta(minutes=15)
    assert gap(Role.LISTING, aged(24 * HOUR), every=every) == every
    assert gap(Role.RELEASE, aged(24 * HOUR), every=every) > every


def test_failures_are_tried_again_soon_and_then_ever_later() -> None:
    gaps = [gap(Role.RELEASE, aged(24 * HOUR, failures=n)) for n in range(1, 15)]
    assert gaps[0] == timedelta(minutes=1)
    assert gaps == sorted(gaps)
    assert gaps[-1] == gap(Role.RELEASE, aged(24 * HOUR))


def test_what_the_server_asks_for_is_honoured() -> None:
    assert gap(Role.LISTING, aged(HOUR, failures=1), not_sooner=3 * HOUR) == 3 * HOUR


def test_a_failure_only_counts() -> None:
    before = Pulse(finds=3, last_change_at=NOW - HOUR, first_poll_at=NOW - 2 * HOUR)
    after = noted(before, now=NOW, failed=True, finds=0)
    assert (after.failures, after.finds, after.last_change_at) == (1, 3, NOW - HOUR)
    assert noted(after, now=NOW, failed=False, finds=1).failures == 0


def test_a_change_dated_in_the_future_is_not_believed() -> None:
    assert noted(Pulse(), now=NOW, failed=False, finds=1, changed_at=NOW + HOUR).last_change_at is None


@given(
    role=st.sampled_from(Role),
    failures=st.integers(0, 100),
    age=st.timedeltas(timedelta(), timedelta(days=20_000)),
    finds=st.integers(0, 10**6),
    jitter=st.floats(0, 1),
)
def test_every_page_is_looked_at_again_within_bounds(
    role: Role, failures: int, age: timedelta, finds: int, jitter: float
) -> None:
    pulse = Pulse(failures=failures, last_change_at=NOW - age, first_poll_at=NOW - age, finds=finds)
    wait = plan(role, pulse, now=NOW, jitter=jitter).at - NOW
    assert timedelta(seconds=50) <= wait <= Pace().slowest * 1.05


def test_a_promise_is_kept_also_at_the_latest_jitter() -> None:
    look = plan(Role.LISTING, aged(24 * HOUR), now=NOW, jitter=1.0, every=timedelta(minutes=15))
    assert (look.at, look.why) == (NOW + timedelta(minutes=15), Why.PROMISE)


WHYS = {
    "a busy listing": (Role.LISTING, Pulse(first_poll_at=NOW - 240 * HOUR, finds=500), {}, Why.BUSY),
    "a quiet listing": (Role.LISTING, Pulse(first_poll_at=NOW - 2400 * HOUR, finds=1), {}, Why.QUIET),
    "a young release": (Role.RELEASE, aged(HOUR), {}, Why.YOUNG),
    "an old release": (Role.RELEASE, aged(2400 * HOUR), {}, Why.QUIET),
    "a failure": (Role.RELEASE, aged(HOUR, failures=1), {}, Why.FAILED),
    "a server that asks": (Role.RELEASE, aged(HOUR, failures=1), {"not_sooner": 3 * HOUR}, Why.ASKED),
}


@pytest.mark.parametrize(("role", "pulse", "more", "why"), WHYS.values(), ids=WHYS.keys())
def test_the_next_look_says_why(role: Role, pulse: Pulse, more: dict[str, timedelta], why: Why) -> None:
    assert plan(role, pulse, now=NOW, jitter=0.5, **more).why is why  # type: ignore[arg-type]  # by name


def test_a_look_that_is_not_believed_yet_counts_for_nothing() -> None:
    before = noted(Pulse(), now=NOW - HOUR, failed=False, finds=0)
    held = noted(before, now=NOW, failed=False, finds=0, held=True)
    assert (held.watched, held.looked_at) == (before.watched, before.looked_at)
    assert (noted(held, now=NOW, failed=False, finds=0).watched or 0) > 0


def test_after_the_clock_was_set_back_nothing_is_learned_from_the_gap() -> None:
    before = noted(Pulse(), now=NOW, failed=False, finds=0)
    after = noted(before, now=NOW - 100 * HOUR, failed=False, finds=0)
    assert after.watched == before.watched


@pytest.mark.parametrize("role", list(Role))
def test_a_page_that_was_kept_under_the_other_role_is_counted_anew(role: Role) -> None:
    """A state that no look comes to must not stop the looks."""
    odd = Pulse(weight=0.0, watched=0.0, looked_at=NOW - HOUR, first_poll_at=NOW - HOUR, lean=float("nan"))
    assert plan(role, odd, now=NOW, jitter=0.5).at > NOW
    assert noted(odd, role=role, now=NOW, failed=False, finds=0).watched is not None


@given(
    weight=st.floats(0, 1e6), watched=st.floats(0, 1e6), aged_=st.floats(0, 1e6), lean=st.floats(-1e9, 1e9),
    role=st.sampled_from(Role), since=st.timedeltas(timedelta(days=-5000), timedelta(days=5000)),
    finds=st.integers(0, 1000),
)  # fmt: skip
def test_whatever_was_kept_and_wherever_the_clock_is_the_next_look_is_within_bounds(
    weight: float, watched: float, aged_: float, lean: float, role: Role, since: timedelta, finds: int
) -> None:
    kept = Pulse(
        weight=weight, watched=watched, aged=aged_, lean=lean, looked_at=NOW - since, first_poll_at=NOW - since,
        born_at=NOW - 2 * since, last_change_at=NOW - since / 2,
    )  # fmt: skip
    after = noted(kept, role=role, now=NOW, failed=False, finds=finds)
    for pulse in (kept, after):
        assert timedelta(minutes=4) <= plan(role, pulse, now=NOW, jitter=0.5).at - NOW <= Pace().slowest


def test_the_releases_of_a_newsroom_that_is_new_are_spread_over_their_first_gap() -> None:
    """All are read at once; to look at them again at once would be a herd."""
    old = Pulse(first_poll_at=NOW, last_change_at=NOW - 2400 * HOUR)
    gaps = [plan(Role.RELEASE, old, now=NOW, jitter=n / 10).at - NOW for n in range(11)]
    assert gaps == sorted(gaps)
    assert gaps[0] < HOUR < 24 * HOUR < gaps[-1]
    new = Pulse(first_poll_at=NOW, last_change_at=NOW - HOUR)
    assert plan(Role.RELEASE, new, now=NOW, jitter=0.0).at - NOW > HOUR
