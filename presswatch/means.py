"""What every look needs: the store, the network, the clock, the settings, and how they are asked."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from config import Settings
from presswatch import routing
from presswatch.pacer import Pacer
from presswatch.robots import Robots
from presswatch.threads import Threads
from presswatch.turns import Turns
from scraper.fetch import Fetcher, failure_of
from scraper.fetch.render import Renderer
from scraper.judge import Rules, assess
from scraper.model import (
    LONGEST_PAUSE,
    DuePage,
    Failed,
    Fetched,
    KnownHealth,
    Pulse,
    Render,
    Request,
    Source,
    Turn,
    Validators,
)
from storage import FeedRow, Physician, Router, Storage, Way

__all__ = ["Means", "Polled", "took"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Polled:
    """What a poll came to, for the tally; everything else is stored."""

    failed: Failed | None = None
    changes: int = 0
    releases: int = 0
    """Entries of a listing that were not known."""


@dataclass(slots=True, kw_only=True)
class Means:
    """The means of a look."""

    storage: Storage
    fetcher: Fetcher
    renderer: Renderer
    settings: Settings
    clock: Callable[[], datetime]
    jitter: Callable[[], float]
    """From 0 to 1."""
    owner: str
    """Who holds the leases."""
    run: Threads
    sleep: Callable[[float], Awaitable[None]]
    robots: Robots
    pacer: Pacer
    _resting: dict[str, datetime] = field(default_factory=dict)
    """Hosts that asked to be left alone, until when; storage knows of it, too, unless it fails just then."""

    @property
    def rules(self) -> Rules:
        """The judge's, after the settings."""
        return Rules(confirm_after=self.settings.watch.confirm_after)

    def router(self, source: Source) -> Router:
        """Who says by the rules of the settings who is told of a source's change, in the transaction of a look."""

        def ask(row: FeedRow, at: datetime) -> tuple[Way, ...]:
            return routing.ways(self.settings.rules, row, self.settings.routes_of(source.routes), at)

        return Router(ask=ask, most_per_hour=self.settings.delivery.most_per_hour)

    def physician(self, source: Source) -> Physician:
        """Who judges a source's health in the transaction of a look, and whom it tells."""
        return Physician(judge=self._assess, channels=self.settings.told_of_health(source.routes))

    def _assess(self, known: KnownHealth, now: datetime) -> Turn:
        return assess(known, now, self.rules)

    async def ask(self, page: DuePage, *, whole: bool) -> Fetched | Failed:
        """The page's answer, if robots.txt allows it; asked for conditionally unless a whole one is wanted."""
        if page.source.render is Render.ALWAYS:
            return await self.draw(page.url)
        validators = Validators() if whole or self._is_old(page) else page.validators
        return await self.get(Request(url=page.url, validators=validators), home=page.host)

    async def get(self, request: Request, *, home: str) -> Fetched | Failed:
        """The answer to a request during a visit of the host ``home``, if robots.txt allows it.

        Other hosts that it leads to have their turns.
        """
        turns = Turns(
            home=home, storage=self.storage, robots=self.robots, clock=self.clock, run=self.run, sleep=self.sleep,
            owner=self.owner, delay=self.settings.fetch.delay_per_host,
            timeout=self.settings.fetch.timeout,
        )  # fmt: skip
        async with turns:
            refusal = await self.robots.refusal(request.url)
            return await self._heeded(refusal or await self.fetcher.fetch(request, may_follow=turns.refusal))

    async def draw(self, url: str) -> Fetched | Failed:
        """The page as a browser shows it, if robots.txt allows it."""
        return await self._heeded(await self.robots.refusal(url) or await self.renderer.render(Request(url=url)))

    async def _heeded(self, answer: Fetched | Failed) -> Fetched | Failed:
        """The answer. A host that asks in it to be left alone is, whichever it is and whatever becomes of the look."""
        now = self.clock()
        failed = answer if isinstance(answer, Failed) else failure_of(answer, now)
        if failed and failed.host and failed.pause:
            until = now + failed.pause
            self._resting = {host: at for host, at in self._resting.items() if at > now} | {failed.host: until}
            await self.run(self.storage.leave_alone, failed.host, until=until)
        return answer

    def rest(self, host: str) -> timedelta:
        """For how much longer a host that is being visited asked to be left alone; zero where it did not."""
        now = self.clock()
        left = self._resting.get(host, now) - now
        # Further off than it can be asked for, it was put down by a clock that was ahead.
        return left if timedelta() < left <= LONGEST_PAUSE else timedelta()

    def _is_old(self, page: DuePage) -> bool:
        """A 304 alone is not trusted for ever: servers were seen to keep Last-Modified while the text changed."""
        return page.last_full_at is None or self.clock() - page.last_full_at >= self.settings.watch.full_fetch

    def planned(self, page: DuePage, pulse: Pulse, *, failed: Failed | None) -> tuple[datetime, Pulse]:
        """When the page is due again, unless it is doubted, and its pulse with the reason."""
        return self.pacer.planned(page, pulse, failed=failed, jitter=self.jitter())


def took(answer: Fetched | Failed, now: datetime) -> int:
    """Milliseconds from request to answer; 0 where there was none."""
    if isinstance(answer, Failed):
        return 0
    return (min(answer.finished_at, now) - answer.started_at) // timedelta(milliseconds=1)
