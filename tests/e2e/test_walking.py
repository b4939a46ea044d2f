"""A list that is parted into pages is walked back at its first visit and after an absence; a synthetic newsroom."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import httpx
from newsroom import utc
from simulation import Simulation, simulated

from scraper.model import Listing, ListingKind, Source

START = utc(2026, 3, 2, 8, 0)
BASE = "https://harbour.example.int"
SIZE = 8


class Paged:
    """A newsroom whose list shows eight releases a page, the newest first, and links the next page."""

    def __init__(self, releases: int, *, throttles: str | None = None) -> None:
        self.releases = releases
        self.throttles = throttles
        """The page of the list that asks to be left alone for two hours."""
        self.asked: list[str] = []
        self.requests = 0

    def transport(self) -> httpx.MockTransport:
        return httpx.MockTransport(self._answer)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        self.requests += 1
        if path == "/news":
            number = int(request.url.params.get("page", "1"))
            self.asked.append(str(number))
            if str(number) == self.throttles:
                return httpx.Response(429, headers={"retry-after": "7200"})
            return httpx.Response(200, html=self._list(number))
        if path.startswith("/news/release-"):
            return httpx.Response(200, html=self._release(int(path.removeprefix("/news/release-"))))
        return httpx.Response(404)

    def _list(self, number: int) -> str:
        newest = self.releases - (number - 1) * SIZE
        items = "".join(
            f"<li><a href='/news/release-{n}'>The harbour master's report number {n} to the council</a></li>"
            for n in range(newest, max(0, newest - SIZE), -1)
        )
        more = f"<a rel=next href='/news?page={number + 1}'>Next</a>" if newest > SIZE else ""
        return f"<html><body><main><h1>News</h1><ul>{items}</ul>{more}</main></body></html>"

    def _release(self, n: int) -> str:
        prose = "".join(
            f"<p>Report {n}, part {m}: {n * 7 + m} ships came in, and most of them left again.</p>" for m in range(5)
        )
        return f"<html><body><article><h1>Report number {n} of the harbour</h1>{prose}</article></body></html>"


async def _watched(world: Simulation) -> None:
    listing = Listing(url=f"{BASE}/news", kind=ListingKind.PAGE)
    source = Source(name="Harbour", home=f"{BASE}/", every=timedelta(hours=1))
    world.app.storage.add_source(source, listings=[listing], now=START)


def known(world: Simulation) -> int:
    status = world.app.storage.status(world.clock.now)
    return sum(status.releases.values())


async def test_the_first_visit_goes_back_five_pages_quietly(tmp_path: Path) -> None:
    office = Paged(60)
    async with simulated(office.transport(), start=START, folder=tmp_path, fetch={"delay_per_host": 0}) as world:
        await _watched(world)
        await world.until(START + timedelta(minutes=30))
        assert office.asked == ["1", "2", "3", "4", "5"]
        assert known(world) == 5 * SIZE
        await world.until(START + timedelta(hours=5))
        assert set(office.asked[5:]) == {"1"}
        assert world.kinds() == []


async def test_after_an_absence_what_left_the_first_page_is_found_too(tmp_path: Path) -> None:
    office = Paged(30)
    async with simulated(office.transport(), start=START, folder=tmp_path, fetch={"delay_per_host": 0}) as world:
        await _watched(world)
        await world.until(START + timedelta(hours=3))
        office.releases += 12
        await world.until(START + timedelta(days=1))
        assert sorted(world.kinds()) == sorted(("new", f"/news/release-{n}") for n in range(31, 43))


async def test_a_host_that_wants_long_pauses_is_asked_for_its_first_page_only(tmp_path: Path) -> None:
    office = Paged(60)
    async with simulated(office.transport(), start=START, folder=tmp_path, fetch={"delay_per_host": 30}) as world:
        await _watched(world)
        await world.until(START + timedelta(minutes=30))
        assert set(office.asked) == {"1"}


async def test_a_further_page_that_says_429_silences_the_host_and_the_look_counts_all_the_same(tmp_path: Path) -> None:
    office = Paged(60, throttles="3")
    async with simulated(office.transport(), start=START, folder=tmp_path) as world:
        await _watched(world)
        await world.round()
        assert office.asked == ["1", "2", "3"]
        assert known(world) == 2 * SIZE
        before = office.requests
        await world.until(START + timedelta(hours=2))
        assert office.requests == before
        await world.until(START + timedelta(hours=3))
        assert office.requests > before
