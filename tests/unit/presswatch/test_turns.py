"""How far, and how long, a look is led to other hosts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from presswatch.robots import Robots
from presswatch.threads import Threads
from presswatch.turns import Turns
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

    def handle(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request.url.host)
        return httpx.Response(404)

    async def sleep(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    def look(self) -> Turns:
        fetcher = Fetcher(FetchSettings(), clock=lambda: self.now, transport=httpx.MockTransport(self.handle))
        robots = Robots(storage=self.storage, fetcher=fetcher, clock=lambda: self.now, run=self.threads)
        return Turns(
            home="news.example.int", storage=self.storage, robots=robots, clock=lambda: self.now, run=self.threads,
            sleep=self.sleep, owner="me", delay=1.0,
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
