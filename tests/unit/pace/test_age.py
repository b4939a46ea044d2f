"""When a release came to be, as far as its stamps tell."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from scraper.model import Origin, Precision, Stamp
from scraper.pace import born, placed

DAY = datetime(2026, 3, 2, tzinfo=UTC)
HOUR = timedelta(hours=1)


def stamp(precision: Precision = Precision.DAY, at: datetime = DAY) -> Stamp:
    return Stamp(at=at, precision=precision, raw="", origin=Origin.TEXT)


@pytest.mark.parametrize(
    ("absent", "seen", "expected"),
    [
        (None, 48, 12),
        (None, 10, 5),
        (9, 10, 9.5),
        (-5, 10, 5),
        (30, 48, 12),
        (None, -3, -3),
    ],
    ids=[
        "of a whole day its middle",
        "of a day that is not over the middle of what there was",
        "between two looks",
        "a look before the day says nothing",
        "a look after the day says nothing",
        "a date that is yet to come is no later than the look",
    ],
)
def test_a_date_is_placed_where_it_can_have_been(absent: float | None, seen: float, expected: float) -> None:
    absent_at = None if absent is None else DAY + absent * HOUR
    assert placed(stamp(), absent_at=absent_at, seen_at=DAY + seen * HOUR) == DAY + expected * HOUR


def test_a_stamp_with_a_time_stands_whatever_the_looks_were() -> None:
    exact = stamp(Precision.MINUTE, DAY + 7 * HOUR)
    assert placed(exact, absent_at=DAY + 9 * HOUR, seen_at=DAY + 10 * HOUR) == exact.at


def test_a_release_is_born_when_its_most_exact_stamp_says() -> None:
    exact = stamp(Precision.MINUTE, DAY + 7 * HOUR)
    assert born([stamp(), None, exact], absent_at=None, seen_at=DAY + 10 * HOUR) == exact.at
    assert born([stamp(), None], absent_at=None, seen_at=DAY + 10 * HOUR) == DAY + 5 * HOUR
    assert born([None], absent_at=None, seen_at=DAY) is None
