"""What is taught by a change that is noise, and what is noise by that, as tables. What is not sure is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from scraper.judge import Places, compare, may_be_noise, noise_of, passage_key, settled_places, taught
from scraper.model import Block, BlockKind, Change, Kind, Lesson, Link, Origin, Precision, Release, Stamp

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
BODY = [
    "The harbour council met on Monday and approved the plan for the eastern pier in its present form.",
    "Work on the pier begins in spring and is expected to take about two years, the council said on the day.",
    "The cost of 1856 million will be shared between the port and the county, as agreed in the budget of autumn.",
]
ONE, TWO, THREE = "Sailors find a chest of old maps", "Choir sings below the lighthouse", "Bakers deliver bread by boat"
SLOT, TEXT = "div.related/p", "div.text/p"


def release(*related: str, body: list[str] = BODY, title: str = "The council approves the pier") -> Release:
    return Release(title=title, blocks=tuple(Block(kind=BlockKind.PARAGRAPH, text=each) for each in (*body, *related)))


def places(*related: str, body: list[str] = BODY, slot: str = SLOT) -> Places:
    return at(TEXT, *body) | at(slot, *related)


def at(place: str, *texts: str) -> dict[str, frozenset[str]]:
    return dict.fromkeys(texts, frozenset({place}))


def learn(before: str, after: str, change_id: int, slot: str = SLOT) -> tuple[Lesson, ...]:
    diff = compare(release(before), release(after))
    return taught(diff, change_id, before=places(before, slot=slot), after=places(after, slot=slot))


def judge(
    before: Release, after: Release, lessons: tuple[Lesson, ...], stood: Places, stands: Places
) -> tuple[int, ...]:
    return noise_of(compare(before, after), lessons, before=stood, after=stands)


TAUGHT = (*learn(ONE, TWO, 17), *learn(TWO, ONE, 21))


def test_passages_and_their_place_are_taught() -> None:
    found = learn(ONE, TWO, 17)
    assert {each.place for each in found} == {"", SLOT}
    assert {each.passage for each in found} == {"", passage_key(ONE), passage_key(TWO)}
    assert settled_places(found) == {}
    assert settled_places(TAUGHT) == {SLOT: {17, 21}}


def test_a_passage_that_was_marked_is_noise_when_it_comes_again() -> None:
    assert noise_of(compare(release(TWO), release(ONE)), learn(ONE, TWO, 17)) == (17,)
    assert noise_of(compare(release(), release(ONE)), learn(ONE, TWO, 17)) == (17,)


def test_another_passage_at_the_place_is_noise_once_two_changes_said_so() -> None:
    case = release(ONE), release(THREE)
    stood, stands = places(ONE), places(THREE)
    fresh = tuple(each for each in TAUGHT if not each.passage)
    assert judge(*case, learn(ONE, TWO, 17), stood, stands) == ()
    assert judge(*case, TAUGHT, stood, stands) == (21, 17)
    assert judge(*case, fresh, stood, stands) == (21, 17)


def test_what_two_changes_taught_apart_is_noise_by_neither() -> None:
    """Which of them was taken back could not be told from the one that is remembered."""
    first = taught(compare(release(), release(ONE)), 17, before={}, after={})
    second = taught(compare(release(), release(TWO)), 21, before={}, after={})
    both = compare(release(), release(ONE, TWO))
    assert noise_of(both, (*first, *second)) == ()
    third = taught(both, 30, before={}, after={})
    assert noise_of(both, (*first, *second, *third)) == (30,)


STAYS = "Inquiries are to be sent to the press office of the port"

CASES: dict[str, tuple[Release, Release, Places, Places]] = {
    "a digit besides": (
        release(ONE), release(THREE, body=[*BODY[:2], BODY[2].replace("1856", "1846")]), places(ONE),
        places(THREE, body=[*BODY[:2], BODY[2].replace("1856", "1846")]),
    ),
    "a headline besides": (
        release(ONE), release(THREE, title="The council rejects the pier"), places(ONE), places(THREE),
    ),
    "a word within a marked passage": (
        release(ONE), release(ONE.replace("old", "new")), places(ONE), places(ONE.replace("old", "new")),
    ),
    "a paragraph besides": (
        release(ONE), release(THREE, body=BODY[:2]), places(ONE), places(THREE, body=BODY[:2]),
    ),
    "a correction at the place": (
        release(ONE), release("Correction: an earlier version gave another cost."), places(ONE),
        places("Correction: an earlier version gave another cost."),
    ),
    "a paragraph at the same place elsewhere, where others stand": (
        release(ONE), release(THREE), at(SLOT, *BODY, ONE), at(SLOT, *BODY, THREE),
    ),
    "the passage that a text begins with": (
        release(body=[ONE, *BODY]), release(body=[THREE, *BODY]), places(ONE), places(THREE),
    ),
    "much of the text": (
        release(ONE), release(f"{THREE}. " * 12), places(ONE), places(f"{THREE}. ".strip() * 12),
    ),
    "a paragraph at the same place where another one stands, which stands elsewhere, too": (
        release(STAYS, ONE), release(STAYS, THREE), places(ONE) | {STAYS: frozenset({SLOT, "div.contact/p"})},
        places(THREE) | {STAYS: frozenset({SLOT, "div.contact/p"})},
    ),
    "another one stands and nobody knows where": (
        release(STAYS, ONE), release(STAYS, THREE), places(ONE), places(THREE),
    ),
    "another one stands and nobody knows where it stood": (
        release(STAYS, ONE), release(STAYS, THREE), places(ONE), places(THREE) | at("div.contact/p", STAYS),
    ),
    "a passage that stands at the place and elsewhere, too": (
        release(ONE), release(THREE), places(ONE), places() | {THREE: frozenset({SLOT, "div.more/p"})},
    ),
    "a passage that moved there from another place": (
        release(body=[*BODY[:1], THREE, *BODY[1:]]), release(body=[*BODY, THREE]), places() | at("div.text/p", THREE),
        places() | at(SLOT, THREE),
    ),
    "the passage that a text begins with, and nobody knows where": (
        release(ONE, body=["A chest of maps", *BODY]), release(THREE, body=["A view of a bay", *BODY]), places(ONE),
        places(THREE),
    ),
    "a place that nobody knows": (release(ONE), release(THREE), {}, {}),
    "nothing": (release(ONE), release(ONE), places(ONE), places(ONE)),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_what_is_more_than_what_was_marked_is_told(case: str) -> None:
    lessons = tuple(each for each in TAUGHT if each.place)
    assert judge(*CASES[case][:2], lessons, *CASES[case][2:]) == ()
    assert judge(*CASES[case][:2], TAUGHT, *CASES[case][2:]) == ()


def test_a_link_that_leads_elsewhere_is_told() -> None:
    before = release(ONE)
    linked = replace(before.blocks[0], links=(Link(text="plan", target="https://harbour.example/plan"),))
    after = replace(release(TWO), blocks=(linked, *release(TWO).blocks[1:]))
    assert judge(before, after, TAUGHT, places(ONE), places(TWO)) == ()


@pytest.mark.parametrize(
    ("before", "after", "slot"),
    [
        (release(ONE), release(ONE, title="Another headline"), SLOT),
        (release(ONE), release(ONE.replace("old", "new")), SLOT),
        (release(), release("Correction: the cost is another one than we said."), SLOT),
        (release(), release(*(f"Passage number {n} of very many others" for n in range(21))), SLOT),
    ],
    ids=["a headline", "a word", "a correction", "very many"],
)
def test_what_is_no_whole_passage_teaches_nothing(before: Release, after: Release, slot: str) -> None:
    assert taught(compare(before, after), 17, before={}, after={}) == ()


@pytest.mark.parametrize("slot", [TEXT, "", "html/body/p"], ids=["where others stand", "unknown", "without a name"])
def test_a_place_that_may_hold_another_text_is_not_taught(slot: str) -> None:
    assert {each.place for each in learn(ONE, TWO, 17, slot)} == {""}


def test_the_beginning_of_a_text_is_no_place_of_noise() -> None:
    before, after = release(body=[ONE, *BODY]), release(body=[TWO, *BODY])
    found = taught(compare(before, after), 17, before=places(ONE), after=places(TWO))
    assert {each.place for each in found} == {""}


def stamp(at: datetime) -> Stamp:
    return Stamp(at=at, precision=Precision.MINUTE, raw="", origin=Origin.TEXT)


@pytest.mark.parametrize(
    ("kind", "before", "after", "expected"),
    [
        (Kind.SILENTLY_EDITED, stamp(NOW), stamp(NOW), True), (Kind.EDITED, None, None, True),
        (Kind.EDITED, stamp(NOW), stamp(NOW + timedelta(hours=1)), False), (Kind.EDITED, None, stamp(NOW), False),
        (Kind.EDITED, stamp(NOW), None, False), (Kind.NEW, None, None, False), (Kind.WITHDRAWN, None, None, False),
        (Kind.RESTAMPED, stamp(NOW), stamp(NOW), False),
    ],
)  # fmt: skip
def test_only_an_edit_with_which_no_stamp_moved_may_be_noise(
    kind: Kind, before: Stamp | None, after: Stamp | None, expected: bool
) -> None:
    change = Change(
        kind=kind, not_before=None, not_after=NOW, title="", url="", stamp_before=before, stamp_after=after
    )  # fmt: skip
    assert may_be_noise(change) is expected
