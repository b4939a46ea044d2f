"""What is wrong with a source is told once when it begins and once when it ends; the same edit on many pages once."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from mail_server import MailServer
from newsroom import Newsroom, utc
from simulation import Simulation, simulated

from presswatch.sources import Configured

pytestmark = pytest.mark.long

START = utc(2026, 3, 2, 8, 0)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
FAST = {"fetch": {"delay_per_host": 0}}


def harbour(pages: int = 5, **fields: Any) -> Newsroom:
    newsroom = Newsroom(**fields)
    for n in range(pages):
        newsroom.add(f"/2026/02/r-{n}", f"Release number {n}", START - (n + 1) * DAY)
    return newsroom


def well_published(newsroom: Newsroom, days: int) -> None:
    """Something new each day, so that nobody takes the newsroom for silent."""
    for n in range(days):
        newsroom.add(f"/2026/03/d-{n}", f"Release of day {n}", START + n * DAY)


def told(world: Simulation) -> list[str]:
    """The console's lines about health, without their times."""
    return [words for line in lines(world) if "Harbour: " in (words := line[22:]) and "<http" not in words]


def lines(world: Simulation) -> list[str]:
    return world.console.getvalue().splitlines()


def kinds(world: Simulation) -> list[tuple[str, bool]]:
    """Kind of each trouble, and whether it is over, the first begun first."""
    return [(row.kind.value, row.ended_at is not None) for row in reversed(world.app.storage.health())]


# --- three states -----------------------------------------------------------------------------------------------------


def dead(_path: str) -> tuple[int, dict[str, str], bytes]:
    return 503, {"content-type": "text/html"}, b"<h1>Service unavailable</h1>"


def walled(path: str) -> tuple[int, dict[str, str], bytes]:
    if path == "/robots.txt":
        return 404, {}, b""
    return 403, {"content-type": "text/html"}, b"<title>Just a moment...</title><h1>Checking your browser</h1>"


def without_feed(newsroom: Newsroom) -> Any:
    whole = newsroom._answer
    return lambda path: (404, {}, b"none") if path == "/feed.xml" else whole(path)


def emptied(newsroom: Newsroom) -> Any:
    whole = newsroom._answer
    feed = b'<?xml version="1.0"?><rss version="2.0"><channel><title>Harbour</title></channel></rss>'
    return lambda path: (200, {"content-type": "application/rss+xml"}, feed) if path == "/feed.xml" else whole(path)


@pytest.mark.parametrize(
    ("kind", "ill"),
    [
        ("failing", lambda _: dead),
        ("unreadable", lambda _: walled),
        ("gone", without_feed),
        ("empty", emptied),
    ],
)
async def test_a_source_that_ails_for_two_days_is_told_once_at_its_begin_and_once_at_its_end(
    tmp_path: Path, kind: str, ill: Any
) -> None:
    newsroom = harbour()
    async with simulated(newsroom.transport(), start=START, folder=tmp_path, **FAST) as world:
        await world.watch(newsroom.base)
        await world.until(START + DAY)
        well = newsroom._answer
        newsroom._answer = ill(newsroom)  # type: ignore[method-assign]
        await world.until(START + 3 * DAY)
        assert kinds(world) == [(kind, False)]
        newsroom._answer = well  # type: ignore[method-assign]
        await world.until(START + 5 * DAY)
        assert kinds(world) == [(kind, True)]
        begun, ended = told(world)
        assert begun.startswith(kind)
        assert "1 of 1 listing" in begun
        assert ended.startswith(f"well again: no longer {kind}")
        assert world.kinds() == []


async def test_a_short_outage_is_not_told(tmp_path: Path) -> None:
    newsroom = harbour()
    async with simulated(newsroom.transport(), start=START, folder=tmp_path, **FAST) as world:
        await world.watch(newsroom.base)
        await world.until(START + DAY)
        well = newsroom._answer
        for _ in range(6):
            newsroom._answer = dead  # type: ignore[method-assign]
            await world.until(world.clock.now + timedelta(minutes=30))
            newsroom._answer = well  # type: ignore[method-assign]
            await world.until(world.clock.now + 6 * HOUR)
        assert kinds(world) == []


async def test_a_third_of_the_releases_that_fail_are_one_message(tmp_path: Path) -> None:
    newsroom = harbour(30)
    well_published(newsroom, days=12)
    async with simulated(newsroom.transport(), start=START, folder=tmp_path, **FAST) as world:
        await world.watch(newsroom.base)
        await world.until(START + DAY)
        for n in range(10):
            newsroom.pages[f"/2026/02/r-{n}"].status = 500
        await world.until(START + 4 * DAY)
        assert kinds(world) == [("failing", False)]
        (begun,) = told(world)
        assert "of 42 releases" in begun
        for n in range(10):
            newsroom.pages[f"/2026/02/r-{n}"].status = 200
        await world.until(START + 12 * DAY)
        assert kinds(world) == [("failing", True)]
        assert len(told(world)) == 2


async def test_who_is_told_of_health_is_a_setting(tmp_path: Path) -> None:
    newsroom = harbour()
    channels = {"desk": {"type": "console"}}
    async with simulated(
        newsroom.transport(), start=START, folder=tmp_path, channels=channels, health={"routes": []}, **FAST
    ) as world:
        await world.watch(newsroom.base)
        await world.until(START + DAY)
        newsroom._answer = dead  # type: ignore[method-assign]
        await world.until(START + 2 * DAY)
        assert kinds(world) == [("failing", False)]
        assert lines(world) == []


# --- listings that can't be believed ----------------------------------------------------------------------------------


async def test_addresses_that_change_on_each_look_are_one_event_and_no_news(tmp_path: Path) -> None:
    newsroom = harbour(20)
    whole, looks = newsroom.feed, iter(range(10_000))

    def churned() -> str:
        look = next(looks)
        return whole().replace("/2026/02/", f"/2026/{look}/")

    answer = newsroom._answer

    def anywhere(path: str) -> tuple[int, dict[str, str], bytes]:
        return answer("/2026/02/" + path.rpartition("/")[2] if path.startswith("/2026/") else path)

    newsroom._answer = anywhere  # type: ignore[method-assign]
    async with simulated(newsroom.transport(), start=START, folder=tmp_path, **FAST) as world:
        await world.watch(newsroom.base)
        await world.until(START + HOUR)
        newsroom.feed = churned  # type: ignore[method-assign]
        await world.until(START + 5 * DAY)
        assert kinds(world) == [("churn", False)]
        assert len(told(world)) == 1
        assert world.kinds() == []


async def test_many_items_of_one_address_are_one_event_and_no_news(tmp_path: Path) -> None:
    """As in a feed whose ids are others on each look while all its links lead to one page."""
    newsroom = harbour(1)
    looks = iter(range(10_000))

    def feed() -> str:
        look = next(looks)
        items = "".join(
            f"<item><title>v{n}</title><guid isPermaLink='false'>{look}-{n}</guid>"
            f"<link>{newsroom.base}/2026/02/r-0#{n}</link></item>"
            for n in range(40)
        )
        return f'<?xml version="1.0"?><rss version="2.0"><channel><title>Harbour</title>{items}</channel></rss>'

    newsroom.feed = feed  # type: ignore[method-assign]
    async with simulated(newsroom.transport(), start=START, folder=tmp_path, **FAST) as world:
        await world.watch(newsroom.base)
        await world.until(START + 5 * DAY)
        assert kinds(world) == [("duplicates", False)]
        assert len(told(world)) == 1
        assert world.kinds() == []


async def test_a_newsroom_that_falls_silent_is_told(tmp_path: Path) -> None:
    newsroom = harbour(30)
    async with simulated(newsroom.transport(), start=START, folder=tmp_path, **FAST) as world:
        await world.watch(newsroom.base)
        await world.until(START + 2 * DAY)
        assert kinds(world) == []
        await world.until(START + 8 * DAY)
        assert kinds(world) == [("silent", False)]
        newsroom.add("/2026/03/r-1", "Release at last", world.clock.now)
        await world.until(world.clock.now + 2 * DAY)
        assert kinds(world) == [("silent", True)]
        assert len(told(world)) == 2


async def test_a_configured_source_that_leads_nowhere_is_told_once(tmp_path: Path) -> None:
    newsroom = harbour()
    source = {"url": f"{newsroom.base}/nowhere", "name": "Harbour"}
    async with simulated(newsroom.transport(), start=START, folder=tmp_path, sources=[source], **FAST) as world:
        for _ in range(3):
            new = await Configured(world.app).round()
            await world.round()
        assert new == {}
        assert kinds(world) == [("unwatched", False)]
        (line,) = lines(world)
        assert f"{newsroom.base}/nowhere" in line


# --- batches ----------------------------------------------------------------------------------------------------------


class Amendable(Newsroom):
    """A newsroom whose texts are written anew."""

    amend: Any = staticmethod(lambda _path, markup: markup)

    def _answer(self, path: str) -> tuple[int, dict[str, str], bytes]:
        status, headers, body = super()._answer(path)
        return status, headers, self.amend(path, body.decode()).encode() if path in self.pages else body


async def test_the_same_sentence_on_forty_releases_is_an_edit_and_a_batch(tmp_path: Path) -> None:
    newsroom = Amendable(validators=False)
    for n in range(40):
        newsroom.add(f"/2026/02/r-{n}", f"Release number {n}", START - (n + 1) * HOUR)
    pace = {"fastest": "1h", "slowest": "6h"}
    async with simulated(newsroom.transport(), start=START, folder=tmp_path, pace=pace, **FAST) as world:
        await world.watch(newsroom.base)
        await world.until(START + DAY)
        note = "<p>Enquiries from the press are answered by the new office in Pier Street.</p></article>"
        newsroom.amend = lambda _, markup: markup.replace("</article>", note)
        await world.until(START + 3 * DAY)
        edits = [row for row in world.app.storage.changes() if row.kind.value == "silently-edited"]
        assert len({row.release_id for row in edits}) == 40
        (batch,) = {row.batch_id for row in edits}
        assert batch is not None
        shown = lines(world)
        assert sum("<http" in line for line in shown) == 1
        assert "the same edit on 40 releases" in shown[-1]
        assert len(shown) <= 3, "the edit, and the batch once a day while it grows"


async def test_a_renamed_minister_is_told_by_one_edit_and_one_batch(tmp_path: Path) -> None:
    newsroom = Amendable(validators=False)
    for n in range(12):
        newsroom.add(f"/2026/02/r-{n}", f"Release number {n}", START - (n + 1) * HOUR)
    name = {"now": "Anna Lindqvist"}

    def amend(path: str, markup: str) -> str:
        number = path.rpartition("-")[2]
        return markup.replace("</article>", f"<p>In case {number} minister {name['now']} decides alone.</p></article>")

    newsroom.amend = amend
    async with simulated(newsroom.transport(), start=START, folder=tmp_path, **FAST) as world:
        await world.watch(newsroom.base)
        await world.until(START + 2 * DAY)
        name["now"] = "Henrik Sandberg"
        await world.until(START + 4 * DAY)
        assert len(world.app.storage.changes()) == 12
        shown = lines(world)
        assert sum("<http" in line for line in shown) == 1
        assert "the same edit on 12 releases" in shown[-1]


async def test_a_batch_outlives_the_process_that_found_it(tmp_path: Path) -> None:
    """The looks are recorded, then the process is gone; the next one tells the edit and the batch, each once."""
    newsroom = Amendable(validators=False)
    for n in range(5):
        newsroom.add(f"/2026/02/r-{n}", f"Release number {n}", START - (n + 1) * HOUR)
    async with simulated(newsroom.transport(), start=START, folder=tmp_path, **FAST) as world:
        await world.watch(newsroom.base)
        await world.until(START + 2 * DAY)
        note = "<p>Enquiries from the press are answered by the new office in Pier Street.</p></article>"
        newsroom.amend = lambda _, markup: markup.replace("</article>", note)
        await world.app.watch.round(everything=True)
        assert world.app.storage.changes() == [], "a passage that came is looked at twice"
        world.clock.now += timedelta(minutes=11)
        await world.app.watch.round()
        assert len(world.app.storage.changes()) == 5
        assert lines(world) == []
        ended = world.clock.now
    async with simulated(newsroom.transport(), start=ended, folder=tmp_path, **FAST) as world:
        await world.until(ended + 3 * HOUR)
        edit, batch = lines(world)
        assert "<http" in edit
        assert "the same edit on 5 releases" in batch


async def test_mail_and_file_are_told_of_batches_and_of_troubles_too(tmp_path: Path) -> None:
    newsroom = Amendable(validators=False)
    for n in range(5):
        newsroom.add(f"/2026/02/r-{n}", f"Release number {n}", START - (n + 1) * HOUR)
    async with MailServer().served() as server:
        channels = {
            "editors": {
                "type": "mail", "host": "127.0.0.1", "port": server.port, "security": "plain",
                "sender": "watch@example.org", "to": ["editors@example.org"],
            },
            "log": {"type": "file", "path": str(tmp_path / "out.jsonl")},
        }  # fmt: skip
        settings = {"channels": channels, "health": {"routes": ["editors", "log"]}, **FAST}
        async with simulated(newsroom.transport(), start=START, folder=tmp_path, **settings) as world:
            await world.watch(newsroom.base, routes=("editors", "log"))
            await world.until(START + DAY)
            note = "<p>Enquiries from the press are answered by the new office in Pier Street.</p></article>"
            newsroom.amend = lambda _, markup: markup.replace("</article>", note)
            await world.until(START + 3 * DAY)
            well, newsroom._answer = newsroom._answer, dead  # type: ignore[method-assign]
            await world.until(START + 5 * DAY)
            newsroom._answer = well  # type: ignore[method-assign]
            await world.until(START + 7 * DAY)
    events = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    told = [(each["type"], each["data"].get("phase")) for each in events]
    assert list(dict.fromkeys(told)) == [
        ("release.silently-edited", None), ("batch.silently-edited", None),
        ("source.health", "began"), ("source.health", "ended"),
    ]  # fmt: skip
    edit, *batches, began, ended = server.mails
    assert len(server.mails) == len(events)
    assert batches[-1]["Subject"] == "Silently edited: The same edit on 5 releases (Harbour)"
    assert "Pier Street" in " ".join(batches[-1].get_body(("plain",)).get_content().split())
    assert began["References"] == ended["References"]
    assert len({mail["References"] for mail in batches}) == 1, "a batch that has grown stays in its thread"
    assert len({mail["References"] for mail in (edit, batches[0], began)}) == 3


async def test_a_trouble_outlives_the_process_that_found_it(tmp_path: Path) -> None:
    newsroom = harbour()
    async with simulated(newsroom.transport(), start=START, folder=tmp_path, **FAST) as world:
        await world.watch(newsroom.base)
        await world.until(START + DAY)
        newsroom._answer = dead  # type: ignore[method-assign]
        while not kinds(world):
            await world.app.watch.round(everything=True)
            world.clock.now += timedelta(minutes=20)
        ended = world.clock.now
        assert lines(world) == []
    async with simulated(newsroom.transport(), start=ended, folder=tmp_path, **FAST) as world:
        await world.until(ended + 6 * HOUR)
        assert [line.split()[2] for line in lines(world)] == ["failing"]
