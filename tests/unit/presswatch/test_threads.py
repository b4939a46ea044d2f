"""Names are looked up in threads that nobody waits for."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from presswatch.threads import Resolver

PROGRAM = """
import socket, sys, time
def dead(*_arguments, **_named):
    time.sleep(120)
    raise socket.gaierror(-3, "no answer")
socket.getaddrinfo = dead
import asyncio
from config import Settings
from presswatch.app import open_app
from scraper.model import Request
async def main():
    async with open_app(Settings(database="sqlite:///" + sys.argv[1]), console=sys.stderr) as app:
        fetch = asyncio.create_task(app.fetcher.fetch(Request(url="https://nowhere.example/")))
        await asyncio.sleep(0.3)
        assert not fetch.done()
        fetch.cancel()
        print(time.time())
asyncio.run(main())
"""


def test_a_name_server_that_hangs_does_not_hold_up_the_end(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(tmp_path / "x.db")], capture_output=True, text=True, timeout=100, check=True
    )
    assert time.time() - float(done.stdout) < 30


async def test_the_addresses_come_in_order_and_once_each() -> None:
    def look_up(host: str, port: int, **_: Any) -> list[Any]:
        assert (host, port) == ("harbour.example", 443)
        return [(0, 0, 0, "", (address, 443)) for address in ("2001:db8::1", "192.0.2.1", "2001:db8::1")]

    assert await Resolver(look_up=look_up)("harbour.example", 443) == ["2001:db8::1", "192.0.2.1"]


@pytest.mark.parametrize("error", [socket.gaierror(-2, "unknown"), UnicodeError("label too long")], ids=type)
async def test_what_the_system_raises_is_raised(error: Exception) -> None:
    def look_up(*_: Any, **__: Any) -> list[Any]:
        raise error

    with pytest.raises(type(error)):
        await Resolver(look_up=look_up)("x", 1)


async def test_no_more_threads_than_allowed_also_where_callers_give_up() -> None:
    go, running = threading.Event(), []

    def look_up(*_: Any, **__: Any) -> list[Any]:
        running.append(1)
        go.wait(60)
        return []

    resolver = Resolver(threads=2, look_up=look_up)
    tasks = [asyncio.create_task(resolver("x", 1)) for _ in range(5)]
    while len(running) < 2:
        await asyncio.sleep(0.01)
    tasks[0].cancel()
    await asyncio.sleep(0.1)
    assert len(running) == 2
    go.set()
    assert await asyncio.gather(*tasks[1:]) == [[]] * 4
    assert len(running) == 5
