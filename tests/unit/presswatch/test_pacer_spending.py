"""What was spent of a budget is reckoned once an hour, and no look is counted twice or left out."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from newsroom import utc

from presswatch.pacer import _Budget, _spending
from scraper.pace import FLAT

START = utc(2026, 3, 2)
HOUR = timedelta(hours=1)
PER_DAY = 240
BUDGET = _Budget(PER_DAY, demand=5.0, pages=10, week=FLAT)


def reckoned(looks: list[datetime], hours: int) -> float:
    """Requests that were counted in so many hours of reckoning."""
    kept: dict[str, object] | None = None
    for hour in range(hours + 1):
        now = START + hour * HOUR
        # A look at this moment may be made before the reckoning or after it.
        made = [at for at in looks if at <= now]
        at, spending = _spending(kept, {"News": made}, "News", budget=BUDGET, now=now)
        kept = {"at": at.isoformat(), "spending": list(spending)}
    return spending.used + hours * PER_DAY / 24


def test_a_look_at_the_moment_of_a_reckoning_is_counted_by_the_next_one() -> None:
    """On a clock that leaps to what is due, and in a tick that reckons and then looks, there are many."""
    assert reckoned([START + n * HOUR for n in range(10)], hours=10) == 10


@given(st.lists(st.integers(0, 10 * 3600 - 1), max_size=200))
def test_every_look_is_counted_once(seconds: list[int]) -> None:
    looks = sorted(START + timedelta(seconds=each) for each in seconds)
    assert abs(reckoned(looks, hours=10) - len(looks)) < 1e-6
