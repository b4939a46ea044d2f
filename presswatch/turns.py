"""The turns of the hosts that a look is led to by redirects.

A visit holds the lease of its own host alone. Where a page leads on to another host, that one's robots.txt, its pause
and its other visitors count as if it were visited itself: its lease is taken for the rest of the look, and it is left
alone after it. A host whose turn is not soon ends the look, to be made when it is.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import TracebackType
from typing import Self

from presswatch.robots import Robots
from presswatch.threads import Threads
from scraper.model import Failed, Failure
from scraper.urls import host as host_of
from storage import Busy, Storage

__all__ = ["Turns", "longest_look"]

_PATIENCE = timedelta(seconds=20)
"""A look waits so long for further hosts and their robots.txt: its own host's lease goes on meanwhile."""
_MOST_HOSTS = 3
"""Further hosts of one look; each is asked for its robots.txt, which is kept for a day."""
_STEP = 1.0
"""Seconds after which a host that somebody visits is asked about again: visits seldom take as long as their lease."""


def longest_look(timeout: float) -> timedelta:
    """What leases have to last for where one request may take ``timeout`` seconds.

    That is robots.txt, the page, and the hosts that it leads to, of which the last may say its robots.txt in full.
    """
    return 3 * timedelta(seconds=timeout) + _PATIENCE


@dataclass(slots=True, kw_only=True)
class Turns:
    """Those of one look, given back at its end. An asynchronous context manager."""

    home: str
    """The host whose lease is held already."""
    storage: Storage
    robots: Robots
    clock: Callable[[], datetime]
    run: Threads
    sleep: Callable[[float], Awaitable[None]]
    owner: str
    delay: float
    """Seconds between two requests to a host that asks for no longer pause."""
    timeout: float
    """Seconds that one request may take."""
    _taken: dict[str, str | None] = field(default_factory=dict)
    """Further hosts, each with the address that led there; None for one whose robots.txt was not waited for."""
    _waited: timedelta = timedelta()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await asyncio.shield(self._give_back())

    async def refusal(self, url: str) -> Failed | None:
        """Why a redirect to an address must not be followed, or None once it may: it is its host's turn then."""
        host = host_of(url)
        if host != self.home and host not in self._taken:
            if len(self._taken) == _MOST_HOSTS:
                detail = f"the page leads on over more than {_MOST_HOSTS} other hosts, to {host}"
                return Failed(at=self.clock(), failure=Failure.REDIRECTS, detail=detail)
            if (free_at := await self._take(host)) is not None:
                now = self.clock()
                detail = f"the page leads on to {host}, which is not to be asked again so soon"
                # No host said this, so none is left alone for it: the page alone comes back later.
                return Failed(at=now, failure=Failure.THROTTLED, detail=detail, retry_after=free_at - now)
            self._taken[host] = url
        return await self._forbidden(url, host)

    async def _forbidden(self, url: str, host: str) -> Failed | None:
        """Whether robots.txt forbids it. The time that this takes counts as waited, whoever drips his."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        left = max(_PATIENCE - self._waited, timedelta())
        try:
            async with asyncio.timeout(left.total_seconds() + self.timeout):
                return await self.robots.refusal(url)
        except TimeoutError:
            if host in self._taken:
                self._taken[host] = None
            detail = f"the page leads on to {host}, and robots.txt on the way takes too long"
            return Failed(at=self.clock(), failure=Failure.TIMEOUT, detail=detail)
        finally:
            self._waited += timedelta(seconds=loop.time() - began)

    async def _take(self, host: str) -> datetime | None:
        """Wait for a host's turn; None once it is, else when it may be. A pause that is longer is not waited for."""
        while True:
            now = self.clock()
            busy = await self.run(self._lease, host, now)
            if busy is None:
                return None
            left = _PATIENCE - self._waited
            pause = min(busy.until - now, timedelta(seconds=_STEP))
            if max(pause, busy.rests_until - now) > left:
                return busy.until
            await self.sleep(pause.total_seconds())
            self._waited += pause

    def _lease(self, host: str, now: datetime) -> Busy | None:
        return self.storage.take(host, self.owner, now=now, lease=longest_look(self.timeout))

    async def _give_back(self) -> None:
        for host, url in self._taken.items():
            wanted = await self.robots.delay(url) if url else 0.0
            await self.run(self._let_go, host, self.clock() + timedelta(seconds=max(self.delay, wanted)))

    def _let_go(self, host: str, next_at: datetime) -> None:
        self.storage.let_go(host, self.owner, next_at=next_at)
