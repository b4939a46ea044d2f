"""One connection for each request: dialled by the guard, counted, and closed with its answer.

Nothing is kept alive. An answer can thus never be mistaken for another's (left-over bytes of one response are the start
of the next on a reused connection), no pool has to be searched when a thousand hosts are polled, and no idle socket is
left to close. The price is a TLS handshake for each request, which politeness towards a host makes cheap.

Foreign exceptions become a :class:`~scraper.fetch.problem.Problem` here.
"""

from __future__ import annotations

import os
import ssl
from collections.abc import AsyncGenerator, AsyncIterable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import httpcore

from scraper.fetch.guard import Dial, GuardedBackend, Resolve
from scraper.fetch.problem import Problem
from scraper.model import Failure

__all__ = ["Answer", "Call", "Wire"]

_MOST_HEAD = 400_000
"""Bytes before a final answer has begun: h11 bounds one header block to 100 KB, this the interim answers as well."""
_MOST_CRUMBS = 20_000
_CRUMB = 64
"""A body of over 20,000 pieces that average less than 64 bytes costs more to take apart than any page is worth."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A request, down to the bytes."""

    method: str
    scheme: str
    host: bytes
    port: int | None
    target: bytes
    headers: list[tuple[bytes, bytes]]
    content: bytes = b""
    allow_private: bool = False


class Wire:
    """Makes calls."""

    def __init__(self, *, trust: ssl.SSLContext, resolve: Resolve, dial: Dial | None = None) -> None:
        self._trust = trust
        self._resolve = resolve
        self._dial = dial

    async def send(self, call: Call) -> Answer:
        """The head of the answer, its body still to come; the caller closes it.

        Raises:
            Problem: ``address``, ``dns``, ``connect``, ``tls``, ``timeout`` or ``broken``.
        """
        backend = _MeteredBackend(
            GuardedBackend(allow_private=call.allow_private, resolve=self._resolve, dial=self._dial)
        )
        url = httpcore.URL(scheme=call.scheme, host=call.host, port=call.port, target=call.target)
        connection = httpcore.AsyncHTTPConnection(url.origin, ssl_context=self._trust, network_backend=backend)
        request = httpcore.Request(call.method, url, headers=call.headers, content=call.content or None)
        host = call.host.decode("ascii", "replace") + ("" if call.port is None else f":{call.port}")
        try:
            with _as_problems(host):
                response = await connection.handle_async_request(request)
        except BaseException:
            await backend.aclose()
            raise
        return Answer(response, backend=backend, host=host)


class Answer:
    """An answer whose head is here and whose body is read by iterating over ``pieces``."""

    def __init__(self, response: httpcore.Response, *, backend: _MeteredBackend, host: str) -> None:
        self.status = response.status
        self.headers: list[tuple[bytes, bytes]] = list(response.headers)
        # Both are kept to be closed here: left to the garbage collector they would be closed in some later task.
        self._stream = _generator(response)
        self.pieces = self._read()
        """The body as it arrives, chunked coding undone, content coding not. Raises Problem (broken, timeout)."""
        self._backend = backend
        self._host = host
        self._names = {name.lower() for name, _ in self.headers}
        backend.head_is_here()

    @property
    def address(self) -> str:
        """The IP address that answered."""
        return self._backend.address

    async def _read(self) -> AsyncGenerator[bytes, None]:
        last = b""
        count = total = 0
        with _as_problems(self._host):
            async for piece in self._stream:
                last = piece
                count += 1
                total += len(piece)
                if count > _MOST_CRUMBS and total < count * _CRUMB:
                    raise Problem(Failure.BROKEN, f"{self._host} sends its body in crumbs of a few bytes.")
                yield piece
        # What h11 has not handed out of the last read came after the end that Content-Length had announced.
        if b"content-length" in self._names and not self._backend.last.rstrip().endswith(last.rstrip()):
            raise Problem(Failure.BROKEN, f"{self._host} sent more than its Content-Length of {total:,} bytes.")

    async def aclose(self) -> None:
        """Closes the connection."""
        await self._backend.aclose()
        await self.pieces.aclose()
        await self._stream.aclose()


def _generator(response: httpcore.Response) -> AsyncGenerator[bytes, None]:
    stream = aiter(response.stream) if isinstance(response.stream, AsyncIterable) else None
    if not isinstance(stream, AsyncGenerator):
        raise TypeError("the streams of httpcore's asynchronous connections are asynchronous generators")
    return stream


class _MeteredBackend(httpcore.AsyncNetworkBackend):
    """Keeps hold of the connection that it made, so that it is closed whatever happens, and counts what arrives."""

    def __init__(self, inner: GuardedBackend) -> None:
        self._inner = inner
        self._stream: httpcore.AsyncNetworkStream | None = None
        self._left: int | None = _MOST_HEAD
        self.last = b""

    @property
    def address(self) -> str:
        """The IP address that was dialled."""
        return self._inner.dialled

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's interface
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        self._stream = await self._inner.connect_tcp(host, port, timeout, local_address, socket_options)
        return _MeteredStream(self._stream, meter=self)

    def count(self, data: bytes) -> None:
        """Takes note of what arrived."""
        self.last = data or self.last
        if self._left is None:
            return
        self._left -= len(data)
        if self._left < 0:
            raise Problem(Failure.BROKEN, f"No answer began within {_MOST_HEAD:,} bytes of headers.")

    def head_is_here(self) -> None:
        """From now on the body arrives, which its reader bounds."""
        self._left = None

    async def aclose(self) -> None:
        """Closes the connection, if there is one."""
        if self._stream is not None:
            await self._stream.aclose()


class _MeteredStream(httpcore.AsyncNetworkStream):
    def __init__(self, inner: httpcore.AsyncNetworkStream, *, meter: _MeteredBackend) -> None:
        self._inner = inner
        self._meter = meter

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109 - likewise
        data = await self._inner.read(max_bytes, timeout)
        self._meter.count(data)
        return data

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109 - likewise
        await self._inner.write(buffer, timeout)

    async def aclose(self) -> None:
        await self._inner.aclose()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109 - likewise
    ) -> httpcore.AsyncNetworkStream:
        return _MeteredStream(await self._inner.start_tls(ssl_context, server_hostname, timeout), meter=self._meter)

    def get_extra_info(self, info: str) -> object:
        return self._inner.get_extra_info(info)


# --- exceptions -------------------------------------------------------------------------------------------------------


@contextmanager
def _as_problems(host: str) -> Iterator[None]:
    try:
        yield
    except (httpcore.TimeoutException, TimeoutError) as exc:
        raise Problem(Failure.TIMEOUT, f"{host} did not answer in time.") from exc
    except httpcore.ConnectError as exc:
        raise _unconnected(host, exc) from exc
    except httpcore.NetworkError as exc:
        raise Problem(Failure.BROKEN, f"{host} cut the connection.") from exc
    except httpcore.RemoteProtocolError as exc:
        raise Problem(Failure.BROKEN, f"{host} broke the protocol: {_clause(exc)}.") from exc
    except httpcore.LocalProtocolError as exc:
        raise Problem(Failure.BROKEN, f"The request to {host} cannot be sent: {_clause(exc)}.") from exc
    except ssl.SSLError as exc:
        raise Problem(Failure.TLS, f"The TLS connection to {host} failed: {_reason(exc)}.") from exc
    except OSError as exc:
        raise Problem(Failure.CONNECT, f"The connection to {host} failed: {_clause(exc)}.") from exc


def _unconnected(host: str, exc: BaseException) -> Problem:
    cause = _root(exc)
    if isinstance(cause, ssl.SSLError):
        return Problem(Failure.TLS, f"The TLS connection to {host} failed: {_reason(cause)}.")
    # Asyncio puts the address where strerror belongs.
    why = os.strerror(cause.errno) if isinstance(cause, OSError) and cause.errno else "it closed the connection"
    return Problem(Failure.CONNECT, f"No connection to {host}: {why}.")


def _clause(exc: BaseException) -> str:
    return str(exc).rstrip(". ") or type(exc).__name__


def _root(exc: BaseException) -> BaseException:
    while exc.__cause__ is not None:
        exc = exc.__cause__
    return exc


def _reason(exc: ssl.SSLError) -> str:
    if isinstance(exc, ssl.SSLCertVerificationError):
        return exc.verify_message
    return (exc.reason or str(exc)).lower().replace("_", " ")
