"""A synthetic newsroom for the tests: what it shows is a pure function of its state, so that it can be served by a real
server or stand in for the network."""

from __future__ import annotations

import hashlib
import html
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx

_SENTENCES = (
    "The harbour council met on Monday and approved the plan for the eastern pier in its present form.",
    "Work on the pier begins in spring and is expected to take about two years, the council said.",
    "Ferries keep to their timetable throughout, and the market hall stays open on all days of the week.",
    "The cost will be shared between the port and the county, as agreed in the budget of last autumn.",
)


@dataclass(slots=True)
class Page:
    """One release of the newsroom."""

    path: str
    title: str
    published: datetime
    version: int = 0
    stamp: datetime | None = None
    status: int = 200
    moved_to: str | None = None
    with_stamp: bool = True
    listed: bool = True

    def body(self) -> list[str]:
        """Paragraphs; each version has another figure in the second of them."""
        return [
            f"{self.title}. {_SENTENCES[0]}",
            f"{_SENTENCES[1]} It will cost {1000 + 7 * self.version} million, in version {self.version} of the plan.",
            *_SENTENCES[2:],
        ]

    def markup(self, base: str, load: int, canonical: str | None = None) -> str:
        """The page as it is served; what stands around the release differs on each load."""
        stamp = self.stamp or self.published
        shown = f"<li>|</li><li>Last updated: {stamp:%d %b. %Y %H:%M}</li>" if self.with_stamp else ""
        body = "\n".join(f"<p>{html.escape(text)}</p>" for text in self.body())
        return (
            '<!doctype html><html lang="en"><head><meta charset="utf-8">'
            f"<title>{html.escape(self.title)} - Harbour</title>"
            f'<link rel="canonical" href="{base}{canonical or self.path}"></head><body>'
            '<nav><ul><li><a href="/">Home</a></li><li><a href="/news">News</a></li></ul></nav>'
            f"<main><article><h1>{html.escape(self.title)}</h1>"
            f"<ul><li>{self.published:%d %b. %Y} -</li>{shown}</ul>\n{body}</article></main>"
            f'<aside data-load="{load}"><p>Visitor {load}</p></aside>'
            "<footer><p>Harbour office</p></footer></body></html>"
        )


@dataclass
class Newsroom:
    """The state; change it between looks."""

    pages: dict[str, Page] = field(default_factory=dict)
    base: str = "https://harbour.example.int"
    validators: bool = True
    lying: bool = False
    """The validator stays while the text changes."""
    robots: str | None = None
    canonical: str | None = None
    """What every page calls its own address; None: its own."""
    requests: list[tuple[str, dict[str, str], int]] = field(default_factory=list)
    """Path, headers (lower-case names) and status of every request."""
    loads: Counter[str] = field(default_factory=Counter)
    before_answer: Callable[[str], None] = lambda path: None

    def add(self, path: str, title: str, published: datetime, **more: object) -> Page:
        """A release."""
        page = self.pages[path] = Page(path=path, title=title, published=published, **more)  # type: ignore[arg-type]
        return page

    def feed(self) -> str:
        """RSS of the listed releases, newest first."""
        pages = sorted((p for p in self.pages.values() if p.listed), key=lambda p: p.published, reverse=True)
        items = "".join(
            f"<item><title>{html.escape(p.title)}</title><link>{self.base}{p.moved_to or p.path}</link>"
            f"<pubDate>{format_datetime(p.published)}</pubDate></item>"
            for p in pages
        )
        return f'<?xml version="1.0"?><rss version="2.0"><channel><title>Harbour</title>{items}</channel></rss>'

    def answer(self, path: str, headers: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body for a GET."""
        self.before_answer(path)
        status, sent, body = self._answer(path)
        if status == 200 and self.validators:
            sent["etag"] = self._etag(path, body)
            if headers.get("if-none-match") == sent["etag"]:
                status, body = 304, b""
        self.requests.append((path, headers, status))
        return status, sent, body

    def _answer(self, path: str) -> tuple[int, dict[str, str], bytes]:
        if path == "/robots.txt":
            text = {"content-type": "text/plain"}
            return (200, text, self.robots.encode()) if self.robots is not None else (404, text, b"none\n")
        if path == "/feed.xml":
            return 200, {"content-type": "application/rss+xml"}, self.feed().encode()
        page = self.pages.get(path) or next((p for p in self.pages.values() if p.moved_to == path), None)
        if page is None or page.status == 404:
            return 404, {"content-type": "text/html"}, b"<html><title>Not found</title><h1>Not found</h1></html>"
        if page.moved_to and path == page.path:
            return 301, {"location": self.base + page.moved_to}, b""
        if page.status != 200:
            return page.status, {"content-type": "text/html"}, b"<html><h1>Error</h1></html>"
        self.loads[path] += 1
        return (
            200,
            {"content-type": "text/html; charset=utf-8"},
            page.markup(self.base, self.loads[path], self.canonical).encode(),
        )

    def _etag(self, path: str, body: bytes) -> str:
        page = self.pages.get(path)
        if self.lying:
            return f'"{path}"'
        what = repr((page.version, page.stamp, page.title)).encode() if page else body
        return f'"{hashlib.sha256(what).hexdigest()[:12]}"'  # an opaque tag

    def transport(self) -> httpx.MockTransport:
        """The newsroom in place of the network."""

        def handle(request: httpx.Request) -> httpx.Response:
            status, headers, body = self.answer(request.url.path, dict(request.headers))
            return httpx.Response(status, headers=headers, content=body)

        return httpx.MockTransport(handle)

    @contextmanager
    def served(self) -> Iterator[str]:
        """The newsroom on loopback; its base address."""
        newsroom = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                headers = {name.lower(): value for name, value in self.headers.items()}
                status, sent, body = newsroom.answer(self.path, headers)
                self.send_response(status)
                for name, value in sent.items():
                    self.send_header(name, value)
                if status != 304:
                    self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_arguments: object) -> None:
                pass

        with listening(Handler) as base:
            self.base = base
            yield base


@dataclass(slots=True)
class Receiver:
    """A webhook's other end: keeps what it got."""

    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    status: int = 200
    before_answer: Callable[[], object] = lambda: None
    """Done when a message was taken, before that is said."""

    @contextmanager
    def served(self) -> Iterator[str]:
        """On loopback; its address."""
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                receiver.got.append(({k.lower(): v for k, v in self.headers.items()}, body))
                receiver.before_answer()
                self.send_response(receiver.status)
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, *_arguments: object) -> None:
                pass

        with listening(Handler) as base:
            yield f"{base}/hook"


class _Quiet(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, *_arguments: object) -> None:
        """A client that was killed in the middle of an answer is what these tests are about."""


@contextmanager
def listening(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    """A server on loopback for the time of a test."""
    server = _Quiet(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def utc(*parts: int) -> datetime:
    """An aware time."""
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc, arg-type]  # of the parts of a datetime
