"""Redirects to another host, over real sockets: its robots.txt, its pause and its other visitors count there, too."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from newsroom import Newsroom, utc
from simulation import Simulation, simulated

from scraper.urls import host

START = utc(2026, 3, 2, 8, 0)
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
RELEASES = 4


@dataclass
class Detour:
    """A newsroom whose releases stand at another host."""

    world: Simulation
    here: Newsroom
    there: Newsroom
    asked: list[datetime] = field(default_factory=list)
    """When the other host was asked for a release."""

    @property
    def gaps(self) -> list[timedelta]:
        return [after - before for before, after in pairwise(self.asked)]

    def errors(self) -> list[str]:
        return [row.error or "" for row in self.world.app.storage.status(self.world.clock.now).failing]


@asynccontextmanager
async def detour(folder: Path, *, robots: str | None = None, **settings: Any) -> AsyncIterator[Detour]:
    here, there = Newsroom(), Newsroom(robots=robots)
    for n in range(RELEASES):
        for newsroom in (here, there):
            newsroom.add(f"/2026/02/r-{n}", f"Release number {n}", START - timedelta(days=n + 1))
    own = here._answer
    here._answer = lambda path: (  # type: ignore[method-assign]
        (302, {"location": there.base + path}, b"") if path in there.pages else own(path)
    )
    with here.served(), there.served():
        async with simulated(None, start=START, folder=folder, **settings) as world:
            made = Detour(world, here, there)
            there.before_answer = lambda path: made.asked.append(world.clock.now) if path in there.pages else None
            await world.watch(here.base)
            yield made


@pytest.mark.parametrize("delay", [10, 60], ids=["worth waiting for", "longer than a look waits"])
async def test_a_host_that_redirects_lead_to_is_asked_no_faster_than_it_wants(tmp_path: Path, delay: int) -> None:
    async with detour(tmp_path, robots=f"User-agent: *\nCrawl-delay: {delay}\n") as way:
        await way.world.until(START + 40 * MINUTE)
        assert len(way.asked) >= RELEASES
        assert min(way.gaps) >= delay * SECOND
        assert {row.title for row in way.world.app.storage.releases()} >= {f"Release number {n}" for n in range(4)}


async def test_without_a_crawl_delay_the_own_pause_is_kept_there_too(tmp_path: Path) -> None:
    async with detour(tmp_path) as way:
        await way.world.until(START + 5 * MINUTE)
        assert len(way.asked) == RELEASES
        assert min(way.gaps) >= SECOND


async def test_what_the_other_host_s_robots_txt_forbids_is_not_asked_for(tmp_path: Path) -> None:
    async with detour(tmp_path, robots="User-agent: *\nDisallow: /2026/\n") as way:
        await way.world.until(START + 5 * MINUTE)
        assert way.asked == []
        assert len(way.errors()) == RELEASES
        assert f"robots.txt of {host(way.there.base)} forbids" in way.errors()[0]


async def test_what_robots_txt_forbids_is_not_reached_by_a_redirect_within_a_host_either(tmp_path: Path) -> None:
    async with detour(tmp_path) as way:
        way.here.robots = "User-agent: *\nDisallow: /private/\n"
        way.here._answer, own = (  # type: ignore[method-assign]
            lambda path: (302, {"location": "/private" + path}, b"") if path.startswith("/2026") else own(path),
            way.here._answer,
        )
        await way.world.until(START + 5 * MINUTE)
        assert not any(path.startswith("/private") for path, _, _ in way.here.requests)
        assert "forbids" in way.errors()[0]


async def test_a_host_that_somebody_else_visits_is_left_alone_and_the_look_is_made_later(tmp_path: Path) -> None:
    async with detour(tmp_path) as way:
        storage, other = way.world.app.storage, host(way.there.base)
        assert storage.take(other, "another process", now=START, lease=10 * MINUTE) is None
        await way.world.until(START + 9 * MINUTE)
        assert way.asked == []
        assert f"leads on to {other}" in way.errors()[0]
        assert Counter(path for path, _, _ in way.here.requests if path in way.there.pages) == Counter(
            list(way.there.pages)
        )
        storage.let_go(other, "another process", next_at=way.world.clock.now)
        await way.world.until(START + 60 * MINUTE)
        assert len(way.asked) == RELEASES
        assert way.errors() == []


@pytest.mark.parametrize("said", ["/2026", "/robots.txt"], ids=["its page", "its robots.txt"])
async def test_a_host_that_says_429_is_left_alone_whichever_newsroom_leads_there(tmp_path: Path, said: str) -> None:
    async with detour(tmp_path) as way:
        own, throttled = way.there._answer, []

        def throttle(path: str) -> tuple[int, dict[str, str], bytes]:
            if not path.startswith(said):
                return own(path)
            throttled.append(way.world.clock.now)
            return 429, {"retry-after": "7200"}, b""

        way.there._answer = throttle  # type: ignore[method-assign]
        another = Newsroom(pages=dict(way.here.pages))
        another._answer, plain = (  # type: ignore[method-assign]
            lambda path: (302, {"location": way.there.base + path}, b"") if path in another.pages else plain(path),
            another._answer,
        )
        with another.served():
            await way.world.watch(another.base, name="Another")
            await way.world.until(START + 110 * MINUTE)
            assert len(throttled) == 1
            await way.world.until(START + 300 * MINUTE)
            assert len(throttled) == 3


@pytest.mark.parametrize("said", ["/2026", "/robots.txt"], ids=["its page", "its robots.txt"])
async def test_a_host_that_leads_to_one_that_says_429_goes_on_being_visited(tmp_path: Path, said: str) -> None:
    async with detour(tmp_path) as way:
        own, plain = way.there._answer, Newsroom._answer
        way.there._answer = lambda path: (  # type: ignore[method-assign]
            (429, {"retry-after": "86400"}, b"") if path.startswith(said) else own(path)
        )
        way.here._answer = lambda path: (  # type: ignore[method-assign]
            (302, {"location": way.there.base + path}, b"") if path == "/2026/02/r-1" else plain(way.here, path)
        )
        await way.world.until(START + 60 * MINUTE)
        way.here.add("/2026/03/new", "Something that everybody waits for", way.world.clock.now)
        await way.world.until(START + 6 * 60 * MINUTE)
        assert way.world.kinds() == [("new", "/2026/03/new")]
        assert len([path for path, _, _ in way.here.requests if path == "/2026/02/r-1"]) == 1, "it alone waits"


async def test_a_host_is_free_again_after_a_look_that_led_there(tmp_path: Path) -> None:
    async with detour(tmp_path) as way:
        await way.world.until(START + 5 * MINUTE)
        now = way.world.clock.now
        assert way.world.app.storage.lease_owners(now) == []
        assert way.world.app.storage.take(host(way.there.base), "another", now=now, lease=MINUTE) is None


async def test_both_hosts_are_held_for_as_long_as_the_request_may_take(tmp_path: Path) -> None:
    async with detour(tmp_path, fetch={"timeout": 600}) as way:
        storage, hosts, taken = way.world.app.storage, (host(way.here.base), host(way.there.base)), []

        def ask(path: str) -> None:
            if path in way.there.pages:
                at = way.world.clock.now + 19 * MINUTE
                taken.extend(storage.take(name, "another", now=at, lease=MINUTE) is None for name in hosts)

        way.there.before_answer = ask
        await way.world.until(START + MINUTE)
        assert taken
        assert not any(taken)
