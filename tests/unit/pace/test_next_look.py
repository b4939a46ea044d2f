"""The gap between looks grows with the root of the age; failures, promises and the server bound it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.model import Pulse, Role
from scraper.pace import Pace, next_look, noted

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def gap(role: Role, pulse: Pulse, **more: object) -> timedelta:
    return next_look(role, pulse, now=NOW, jitter=0.5, **more) - NOW  # type: ignore[arg-type]  # by name


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
    wait = next_look(role, pulse, now=NOW, jitter=jitter) - NOW
    assert timedelta(seconds=50) <= wait <= Pace().slowest * 1.05
