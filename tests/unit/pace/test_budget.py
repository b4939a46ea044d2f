"""The pace at which a budget of requests is kept."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.pace import Spending, first_pace, pace_of, price, promised, spent, wait


def test_the_first_pace_keeps_the_budget_at_steady_rates() -> None:
    rates = [0.5, 0.1, 0.02]
    going = first_pace(rates, per_hour=2.0)
    gaps = [wait(rate, 0.0, price(going)) for rate in rates]
    assert sum(1 / gap for gap in gaps) == pytest.approx(2.0)


def test_the_pace_of_a_day_old_release_is_that_at_which_it_is_looked_at_so_often() -> None:
    assert wait(0.07, 0.0, price(pace_of(6.0)), age=24.0) == pytest.approx(6.0, rel=1e-3)


def test_what_was_spent_too_much_is_made_up_for() -> None:
    even = Spending(demand=10.0, hours=100.0)
    over = spent(even, hours=1.0, demand=10.0, used=30.0, per_hour=10.0)
    assert promised(over, 10.0) > promised(even, 10.0) == pytest.approx(1.0)


def test_what_the_week_should_have_cost_by_now_is_no_waste() -> None:
    """On Friday night much was spent, and the weekend is to come."""
    friday = spent(Spending(demand=10.0, hours=100.0), hours=1.0, demand=10.0, used=150.0, per_hour=10.0)
    assert promised(friday, 10.0) > promised(friday, 10.0, ahead=14.0) == pytest.approx(1.0)


@pytest.mark.parametrize("hours", [0.0, -5.0], ids=["a clock that stands", "a clock that was set back"])
def test_no_time_changes_nothing(hours: float) -> None:
    before = Spending(demand=10.0, hours=100.0, used=3.0)
    assert spent(before, hours=hours, demand=99.0, used=50.0, per_hour=1.0) == before


def test_a_downtime_is_no_saving() -> None:
    """Else all that was not asked for in a week would be asked for on the day after it."""
    after = spent(Spending(demand=10.0, hours=100.0), hours=168.0, demand=10.0, used=0.0, per_hour=10.0)
    assert promised(after, 10.0) == pytest.approx(1.0)


@given(
    demand=st.floats(1e-6, 1e6), used=st.floats(0, 1e9), hours=st.floats(-1e3, 1e5), per_hour=st.floats(1e-3, 1e6),
    now=st.floats(0, 1e6),
)  # fmt: skip
def test_the_pace_is_a_number_whatever_was_spent(
    demand: float, used: float, hours: float, per_hour: float, now: float
) -> None:
    after = spent(Spending(demand=demand, hours=10.0), hours=hours, demand=now, used=used, per_hour=per_hour)
    assert 0 <= promised(after, per_hour) < math.inf
