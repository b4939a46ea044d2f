"""Noise that somebody marked is told no more, an edit beside it is, and taking the mark back undoes what it taught."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from newsroom import utc
from simulation import Simulation, simulated
from sqlalchemy import text
from typer.testing import CliRunner

from presswatch.cli import app
from presswatch.desk import Desk
from scraper.model import Kind
from storage import ChangeRow, Marked, Selection

pytestmark = pytest.mark.long

START = utc(2026, 3, 2, 8, 0)
BASE = "https://harbour.example.int"
RELATED = [
    "Sailors find a chest of old maps in the hold of a wreck", "Choir sings below the lighthouse on every evening",
    "Bakers deliver bread by boat to the islands in winter", "Painter shows forty views of the same small bay",
    "Fishers repair their nets in the new market hall", "Children count the swans on the mill pond again",
]  # fmt: skip


class Office:
    """Two releases with one related story each, which is another one when a test says so."""

    def __init__(self) -> None:
        self.story = 0
        self.cost = 1856

    def transport(self) -> httpx.MockTransport:
        return httpx.MockTransport(self._answer)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        if path == "/feed.xml":
            items = "".join(f"<item><link>{BASE}/news/{n}</link><title>Pier {n}</title></item>" for n in (1, 2))
            feed = f"<rss version='2.0'><channel><title>Harbour</title>{items}</channel></rss>"
            return httpx.Response(200, text=feed, headers={"content-type": "application/rss+xml"})
        if path in ("/news/1", "/news/2"):
            return httpx.Response(200, html=self.page(int(path[-1])))
        return httpx.Response(404)

    def page(self, n: int) -> str:
        story = RELATED[self.story] if n == 1 else RELATED[0]
        cost = self.cost if n == 1 else 1000
        return (
            f"<html lang=en><body><article class=release><h1>The council approves pier number {n}</h1>"
            f"<p>Published: {n} February 2026</p>"
            f"<p>The harbour council met on Monday and approved the plan for pier {n} in its present form.</p>"
            f"<p>Work begins in spring and is expected to take about two years, the council said on the day.</p>"
            f"<div class=insert-slot><p>{story}</p></div>"
            f"<p>The cost of {cost} million will be shared between the port and the county, as agreed.</p>"
            f"<p>Ferries keep to their timetable throughout, and the market hall stays open on all days.</p>"
            f"</article></body></html>"
        )


class Desk1(Desk):
    """A desk beside a world."""

    def __init__(self, world: Simulation, office: Office) -> None:
        super().__init__(world.app.storage)
        self.world, self.office = world, office
        self.until = START

    async def wait(self) -> list[ChangeRow]:
        """What happened within the next three days."""
        seen = {row.id for row in self.world.app.storage.changes()}
        self.until += timedelta(days=3)
        await self.world.until(self.until)
        return [row for row in self.world.app.storage.changes() if row.id not in seen]

    async def another_story(self) -> ChangeRow:
        self.office.story += 1
        (change,) = await self.wait()
        assert change.kind is Kind.EDITED
        return change

    def told(self) -> list[int]:
        """The changes of which somebody was told."""
        with self.world.app.storage._database.transaction(writes=False) as connection:
            return list(connection.execute(text("SELECT change_id FROM outbox ORDER BY change_id")).scalars())

    def noise(self) -> list[int]:
        page = self._storage.stream(Selection(marked=Marked.NOISE), limit=50)
        return [row.change.id for row in page.rows]


async def test_noise_is_told_no_more_an_edit_is_and_unmarking_takes_it_back(tmp_path: Path) -> None:
    office = Office()
    async with simulated(office.transport(), start=START, folder=tmp_path, fetch={"delay_per_host": 0}) as world:
        await world.watch(BASE)
        desk = Desk1(world, office)
        assert await desk.wait() == []
        first = await desk.another_story()
        desk.mark(first.id, noise=True, now=desk.until)
        second = await desk.another_story()
        assert desk.told() == [first.id, second.id], "one mark does not make a place noise"
        desk.mark(second.id, noise=True, now=desk.until)

        third = await desk.another_story()
        assert desk.told() == [first.id, second.id]
        assert desk.noise() == [third.id, second.id, first.id]
        assert world.app.storage.marks([third.id])[third.id].taught_by == second.id
        revision = world.app.storage.revision(third.release_id, third.revision_to or 0)
        assert RELATED[3] in revision.release.text, "nothing of it is lost"

        office.story -= 1
        (back,) = await desk.wait()
        assert desk.told() == [first.id, second.id], "a passage that was marked is known again"
        assert back.id in desk.noise()

        office.cost, office.story = 1846, 4
        (edit,) = await desk.wait()
        assert desk.told() == [first.id, second.id, edit.id], "a figure beside it is told"

        desk.mark(second.id, noise=False, now=desk.until)
        assert desk.noise() == [first.id]
        office.story = 5
        (fourth,) = await desk.wait()
        assert desk.told()[-1] == fourth.id


async def test_explain_says_what_is_noise_and_why(tmp_path: Path) -> None:
    office = Office()
    async with simulated(office.transport(), start=START, folder=tmp_path, fetch={"delay_per_host": 0}) as world:
        await world.watch(BASE)
        desk = Desk1(world, office)
        await desk.wait()
        change = await desk.another_story()
        desk.mark(change.id, noise=True, now=desk.until)
    config = tmp_path / "presswatch.toml"
    config.write_text(f'database = "sqlite:///{tmp_path}/simulated.db"\n')
    shown = CliRunner().invoke(app, ["--config", str(config), "explain", f"{BASE}/news/1"])
    assert shown.exit_code == 0, shown.output
    assert f"noise, as change {change.id} teaches" in " ".join(shown.output.split())
    marked = CliRunner().invoke(app, ["--config", str(config), "mark", str(change.id), "--note", "Related stories."])
    assert marked.output.startswith(f"change {change.id}: noise\nIt teaches 2 passages to be noise wherever")
    assert "Related stories." in marked.output
