"""What a person says of a site goes over what is read of it; synthetic pages."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from scraper.model import Precision, Profile, Render, Site, Source
from scraper.read import DRAWN, BadProfile, Unreadable, check, explain, extract, version

URL = "https://harbour.example.int/news/1"
PAGE = b"""<html><body><h1>Harbour Office</h1><div class=kicker>The fairway is deepened</div>
<div class=meta><span class=issued>issue of 7.9.12</span> <span class=touched>2012|09|08 at 10:30</span></div>
<div class=left><p>The fairway was deepened by two metres over the summer, the office said on Friday in a statement.</p>
<p class=share>Tell your friends and colleagues of this release, which they are bound to like, too.</p>
<p>It had cost seven million, of which the council bears the half and the shipping lines the other half.</p></div>
<div class=right><p>A second column about something else altogether, which is as long as the text of the release.</p>
<p>It goes on for another paragraph, so that no weighing of the two could tell which of them is meant.</p></div>
</body></html>"""


def test_selectors_choose_title_body_and_dates() -> None:
    profile = Profile(
        title=".kicker", body=".left", drop=".share", updated=".touched", date_format="%Y|%m|%d at %H:%M",
        time_zone="Europe/Brussels",
    )  # fmt: skip
    release = extract(PAGE, URL, profile=profile)
    assert release.title == "The fairway is deepened"
    assert [block.text.split()[0] for block in release.blocks] == ["The", "It"]
    assert release.stamp is not None
    assert (release.stamp.at, release.stamp.precision) == (datetime(2012, 9, 8, 8, 30, tzinfo=UTC), Precision.MINUTE)
    assert release.stamp.raw == "2012|09|08 at 10:30"


def test_without_a_format_dates_are_understood_as_they_are() -> None:
    release = extract(PAGE.replace(b"issue of 7.9.12", b"7 September 2012"), URL, profile=Profile(published=".issued"))
    assert release.published is not None
    assert (release.published.at.date().isoformat(), release.published.precision) == ("2012-09-07", Precision.DAY)


@pytest.mark.parametrize("selector", ["title", "body", "published", "updated"])
def test_what_a_selector_does_not_find_is_read_as_ever(selector: str) -> None:
    assert extract(PAGE, URL, profile=Profile(**{selector: ".nothing-of-the-kind"})) == extract(PAGE, URL)


@pytest.mark.parametrize(
    ("profile", "told"),
    [
        (Profile(body="div[[["), 'body "div\\[\\[\\[" is no CSS selector'),
        (Profile(time_zone="Mars/Olympus"), 'time_zone "Mars/Olympus" is no IANA name'),
        (Profile(drop="html"), 'drop "html" drops the page itself'),
        (Profile(drop="*"), 'drop "\\*" drops the page itself'),
    ],
)
def test_a_profile_that_can_never_be_applied_is_refused_by_name(profile: Profile, told: str) -> None:
    with pytest.raises(BadProfile, match=told):
        check(profile)
    with pytest.raises(Unreadable, match=told):
        extract(PAGE, URL, profile=profile)


@pytest.mark.parametrize("form", ["%Q", "%d %d", "%"])
def test_a_date_format_that_reads_no_date_is_refused(form: str) -> None:
    with pytest.raises(BadProfile, match="date_format"):
        check(Profile(date_format=form))
    assert extract(PAGE, URL, profile=Profile(updated=".touched", date_format=form)).title


def test_another_profile_is_another_version_of_the_recipe() -> None:
    site, plain = Site(version="a1"), Source(name="Harbour", home=URL)
    assert version(site, plain) == "a1"
    others = [
        replace(plain, profile=Profile(body=".a")),
        replace(plain, profile=Profile(drop=".a")),
        replace(plain, time_zone="Europe/Brussels"),
        replace(plain, language="fr"),
        replace(plain, render=Render.ALWAYS),
    ]
    assert len({version(site, source) for source in (plain, *others)}) == 6
    assert [version(site, source).endswith(DRAWN) for source in others] == [False, False, False, False, True]


def test_a_page_can_t_choose_its_own_body() -> None:
    marked = PAGE.replace(b"<div class=right>", b"<div class=right data-presswatch=body>")
    assert extract(marked, URL) == extract(PAGE, URL)
    assert extract(marked, URL, profile=Profile(body=".left")) == extract(PAGE, URL, profile=Profile(body=".left"))


def test_what_of_a_profile_found_nothing_is_told() -> None:
    profile = Profile(title="h7", body=".left", drop=".nix", updated=".touched", date_format="%Y/%m/%d")
    assert explain(PAGE, URL, profile=profile).missed == ("title", "drop", "updated")
