"""The daemon: clock, looks, deliveries and pages in one process.

APScheduler is only the clock. What is due stands in the database, so that a job that is late, or skipped while the one
before it still runs, loses nothing.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import datetime, timedelta

import structlog
import uvicorn
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from presswatch.app import App
from presswatch.desk import Desk
from presswatch.newsrooms import Newsrooms
from presswatch.sources import Configured
from presswatch.web import create_app
from presswatch.web.access import Entrance, entrance
from presswatch.web.door import Door
from storage import StorageError

__all__ = ["PortTaken", "kept_alive", "serve"]

_TICK = 1.0
_HEARTBEAT = 10.0
_WATCHDOG = 5.0
_STEP = 2.0
"""Seconds by which wall clock and monotonic clock may drift between two looks before it counts as a step."""
_POLLS_KEPT = timedelta(days=90)
_DELIVERED_KEPT = timedelta(days=365)

log = structlog.get_logger()


class PortTaken(OSError):
    """The pages' address can't be had; the message says which and what to do."""


async def serve(app: App, *, host: str, port: int, ready: Callable[[str], None] | None = None) -> None:
    """Run until SIGTERM or SIGINT. Looks under way are dropped then: they are repeated by the next process.

    Raises:
        PortTaken: the address is in use or not this machine's.
        NotGuarded: it is reached from elsewhere, and nothing says who may come in.
    """
    listener = _bind(host, port)
    stop = asyncio.Event()
    with _signals(stop), contextlib.closing(listener):
        address = f"http://{_shown(host)}:{listener.getsockname()[1]}"
        async with _web(app, listener, address), _clock(app):
            if ready:
                ready(f"{address}/")
            await stop.wait()
            log.info("stopping")


def _bind(host: str, port: int) -> socket.socket:
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        if error.errno is not None and error.errno < 0:  # getaddrinfo's, whatever class it was raised anew as
            raise PortTaken(f"can't listen at {host}: there is no such host; choose another with --host") from error
        # The standard library repeats the address behind the system's own words.
        why = os.strerror(error.errno) if error.errno else str(error)
        raise PortTaken(
            f"can't listen at {host}:{port}: {why}; choose another with --port, or end what uses it"
        ) from error


def _shown(host: str) -> str:
    """The host as an address has it; of one that stands for all of this machine's the loopback one."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}.get(host, host)  # noqa: S104  # it is asked for, not bound
    return f"[{host}]" if ":" in host else host


@contextlib.contextmanager
def _signals(stop: asyncio.Event) -> Iterator[None]:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    try:
        yield
    finally:
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(number)


@contextlib.asynccontextmanager
async def _web(app: App, listener: socket.socket, address: str) -> AsyncIterator[None]:
    """The pages, served on the same loop; uvicorn's own signal handling stays off."""
    chosen = app.settings.web
    at = await app.run(_entrance, app, bound=listener.getsockname()[0], address=chosen.url or address)
    site = create_app(
        app.storage, now=app.clock, address=at.address, feed_token=chosen.feed_token,
        sessions=app.storage if at.has_password else None, newsrooms=None if chosen.public else Newsrooms(app),
        mutes=app.storage, mute_secret=app.mute_secret, desk=None if chosen.public else Desk(app.storage),
        hubs=app.settings.hubs,
    )  # fmt: skip
    door = Door(site, at=at, keys=app.storage, now=app.clock)
    # Which proxies are believed is the door's matter: uvicorn would believe every one on this machine. Nothing speaks
    # WebSocket here: who asks to is answered as if he had not (RFC 9110, section 7.8).
    config = uvicorn.Config(
        door, log_config=None, access_log=False, lifespan="off", timeout_graceful_shutdown=1, proxy_headers=False,
        server_header=False, ws="none",
    )  # fmt: skip
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server._serve(sockets=[listener]), name="web")  # noqa: SLF001  # serve() takes signals
    try:
        yield
    finally:
        server.should_exit = True
        with contextlib.suppress(asyncio.CancelledError):
            await serving


def _entrance(app: App, *, bound: str, address: str) -> Entrance:
    web = app.settings.web
    return entrance(
        bound=bound, address=address, has_password=not web.public and app.storage.password_hash() is not None,
        public=web.public, user_header=web.proxy_user_header, trusted_proxies=web.trusted_proxies, hosts=web.hosts,
        feed_token=web.feed_token is not None,
    )  # fmt: skip


@contextlib.asynccontextmanager
async def _clock(app: App) -> AsyncIterator[None]:
    scheduler = AsyncIOScheduler(
        timezone="UTC", job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
    )
    jobs: list[tuple[str, Callable[[], Awaitable[object]], float]] = [
        ("look", app.watch.tick, _TICK),
        ("deliver", app.deliverer.tick, _TICK),
        ("fill the index of words", lambda: app.run(app.storage.index_revisions), _TICK),
        ("heartbeat", lambda: _heartbeat(app), _HEARTBEAT),
        ("prune", lambda: _prune(app), 24 * 3600),
        ("forget hosts", lambda: app.run(app.storage.forget_hosts, app.clock()), 3600),
        ("keep to the configured sources", Configured(app).round, 600),
    ]
    now = app.clock()
    for name, job, period in jobs:
        scheduler.add_job(kept_alive(name, job), "interval", seconds=period, id=name, next_run_time=now)
    scheduler.start()
    watchdog = asyncio.create_task(_mind_the_clock(app, scheduler), name="watchdog")
    try:
        yield
    finally:
        watchdog.cancel()
        scheduler.shutdown(wait=False)


def kept_alive(name: str, job: Callable[[], Awaitable[object]]) -> Callable[[], Awaitable[None]]:
    """A job whose failure is told and does not end the daemon: the next tick tries again.

    What the database says, such as that its disk is full, is one sentence, and told again only once it is another.
    """
    told = ""

    async def run() -> None:
        nonlocal told
        try:
            await job()
        except asyncio.CancelledError:
            # The daemon ends: APScheduler cancels what is under way, and would print that as a failure of its own.
            return
        except StorageError as error:
            if told != str(error):
                told = str(error)
                log.error("job failed", job=name, why=told)  # noqa: TRY400  # the sentence says all
        except Exception:
            log.exception("job failed", job=name)
        else:
            if told:
                log.info("job works again", job=name)
            told = ""

    return run


async def _heartbeat(app: App) -> None:
    """Say that the clock runs, and take over what dead processes of this machine had leased."""
    await app.run(app.storage.heartbeat, app.clock(), app.owner)
    for owner in await app.free_dead():
        log.warning("leases of a dead process are freed", owner=owner)


async def _prune(app: App) -> None:
    now = app.clock()
    await app.run(app.storage.prune, polls_before=now - _POLLS_KEPT, delivered_before=now - _DELIVERED_KEPT)
    await app.run(app.storage.forget_outages, but=list(app.deliverer.channels), at=now)


async def _mind_the_clock(app: App, scheduler: AsyncIOScheduler) -> None:
    """After a step back of the clock go on from there.

    APScheduler, which sleeps until a wall-clock time, would sleep for as long as the step, and so would all that is due
    at the times that the database holds.
    """
    set_right = kept_alive("set right what waits", app.set_right)
    wall, steady = time.time(), time.monotonic()
    while True:
        await asyncio.sleep(_WATCHDOG)
        drift = (time.time() - wall) - (time.monotonic() - steady)
        wall, steady = time.time(), time.monotonic()
        if abs(drift) > _STEP:
            log.warning("the clock was set", seconds=round(drift))
            for job in scheduler.get_jobs():
                job.modify(next_run_time=datetime.fromtimestamp(wall, scheduler.timezone))
            if drift < 0:
                await set_right()
