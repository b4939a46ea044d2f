"""Notifications arrive at least once, in order, signed; a channel that is broken holds up no other and is shown."""

from __future__ import annotations

import asyncio
import io
import json
import time
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from mail_server import MailServer
from newsroom import Newsroom, Receiver, utc
from simulation import Simulation, simulated
from standardwebhooks.webhooks import Webhook

from config import Settings
from presswatch import deliver, notify
from presswatch.app import open_app
from presswatch.deliver import Deliverer
from presswatch.notify import Channel, Console, Message, NotSent, Sent
from storage import DatabaseBusy, Delivery

START = utc(2026, 3, 2, 8, 0)
DAY = timedelta(days=1)
SECRET = "whsec_c3ludGhldGljIHNlY3JldCBvZiB0aGUgdGVzdHM="


class Desk(httpx.AsyncBaseTransport):
    """The newsroom, and beside it a webhook's receiver, in place of the network."""

    def __init__(self, newsroom: Newsroom) -> None:
        self.newsroom = newsroom.transport()
        self.status = 200
        self.headers: dict[str, str] = {}
        self.got: list[httpx.Request] = []
        self.tried = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.method == "GET":
            return await self.newsroom.handle_async_request(request)
        await request.aread()
        self.tried += 1
        if self.status < 300:
            self.got.append(request)
        return httpx.Response(self.status, headers=self.headers)

    @property
    def kinds(self) -> list[tuple[str, str]]:
        data = [json.loads(request.content)["data"] for request in self.got]
        return [(change["kind"], httpx.URL(change["url"]).path) for change in data]


def room(newsroom: Newsroom, desk: Desk, folder: Path) -> AbstractAsyncContextManager[Simulation]:
    newsroom.add("/2026/02/a", "Release A", START - DAY)
    newsroom.add("/2026/02/b", "Release B", START - 2 * DAY)
    channels = {"desk": {"type": "webhook", "url": "https://hooks.example.org/desk", "secret": SECRET}}
    return simulated(desk, start=START, folder=folder, channels=channels)


async def test_a_webhook_is_signed_so_that_the_reference_library_takes_it(tmp_path: Path) -> None:
    newsroom = Newsroom()
    desk = Desk(newsroom)
    async with room(newsroom, desk, tmp_path) as world:
        await world.watch(newsroom.base, routes=("desk",))
        await world.until(START + DAY)
        newsroom.pages["/2026/02/a"].version += 1
        await world.until(START + 3 * DAY)
    (request,) = desk.got
    message = json.loads(request.content)
    assert message["type"] == "release.silently-edited"
    assert message["data"]["diff"]["runs"][0] == {"removed": "1000 million", "added": "1007 million"}
    sent_at = datetime.fromtimestamp(int(request.headers["webhook-timestamp"]), UTC)
    signed = Webhook(SECRET).sign(request.headers["webhook-id"], sent_at, request.content.decode())
    assert request.headers["webhook-signature"] == signed


async def test_mail_file_and_webhook_are_told_the_same_with_links_to_the_pages(tmp_path: Path) -> None:
    newsroom = Newsroom()
    desk = Desk(newsroom)
    newsroom.add("/2026/02/a", "Release A", START - DAY)
    async with MailServer().served() as server:
        channels = {
            "desk": {
                "type": "webhook", "url": "https://hooks.example.org/desk", "secret": SECRET, "format": "cloudevents",
            },
            "editors": {
                "type": "mail", "host": "127.0.0.1", "port": server.port, "security": "plain",
                "sender": "watch@example.org", "to": ["editors@example.org"],
            },
            "log": {"type": "file", "path": str(tmp_path / "out.jsonl")},
        }  # fmt: skip
        web = {"url": "https://watch.example.org/"}
        async with simulated(desk, start=START, folder=tmp_path, channels=channels, web=web) as world:
            await world.watch(newsroom.base, routes=("desk", "editors", "log"))
            await world.until(START + DAY)
            newsroom.pages["/2026/02/a"].version += 1
            await world.until(START + 3 * DAY)
            (change,) = world.app.storage.changes()
            assert world.app.storage.outbox_counts() == {"pending": 0, "delivered": 3, "dead": 0}
    link = f"https://watch.example.org/releases/{change.release_id}/diff?from=1&to=2"
    (mail,), (request,) = server.mails, desk.got
    line, event = json.loads((tmp_path / "out.jsonl").read_text()), json.loads(request.content)
    assert line["data"] == event["data"]
    assert (line["data"]["link"], line["type"], event["source"]) == (link, "release.silently-edited", web["url"])
    assert link in mail.get_body(("plain",)).get_content()
    assert line["id"].removesuffix(".log") == event["id"].removesuffix(".desk")
    assert mail["Message-ID"] == f"<{event['id'].removesuffix('.desk')}.editors@example.org>"


async def test_a_mail_server_that_greylists_gets_each_mail_once_and_in_order(tmp_path: Path) -> None:
    newsroom, asked = Newsroom(), Counter[str]()

    def greylist(who: str) -> str | None:
        asked[who] += 1
        return "450 4.2.0 come again" if asked[who] < 3 else None

    newsroom.add("/2026/02/a", "Release A", START - DAY)
    async with MailServer(to_recipient=greylist).served() as server:
        mail = {
            "type": "mail", "host": "127.0.0.1", "port": server.port, "security": "plain",
            "sender": "watch@example.org", "to": ["a@example.org"],
        }  # fmt: skip
        async with simulated(newsroom.transport(), start=START, folder=tmp_path, channels={"mail": mail}) as world:
            await world.watch(newsroom.base, routes=("mail",))
            await world.until(START + DAY)
            newsroom.pages["/2026/02/a"].version += 1
            await world.until(START + 3 * DAY)
            newsroom.pages["/2026/02/a"].version += 1
            newsroom.pages["/2026/02/a"].stamp = world.clock.now
            await world.until(START + 5 * DAY)
    subjects = [each["Subject"].partition(":")[0] for each in server.mails]
    assert subjects == ["Silently edited", "Edited"]
    assert len({each["References"] for each in server.mails}) == 1
    assert len({each["Message-ID"] for each in server.mails}) == 2


async def test_a_webhook_that_is_down_for_three_days_gets_everything_afterwards_in_order(tmp_path: Path) -> None:
    newsroom = Newsroom()
    desk = Desk(newsroom)
    async with room(newsroom, desk, tmp_path) as world:
        await world.watch(newsroom.base, routes=("console", "desk"))
        await world.until(START + DAY)
        desk.status = 503
        newsroom.pages["/2026/02/a"].version += 1
        await world.until(START + 2 * DAY)
        newsroom.pages["/2026/02/a"].version += 1
        newsroom.pages["/2026/02/a"].stamp = world.clock.now
        newsroom.pages["/2026/02/b"].version += 1
        await world.until(START + 4 * DAY)
        told = world.console.getvalue()
        assert told.count("silently edited") == 2, "the other channel is told on time"
        assert desk.got == []
        assert desk.tried < 60
        desk.status = 200
        await world.until(START + 6 * DAY)
        assert [kind for kind, path in desk.kinds if path.endswith("/a")] == ["silently-edited", "edited"]
        assert len(desk.kinds) == 3
        assert len({request.headers["webhook-id"] for request in desk.got}) == 3


async def test_what_is_given_up_is_shown_and_sent_again_on_demand_under_its_key(tmp_path: Path) -> None:
    newsroom = Newsroom()
    desk = Desk(newsroom)
    async with room(newsroom, desk, tmp_path) as world:
        await world.watch(newsroom.base, routes=("desk",))
        await world.until(START + DAY)
        desk.status = 500
        newsroom.pages["/2026/02/a"].version += 1
        await world.until(START + 9 * DAY)
        storage = world.app.storage
        (letter,) = storage.dead_letters()
        assert letter.attempts == 10
        assert "500" in (letter.last_error or "")
        assert storage.status(world.clock.now).outbox["dead"] == 1
        desk.status = 200
        assert storage.resend([letter.id], now=world.clock.now) == 1
        await world.round()
        assert desk.got[0].headers["webhook-id"] == letter.key


async def test_a_receiver_that_is_gone_for_good_is_given_up_at_once(tmp_path: Path) -> None:
    newsroom = Newsroom()
    desk = Desk(newsroom)
    async with room(newsroom, desk, tmp_path) as world:
        await world.watch(newsroom.base, routes=("desk",))
        await world.until(START + DAY)
        desk.status = 410
        newsroom.pages["/2026/02/a"].version += 1
        await world.until(START + 3 * DAY)
        assert desk.tried == 1
        assert len(world.app.storage.dead_letters()) == 1


async def test_a_receiver_that_asks_for_time_gets_it(tmp_path: Path) -> None:
    newsroom = Newsroom()
    desk = Desk(newsroom)
    async with room(newsroom, desk, tmp_path) as world:
        await world.watch(newsroom.base, routes=("desk",))
        await world.until(START + DAY)
        desk.status, desk.headers = 429, {"retry-after": "36000"}
        newsroom.pages["/2026/02/a"].version += 1
        await world.until(START + 3 * DAY)
        assert 3 <= desk.tried <= 6


async def test_a_channel_that_the_settings_no_longer_have_fails_with_a_word_and_is_kept(tmp_path: Path) -> None:
    newsroom = Newsroom()
    desk = Desk(newsroom)
    async with room(newsroom, desk, tmp_path) as world:
        await world.watch(newsroom.base, routes=("console", "fax"))
        await world.until(START + DAY)
        newsroom.pages["/2026/02/a"].version += 1
        await world.until(START + 2 * DAY)
        assert "silently edited" in world.console.getvalue()
        assert world.app.storage.status(world.clock.now).outbox["pending"] == 1


# --- channels side by side --------------------------------------------------------------------------------------------


class Hanging:
    """A channel that answers when it is let, and says what it was sent."""

    def __init__(self) -> None:
        self.go = asyncio.Event()
        self.keys: list[str] = []

    async def send(self, message: Message) -> Sent | NotSent:
        self.keys.append(message.key)
        await self.go.wait()
        return Sent()


class Counting:
    """Takes everything, and writes down the keys."""

    def __init__(self) -> None:
        self.keys: list[str] = []

    async def send(self, message: Message) -> Sent | NotSent:
        self.keys.append(message.key)
        return Sent()


class Slow:
    """A channel that takes its time on the simulation's clock."""

    def __init__(self, world: Simulation, seconds: float, result: Sent | NotSent) -> None:
        self.world, self.seconds, self.result = world, seconds, result
        self.keys: list[str] = []

    async def send(self, message: Message) -> Sent | NotSent:
        self.keys.append(message.key)
        self.world.clock.now += timedelta(seconds=self.seconds)
        await asyncio.sleep(0.02)
        return self.result


class Meeting(Slow):
    """One of several that send nothing before each of them has something to send."""

    def __init__(self, world: Simulation, seconds: float, others: asyncio.Barrier, keys: list[str]) -> None:
        super().__init__(world, seconds, Sent())
        self.others, self.keys = others, keys
        self.met = False

    async def send(self, message: Message) -> Sent | NotSent:
        if not self.met:
            self.met = True
            async with asyncio.timeout(60):
                await self.others.wait()
        return await super().send(message)


async def told(world: Simulation, newsroom: Newsroom, count: int, *, routes: tuple[str, ...]) -> None:
    """So many new releases, decided and not yet sent."""
    newsroom.add("/2026/02/a", "Release A", START - DAY)
    await world.watch(newsroom.base, routes=routes)
    await world.round()
    for number in range(count):
        newsroom.add(f"/2026/03/n-{number}", f"Brand new number {number}", world.clock.now)
    world.clock.now += 5 * timedelta(hours=1)
    await world.app.watch.round()
    assert world.app.storage.outbox_counts()["pending"] == count * len(routes)


def deliverer(world: Simulation, owner: str, **channels: Channel) -> Deliverer:
    """Another process's."""
    return Deliverer(
        storage=world.app.storage, channels=channels, clock=world.clock, jitter=lambda: 0.5, owner=owner,
        run=world.app.run,
    )  # fmt: skip


async def until(claim: object, within: float = 60) -> None:
    deadline = time.monotonic() + within
    while not claim():  # type: ignore[operator]
        assert time.monotonic() < deadline
        await asyncio.sleep(0.01)


async def test_a_hanging_receiver_holds_up_no_other_channel_and_is_not_served_twice(tmp_path: Path) -> None:
    newsroom = Newsroom()
    async with simulated(newsroom.transport(), start=START, folder=tmp_path) as world:
        await told(world, newsroom, 25, routes=("console", "hook"))
        console, hook = io.StringIO(), Hanging()
        both = deliverer(world, "a", console=Console(console), hook=hook)
        await both.tick()
        await until(lambda: console.getvalue().count("\n") == 25)
        newsroom.add("/2026/03/later", "One more", world.clock.now)
        world.clock.now += timedelta(hours=1)
        await world.app.watch.round()
        # It reads like the others: that it is none of them is confirmed by another look.
        world.clock.now += timedelta(minutes=11)
        await world.app.watch.round()
        await both.tick()
        await until(lambda: console.getvalue().count("\n") == 26)
        assert len(hook.keys) == 1, "one at a time"
        hook.go.set()
        await both.round()
        assert len(hook.keys) == len(set(hook.keys)) == 26
        assert world.app.storage.outbox_counts()["pending"] == 0


async def test_what_was_sent_is_marked_and_what_was_not_is_free_when_the_process_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("presswatch.deliver._GRACE", 60.0)
    newsroom = Newsroom()
    async with simulated(newsroom.transport(), start=START, folder=tmp_path) as world:
        await told(world, newsroom, 5, routes=("hook",))
        hook = Hanging()
        ending = deliverer(world, "a", hook=hook)
        await ending.tick()
        await until(lambda: len(hook.keys) == 1)
        closing = asyncio.create_task(ending.close())
        await asyncio.sleep(0.05)
        hook.go.set()
        await closing
        assert world.app.storage.outbox_counts()["delivered"] == 1
        other = deliverer(world, "b", hook=hook)
        assert (await other.round()).sent == 4
        assert len(hook.keys) == len(set(hook.keys)) == 5


async def test_a_success_is_written_down_before_the_failure_that_came_after_it(tmp_path: Path) -> None:
    """Else it would end the outage that begins with that failure."""

    class Failing:
        keys: tuple[str, ...] = ()

        async def send(self, message: Message) -> Sent | NotSent:
            self.keys += (message.key,)
            return Sent() if len(self.keys) == 1 else NotSent(error="down")

    newsroom, written = Newsroom(), []
    async with simulated(newsroom.transport(), start=START, folder=tmp_path) as world:
        await told(world, newsroom, 2, routes=("hook",))
        both = deliverer(world, "a", hook=Failing())

        async def run(function: Callable[..., Any], *args: Any, **named: Any) -> Any:
            if function.__name__ == "delivered":
                await asyncio.sleep(0.3)
            found = await world.app.run(function, *args, **named)
            written.append(function.__name__)
            return found

        both.run = run  # type: ignore[assignment]  # busy threads
        await both.round()
        assert [each for each in written if each.startswith("deliver")] == ["delivered", "delivery_failed"]


async def test_a_receiver_that_hangs_to_the_end_is_not_waited_for(tmp_path: Path) -> None:
    newsroom = Newsroom()
    async with simulated(newsroom.transport(), start=START, folder=tmp_path) as world:
        await told(world, newsroom, 2, routes=("hook",))
        ending = deliverer(world, "a", hook=Hanging())
        await ending.tick()
        began = time.monotonic()
        await ending.close()
        assert time.monotonic() - began < 20, "it hangs for good"
        await ending.tick()
        assert world.app.storage.outbox_counts()["pending"] == 2


async def test_a_dead_channel_is_left_alone_after_three_failures_and_keeps_no_lease(tmp_path: Path) -> None:
    newsroom = Newsroom()
    async with simulated(newsroom.transport(), start=START, folder=tmp_path) as world:
        await told(world, newsroom, 30, routes=("hook",))
        dead = Slow(world, 15, NotSent(error="it took longer than 15 s"))
        done = await deliverer(world, "a", hook=dead).round()
        assert (done.sent, done.failed, len(dead.keys)) == (0, 3, 3)
        assert "a" not in world.app.storage.lease_owners(world.clock.now)
        alive = Slow(world, 0, Sent())
        assert (await deliverer(world, "b", hook=alive).round()).sent >= 27


async def test_a_dead_channel_with_a_long_queue_is_tried_three_times_a_minute(tmp_path: Path) -> None:
    newsroom = Newsroom()
    async with simulated(newsroom.transport(), start=START, folder=tmp_path) as world:
        await told(world, newsroom, 30, routes=("console", "hook"))
        dead, console = Slow(world, 0, NotSent(error="the receiver answered 500")), io.StringIO()
        sending = deliverer(world, "a", hook=dead, console=Console(console))
        for _ in range(60):
            await sending.round()
            world.clock.now += timedelta(seconds=1)
        assert len(dead.keys) == 3
        assert console.getvalue().count("\n") == 30
        dead.result = Sent()
        assert (await sending.round()).sent >= 27


async def test_a_channel_that_was_left_alone_by_a_clock_that_was_ahead_is_served(tmp_path: Path) -> None:
    newsroom = Newsroom()
    async with simulated(newsroom.transport(), start=START, folder=tmp_path) as world:
        await told(world, newsroom, 5, routes=("hook",))
        hook = Slow(world, 0, NotSent(error="the receiver answered 500"))
        sending = deliverer(world, "a", hook=hook)
        world.clock.now += 365 * DAY
        await sending.round()
        world.clock.now -= 365 * DAY
        hook.result = Sent()
        assert (await sending.round()).sent == 2, "those that were not tried; the others wait for their time"


async def test_two_processes_and_a_slow_receiver_send_nothing_twice(tmp_path: Path) -> None:
    """Each sending takes 14 seconds, all of them far longer than any lease."""
    newsroom = Newsroom()
    async with simulated(newsroom.transport(), start=START, folder=tmp_path) as world:
        await told(world, newsroom, 60, routes=("hook",))
        both, keys = asyncio.Barrier(2), list[str]()
        sending = [deliverer(world, owner, hook=Meeting(world, 14, both, keys)) for owner in "ab"]
        done = await asyncio.gather(*(each.round() for each in sending))
        assert min(each.sent for each in done) > 0
        assert len(keys) == 60
        assert len(set(keys)) == 60


async def test_a_channel_that_breaks_on_one_notification_sends_the_others(tmp_path: Path) -> None:
    class Broken:
        def __init__(self) -> None:
            self.keys: list[str] = []

        async def send(self, message: Message) -> Sent | NotSent:
            self.keys.append(message.key)
            if len(self.keys) == 2:
                raise ZeroDivisionError("https://secret.example/")
            return Sent()

    newsroom = Newsroom()
    async with simulated(newsroom.transport(), start=START, folder=tmp_path) as world:
        await told(world, newsroom, 5, routes=("hook",))
        done = await deliverer(world, "a", hook=Broken()).round()
        assert (done.sent, done.failed) == (4, 1)
        world.clock.now += DAY
        (letter,) = world.app.storage.claim_deliveries(now=world.clock.now, owner="b", lease=DAY)
        assert letter.attempts == 1


async def test_a_message_that_can_not_be_made_holds_up_no_other_and_is_given_up_in_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def compose_most(delivery: notify.Delivery) -> Message:
        if "number 0" in delivery.change.title:
            raise RecursionError("deep")
        return notify.compose(delivery)

    monkeypatch.setattr(deliver, "compose", compose_most)
    newsroom, hook = Newsroom(), Counting()
    async with simulated(newsroom.transport(), start=START, folder=tmp_path) as world:
        await told(world, newsroom, 5, routes=("hook",))
        sending = deliverer(world, "a", hook=hook)
        done = await sending.round()
        assert (done.sent, done.failed) == (4, 1)
        for _ in range(4 * 24):
            world.clock.now += timedelta(hours=1)
            await sending.round()
        (letter,) = world.app.storage.dead_letters()
        assert letter.last_error == "it can't be put into words: RecursionError"
        assert len(hook.keys) == 4


async def test_a_channel_that_ends_with_an_error_of_the_database_cuts_no_other_short(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    newsroom, hook = Newsroom(), Counting()
    async with simulated(newsroom.transport(), start=START, folder=tmp_path) as world:
        await told(world, newsroom, 5, routes=("a", "hook"))
        sending = deliverer(world, "w", a=Counting(), hook=hook)
        claim = world.app.storage.claim_deliveries

        def claim_most(**how: Any) -> list[Delivery]:
            if how["channel"] == "a":
                raise DatabaseBusy("another process held the database")
            return claim(**how)

        monkeypatch.setattr(world.app.storage, "claim_deliveries", claim_most)
        with pytest.raises(DatabaseBusy):
            await sending.round()
        assert len(hook.keys) == 5
        assert world.app.storage.outbox_counts()["pending"] == 5


async def test_everything_for_a_channel_that_the_settings_lost_is_told_in_one_round(tmp_path: Path) -> None:
    newsroom = Newsroom()
    async with simulated(newsroom.transport(), start=START, folder=tmp_path) as world:
        await told(world, newsroom, 25, routes=("fax",))
        assert (await deliverer(world, "a").round()).failed == 25


async def test_two_hundred_notifications_leave_at_a_good_rate(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """To a receiver on this machine, over the real client and a database that waits for the disk."""
    newsroom, receiver = Newsroom(), Receiver()
    async with simulated(newsroom.transport(), start=START, folder=tmp_path) as world:
        await told(world, newsroom, 200, routes=("desk",))
        now = world.clock.now
    with receiver.served() as hook:
        settings = Settings(
            database=f"sqlite:///{tmp_path}/simulated.db", fetch={"allow_private": True},
            channels={"desk": {"type": "webhook", "url": hook, "secret": SECRET}},
        )  # fmt: skip
        async with open_app(settings, console=io.StringIO(), clock=lambda: now) as app:
            began = time.perf_counter()
            done = await app.deliverer.round()
            rate = done.sent / (time.perf_counter() - began)
            assert app.storage.outbox_counts()["pending"] == 0
    with capsys.disabled():
        print(f"\n{rate:.0f} notifications a second")  # noqa: T201  # a figure for whoever runs it
    assert Counter(headers["webhook-id"] for headers, _ in receiver.got).total() == done.sent == 200
    assert rate > 5
