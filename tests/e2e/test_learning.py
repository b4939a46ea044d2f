"""A newsroom whose pages are no plain ones: boilerplate, parts that change on each load, scripts; all synthetic."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from newsroom import utc
from simulation import Simulation, simulated

from presswatch.plans import Plan
from presswatch.sources import NotAdded, explore_home, store_plan
from scraper.judge import Op, compare
from scraper.model import Failed, Failure, Fetched, Profile, Render, Request

pytestmark = pytest.mark.long

START = utc(2026, 3, 2, 8, 0)
BASE = "https://harbour.example.int"
NAMES = ("Ferries", "Lighthouses", "Pilots", "Dredgers", "Moorings", "Buoys")
BOILERPLATE = "The Harbour Office keeps the fairways of the coast open, and has done so since the year 1871."


class Office:
    """A newsroom with a feed; a slot in each page holds another offer at each load."""

    def __init__(self) -> None:
        self.loads = 0
        self.versions = dict.fromkeys(range(len(NAMES)), 0)
        self.scripted = False
        self.loads_count = True
        """False: each load is the same."""

    def transport(self) -> httpx.MockTransport:
        return httpx.MockTransport(self._answer)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        if path == "/feed.xml" and not self.scripted:
            items = "".join(
                f"<item><link>{BASE}/news/{n}</link><title>{NAMES[n]}</title></item>" for n in self.versions
            )
            feed = f"<rss version='2.0'><channel><title>Harbour</title>{items}</channel></rss>"
            return httpx.Response(200, text=feed, headers={"content-type": "application/rss+xml"})
        if path.startswith("/news/") and path[6:].isdigit():
            return httpx.Response(200, html=self.page(int(path[6:])))
        if path == "/news" and self.scripted:
            return httpx.Response(200, html="<html><body><div id=app></div><script src=/a.js></script></body></html>")
        return httpx.Response(404)

    def page(self, n: int) -> str:
        self.loads += self.loads_count
        name = NAMES[n]
        counted = "".join(
            f"<p>{name} number {m} were counted {self.versions[n] + 3} times on the day, as the office had planned.</p>"
            for m in range(4)
        )
        return (
            f"<html lang=en><body><article class=release><h1>{name} of the coast are counted</h1>"
            f"<p>Published: {n + 1} February 2026</p>{counted}"
            f"<div class=insert-slot><p>Offer {self.loads}: the best of all boats can be had today.</p></div>"
            f"<p>The count of {name.lower()} is published each year by the office, as is the custom.</p>"
            f"<p>{BOILERPLATE}</p></article></body></html>"
        )

    def listing(self) -> str:
        links = "".join(
            f"<li><a href='/news/{n}'>{NAMES[n]} of the coast are counted once more</a> {n + 1} February 2026</li>"
            for n in self.versions
        )
        return f"<html><body><h1>News</h1><ul class=news>{links}</ul></body></html>"


class Drawn:
    """A renderer that is a function."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.asked: list[str] = []

    async def render(self, request: Request) -> Fetched | Failed:
        self.asked.append(request.url)
        if request.url.endswith("/news"):
            body = self.office.listing().encode()
        elif "/news/" in request.url:
            # What a script adds stands in the page only as it is drawn.
            page = self.office.page(int(request.url.rpartition("/")[2]))
            body = page.replace(
                "<p>The count of", "<p>A script added this paragraph to the page.</p><p>The count of"
            ).encode()
        else:
            return Failed(at=START, failure=Failure.BROKEN, detail="nothing to draw")
        return Fetched(
            url=request.url, final_url=request.url, status=200, headers=(("content-type", "text/html"),), body=body,
            started_at=START, finished_at=START,
        )  # fmt: skip


async def learned_offers(world: Simulation) -> datetime:
    """When it was learned that the offer differs on each load; which looks come first is left to chance."""
    for day in range(2, 21):
        await world.until(START + timedelta(days=day))
        if "div.insert-slot/p" in world.app.storage.site(1).varying:
            return START + timedelta(days=day)
    raise AssertionError("it was not learned within three weeks")


async def test_what_was_learned_of_a_site_is_no_edit_of_its_releases(tmp_path: Path) -> None:
    office = Office()
    async with simulated(office.transport(), start=START, folder=tmp_path, fetch={"delay_per_host": 0}) as world:
        await world.watch(BASE)
        learned = await learned_offers(world)
        assert world.app.storage.site(1).pages >= 3
        told = len(world.kinds())
        await world.until(learned + timedelta(days=8))
        assert world.kinds()[told:] == []


async def test_an_edit_is_told_of_a_site_that_was_learned(tmp_path: Path) -> None:
    office = Office()
    async with simulated(office.transport(), start=START, folder=tmp_path, fetch={"delay_per_host": 0}) as world:
        await world.watch(BASE)
        learned = await learned_offers(world)
        told = len(world.kinds())
        office.versions[2] += 1
        await world.until(learned + timedelta(days=8))
        assert world.kinds()[told:] == [("edited", "/news/2")]


async def test_another_profile_reads_again_and_reports_nothing(tmp_path: Path) -> None:
    office = Office()
    async with simulated(office.transport(), start=START, folder=tmp_path, fetch={"delay_per_host": 0}) as world:
        await world.watch(BASE, profile=Profile(drop=".insert-slot"))
        await world.until(START + timedelta(days=2))
        row = world.app.storage.release_at("harbour.example.int/news/1")
        assert "Offer" not in world.app.storage.revision(row.id, 1).release.text
        (source,) = world.app.storage.sources()
        profile = Profile(drop=".insert-slot, article > p:last-child")
        world.app.storage.update_source(
            "Harbour", type(source.source)(name="Harbour", home=f"{BASE}/", profile=profile)
        )
        await world.until(START + timedelta(days=9))
        assert "since the year" not in world.app.storage.revision(row.id, 1).release.text
        assert world.kinds() == []


async def test_a_list_that_only_a_script_draws_is_found_and_watched_by_a_browser(tmp_path: Path) -> None:
    office = Office()
    office.scripted = True
    drawn = Drawn(office)
    async with simulated(
        office.transport(), start=START, folder=tmp_path, fetch={"delay_per_host": 0}, renderer=drawn
    ) as world:
        office.versions.pop(5)
        plan = Plan(url=f"{BASE}/news")
        found = await explore_home(world.app, plan)
        assert [len(item.entries) for item in found.listings] == [5]
        await store_plan(world.app, plan, found)
        await world.until(START + timedelta(hours=6))
        assert len(world.app.storage.sources()) == 1
        office.versions[5] = 0
        await world.until(START + timedelta(days=2))
        assert ("new", "/news/5") in world.kinds()


async def test_a_source_that_is_never_to_be_rendered_is_not(tmp_path: Path) -> None:
    office = Office()
    office.scripted = True
    drawn = Drawn(office)
    async with simulated(
        office.transport(), start=START, folder=tmp_path, fetch={"delay_per_host": 0}, renderer=drawn
    ) as world:
        with pytest.raises(NotAdded, match="No page was rendered"):
            await explore_home(world.app, Plan(url=f"{BASE}/news", render=Render.NEVER))
        assert drawn.asked == []


async def test_a_profile_that_can_t_be_applied_is_refused_before_anything_is_asked(tmp_path: Path) -> None:
    async with simulated(Office().transport(), start=START, folder=tmp_path) as world:
        with pytest.raises(NotAdded, match="is no CSS selector"):
            await explore_home(world.app, Plan(url=BASE, profile=Profile(body="p[[")))


async def test_after_learning_a_diff_still_shows_what_was_told_and_nothing_else(tmp_path: Path) -> None:
    office = Office()
    office.loads_count = False
    async with simulated(office.transport(), start=START, folder=tmp_path, fetch={"delay_per_host": 0}) as world:
        await world.watch(BASE)
        await world.until(START + timedelta(hours=1))
        office.versions[0] += 1
        await world.until(START + timedelta(days=9))
        storage = world.app.storage
        row = storage.release_at("harbour.example.int/news/0")
        before, after = (storage.revision(row.id, number) for number in (1, 2))
        assert (before.recipe, before.site) == (after.recipe, after.site)
        changed = compare(before.release, after.release).changed
        assert [part.op for part in changed] == [Op.CHANGED] * 4


@pytest.mark.parametrize("facts", [{"time_zone": "Europe/Brussels"}, {"language": "fr"}, {"render": Render.ALWAYS}])
async def test_how_a_source_is_looked_at_is_no_edit_of_its_releases(facts: dict[str, Any], tmp_path: Path) -> None:
    office = Office()
    office.loads_count = False
    drawn = Drawn(office)
    async with simulated(
        office.transport(), start=START, folder=tmp_path, fetch={"delay_per_host": 0}, renderer=drawn
    ) as world:
        await world.watch(BASE)
        await world.until(START + timedelta(days=2))
        (row,) = world.app.storage.sources()
        world.app.storage.update_source("Harbour", replace(row.source, **facts))
        await world.until(START + timedelta(days=12))
        assert world.kinds() == []
