"""Notifications arrive at least once, in order, signed; a channel that is broken holds up no other and is shown."""

from __future__ import annotations

import json
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
from newsroom import Newsroom, utc
from simulation import Simulation, simulated
from standardwebhooks.webhooks import Webhook

START = utc(2026, 3, 2, 8, 0)
DAY = timedelta(days=1)
SECRET = "whsec_c3ludGhldGljIHNlY3JldCBvZiB0aGUgdGVzdHM="


class Desk(httpx.AsyncBaseTransport):
    """The newsroom, and beside it a webhook's receiver, in place of the network."""

    def __init__(self, newsroom: Newsroom) -> None:
        self.newsroom = newsroom.transport()
        self.status = 200
        self.headers: dict[str, str] = {}
        self.got: list[httpx.Request] = []
        self.tried = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.method == "GET":
            return await self.newsroom.handle_async_request(request)
        await request.aread()
        self.tried += 1
        if self.status < 300:
            self.got.append(request)
        return httpx.Response(self.status, headers=self.headers)

    @property
    def kinds(self) -> list[tuple[str, str]]:
        data = [json.loads(request.content)["data"] for request in self.got]
        return [(change["kind"], httpx.URL(change["url"]).path) for change in data]


def room(newsroom: Newsroom, desk: Desk, folder: Path) -> AbstractAsyncContextManager[Simulation]:
    newsroom.add("/2026/02/a", "Release A", START - DAY)
    newsroom.add("/2026/02/b", "Release B", START - 2 * DAY)
    channels = {"desk": {"type": "webhook", "url": "https://hooks.example.org/desk", "secret": SECRET}}
    return simulated(desk, start=START, folder=folder, channels=channels)


async def test_a_webhook_is_signed_so_that_the_reference_library_takes_it(tmp_path: Path) -> None:
    newsroom = Newsroom()
    desk = Desk(newsroom)
    async with room(newsroom, desk, tmp_path) as world:
        await world.watch(newsroom.base, routes=("desk",))
        await world.until(START + DAY)
        newsroom.pages["/2026/02/a"].version += 1
        await world.until(START + 3 * DAY)
    (request,) = desk.got
    message = json.loads(request.content)
    assert message["type"] == "release.silently-edited"
    assert message["data"]["diff"]["runs"][0] == {"removed": "1000", "added": "1007"}
    sent_at = datetime.fromtimestamp(int(request.headers["webhook-timestamp"]), UTC)
    signed = Webhook(SECRET).sign(request.headers["webhook-id"], sent_at, request.content.decode())
    assert request.headers["webhook-signature"] == signed


async def test_a_webhook_that_is_down_for_three_days_gets_everything_afterwards_in_order(tmp_path: Path) -> None:
    newsroom = Newsroom()
    desk = Desk(newsroom)
    async with room(newsroom, desk, tmp_path) as world:
        await world.watch(newsroom.base, routes=("console", "desk"))
        await world.until(START + DAY)
        desk.status = 503
        newsroom.pages["/2026/02/a"].version += 1
        await world.until(START + 2 * DAY)
        newsroom.pages["/2026/02/a"].version += 1
        newsroom.pages["/2026/02/a"].stamp = world.clock.now
        newsroom.pages["/2026/02/b"].version += 1
        await world.until(START + 4 * DAY)
        told = world.console.getvalue()
        assert told.count("silently edited") == 2, "the other channel is told on time"
        assert desk.got == []
        assert desk.tried < 60
        desk.status = 200
        await world.until(START + 6 * DAY)
        assert [kind for kind, path in desk.kinds if path.endswith("/a")] == ["silently-edited", "edited"]
        assert len(desk.kinds) == 3
        assert len({request.headers["webhook-id"] for request in desk.got}) == 3


async def test_what_is_given_up_is_shown_and_sent_again_on_demand_under_its_key(tmp_path: Path) -> None:
    newsroom = Newsroom()
    desk = Desk(newsroom)
    async with room(newsroom, desk, tmp_path) as world:
        await world.watch(newsroom.base, routes=("desk",))
        await world.until(START + DAY)
        desk.status = 500
        newsroom.pages["/2026/02/a"].version += 1
        await world.until(START + 9 * DAY)
        storage = world.app.storage
        (letter,) = storage.dead_letters()
        assert letter.attempts == 10
        assert "500" in (letter.last_error or "")
        assert storage.status(world.clock.now).outbox["dead"] == 1
        desk.status = 200
        assert storage.resend([letter.id], now=world.clock.now) == 1
        await world.round()
        assert desk.got[0].headers["webhook-id"] == letter.key


async def test_a_receiver_that_is_gone_for_good_is_given_up_at_once(tmp_path: Path) -> None:
    newsroom = Newsroom()
    desk = Desk(newsroom)
    async with room(newsroom, desk, tmp_path) as world:
        await world.watch(newsroom.base, routes=("desk",))
        await world.until(START + DAY)
        desk.status = 410
        newsroom.pages["/2026/02/a"].version += 1
        await world.until(START + 3 * DAY)
        assert desk.tried == 1
        assert len(world.app.storage.dead_letters()) == 1


async def test_a_receiver_that_asks_for_time_gets_it(tmp_path: Path) -> None:
    newsroom = Newsroom()
    desk = Desk(newsroom)
    async with room(newsroom, desk, tmp_path) as world:
        await world.watch(newsroom.base, routes=("desk",))
        await world.until(START + DAY)
        desk.status, desk.headers = 429, {"retry-after": "36000"}
        newsroom.pages["/2026/02/a"].version += 1
        await world.until(START + 3 * DAY)
        assert 3 <= desk.tried <= 6


async def test_a_channel_that_the_settings_no_longer_have_fails_with_a_word_and_is_kept(tmp_path: Path) -> None:
    newsroom = Newsroom()
    desk = Desk(newsroom)
    async with room(newsroom, desk, tmp_path) as world:
        await world.watch(newsroom.base, routes=("console", "fax"))
        await world.until(START + DAY)
        newsroom.pages["/2026/02/a"].version += 1
        await world.until(START + 2 * DAY)
        assert "silently edited" in world.console.getvalue()
        assert world.app.storage.status(world.clock.now).outbox["pending"] == 1
