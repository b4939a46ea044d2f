"""Rendering with a real Chromium against a real server on the loopback. Skipped where either is missing."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from scraper.discover import explore
from scraper.fetch.client import Fetcher, FetchSettings
from scraper.fetch.render import Chromium, RenderLimits, missing
from scraper.model import Failed, Failure, Fetched, ListingKind, Request

pytestmark = [pytest.mark.browser, pytest.mark.skipif(missing() is not None, reason=str(missing()))]

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
TITLES = ["Minister opens the new bridge", "Statement on the valley floods", "Annual report shows steady growth"]
ROWS = [
    {"t": title, "u": f"/news/{title.lower().replace(' ', '-')}", "d": f"2026-11-0{n}"}
    for n, title in enumerate(TITLES, 1)
]
DRAW = """
fetch('/list').then(answer => answer.json()).then(rows => {
  document.querySelector('#app').innerHTML =
    '<ul>' + rows.map(r => `<li>${r.d} <a href="${r.u}">${r.t}</a></li>`).join('') + '</ul>';
});
"""
APP = "<!doctype html><html lang=en><head><title>News</title><link rel=stylesheet href=/style.css></head>"
APP += "<body><div id=app></div><img src=/picture.png><iframe src=/frame></iframe>{}</body></html>"


@dataclass
class Site:
    """Answers by path; notes which paths were asked, with the heads of the requests."""

    pages: dict[str, tuple[str, str]]
    port: int = 0
    asked: list[str] = field(default_factory=list)
    heads: list[str] = field(default_factory=list)

    def url(self, path: str = "/") -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            path = head.split(" ")[1]
            self.asked.append(path)
            self.heads.append(head)
            media, body = self.pages.get(path, ("text/plain", ""))
            status = "200 OK" if path in self.pages else "404 Not Found"
            raw = body.encode()
            writer.write(
                f'HTTP/1.1 {status}\r\nContent-Type: {media}\r\nContent-Length: {len(raw)}\r\nETag: "x"\r\n'
                f"Set-Cookie: a=b\r\nConnection: close\r\n\r\n".encode()
                + raw
            )
            await writer.drain()
        writer.close()


@contextlib.asynccontextmanager
async def serving(pages: dict[str, tuple[str, str]]) -> AsyncIterator[Site]:
    site = Site(pages)
    server = await asyncio.start_server(site.answer, "127.0.0.1", 0)
    site.port = server.sockets[0].getsockname()[1]
    async with server:
        yield site


def html(script: str) -> tuple[str, str]:
    return "text/html; charset=utf-8", APP.format(f"<script>{script}</script>")


def chromium(*, allow_private: bool = True, **options: object) -> Chromium:
    limits = RenderLimits(seconds=20, settle=3)
    settings = FetchSettings(allow_private=allow_private)
    return Chromium(settings, clock=lambda: NOW, **{"limits": limits, **options})  # type: ignore[arg-type]


async def render(site: Site, path: str = "/", **options: object) -> Fetched | Failed:
    async with chromium(**options) as browser:  # type: ignore[arg-type]
        return await browser.render(Request(url=site.url(path)))


async def test_a_list_that_a_script_draws_is_in_the_rendered_page() -> None:
    pages = {"/": html(DRAW), "/list": ("application/json", json.dumps(ROWS))}
    async with serving(pages) as site:
        found = await render(site)
    assert isinstance(found, Fetched)
    assert all(title in found.body.decode() for title in TITLES)
    assert found.header("content-type") == "text/html; charset=utf-8"
    assert not found.validators
    assert sorted(site.asked) == ["/", "/list"]
    assert not any("cookie" in head.lower() for head in site.heads)
    assert all("presswatch/" in head for head in site.heads)


async def test_exploring_finds_what_only_a_browser_shows() -> None:
    pages = {"/news": html(DRAW), "/list": ("application/json", json.dumps(ROWS))}
    async with serving(pages) as site, chromium() as browser, fetcher() as plain:
        found = await explore(
            site.url("/news"), get=lambda url: plain.fetch(Request(url=url)), zone=ZoneInfo("UTC"), sitemaps=(),
            is_release=lambda _: False, render=lambda url: browser.render(Request(url=url)),
        )  # fmt: skip
    assert [each.listing.kind for each in found.listings] == [ListingKind.PAGE]
    assert found.listings[0].rendered
    assert [entry.title for entry in found.listings[0].entries] == TITLES


def fetcher() -> Fetcher:
    return Fetcher(FetchSettings(allow_private=True), clock=lambda: NOW)


async def test_a_private_address_is_refused_unless_it_is_allowed() -> None:
    async with serving({"/": html("")}) as site:
        found = await render(site, allow_private=False)
    assert isinstance(found, Failed)
    assert found.failure is Failure.ADDRESS
    assert site.asked == []


PROBE = """
Promise.all([
  fetch('ADDRESS').then(() => 'reached', () => 'refused'),
  fetch('http://localhost:PORT/secret').then(() => 'reached', () => 'refused'),
  fetch('http://169.254.169.254/latest/meta-data/').then(() => 'reached', () => 'refused'),
  new Promise(done => { const s = new WebSocket('ws://127.0.0.1:PORT/secret'); s.onopen = () => done('reached'); s.onerror = s.onclose = () => done('refused'); }),
]).then(found => { document.querySelector('#app').textContent = 'probes: ' + found.join(' '); });
navigator.sendBeacon('ADDRESS'); new Image().src = 'ADDRESS';
"""  # noqa: E501 - a script


async def test_a_script_reaches_no_other_private_address() -> None:
    """Also where private addresses may be asked, a page may ask only the server that it came from."""
    async with serving({"/secret": ("text/plain", "secret")}) as other:
        script = PROBE.replace("ADDRESS", other.url("/secret")).replace("PORT", str(other.port))
        async with serving({"/": html(script)}) as site:
            found = await render(site)
    assert isinstance(found, Fetched)
    assert "probes: refused refused refused refused" in found.body.decode()
    assert other.asked == []


async def test_pictures_frames_and_what_is_not_permitted_are_not_asked() -> None:
    async def permit(url: str) -> Failed | None:
        return Failed(at=NOW, failure=Failure.ROBOTS, detail="No.") if url.endswith("/list") else None

    async with serving({"/": html(DRAW), "/list": ("application/json", json.dumps(ROWS))}) as site:
        found = await render(site, permit=permit)
    assert isinstance(found, Fetched)
    assert site.asked == ["/"]


async def test_requests_are_bounded() -> None:
    script = "for (let n = 0; n < 500; n++) fetch('/data/' + n);"
    async with serving({"/": html(script)}) as site:
        await render(site, limits=RenderLimits(seconds=20, settle=3, requests=10))
    assert len(site.asked) <= 1 + 10


async def test_bytes_are_bounded() -> None:
    pages = {"/": html("(async () => { for (let n = 0; n < 50; n++) await fetch('/big?' + n); })()")}
    pages |= {f"/big?{n}": ("text/plain", "x" * 100_000) for n in range(50)}
    async with serving(pages) as site:
        await render(site, limits=RenderLimits(seconds=20, settle=3, bytes=300_000))
    assert len(site.asked) < 8


@pytest.mark.parametrize(
    "script",
    [
        pytest.param("while (true) {}", id="a loop without end"),
        pytest.param("setInterval(() => fetch('/tick'), 20)", id="requests without end"),
        pytest.param("alert('x'); confirm('y'); window.open('/popup'); print();", id="dialogs and windows"),
        pytest.param("location.href = '/again'", id="a page that leads on"),
        pytest.param("document.body.innerHTML = '<p>x'.repeat(5e6)", id="a huge page"),
    ],
)
async def test_a_rendering_ends(script: str) -> None:
    started = time.monotonic()
    async with serving({"/": html(script), "/again": html("location.href = '/'")}) as site:
        found = await render(site, limits=RenderLimits(seconds=8, settle=2))
    assert isinstance(found, Fetched | Failed)
    assert time.monotonic() - started < 30


async def test_what_is_no_page_comes_back_as_it_is() -> None:
    async with serving({"/feed": ("application/rss+xml", "<rss/>")}) as site:
        feed = await render(site, "/feed")
        gone = await render(site, "/gone")
    assert isinstance(feed, Fetched)
    assert feed.body == b"<rss/>"
    assert isinstance(gone, Fetched)
    assert gone.status == 404
