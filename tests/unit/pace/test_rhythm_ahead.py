"""By how much the looks of a week come before their mean."""

from __future__ import annotations

from statistics import fmean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.pace import FLAT, ahead
from scraper.pace.rhythm import WEEK, _tables

OFFICE = _tables([4.0 if hour < 120 and 9 <= hour % 24 < 17 else 0.1 for hour in range(WEEK)])
TIMES = st.floats(-2_000, 2_000, allow_nan=False)


@given(TIMES)
def test_every_week_is_like_any_other(at: float) -> None:
    assert ahead(OFFICE, at) == pytest.approx(ahead(OFFICE, at + WEEK), abs=1e-6)


def test_over_a_week_it_comes_to_nothing() -> None:
    assert fmean(ahead(OFFICE, step / 4) for step in range(4 * WEEK)) == pytest.approx(0, abs=1e-9)


@given(TIMES)
def test_where_all_hours_are_alike_there_is_no_lead(at: float) -> None:
    assert ahead(FLAT, at) == 0
    assert ahead(_tables([1.0] * WEEK), at) == pytest.approx(0, abs=1e-9)


def test_it_grows_in_office_hours_and_shrinks_at_night_and_on_weekends() -> None:
    monday, friday, sunday = 9, 4 * 24 + 17, 6 * 24 + 23
    assert ahead(OFFICE, monday + 8) > ahead(OFFICE, monday + 24) > ahead(OFFICE, monday)
    assert ahead(OFFICE, friday) > 0 > ahead(OFFICE, sunday)


def test_the_root_of_the_rate_tells_how_many_looks_an_hour_should_have() -> None:
    """Four times the rate, twice the looks."""
    week = _tables([4.0 if hour < 84 else 1.0 for hour in range(WEEK)])
    assert ahead(week, 84) - ahead(week, 0) == pytest.approx(84 * (2 / 1.5 - 1))
