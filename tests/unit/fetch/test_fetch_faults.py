"""Every way in which an answer can be hostile or broken ends, bounded, in a typed failure or in the whole page."""

from __future__ import annotations

import asyncio
import gzip
import struct
import time
import zlib
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

import httpcore
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from open_files import come_down_to, needs_proc, open_files

from scraper.fetch.client import Fetcher, failure_of
from scraper.model import Failed, Failure, Fetched, Request, Validators

Serve = Callable[..., AbstractAsyncContextManager[Any]]
MakeFetcher = Callable[..., Fetcher]
Script = bytes | Callable[[asyncio.StreamWriter], Awaitable[None]]

PAGE = b"<html>" + b"<p>The ministers met and agreed.</p>" * 400 + b"</html>"
ZIPPED = gzip.compress(PAGE)


def ok(body: bytes, *headers: str, length: int | None = None) -> bytes:
    """An answer with its Content-Length, or with another one."""
    lines = ["HTTP/1.1 200 OK", f"Content-Length: {len(body) if length is None else length}", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def bare(body: bytes, *headers: str) -> bytes:
    """An answer that only the end of the connection ends."""
    return "\r\n".join(["HTTP/1.1 200 OK", *headers]).encode() + b"\r\n\r\n" + body


def forever(
    piece: bytes, *, first: bytes = b"", pause: float = 0.0
) -> Callable[[asyncio.StreamWriter], Awaitable[None]]:
    """Sends a piece again and again until nobody listens."""

    async def script(writer: asyncio.StreamWriter) -> None:
        writer.write(first)
        while True:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(pause)

    return script


async def reset(writer: asyncio.StreamWriter) -> None:
    """Resets the connection in the middle of a body."""
    writer.write(ok(PAGE, length=len(PAGE) * 2))
    await writer.drain()
    await asyncio.sleep(0.02)
    linger = struct.pack("ii", 1, 0)
    writer.get_extra_info("socket").setsockopt(1, 13, linger)
    writer.transport.abort()


async def hang(_writer: asyncio.StreamWriter) -> None:
    """Never answers."""
    await asyncio.sleep(60)


BROKEN: dict[str, Script] = {
    "the body is shorter than its Content-Length": ok(PAGE, length=len(PAGE) + 100),
    "the body is longer than its Content-Length": ok(PAGE, length=len(PAGE) - 100),
    "the last chunk is missing": bare(b"5\r\nhello\r\n", "Transfer-Encoding: chunked"),
    "a chunk is cut off": bare(b"50\r\nhello", "Transfer-Encoding: chunked"),
    "the size of a chunk is no number": bare(b"zz\r\nhello\r\n0\r\n\r\n", "Transfer-Encoding: chunked"),
    "gzip is cut off under a right Content-Length": ok(ZIPPED[:-20], "Content-Encoding: gzip"),
    "gzip is cut off and so is the connection": bare(ZIPPED[:-20], "Content-Encoding: gzip"),
    "gzip has a wrong checksum": ok(ZIPPED[:-8] + b"\0" * 8, "Content-Encoding: gzip"),
    "deflate is cut off": ok(zlib.compress(PAGE)[:-3], "Content-Encoding: deflate"),
    "plain text is labelled gzip": ok(PAGE, "Content-Encoding: gzip"),
    "the content coding was not asked for": ok(PAGE, "Content-Encoding: br"),
    "the content coding is unknown": ok(PAGE, "Content-Encoding: rot13"),
    "a part of the page was not asked for": b"HTTP/1.1 206 Partial Content\r\nContent-Length: 3\r\n\r\nabc",
    "304 without a condition": b"HTTP/1.1 304 Not Modified\r\n\r\n",
    "two different Content-Lengths": ok(PAGE, "Content-Length: 7"),
    "Content-Length and chunks": ok(b"5\r\nhello\r\n0\r\n\r\n", "Transfer-Encoding: chunked"),
    "an unknown transfer coding": bare(PAGE, "Transfer-Encoding: gzip"),
    "HTTP/0.9": PAGE,
    "another protocol": b"SSH-2.0-OpenSSH_9.2\r\n",
    "an empty reply": b"",
    "a head without an end": b"HTTP/1.1 200 OK\r\nContent-Le",
    "NUL in a header": ok(PAGE, "X-A: a\0b"),
    "a header without a colon": ok(PAGE, "nonsense"),
    "a header of five megabytes": ok(PAGE, "X-A: " + "a" * 5_000_000),
    "a hundred thousand headers": ok(PAGE, *["X-A: a"] * 100_000),
    "headers without end": forever(b"X-A: aaaaaaaaaaaaaaa\r\n" * 1_000, first=b"HTTP/1.1 200 OK\r\n"),
    "a header line without end": forever(b"a" * 10_000, first=b"HTTP/1.1 200 OK\r\nX-A: "),
    "a flood of interim answers": forever(b"HTTP/1.1 103 Early Hints\r\n\r\n" * 500),
    "a switch of protocols": b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\nabc",
    "a body in crumbs": forever(b"1\r\na\r\n" * 2_000, first=bare(b"", "Transfer-Encoding: chunked")),
    "a reset in the middle": reset,
}

SLOW: dict[str, Script] = {
    "a server that never answers": hang,
    "a body of one byte at a time": forever(b"a", first=ok(b"", length=1_000), pause=0.02),
    "headers of one byte at a time": forever(b"a", first=b"HTTP/1.1 200 OK\r\nX-A: ", pause=0.02),
    "a header line now and then": forever(b"X-A: a\r\n", first=b"HTTP/1.1 200 OK\r\n", pause=0.02),
    "an interim answer now and then": forever(b"HTTP/1.1 103 Early Hints\r\n\r\n", pause=0.02),
    "a chunk now and then": forever(b"1\r\na\r\n", first=bare(b"", "Transfer-Encoding: chunked"), pause=0.02),
}

TOO_LARGE: dict[str, Script] = {
    "an announced size": ok(b"", length=10**9),
    "an announced size beyond all measure": ok(b"", length=10**17),
    "an endless body": forever(b"a" * 60_000, first=bare(b"")),
    "endless chunks": forever(b"2000\r\n" + b"a" * 8192 + b"\r\n", first=bare(b"", "Transfer-Encoding: chunked")),
    "a bomb": ok(gzip.compress(b"\0" * 50_000_000), "Content-Encoding: gzip"),
    "a bomb in a bomb": ok(gzip.compress(gzip.compress(b"\0" * 50_000_000)), "Content-Encoding: gzip, gzip"),
    "endless gzip": forever(b"\0" * 60_000, first=bare(ZIPPED, "Content-Encoding: gzip")),
}

WHOLE: dict[str, tuple[Script, bytes]] = {
    "Content-Length": (ok(PAGE), PAGE),
    "the same Content-Length twice": (ok(PAGE, f"Content-Length: {len(PAGE)}"), PAGE),
    "the end of the connection": (bare(PAGE), PAGE),
    "chunks": (bare(b"3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nTrailer: x\r\n\r\n", "Transfer-Encoding: chunked"), b"abcde"),
    "gzip": (ok(ZIPPED, "Content-Encoding: gzip"), PAGE),
    "two members of gzip": (ok(ZIPPED + ZIPPED, "Content-Encoding: gzip"), PAGE * 2),
    "gzip and garbage": (ok(ZIPPED + b"garbage", "Content-Encoding: gzip"), PAGE),
    "deflate": (ok(zlib.compress(PAGE), "Content-Encoding: deflate"), PAGE),
    "gzip in chunks": (
        bare(b"%x\r\n%b\r\n0\r\n\r\n" % (len(ZIPPED), ZIPPED), "Transfer-Encoding: chunked", "Content-Encoding: gzip"),
        PAGE,
    ),
    "interim answers before it": (b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" * 20 + ok(PAGE), PAGE),
    "a line break after the body": (ok(PAGE) + b"\r\n", PAGE),
    "HTTP/1.0": (b"HTTP/1.0 200 OK\r\n\r\n" + PAGE, PAGE),
    "NUL and bad UTF-8": (ok(b"a\0b\xff\xfe"), b"a\0b\xff\xfe"),
}


async def get(serve: Serve, fetcher: MakeFetcher, script: Script, **given: Any) -> Fetched | Failed:
    async with serve(script) as site, fetcher(**given) as making:
        return await making.fetch(Request(url=site.url()))


@pytest.mark.parametrize("fault", BROKEN)
async def test_a_broken_answer_is_no_page(fault: str, serve: Serve, fetcher: MakeFetcher) -> None:
    began = time.monotonic()
    answer = await get(serve, fetcher, BROKEN[fault])
    assert isinstance(answer, Failed), answer
    assert answer.failure is Failure.BROKEN, answer
    assert answer.detail.startswith(("127.0.0.1", "The ", "No answer"))
    assert answer.detail.isprintable()
    assert time.monotonic() - began < 10


@pytest.mark.parametrize("fault", SLOW)
async def test_a_slow_answer_ends_at_the_deadline(fault: str, serve: Serve, fetcher: MakeFetcher) -> None:
    began = time.monotonic()
    answer = await get(serve, fetcher, SLOW[fault], timeout=0.3)
    assert isinstance(answer, Failed), answer
    assert answer.failure is Failure.TIMEOUT, answer
    assert 0.25 < time.monotonic() - began < 10


@pytest.mark.parametrize("fault", TOO_LARGE)
async def test_a_large_answer_ends_at_the_limit(fault: str, serve: Serve, fetcher: MakeFetcher) -> None:
    answer = await get(serve, fetcher, TOO_LARGE[fault], max_bytes=200_000, timeout=10.0)
    assert isinstance(answer, Failed), answer
    assert answer.failure is Failure.TOO_LARGE, answer
    assert "bytes" in answer.detail


@pytest.mark.parametrize("framing", WHOLE)
async def test_a_whole_answer_is_had_whole(framing: str, serve: Serve, fetcher: MakeFetcher) -> None:
    script, body = WHOLE[framing]
    answer = await get(serve, fetcher, script)
    assert isinstance(answer, Fetched), answer
    assert (answer.status, answer.body) == (200, body)


async def test_an_error_page_that_is_broken_still_is_that_error(serve: Serve, fetcher: MakeFetcher) -> None:
    script = b"HTTP/1.1 503 Busy\r\nRetry-After: 60\r\nContent-Encoding: gzip\r\nContent-Length: 900\r\n\r\noops"
    answer = await get(serve, fetcher, script)
    assert isinstance(answer, Fetched)
    assert (answer.status, answer.body) == (503, b"")


async def test_an_empty_page_is_a_failure_of_the_status_and_not_of_the_fetch(
    serve: Serve, fetcher: MakeFetcher
) -> None:
    """An empty robots.txt is a good one."""
    answer = await get(serve, fetcher, ok(b""))
    assert isinstance(answer, Fetched)
    failed = failure_of(answer, answer.finished_at)
    assert failed is not None
    assert failed.failure is Failure.BROKEN


async def test_a_closed_port_is_a_failure_to_connect(serve: Serve, fetcher: MakeFetcher) -> None:
    async with serve(b"") as site:
        url = site.url()
    async with fetcher() as making:
        answer = await making.fetch(Request(url=url))
    assert isinstance(answer, Failed)
    assert answer.failure is Failure.CONNECT
    assert "refused" in answer.detail.lower()


async def test_control_characters_of_a_server_do_not_reach_the_detail(serve: Serve, fetcher: MakeFetcher) -> None:
    answer = await get(
        serve, fetcher, b"HTTP/1.1 302 Found\r\nLocation: data:\xc2\x9b31m\xe2\x80\xae" + b"x" * 900 + b"\r\n\r\n"
    )
    assert isinstance(answer, Failed)
    assert answer.failure is Failure.ADDRESS
    assert answer.detail.isprintable()
    assert len(answer.detail) <= 300


# --- any bytes --------------------------------------------------------------------------------------------------------

HEADS = st.sampled_from(
    [
        b"HTTP/1.1 200 OK\r\n",
        b"HTTP/1.1 304 Not Modified\r\n",
        b"HTTP/1.1 301 Moved\r\nLocation: ",
        b"HTTP/1.1 103 Early\r\n\r\n",
        b"HTTP/1.1 204 No Content\r\n",
        b"Content-Encoding: gzip\r\n",
        b"Content-Encoding: deflate\r\n",
        b"Transfer-Encoding: chunked\r\n",
        b"Content-Length: 5\r\n",
        b"Location: //\xff\xfe/\r\n",
        b"Location: http://[::1\r\n",
        b"Location: http://xn--a/\r\n",
        b"ETag: \xff\r\n",
        b"\r\n",
        b"5\r\nhello\r\n",
        b"0\r\n\r\n",
        ZIPPED,
        b"hello",
    ]
)


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.one_of(HEADS, st.binary(max_size=30)), max_size=12))
@example([b"HTTP/1.1 301 Moved\r\nLocation: http://xn--a/\r\n\r\n"])
@example([b"HTTP/1.1 301 Moved\r\nLocation: http://h:99999/\r\n\r\n"])
@example([b"HTTP/1.1 301 Moved\r\nLocation: \r\n\r\n"])
def test_whatever_a_server_sends_is_an_answer_or_a_failure(fetcher: MakeFetcher, sent: list[bytes]) -> None:
    async def resolve(_host: str, _port: int) -> list[str]:
        return ["93.184.216.34"]

    async def ask() -> Fetched | Failed:
        seams = {"dial": httpcore.AsyncMockBackend(list(sent)), "resolve": resolve}
        async with fetcher(seams=seams, allow_private=False, timeout=5.0) as making:
            return await making.fetch(Request(url="http://example.org/", validators=Validators(etag='"a"')))

    answer = asyncio.run(ask())
    assert isinstance(answer, Fetched | Failed)
    if isinstance(answer, Fetched):
        failure_of(answer, answer.finished_at)
    else:
        assert answer.detail.isprintable()


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.one_of(st.text(), st.text().map("http://{}".format), st.from_regex(r"https?://[^/]*(/.*)?")))
@example("http://[::1%25eth0]/")
@example("http://a..b/")
@example("http://" + "a" * 64 + ".test/")
def test_whatever_is_asked_for_is_an_answer_or_a_failure(fetcher: MakeFetcher, url: str) -> None:
    async def resolve(host: str, _port: int) -> list[str]:
        host.encode("ascii")
        return ["93.184.216.34"]

    async def ask() -> Fetched | Failed:
        seams = {"dial": httpcore.AsyncMockBackend([ok(PAGE)]), "resolve": resolve}
        async with fetcher(seams=seams, allow_private=False, timeout=5.0) as making:
            return await making.fetch(Request(url=url))

    assert isinstance(asyncio.run(ask()), Fetched | Failed)


# --- leaks ------------------------------------------------------------------------------------------------------------


@needs_proc
async def test_three_hundred_failing_fetches_leave_no_open_file(serve: Serve, fetcher: MakeFetcher) -> None:
    faults = [*BROKEN.items(), *SLOW.items(), *TOO_LARGE.items()]
    order = [faults[number % len(faults)] for number in range(300)]
    pages = {f"/{number}": script for number, (_, script) in enumerate(faults)}
    paths = {name: f"/{number}" for number, (name, _) in enumerate(faults)}
    before = open_files()
    async with fetcher(timeout=0.15, max_bytes=200_000) as making:
        async with serve(pages, host="0.0.0.0") as site:
            # Each on a loopback address of its own, since a host is asked one thing at a time.
            hosts = [f"http://127.0.{number // 200}.{number % 200 + 1}:{site.port}" for number in range(300)]
            gate = asyncio.Semaphore(30)

            async def one(host: str, name: str) -> None:
                async with gate:
                    assert isinstance(await making.fetch(Request(url=host + paths[name])), Failed)

            await asyncio.gather(*(one(host, name) for host, (name, _) in zip(hosts, order, strict=True)))
        assert await come_down_to(before)
