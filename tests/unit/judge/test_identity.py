"""Which release a text is: the tables of what is one release, what are two, and what follows another at its address."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.judge.identity import another, contradict, has_same_headline, is_same, traits
from scraper.model import Block, BlockKind, Origin, Precision, Release, Stamp

DAY = datetime(2026, 3, 2, tzinfo=UTC)
BODY = (
    "The council of the alliance met on Monday and agreed to deepen the harbour by four metres before winter.",
    "It will cost 1856 million, of which the members carry nine parts in ten and the port the rest of it.",
    "“We have waited long for this decision,” the chair said after the meeting in the old customs house.",
    "Dredging begins in May, and ferries keep to their timetable throughout, according to the harbour office.",
)
OTHER = (
    "A colony of terns has settled under the roof of the lighthouse, wardens reported to the parish yesterday.",
    "Visitors may watch them from a hide that volunteers built out of driftwood between two storms this year.",
    "Nobody had counted such birds along this coast since records of them were begun by a retired postmaster.",
)


def on(day: datetime, precision: Precision = Precision.DAY, origin: Origin = Origin.TEXT) -> Stamp:
    return Stamp(at=day, precision=precision, raw="", origin=origin)


def release(*body: str, title: str = "Harbour to be deepened", day: datetime | None = None) -> Release:
    blocks = tuple(Block(kind=BlockKind.PARAGRAPH, text=text) for text in body or BODY)
    return Release(title=title, blocks=blocks, published=on(day) if day else None)


def statistics(month: str, *figures: float) -> Release:
    """A monthly release: the same words, other figures."""
    a, b, c, d = figures
    return release(
        f"Consumer prices in {month} were {a} % higher than a year before, according to provisional results.",
        f"Energy cost {b} % more, food {c} % more, and without both of them prices rose by {d} % within the year.",
        "The office explains its methods on its pages. The next results are released in the middle of the month.",
        title="Consumer price index",
    )


NOTICE = (
    "The spokesperson gave this statement to correspondents. It may be quoted with its source. For more, write to us."
)

ONE = {
    "a corrected word": (release(), release(BODY[0].replace("agreed", "decided"), *BODY[1:])),
    "a corrected number of a release that is dated": (
        release(day=DAY), release(BODY[0], BODY[1].replace("1856", "1846"), *BODY[2:], day=DAY),
    ),
    "another suffix of the headline": (release(), release(title="Harbour to be deepened | The Alliance")),
    "the headline in capitals": (release(), release(title="HARBOUR TO BE DEEPENED")),
    "one block and other quotation marks": (release(), release(" ".join(BODY).replace("“", '"').replace("”", '"'))),
    "a text that lost its end": (release(), release(*BODY[:3])),
    "a text that gained a passage": (release(*BODY[:3]), release()),
    "another headline over all of the text": (release(day=DAY), release(title="Deeper harbour agreed", day=DAY)),
    "a day that only one page shows": (release(day=DAY), release(*BODY[:3])),
}  # fmt: skip

TWO = {
    "two months' statistics without a day": (
        statistics("February", 2.1, 4.0, 3.2, 1.9), statistics("March", 2.4, 5.1, 3.0, 2.0),
    ),
    "two months' statistics with one figure in common": (
        statistics("February", 2.1, 4.0, 3.2, 1.9), statistics("March", 2.1, 4.0, 3.3, 2.0),
    ),
    "the same notice on two days": (release(day=DAY), release(day=DAY + timedelta(days=1))),
    "two statements under one headline": (
        release(NOTICE, *OTHER[:1], title="Statement by the spokesperson"),
        release(NOTICE, *BODY[:1], title="Statement by the spokesperson"),
    ),
    "one form filled in for two bills": (
        release("On Monday the president signed into law H.R. 7148, which funds the coast guard through September.",
                "Thank you to the members who led this to its end: Smith, Miller, Jones and many others of both sides.",
                title="Bill H.R. 7148 signed into law"),
        release("On Monday the president signed into law S. 4465, which names a post office in the town of Harbour.",
                "Thank you to the members who led this to its end: Brown, Miller, Young and many others of both sides.",
                title="Bill S. 4465 signed into law"),
    ),
    "texts too short to tell": (release("All went well."), release("All went well.")),
    "a text and a sentence of it": (release(*BODY, *OTHER, *OTHER), release(BODY[0] + " It did so.")),
    "two texts of one site": (release(), release(*OTHER, title="Terns settle")),
}  # fmt: skip


@pytest.mark.parametrize(("before", "after"), ONE.values(), ids=ONE.keys())
def test_one_release_is_known_again_by(before: Release, after: Release) -> None:
    assert is_same(before, after)
    assert is_same(after, before)
    assert traits(before) & traits(after), "it is found among thousands, too"
    assert another(before, after) is None


@pytest.mark.parametrize(("before", "after"), TWO.values(), ids=TWO.keys())
def test_two_releases_are(before: Release, after: Release) -> None:
    assert not is_same(before, after)
    assert not is_same(after, before)


LATER = DAY + timedelta(days=3)
HALF = (BODY[0], BODY[1], *OTHER[:2])
FOLLOWS = {
    "another headline, text and day": (release(*OTHER, title="Terns settle", day=LATER), True),
    "another text and day under the same headline": (release(*OTHER, day=LATER), False),
    "another headline and text of the same day": (release(*OTHER, title="Terns settle", day=DAY), False),
    "another headline and text without a day": (release(*OTHER, title="Terns settle"), False),
    "another headline and text of an earlier day": (
        release(*OTHER, title="Terns settle", day=DAY - timedelta(days=9)), False,
    ),
    "another headline and half of the text, dated anew": (release(*HALF, title="Harbour, and terns", day=LATER), False),
    "a headline with its site's name and another text": (
        release(*OTHER, title="Harbour to be deepened - News", day=LATER), False,
    ),
    "a day that only the listing tells": (
        replace(release(*OTHER, title="Terns settle"), published=on(LATER, origin=Origin.LISTING)), False,
    ),
}  # fmt: skip


@pytest.mark.parametrize(("after", "expected"), FOLLOWS.values(), ids=FOLLOWS.keys())
def test_another_release_stands_at_the_address_where_all_three_say_so(after: Release, *, expected: bool) -> None:
    assert bool(another(release(day=DAY), after)) is expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (on(DAY), on(DAY), False),
        (on(DAY), on(DAY + timedelta(days=1)), True),
        (on(DAY), on(DAY + timedelta(hours=28), Precision.MINUTE), False),
        (on(DAY, Precision.MINUTE), on(DAY + timedelta(hours=13), Precision.SECOND), False),
        (on(DAY, Precision.MONTH), on(DAY + timedelta(days=20)), False),
    ],
    ids=["one day", "two days", "a day and an evening west of it", "an instant in two zones", "a month and its day"],
)
def test_days_contradict_each_other_only_where_no_zone_explains_it(one: Stamp, other: Stamp, *, expected: bool) -> None:
    left, right = replace(release(), published=one), replace(release(), published=other)
    assert contradict(left, right) is contradict(right, left) is expected


def test_a_release_without_a_headline_has_no_headline_in_common() -> None:
    assert not has_same_headline(release(title=""), release(title=""))


texts = st.text(max_size=200).map(lambda text: release(text, title=text[:30]))


@given(texts, texts)
def test_any_two_texts_are_judged_alike_from_both_sides_and_never_both_one_and_two(
    one: Release, other: Release
) -> None:
    assert is_same(one, other) is is_same(other, one)
    assert not (is_same(one, other) and another(one, other))
    assert len(traits(one)) <= 7
