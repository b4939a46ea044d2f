"""How many looks of an average hour are due in a span of the week."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.pace import FLAT, looked
from scraper.pace.rhythm import WEEK, _tables

OFFICE = _tables([4.0 if hour < 120 and 9 <= hour % 24 < 17 else 0.1 for hour in range(WEEK)])
TIMES = st.floats(-2_000, 2_000, allow_nan=False)


@given(TIMES, TIMES, TIMES)
def test_what_is_due_adds_up(one: float, two: float, three: float) -> None:
    one, two, three = sorted((one, two, three))
    whole = looked(OFFICE, one, three)
    assert math.isclose(looked(OFFICE, one, two) + looked(OFFICE, two, three), whole, abs_tol=1e-6)


@given(TIMES)
def test_in_a_week_as_many_are_due_as_it_has_hours(since: float) -> None:
    assert looked(OFFICE, since, since + WEEK) == pytest.approx(WEEK)
    assert looked(FLAT, since, since + 5) == pytest.approx(5)
    assert looked(OFFICE, since, since - 1) == 0


def test_more_are_due_in_office_hours_than_on_a_sunday() -> None:
    assert looked(OFFICE, 10, 16) > 2 * looked(OFFICE, 6 * 24 + 10, 6 * 24 + 16)
