"""A request under way: where it has been, and what time and rights it has left."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Self

from scraper import urls
from scraper.fetch.guard import forbidden
from scraper.fetch.problem import Problem
from scraper.model import Failure, Redirect

__all__ = ["Journey"]


@dataclass(slots=True, kw_only=True)
class Journey:
    """One request, over all of its hops."""

    url: str
    seconds: float
    """What is left."""
    allow_private: bool
    hops: list[Redirect] = field(default_factory=list)

    @classmethod
    def to(cls, url: str, *, seconds: float, allow_private: bool) -> Self:
        """The journey's start.

        Raises:
            Problem: ``address`` where this is no http(s) address.
        """
        address = urls.join(url, url)
        if address is None:
            raise Problem(Failure.ADDRESS, f"{url!r} is no address of the web.")
        return cls(url=address, seconds=seconds, allow_private=allow_private)

    @property
    def host(self) -> str:
        """Host and, where it is not the scheme's own, port."""
        return urls.host(self.url)

    def go_on(self, target: str, *, status: int, most: int) -> None:
        """Follows a redirect.

        Raises:
            Problem: ``redirects`` for a circle, or for more than ``most`` hops.
        """
        start = self.hops[0].url if self.hops else self.url
        if target == self.url or any(target == hop.url for hop in self.hops):
            raise Problem(Failure.REDIRECTS, f"{start} redirects in a circle.")
        if len(self.hops) == most:
            raise Problem(Failure.REDIRECTS, f"{start} redirects more than {most} times.")
        self.hops.append(Redirect(status=status, url=self.url))
        self.url = target

    @asynccontextmanager
    async def clock(self) -> AsyncIterator[None]:
        """Time that counts. Raises TimeoutError when none is left."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        try:
            async with asyncio.timeout(self.seconds):
                yield
        finally:
            self.seconds -= loop.time() - began

    def arrived(self, address: str) -> None:
        """A public server may not lead into the private network, also where that may be asked."""
        if address and forbidden(address, allow_private=False) is None:
            self.allow_private = False
