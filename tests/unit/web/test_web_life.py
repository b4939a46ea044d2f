"""What stood when, and how it is drawn: an honest stamp hangs over its edit, a line to a false one leans."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from web_views import NOW, STAMP, FakeViews, change_row, text

from presswatch.web.life import Stage, stages, standing, until
from presswatch.web.timeline import axis, timeline
from scraper.model import Kind, Precision
from storage import StampRow

HOUR = timedelta(hours=1)


def views(*texts: str) -> FakeViews:
    return FakeViews(texts={(1, number): text(each) for number, each in enumerate(texts, start=1)})


def test_a_version_without_a_change_stands_since_it_was_seen_and_one_that_came_back_stands_again() -> None:
    changes = [
        change_row(1, revision_from=1, revision_to=2, not_after=NOW),
        change_row(2, revision_from=2, revision_to=1, not_after=NOW + HOUR),
        change_row(3, kind=Kind.RESTAMPED, revision_from=1, revision_to=1, not_after=NOW + 2 * HOUR),
    ]
    revisions = views("a", "b").revisions(1)
    assert [stage.number for stage in stages(revisions, changes[:1])] == [1, 2]
    told = stages([row for row in revisions if row.number == 2], changes)
    assert [stage.number for stage in told] == [2, 1]
    assert told[1].not_after == NOW + HOUR


def test_the_course_of_a_version_ends_with_its_last_time() -> None:
    course = [Stage(number=number, not_before=None, not_after=NOW) for number in (1, 2, 1, 3)]
    assert [stage.number for stage in until(1, course)] == [1, 2, 1]
    assert until(9, course) == ()


def test_a_passage_tells_the_stage_that_brought_it_and_what_stood_there() -> None:
    course = [Stage(number=number, not_before=None, not_after=NOW + number * HOUR) for number in (1, 2, 3)]
    texts = {1: text("a pier of 1", "end"), 2: text("a pier of 2", "end"), 3: text("a pier of 2", "end", "new here")}
    first, second, third = standing(course, texts)
    assert (first.since, first.before, first.replaced) == (course[1], 1, "a pier of 1")
    assert second.since is None
    assert (third.since, third.before, third.replaced) == (course[2], 2, "")
    assert standing([], {}) == ()


def stamp(at: datetime) -> StampRow:
    return StampRow(at=at, precision=Precision.MINUTE, raw="")


def test_an_honest_stamp_hangs_over_its_edit_and_a_silent_edit_leans_back_to_its_stamp() -> None:
    old, new = stamp(NOW - 40 * HOUR), stamp(NOW - 20 * HOUR)
    drawn = timeline(
        None,
        [
            change_row(1, kind=Kind.EDITED, not_before=NOW - 21 * HOUR, not_after=NOW - 20 * HOUR, stamp_before=old,
                       stamp_after=new),
            change_row(2, not_before=NOW - HOUR, not_after=NOW, stamp_before=new, stamp_after=new),
        ],
        seen_at=NOW - 40 * HOUR,
    )  # fmt: skip
    assert drawn is not None
    honest, silent = drawn.seen
    assert honest.claim == honest.right
    assert silent.claim is not None
    assert silent.right - silent.claim > 40
    assert len(drawn.claims) == 2


def test_a_date_is_as_wide_as_its_day_so_that_an_edit_of_that_day_is_honest() -> None:
    day = StampRow(at=datetime(2026, 3, 2, tzinfo=UTC), precision=Precision.DAY, raw="")
    drawn = timeline(
        STAMP, [change_row(1, kind=Kind.EDITED, not_before=NOW - HOUR, not_after=NOW, stamp_after=day)], seen_at=NOW
    )
    assert drawn is not None
    assert drawn.seen[0].claim == drawn.seen[0].right
    assert [claim.published for claim in drawn.claims] == [True, False, False]


def test_nothing_happened_nothing_is_drawn() -> None:
    assert timeline(STAMP, [], seen_at=NOW) is None


def test_a_year_of_silence_is_cut_so_that_an_hour_can_be_seen() -> None:
    moments = [NOW - 365 * 24 * HOUR, NOW - HOUR, NOW]
    scale = axis(moments)
    assert [gap.length for gap in scale.gaps] == [moments[1] - moments[0]]
    assert scale.place(NOW) - scale.place(NOW - HOUR) > 40


def test_of_two_years_of_silence_both_are_cut() -> None:
    year = 365 * 24 * HOUR
    scale = axis([NOW - 2 * year, NOW - year, NOW - year + HOUR, NOW + HOUR])
    assert len(scale.gaps) == 2
    assert scale.place(NOW - year + HOUR) - scale.place(NOW - year) > 30


def test_of_gaps_that_stand_close_together_the_longest_tells_its_length() -> None:
    minute, moments = timedelta(minutes=1), [NOW]
    for length in (HOUR, minute, 2 * HOUR, minute, HOUR, minute / 10):
        moments.append(moments[-1] + length)
    gaps = axis(moments).gaps
    assert max(gaps, key=lambda gap: gap.length).middle is not None
    assert any(gap.middle is None for gap in gaps)


_SPANS = st.lists(st.sampled_from((1, 20, 90, 3_000, 40_000, 10**6, 10**8)), min_size=1, max_size=12)


@given(_SPANS)
def test_no_length_of_a_gap_covers_another_or_leaves_the_drawing_on_a_telephone(spans: list[int]) -> None:
    moments = [NOW + timedelta(seconds=sum(spans[:n])) for n in range(len(spans) + 1)]
    gaps = axis(moments).gaps
    # A letter of 12 px is 6 px wide as a rule, and the drawing 350 px on a telephone of 390.
    places = sorted(
        (gap.middle - len(gap.label) * 300 / 350, gap.middle + len(gap.label) * 300 / 350)
        for gap in gaps
        if gap.middle is not None
    )
    assert bool(places) is bool(gaps)
    assert all(begins >= -0.01 and ends <= 100.01 for begins, ends in places), gaps
    assert all(ends < begins for (_, ends), (begins, _) in pairwise(places)), gaps


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=8, unique=True))
def test_no_date_covers_another_on_a_telephone_and_none_is_told_twice(seconds: list[int]) -> None:
    moments = sorted(NOW + timedelta(seconds=each) for each in seconds)
    drawn = timeline(None, [change_row(1, not_before=None, not_after=at) for at in moments], seen_at=NOW - 60 * HOUR)
    assert drawn is not None
    width = {"start": (0, 22), "middle": (-11, 11), "end": (-22, 0)}
    places = [tuple(tick.left + each for each in width[tick.anchor]) for tick in drawn.ticks]
    assert all(ends < begins for (_, ends), (begins, _) in pairwise(places)), drawn.ticks
    days = [tick.at.date() for tick in drawn.ticks]
    assert len(days) == len(set(days))
    assert len(days) >= 2 or moments[-1].date() == (NOW - 60 * HOUR).date()


@given(st.lists(st.integers(0, 10**8), min_size=1, max_size=12, unique=True))
def test_what_came_later_stands_further_right(seconds: list[int]) -> None:
    moments = [NOW + timedelta(seconds=each) for each in sorted(seconds)]
    places = [axis(moments).place(at) for at in moments]
    assert places == sorted(places)
    assert all(0 <= place <= 100 for place in places)
