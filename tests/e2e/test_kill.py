"""Nothing is lost when the product is killed: not by kill -9 at random moments, not by SIGTERM, not by company."""

from __future__ import annotations

import json
import random
import signal
import threading
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from newsroom import Newsroom, Receiver, utc
from processes import SECRET, Presswatch, end, eventually

START = utc(2026, 3, 2, 8, 0)
PAGES = 10
"""That change between one kill and the next."""


def prepared(folder: Path, newsroom: Newsroom, feed: str, hook: str, pages: int) -> Presswatch:
    """A newsroom that was visited once, watched at full speed, with a webhook for every change."""
    for n in range(pages):
        newsroom.add(f"/2026/02/r-{n}", f"Release number {n}", START - timedelta(hours=n + 1))
    presswatch = Presswatch(folder)
    presswatch.configure(
        database='"sqlite:///kept.db"', fetch__allow_private="true", fetch__delay_per_host="0", fetch__concurrency="4",
        pace__fastest='"1s"', pace__slowest='"1s"', pace__slowest_listing='"5s"', watch__first_visit=str(pages),
        watch__confirm_after='"1s"', routes='["desk"]', channels__desk__type='"webhook"',
        channels__desk__url=f'"{hook}"', channels__desk__secret=f'"{SECRET}"',
    )  # fmt: skip
    done = presswatch.run("add", feed, "--name", "Harbour")
    assert done.returncode == 0, done.stderr
    done = presswatch.run("check")
    assert done.returncode == 0, done.stderr
    assert presswatch.lines("changes") == []
    (status,) = presswatch.lines("status")
    assert status["releases"]["live"] == pages
    return presswatch


@pytest.mark.parametrize(
    ("command", "kills"),
    [
        pytest.param(("run", "--port", "0"), 4, id="daemon"),
        pytest.param(("run", "--port", "0"), 20, marks=pytest.mark.long, id="daemon, often"),
        pytest.param(("check", "--all"), 20, marks=pytest.mark.long, id="check, often"),
    ],
)
def test_kill_9_at_random_moments_loses_no_revision_and_no_notification(
    tmp_path: Path, command: tuple[str, ...], kills: int
) -> None:
    """Ten pages change before each kill: 200 of 20; afterwards every change is recorded and was delivered."""
    chance = random.Random(20120907)
    newsroom, receiver = Newsroom(), Receiver()
    with newsroom.served() as base, receiver.served() as hook:
        presswatch = prepared(tmp_path, newsroom, f"{base}/feed.xml", hook, kills * PAGES)
        paths = list(newsroom.pages)
        chance.shuffle(paths)
        for kill in range(kills):
            process = presswatch.start(*command)
            for path in paths[kill * PAGES : (kill + 1) * PAGES]:
                time.sleep(chance.uniform(0, 0.2))
                newsroom.pages[path].version += 1
            time.sleep(chance.uniform(0, 2.0))
            process.send_signal(signal.SIGKILL)
            process.wait()
        assert presswatch.run("check", "--all").returncode == 0
        assert presswatch.run("deliver").returncode == 0

        changes = presswatch.lines("changes")
        assert Counter(change["kind"] for change in changes) == {"silently-edited": len(paths)}
        assert {change["url"] for change in changes} == {base + path for path in paths}
        got = [(headers["webhook-id"], json.loads(body)["data"]["id"]) for headers, body in receiver.got]
        assert {change for _, change in got} == {change["id"] for change in changes}
        assert len({key for key, _ in got}) == len(paths), "a repetition carries the key of what it repeats"
        (status,) = presswatch.lines("status")
        assert status["outbox"].get("pending", 0) == status["outbox"].get("dead", 0) == 0
        assert presswatch.run("verify").returncode == 0


def test_sigterm_ends_the_daemon_at_once_and_loses_and_repeats_nothing(tmp_path: Path) -> None:
    newsroom, receiver = Newsroom(), Receiver()
    with newsroom.served() as base, receiver.served() as hook:
        presswatch = prepared(tmp_path, newsroom, f"{base}/feed.xml", hook, 20)
        free = threading.Event()
        free.set()
        newsroom.before_answer = lambda _path: free.wait(60)
        process = presswatch.start("run", "--port", "0")
        eventually(lambda: len(newsroom.requests) > 60)
        for page in newsroom.pages.values():
            page.version += 1
        eventually(lambda: len(receiver.got) > 3)
        free.clear()
        time.sleep(0.5)
        before_end = time.monotonic()
        assert end(process) == 0
        assert time.monotonic() - before_end < 15, "a look under way is dropped, not waited for"
        free.set()
        assert presswatch.run("check", "--all").returncode == 0
        keys = [headers["webhook-id"] for headers, _ in receiver.got]
        assert len(keys) == len(set(keys)) == 20


@pytest.mark.long
def test_two_processes_on_one_database_look_and_notify_once(tmp_path: Path) -> None:
    """Two rounds at once share the pages: each changed page is asked for once, each notification is sent once."""
    newsroom, receiver = Newsroom(), Receiver()
    with newsroom.served() as base, receiver.served() as hook:
        presswatch = prepared(tmp_path, newsroom, f"{base}/feed.xml", hook, 60)
        for page in newsroom.pages.values():
            page.version += 1
        newsroom.requests.clear()
        time.sleep(1.2)
        both = [presswatch.start("check", log=f"{n}.log") for n in range(2)]
        assert {process.wait(timeout=30) for process in both} == {0}
        presswatch.run("check", "--all")
        presswatch.run("deliver")
        keys = [headers["webhook-id"] for headers, _ in receiver.got]
        assert len(keys) == len(set(keys)) == 60
        assert [change["kind"] for change in presswatch.lines("changes")] == ["silently-edited"] * 60


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_while_a_configured_source_is_explored_ends_the_daemon_without_a_word(
    tmp_path: Path, sign: signal.Signals
) -> None:
    newsroom = Newsroom()
    newsroom.before_answer = lambda _path: time.sleep(3)
    with newsroom.served() as base:
        presswatch = Presswatch(tmp_path)
        presswatch.configure(
            database='"sqlite:///kept.db"', fetch__allow_private="true", sources=f'[{{ url = "{base}/feed.xml" }}]'
        )
        process = presswatch.start("run", "--port", "0")
        eventually(lambda: "presswatch runs" in (tmp_path / "presswatch.log").read_text())
        time.sleep(0.5)
        process.send_signal(sign)
        assert process.wait(timeout=30) == 0
    said = (tmp_path / "presswatch.log").read_text()
    assert "Traceback" not in said
    assert "exception" not in said
