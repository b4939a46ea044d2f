"""A channel that takes nothing for an hour is told to the others once, and once when it works again."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from newsroom import Newsroom, Receiver, utc
from processes import SECRET, Presswatch, eventually
from simulation import Simulation, simulated
from storage_room import Room, entry

from presswatch.outage import stuck
from presswatch.web import create_app
from scraper.model import Kind
from storage import Watchman, open_storage

START = utc(2026, 3, 2, 8, 0)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
LONG_AGO = utc(2020, 3, 2, 12, 0)


class Hooks(httpx.AsyncBaseTransport):
    """A newsroom, and webhooks by their host, each of which answers as it is told to."""

    def __init__(self, newsroom: Newsroom) -> None:
        self.newsroom = newsroom.transport()
        self.down: set[str] = set()
        self.mute: set[str] = set()
        """They take it and never answer."""
        self.got: list[tuple[str, str]] = []
        """Host and body of what was taken."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.method == "GET":
            return await self.newsroom.handle_async_request(request)
        body = (await request.aread()).decode()
        if request.url.host in self.down:
            return httpx.Response(503)
        self.got.append((request.url.host, body))
        if request.url.host in self.mute:
            raise httpx.ReadTimeout("")
        return httpx.Response(204)

    def of_channels(self, host: str) -> list[str]:
        return [body for to, body in self.got if to == host and '"type":"channel.health"' in body]


def harbour() -> Newsroom:
    newsroom = Newsroom()
    for n in range(4):
        newsroom.add(f"/2026/02/r-{n}", f"Release number {n}", START - (n + 1) * DAY)
    return newsroom


def hook(host: str) -> dict[str, Any]:
    return {"type": "webhook", "url": f"https://{host}/hook", "secret": SECRET}


async def edited(world: Simulation, newsroom: Newsroom, count: int = 1) -> None:
    """So many releases get another text, and are looked at."""
    for n in range(count):
        newsroom.pages[f"/2026/02/r-{n}"].version += 1
    world.clock.now += timedelta(minutes=1)
    await world.app.watch.round(everything=True)


def of_channels(world: Simulation) -> list[str]:
    """The console's lines about channels, without their times."""
    return [line[22:] for line in world.console.getvalue().splitlines() if "  channel " in line]


async def test_a_webhook_that_is_down_for_hours_is_told_twice_on_the_console_and_never_to_itself(
    tmp_path: Path,
) -> None:
    newsroom = harbour()
    hooks = Hooks(newsroom)
    channels, routes = {"desk": hook("desk.example")}, ("console", "desk")
    async with simulated(hooks, start=START, folder=tmp_path, channels=channels, routes=routes) as world:
        await world.watch(newsroom.base, routes=routes)
        await world.until(START + HOUR)
        hooks.down = {"desk.example"}
        await edited(world, newsroom, 4)
        await world.until(START + 5 * HOUR)
        (began,) = of_channels(world)
        assert began.startswith("stuck            channel desk: ")
        assert "attempts in a row failed since 2 Mar 2026, 09:" in began
        assert "the receiver answered 503. Its messages wait" in began
        page = httpx.AsyncClient(
            transport=httpx.ASGITransport(create_app(world.app.storage, now=world.clock)), base_url="http://127.0.0.1"
        )
        async with page:
            assert "channel <bdi>desk</bdi>" in (await page.get("/status")).text
            assert "desk" not in (await page.get("/sources")).text
            (trouble,) = (await page.get("/api/v1/health")).json()["items"]
        assert (trouble["kind"], trouble["subject"], trouble["source"]) == ("stuck", "desk", None)
        hooks.down = set()
        await world.until(START + 10 * HOUR)
        _, ended = of_channels(world)
        assert ended.startswith("well again: no longer stuck  channel desk: since ")
        assert hooks.of_channels("desk.example") == []
        assert world.app.storage.outbox_counts()["pending"] == 0


async def test_a_webhook_that_is_down_for_half_an_hour_is_not_told(tmp_path: Path) -> None:
    newsroom = harbour()
    hooks = Hooks(newsroom)
    channels, routes = {"desk": hook("desk.example")}, ("console", "desk")
    async with simulated(hooks, start=START, folder=tmp_path, channels=channels, routes=routes) as world:
        await world.watch(newsroom.base, routes=routes)
        await world.until(START + HOUR)
        for _ in range(3):
            hooks.down = {"desk.example"}
            await edited(world, newsroom)
            await world.until(world.clock.now + HOUR / 2)
            hooks.down = set()
            await world.until(world.clock.now + 3 * HOUR)
        assert len(hooks.got) == 3
        assert of_channels(world) == []


async def test_where_all_channels_are_down_none_is_told_anything_twice_and_nothing_multiplies(tmp_path: Path) -> None:
    newsroom = harbour()
    hooks, hosts = Hooks(newsroom), {"a.example", "b.example", "c.example"}
    channels, routes = {host[0]: hook(host) for host in sorted(hosts)}, ("a", "b", "c")
    async with simulated(hooks, start=START, folder=tmp_path, channels=channels, routes=routes) as world:
        await world.watch(newsroom.base, routes=routes)
        await world.until(START + HOUR)
        hooks.down = set(hosts)
        await edited(world, newsroom, 4)
        await world.until(START + 5 * HOUR)
        ill = world.app.storage.health(is_open=True)
        assert sorted(each.subject for each in ill) == ["a", "b", "c"]
        hooks.down = set()
        await world.until(START + 20 * HOUR)
        assert world.app.storage.health(is_open=True) == []
        assert world.app.storage.outbox_counts()["pending"] == 0
        assert len(world.app.storage.health()) == 3
        # Which of them hears of which depends on what was on its way when the first of them worked again.
        for host in sorted(hosts):
            told = [
                (trouble["subject"], trouble["phase"])
                for trouble in (json.loads(body)["data"] for body in hooks.of_channels(host))
            ]
            ended = [subject for subject, phase in told if phase == "ended"]
            assert sorted(told) == sorted((subject, phase) for subject in ended for phase in ("began", "ended")), told
            assert all(told.index((subject, "began")) < told.index((subject, "ended")) for subject in ended), told
            assert len({*ended, host[0]}) == len(ended) + 1, told


async def test_who_heard_of_a_begin_and_whose_answer_was_lost_hears_of_the_end(tmp_path: Path) -> None:
    newsroom = harbour()
    hooks = Hooks(newsroom)
    channels, routes = {"a": hook("a.example"), "b": hook("b.example")}, ("a", "b")
    async with simulated(hooks, start=START, folder=tmp_path, channels=channels, routes=routes) as world:
        await world.watch(newsroom.base, routes=routes)
        await world.until(START + HOUR)
        hooks.down, hooks.mute = {"a.example"}, {"b.example"}
        await edited(world, newsroom, 4)
        await world.until(START + 5 * HOUR)
        hooks.down = set()
        await world.until(START + 20 * HOUR)
        assert [each.subject for each in world.app.storage.health(is_open=True)] == ["b"]
        hooks.mute = set()
        await world.until(START + 3 * DAY)
        told = [json.loads(body)["data"] for body in hooks.of_channels("b.example")]
        *begins, end = [(trouble["subject"], trouble["phase"]) for trouble in told]
        assert (set(begins), end) == ({("a", "began")}, ("a", "ended"))


async def test_where_health_goes_to_the_stuck_channel_alone_the_console_is_told(tmp_path: Path) -> None:
    newsroom = harbour()
    hooks = Hooks(newsroom)
    settings: dict[str, Any] = {"channels": {"desk": hook("desk.example")}, "health": {"routes": ["desk"]}}
    async with simulated(hooks, start=START, folder=tmp_path, **settings) as world:
        await world.watch(newsroom.base, routes=("desk",))
        await world.until(START + HOUR)
        hooks.down = {"desk.example"}
        await edited(world, newsroom)
        await world.until(START + 5 * HOUR)
        assert len(of_channels(world)) == 1


async def test_a_channel_that_the_settings_no_longer_have_is_told_and_forgotten_when_nothing_waits_for_it(
    tmp_path: Path,
) -> None:
    newsroom = harbour()
    database = f"sqlite:///{tmp_path}/kept.db"
    async with simulated(newsroom.transport(), start=START, folder=tmp_path, database=database) as world:
        await world.watch(newsroom.base, routes=("console", "fax"))
        await world.until(START + HOUR)
        await edited(world, newsroom)
        await world.until(START + 5 * DAY)
        (line,) = of_channels(world)
        assert 'the settings have no channel "fax"' in line
        assert len(world.app.storage.dead_letters()) == 1
        end = world.clock.now
    async with simulated(newsroom.transport(), start=end, folder=tmp_path, database=database) as world:
        assert world.app.storage.health(is_open=True) == []


# --- the commands -----------------------------------------------------------------------------------------------------


def said_by_check(presswatch: Presswatch, _says: Callable[[str], bool]) -> str:
    return presswatch.run("check").stderr


def said_by_deliver(presswatch: Presswatch, _says: Callable[[str], bool]) -> str:
    return presswatch.run("deliver").stderr


def said_by_the_daemon(presswatch: Presswatch, says: Callable[[str], bool]) -> str:
    log = presswatch.folder / "presswatch.log"
    log.unlink(missing_ok=True)
    with presswatch.daemon():
        eventually(lambda: says(log.read_text()), within=120)
    return log.read_text()


def prepared(folder: Path) -> None:
    """A change of long ago that is to be told to the desk, which did not take it twice."""
    with open_storage(f"sqlite:///{folder}/kept.db") as storage:
        room = Room(storage, now=LONG_AGO)
        room.watch()
        room.list(entry("a"))
        room.read("https://news.example/a", "one", kinds=[Kind.NEW], channels=("desk",))
        for _ in range(2):
            (letter,) = storage.claim_deliveries(now=room.now, owner="w", lease=HOUR)
            storage.delivery_failed(
                letter.id, owner="w", at=room.now, error="503", next_attempt_at=room.now,
                watchman=Watchman(judge=stuck, told=lambda _: ()),
            )  # fmt: skip
        storage.pause_source("News")


def make_due(folder: Path) -> None:
    """The pause before the next attempt is over."""
    with sqlite3.connect(folder / "kept.db") as connection:
        connection.execute("UPDATE outbox SET next_attempt_at = '2020-03-02 12:00:00' WHERE state = 'pending'")


@pytest.mark.parametrize(
    "said_by",
    [
        said_by_deliver, pytest.param(said_by_check, marks=pytest.mark.long),
        pytest.param(said_by_the_daemon, marks=pytest.mark.long),
    ],
)  # fmt: skip
def test_every_command_that_delivers_tells_of_a_stuck_channel_and_of_its_end(
    tmp_path: Path, said_by: Callable[[Presswatch, Callable[[str], bool]], str]
) -> None:
    prepared(tmp_path)
    receiver, presswatch = Receiver(status=503), Presswatch(tmp_path)
    with receiver.served() as address:
        presswatch.configure(
            database='"sqlite:///kept.db"', fetch__allow_private="true", routes='["console", "desk"]',
            channels__desk__type='"webhook"', channels__desk__url=f'"{address}"',
            channels__desk__secret=f'"{SECRET}"',
        )  # fmt: skip
        said = said_by(presswatch, lambda said: "channel desk: " in said)
        assert "channel desk: 3 attempts in a row failed since 2 Mar 2020, 12:00:00 UTC: the receiver answered" in said
        assert "channel desk is stuck since " in presswatch.run("status").stdout
        receiver.status = 200
        make_due(tmp_path)
        assert "no longer stuck" in said_by(presswatch, lambda said: "no longer stuck" in said)
        assert "stuck" not in presswatch.run("status").stdout
