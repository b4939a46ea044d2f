"""The demo newsrooms as HTTP servers on loopback: three ports, one thread for each connection, nothing on disk."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.message import Message
from email.utils import parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self

from presswatch.demo import alliance, render
from presswatch.demo.model import Answer, Event, Newsroom
from presswatch.demo.pages import page_at
from presswatch.demo.script import DURATION
from scraper.model import Source

__all__ = ["Demo"]

_HOST = "127.0.0.1"
_IDLE_SECONDS = 20
_EVERY = timedelta(seconds=2)
_HOMES = {Newsroom.ALLIANCE: alliance.LISTING, Newsroom.MINISTRY: "/", Newsroom.RAILWAY: "/"}


class Demo:
    """Three newsrooms on loopback whose releases change by the script while one watches.

    Args:
        now: the clock, aware; the script starts at the moment of :meth:`start`.
        ports: of alliance, ministry and railway; 0 takes a free one.
        scale: how many seconds of the script pass in one second of the clock.

    Raises:
        OSError: from :meth:`start`, where a port is taken.
    """

    def __init__(
        self,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        ports: tuple[int, int, int] = (0, 0, 0),
        scale: float = 1.0,
    ) -> None:
        self._now = now
        self._ports = dict(zip(Newsroom, ports, strict=True))
        self._scale = scale
        self._started = now()
        self._lock = threading.Lock()
        self._loads: Counter[tuple[Newsroom, str]] = Counter()
        self._served: set[Event] = set()
        self._running: list[tuple[_Server, threading.Thread]] = []

    def start(self) -> None:
        """Open the ports and begin the script."""
        servers: list[_Server] = []
        try:
            for newsroom, port in self._ports.items():
                servers.append(_Server((_HOST, port), self, newsroom))
        except OSError:
            for server in servers:
                server.server_close()
            raise
        self._started = self._now()
        for server in servers:
            thread = threading.Thread(target=server.serve_forever, args=(0.05,), name="demo", daemon=True)
            thread.start()
            self._running.append((server, thread))

    def stop(self) -> None:
        """Close the ports. A second call does nothing."""
        while self._running:
            server, thread = self._running.pop()
            server.shutdown()
            thread.join()
            server.server_close()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def urls(self) -> dict[Newsroom, str]:
        """The origin of each newsroom while the demo runs, without a slash at the end."""
        return {server.newsroom: server.base for server, _ in self._running}

    @property
    def elapsed(self) -> timedelta:
        """How far the script is."""
        return (self._now() - self._started) * self._scale

    def sources(self) -> tuple[Source, ...]:
        """What there is to watch."""
        return tuple(
            Source(
                name=render.NAMES[newsroom],
                home=base + _HOMES[newsroom],
                time_zone=render.ZONES[newsroom],
                language=render.LANGUAGES[newsroom],
                every=_EVERY,
            )
            for newsroom, base in self.urls.items()
        )

    def answer(self, newsroom: Newsroom, path: str, *, base: str) -> Answer:
        """Say what a newsroom says now; count the load and the glitch given."""
        with self._lock:
            load = self._loads[newsroom, path]
            self._loads[newsroom, path] += 1
            answer = page_at(
                newsroom,
                path,
                elapsed=self.elapsed,
                started=self._dated_from(),
                load=load,
                served=frozenset(self._served),
                base=base,
            )
            if answer.event is not None:
                self._served.add(answer.event)
        return answer

    def _dated_from(self) -> datetime:
        # A hurried script would put stamps into the future; so dates start as much earlier as it gains on the clock.
        return self._started - max(timedelta(0), DURATION - DURATION / self._scale)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, address: tuple[str, int], demo: Demo, newsroom: Newsroom) -> None:
        super().__init__(address, _Handler)
        self.demo = demo
        self.newsroom = newsroom
        self.base = f"http://{address[0]}:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "demo"
    sys_version = ""
    timeout = _IDLE_SECONDS
    server: _Server

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        answer = self.server.demo.answer(self.server.newsroom, path, base=self.server.base)
        self._send(_unmodified(answer) if _matches(answer, self.headers) else answer)

    def do_HEAD(self) -> None:
        self.do_GET()

    def log_message(self, *_: object) -> None:
        """Say nothing: the log belongs to the watcher."""

    def _send(self, answer: Answer) -> None:
        self.send_response(answer.status)
        for name, value in answer.headers:
            self.send_header(name, value)
        if answer.status != 304:
            self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)


def _matches(answer: Answer, asked: Message) -> bool:
    """True where the client has this very answer already (RFC 9110 section 13.2.2: the entity tag is asked first)."""
    given = dict(answer.headers)
    if answer.status != 200 or "ETag" not in given:
        return False
    tags = asked.get("If-None-Match")
    if tags is not None:
        return tags.strip() == "*" or given["ETag"] in (tag.strip().removeprefix("W/") for tag in tags.split(","))
    try:
        since = parsedate_to_datetime(asked.get("If-Modified-Since", ""))
    except ValueError:
        return False
    return parsedate_to_datetime(given["Last-Modified"]) <= since


def _unmodified(answer: Answer) -> Answer:
    kept = tuple((name, value) for name, value in answer.headers if name in ("ETag", "Last-Modified"))
    return Answer(status=304, headers=kept, body=b"")
