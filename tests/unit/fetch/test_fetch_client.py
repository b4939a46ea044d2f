"""What a fetch asks for, where it goes, and what it hands over."""

from __future__ import annotations

import asyncio
import shutil
import ssl
import subprocess
import time
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from open_files import come_down_to, needs_proc, open_files

from scraper.fetch.client import Fetcher, FetchSettings, Posted
from scraper.model import Failed, Failure, Fetched, Redirect, Request, Validators

Serve = Callable[..., AbstractAsyncContextManager[Any]]
MakeFetcher = Callable[..., Fetcher]
Detour = Callable[..., Any]

OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 2\r\n\r\nhi"
PUBLIC = "93.184.216.34"
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def moved(location: str, status: int = 302) -> bytes:
    return f"HTTP/1.1 {status} Moved\r\nLocation: ".encode() + location.encode() + b"\r\n\r\n"


def names(**table: list[str]) -> Callable[[str, int], Awaitable[list[str]]]:
    """A resolver over a table; "_" in a name stands for a dot."""

    async def resolve(host: str, _port: int) -> list[str]:
        return table[host.replace(".", "_")]

    return resolve


def fields(head: bytes) -> dict[str, str]:
    lines = head.decode("latin-1").split("\r\n")[1:]
    return {name.lower(): value for line in lines if line for name, _, value in [line.partition(": ")]}


# --- the request ------------------------------------------------------------------------------------------------------


async def test_a_request_says_who_asks_and_nothing_about_cookies(serve: Serve, fetcher: MakeFetcher) -> None:
    settings = {"contact": "https://watch.example/bot", "accept_language": "en"}
    async with serve(OK) as site, fetcher(**settings) as making:
        await making.fetch(Request(url=site.url("/a?b=c#d")))
        sent = fields(site.requests[0])
        assert site.requests[0].startswith(b"GET /a?b=c HTTP/1.1\r\n")
    assert sent == {
        "host": f"127.0.0.1:{site.port}",
        "user-agent": "presswatch/0.1 (+https://watch.example/bot)",
        "accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
        "accept-language": "en",
        "accept-encoding": "gzip, deflate",
        "connection": "close",
    }


async def test_cookies_are_not_kept(serve: Serve, fetcher: MakeFetcher) -> None:
    pages = {"/": moved("/b").replace(b"Location", b"Set-Cookie: a=b\r\nLocation"), "/b": OK}
    async with serve(pages) as site, fetcher() as making:
        await making.fetch(Request(url=site.url()))
        await making.fetch(Request(url=site.url()))
        assert len(site.requests) == 4
        assert not any(b"ookie" in head for head in site.requests)


async def test_a_proxy_in_the_environment_is_ignored(
    serve: Serve, fetcher: MakeFetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1/")
    async with serve(OK) as site, fetcher() as making:
        assert isinstance(await making.fetch(Request(url=site.url())), Fetched)


@pytest.mark.parametrize("etag", ['"abc"', 'W/"a b"', "unquoted", '"\xe9\xff"', '"' + "x" * 900 + '"'])
async def test_validators_are_sent_back_as_they_came(etag: str, serve: Serve, fetcher: MakeFetcher) -> None:
    given = f"ETag: {etag}\r\nLast-Modified: yesterday, more or less\r\n".encode("latin-1")
    async with serve(OK.replace(b"Content-Type", given + b"Content-Type")) as site, fetcher() as making:
        first = await making.fetch(Request(url=site.url()))
        assert isinstance(first, Fetched)
        await making.fetch(Request(url=site.url(), validators=first.validators))
        sent = fields(site.requests[1])
    assert (sent["if-none-match"], sent["if-modified-since"]) == (etag, "yesterday, more or less")


async def test_304_to_a_condition_is_an_answer_without_body(serve: Serve, fetcher: MakeFetcher) -> None:
    script = b'HTTP/1.1 304 Not Modified\r\nETag: "a"\r\nContent-Length: 900\r\n\r\n'
    async with serve(script) as site, fetcher() as making:
        answer = await making.fetch(Request(url=site.url(), validators=Validators(etag='"a"')))
    assert isinstance(answer, Fetched)
    assert (answer.status, answer.body) == (304, b"")


@pytest.mark.parametrize("etag", ["a\r\nX-Injected: 1", " a", "\u2028", "", "\x00"])
async def test_validators_that_are_no_header_values_are_not_sent(etag: str, serve: Serve, fetcher: MakeFetcher) -> None:
    async with serve(OK) as site, fetcher() as making:
        assert isinstance(await making.fetch(Request(url=site.url(), validators=Validators(etag=etag))), Fetched)
        assert "if-none-match" not in fields(site.requests[0])
        assert b"Injected" not in site.requests[0]


async def test_validators_are_not_sent_to_where_a_redirect_leads(serve: Serve, fetcher: MakeFetcher) -> None:
    async with serve({"/": moved("/b"), "/b": OK}) as site, fetcher() as making:
        await making.fetch(Request(url=site.url(), validators=Validators(etag='"a"')))
        asked = ["if-none-match" in fields(head) for head in site.requests]
    assert asked == [True, False]


async def test_304_from_where_a_redirect_leads_is_broken(serve: Serve, fetcher: MakeFetcher) -> None:
    pages = {"/": moved("/b"), "/b": b"HTTP/1.1 304 Not Modified\r\n\r\n"}
    async with serve(pages) as site, fetcher() as making:
        answer = await making.fetch(Request(url=site.url(), validators=Validators(etag='"a"')))
    assert isinstance(answer, Failed)
    assert answer.failure is Failure.BROKEN


@pytest.mark.parametrize("value", ["bot\r\nX: y", "", " bot", "b\u00f6t \u2028"])
async def test_a_user_agent_that_cannot_be_sent_is_an_error_of_the_settings(value: str) -> None:
    with pytest.raises(ValueError, match="cannot be sent"):
        FetchSettings(user_agent=value)


# --- the answer -------------------------------------------------------------------------------------------------------


async def test_an_answer_is_handed_over_with_its_headers_and_sizes(serve: Serve, fetcher: MakeFetcher) -> None:
    script = b"HTTP/1.1 404 Not Found\r\nX-Two: a\r\nX-TWO: \xc3\xa9\r\nContent-Length: 4\r\n\r\ngone"
    async with serve(script) as site, fetcher() as making:
        answer = await making.fetch(Request(url=site.url()))
    assert isinstance(answer, Fetched)
    assert (answer.status, answer.body, answer.received) == (404, b"gone", 4)
    assert answer.headers == (("x-two", "a"), ("x-two", "\xc3\xa9"), ("content-length", "4"))
    assert (answer.url, answer.final_url, answer.redirects) == (site.url(), site.url(), ())


@pytest.mark.parametrize("status", [200, 203, 300, 400, 401, 404, 410, 429, 451, 500, 503, 599, 999])
async def test_no_status_is_a_failure_of_the_fetch(status: int, serve: Serve, fetcher: MakeFetcher) -> None:
    script = f"HTTP/1.1 {status} Whatever\r\nContent-Length: 2\r\n\r\nhi".encode()
    async with serve(script) as site, fetcher() as making:
        answer = await making.fetch(Request(url=site.url()))
    assert isinstance(answer, Fetched)
    assert (answer.status, answer.body) == (status, b"hi")


# --- redirects --------------------------------------------------------------------------------------------------------


async def test_redirects_are_followed_and_noted(serve: Serve, fetcher: MakeFetcher) -> None:
    pages = {"/": moved("b c#frag", 301), "/b%20c": moved("/d?\u00e9", 308), "/d?%C3%A9": OK}
    async with serve(pages) as site, fetcher() as making:
        answer = await making.fetch(Request(url=site.url()))
    assert isinstance(answer, Fetched), answer
    assert answer.final_url == site.url("/d?%C3%A9")
    hops = (Redirect(status=301, url=site.url()), Redirect(status=308, url=site.url("/b%20c")))
    assert answer.redirects == hops
    assert answer.is_permanent_redirect


async def test_who_asks_says_of_each_redirect_whether_it_may_be_followed(serve: Serve, fetcher: MakeFetcher) -> None:
    asked: list[str] = []
    refusal = Failed(at=NOW, failure=Failure.ROBOTS, detail="not there")

    async def may_follow(url: str) -> Failed | None:
        asked.append(url)
        return refusal if url.endswith("/c") else None

    async with serve({"/": moved("/b"), "/b": moved("/c"), "/c": OK}) as site, fetcher() as making:
        assert await making.fetch(Request(url=site.url()), may_follow=may_follow) == refusal
        assert asked == [site.url("/b"), site.url("/c")]
        assert len(site.requests) == 2


async def test_the_time_until_a_redirect_may_be_followed_does_not_count(serve: Serve, fetcher: MakeFetcher) -> None:
    async def may_follow(url: str) -> None:
        await asyncio.sleep(2.1)

    async with serve({"/": moved("/b"), "/b": OK}) as site, fetcher(timeout=2) as making:
        assert isinstance(await making.fetch(Request(url=site.url()), may_follow=may_follow), Fetched)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_with_a_hostile_body_is_followed_at_once(
    status: int, serve: Serve, fetcher: MakeFetcher
) -> None:
    async def endless(writer: asyncio.StreamWriter) -> None:
        writer.write(moved("/b", status))
        while True:
            writer.write(b"x" * 1000)
            await writer.drain()

    async with serve({"/": endless, "/b": OK}) as site, fetcher() as making:
        assert isinstance(await making.fetch(Request(url=site.url())), Fetched)


@pytest.mark.parametrize("location", ["/", "", "?", "#top", "/b"])
async def test_a_circle_ends(location: str, serve: Serve, fetcher: MakeFetcher) -> None:
    async with serve({"/": moved(location), "/?": moved("/"), "/b": moved("/")}) as site, fetcher() as making:
        answer = await making.fetch(Request(url=site.url()))
        assert len(site.requests) <= 3
    assert isinstance(answer, Failed)
    assert answer.failure is Failure.REDIRECTS
    assert answer.detail == f"{site.url()} redirects in a circle."


async def test_five_redirects_are_followed_and_a_sixth_is_not(serve: Serve, fetcher: MakeFetcher) -> None:
    pages = {"/": moved("/1")} | {f"/{number}": moved(f"/{number + 1}") for number in range(1, 20)}
    async with serve(pages | {"/5": OK}) as site, fetcher() as making:
        assert isinstance(await making.fetch(Request(url=site.url())), Fetched)
    async with serve(pages) as site, fetcher() as making:
        answer = await making.fetch(Request(url=site.url()))
        assert len(site.requests) == 6
    assert isinstance(answer, Failed)
    assert (answer.failure, answer.detail) == (Failure.REDIRECTS, f"{site.url()} redirects more than 5 times.")


async def test_one_deadline_is_for_all_hops(serve: Serve, fetcher: MakeFetcher) -> None:
    count = 0

    async def slow(writer: asyncio.StreamWriter) -> None:
        nonlocal count
        count += 1
        await asyncio.sleep(0.15)
        writer.write(moved(f"/{count}"))

    began = time.monotonic()
    async with serve(slow) as site, fetcher(timeout=0.4) as making:
        answer = await making.fetch(Request(url=site.url()))
    assert isinstance(answer, Failed)
    assert answer.failure is Failure.TIMEOUT
    assert time.monotonic() - began < 10


@pytest.mark.parametrize(
    "location",
    ["file:///etc/passwd", "ftp://a.test/", "gopher://a.test/", "data:text/html,hi", "javascript:alert(1)", "http://"],
)
async def test_a_redirect_out_of_the_web_is_refused(location: str, serve: Serve, fetcher: MakeFetcher) -> None:
    async with serve(moved(location)) as site, fetcher() as making:
        answer = await making.fetch(Request(url=site.url()))
    assert isinstance(answer, Failed)
    assert answer.failure is Failure.ADDRESS


INSIDE = [
    "http://127.0.0.1/",
    "http://127.1/",
    "http://2130706433/",
    "http://0x7f000001/",
    "http://0/",
    "http://[::1]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:a00:5]/",
    "//10.0.0.5/",
    "http://169.254.169.254/latest/meta-data/",
    "http://inside.test/",
    "http://inside.test./",
    "http://public.test@127.0.0.1/",
    "http://127.0.0.1\\@public.test/",
    "http:\\\\127.0.0.1\\",
    "http://\uff11\uff12\uff17.0.0.1/",
    "http://\u2460\u2461\u2466.0.0.1/",
    "http://public.test:22/",
    "http://public.test:6379/",
]


@pytest.mark.parametrize("location", INSIDE)
@pytest.mark.parametrize("status", [302, 307])
async def test_a_redirect_into_the_private_network_is_refused(
    location: str, status: int, serve: Serve, fetcher: MakeFetcher, detour: Detour
) -> None:
    resolve = names(public_test=[PUBLIC], inside_test=["10.0.0.5"], inside_test_=["10.0.0.5"])
    async with serve({"/": moved("/2"), "/2": moved(location, status)}) as site:
        dial = detour(site.port)
        async with fetcher(allow_private=False, seams={"dial": dial, "resolve": resolve}) as making:
            answer = await making.fetch(Request(url="http://public.test/"))
        assert len(site.requests) == 2
    assert isinstance(answer, Failed), answer
    assert answer.failure is Failure.ADDRESS
    assert dial.dialled == [PUBLIC, PUBLIC]


@pytest.mark.parametrize("url", INSIDE)
async def test_a_private_address_is_refused_by_default(url: str, fetcher: MakeFetcher, detour: Detour) -> None:
    resolve = names(public_test=[PUBLIC], inside_test=["10.0.0.5"], inside_test_=["10.0.0.5"])
    dial = detour(1)
    async with fetcher(allow_private=False, seams={"dial": dial, "resolve": resolve}) as making:
        got = await making.fetch(Request(url="http:" + url if url.startswith("//") else url))
        posted = await making.post(url, body=b"{}", headers={}, timeout=1)
    assert isinstance(got, Failed)
    assert isinstance(posted, Failed)
    assert (got.failure, posted.failure) == (Failure.ADDRESS, Failure.ADDRESS)
    assert dial.dialled == []


async def test_a_name_rebound_between_two_hops_is_refused(serve: Serve, fetcher: MakeFetcher, detour: Detour) -> None:
    answers = iter([[PUBLIC], ["127.0.0.1"]])

    async def resolve(_host: str, _port: int) -> list[str]:
        return next(answers)

    async with serve(moved("/again")) as site:
        dial = detour(site.port)
        async with fetcher(allow_private=False, seams={"dial": dial, "resolve": resolve}) as making:
            answer = await making.fetch(Request(url="http://rebind.test/"))
    assert isinstance(answer, Failed)
    assert answer.failure is Failure.ADDRESS
    assert dial.dialled == [PUBLIC]


async def test_a_public_site_may_not_lead_inside_even_where_inside_may_be_asked(
    serve: Serve, fetcher: MakeFetcher, detour: Detour
) -> None:
    resolve = names(public_test=[PUBLIC], inside_test=["10.0.0.5"])
    async with serve({"/": moved("http://inside.test/in"), "/in": OK}) as site:
        dial = detour(site.port)
        async with fetcher(seams={"dial": dial, "resolve": resolve}) as making:
            assert isinstance(await making.fetch(Request(url="http://inside.test/")), Fetched)
            answer = await making.fetch(Request(url="http://public.test/"))
    assert isinstance(answer, Failed)
    assert answer.failure is Failure.ADDRESS
    assert dial.dialled == ["10.0.0.5", "10.0.0.5", PUBLIC]


@pytest.mark.parametrize("url", ["", "example.org", "/a", "mailto:a@b.test", "file:///etc/passwd", "http://", "\x00"])
async def test_what_is_no_web_address_is_refused(url: str, fetcher: MakeFetcher) -> None:
    async with fetcher() as making:
        answer = await making.fetch(Request(url=url))
    assert isinstance(answer, Failed)
    assert answer.failure is Failure.ADDRESS


# --- one at a time ----------------------------------------------------------------------------------------------------


async def test_a_host_is_asked_one_thing_at_a_time(serve: Serve, fetcher: MakeFetcher) -> None:
    async def slow(writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.1)
        writer.write(OK)

    async with serve(slow) as site, fetcher(timeout=2) as making:
        answers = await asyncio.gather(*(making.fetch(Request(url=site.url(f"/{n}"))) for n in range(25)))
        assert site.most_at_once == 1
    # 25 times 0.1 s is more than the deadline: it counts from the host's turn.
    assert all(isinstance(answer, Fetched) for answer in answers)


async def test_a_slow_host_does_not_delay_another(serve: Serve, fetcher: MakeFetcher) -> None:
    async def hang(_writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(60)

    async with serve(hang) as stuck, serve(OK) as site, fetcher(timeout=10) as making:
        waiting = [asyncio.ensure_future(making.fetch(Request(url=stuck.url(f"/{n}")))) for n in range(50)]
        await asyncio.sleep(0)
        began = time.monotonic()
        assert isinstance(await making.fetch(Request(url=site.url())), Fetched)
        assert time.monotonic() - began < 100, "the fifty before it take 500 s"
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)


async def test_two_hosts_that_redirect_to_each_other_do_not_lock_up(serve: Serve, fetcher: MakeFetcher) -> None:
    async with serve({}) as one, serve({}) as two, fetcher() as making:
        one.pages = {"/": moved(two.url("/end")), "/end": OK}
        two.pages = {"/": moved(one.url("/end")), "/end": OK}
        urls = [one.url(), two.url()] * 10
        answers = await asyncio.gather(*(making.fetch(Request(url=url)) for url in urls))
    assert all(isinstance(answer, Fetched) for answer in answers)


async def test_two_hundred_hosts_are_asked_at_once(serve: Serve, fetcher: MakeFetcher) -> None:
    come, enough = list[int](), asyncio.Event()

    async def held(writer: asyncio.StreamWriter) -> None:
        come.append(1)
        if len(come) > 50:
            enough.set()
        await enough.wait()
        writer.write(OK)

    async with serve(held, host="0.0.0.0") as site, fetcher(timeout=30) as making:
        urls = [f"http://127.0.1.{number}:{site.port}/" for number in range(1, 201)]
        answers = await asyncio.gather(*(making.fetch(Request(url=url)) for url in urls))
        assert site.most_at_once > 50
    assert all(isinstance(answer, Fetched) for answer in answers)


async def test_a_cancelled_fetch_frees_its_host(serve: Serve, fetcher: MakeFetcher) -> None:
    async def hang(_writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(60)

    async with serve({"/hang": hang, "/": OK}) as site, fetcher() as making:
        task = asyncio.ensure_future(making.fetch(Request(url=site.url("/hang"))))
        await asyncio.sleep(0.05)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert isinstance(await making.fetch(Request(url=site.url())), Fetched)


# --- posting ----------------------------------------------------------------------------------------------------------


async def test_a_post_is_sent_whole_and_answered(fetcher: MakeFetcher) -> None:
    got = b""

    async def endpoint(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal got
        got = await reader.readuntil(b"\r\n\r\n") + await reader.readexactly(7)
        writer.write(b"HTTP/1.1 202 Accepted\r\nX-Id: 7\r\nContent-Length: 5000\r\n\r\n" + b"a" * 5000)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(endpoint, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/hook"
    async with fetcher() as making:
        posted = await making.post(url, body=b'{"a":1}', headers={"Content-Type": "application/json"}, timeout=30)
    server.close()
    assert isinstance(posted, Posted)
    assert (posted.status, posted.header("X-Id"), posted.body_start) == (202, "7", b"a" * 2000)
    assert got.startswith(b"POST /hook HTTP/1.1\r\n")
    assert got.endswith(b'\r\n\r\n{"a":1}')
    assert fields(got)["content-length"] == "7"
    assert fields(got)["content-type"] == "application/json"


async def test_a_post_waits_for_nothing_else_at_its_host(serve: Serve, fetcher: MakeFetcher) -> None:
    hang = asyncio.Event()

    async def hanging(_writer: asyncio.StreamWriter) -> None:
        await hang.wait()

    async with serve({"/hook": OK, "/other-hook": hanging, "/page": hanging}) as site, fetcher(timeout=30) as making:
        waiting = [
            asyncio.create_task(making.post(site.url("/other-hook"), body=b"x", headers={}, timeout=30)),
            asyncio.create_task(making.fetch(Request(url=site.url("/page")))),
        ]
        while len(site.requests) < 2:
            await asyncio.sleep(0.01)
        posted = await making.post(site.url("/hook"), body=b"x", headers={}, timeout=20)
        hang.set()
        await asyncio.gather(*waiting)
    assert isinstance(posted, Posted)
    assert posted.status == 200


async def test_a_post_does_not_follow_a_redirect(serve: Serve, fetcher: MakeFetcher) -> None:
    async with serve({"/": moved("/b", 307), "/b": OK}) as site, fetcher() as making:
        posted = await making.post(site.url(), body=b"", headers={}, timeout=30)
        assert len(site.requests) == 1
    assert isinstance(posted, Posted)
    assert (posted.status, posted.header("location")) == (307, "/b")


async def test_a_post_counts_as_answered_once_its_status_is_here(serve: Serve, fetcher: MakeFetcher) -> None:
    async def slow(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n")
        await asyncio.sleep(60)

    async with serve(slow) as site, fetcher() as making:
        posted = await making.post(site.url(), body=b"x", headers={}, timeout=2)
    assert isinstance(posted, Posted)
    assert (posted.status, posted.body_start) == (200, b"")


async def test_a_post_that_is_not_answered_in_time_failed(serve: Serve, fetcher: MakeFetcher) -> None:
    async def hang(_writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(60)

    async with serve(hang) as site, fetcher() as making:
        posted = await making.post(site.url(), body=b"x", headers={}, timeout=0.2)
    assert isinstance(posted, Failed)
    assert posted.failure is Failure.TIMEOUT


async def test_a_header_that_cannot_be_sent_is_the_callers_error(fetcher: MakeFetcher) -> None:
    async with fetcher() as making:
        with pytest.raises(ValueError, match="'x-a' cannot be sent"):
            await making.post("http://127.0.0.1/", body=b"", headers={"X-A": "a\r\nb"}, timeout=1)


# --- another transport ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "failure"),
    [
        (httpx.ConnectTimeout("slow"), Failure.TIMEOUT),
        (httpx.ReadTimeout("slow"), Failure.TIMEOUT),
        (httpx.ConnectError("refused"), Failure.CONNECT),
        (httpx.ReadError("cut"), Failure.BROKEN),
        (httpx.RemoteProtocolError("garbled"), Failure.BROKEN),
        (OSError(24, "Too many open files"), Failure.BROKEN),
    ],
)
async def test_what_a_transport_raises_is_a_failure(error: Exception, failure: Failure, fetcher: MakeFetcher) -> None:
    def handle(_request: httpx.Request) -> httpx.Response:
        raise error

    async with fetcher(seams={"transport": httpx.MockTransport(handle)}) as making:
        answer = await making.fetch(Request(url="http://example.org/"))
    assert isinstance(answer, Failed)
    assert answer.failure is failure


async def test_the_network_can_be_a_function(fetcher: MakeFetcher) -> None:
    def site(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/":
            return httpx.Response(301, headers={"Location": "/a"})
        return httpx.Response(200, html="<p>hi</p>", headers={"ETag": '"1"'})

    async with fetcher(seams={"transport": httpx.MockTransport(site)}) as making:
        answer = await making.fetch(Request(url="https://example.org/"))
    assert isinstance(answer, Fetched)
    assert (answer.final_url, answer.body, answer.validators.etag) == ("https://example.org/a", b"<p>hi</p>", '"1"')


# --- TLS --------------------------------------------------------------------------------------------------------------


def certificate(folder: Path, name: str, *, host: str, days: int = 3650) -> Path:
    """A self-signed certificate with its key, in one file."""
    key, request, signed, extra, path = (folder / f"{name}.{suffix}" for suffix in ("key", "csr", "crt", "ext", "pem"))
    extra.write_text(f"subjectAltName=DNS:{host}")
    curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    ask = ["openssl", "req", *curve, "-subj", f"/CN={host}", "-keyout", str(key), "-out", str(request)]
    sign = ["openssl", "x509", "-req", "-in", str(request), "-signkey", str(key), "-days", str(days)]
    for command in (ask, [*sign, "-extfile", str(extra), "-out", str(signed)]):
        subprocess.run(command, check=True, capture_output=True)
    path.write_text(key.read_text() + signed.read_text())
    return path


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    if shutil.which("openssl") is None:
        pytest.skip("no openssl to make certificates with")
    folder = tmp_path_factory.mktemp("tls")
    return {
        "good": certificate(folder, "good", host="secure.test"),
        "expired": certificate(folder, "expired", host="secure.test", days=-1),
    }


def server_side(path: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context


AskSecurely = Callable[..., Awaitable[Fetched | Failed]]


@pytest.fixture
def ask_securely(serve: Serve, fetcher: MakeFetcher, detour: Detour, certificates: dict[str, Path]) -> AskSecurely:
    """Fetches from a server with one certificate while another one, or none, is trusted."""

    async def ask(served: str, trusted: str | None, host: str = "secure.test") -> Fetched | Failed:
        trust = ssl.create_default_context(cafile=trusted and certificates[trusted])
        async with serve(OK, tls=server_side(certificates[served])) as site:
            resolve = names(**{host.replace(".", "_"): [PUBLIC]})
            seams = {"dial": detour(site.port), "resolve": resolve, "trust": trust}
            async with fetcher(allow_private=False, seams=seams) as making:
                return await making.fetch(Request(url=f"https://{host}/"))

    return ask


async def test_a_verified_server_is_read(ask_securely: AskSecurely) -> None:
    answer = await ask_securely("good", "good")
    assert isinstance(answer, Fetched), answer
    assert answer.body == b"hi"


@pytest.mark.parametrize(
    ("served", "trusted", "host", "reason"),
    [
        pytest.param("good", None, "secure.test", "self-signed", id="nobody vouches for it"),
        pytest.param("expired", "expired", "secure.test", "expired", id="it has expired"),
        pytest.param("good", "good", "other.test", "other.test", id="it is another host's"),
    ],
)
async def test_a_server_that_cannot_be_verified_is_a_failure_of_tls(
    served: str, trusted: str | None, host: str, reason: str, ask_securely: AskSecurely
) -> None:
    answer = await ask_securely(served, trusted, host)
    assert isinstance(answer, Failed), answer
    assert answer.failure is Failure.TLS
    assert reason in answer.detail.replace("self signed", "self-signed")


async def test_a_server_that_speaks_no_tls_is_a_failure_of_tls(fetcher: MakeFetcher, detour: Detour) -> None:
    async def shout(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(shout, "127.0.0.1", 0)
    seams = {"dial": detour(server.sockets[0].getsockname()[1]), "resolve": names(secure_test=[PUBLIC])}
    async with fetcher(allow_private=False, seams=seams) as making:
        answer = await making.fetch(Request(url="https://secure.test/"))
    server.close()
    assert isinstance(answer, Failed)
    assert answer.failure is Failure.TLS


@needs_proc
async def test_a_handshake_that_hangs_ends_and_leaves_no_open_file(fetcher: MakeFetcher, detour: Detour) -> None:
    held: list[asyncio.StreamWriter] = []

    async def hang(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        held.append(writer)

    server = await asyncio.start_server(hang, "127.0.0.1", 0)
    before = open_files()
    seams = {"dial": detour(server.sockets[0].getsockname()[1]), "resolve": names(secure_test=[PUBLIC])}
    async with fetcher(allow_private=False, timeout=0.1, seams=seams) as making:
        answers = [await making.fetch(Request(url="https://secure.test/")) for _ in range(5)]
    for writer in held:
        writer.transport.abort()
    assert {answer.failure for answer in answers if isinstance(answer, Failed)} == {Failure.TIMEOUT}
    assert await come_down_to(before)
    server.close()


async def test_a_reset_in_the_handshake_is_a_failure_to_connect(fetcher: MakeFetcher, detour: Detour) -> None:
    async def slam(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.transport.abort()

    server = await asyncio.start_server(slam, "127.0.0.1", 0)
    seams = {"dial": detour(server.sockets[0].getsockname()[1]), "resolve": names(secure_test=[PUBLIC])}
    async with fetcher(allow_private=False, seams=seams) as making:
        answer = await making.fetch(Request(url="https://secure.test/"))
    server.close()
    assert isinstance(answer, Failed)
    assert answer.failure is Failure.CONNECT


def test_by_default_the_public_authorities_are_trusted_and_servers_verified() -> None:
    fetcher = Fetcher(FetchSettings(), clock=lambda: pytest.fail("not asked"))
    trust = fetcher._transport._wire._trust  # type: ignore[attr-defined] # there is no other way to see it offline
    assert trust.verify_mode is ssl.CERT_REQUIRED
    assert trust.check_hostname
    assert trust.minimum_version >= ssl.TLSVersion.TLSv1_2
    assert len(trust.get_ca_certs()) > 100
