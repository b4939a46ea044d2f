"""The demo's pages as the product itself reads them: the script promises nothing that can't be seen."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from presswatch.demo import DURATION, SCRIPT, Glitch, Newsroom, page_at
from presswatch.demo.render import LANGUAGES, ZONES
from presswatch.demo.script import versions
from scraper.judge import digest
from scraper.model import Release
from scraper.read import extract

STARTED = datetime(2026, 3, 2, 8, 15, tzinfo=UTC)
GLITCHES = frozenset(event for event in SCRIPT if event.glitch)


def read(newsroom: Newsroom, path: str, *, elapsed: timedelta, load: int = 0, glitches: bool = False) -> Release:
    served = frozenset() if glitches else GLITCHES
    answer = page_at(newsroom, path, elapsed=elapsed, started=STARTED, load=load, served=served)
    zone = ZoneInfo(ZONES[newsroom])
    return extract(answer.body, f"http://127.0.0.1{path}", zone=zone, language=LANGUAGES[newsroom])


@pytest.mark.parametrize("newsroom", Newsroom)
def test_reader_finds_exactly_what_each_page_says(newsroom: Newsroom) -> None:
    for version in versions(newsroom, elapsed=DURATION):
        release = read(newsroom, version.path, elapsed=DURATION)
        caption = [version.text.caption] if version.text.caption else []
        assert [block.text for block in release.blocks] == [version.text.lede, *caption, *version.text.paragraphs]
        assert release.title == version.text.title
        assert release.published is not None
        if newsroom is Newsroom.RAILWAY:
            assert release.stamp is None
        else:
            assert release.stamp is not None
            assert release.stamp.at == (STARTED + version.stamped).replace(second=0)


@pytest.mark.parametrize("newsroom", Newsroom)
def test_what_rotates_is_no_edit(newsroom: Newsroom) -> None:
    for version in versions(newsroom, elapsed=timedelta(0)):
        read_often = {digest(read(newsroom, version.path, elapsed=timedelta(0), load=load)) for load in range(12)}
        assert len(read_often) == 1


@pytest.mark.parametrize("glitch", [Glitch.ERROR, Glitch.CHALLENGE])
def test_interstitial_shows_itself(glitch: Glitch) -> None:
    event = next(event for event in SCRIPT if event.glitch is glitch)
    assert read(event.newsroom, event.path, elapsed=event.at, glitches=True).signals
