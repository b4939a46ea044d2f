"""The demo's script: every moment of it is a pure function of the elapsed time."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree as ET

import pytest

from presswatch.demo import (
    DURATION,
    SCRIPT,
    Answer,
    Event,
    Glitch,
    Newsroom,
    alliance,
    expected,
    ministry,
    page_at,
    railway,
)
from presswatch.demo.model import Text
from presswatch.demo.script import TEXTS, moved, versions
from scraper.html import parse
from scraper.model import Kind

STARTED = datetime(2026, 3, 2, 8, 15, tzinfo=UTC)


def at(seconds: float) -> timedelta:
    return timedelta(seconds=seconds)


def get(
    newsroom: Newsroom, path: str, seconds: float, *, load: int = 0, served: frozenset[Event] = frozenset()
) -> Answer:
    return page_at(newsroom, path, elapsed=at(seconds), started=STARTED, load=load, served=served)


def text_of(answer: Answer) -> str:
    root = parse(answer.body.decode()).root
    return " ".join((root.text(separator=" ") if root else "").split())


GLITCHES = frozenset(event for event in SCRIPT if event.glitch)
EDITS = [event for event in SCRIPT if event.edits]
STAMPS = {Newsroom.ALLIANCE: "Last updated: ", Newsroom.MINISTRY: "Stand: "}


def stamp_of(newsroom: Newsroom, answer: Answer) -> str:
    text = text_of(answer)
    label = STAMPS[newsroom]
    return text[text.index(label) : text.index(label) + len(label) + 18]


def test_script_is_in_order_and_ends_within_ninety_seconds() -> None:
    assert [event.at for event in SCRIPT] == sorted(event.at for event in SCRIPT)
    assert at(90) >= DURATION


def test_script_shows_every_kind_of_change_and_every_glitch() -> None:
    assert {event.kind for event in SCRIPT if event.kind} == set(Kind)
    assert {event.glitch for event in SCRIPT if event.glitch} == set(Glitch)


def test_first_silent_edit_comes_fifteen_seconds_after_the_start() -> None:
    assert next(event.at for event in SCRIPT if event.kind is Kind.SILENTLY_EDITED) == at(15)


@pytest.mark.parametrize("newsroom", Newsroom)
def test_each_newsroom_starts_with_eight_releases(newsroom: Newsroom) -> None:
    assert len(versions(newsroom, elapsed=at(0))) == 8


@pytest.mark.parametrize("newsroom", Newsroom)
def test_each_newsroom_has_pages_that_rotate_and_pages_that_do_not(newsroom: Newsroom) -> None:
    counted = Counter(text.rotating for text in TEXTS[newsroom])
    assert counted[True] >= 2
    assert counted[False] >= 5


def test_nothing_is_expected_at_the_start_and_nothing_after_the_end() -> None:
    assert expected(at(0)) == []
    assert expected(DURATION) == expected(DURATION * 100)
    assert len(expected(DURATION)) == sum(event.kind is not None for event in SCRIPT)


def test_expected_names_the_title_as_it_is_after_the_change() -> None:
    assert expected(DURATION)[-1] == (Kind.SILENTLY_EDITED, "Deichprogramm wird um drei Jahre verlängert")
    assert expected(at(15)) == [(Kind.SILENTLY_EDITED, "Alliance ministers agree on shared harbour patrols")]


def test_nothing_changes_between_two_events() -> None:
    moments = sorted({at(0), *(event.at for event in SCRIPT)})
    for begin, end in zip(moments, [*moments[1:], DURATION * 2], strict=True):
        for newsroom in Newsroom:
            for text in TEXTS[newsroom]:
                first, last = (
                    page_at(newsroom, text.path, elapsed=moment, started=STARTED, served=GLITCHES)
                    for moment in (begin, end - timedelta(milliseconds=1))
                )
                assert first == last


@pytest.mark.parametrize("event", EDITS, ids=lambda event: event.path)
def test_edit_replaces_its_words_at_its_moment(event: Event) -> None:
    before = text_of(get(event.newsroom, event.path, event.at.total_seconds() - 0.01, served=GLITCHES))
    after = text_of(get(event.newsroom, event.path, event.at.total_seconds(), served=GLITCHES))
    for old, new in event.edits:
        assert old in before
        assert new not in before
        assert new in after
        assert old not in after


@pytest.mark.parametrize(
    "event",
    [e for e in SCRIPT if e.kind in (Kind.EDITED, Kind.SILENTLY_EDITED, Kind.RESTAMPED) and e.newsroom in STAMPS],
    ids=lambda event: f"{event.kind} {event.path}",
)
def test_stamp_moves_if_and_only_if_the_edit_is_honest(event: Event) -> None:
    before, after = (
        stamp_of(event.newsroom, get(event.newsroom, event.path, seconds, served=GLITCHES))
        for seconds in (event.at.total_seconds() - 0.01, event.at.total_seconds())
    )
    assert (before != after) is event.stamps
    assert event.stamps is (event.kind is not Kind.SILENTLY_EDITED)


def test_restamp_changes_the_stamp_and_nothing_else() -> None:
    before, after = (get(Newsroom.ALLIANCE, alliance.ICE, seconds) for seconds in (43, 44))
    assert stamp_of(Newsroom.ALLIANCE, after) == "Last updated: 02 Mar. 2026 09:15"
    assert text_of(before).replace(stamp_of(Newsroom.ALLIANCE, before), "") == text_of(after).replace(
        stamp_of(Newsroom.ALLIANCE, after), ""
    )


def test_alliance_page_has_the_header_of_2012() -> None:
    body = get(Newsroom.ALLIANCE, alliance.PATROLS, 0).body.decode()
    assert "<ul><li>01 Mar. 2026 -</li><li>|</li><li>Last updated: 01 Mar. 2026 06:55</li></ul>" in body


def test_ministry_page_says_its_times_in_three_ways() -> None:
    body = get(Newsroom.MINISTRY, ministry.DYKES, 0).body.decode()
    assert "Stand: 01.03.2026, 03:55 Uhr" in body
    assert '<time datetime="2026-03-01T03:15:00+01:00">1. März 2026</time>' in body
    assert '"dateModified": "2026-03-01T03:55:00+01:00"' in body


@pytest.mark.parametrize("text", TEXTS[Newsroom.RAILWAY], ids=lambda text: text.path)
def test_railway_page_has_no_update_stamp(text: Text) -> None:
    body = get(Newsroom.RAILWAY, text.path, 40).body.decode()
    assert "updated" not in body
    assert "odified" not in body


@pytest.mark.parametrize("newsroom", Newsroom)
def test_listing_names_what_is_live_and_nothing_else(newsroom: Newsroom) -> None:
    where = {Newsroom.ALLIANCE: alliance.LISTING, Newsroom.MINISTRY: ministry.FEED, Newsroom.RAILWAY: railway.SITEMAP}
    for seconds in range(0, 100, 5):
        body = get(newsroom, where[newsroom], seconds, served=GLITCHES).body.decode()
        named = {v.path for v in versions(newsroom, elapsed=at(100)) if v.path.rpartition("/")[2] + '"' in body}
        named |= {v.path for v in versions(newsroom, elapsed=at(100)) if v.path + "<" in body}
        live = {v.path for v in versions(newsroom, elapsed=at(seconds)) if not v.withdrawn}
        assert named == live & named
        assert {path for path in live if path not in (railway.SOLAR, railway.FREIGHT)} <= named


@pytest.mark.parametrize(
    ("newsroom", "path"),
    [(Newsroom.MINISTRY, ministry.FEED), (Newsroom.RAILWAY, railway.SITEMAP)],
    ids=["feed", "sitemap"],
)
def test_machine_listing_is_well_formed(newsroom: Newsroom, path: str) -> None:
    for seconds in (0, 50, 100):
        root = ET.fromstring(get(newsroom, path, seconds).body)  # noqa: S314 - our own
        assert len(root) >= 1


def test_withdrawn_release_is_gone_until_it_is_restored() -> None:
    statuses = [get(Newsroom.MINISTRY, ministry.SCHOOLS, seconds).status for seconds in (39, 40, 64, 65)]
    assert statuses == [200, 404, 404, 200]
    assert get(Newsroom.MINISTRY, ministry.SCHOOLS, 39).body == get(Newsroom.MINISTRY, ministry.SCHOOLS, 65).body


def test_moved_release_redirects_to_its_new_address() -> None:
    answer = get(Newsroom.RAILWAY, railway.SOLAR, 50)
    assert (answer.status, dict(answer.headers)["Location"]) == (301, railway.SOLAR_MOVED)
    assert get(Newsroom.RAILWAY, railway.SOLAR_MOVED, 49).status == 404
    assert text_of(get(Newsroom.RAILWAY, railway.SOLAR_MOVED, 50)) == text_of(get(Newsroom.RAILWAY, railway.SOLAR, 49))


def test_release_that_moves_without_a_redirect_is_missing_at_its_old_address() -> None:
    assert get(Newsroom.RAILWAY, railway.FREIGHT, 56).status == 404
    assert text_of(get(Newsroom.RAILWAY, railway.FREIGHT_MOVED, 56)) == text_of(
        get(Newsroom.RAILWAY, railway.FREIGHT, 55)
    )
    assert moved(Newsroom.RAILWAY, railway.FREIGHT, elapsed=at(55)) is None


@pytest.mark.parametrize("event", [e for e in SCRIPT if e.glitch], ids=lambda event: event.glitch)
def test_glitch_is_given_once_and_never_before_its_moment(event: Event) -> None:
    seconds = event.at.total_seconds()
    early = get(event.newsroom, event.path, seconds - 0.01)
    glitched = get(event.newsroom, event.path, seconds + 30)
    later = get(event.newsroom, event.path, seconds + 30, served=frozenset({event}))
    assert early.event is None
    assert glitched.event == event
    assert later.event is None
    assert glitched.body != later.body
    assert "ETag" not in dict(glitched.headers)


def test_stale_copy_shows_the_older_text_with_the_older_stamp() -> None:
    stale = get(Newsroom.ALLIANCE, alliance.FUEL, 60)
    assert text_of(stale) == text_of(get(Newsroom.ALLIANCE, alliance.FUEL, 29))


def test_rotating_page_differs_on_each_load_and_keeps_its_text() -> None:
    for newsroom in Newsroom:
        for text in (text for text in TEXTS[newsroom] if text.rotating):
            first, second = (get(newsroom, text.path, 3, load=load) for load in (0, 1))
            assert first.body != second.body
            assert "ETag" not in dict(first.headers)
            for paragraph in text.paragraphs:
                assert paragraph in text_of(first)
                assert paragraph in text_of(second)


def test_unknown_path_is_not_found() -> None:
    for newsroom in Newsroom:
        assert get(newsroom, "/nowhere/at/all", 10).status == 404
        assert get(newsroom, "", 10).status == 404
        assert get(newsroom, "/", 10).status == 200


def test_robots_of_the_railway_names_its_sitemap() -> None:
    assert b"Sitemap: http://127.0.0.1/sitemap.xml" in get(Newsroom.RAILWAY, "/robots.txt", 0).body
    assert get(Newsroom.ALLIANCE, "/robots.txt", 0).status == 404
