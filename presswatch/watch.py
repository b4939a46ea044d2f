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
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import structlog

from config import Settings
from presswatch.look import look, read_again
from presswatch.robots import Robots
from presswatch.threads import Threads
from scraper.discover import NotAListing, read_listing
from scraper.fetch import Fetcher, failure_of
from scraper.judge import RECIPE, Rules, decide, decide_listing, is_gone
from scraper.model import (
    Doubt,
    DuePage,
    Failed,
    Failure,
    Fetched,
    Found,
    Known,
    KnownListing,
    Listed,
    ListingKind,
    Outcome,
    Pulse,
    Request,
    Role,
    Seen,
    State,
    Twin,
    Unmodified,
    Validators,
)
from scraper.pace import Pace, next_look, noted
from scraper.urls import host as host_of
from scraper.urls import identity
from storage import LeaseLost, Storage, Unknown

__all__ = ["Tally", "Watch"]

_LEASE = timedelta(minutes=3)
_MARGIN = timedelta(seconds=60)
"""A page is only begun while its host's lease has so much left: more than the longest request takes."""
_LONGEST_PAUSE = timedelta(hours=24)
_ALIASES_TRIED = 3
_BACKLOG = timedelta(minutes=5)
"""Between the first readings of two older releases that a first visit found."""
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
    changes: list[int] = field(default_factory=list)
    """Ids."""


@dataclass(slots=True, kw_only=True)
class Watch:
    """Looks at what is due."""

    storage: Storage
    fetcher: Fetcher
    settings: Settings
    clock: Callable[[], datetime]
    jitter: Callable[[], float]
    owner: str
    run: Threads
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    tally: Tally = field(default_factory=Tally)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _robots: Robots = field(init=False)

    def __post_init__(self) -> None:
        self._robots = Robots(storage=self.storage, fetcher=self.fetcher, clock=self.clock, run=self.run)

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
        started = self.clock()
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
        room = self.settings.fetch.concurrency - len(self._tasks)
        if room <= 0:
            return 0
        pages = await self.run(
            self.storage.claim, now=self.clock(), owner=self.owner, lease=_LEASE, hosts=room, source=source,
            everything=everything, not_since=not_since,
        )  # fmt: skip
        for host, due in itertools.groupby(pages, key=lambda page: page.host):
            task = asyncio.create_task(self._visit(host, list(due)), name=f"visit {host}")
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return len(pages)

    async def _host_comes_free(self, source: str | None, started: datetime, *, everything: bool) -> bool:
        """Wait until a host may be visited again that has pages left for this round; False where none has soon."""
        now = self.clock()
        free_at = await self.run(
            self.storage.next_due_at, now, due_by=None if everything else now, source=source, not_since=started
        )
        if free_at is None or free_at - now > _PATIENCE:
            return False
        await self.sleep((free_at - now).total_seconds())
        return True

    async def close(self) -> None:
        """Stop at once. What is under way is dropped and will be repeated; leases are given back."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.run(self.storage.free_leases, self.owner)

    # --- one host -----------------------------------------------------------------------------------------------------

    async def _visit(self, host: str, pages: list[DuePage]) -> None:
        """Look at a host's due pages one after the other, then give the host back with the time of the next visit."""
        deadline = self.clock() + _LEASE - _MARGIN
        delay, pause = self.settings.fetch.delay_per_host, timedelta()
        try:
            for index, page in enumerate(pages):
                if index:
                    await self.sleep(delay)
                if pause or self.clock() > deadline:
                    break
                pause = await self._survive(page)
                delay = max(delay, await self._robots.delay(page.url))
        except LeaseLost:
            log.warning("lease lost", host=host)
        except Exception:
            log.exception("visit failed", host=host)
        finally:
            next_at = self.clock() + max(timedelta(seconds=delay), pause)
            await asyncio.shield(self.run(self.storage.let_go, host, self.owner, next_at=next_at))

    async def _survive(self, page: DuePage) -> timedelta:
        """Look at a page; what goes wrong with one is told, comes back with back-off and holds up no other."""
        try:
            return await self._poll(page)
        except LeaseLost:
            raise
        except Unknown as gone:
            log.info("not polled", page=page.url, why=str(gone))
        except Exception as error:
            log.exception("poll failed", page=page.url)
            await self._postpone(page, error)
        return timedelta()

    async def _postpone(self, page: DuePage, error: Exception) -> None:
        """A look that broke the product itself is a failed one, too; else it would be due again at once."""
        now = self.clock()
        detail = f"this should not happen: {type(error).__name__}: {error}"
        self._count(page)
        pulse = noted(page.pulse, now=now, failed=True, finds=0)
        await self.run(
            self.storage.postpone, page, owner=self.owner,
            failed=Failed(at=now, failure=Failure.UNREADABLE, detail=detail),
            next_poll_at=next_look(page.role, pulse, now=now, jitter=self.jitter(), pace=self._pace()),
        )  # fmt: skip

    async def _poll(self, page: DuePage) -> timedelta:
        """One look at one page; how long the host asks to be left alone after it."""
        self.tally.polls += 1
        if page.role is Role.LISTING:
            failed = await self._poll_listing(page)
        else:
            failed = await self._poll_release(page)
        if failed is None:
            return timedelta()
        self._count(page)
        if failed.failure is not Failure.THROTTLED:
            return timedelta()
        return min(failed.retry_after or timedelta(minutes=1), _LONGEST_PAUSE)

    def _count(self, page: DuePage) -> None:
        self.tally.failed += 1
        self.tally.failed_first += page.pulse.failures == 0

    async def _get(self, page: DuePage, *, whole: bool) -> Fetched | Failed:
        """The answer, asked for conditionally unless a whole one is wanted."""
        if refusal := await self._robots.refusal(page.url):
            return refusal
        validators = Validators() if whole or self._is_old(page) else page.validators
        return await self.fetcher.fetch(Request(url=page.url, validators=validators))

    def _is_old(self, page: DuePage) -> bool:
        """A 304 alone is not trusted for ever: servers were seen to keep Last-Modified while the text changed."""
        return page.last_full_at is None or self.clock() - page.last_full_at >= self.settings.watch.full_fetch

    # --- releases -----------------------------------------------------------------------------------------------------

    async def _poll_release(self, page: DuePage) -> Failed | None:
        known = await self.run(self.storage.known, page.page_id, now=self.clock(), identity=identity)
        whole = _is_wanted_whole(known)
        answer = await self._get(page, whole=whole)
        now = self.clock()
        found = await self._look(answer, page)
        if known.suspect and known.suspect.doubt is Doubt.GONE and is_gone(found, known):
            found = await self._elsewhere(page, known) or found
        outcome = await self.run(self._decide, page, known, found, now)
        pulse = noted(
            page.pulse, now=now, failed=outcome.failed is not None, changed_at=_changed_at(outcome),
            finds=sum(change.revision_from is not None for change in outcome.changes),
        )  # fmt: skip
        changes = await self.run(
            self.storage.record, page, owner=self.owner, found=found, outcome=outcome, pulse=pulse,
            next_poll_at=self._next_release(outcome, pulse, now), channels=page.source.routes,
            ms=_ms(answer, now),
        )  # fmt: skip
        self.tally.changes.extend(changes)
        log.info(
            "polled", page=page.url, state=outcome.state.value, note=outcome.note,
            status=getattr(answer, "status", None), changes=[change.kind.value for change in outcome.changes] or None,
        )  # fmt: skip
        return outcome.failed

    async def _look(self, answer: Fetched | Failed, page: DuePage) -> Found:
        """The finding; a page that breaks the reader is a failed look and comes back with back-off like any other."""
        try:
            return await self.run(look, answer, source=page.source, now=self.clock())
        except Exception as error:
            log.exception("reading failed", page=page.url)
            detail = f"reading the page failed: {type(error).__name__}: {error}"
            return Failed(at=self.clock(), failure=Failure.UNREADABLE, detail=detail)

    async def _elsewhere(self, page: DuePage, known: Known) -> Seen | None:
        """The release at another address that it is known by, before it is said to be gone from its own."""
        here = [url for url in known.aliases if host_of(url) == page.host]
        for url in here[:_ALIASES_TRIED]:
            await self.sleep(self.settings.fetch.delay_per_host)
            answer = await self._get(replace(page, url=url), whole=True)
            found = await self._look(answer, page)
            if isinstance(found, Seen) and identity(found.final_url) != known.key:
                return replace(found, permanent=True)
        return None

    def _decide(self, page: DuePage, known: Known, found: Found, now: datetime) -> Outcome:
        known, reread = self._up_to_date(page, known)
        if isinstance(found, Seen):
            known = self._with_twins(page, known, found)
        outcome = decide(found, known, now, Rules(confirm_after=self.settings.watch.confirm_after))
        if reread and outcome.refresh is None:
            outcome = replace(outcome, refresh=known.current)
        return outcome

    def _up_to_date(self, page: DuePage, known: Known) -> tuple[Known, bool]:
        """The current revision as the present recipe reads it, and whether that was needed."""
        if known.current is None or known.current.recipe == RECIPE:
            return known, False
        evidence = self.storage.current_evidence(page.page_id)
        current = read_again(known.current, evidence, page.source) if evidence else known.current
        return replace(known, current=replace(current, recipe=RECIPE)), True

    def _with_twins(self, page: DuePage, known: Known, found: Seen) -> Known:
        """What is known of other releases that have this text or stand at this address."""
        text = place = None
        if known.current is None or known.current.digest != found.digest:
            text = self.storage.twin_by_digest(page.source_id, found.digest, RECIPE, not_page=page.page_id)
        for url in (found.final_url, *([found.release.canonical] if found.release.canonical else ())):
            key = identity(url)
            if key != known.key and place is None:
                place = self._twin_at(page, key)
        return replace(known, same_text=text, same_place=place)

    def _twin_at(self, page: DuePage, key: str) -> Twin | None:
        """The other release that is known at an address, with its text."""
        twin = self.storage.twin_at(page.source_id, key, not_page=page.page_id)
        row = self.storage.release(twin.release_id) if twin and twin.read else None
        if twin is None or row is None or row.current is None:
            return twin
        return replace(twin, release=self.storage.revision(row.id, row.current).release)

    def _next_release(self, outcome: Outcome, pulse: Pulse, now: datetime) -> datetime | None:
        if outcome.state is State.IGNORED:
            return None
        if outcome.look_again:
            return now + outcome.look_again
        return next_look(
            Role.RELEASE, pulse, now=now, jitter=self.jitter(), pace=self._pace(), not_sooner=_wait(outcome)
        )

    # --- listings -----------------------------------------------------------------------------------------------------

    async def _poll_listing(self, page: DuePage) -> Failed | None:
        known = await self.run(self.storage.known_listing, page.page_id)
        answer = await self._get(page, whole=known.suspect is not None or not known.visited)
        now = self.clock()
        found = await self._list(answer, page, known)
        keys = [entry.key for entry in found.entries] if isinstance(found, Listed) else []
        entries = await self.run(self.storage.entries_known, page.source_id, keys)
        outcome = decide_listing(found, known, entries, now, Rules(confirm_after=self.settings.watch.confirm_after))
        finds = 0 if outcome.quiet else sum(entry.key not in entries for entry in outcome.entries)
        pulse = noted(page.pulse, now=now, failed=outcome.failed is not None, finds=finds)
        if outcome.look_again:
            next_poll_at = now + outcome.look_again
        else:
            next_poll_at = next_look(
                Role.LISTING, pulse, now=now, jitter=self.jitter(), pace=self._pace(), every=page.source.every,
                not_sooner=_wait(outcome),
            )  # fmt: skip
        new = await self.run(
            self.storage.record_listing, page, owner=self.owner, found=answer, outcome=outcome, pulse=pulse,
            next_poll_at=next_poll_at, first_release_polls=self._first_polls(now, quiet=outcome.quiet), now=now,
            ms=_ms(answer, now),
        )  # fmt: skip
        self.tally.releases += new
        log.info("polled", page=page.url, note=outcome.note, status=getattr(answer, "status", None), new=new or None)
        return outcome.failed

    async def _list(self, answer: Fetched | Failed, page: DuePage, known: KnownListing) -> Listed | Unmodified | Failed:
        """The listing's entries; one that breaks the reader is a failed look."""
        now = self.clock()
        try:
            return await self.run(_read_listing, answer, page, known, now)
        except Exception as error:
            log.exception("reading failed", page=page.url)
            detail = f"reading the listing failed: {type(error).__name__}: {error}"
            return Failed(at=now, failure=Failure.UNREADABLE, detail=detail)

    def _first_polls(self, now: datetime, *, quiet: bool) -> Callable[[int], datetime]:
        """When the n-th newest unknown entry is read first: at once, but at a first visit the older ones in a while."""
        limit = self.settings.watch.first_visit
        backlog = now + self.settings.pace.slowest
        return lambda index: now if not quiet or index < limit else backlog + (index - limit) * _BACKLOG

    def _pace(self) -> Pace:
        pace = self.settings.pace
        return Pace(
            day_old=pace.day_old, fastest=pace.fastest, slowest=pace.slowest, slowest_listing=pace.slowest_listing
        )


def _read_listing(
    answer: Fetched | Failed, page: DuePage, known: KnownListing, now: datetime
) -> Listed | Unmodified | Failed:
    if isinstance(answer, Failed):
        return answer
    if answer.status == 304:
        return Unmodified(at=answer.finished_at)
    if failed := failure_of(answer, now):
        return failed
    if answer.status in (404, 410):
        return Failed(
            at=now, failure=Failure.REFUSED, detail=f"the listing is gone ({answer.status})", status=answer.status
        )
    try:
        return read_listing(answer, zone=ZoneInfo(page.source.time_zone), shapes=known.shapes)
    except NotAListing as error:
        if known.kind is ListingKind.PAGE:
            return Listed(kind=ListingKind.PAGE, entries=())
        return Failed(at=now, failure=Failure.UNREADABLE, detail=str(error), status=answer.status)


def _is_wanted_whole(known: Known) -> bool:
    """A doubt needs the page itself, though not for ever where it never ends."""
    return known.state is not State.LIVE or (known.suspect is not None and known.suspect.total < Rules().patience)


def _wait(outcome: object) -> timedelta | None:
    failed: Failed | None = getattr(outcome, "failed", None)
    return failed.retry_after if failed else None


def _ms(answer: Fetched | Failed, now: datetime) -> int:
    if isinstance(answer, Failed):
        return 0
    return int((min(answer.finished_at, now) - answer.started_at).total_seconds() * 1000)


def _changed_at(outcome: Outcome) -> datetime | None:
    """When the current version came to be: by its own stamps where they tell, else when it was first seen."""
    if outcome.changes and outcome.changes[-1].revision_from is not None:
        return outcome.changes[-1].not_after
    if outcome.revision is None:
        return None
    release = outcome.revision.release
    told = [stamp.at for stamp in (release.published, *release.stamps) if stamp]
    return max(told, default=outcome.revision.observed_at)
