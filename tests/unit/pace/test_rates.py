"""What is expected of a page, from what was seen of it, of its source and of all."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.model import Rhythm
from scraper.pace import NOTHING, Beat, Prior, Tally, listed, pooled, prior, release, seen, told, visited
from scraper.pace.rhythm import WEEK, week_of
from scraper.pace.weeks import Weeks

gaps = st.floats(0, 1e5)


def rate(beat: Beat) -> float:
    return beat.finds / beat.watched


# --- listings ---------------------------------------------------------------------------------------------------------


def test_a_listing_is_known_from_its_dated_entries_at_once() -> None:
    busy = visited(1000.0, [1000.0 - n for n in range(20)])
    assert rate(busy) == pytest.approx(10.5 / 21)
    assert rate(visited(1000.0)) == pytest.approx(0.5 / 36)


def test_entries_dated_after_the_visit_are_not_believed() -> None:
    assert visited(1000.0, [2000.0]) == visited(1000.0)


def test_what_a_listing_did_fades_with_the_weeks() -> None:
    busy = listed(visited(0.0), 24.0, 100)
    quiet = busy
    for _ in range(52):
        quiet = listed(quiet, 168.0, 0)
    assert rate(quiet) < rate(busy) / 100


@given(gap=gaps, finds=st.integers(0, 1000), more=st.integers(1, 100))
def test_a_listing_in_which_more_was_found_has_the_higher_rate(gap: float, finds: int, more: int) -> None:
    beat = visited(0.0)
    assert rate(listed(beat, gap, finds + more)) > rate(listed(beat, gap, finds)) > 0


# --- releases ---------------------------------------------------------------------------------------------------------


def test_a_release_of_which_nothing_is_known_follows_the_law_of_all() -> None:
    expected = release(Beat(0, 0), prior(NOTHING, NOTHING), 10.0, 10.0)
    assert expected.now == pytest.approx(0.07 / 10.5)


def test_a_source_that_edits_much_has_the_higher_rate_and_so_has_a_page() -> None:
    much, little = Tally(100.0, 400.0, 400.0), Tally(1.0, 400.0, 400.0)
    everywhere = Tally(101.0, 800.0, 800.0)
    rates = [release(Beat(0, 0), prior(source, everywhere), 10.0, 10.0).now for source in (little, much)]
    assert rates[0] < rates[1] / 10
    edited = release(Beat(3, 5.0, 5.0), prior(little, everywhere), 10.0, 10.0).now
    assert edited > rates[0] * 2


def test_hints_that_tell_of_the_edits_leave_less_to_be_looked_for_but_never_nothing() -> None:
    """Silent edits still get their looks."""
    told_all = prior(NOTHING, NOTHING, hinted=1000.0)
    alone = release(Beat(0, 0), prior(NOTHING, NOTHING), 10.0, 10.0).now
    assert 0 < release(Beat(0, 0), told_all, 10.0, 10.0).now < alone / 100
    assert prior(NOTHING, NOTHING, hinted=9.0, silent=9.0).silent > 0.5


def test_the_clock_that_foretells_better_is_believed() -> None:
    """Edits follow a release's publication here and not its last version."""
    beat, expected = Beat(0, 0), Prior()
    for age in range(100, 2000, 20):
        beat = seen(beat, expected, 10_000.0, float(age), 20.0, changed=age < 300)
    assert beat.lean > 0
    assert prior(NOTHING, Tally(lean=beat.lean)).lean > 0.5


@given(
    finds=st.integers(0, 100), quiet=st.floats(-1e4, 1e6), age=st.floats(-1e4, 1e6), gap=st.floats(-10, 1e6),
    changed=st.booleans(), lean=st.floats(-1e6, 1e6),
)  # fmt: skip
def test_a_rate_is_a_number_above_nothing_whatever_the_clock_does(
    finds: int, quiet: float, age: float, gap: float, changed: bool, lean: float
) -> None:
    expected = prior(Tally(3.0, 50.0, 50.0, lean), Tally(3.0, 50.0, 50.0, lean))
    beat = seen(Beat(finds, 3.0, 2.0), expected, quiet, age, gap, changed=changed)
    assert all(map(math.isfinite, beat))
    assert 0 < release(beat, expected, quiet, age).now < math.inf


# --- the hours of the week --------------------------------------------------------------------------------------------


def test_finds_are_shared_out_over_the_hours_in_which_they_may_have_come() -> None:
    rhythm = told(Rhythm(), 8.5, 10.5, 2)
    assert rhythm.hours[8:11] == pytest.approx((0.5, 1.0, 0.5))
    assert rhythm.finds == pytest.approx(2)


def test_what_is_known_of_the_hours_decides_where_a_find_in_a_long_gap_is_counted() -> None:
    known = Rhythm()
    for day in range(100):
        known = told(known, 24 * day + 10.0, 24 * day + 11.0, 1)
    rhythm = told(Rhythm(), 0.0, 24.0, 1, week_of(known))
    assert rhythm.hours[10] > 4 * rhythm.hours[0]


@pytest.mark.parametrize(
    ("since", "until"), [(0.0, 49.0), (10.0, 5.0)], ids=["a gap of two days and more", "a clock that was set back"]
)
def test_a_gap_that_tells_no_hour_counts_nothing(since: float, until: float) -> None:
    assert told(Rhythm(), since, until, 3) == Rhythm()


def test_no_hour_is_left_out_for_good() -> None:
    rhythm = Rhythm(hours=(0.0,) * 9 + (1e6,) + (0.0,) * 14, days=(1e6,) + (0.0,) * 6)
    week = week_of(rhythm)
    assert min(week.rate) > 0.02
    assert sum(week.rate[:WEEK]) == pytest.approx(WEEK)


def test_a_new_source_is_taken_to_be_like_the_others() -> None:
    pool = pooled([Rhythm(hours=(0.0,) * 9 + (100.0,) + (0.0,) * 14, days=(100 / 7,) * 7)] * 3)
    week = week_of(Rhythm(), pool)
    assert max(week.rate[:24]) == week.rate[9]


def test_a_week_is_kept_until_a_tenth_more_was_counted() -> None:
    weeks, pool = Weeks(), Rhythm()
    first = weeks.of("a", Rhythm(), pool)
    counted = Rhythm(hours=(4.0,) * 24, days=(96 / 7,) * 7)
    assert weeks.of("a", Rhythm(hours=(0.02,) * 24, days=(0.48 / 7,) * 7), pool) is first
    second = weeks.of("a", counted, pool)
    assert second is not first
    assert weeks.of("a", Rhythm(), pool) is not second, "a source that is counted anew gets its own week"
