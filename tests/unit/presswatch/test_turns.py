"""How far, and how long, a look is led to other hosts."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from presswatch import turns as module
from presswatch.robots import Robots
from presswatch.threads import Threads
from presswatch.turns import Turns, longest_look
from scraper.fetch import Fetcher, FetchSettings
from scraper.model import Failure
from storage import Storage, open_storage

START = datetime(2026, 3, 2, 8, tzinfo=UTC)


@dataclass
class World:
    """Servers that all have the same robots.txt, and a clock."""

    storage: Storage
    threads: Threads
    now: datetime = START
    asked: list[str] = field(default_factory=list)
    drips: float = 0.0
    """Real seconds that a robots.txt takes."""

    async def handle(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request.url.host)
        await asyncio.sleep(self.drips)
        return httpx.Response(404)

    async def sleep(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    def look(self, timeout: float = 20.0) -> Turns:
        fetcher = Fetcher(FetchSettings(), clock=lambda: self.now, transport=httpx.MockTransport(self.handle))
        robots = Robots(storage=self.storage, fetcher=fetcher, clock=lambda: self.now, run=self.threads)
        return Turns(
            home="news.example.int", storage=self.storage, robots=robots, clock=lambda: self.now, run=self.threads,
            sleep=self.sleep, owner="me", delay=1.0, timeout=timeout,
        )  # fmt: skip


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    threads = Threads(1)
    with open_storage(f"sqlite:///{tmp_path}/x.db") as storage:
        yield World(storage, threads)
        threads.close()


async def test_a_look_is_led_over_three_other_hosts_and_no_further(world: World) -> None:
    async with world.look() as turns:
        for number in range(3):
            assert await turns.refusal(f"https://h{number}.example.org/") is None
        assert await turns.refusal("https://h1.example.org/again") is None
        assert await turns.refusal("https://news.example.int/home") is None
        refused = await turns.refusal("https://h3.example.org/")
    assert refused is not None
    assert refused.failure is Failure.REDIRECTS
    assert refused.detail == "the page leads on over more than 3 other hosts, to h3.example.org"
    assert "h3.example.org" not in world.asked


async def test_a_robots_txt_that_never_ends_ends_a_look(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_PATIENCE", timedelta(seconds=0.2))
    world.drips = 60.0
    async with world.look(timeout=0.2) as turns:
        refused = await turns.refusal("https://h0.example.org/")
    assert refused is not None
    assert refused.failure is Failure.TIMEOUT
    assert "leads on to h0.example.org, and robots.txt" in refused.detail
    assert world.asked == ["h0.example.org"], "it is not asked again for the sake of its pause"
    assert world.storage.lease_owners(world.now) == []


async def test_the_time_that_a_robots_txt_takes_counts_as_waited(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    monkeypatch.setattr(module, "_PATIENCE", timedelta(seconds=0.3))
    world.drips = 0.4
    world.storage.take("h1.example.org", "another", now=world.now, lease=timedelta(seconds=0.2))
    async with world.look() as turns:
        assert await turns.refusal("https://h0.example.org/") is None
        refused = await turns.refusal("https://h1.example.org/")
    assert refused is not None
    assert refused.failure is Failure.THROTTLED
    assert world.now == START, "there is no patience left"


async def test_a_host_that_rests_for_longer_than_a_look_waits_is_not_waited_for(world: World) -> None:
    world.storage.leave_alone("h0.example.org", until=START + timedelta(minutes=5))
    world.storage.take("h1.example.org", "another", now=START, lease=timedelta(minutes=5))
    async with world.look() as turns:
        refused = await turns.refusal("https://h0.example.org/")
        assert refused is not None
        assert (refused.failure, refused.retry_after) == (Failure.THROTTLED, timedelta(minutes=5))
        assert world.now == START
        refused = await turns.refusal("https://h1.example.org/")
        assert refused is not None
        assert world.now == START + timedelta(seconds=20), "whoever visits it may be gone soon"


@pytest.mark.parametrize("timeout", [20.0, 600.0])
async def test_a_host_s_turn_lasts_for_as_long_as_a_look_can_take(world: World, timeout: float) -> None:
    async with world.look(timeout) as turns:
        assert await turns.refusal("https://h0.example.org/") is None
        # The page, what the hosts on its way may take, and the robots.txt of the last of them.
        for seconds in (timeout, 2 * timeout + 19):
            at = world.now + timedelta(seconds=seconds)
            assert world.storage.take("h0.example.org", "another", now=at, lease=timedelta(minutes=1)) is not None
        assert world.storage.lease_owners(world.now + longest_look(timeout)) == []
