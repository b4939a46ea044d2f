"""The way of the data, for the daemon, for cron and for the tests alike.

    storage.claim(now)                    pages that are due, under a lease on their host
      | robots, fetch                     asynchronous, many hosts at once, one request at a time for each
      | look                              304, 404, failure, or what the page says
      | decide(found, known, now)         pure
      | storage.record(outcome)           one transaction: page, revision, change, outbox, next look

Every poll yields one outcome, also the failed and the unchanged one. A crash anywhere repeats work and loses none.
"""

from __future__ import annotations

import asyncio
import itertools
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from presswatch.means import Means
from presswatch.poll_listing import poll_listing
from presswatch.poll_release import poll_release
from presswatch.turns import longest_look
from scraper.model import Ailment, DuePage, Failed, Failure, HealthKind, Role
from scraper.pace import noted
from storage import LeaseLost, StorageError, Unknown

__all__ = ["Tally", "Watch"]

_VISIT = timedelta(minutes=2)
"""Pages of a host are begun for so long; its lease lasts for one more look."""
_PATIENCE = timedelta(seconds=65)
"""A round waits for a host's pause that is no longer; robots.txt may ask for a minute."""

log = structlog.get_logger()


@dataclass(slots=True)
class Tally:
    """What a round did."""

    polls: int = 0
    failed: int = 0
    failed_first: int = 0
    """Polls that failed where the one before had not."""
    releases: int = 0
    """New entries of listings."""
    changes: int = 0
    unwritten: str = ""
    """What the database said where it did not take what a look saw."""


@dataclass(slots=True, kw_only=True)
class Watch:
    """Looks at what is due."""

    means: Means
    tally: Tally = field(default_factory=Tally)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _hosts: set[str] = field(default_factory=set)
    """Those that are being visited."""

    @property
    def lease(self) -> timedelta:
        """For how long a host is taken at a time."""
        return _VISIT + longest_look(self.means.settings.fetch.timeout)

    # --- rounds -------------------------------------------------------------------------------------------------------

    async def tick(self) -> int:
        """Begin the looks that are due, as far as there is room; how many were begun."""
        self.tally = Tally()
        return await self._begin()

    async def round(self, *, source: str | None = None, everything: bool = False) -> Tally:
        """Look once at everything that is due, and at what is found by it, then return.

        This is what ``presswatch check`` does. A second look at the same page is the next round's. ``everything`` looks
        at pages that are not due yet, too.
        """
        started = self.means.clock()
        self.tally = Tally()
        while True:
            begun = await self._begin(source=source, not_since=started, everything=everything)
            if self._tasks:
                await asyncio.wait(self._tasks, return_when=asyncio.FIRST_COMPLETED)
            elif not begun and not await self._host_comes_free(source, started, everything=everything):
                return self.tally

    async def _begin(
        self, *, source: str | None = None, not_since: datetime | None = None, everything: bool = False
    ) -> int:
        room = self.means.settings.fetch.concurrency - len(self._tasks)
        if room <= 0:
            return 0
        await self.means.pacer.keep()
        spent = self.means.pacer.exhausted()
        if spent.wholly or (self.means.pacer.rests() and not everything):
            return 0
        pages = await self.means.run(
            self.means.storage.claim, now=self.means.clock(), owner=self.means.owner, lease=self.lease, hosts=room,
            source=source, everything=everything, not_since=not_since, spent=spent,
        )  # fmt: skip
        for host, due in itertools.groupby(pages, key=lambda page: page.host):
            if host in self._hosts:
                # Its lease ran out under a visit that still goes on: two at once would tell everything twice.
                log.warning("still under way", host=host)
                continue
            self._hosts.add(host)
            task = asyncio.create_task(self._visit(host, list(due)), name=f"visit {host}")
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return len(pages)

    async def _host_comes_free(self, source: str | None, started: datetime, *, everything: bool) -> bool:
        """Wait until a host may be visited again that has pages left for this round; False where none has soon."""
        now = self.means.clock()
        spent = self.means.pacer.exhausted()
        if spent.wholly or (self.means.pacer.rests() and not everything):
            return False
        free_at = await self.means.run(
            self.means.storage.next_due_at, now, due_by=None if everything else now, source=source, not_since=started,
            spent=spent,
        )  # fmt: skip
        if free_at is None or free_at - now > _PATIENCE:
            return False
        await self.means.sleep((free_at - now).total_seconds())
        return True

    async def close(self) -> None:
        """Stop at once. What is under way is dropped and will be repeated; leases are given back."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.means.run(self.means.storage.free_leases, self.means.owner, now=self.means.clock(), delay=self.pause)

    @property
    def pause(self) -> timedelta:
        """A host that asks for no longer one is left alone for so long after a visit."""
        return timedelta(seconds=self.means.settings.fetch.delay_per_host)

    # --- one host -----------------------------------------------------------------------------------------------------

    async def _visit(self, host: str, pages: list[DuePage]) -> None:
        """Look at a host's due pages one after the other, then give the host back with the time of the next visit."""
        deadline = self.means.clock() + _VISIT
        delay = self.means.settings.fetch.delay_per_host
        try:
            for index, page in enumerate(pages):
                if index:
                    await self.means.sleep(delay)
                if self.means.rest(host) or self.means.clock() > deadline or not self.means.pacer.allows(page):
                    break
                await self._survive(page)
                delay = max(delay, await self.means.robots.delay(page.url))
        except LeaseLost:
            log.warning("lease lost", host=host)
        except StorageError as error:
            self._tell(error, host=host)
        except Exception:
            log.exception("visit failed", host=host)
        finally:
            self._hosts.discard(host)
            await asyncio.shield(self._let_go(host))

    async def _let_go(self, host: str) -> None:
        """Give a host back; where the database does not take even that, its lease runs out by itself."""
        pause = max(self.pause, self.means.rest(host))
        try:
            await self.means.run(self.means.storage.let_go, host, self.means.owner, now=self.means.clock(), delay=pause)
        except StorageError as error:
            self._tell(error, host=host)

    def _tell(self, error: StorageError, **where: str) -> None:
        self.tally.unwritten = str(error)
        log.error("not written", why=str(error), **where)

    async def _survive(self, page: DuePage) -> None:
        """Look at a page; what goes wrong with one is told, comes back with back-off and holds up no other."""
        try:
            await self._poll(page)
        except LeaseLost:
            raise
        except Unknown as gone:
            log.info("not polled", page=page.url, why=str(gone))
        except StorageError as error:
            self._tell(error, page=page.url)
            await self._postpone(page, str(error))
        except Exception as error:
            log.exception("poll failed", page=page.url)
            await self._postpone(page, f"this should not happen: {type(error).__name__}: {error}")

    async def _postpone(self, page: DuePage, detail: str) -> None:
        """A look that broke the product or the database is a failed one, too; else it would be due again at once."""
        now = self.means.clock()
        failed = Failed(at=now, failure=Failure.UNREADABLE, detail=detail)
        self._count(page)
        pulse = noted(page.pulse, now=now, failed=True, finds=0)
        again, _ = self.means.planned(page, pulse, failed=failed)
        await self.means.run(
            self.means.storage.postpone, page, owner=self.means.owner, failed=failed, next_poll_at=again,
            ailment=Ailment(kind=HealthKind.UNREADABLE, detail=detail), physician=self.means.physician(page.source),
        )  # fmt: skip

    async def _poll(self, page: DuePage) -> None:
        """One look at one page."""
        self.tally.polls += 1
        poll = poll_listing if page.role is Role.LISTING else poll_release
        polled = await poll(page, self.means)
        self.tally.changes += polled.changes
        self.tally.releases += polled.releases
        if polled.failed is not None:
            self._count(page)

    def _count(self, page: DuePage) -> None:
        self.tally.failed += 1
        self.tally.failed_first += page.pulse.failures == 0
