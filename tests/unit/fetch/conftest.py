"""A server that answers whatever bytes a test wants, on a real loopback socket."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime

import httpcore
import pytest

from scraper.fetch.client import Fetcher, FetchSettings

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
Script = bytes | Callable[[asyncio.StreamWriter], Awaitable[None]]


class Site:
    """Answers by path, closes after each answer, keeps the heads of the requests."""

    def __init__(self, pages: dict[str, Script] | Script) -> None:
        self.pages = pages if isinstance(pages, dict) else {"": pages}
        self.requests: list[bytes] = []
        self.at_once = self.most_at_once = 0
        self.port = 0

    def url(self, path: str = "/") -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.at_once += 1
        self.most_at_once = max(self.at_once, self.most_at_once)
        try:
            with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
                await self._converse(reader, writer)
                writer.close()
                await writer.wait_closed()
        finally:
            self.at_once -= 1
            writer.transport.abort()

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        self.requests.append(head)
        path = head.split(b" ")[1].decode()
        script = self.pages.get(path, self.pages.get("", b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"))
        if callable(script):
            await script(writer)
        else:
            writer.write(script)
            await writer.drain()


@asynccontextmanager
async def _serve(
    pages: dict[str, Script] | Script, *, host: str = "127.0.0.1", tls: ssl.SSLContext | None = None
) -> AsyncIterator[Site]:
    site = Site(pages)
    tasks: set[asyncio.Task[None]] = set()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(site.answer(reader, writer))
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    server = await asyncio.start_server(connected, host, 0, ssl=tls)
    site.port = server.sockets[0].getsockname()[1]
    try:
        yield site
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


class Detour(httpcore.AsyncNetworkBackend):
    """Leads every connection to one loopback port, and notes where it should have gone."""

    def __init__(self, port: int, *, dead: Iterable[str] = ()) -> None:
        self.port = port
        self.dead = frozenset(dead)
        self.dialled: list[str] = []
        self.ports: list[int] = []

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        self.dialled.append(host)
        self.ports.append(port)
        if host in self.dead:
            raise httpcore.ConnectError("nobody there")
        backend = httpcore.AnyIOBackend()
        return await backend.connect_tcp("127.0.0.1", self.port, timeout, local_address, socket_options)


@pytest.fixture
def serve() -> Callable[..., AbstractAsyncContextManager[Site]]:
    return _serve


@pytest.fixture
def detour() -> type[Detour]:
    return Detour


@pytest.fixture(scope="session")
def trust() -> ssl.SSLContext:
    """One context for all tests: making one takes 25 ms."""
    return ssl.create_default_context()


@pytest.fixture
def fetcher(trust: ssl.SSLContext) -> Callable[..., Fetcher]:
    """A fetcher that may ask the loopback address."""

    def make(*, seams: dict[str, object] | None = None, **settings: object) -> Fetcher:
        given = {"allow_private": True, "timeout": 20.0} | settings
        seams = {"trust": trust} | (seams or {})
        return Fetcher(FetchSettings(**given), clock=lambda: NOW, **seams)  # type: ignore[arg-type] # a test's choice

    return make
