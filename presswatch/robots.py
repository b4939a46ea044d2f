"""May this page be asked for, and how fast? robots.txt, kept with its host and asked for again once a day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache

from presswatch.threads import Threads
from scraper.fetch import Fetcher, robots
from scraper.model import Failed, Failure, Request
from scraper.urls import host as host_of
from storage import Robots as Kept
from storage import Storage

__all__ = ["AGENT", "Robots"]

AGENT = "presswatch"
"""The product token that rules are looked up by (RFC 9309 section 2.2.1)."""
_TRY_AGAIN = timedelta(hours=1)
"""How long an unreachable robots.txt is not asked for again."""


@dataclass(slots=True, kw_only=True)
class Robots:
    """What the hosts allow."""

    storage: Storage
    fetcher: Fetcher
    clock: Callable[[], datetime]
    run: Threads
    _failed: dict[str, Failed] = field(default_factory=dict)
    """Why a host's robots.txt could not be had, for the sentence; the verdict itself is stored."""

    async def refusal(self, url: str) -> Failed | None:
        """Why the page must not be asked for, or None."""
        rules = await self._rules(url)
        if rules.allows(url, AGENT):
            return None
        now, host = self.clock(), host_of(url)
        if not rules.unreachable:
            return Failed(at=now, failure=Failure.ROBOTS, detail=f"robots.txt of {host} forbids {url}")
        if failed := self._failed.get(host):
            # The host itself can't be reached: that is the news, and not its robots.txt.
            return Failed(at=now, failure=failed.failure, detail=failed.detail, retry_after=failed.retry_after)
        said = f"answers {rules.status}" if rules.status else "can't be had"
        return Failed(at=now, failure=Failure.ROBOTS, detail=f"robots.txt of {host} {said}, which forbids everything")

    async def delay(self, url: str) -> float:
        """Seconds between two requests that the host asks for."""
        return (await self._rules(url)).crawl_delay(AGENT) or 0.0

    async def sitemaps(self, url: str) -> tuple[str, ...]:
        """The sitemaps that the host names."""
        return (await self._rules(url)).sitemaps

    async def _rules(self, url: str) -> robots.Robots:
        host, now = host_of(url), self.clock()
        kept = await self.run(self.storage.robots, host)
        if kept and now - kept.at < (robots.KEEP if _is_reachable(kept) else _TRY_AGAIN):
            return _parsed(kept.status, kept.text or "", robots.location(url))
        return await self._ask(url, host, kept)

    async def _ask(self, url: str, host: str, kept: Kept | None) -> robots.Robots:
        answer = await self.fetcher.fetch(Request(url=robots.location(url)))
        now = self.clock()
        since = now - (kept.ok_at or kept.at) if kept else timedelta()
        rules = robots.of_answer(answer, unreachable_for=since)
        self._failed.pop(host, None)
        if isinstance(answer, Failed) and rules.unreachable:
            self._failed[host] = answer
        ok_at = (kept.ok_at or kept.at if kept else now) if rules.unreachable else now
        delay = rules.crawl_delay(AGENT)
        await self.run(
            self.storage.keep_robots, host,
            Kept(
                status=rules.status, text=rules.text, at=now, ok_at=ok_at,
                delay=None if delay is None else timedelta(seconds=delay),
            ),
        )  # fmt: skip
        return rules


def _is_reachable(kept: Kept) -> bool:
    return kept.status is not None and 200 <= kept.status < 500


@lru_cache(maxsize=256)
def _parsed(status: int | None, text: str, url: str) -> robots.Robots:
    """Parsing hundreds of rules takes longer than asking them: a host's pages are polled one after the other."""
    return robots.Robots(status=status, text=text, url=url)
