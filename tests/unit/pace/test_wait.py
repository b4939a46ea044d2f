"""How long to wait: by the rate, the price, the age and the hours of the week."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.model import Rhythm
from scraper.pace import FLAT, Week, told, wait
from scraper.pace.rhythm import WEEK, week_of
from scraper.pace.wait import YOUNG


def office_hours() -> Week:
    """Forty releases about eleven o'clock, Monday to Friday."""
    rhythm = Rhythm()
    for n in range(40):
        day = n // 5 * 7 + n % 5
        rhythm = told(rhythm, 24 * day + 10.5, 24 * day + 11.5, 1)
    return week_of(rhythm)


OFFICE = office_hours()

rates = st.floats(1e-6, 100)
prices = st.floats(1e-5, 100)
times = st.floats(-1e6, 1e6)
ages = st.none() | st.floats(0, 1e5)
weeks = st.sampled_from([FLAT, OFFICE])


def test_at_a_steady_rate_the_gap_is_the_root_of_the_price_over_the_rate() -> None:
    assert wait(0.02, 5.0, 0.25) == pytest.approx(math.sqrt(2 * 0.25 / 0.02))


@pytest.mark.parametrize("age", [0.0, 3.0, 24.0, 2000.0])
def test_at_the_end_of_a_wait_the_delay_that_piled_up_is_the_price(age: float) -> None:
    kappa, b = 0.07, age + YOUNG
    gap = wait(kappa, 0.0, 0.05, age=age)
    assert kappa * ((b + gap) * math.log1p(gap / b) - gap) == pytest.approx(0.05, rel=1e-3)


def test_a_release_of_friday_evening_is_looked_at_on_monday_sooner_than_in_the_night() -> None:
    friday_evening = 4 * 24 + 20.0
    morning = (friday_evening + wait(0.02, friday_evening, 5.0, OFFICE)) % WEEK
    assert 9 <= morning % 24 <= 15


def test_busy_hours_are_waited_for_less() -> None:
    assert wait(0.05, 10.0, 0.05, OFFICE) < wait(0.05, 22.0, 0.05, OFFICE)


@given(rate=rates, at=times, price=prices, age=ages, week=weeks)
def test_every_wait_is_finite_and_longer_than_nothing(
    rate: float, at: float, price: float, age: float | None, week: Week
) -> None:
    assert 0 < wait(rate, at, price, week, age) < math.inf


@given(rate=rates, at=times, price=prices, age=ages, more=st.floats(1, 100))
def test_a_page_that_changes_more_is_never_waited_for_longer(
    rate: float, at: float, price: float, age: float | None, more: float
) -> None:
    assert wait(rate * more, at, price, FLAT, age) <= wait(rate, at, price, FLAT, age) * (1 + 1e-3)


@given(rate=rates, at=times, price=prices, age=ages, more=st.floats(4, 100))
def test_also_by_the_hours_of_the_week_a_page_that_changes_much_more_is_not_waited_for_longer(
    rate: float, at: float, price: float, age: float | None, more: float
) -> None:
    """The best hour nearby may be the same one, or one that a steadier page would not wait for."""
    assert wait(rate * more**2, at, price, OFFICE, age) <= wait(rate, at, price, OFFICE, age) * 1.01


@pytest.mark.parametrize("rate", [0.0, -1.0, math.nan, math.inf])
def test_a_rate_that_is_none_is_waited_for_beyond_any_bound(rate: float) -> None:
    assert wait(rate, 0.0, 1.0) >= 1e6
