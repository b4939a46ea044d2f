"""Fetching a page: the only module of the core that knows httpx.

    Request -> [ guard -> wire -> decode ] once for each hop -> Fetched or Failed

A :class:`Fetcher` promises that a fetch ends (one deadline for the whole request), that it is bounded (bytes on the
wire, bytes unpacked, hops), that nothing but public web servers is asked, and that what it hands over is complete: what
is cut off, damaged or not what was asked for is a ``Failed`` with one sentence for a person, and never a shorter page.
It keeps no cookies, sends no credentials and reads no proxy settings from the environment.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from types import TracebackType
from typing import Self
from weakref import WeakValueDictionary

import httpx

from scraper.fetch import head, wire
from scraper.fetch.decode import ACCEPTED, Decoder
from scraper.fetch.guard import Dial, Resolve, resolve_by_system
from scraper.fetch.journey import Journey
from scraper.fetch.problem import Problem
from scraper.fetch.settings import FetchSettings, is_sendable
from scraper.fetch.status import failure_of
from scraper.model import Failed, Failure, Fetched, Request, Validators

__all__ = ["FetchSettings", "Fetcher", "MayFollow", "Posted", "failure_of"]

MayFollow = Callable[[str], Awaitable[Failed | None]]
"""Asked before a redirect is followed to an address: what it returns ends the fetch. Its time does not count."""

_ACCEPT = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
_POSTED_BODY = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """What a server said to a POST."""

    status: int
    headers: tuple[tuple[str, str], ...]
    """In the order received; names lower-cased."""
    body_start: bytes
    """The first 2,000 bytes at most, as far as they came in time."""

    def header(self, name: str) -> str | None:
        """The first header of this name."""
        return next((value for key, value in self.headers if key == name.lower()), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    status: int
    headers: head.Headers
    target: str | None
    """Where it redirects to."""
    body: bytes
    received: int


class Fetcher:
    """Asks web servers, each host for one page at a time. An asynchronous context manager.

    Args:
        settings: see there.
        clock: the time, aware and in UTC.
        resolve: from host and port to addresses; by default the system's resolver.
        transport: in place of the network, for tests.
        dial: in place of connecting to an address that the guard has permitted, for tests.
        trust: the certificates that are trusted; by default those of certifi and of the system.
    """

    def __init__(
        self,
        settings: FetchSettings,
        *,
        clock: Callable[[], datetime],
        resolve: Resolve | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
        dial: Dial | None = None,
        trust: ssl.SSLContext | None = None,
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._transport = transport or _Direct(
            wire.Wire(trust=trust or _default_trust(), resolve=resolve or resolve_by_system, dial=dial)
        )
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self._transport.aclose()

    async def fetch(self, request: Request, *, may_follow: MayFollow | None = None) -> Fetched | Failed:
        """GET an address, redirects followed where ``may_follow`` lets them.

        Whatever the network does comes back as a value; any status is a ``Fetched`` (see :func:`failure_of`).
        Validators are sent to the address itself only: what a redirect leads to is another resource.
        """
        started_at = self._clock()
        try:
            journey = self._journey(request.url, seconds=self._settings.timeout)
            answer = await self._travel(journey, request.validators, may_follow)
        except Problem as problem:
            return self._failed(problem)
        if isinstance(answer, Failed):
            return answer
        return Fetched(
            url=request.url,
            final_url=journey.url,
            status=answer.status,
            headers=answer.headers,
            body=answer.body,
            started_at=started_at,
            finished_at=self._clock(),
            redirects=tuple(journey.hops),
            received=answer.received,
        )

    async def post(
        self,
        url: str,
        *,
        body: bytes,
        headers: Mapping[str, str],
        timeout: float,  # noqa: ASYNC109 - it covers less than a caller's own deadline would
    ) -> Posted | Failed:
        """POST to an address under the same guard; a redirect is not followed and comes back as its status.

        It takes no turn of its host: two receivers at one host have nothing to do with each other, nor with the pages
        there, and one that hangs must hold up neither.

        ``timeout`` is in seconds, for all up to the answer's head.

        Raises:
            ValueError: a header value that cannot be sent.
        """
        own = {"user-agent": self._settings.identification, "accept": "*/*", "accept-encoding": "identity"}
        given = {name.lower(): value for name, value in headers.items()}
        if unsendable := [name for name, value in given.items() if not is_sendable(value)]:
            raise ValueError(f"the value of the header {unsendable[0]!r} cannot be sent")
        try:
            return await self._deliver(self._journey(url, seconds=timeout), own | given, body)
        except Problem as problem:
            return self._failed(problem)

    def _journey(self, url: str, *, seconds: float) -> Journey:
        return Journey.to(url, seconds=seconds, allow_private=self._settings.allow_private)

    def _failed(self, problem: Problem) -> Failed:
        return Failed(at=self._clock(), failure=problem.failure, detail=problem.detail)

    async def _travel(
        self, journey: Journey, validators: Validators, may_follow: MayFollow | None
    ) -> _Answer | Failed:  # fmt: skip
        while True:
            answer = await self._get(journey, Validators() if journey.hops else validators)
            if answer.target is None:
                return answer
            journey.go_on(answer.target, status=answer.status, most=self._settings.max_redirects)
            if may_follow and (refused := await may_follow(journey.url)):
                return refused

    async def _get(self, journey: Journey, validators: Validators) -> _Answer:
        asked = self._headers(validators)
        conditional = "if-none-match" in asked or "if-modified-since" in asked
        async with self._turn(journey.host), self._asking(journey, "GET", asked) as response:
            headers = _plain(response)
            status = response.status_code
            head.check(status, headers, host=journey.host, conditional=conditional)
            target = head.target(status, headers, url=journey.url)
            body, received = (b"", 0)
            if target is None and head.has_body(status):
                body, received = await self._body(response, headers, host=journey.host)
        return _Answer(status=status, headers=headers, target=target, body=body, received=received)

    def _headers(self, validators: Validators) -> dict[str, str]:
        settings = self._settings
        wanted = {
            "user-agent": settings.identification,
            "accept": _ACCEPT,
            "accept-language": settings.accept_language,
            "accept-encoding": ACCEPTED,
            "if-none-match": validators.etag,
            "if-modified-since": validators.last_modified,
        }
        return {name: value for name, value in wanted.items() if value and is_sendable(value)}

    async def _body(self, response: httpx.Response, headers: head.Headers, *, host: str) -> tuple[bytes, int]:
        try:
            return await _read(response, headers, host=host, limit=self._settings.max_bytes)
        except Problem:
            # What an error page says is of little worth; that it is an error, and when to come back, is known.
            if response.status_code < 400:
                raise
            return b"", 0

    async def _deliver(self, journey: Journey, headers: dict[str, str], body: bytes) -> Posted:
        posted = None
        try:
            async with self._asking(journey, "POST", headers, body) as response:
                posted = Posted(status=response.status_code, headers=_plain(response), body_start=b"")
                posted = replace(posted, body_start=await _start(response))
        except Problem:
            # Once the status is here the message has arrived, however the rest goes.
            if posted is None:
                raise
        return posted

    def _turn(self, host: str) -> asyncio.Lock:
        return self._turns.setdefault(host, asyncio.Lock())

    @asynccontextmanager
    async def _asking(
        self, journey: Journey, method: str, headers: dict[str, str], content: bytes | None = None
    ) -> AsyncIterator[httpx.Response]:
        """The head of an answer, within the journey's time."""
        with _as_problems(journey):
            request = httpx.Request(
                method,
                journey.url,
                headers=[(name.encode(), value.encode("latin-1")) for name, value in headers.items()],
                content=content,
                extensions={"allow_private": journey.allow_private},
            )
            request.headers["connection"] = "close"
            async with journey.clock():
                response = await self._transport.handle_async_request(request)
                try:
                    journey.arrived(response.extensions.get("address", ""))
                    yield response
                finally:
                    await response.aclose()


def _plain(response: httpx.Response) -> head.Headers:
    return tuple((name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in response.headers.raw)


async def _read(response: httpx.Response, headers: head.Headers, *, host: str, limit: int) -> tuple[bytes, int]:
    """The body, decoded, and its bytes on the wire."""
    declared = head.length(headers)
    if declared is not None and declared > limit:
        raise Problem(Failure.TOO_LARGE, f"{host} announces {declared:,} bytes, more than {limit:,}.")
    decoder = Decoder(head.all_of(headers, "content-encoding"), limit=limit)
    pieces: list[bytes] = []
    received = 0
    async for raw in _pieces(response):
        received += len(raw)
        if received > limit:
            raise Problem(Failure.TOO_LARGE, f"{host} sends more than {limit:,} bytes.")
        pieces.extend(decoder.feed(raw))
    decoder.finish()
    if declared is not None and declared != received:
        raise Problem(Failure.BROKEN, f"{host} announced {declared:,} bytes and sent {received:,}.")
    return b"".join(pieces), received


async def _start(response: httpx.Response) -> bytes:
    start = b""
    async for piece in _pieces(response):
        start += piece
        if len(start) >= _POSTED_BODY:
            break
    return start[:_POSTED_BODY]


def _pieces(response: httpx.Response) -> AsyncIterator[bytes]:
    # And not ``aiter_raw``, which can't be had of a response that a test made from bytes.
    if not isinstance(response.stream, httpx.AsyncByteStream):
        raise TypeError("an asynchronous transport answers with an asynchronous stream")
    return aiter(response.stream)


def _default_trust() -> ssl.SSLContext:
    # Certifi's, so that a bare container verifies, and the system's, so that an organisation's own does.
    context = httpx.create_ssl_context(trust_env=False)
    context.load_default_certs()
    return context


@contextmanager
def _as_problems(journey: Journey) -> Iterator[None]:
    """What a transport raises, other than ours, and what asyncio raises at the deadline."""
    host = journey.host
    try:
        yield
    except (TimeoutError, httpx.TimeoutException) as exc:
        raise Problem(Failure.TIMEOUT, f"{host} gave no complete answer in time.") from exc
    except httpx.ConnectError as exc:
        raise Problem(Failure.CONNECT, f"No connection to {host}: {exc}.") from exc
    except (httpx.HTTPError, httpx.StreamError, OSError) as exc:
        raise Problem(Failure.BROKEN, f"{host} gave no complete answer: {exc or type(exc).__name__}.") from exc
    except (httpx.InvalidURL, UnicodeError) as exc:
        raise Problem(Failure.ADDRESS, f"{journey.url} is no address of the web: {exc}.") from exc


class _Direct(httpx.AsyncBaseTransport):
    """The wire as a transport."""

    def __init__(self, over: wire.Wire) -> None:
        self._wire = over

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url
        call = wire.Call(
            method=request.method,
            scheme=url.scheme,
            host=url.raw_host,
            port=url.port,
            target=url.raw_path,
            headers=request.headers.raw,
            content=request.content,
            allow_private=request.extensions["allow_private"],
        )
        answer = await self._wire.send(call)
        return httpx.Response(
            answer.status, headers=answer.headers, stream=_Stream(answer), extensions={"address": answer.address}
        )


class _Stream(httpx.AsyncByteStream):
    def __init__(self, answer: wire.Answer) -> None:
        self._answer = answer

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._answer.pieces

    async def aclose(self) -> None:
        await self._answer.aclose()
