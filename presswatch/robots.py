"""May this page be asked for, and how fast? robots.txt, kept with its host and asked for again once a day.

Where it can't be had, the last one that could be had counts for a week (RFC 9309 section 2.4: a copy may be used for
longer where the file is unreachable), then nothing is allowed, and after 30 days it is as if there were none, or the
last one still stands (section 2.3.1.4).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import lru_cache

import structlog

from presswatch.threads import Threads
from scraper.fetch import Fetcher, failure_of, robots
from scraper.model import Failed, Failure, Fetched, Request
from scraper.urls import host as host_of
from storage import Robots as Kept
from storage import Storage

__all__ = ["AGENT", "Robots"]

AGENT = "presswatch"
"""The product token that rules are looked up by (RFC 9309 section 2.2.1)."""
_TRY_AGAIN = timedelta(hours=1)
"""How long a robots.txt that could not be had is not asked for again."""
_STALE = timedelta(days=7)
"""How long the last one that could be had counts where there is none to be had."""
_TOO_MANY = 429
_MOST, _SHORT = 1_000, 20_000
"""Hosts whose robots.txt is kept in mind, and characters of one that is."""

log = structlog.get_logger()


@dataclass(slots=True, kw_only=True)
class Robots:
    """What the hosts allow."""

    storage: Storage
    fetcher: Fetcher
    clock: Callable[[], datetime]
    run: Threads
    anew: datetime | None = None
    """What could not be had before is asked for again: somebody waits for the answer, and may have mended the cause.

    Not where the host itself asked to be left alone for longer.
    """
    _fresh: dict[str, Kept] = field(default_factory=dict)
    """Those that were had of late, so that the database is not asked twice for every look."""

    async def refusal(self, url: str) -> Failed | None:
        """Why the page must not be asked for, or None. A host that is asked too often is to be left alone first."""
        rules, failed = await self._rules(url)
        now, host = self.clock(), host_of(url)
        if failed and (pause := _pause(failed, now)):
            return replace(failed, at=now, retry_after=pause, host=host)
        if rules.allows(url, AGENT):
            return None
        if not rules.unreachable:
            return Failed(at=now, failure=Failure.ROBOTS, detail=f"robots.txt of {host} forbids {url}")
        if failed and failed.status is None:
            # The host itself can't be reached: that is the news, and not its robots.txt.
            return Failed(at=now, failure=failed.failure, detail=failed.detail, retry_after=failed.retry_after)
        said = f"answers {failed.status}" if failed else "can't be had"
        return Failed(at=now, failure=Failure.ROBOTS, detail=f"robots.txt of {host} {said}, which forbids everything")

    async def delay(self, url: str) -> float:
        """Seconds between two requests that the host asks for."""
        return (await self._rules(url))[0].crawl_delay(AGENT) or 0.0

    async def sitemaps(self, url: str) -> tuple[str, ...]:
        """The sitemaps that the host names."""
        return (await self._rules(url))[0].sitemaps

    async def _rules(self, url: str) -> tuple[robots.Robots, Failed | None]:
        """The rules for an address, and why there are no newer ones.

        Where even that breaks, nothing is allowed: it must not end a visit.
        """
        try:
            kept = await self._kept(url)
            return _in_force(kept, self.clock(), robots.location(url)), kept.failed
        except Exception:
            log.exception("robots.txt failed", page=url)
            return robots.Robots(status=None), None

    async def _kept(self, url: str) -> Kept:
        """What is known of a host's robots.txt, asked for where that is old."""
        host, now = host_of(url), self.clock()
        if (fresh := self._fresh.get(host)) and not self._is_old(fresh, now):
            return fresh
        kept = await self.run(self.storage.robots, host)
        if not kept or self._is_old(kept, now):
            kept = await self._ask(url, kept)
            await self.run(self.storage.keep_robots, host, kept)
        self._remember(host, kept)
        return kept

    def _is_old(self, kept: Kept, now: datetime) -> bool:
        if kept.at > now:
            return True  # the clock was set back
        if kept.failed and _pause(kept.failed, now):
            return False
        if not kept.failed_at:
            return now - kept.at >= robots.KEEP
        return now - kept.at >= _TRY_AGAIN or (self.anew is not None and kept.at < self.anew)

    def _remember(self, host: str, kept: Kept) -> None:
        self._fresh.pop(host, None)
        if not kept.failed_at and len(kept.text or "") <= _SHORT:
            self._fresh[host] = kept
        if len(self._fresh) > _MOST:
            del self._fresh[next(iter(self._fresh))]

    async def _ask(self, url: str, before: Kept | None) -> Kept:
        answer = await self.fetcher.fetch(Request(url=robots.location(url)))
        now, rules = self.clock(), robots.of_answer(answer)
        if rules.unreachable or (isinstance(answer, Fetched) and answer.status == _TOO_MANY):
            failed = answer if isinstance(answer, Failed) else failure_of(answer, now)
            before = before or Kept(status=None, text=None, at=now, ok_at=None)
            return replace(
                before, at=now, failed_at=min(before.failed_at or now, now), failed=failed and replace(failed, at=now)
            )
        delay = rules.crawl_delay(AGENT)
        return Kept(
            status=rules.status, text=rules.text, at=now, ok_at=now,
            delay=None if delay is None else timedelta(seconds=delay),
        )  # fmt: skip


def _in_force(kept: Kept, now: datetime, url: str) -> robots.Robots:
    """The rules that count now."""
    failing = timedelta() if kept.failed_at is None else now - kept.failed_at
    given_up = failing >= robots.GIVE_UP
    if kept.failed_at is None or given_up or (kept.ok_at is not None and now - kept.ok_at < _STALE):
        return _parsed(404 if kept.status is None and given_up else kept.status, kept.text or "", url)
    return robots.Robots(status=None, url=url)


def _pause(failed: Failed, now: datetime) -> timedelta | None:
    """How long a host that answered "too many requests" is still to be left alone."""
    left = failed.at + failed.pause - now
    return left if failed.pause and left > timedelta() else None


@lru_cache(maxsize=256)
def _parsed(status: int | None, text: str, url: str) -> robots.Robots:
    """Parsing hundreds of rules takes longer than asking them: a host's pages are polled one after the other."""
    return robots.Robots(status=status, text=text, url=url)
