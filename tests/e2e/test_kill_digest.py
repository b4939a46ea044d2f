"""A digest outlasts kill -9 at every moment between its claim and its mark: none is lost, a repetition has its key."""

from __future__ import annotations

import json
import random
import signal
import socket
import sqlite3
import subprocess
import threading
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from newsroom import Receiver, utc
from processes import SECRET, Presswatch, eventually
from simulation import simulated
from storage_room import Room, entry

from scraper.model import Kind
from storage import Appointment, Router, Way, open_storage

LONG_AGO = utc(2020, 3, 2, 12, 0)
MOST = 12
PATIENCE = 120
"""Seconds that a process may take to begin, on a machine that does much else."""


def changed(folder: Path, number: int) -> None:
    """A change of long ago that a digest is to tell; it is due since long."""
    due_at = LONG_AGO + timedelta(days=number, hours=8)
    way = Way(channel="desk", digest=Appointment(name="daily", due_at=due_at))
    with open_storage(f"sqlite:///{folder}/kept.db") as storage:
        room = Room(storage, now=LONG_AGO + timedelta(days=number))
        if not storage.sources():
            room.watch()
            room.list(*(entry(f"r{n}") for n in range(MOST)))
        else:
            storage.resume_source("News")
        router = Router(ask=lambda _row, _at: (way,))
        room.read(f"https://news.example/r{number}", f"text {number}", kinds=[Kind.NEW], router=router)
        room.let_go()
        storage.pause_source("News")


def rows(folder: Path, asked: str) -> list[Any]:
    with sqlite3.connect(folder / "kept.db") as connection:
        return connection.execute(asked).fetchall()


def until_claimed(folder: Path, process: subprocess.Popen[bytes], *, every: float = 0.01) -> None:
    """Until a process is about to send, or has sent and not yet marked it; or has come to its end."""

    def has_claimed() -> bool:
        owners = rows(folder, "SELECT lease_owner FROM outbox WHERE lease_owner IS NOT NULL")
        return process.poll() is not None or any(str(process.pid) in owner for (owner,) in owners)

    eventually(has_claimed, within=PATIENCE, every=every)


def kill(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGKILL)
    process.wait()


def configured(folder: Path, address: str) -> Presswatch:
    presswatch = Presswatch(folder)
    presswatch.configure(
        database='"sqlite:///kept.db"', fetch__allow_private="true", channels__desk__type='"webhook"',
        channels__desk__url=f'"{address}"', channels__desk__secret=f'"{SECRET}"',
    )  # fmt: skip
    return presswatch


def told(receiver: Receiver) -> list[tuple[str, list[str]]]:
    """Key, and the releases that are told of, of each message."""
    return [
        (headers["webhook-id"], [each["url"].rpartition("/")[2] for each in json.loads(body)["data"]["changes"]])
        for headers, body in receiver.got
    ]


class Desk(httpx.AsyncBaseTransport):
    """A webhook in place of the network."""

    def __init__(self) -> None:
        self.status, self.tried = 503, 0
        self.got: list[list[str]] = []
        """The releases of each digest."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        data = json.loads(await request.aread())["data"]
        self.tried += 1
        if self.status < 300:
            self.got.append(sorted(each["url"].rpartition("/")[2] for each in data["changes"]))
        return httpx.Response(self.status)


def test_a_digest_that_was_claimed_and_not_sent_is_sent_as_it_was_claimed(tmp_path: Path) -> None:
    changed(tmp_path, 0)
    ((key,),) = rows(tmp_path, "SELECT key FROM outbox")
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        # It never answers the handshake: the process has claimed the digest, and can't send it.
        process = configured(tmp_path, f"https://127.0.0.1:{deaf.getsockname()[1]}/hook").start("deliver")
        until_claimed(tmp_path, process)
        kill(process)
    changed(tmp_path, 1)
    receiver = Receiver()
    with receiver.served() as address:
        assert configured(tmp_path, address).run("deliver").returncode == 0
    assert told(receiver)[0] == (key, ["r0"]), "what came after the claim is another digest's"
    assert [releases for _, releases in told(receiver)] == [["r0"], ["r1"]]


def test_a_digest_that_was_sent_and_not_marked_is_sent_again_under_its_key(tmp_path: Path) -> None:
    changed(tmp_path, 0)
    receiver, answers = Receiver(), threading.Event()
    receiver.before_answer = lambda: answers.wait(PATIENCE)
    with receiver.served() as address:
        presswatch = configured(tmp_path, address)
        process = presswatch.start("deliver")
        eventually(lambda: len(receiver.got) == 1, within=PATIENCE, every=0.01)
        kill(process)
        answers.set()
        changed(tmp_path, 1)
        assert presswatch.run("deliver").returncode == 0
        assert presswatch.run("deliver").returncode == 0
    first, again, other = told(receiver)
    assert first == again
    assert receiver.got[0][1] == receiver.got[1][1], "byte for byte"
    assert other[1] == ["r1"]
    assert other[0] != first[0]


@pytest.mark.parametrize("kills", [3, pytest.param(MOST, marks=pytest.mark.long)])
def test_kill_9_at_random_moments_after_the_claim_loses_no_digest(tmp_path: Path, kills: int) -> None:
    chance, receiver = random.Random(20200302), Receiver()
    receiver.before_answer = lambda: time.sleep(chance.uniform(0, 0.05))
    with receiver.served() as address:
        presswatch = configured(tmp_path, address)
        for number in range(kills):
            changed(tmp_path, number)
            process = presswatch.start("deliver")
            until_claimed(tmp_path, process, every=0.001)
            time.sleep(chance.uniform(0, 0.1))
            kill(process)
        assert presswatch.run("deliver").returncode == 0
    by_key = dict(told(receiver))
    once = [release for releases in by_key.values() for release in releases]
    assert sorted(once) == sorted(f"r{number}" for number in range(kills)), "lost 0, each in one digest"
    assert all(by_key[key] == releases for key, releases in told(receiver)), "a repetition is what it repeats"
    assert rows(tmp_path, "SELECT count(*) FROM outbox WHERE state != 'delivered'") == [(0,)]


async def test_digests_of_a_webhook_that_is_down_for_days_arrive_in_their_order(tmp_path: Path) -> None:
    """The pauses grow with the attempts: when it comes back, the last digest is the first to be due."""
    desk = Desk()
    channels = {"desk": {"type": "webhook", "url": "https://hooks.example/desk", "secret": SECRET}}
    rules = [{"routes": ["desk"], "digest": "daily"}]
    start = utc(2026, 3, 2, 8, 0)
    async with simulated(desk, start=start, folder=tmp_path, channels=channels, rules=rules) as world:
        room = Room(world.app.storage, now=start)
        room.watch()
        room.list(*(entry(f"r{n}") for n in range(4)))
        router = world.app.watch.means.router(room.source)
        for day in range(4):
            room.now = world.clock.now = start + timedelta(days=day)
            room.read(f"https://news.example/r{day}", f"text {day}", kinds=[Kind.NEW], router=router)
            for hours in (24, 24.5, 25):
                world.clock.now = start + timedelta(days=day, hours=hours)
                await world.app.deliverer.round()
        assert desk.got == []
        assert desk.tried > 3
        desk.status = 204
        for _ in range(60):
            world.clock.now += timedelta(minutes=20)
            await world.app.deliverer.round()
        assert world.app.storage.outbox_counts()["pending"] == 0
    assert [release for releases in desk.got for release in releases] == ["r0", "r1", "r2", "r3"]
