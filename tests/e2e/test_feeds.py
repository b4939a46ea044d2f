"""What the product saw, in the feeds that its daemon serves."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest
from atom_rules import ATOM, faults, tree
from newsroom import Newsroom, utc
from simulation import Simulation, simulated

from presswatch.daemon import _bind, _shown, _web

START = utc(2026, 3, 2, 8, 0)
TOKEN = "kX3v-2mQ9_tR7wZpL4bN8cDf"


@asynccontextmanager
async def served(world: Simulation) -> AsyncIterator[httpx.AsyncClient]:
    """The pages of a simulation, and who asks for them."""
    listener = _bind("127.0.0.1", 0)
    here = f"http://127.0.0.1:{listener.getsockname()[1]}"
    async with _web(world.app, listener, here), httpx.AsyncClient(base_url=here, timeout=60) as client:
        yield client


@pytest.mark.parametrize("web", [{}, {"url": "https://watch.example", "feed_token": TOKEN}], ids=["open", "secret"])
async def test_silent_edit_arrives_in_the_feed_of_its_release(tmp_path: Path, web: dict[str, Any]) -> None:
    newsroom = Newsroom()
    newsroom.add("/2026/02/r-1", "Release number 1", START - timedelta(days=1))
    async with simulated(
        newsroom.transport(), start=START, folder=tmp_path, fetch={"delay_per_host": 0}, web=web
    ) as world:
        await world.watch(newsroom.base)
        await world.until(START + timedelta(days=1))
        newsroom.pages["/2026/02/r-1"].version += 1
        await world.until(START + timedelta(days=3))
        async with served(world) as client:
            here = str(client.base_url)
            path = f"/feeds{f'/{TOKEN}' if web else ''}/releases/1.atom"
            answer = await client.get(path)
            again = await client.get(path, headers={"if-none-match": answer.headers["etag"]})
            head = await client.head(path)
            bare = await client.get("/feeds/releases/1.atom")
    assert faults(answer.content) == []
    assert (again.status_code, again.content, head.content) == (304, b"", b"")
    assert head.headers["content-length"] == str(len(answer.content))
    assert bare.status_code == (404 if web else 200)
    (entry,) = tree(answer.content).findall(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}title") == "Silently edited: Release number 1"
    links = [link.get("href", "") for link in tree(answer.content).iter(f"{ATOM}link") if link.get("rel") != "related"]
    assert all(link.startswith(f"{web.get('url', here)}/") for link in links)


class Hub(httpx.AsyncBaseTransport):
    """A newsroom, and a hub that is told of feeds."""

    def __init__(self, newsroom: Newsroom) -> None:
        self._newsroom = newsroom.transport()
        self.told: list[list[str]] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.host != "hub.example":
            return await self._newsroom.handle_async_request(request)
        form = parse_qs((await request.aread()).decode())
        assert form.pop("hub.mode") == ["publish"]
        self.told.append(form["hub.url"])
        return httpx.Response(204)


async def test_a_hub_is_told_of_the_feeds_that_name_it_as_they_name_themselves(tmp_path: Path) -> None:
    newsroom = Newsroom()
    newsroom.add("/2026/02/r-1", "Release number 1", START - timedelta(days=1))
    hub = Hub(newsroom)
    settings: dict[str, Any] = {
        "fetch": {"delay_per_host": 0}, "web": {"url": "https://watch.example/"}, "routes": ("hub",),
        "channels": {"hub": {"type": "websub", "url": "https://hub.example/"}},
    }  # fmt: skip
    async with simulated(hub, start=START, folder=tmp_path, **settings) as world:
        await world.watch(newsroom.base)
        await world.until(START + timedelta(days=1))
        newsroom.pages["/2026/02/r-1"].version += 1
        await world.until(START + timedelta(days=3))
        async with served(world) as client:
            whole = await client.get("/feeds/changes.atom")
            items = (await client.get("/feeds/changes.json")).json()
            others = [await client.get(f"/feeds/{path}") for path in ("releases/1.atom", "changes.atom?kind=new")]
    assert faults(whole.content) == []
    links = {link.get("rel"): link.get("href") for link in tree(whole.content).findall(f"{ATOM}link")}
    assert links["hub"] == "https://hub.example/"
    assert items["hubs"] == [{"type": "WebSub", "url": "https://hub.example/"}]
    assert hub.told == [[links["self"], items["feed_url"]]]
    for other in others:
        assert b"hub.example" not in other.content, "nobody would tell the hub of it"


@pytest.mark.parametrize(
    ("host", "shown"),
    [
        ("127.0.0.1", "127.0.0.1"),
        ("0.0.0.0", "127.0.0.1"),
        ("::", "[::1]"),
        ("2001:db8::1", "[2001:db8::1]"),
        ("a", "a"),
    ],
)
def test_host_that_is_listened_at_is_shown_as_one_that_can_be_asked(host: str, shown: str) -> None:
    assert _shown(host) == shown
