"""Rendering: a page as a browser shows it, for lists that only a script draws. The only module that knows Playwright.

    Request -> Fetcher -> HTML -> headless Chromium -> every subrequest -> Fetcher -> the DOM as HTML -> Fetched

The browser itself reaches no network: it has a proxy that is not there and resolves no name. Each of its requests is
answered here with what the guarded :class:`~scraper.fetch.client.Fetcher` got, so a script can dial no address that
the program may not. Only GET is passed on, without cookies and without the page's own headers; there are no pictures,
downloads, frames, workers, sockets or profile. Requests, bytes and seconds are bounded.

Playwright is the extra ``render`` and optional, as a Chromium is; what is missing is said in a sentence.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import importlib.util
import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import TracebackType
from typing import Any, Protocol, Self

from scraper import urls
from scraper.fetch.client import Fetcher, FetchSettings
from scraper.fetch.problem import printable
from scraper.model import Failed, Failure, Fetched, Request

__all__ = ["Chromium", "RenderLimits", "Renderer", "find_browser", "missing"]

_BROWSERS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
_EXTRA = "Rendering needs the extra “render”: install presswatch[render]."
_BROWSER = (
    "Rendering needs a Chromium, and none was found: install chromium, or name its path as “chromium” under [fetch]."
)
_KINDS = frozenset({"document", "script", "xhr", "fetch"})
_KEPT = frozenset({"content-type", "content-language", "content-security-policy", "x-content-type-options"})
"""Headers that the browser is told. Not those by which it would send reports, keep cookies or preload."""
_UNTRUE = frozenset(
    {"content-length", "content-encoding", "transfer-encoding", "etag", "last-modified", "content-type"}
)
"""Headers of the plain page that are not those of the rendered one."""
_ARGUMENTS = (
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-domain-reliability",
    "--disable-sync",
    "--disable-quic",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--dns-prefetch-disable",
    "--no-pings",
    "--mute-audio",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--js-flags=--max-old-space-size=512",
)
_NO_PROXY = "http://127.0.0.1:9"
"""The port of "discard", where nothing listens."""
_MOST_DOCUMENTS = 5
"""Pages that a script may lead on to, frames included."""
_GRACE = 5.0
"""Seconds for the browser to close."""

Permit = Callable[[str], Awaitable[Failed | None]]
"""Why an address may not be asked, such as robots.txt; None where it may."""


class Renderer(Protocol):
    """Gives pages as a browser shows them. Called by exploring, and by polls of sources that are rendered."""

    async def render(self, request: Request) -> Fetched | Failed:
        """The rendered page; its body is the DOM as HTML in UTF-8. Whatever happens comes back as a value."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderLimits:
    """Where one rendering stops."""

    seconds: float = 30.0
    """For all of it, from when the browser is free."""
    settle: float = 8.0
    """Seconds for the page's requests to come to rest after it was parsed."""
    requests: int = 120
    bytes: int = 30_000_000
    """Of all answers together."""


def find_browser(named: str | None = None) -> str | None:
    """The Chromium to use: the named one where it is there, else one of the system's; None where there is none."""
    if named:
        return named if os.access(named, os.X_OK) else None
    return next(filter(None, map(shutil.which, _BROWSERS)), None)


def missing(named: str | None = None) -> str | None:
    """What rendering lacks here, as a sentence; None where it can be done."""
    if importlib.util.find_spec("playwright") is None:
        return _EXTRA
    if find_browser(named):
        return None
    return f"Rendering needs a Chromium, and “chromium” under [fetch] names none: {named}." if named else _BROWSER


class Chromium:
    """A :class:`Renderer` that starts a fresh headless Chromium for each page. An asynchronous context manager.

    Args:
        settings: of the requests, as for a fetcher.
        clock: the time, aware and in UTC.
        browser: the path of a Chromium; None: the system's.
        limits: see there.
        permit: asked before each subrequest; None: all are permitted.
    """

    def __init__(
        self,
        settings: FetchSettings,
        *,
        clock: Callable[[], datetime],
        browser: str | None = None,
        limits: RenderLimits | None = None,
        permit: Permit | None = None,
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._browser = browser
        self._limits = limits or RenderLimits()
        self._permit = permit
        self._fetcher = Fetcher(settings, clock=clock)
        self._strict = Fetcher(replace(settings, allow_private=False), clock=clock)
        self._turn = asyncio.Lock()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self._fetcher.__aexit__(kind, exc, traceback)
        await self._strict.__aexit__(kind, exc, traceback)

    async def render(self, request: Request) -> Fetched | Failed:
        """See :class:`Renderer`. What is no HTML, or answers with an error, comes back as it was fetched."""
        if lack := missing(self._browser):
            return self._failed(Failure.UNREADABLE, lack)
        # A public page may not lead a browser into the private network, also where that may be asked.
        plain = await self._strict.fetch(Request(url=request.url))
        is_public = not (isinstance(plain, Failed) and plain.failure is Failure.ADDRESS)
        if not is_public and self._settings.allow_private:
            plain = await self._fetcher.fetch(Request(url=request.url))
        if isinstance(plain, Failed) or plain.status != 200 or not _is_html(plain):
            return plain
        try:
            async with asyncio.timeout(self._limits.seconds):
                await self._turn.acquire()
        except TimeoutError:
            return self._failed(Failure.TIMEOUT, f"The browser was busy with other pages when {plain.final_url} came.")
        try:
            return await self._draw(plain, is_public=is_public)
        finally:
            self._turn.release()

    async def _draw(self, plain: Fetched, *, is_public: bool) -> Fetched | Failed:
        playwright = importlib.import_module("playwright.async_api")
        work = _Work(plain, self._limits, self._get(plain, is_public=is_public), self._permit)
        try:
            async with asyncio.timeout(self._limits.seconds), self._page(playwright, work) as page:
                return self._drawn(await work.draw(page), page.url, work)
        except TimeoutError:
            return self._failed(
                Failure.TIMEOUT, f"{plain.final_url} was not drawn in {self._limits.seconds:g} seconds."
            )
        except Exception as error:  # noqa: BLE001 - where its driver dies, Playwright raises bare exceptions
            return self._failed(Failure.BROKEN, f"The browser failed at {plain.final_url}: {_first_line(error)}.")

    def _drawn(self, dom: str, address: str, work: _Work) -> Fetched | Failed:
        plain, body = work.plain, dom.encode("utf-8", "replace")
        if len(body) > self._settings.max_bytes:
            return self._failed(Failure.TOO_LARGE, f"{plain.final_url} as drawn has {len(body):,} bytes.")
        kept = tuple(header for header in plain.headers if header[0] not in _UNTRUE)
        final = urls.join(plain.final_url, address) or plain.final_url
        if not urls.same_site(final, plain.final_url):
            # A login or a consent of another site is no text of the release that was asked for.
            return self._failed(Failure.REFUSED, f"A script of {plain.final_url} leads on to {final}.")
        return replace(
            plain,
            final_url=final,
            headers=(("content-type", "text/html; charset=utf-8"), *kept),
            body=body,
            finished_at=self._clock(),
            received=work.received,
        )

    def _get(self, plain: Fetched, *, is_public: bool) -> Callable[[str], Awaitable[Fetched | Failed]]:
        own = urls.host(plain.final_url)

        async def get(url: str) -> Fetched | Failed:
            fetcher = self._strict if is_public or urls.host(url) != own else self._fetcher
            return await fetcher.fetch(Request(url=url))

        return get

    @contextlib.asynccontextmanager
    async def _page(self, playwright: Any, work: _Work) -> AsyncIterator[Any]:  # noqa: ANN401 - Playwright's module
        """A page of a new browser, without a network of its own; closed whatever happens."""
        driver = await playwright.async_playwright().start()
        try:
            browser = await driver.chromium.launch(
                executable_path=find_browser(self._browser),
                headless=True,
                args=list(_ARGUMENTS),
                proxy={"server": _NO_PROXY, "bypass": "<-loopback>"},
                # Chromium refuses to be sandboxed by root, in a container above all.
                chromium_sandbox=not _is_root(),
                timeout=self._limits.seconds * 1_000,
            )
            try:
                context = await browser.new_context(
                    user_agent=self._settings.identification,
                    accept_downloads=False,
                    service_workers="block",
                    permissions=[],
                )
                await context.route("**/*", work.answer)
                await context.route_web_socket("**/*", _hang_up)
                page = await context.new_page()
                context.on("page", _close_soon)
                yield page
            finally:
                await _quietly(browser.close())
        finally:
            await _quietly(driver.stop())

    def _failed(self, failure: Failure, detail: str) -> Failed:
        return Failed(at=self._clock(), failure=failure, detail=printable(detail))


@dataclass
class _Work:
    """One page that is being drawn, and what it has asked for so far.

    Without slots: Playwright keeps something of its own on the owner of a handler.
    """

    plain: Fetched
    limits: RenderLimits
    get: Callable[[str], Awaitable[Fetched | Failed]]
    permit: Permit | None
    asked: int = 0
    received: int = 0
    documents: int = 0
    _known: dict[str, Fetched] = field(default_factory=dict)

    async def draw(self, page: Any) -> str:  # noqa: ANN401 - Playwright's page
        """The DOM when the page has come to rest, or when it had its time to."""
        self._known[self.plain.final_url] = self.plain
        await page.goto(self.plain.final_url, wait_until="domcontentloaded", timeout=self.limits.seconds * 1_000)
        with contextlib.suppress(importlib.import_module("playwright.async_api").TimeoutError):
            await page.wait_for_load_state("networkidle", timeout=self.limits.settle * 1_000)
        return str(await page.content())

    async def answer(self, route: Any) -> None:  # noqa: ANN401 - Playwright's route
        """Answer one request of the browser with what the program may get, or not at all."""
        with contextlib.suppress(importlib.import_module("playwright.async_api").Error):
            request = route.request
            if request.resource_type == "stylesheet":
                # Absent it would count as failed, and some scripts give up there.
                await route.fulfill(status=200, content_type="text/css", body="")
                return
            found = await self._answer_to(request) if self._is_wanted(request) else None
            if found is None:
                await route.abort()
                return
            await route.fulfill(status=found.status, headers=self._headers(found), body=found.body)

    def _is_wanted(self, request: Any) -> bool:  # noqa: ANN401 - Playwright's request
        if request.method != "GET" or request.resource_type not in _KINDS or self.asked >= self.limits.requests:
            return False
        if request.resource_type != "document":
            return True
        self.documents += 1
        return request.frame.parent_frame is None and self.documents <= _MOST_DOCUMENTS

    async def _answer_to(self, request: Any) -> Fetched | None:  # noqa: ANN401 - likewise
        url = str(request.url).partition("#")[0]
        known = self._known.get(url)
        if known is not None:
            return known
        self.asked += 1
        if self.received >= self.limits.bytes or (self.permit is not None and await self.permit(url) is not None):
            return None
        answer = await self.get(url)
        if isinstance(answer, Failed):
            return None
        self.received += len(answer.body)
        return answer if self.received <= self.limits.bytes else None

    def _headers(self, answer: Fetched) -> dict[str, str]:
        kept = {name: value for name, value in answer.headers if name in _KEPT}
        # The server was not told who asks, so it can't allow it; what the page gets, anyone would.
        origin = "/".join(self.plain.final_url.split("/")[:3])
        return kept | {"access-control-allow-origin": origin, "access-control-allow-credentials": "true"}


def _is_html(answer: Fetched) -> bool:
    media = (answer.header("content-type") or "text/html").lower()
    return "html" in media


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _first_line(error: Exception) -> str:
    lines: Iterable[str] = str(error).splitlines()
    return next(iter(lines), type(error).__name__).rstrip(". ")


async def _hang_up(socket: Any) -> None:  # noqa: ANN401 - Playwright's socket
    await socket.close()


def _close_soon(page: Any) -> None:  # noqa: ANN401 - Playwright's page
    """Close a window that a script opened."""
    task = asyncio.ensure_future(_quietly(page.close()))
    _CLOSING.add(task)
    task.add_done_callback(_CLOSING.discard)


_CLOSING: set[asyncio.Future[None]] = set()
"""The event loop keeps only weak references."""


async def _quietly(closing: Awaitable[object]) -> None:
    """Wait for something to close, but not for long, and whatever it says."""
    with contextlib.suppress(Exception):
        await asyncio.wait_for(closing, _GRACE)
