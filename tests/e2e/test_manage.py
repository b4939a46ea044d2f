"""Sources from the page: looked at, kept, paused, removed and imported by the forms that a browser sends."""

from __future__ import annotations

import io
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from newsroom import Newsroom, utc
from simulation import simulated

from config import Settings
from presswatch.app import open_app
from presswatch.daemon import _bind, _web
from presswatch.newsrooms import Newsrooms
from presswatch.web.page import NotDone
from scraper.model import Listing, ListingKind, Source

START = utc(2026, 3, 2, 8, 0)
EVIL = '<script>document.title="pwned"</script>'


@asynccontextmanager
async def served(folder: Path, **settings: Any) -> AsyncIterator[tuple[httpx.AsyncClient, Any, Newsroom]]:
    newsroom = Newsroom()
    for n in range(1, 7):
        newsroom.add(f"/2026/02/r-{n}", f"Release number {n}", START - timedelta(days=n))
    folder.mkdir(exist_ok=True)
    given = {"fetch": {"delay_per_host": 0}, **settings}
    async with simulated(newsroom.transport(), start=START, folder=folder, **given) as world:
        listener = _bind("127.0.0.1", 0)
        here = f"http://127.0.0.1:{listener.getsockname()[1]}"
        async with _web(world.app, listener, here), httpx.AsyncClient(base_url=here, timeout=30) as client:
            yield client, world, newsroom
        listener.close()


async def send(client: httpx.AsyncClient, path: str, **values: Any) -> httpx.Response:
    """A form of the page, with its token."""
    page = await client.get("/manage")
    token = re.search(r'name="token" value="([0-9a-f]+)"', page.text)
    assert token
    files = values.pop("files", None)
    return await client.post(f"/manage{path}", data={"token": token[1], **values}, files=files)


def names(world: Any) -> list[tuple[str, bool]]:
    return [(row.source.name, row.source.paused) for row in world.app.storage.sources()]


async def test_a_newsroom_is_looked_at_shown_and_only_then_kept(tmp_path: Path) -> None:
    async with served(tmp_path) as (client, world, newsroom):
        newsroom.pages["/2026/02/r-1"].title = EVIL
        preview = await send(client, "/add", url=f"{newsroom.base}/feed.xml", name="Harbour", every="15m")
        assert preview.status_code == 200
        assert "Release number 2" in preview.text
        assert "2026-02-28" in preview.text or "28 February 2026" in preview.text or "28 Feb" in preview.text
        assert "<script>" not in preview.text
        assert names(world) == []
        kept = re.search(r'name="preview" value="([^"]+)"', preview.text)
        assert kept
        done = await send(client, "/keep", preview=kept[1])
        assert (done.status_code, done.headers["location"]) == (303, "/manage?done=added")
        assert names(world) == [("Harbour", False)]
        assert "Harbour" in (await client.get("/manage?done=added")).text
        again = await send(client, "/keep", preview=kept[1])
        assert again.status_code == 409


async def test_one_release_is_shown_before_it_is_kept(tmp_path: Path) -> None:
    async with served(tmp_path) as (client, world, newsroom):
        newsroom.pages["/2026/02/r-2"].title = EVIL
        preview = await send(client, "/add", url=f"{newsroom.base}/2026/02/r-2")
        assert "This is one release" in preview.text
        assert "document.title=" in preview.text
        assert "28 Feb" in preview.text
        assert "<script>" not in preview.text
        assert names(world) == []


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"url": ""}, "web address"),
        ({"url": "https://newsroom.example/nowhere.xml"}, "no press releases"),
        ({"url": "http://x.example", "every": "15"}, "says no unit"),
        ({"url": "http://x.example", "time_zone": "Mars"}, "no time zone"),
    ],
)
async def test_what_can_not_be_added_is_told_beside_what_was_filled_in(
    tmp_path: Path, form: dict[str, str], said: str
) -> None:
    async with served(tmp_path) as (client, world, _):
        answer = await send(client, "/add", **form)
        assert answer.status_code == 409
        assert said in answer.text
        assert f'value="{form["url"]}"' in answer.text
        assert names(world) == []


async def test_a_source_is_paused_resumed_tested_and_removed(tmp_path: Path) -> None:
    async with served(tmp_path) as (client, world, newsroom):
        source = Source(name="Harbour", home=f"{newsroom.base}/feed.xml")
        world.app.storage.add_source(source, listings=[], now=START)
        assert (await send(client, "/sources/1/pause")).headers["location"] == "/manage?done=paused"
        assert names(world) == [("Harbour", True)]
        await send(client, "/sources/1/resume")
        assert names(world) == [("Harbour", False)]
        tested = await send(client, "/sources/1/test")
        assert "Release number 2" in tested.text
        assert "Watch it" not in tested.text
        await send(client, "/sources/1/remove")
        assert names(world) == []
        assert (await send(client, "/sources/1/pause")).status_code == 409
        assert (await send(client, "/sources/1/explode")).status_code == 404


async def test_a_source_of_the_settings_is_not_removed_here(tmp_path: Path) -> None:
    configured = [{"url": "https://newsroom.example/", "name": "Harbour"}]
    async with served(tmp_path, sources=configured) as (client, world, newsroom):
        await world.watch(newsroom.base)
        assert "It stands in the settings: remove it there." in (await client.get("/manage")).text
        answer = await send(client, "/sources/1/remove")
        assert answer.status_code == 409
        assert "stands in the settings" in answer.text
        assert names(world) == [("Harbour", False)]


async def test_a_list_of_feeds_is_shown_and_what_is_left_in_is_watched(tmp_path: Path) -> None:
    async with served(tmp_path) as (client, world, newsroom):
        await world.watch(newsroom.base)
        opml = (
            f'<opml><body><outline text="Known" xmlUrl="{newsroom.base}/feed.xml" htmlUrl="{newsroom.base}/"/>'
            '<outline text="Fish" xmlUrl="https://fish.example/feed"/>'
            '<outline text="Rail" xmlUrl="https://rail.example/feed"/>'
            '<outline text="Odd" xmlUrl="javascript:alert(1)"/></body></opml>'
        )
        shown = await send(client, "/import", files={"file": ("feeds.opml", opml.encode())})
        assert "watched already" in shown.text
        assert 'href="javascript' not in shown.text
        fields = {name: re.findall(rf'name="{name}" value="([^"]*)"', shown.text) for name in ("feed", "title", "site")}
        done = await send(client, "/import/take", take=["1", "3"], **fields)
        assert "1 feed is watched" in done.text
        assert "no web address" in done.text
        assert names(world) == [("Fish", False), ("Harbour", False)]
        assert (await send(client, "/import", files={"file": ("x", b"<rss/>")})).status_code == 409


async def test_the_newsrooms_are_given_as_a_list_that_another_installation_takes(tmp_path: Path) -> None:
    async with served(tmp_path / "one") as (client, world, newsroom):
        await world.watch(newsroom.base)
        page = Source(name="Only pages", home="https://pages.example/")
        listing = Listing(url="https://pages.example/news", kind=ListingKind.PAGE)
        world.app.storage.add_source(page, listings=[listing], now=START)
        given = await client.get("/manage/newsrooms.opml")
        assert given.headers["content-type"].startswith("text/x-opml")
    async with served(tmp_path / "two") as (client, world, _):
        shown = await send(client, "/import", files={"file": ("newsrooms.opml", given.content)})
        assert 'name="url" value="https://pages.example/"' in shown.text
        fields = {name: re.findall(rf'name="{name}" value="([^"]*)"', shown.text) for name in ("feed", "title", "site")}
        await send(client, "/import/take", take=["0"], **fields)
        assert names(world) == [("Harbour", False)]


@pytest.mark.parametrize("path", ["/add", "/keep", "/sources/1/remove", "/import/take"])
async def test_a_form_without_the_token_of_the_page_does_nothing(tmp_path: Path, path: str) -> None:
    async with served(tmp_path) as (client, world, newsroom):
        await world.watch(newsroom.base)
        for token in ({}, {"token": "0" * 64}, {"token": "é"}):
            assert (await client.post(f"/manage{path}", data={"url": newsroom.base, **token})).status_code == 403
        assert names(world) == [("Harbour", False)]


async def test_private_addresses_are_refused_as_everywhere(tmp_path: Path) -> None:
    """By the guard of the fetcher itself: no transport stands in for it here."""
    async with open_app(Settings(database=f"sqlite:///{tmp_path}/x.db"), console=io.StringIO()) as app:
        with pytest.raises(NotDone, match="is a loopback address and may not be asked"):
            await Newsrooms(app).explore(url="http://127.0.0.1:8420/")
