"""Synchronous work (database, parsing, names) off the event loop."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, ParamSpec, TypeAlias, TypeVar

__all__ = ["Resolver", "Threads", "detached"]

P = ParamSpec("P")
T = TypeVar("T")

LookUp: TypeAlias = Callable[..., list[Any]]
"""``socket.getaddrinfo``, or what stands in for it."""


class Threads:
    """A small pool of threads; calling it awaits a function's result."""

    def __init__(self, workers: int = 4) -> None:
        self._pool = ThreadPoolExecutor(workers, "presswatch")

    async def __call__(self, work: Callable[P, T], *args: P.args, **named: P.kwargs) -> T:
        """The result of ``work(*args, **named)``, or its exception."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, partial(work, *args, **named))

    def close(self) -> None:
        """Wait for what is under way and end the threads."""
        self._pool.shutdown(wait=True)


class Resolver:
    """Looks names up in threads that nobody waits for when the process ends; ``scraper.fetch`` resolves by it.

    The system's look-up can't be interrupted and may take a minute. Threads of an executor are joined at the end, so
    that a dead name server would hold up SIGTERM by as much.
    """

    def __init__(self, *, threads: int = 64, look_up: LookUp = socket.getaddrinfo) -> None:
        self._room = asyncio.Semaphore(threads)
        self._look_up = look_up

    async def __call__(self, host: str, port: int) -> list[str]:
        """The addresses of a host in the system's order of preference (RFC 6724).

        Raises:
            OSError: the name does not resolve.
            UnicodeError: it is no name.
        """
        await self._room.acquire()
        loop = asyncio.get_running_loop()

        def work() -> list[str]:
            try:
                return _addresses(self._look_up(host, port, type=socket.SOCK_STREAM))
            finally:
                # The room is the thread's and not the caller's, who may have given up long since.
                with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits any more
                    loop.call_soon_threadsafe(self._room.release)

        return await detached(f"look up {host}", work)


async def detached(name: str, work: Callable[P, T], /, *args: P.args, **named: P.kwargs) -> T:
    """The result of synchronous work in a thread that nobody waits for once the caller gave up, or the process ends."""
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[T] = loop.create_future()

    def finish(result: T | None, error: BaseException | None) -> None:
        if answer.done():
            return
        if error is None:
            answer.set_result(result)  # type: ignore[arg-type]  # without an error there is one
        else:
            answer.set_exception(error)

    def run() -> None:
        result, error = None, None
        try:
            result = work(*args, **named)
        except Exception as exc:  # noqa: BLE001  # it is raised where the answer is awaited
            error = exc
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(finish, result, error)

    threading.Thread(target=run, name=name, daemon=True).start()
    return await answer


def _addresses(found: list[Any]) -> list[str]:
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))
