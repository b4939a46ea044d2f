"""How fast notifications leave, and what a long queue of them costs the looks: ``make bench``.

Prints tables; fails on no time. The receiver is a process of its own on this machine, the client and the database are
the product's own. ``python -m benchmarks.delivering URL`` measures the queue on that database, which must be empty.
"""

from __future__ import annotations

import asyncio
import contextlib
import io
import multiprocessing
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection as Pipe
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "support"))

from newsroom import Newsroom
from simulation import Simulation, simulated
from sqlalchemy import create_engine, text

from config import Settings
from presswatch import logs
from presswatch.app import open_app
from presswatch.notify import Message, Sent

START = datetime(2026, 3, 2, 8, tzinfo=UTC)
RELEASES = 500
QUEUE = 100_000
ROUNDS = 3
SECRET = "whsec_c3ludGhldGljIHNlY3JldCBvZiB0aGUgdGVzdHM="  # says so itself


# --- webhooks a second ------------------------------------------------------------------------------------------------


async def rate() -> tuple[int, float]:
    """How many notifications of edits were sent to a webhook, and how many a second."""
    with tempfile.TemporaryDirectory() as folder, receiver() as hook:
        async with world(f"sqlite:///{folder}/bench.db", Path(folder), routes=("desk",)) as (made, newsroom):
            await edit(made, newsroom)
            now = made.clock.now
        settings = Settings(
            database=f"sqlite:///{folder}/bench.db", fetch={"allow_private": True},
            channels={"desk": {"type": "webhook", "url": hook, "secret": SECRET}},
        )  # fmt: skip
        async with open_app(settings, console=io.StringIO(), clock=lambda: now) as app:
            began = time.perf_counter()
            done = await app.deliverer.round()
            return done.sent, done.sent / (time.perf_counter() - began)


@contextlib.contextmanager
def receiver() -> Iterator[str]:
    """A webhook's other end that does nothing but answer, in a process of its own."""
    here, there = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_receive, args=(there,), daemon=True)
    process.start()
    try:
        yield f"http://127.0.0.1:{here.recv()}/hook"
    finally:
        process.terminate()
        process.join()


def _receive(ready: Pipe) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).lower()
                await reader.readexactly(int(head.partition(b"content-length:")[2].split(b"\r\n", 1)[0]))
                writer.write(b"HTTP/1.1 204 No Content\r\n\r\n")
        writer.close()

    async def serve() -> None:
        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        ready.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(serve())


# --- looks beside a queue ---------------------------------------------------------------------------------------------


async def queued(database: str | None) -> list[tuple[str, float, float]]:
    """By where the queue stands: CPU milliseconds a look without it and with it, in the same database by turns.

    Every look comes with what the daemon does each second: the channels are asked for what is due.
    """
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        url = database or f"sqlite:///{folder}/bench.db"
        async with world(url, Path(folder), routes=("console",)) as (made, newsroom):
            await edit(made, newsroom)
            await made.app.deliverer.round()
            made.app.deliverer.channels = {**made.app.deliverer.channels, "slow": _Slow()}
            for name, due in (("waits for its next attempt", 30), ("is due, behind a slow channel", 0)):
                fill, empty = _queue(url, made.clock.now + timedelta(days=due))
                without, beside = [], []
                for _ in range(ROUNDS):
                    without.append(await look(made))
                    fill()
                    beside.append(await look(made))
                    empty()
                rows.append((name, sorted(without)[ROUNDS // 2], sorted(beside)[ROUNDS // 2]))
    return rows


class _Slow:
    """A channel that takes four notifications a second."""

    async def send(self, _message: Message) -> Sent:
        await asyncio.sleep(0.25)
        return Sent()


async def look(made: Simulation) -> float:
    """CPU milliseconds for each look of a round in which every page is unchanged."""
    made.clock.now += timedelta(minutes=1)
    began = time.process_time()
    await made.app.watch.round(everything=True)
    await made.app.deliverer.tick()
    return (time.process_time() - began) * 1000 / RELEASES


def _queue(url: str, due: datetime) -> tuple[Callable[[], None], Callable[[], None]]:
    """Put the queue there, and take it away: notifications of every release to a channel that takes none."""
    engine = create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    at = due.strftime("%Y-%m-%d %H:%M:%S.%f") if engine.dialect.name == "sqlite" else due
    fill = text(
        "WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < :times)"
        " INSERT INTO outbox (change_id, release_id, channel, key, state, attempts, next_attempt_at, created_at)"
        " SELECT c.id, c.release_id, 'slow', 'q' || n.n || '_' || c.id, 'pending', 0, :at, :at FROM change c, n"
    )

    def run(*statements: tuple[object, dict[str, object]]) -> None:
        with engine.begin() as connection:
            for statement, values in statements:
                connection.execute(statement, values)  # type: ignore[call-overload]
        if engine.dialect.name == "postgresql":
            # As its own autovacuum does, a little later.
            with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.execute(text("ANALYZE"))

    return (
        lambda: run((fill, {"times": QUEUE // RELEASES, "at": at})),
        lambda: run((text("DELETE FROM outbox WHERE channel = 'slow'"), {})),
    )


# --- what is measured on ----------------------------------------------------------------------------------------------


@contextlib.asynccontextmanager
async def world(url: str, folder: Path, *, routes: tuple[str, ...]) -> AsyncIterator[tuple[Simulation, Newsroom]]:
    """A newsroom that was visited once."""
    newsroom = Newsroom()
    for n in range(RELEASES):
        newsroom.add(f"/2026/02/r-{n}", f"Release number {n}", START - timedelta(hours=n + 1))
    async with simulated(
        newsroom.transport(), start=START, folder=folder, database=url, watch={"first_visit": RELEASES},
        fetch={"delay_per_host": 0.0},
    ) as made:  # fmt: skip
        await made.watch(newsroom.base, routes=routes)
        await made.round()
        await made.app.watch.round(everything=True)
        yield made, newsroom


async def edit(made: Simulation, newsroom: Newsroom) -> None:
    """Every release is edited, and that was seen."""
    for page in newsroom.pages.values():
        page.version += 1
    made.clock.now += timedelta(minutes=1)
    await made.app.watch.round(everything=True)


async def measured(database: str | None) -> str:
    """The tables."""
    out = io.StringIO()
    if database is None:
        out.write("webhooks to a receiver on this machine\n")
        for _ in range(3):
            sent, a_second = await rate()
            out.write(f"{sent:6} sent{a_second:10.0f} a second\n")
    out.write(f"\n{QUEUE} queued messages: CPU ms a look{'without':>10}{'with':>10}{'ratio':>10}\n")
    for name, without, beside in await queued(database):
        out.write(f"{name:37}{without:10.2f}{beside:10.2f}{beside / without:10.2f}\n")
    return out.getvalue()


def main() -> None:
    """Measure and print."""
    logs.set_up(verbose=False, quiet_by_default=True)
    sys.stdout.write(asyncio.run(measured(sys.argv[1] if len(sys.argv) > 1 else None)))


if __name__ == "__main__":
    main()
