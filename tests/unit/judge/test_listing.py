"""What the judge says of a look at a listing: what is news, what is a hint, what is doubted."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from scraper.judge import decide_listing
from scraper.model import (
    Doubt,
    Entry,
    Failed,
    Failure,
    KnownListing,
    Listed,
    ListingKind,
    ListingOutcome,
    Origin,
    Precision,
    Stamp,
    Unmodified,
)

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def entry(name: str, *, age: float | None = None, title: str = "", updated: datetime | None = None) -> Entry:
    def at(moment: datetime) -> Stamp:
        return Stamp(at=moment, precision=Precision.MINUTE, raw="", origin=Origin.LISTING)

    return Entry(
        url=f"https://news.example.int/{name}", key=f"news.example.int/{name}", title=title or name,
        published=None if age is None else at(NOW - age * DAY), updated=at(updated) if updated else None,
    )  # fmt: skip


def listed(*entries: Entry) -> Listed:
    return Listed(kind=ListingKind.FEED, entries=entries)


def known(**fields: object) -> KnownListing:
    values: dict[str, object] = {"visited": True, "size": 12, "last_ok_at": NOW - DAY, **fields}
    return KnownListing(url="https://news.example.int/feed", kind=ListingKind.FEED, **values)  # type: ignore[arg-type]


def stored(*entries: Entry) -> dict[str, Entry | None]:
    return {one.key: one for one in entries}


OLD = [entry(f"old-{n}", age=n + 2) for n in range(12)]


def test_the_first_visit_is_quiet_and_the_next_is_not() -> None:
    assert decide_listing(listed(*OLD), known(visited=False, size=0), {}, NOW).quiet
    outcome = decide_listing(listed(entry("new", age=0), *OLD), known(), stored(*OLD), NOW)
    assert not outcome.quiet
    assert len(outcome.entries) == 13


TOUCHED = {
    "a newer update time": (entry("a", updated=NOW - DAY), entry("a", updated=NOW)),
    "another title": (entry("a", title="Before"), entry("a", title="After")),
    "a first update time": (entry("a"), entry("a", updated=NOW)),
}
UNTOUCHED = {
    "the same": (entry("a", updated=NOW), entry("a", updated=NOW)),
    "an older update time": (entry("a", updated=NOW), entry("a", updated=NOW - DAY)),
    "a title that vanished": (entry("a", title="Before"), replace(entry("a"), title="")),
}


@pytest.mark.parametrize(("before", "after"), TOUCHED.values(), ids=TOUCHED.keys())
def test_a_known_release_is_hinted_at_by(before: Entry, after: Entry) -> None:
    assert decide_listing(listed(after), known(), stored(before), NOW).hinted == {after.key}


@pytest.mark.parametrize(("before", "after"), UNTOUCHED.values(), ids=UNTOUCHED.keys())
def test_no_hint_is_taken_from(before: Entry, after: Entry) -> None:
    assert decide_listing(listed(after), known(), stored(before), NOW).hinted == frozenset()


def test_a_wave_of_hints_over_most_of_a_listing_is_noise() -> None:
    touched = [replace(one, title="re-indexed") for one in OLD]
    assert decide_listing(listed(*touched), known(), stored(*OLD), NOW).hinted == frozenset()


def test_an_empty_listing_is_doubted_and_then_said_to_fail() -> None:
    first = decide_listing(listed(), known(), {}, NOW)
    assert (first.failed, first.suspect and first.suspect.doubt) == (None, Doubt.EMPTY)
    second = decide_listing(listed(), known(suspect=first.suspect), {}, NOW + DAY)
    assert second.failed is not None
    assert "no releases any more" in second.failed.detail


def test_old_entries_at_all_new_addresses_are_a_migration_taken_over_quietly() -> None:
    moved = [entry(f"en/{n}", age=n + 2) for n in range(12)]
    first = decide_listing(listed(*moved), known(), {}, NOW)
    assert (first.entries, first.suspect and first.suspect.doubt) == ((), Doubt.ALL_NEW)
    soon = decide_listing(listed(*moved), known(suspect=first.suspect), {}, NOW + timedelta(seconds=10))
    assert (soon.entries, soon.suspect) == ((), first.suspect), "two rounds at once confirm nothing"
    second = decide_listing(listed(*moved), known(suspect=first.suspect), {}, NOW + timedelta(minutes=10))
    assert second.quiet
    assert len(second.entries) == 12


def test_a_whole_listing_of_entries_dated_since_the_last_look_is_news() -> None:
    fresh = [entry(f"fresh-{n}", age=n / 4) for n in range(12)]
    outcome = decide_listing(listed(*fresh), known(last_ok_at=NOW - 4 * DAY), {}, NOW)
    assert (outcome.quiet, outcome.suspect, len(outcome.entries)) == (False, None, 12)


def test_addresses_that_are_others_on_each_look_are_refused() -> None:
    held = decide_listing(listed(*(entry(f"1-{n}") for n in range(12))), known(), {}, NOW)
    outcome = decide_listing(listed(*(entry(f"2-{n}") for n in range(12))), known(suspect=held.suspect), {}, NOW)
    assert outcome.entries == ()
    assert outcome.failed is not None


def test_a_304_and_a_failure_conclude_nothing() -> None:
    assert decide_listing(Unmodified(at=NOW), known(), {}, NOW) == ListingOutcome(note="not modified")
    failed = Failed(at=NOW, failure=Failure.TIMEOUT, detail="slow")
    assert decide_listing(failed, known(), {}, NOW).failed == failed


@pytest.mark.parametrize(
    ("entries", "quiet"),
    [
        ([entry(f"new-{n}", age=0.5) for n in range(40)], False),
        ([entry(f"some-{n}") for n in range(3)], False),
        ([entry(f"old-{n}", age=90) for n in range(40)], True),
    ],
    ids=["newly dated ones", "a few", "many old ones"],
)
def test_a_sitemap_that_its_index_named_lately_brings_news(entries: list[Entry], quiet: bool) -> None:
    late = known(visited=False, size=0, last_ok_at=None, absent_at=NOW - DAY)
    assert decide_listing(listed(*entries), late, {}, NOW).quiet == quiet
