"""The sources of the settings: added, known again, changed with them, and given time where they lead nowhere."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from newsroom import Newsroom, utc
from simulation import Simulation, simulated

from config import Settings
from presswatch.plans import Plan, not_watched
from presswatch.sources import Configured, add_configured, explore_home, store_plan, why_not_watched
from scraper.model import Listing, ListingKind
from storage import NameTaken

START = utc(2026, 3, 2, 8, 0)
HOME = "https://harbour.example.int/"
OLD = "https://old.example.int/news"


@dataclass
class World:
    """The newsroom, whose feed is reached by redirects from elsewhere, too."""

    newsroom: Newsroom = field(default_factory=Newsroom)
    open: bool = True
    requests: list[str] = field(default_factory=list)

    def transport(self) -> httpx.MockTransport:
        def handle(request: httpx.Request) -> httpx.Response:
            self.requests.append(str(request.url))
            if request.url.path == "/robots.txt":
                return httpx.Response(404)
            if request.url.host == "old.example.int" and self.open:
                return httpx.Response(301, headers={"location": f"{HOME}feed.xml"})
            if request.url.path == "/press.xml" and self.open:
                return httpx.Response(301, headers={"location": f"{HOME}feed.xml"})
            if not self.open:
                return httpx.Response(404)
            status, headers, body = self.newsroom.answer(request.url.path, dict(request.headers))
            return httpx.Response(status, headers=headers, content=body)

        return httpx.MockTransport(handle)

    def asked(self) -> list[str]:
        """The requests since the last time that this was asked, robots.txt aside."""
        got, self.requests = [url for url in self.requests if not url.endswith("robots.txt")], []
        return got


@pytest.fixture
def world() -> World:
    made = World()
    for n in range(5):
        made.newsroom.add(f"/2026/02/r-{n}", f"Release number {n}", START - timedelta(days=n + 1))
    return made


Simulated = Callable[[], Any]


@pytest.fixture
def opened(world: World, tmp_path: Path) -> Simulated:
    return lambda: simulated(world.transport(), start=START, folder=tmp_path, fetch={"delay_per_host": 0})


def configure(simulation: Simulation, *sources: dict[str, Any], **more: Any) -> Any:
    """The app with other sources in its settings, on the same store."""
    settings = Settings(**{"fetch": {"delay_per_host": 0}, "sources": sources, **more})
    return replace(simulation.app, settings=settings)


def sources(simulation: Simulation) -> dict[str, Any]:
    return {row.source.name: row.source for row in simulation.app.storage.sources()}


async def test_a_configured_source_is_added_with_its_facts(opened: Simulated) -> None:
    async with opened() as simulation:
        url = f"{HOME}feed.xml"
        await add_configured(configure(simulation, {"url": url, "name": "Harbour", "every": "15m", "language": "en"}))
        (source,) = sources(simulation).values()
        assert (source.name, source.home, source.every) == ("Harbour", url, timedelta(minutes=15))


async def test_a_source_that_is_watched_is_not_asked_for_again(world: World, opened: Simulated) -> None:
    async with opened() as simulation:
        app = configure(simulation, {"url": f"{HOME}feed.xml"})
        await add_configured(app)
        world.asked()
        await add_configured(app)
        assert world.asked() == []


@pytest.mark.parametrize("named", [{}, {"name": "Harbour"}], ids=["by its own name", "by a name of the settings"])
async def test_a_source_whose_address_redirects_is_known_again(
    world: World, opened: Simulated, named: dict[str, str]
) -> None:
    async with opened() as simulation:
        app = configure(simulation, {"url": OLD, **named})
        await add_configured(app)
        (source,) = sources(simulation).values()
        assert source.home == OLD
        world.asked()
        await add_configured(app)
        assert world.asked() == []
        assert not not_watched(app.settings, app.storage.sources())


async def test_what_a_redirecting_source_leads_to_still_counts_as_a_place_of_its(opened: Simulated) -> None:
    """A release that redirects to the feed or to the configured address is gone, not moved."""
    async with opened() as simulation:
        await add_configured(configure(simulation, {"url": OLD}))
        (row,) = simulation.app.storage.sources()
        (listing,) = simulation.app.storage.listings(row.id)
        assert (row.source.home, listing.url) == (OLD, f"{HOME}feed.xml")


async def test_a_source_that_was_added_by_hand_is_taken_over_by_the_settings(world: World, opened: Simulated) -> None:
    """Its home is where the configured address redirects to; asked once, it is known by the configured one."""
    async with opened() as simulation:
        by_hand = Plan(url=f"{HOME}press.xml")
        await store_plan(simulation.app, by_hand, await explore_home(simulation.app, by_hand))
        app = configure(simulation, {"url": OLD, "name": "Harbour", "every": "1h"})
        await add_configured(app)
        (source,) = sources(simulation).values()
        assert (source.name, source.home, source.every) == ("Harbour", OLD, timedelta(hours=1))
        world.asked()
        await add_configured(app)
        assert world.asked() == []


CHANGES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "the pause between looks": ({"every": "1h"}, {"every": timedelta(hours=1)}),
    "back to the pace": ({"every": None}, {"every": None}),
    "the routes": ({"routes": ["desk"]}, {"routes": ("desk",)}),
    "no routes at all": ({"routes": []}, {"routes": ()}),
    "the time zone": ({"time_zone": "Europe/Brussels"}, {"time_zone": "Europe/Brussels"}),
    "the language": ({"language": "fr"}, {"language": "fr"}),
    "the name": ({"name": "Port"}, {"name": "Port"}),
}


@pytest.mark.parametrize(("changed", "facts"), CHANGES.values(), ids=CHANGES.keys())
async def test_a_change_of_the_settings_is_applied_without_a_request_and_a_pause_stays(
    world: World, opened: Simulated, changed: dict[str, Any], facts: dict[str, Any]
) -> None:
    first = {"url": f"{HOME}feed.xml", "name": "Harbour", "every": "15m"}
    async with opened() as simulation:
        await add_configured(configure(simulation, first))
        simulation.app.storage.pause_source("Harbour")
        world.asked()
        await add_configured(configure(simulation, {**first, **changed}, channels={"desk": {"type": "console"}}))
        (source,) = sources(simulation).values()
        assert {name: getattr(source, name) for name in facts} == facts
        assert source.paused
        assert world.asked() == []


async def test_a_named_source_that_gets_another_address_is_followed_there(world: World, opened: Simulated) -> None:
    async with opened() as simulation:
        await add_configured(configure(simulation, {"url": f"{HOME}feed.xml", "name": "Harbour"}))
        app = configure(simulation, {"url": OLD, "name": "Harbour"})
        await add_configured(app)
        (source,) = sources(simulation).values()
        assert source.home == OLD
        world.asked()
        await add_configured(app)
        assert world.asked() == []


async def test_the_listings_of_an_address_that_is_configured_no_more_rest(world: World, opened: Simulated) -> None:
    async with opened() as simulation:
        await add_configured(configure(simulation, {"url": f"{HOME}feed.xml", "name": "Harbour"}))
        (row,) = simulation.app.storage.sources()
        old = Listing(url=f"{HOME}old.xml", kind=ListingKind.FEED)
        simulation.app.storage.add_listings(row.id, [old], now=simulation.clock.now)
        await add_configured(configure(simulation, {"url": OLD, "name": "Harbour"}))
        world.asked()
        await simulation.app.watch.round(everything=True)
        asked = world.asked()
        assert f"{HOME}feed.xml" in asked
        assert old.url not in asked


async def test_one_newsroom_under_two_spellings_of_its_address_is_refused(opened: Simulated) -> None:
    async with opened() as simulation:
        first = Plan(url=f"{HOME}feed.xml")
        await store_plan(simulation.app, first, await explore_home(simulation.app, first))
        plain = Plan(url=f"{HOME.replace('https', 'http')}feed.xml", name="Again")
        found = await explore_home(simulation.app, plain)
        with pytest.raises(NameTaken, match="is watched already, as 'Harbour'"):
            await store_plan(simulation.app, plain, found)


async def test_a_name_that_another_source_has_is_told_and_changes_nothing(opened: Simulated) -> None:
    async with opened() as simulation:
        await simulation.watch("https://other.example.int", name="Port")
        app = configure(simulation, {"url": f"{HOME}feed.xml", "name": "Harbour"})
        await add_configured(app)
        await add_configured(configure(simulation, {"url": f"{HOME}feed.xml", "name": "Port"}))
        assert {source.home for source in sources(simulation).values()} == {
            "https://other.example.int/",
            f"{HOME}feed.xml",
        }
        assert sources(simulation).keys() == {"Harbour", "Port"}


async def test_an_address_that_leads_nowhere_is_tried_again_ever_later(world: World, opened: Simulated) -> None:
    async with opened() as simulation:
        world.open = False
        configured = Configured(configure(simulation, {"url": f"{HOME}feed.xml"}))
        tries: list[datetime] = []
        while simulation.clock.now < START + timedelta(days=4):
            await configured.round()
            tries += [simulation.clock.now] if world.asked() else []
            simulation.clock.now += timedelta(minutes=10)
        gaps = [(later - earlier) // timedelta(minutes=10) for earlier, later in itertools.pairwise(tries)]
        assert gaps == [1, 2, 4, 8, 16, 32, 64, 128, 144, 144]
        world.open = True
        simulation.clock.now += timedelta(days=1)
        await configured.round()
        assert len(sources(simulation)) == 1


async def test_one_that_leads_nowhere_holds_up_no_other(world: World, opened: Simulated) -> None:
    async with opened() as simulation:
        app = configure(simulation, {"url": f"{HOME}nothing"}, {"url": f"{HOME}feed.xml", "name": "Harbour"})
        await add_configured(app)
        assert sources(simulation).keys() == {"Harbour"}
        (plan,) = not_watched(app.settings, app.storage.sources())
        assert plan.url == f"{HOME}nothing"
        assert "leads to no press releases" in await why_not_watched(app, plan)


async def test_why_a_source_is_not_watched_may_be_that_its_name_is_taken(opened: Simulated) -> None:
    async with opened() as simulation:
        await simulation.watch("https://other.example.int", name="Port")
        app = configure(simulation, {"url": f"{HOME}feed.xml"})
        plan = Plan(url=f"{HOME}feed.xml")
        assert "the next check" in await why_not_watched(app, plan)
        assert 'called "Port" is watched already' in await why_not_watched(app, replace(plan, name="Port"))


async def test_two_spellings_of_an_address_are_one_source(opened: Simulated) -> None:
    async with opened() as simulation:
        app = configure(
            simulation, {"url": f"{HOME}feed.xml", "name": "A"}, {"url": f"{HOME}feed.xml#top", "name": "B"}
        )
        await add_configured(app)
        await add_configured(app)
        assert sources(simulation).keys() == {"A"}


async def test_a_source_that_names_no_routes_is_told_by_those_of_the_settings_as_they_are_by_then(
    tmp_path: Path,
) -> None:
    """Channels come after the first source, in the README and in life."""
    newsroom, log = Newsroom(), tmp_path / "told.jsonl"
    newsroom.add("/2026/02/old", "Old release", START - timedelta(days=1))
    database = f"sqlite:///{tmp_path}/kept.db"
    async with simulated(newsroom.transport(), start=START, folder=tmp_path, database=database) as world:
        await world.watch(newsroom.base)
        await world.watch(newsroom.base.replace("harbour", "pier"), name="Pier", routes=("console",))
        await world.until(START + timedelta(hours=1))
        later = world.clock.now
    channels = {"log": {"type": "file", "path": str(log)}}
    more = {"channels": channels, "routes": ("log",), "database": database}
    async with simulated(newsroom.transport(), start=later, folder=tmp_path, **more) as world:
        newsroom.add("/2026/03/new", "New release", later)
        await world.until(later + timedelta(hours=6))
        assert {row.source.name: row.source.routes for row in world.app.storage.sources()} == {
            "Harbour": None, "Pier": ("console",)
        }  # fmt: skip
        assert log.read_text().count("release.new") == 1
