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

__all__ = ["Resolver", "Threads"]

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
        answer: asyncio.Future[list[str]] = loop.create_future()

        def finish(found: list[str], error: Exception | None) -> None:
            # The room is the thread's and not the caller's, who may have given up long since.
            self._room.release()
            if answer.done():
                return
            if error is None:
                answer.set_result(found)
            else:
                answer.set_exception(error)

        def work() -> None:
            found: list[str] = []
            error = None
            try:
                found = _addresses(self._look_up(host, port, type=socket.SOCK_STREAM))
            except Exception as exc:  # noqa: BLE001  # it is raised where the answer is awaited
                error = exc
            with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits any more
                loop.call_soon_threadsafe(finish, found, error)

        threading.Thread(target=work, name=f"look up {host}", daemon=True).start()
        return await answer


def _addresses(found: list[Any]) -> list[str]:
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))
