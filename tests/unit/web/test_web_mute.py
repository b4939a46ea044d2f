"""A link in a message leads to a page that mutes what the message is about; following it changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from storage_room import NOON, Room, entry
from web_views import FakeViews

from presswatch.notify.mute import MuteTarget, mute_target, mute_token
from presswatch.web import create_app
from storage import open_storage

SECRET = "synthetic secret of the tests"


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    with open_storage(f"sqlite:///{tmp_path}/mute.db") as storage:
        made = Room(storage=storage)
        made.watch()
        made.list(entry("a"))
        made.read("https://news.example/a", "one")
        yield made


async def ask(room: Room, method: str, path: str) -> httpx.Response:
    site = create_app(FakeViews(), now=lambda: NOON, mutes=room.storage, mute_secret=SECRET)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(site), base_url="http://watch.example") as client:
        return await client.request(method, path)


def link(room: Room) -> str:
    release_id = room.id_of("https://news.example/a")
    return f"/mute/{mute_token(SECRET, MuteTarget(release_id=release_id))}"


async def test_following_the_link_shows_the_release_and_its_source_and_changes_nothing(room: Room) -> None:
    for method in ("GET", "HEAD"):
        answer = await ask(room, method, f"{link(room)}?what=source&for=good")
        assert answer.status_code == 200
    page = (await ask(room, "GET", link(room))).text
    assert "Title of news.example/a" in page
    assert "All releases of" in page
    assert "News" in page
    assert room.storage.mutes(NOON) == []


async def test_its_buttons_mute_and_tell_again(room: Room) -> None:
    answer = await ask(room, "POST", f"{link(room)}?what=release&for=7d")
    assert "Muted until" in answer.text
    await ask(room, "POST", f"{link(room)}?what=source&for=good")
    release, source = room.storage.mutes(NOON)
    assert (release.release_id, release.until) == (room.id_of("https://news.example/a"), NOON + timedelta(days=7))
    assert (source.source_id, source.until) == (room.source_id, None)
    for what in ("release", "source"):
        await ask(room, "POST", f"{link(room)}?what={what}&for=none")
    assert room.storage.mutes(NOON) == []


async def test_the_link_of_a_source_mutes_no_release(room: Room) -> None:
    token = mute_token(SECRET, MuteTarget(source_id=room.source_id))
    assert (await ask(room, "POST", f"/mute/{token}?what=release&for=1d")).status_code == 400
    assert (await ask(room, "POST", f"/mute/{token}?what=source&for=1d")).status_code == 200


@pytest.mark.parametrize("query", ["", "?what=release", "?for=1d", "?what=all&for=1d", "?what=release&for=9999999d"])
async def test_a_post_that_says_nothing_that_can_be_done_is_refused(room: Room, query: str) -> None:
    assert (await ask(room, "POST", link(room) + query)).status_code == 400
    assert room.storage.mutes(NOON) == []


async def test_a_link_that_was_not_signed_here_is_not_found(room: Room) -> None:
    good = link(room)
    other = mute_token("another secret", MuteTarget(release_id=1))
    gone = mute_token(SECRET, MuteTarget(release_id=99))
    for path in (good[:-1], f"{good}0", f"/mute/{other}", f"/mute/{gone}", "/mute/", "/mute/r1-", "/mute/x"):
        assert (await ask(room, "POST", f"{path}?what=source&for=good")).status_code == 404
    assert room.storage.mutes(NOON) == []


@given(st.text(max_size=60))
def test_no_text_that_was_not_made_is_a_token(text: str) -> None:
    assert mute_target(SECRET, text) is None


@given(st.integers(1, 10**14), st.booleans())
def test_a_token_says_what_it_was_made_for_and_no_other_secret_or_number_fits(number: int, is_release: bool) -> None:
    target = MuteTarget(release_id=number) if is_release else MuteTarget(source_id=number)
    token = mute_token(SECRET, target)
    assert mute_target(SECRET, token) == target
    assert mute_target("another", token) is None
    what, _, mac = token.partition("-")
    assert mute_target(SECRET, f"{what}1-{mac}") is None
    assert mute_target(SECRET, f"{'s' if is_release else 'r'}{what[1:]}-{mac}") is None
