"""Rules with the real loop: a digest over a quiet night, a kill before it is sent, a limit, a link that mutes."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from contextlib import nullcontext
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from mail_server import MailServer
from newsroom import Newsroom, utc
from simulation import Simulation, simulated

from config import ConfigError, Settings
from presswatch.routing import check_rules
from presswatch.web import create_app
from scraper.model import Source

START = utc(2026, 3, 27, 8, 0)
DAY = timedelta(days=1)
SHIFT = utc(2026, 3, 29, 1, 0)
"""The clocks of Brussels go forward."""
MORNING = {
    "name": "mornings", "routes": ["editors"], "digest": "hourly", "quiet": "22:00-07:00", "urgent": 0.95,
    "time_zone": "Europe/Brussels",
}  # fmt: skip


def mail(server: MailServer) -> dict[str, Any]:
    return {
        "type": "mail", "host": "127.0.0.1", "port": server.port, "security": "plain", "sender": "watch@example.org",
        "to": ["editors@example.org"],
    }  # fmt: skip


def newsroom(releases: int) -> Newsroom:
    made = Newsroom()
    for n in range(releases):
        made.add(f"/2026/03/r-{n}", f"Release {n}", START - timedelta(hours=n + 1))
    return made


async def look(world: Simulation, at: datetime) -> None:
    """Look at everything at this time, and send what is due."""
    world.clock.now = max(at, world.clock.now)
    await world.app.watch.round(everything=True)
    await world.app.deliverer.round()


async def test_a_night_with_another_clock_in_the_morning_is_told_by_one_mail_when_the_quiet_hours_end(
    tmp_path: Path,
) -> None:
    harbour = newsroom(3)
    async with MailServer().served() as server:
        settings = {"channels": {"editors": mail(server)}, "rules": [MORNING], "web": {"url": "https://watch.example"}}
        async with simulated(harbour.transport(), start=START, folder=tmp_path, **settings) as world:
            await world.watch(harbour.base)
            await look(world, START)
            for n in range(3):
                harbour.pages[f"/2026/03/r-{n}"].version += 1
                await look(world, SHIFT + timedelta(hours=n - 2))
            await look(world, utc(2026, 3, 29, 4, 59))
            assert not server.mails
            await look(world, utc(2026, 3, 29, 5, 0))  # 07:00 in Brussels, by its summer time
            changes = world.app.storage.changes()
    (told,) = server.mails
    assert len(changes) == 3
    assert told["Subject"] == "Digest: 3 changes (hourly, not from 22:00 to 07:00, Europe/Brussels)"
    text = told.get_body(("plain",)).get_content()
    assert all(f"Release {n}" in text for n in range(3))
    assert f"https://watch.example/releases/{changes[0].release_id}/diff?from=1&to=2" in text


async def test_a_digest_that_was_claimed_when_the_process_was_killed_is_sent_as_it_was_under_its_key(
    tmp_path: Path,
) -> None:
    harbour, out = newsroom(2), tmp_path / "out.jsonl"
    settings: dict[str, Any] = {
        "channels": {"log": {"type": "file", "path": str(out)}}, "rules": [{"routes": ["log"], "digest": "daily"}],
    }  # fmt: skip
    eight = utc(2026, 3, 28, 8, 0)
    async with simulated(harbour.transport(), start=START, folder=tmp_path, **settings) as world:
        await world.watch(harbour.base)
        await look(world, START)
        harbour.pages["/2026/03/r-0"].version += 1
        await look(world, START + timedelta(hours=2))
        # The daemon claims the digest at its hour, and is killed before it is sent.
        lease = timedelta(minutes=3)
        (claimed,) = world.app.storage.claim_deliveries(now=eight, owner="killed", lease=lease)
    assert not out.exists()
    async with simulated(harbour.transport(), start=eight, folder=tmp_path, **settings) as world:
        harbour.pages["/2026/03/r-1"].version += 1
        await look(world, eight + timedelta(minutes=1))
        assert not out.exists()
        await look(world, eight + lease)
        await look(world, eight + DAY)
    first, second = map(json.loads, out.read_text().splitlines())
    assert (first["id"], first["data"]["size"]) == (claimed.key, 1)
    assert [url(each) for each in first["data"]["changes"]] == ["/2026/03/r-0"]
    assert [url(each) for each in second["data"]["changes"]] == ["/2026/03/r-1"]


def url(change: dict[str, str]) -> str:
    return httpx.URL(change["url"]).path


async def test_a_run_away_newsroom_sends_its_first_messages_and_one_summary_and_is_kept_whole(tmp_path: Path) -> None:
    harbour, out = newsroom(12), tmp_path / "out.jsonl"
    settings: dict[str, Any] = {
        "channels": {"log": {"type": "file", "path": str(out)}}, "delivery": {"most_per_hour": 3},
    }  # fmt: skip
    async with simulated(harbour.transport(), start=START, folder=tmp_path, **settings) as world:
        await world.watch(harbour.base, routes=("log",))
        await look(world, START)
        for n, page in enumerate(harbour.pages.values()):
            page.version += n + 1  # each says another figure, so that they are no batch
        await look(world, START + DAY)
        await look(world, START + DAY + timedelta(hours=2))
        harbour.pages["/2026/03/r-0"].version += 1
        await look(world, START + 2 * DAY)
        assert len(world.app.storage.changes()) == 13
    lines = [json.loads(line) for line in out.read_text().splitlines()]
    assert [line["type"] for line in lines] == [
        *["release.silently-edited"] * 3, "digest.summary", "release.silently-edited",
    ]  # fmt: skip
    assert (lines[3]["data"]["source"], lines[3]["data"]["size"]) == ("Harbour", 9)


async def test_the_link_in_a_mail_mutes_its_release(tmp_path: Path) -> None:
    harbour = newsroom(2)
    async with MailServer().served() as server:
        settings = {"channels": {"editors": mail(server)}, "web": {"url": "https://watch.example"}}
        async with simulated(harbour.transport(), start=START, folder=tmp_path, **settings) as world:
            await world.watch(harbour.base, routes=("editors",))
            await look(world, START)
            harbour.pages["/2026/03/r-0"].version += 1
            await look(world, START + DAY)
            text = server.mails[0].get_body(("plain",)).get_content()
            found = re.search(r"told no more of this: https://watch\.example(/mute/\S+)", text)
            assert found
            await _post(world.app, found[1])
            for page in harbour.pages.values():
                page.version += 1
            await look(world, START + 3 * DAY)
            assert len(world.app.storage.changes()) == 3
    assert [each["Subject"].partition(": ")[2] for each in server.mails] == [
        "Release 0 (Harbour)",
        "Release 1 (Harbour)",
    ]


async def _post(app: Any, path: str) -> None:
    site = create_app(app.storage, now=app.clock, mutes=app.storage, mute_secret=app.mute_secret)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(site), base_url="https://watch.example") as client:
        assert (await client.post(f"{path}?what=release&for=good")).status_code == 200


@pytest.mark.parametrize(
    ("names", "sources", "refused"),
    [
        (["Harbor"], [], True),
        (["harbour", "Har*", "Zoo*"], [], False),
        (["Zoo"], [{"url": "https://zoo.example", "name": "Zoo"}], False),
        (["Zoo"], [{"url": "https://zoo.example"}, {"url": "https://zoo2.example"}], False),
    ],
)
async def test_a_rule_about_a_source_that_there_is_none_of_is_refused(
    tmp_path: Path, names: Sequence[str], sources: Sequence[dict[str, str]], refused: bool
) -> None:
    async with simulated(newsroom(1).transport(), start=START, folder=tmp_path) as world:
        world.app.storage.add_source(Source(name="Harbour", home="https://a.example"), listings=[], now=START)
        settings = Settings(rules=[{"sources": names, "drop": True}], sources=sources)
        with pytest.raises(ConfigError, match='did you mean "Harbour"') if refused else nullcontext():
            check_rules(settings, world.app.storage)
