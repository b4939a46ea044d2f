"""One look at a listing: ask, read, decide, record."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import structlog

from presswatch.means import Means, Polled, took
from scraper.discover import NotAListing, read_listing, walk
from scraper.fetch import failure_of
from scraper.judge import decide_listing, listing_ailment
from scraper.model import (
    DuePage,
    Entry,
    Failed,
    Failure,
    Fetched,
    Habits,
    KnownListing,
    Listed,
    ListingKind,
    Render,
    Request,
    Unmodified,
    Why,
)
from scraper.pace import ENTRIES, hours_of, noted

__all__ = ["poll_listing"]

_BACKLOG = timedelta(minutes=5)
"""Between the first readings of two older releases that a first visit found."""

_FURTHER_PAGES = 4
_LONGEST_WALK = 60.0
"""Seconds of pauses."""

log = structlog.get_logger()


async def poll_listing(page: DuePage, means: Means) -> Polled:
    """Look at a listing and write down what it comes to.

    Raises:
        LeaseLost: the host is another process's by now; nothing is written.
    """
    known = await means.run(means.storage.known_listing, page.page_id)
    answer = await means.ask(page, whole=known.suspect is not None or not known.visited)
    found = await _read(answer, page, known, means)
    if _is_empty(found, page, known):
        drawn = await means.draw(page.url)
        if not isinstance(drawn, Failed):
            answer, found = drawn, await _read(drawn, page, known, means)
    if isinstance(found, Listed) and isinstance(answer, Fetched):
        found = await _with_further_pages(found, answer, page, known, means)
    now = means.clock()
    keys = [entry.key for entry in found.entries] if isinstance(found, Listed) else []
    entries = await means.run(means.storage.entries_known, page.source_id, keys, listing_page=page.page_id)
    outcome = decide_listing(found, known, entries, now, means.rules)
    finds = 0 if outcome.quiet else sum(entry.key not in entries for entry in outcome.entries)
    dated = _dated(outcome.entries)
    pulse = noted(
        page.pulse, role=page.role, now=now, failed=outcome.failed is not None, held=outcome.suspect is not None,
        finds=finds, dated=dated,
    )  # fmt: skip
    again, pulse = means.planned(page, pulse, failed=outcome.failed)
    if outcome.look_again:
        again, pulse = now + outcome.look_again, replace(pulse, why=Why.CONFIRM)
    gained = _gained(page, known, _dated([e for e in outcome.entries if e.key not in entries]), finds, now, means)
    new = await means.run(
        means.storage.record_listing,
        page,
        owner=means.owner,
        found=answer,
        outcome=outcome,
        pulse=pulse,
        next_poll_at=again,
        first_release_polls=_first_polls(now, backlog=outcome.quiet and not known.visited, means=means),
        now=now,
        ailment=listing_ailment(found, outcome),
        physician=means.physician(page.source),
        ms=took(answer, now),
        hint_at=means.pacer.hint_at(page.source_id),
        gained=gained,
    )
    means.pacer.learn(page.source_id, gained)
    log.info("polled", page=page.url, note=outcome.note, status=getattr(answer, "status", None), new=new or None)
    return Polled(failed=outcome.failed, releases=new)


def _dated(entries: Iterable[Entry]) -> list[datetime]:
    """When they were published, as far as that is told to the hour."""
    return [e.published.at for e in entries if e.published and not e.published.precision.is_date]


def _gained(
    page: DuePage, known: KnownListing, dated: list[datetime], finds: int, now: datetime, means: Means
) -> Habits | None:  # fmt: skip
    """What a look tells of the hours at which its source publishes: by their own times, else some time since the last.

    At a first visit the newest few tell something of it; there may be years of them.
    """
    since = page.pulse.looked_at
    if not known.visited or since is None:
        newest = sorted(at for at in dated if at <= now)[-ENTRIES:]
        return hours_of([(at, at, 1.0) for at in newest], week=means.pacer.context(page.source_id).week)
    told = [at for at in dated if since < at <= now][:finds]
    spans = [(at, at, 1.0) for at in told]
    return hours_of([*spans, (since, now, float(finds - len(told)))], week=means.pacer.context(page.source_id).week)


def _is_empty(found: Listed | Unmodified | Failed, page: DuePage, known: KnownListing) -> bool:
    """True for a list page that had entries, or that a browser found them on, and has none without one."""
    is_list = known.kind is ListingKind.PAGE and page.source.render is Render.AUTO
    return is_list and isinstance(found, Listed) and not found.entries and (known.size > 0 or not known.visited)


async def _with_further_pages(
    found: Listed, answer: Fetched, page: DuePage, known: KnownListing, means: Means
) -> Listed:
    """The entries of the list's next pages, too: at a first visit, and where none of the first page's is known.

    As slowly as any visit of the host; not where its pause would keep its lease too long.
    """
    if found.following is None or not found.entries or len(found.entries) >= means.settings.watch.first_visit:
        return found
    keys = [entry.key for entry in found.entries]
    before = await means.run(means.storage.entries_known, page.source_id, keys, listing_page=page.page_id)
    if known.visited and before:
        return found
    pause = max(means.settings.fetch.delay_per_host, await means.robots.delay(page.url))
    if pause * _FURTHER_PAGES > _LONGEST_WALK:
        return found

    async def get(url: str) -> Fetched | Failed:
        await means.sleep(pause)
        return await means.get(Request(url=url), home=page.host)

    zone = ZoneInfo(page.source.time_zone)
    walked = await walk(found, answer.final_url, get=get, zone=zone, most=1 + _FURTHER_PAGES, shapes=known.shapes)
    log.info("walked", page=page.url, pages=walked.pages, entries=len(walked.entries), why=walked.why)
    return replace(found, entries=walked.entries)


async def _read(
    answer: Fetched | Failed, page: DuePage, known: KnownListing, means: Means
) -> Listed | Unmodified | Failed:
    """The listing's entries; one that breaks the reader is a failed look."""
    now = means.clock()
    try:
        return await means.run(_entries, answer, page, known, now)
    except Exception as error:
        log.exception("reading failed", page=page.url)
        detail = f"reading the listing failed: {type(error).__name__}: {error}"
        return Failed(at=now, failure=Failure.UNREADABLE, detail=detail)


def _entries(
    answer: Fetched | Failed, page: DuePage, known: KnownListing, now: datetime
) -> Listed | Unmodified | Failed:
    if isinstance(answer, Failed):
        return answer
    if answer.status == 304:
        return Unmodified(at=answer.finished_at)
    if failed := failure_of(answer, now):
        return failed
    if answer.status in (404, 410):
        detail = f"the listing is gone ({answer.status})"
        return Failed(at=now, failure=Failure.REFUSED, detail=detail, status=answer.status)
    try:
        return read_listing(answer, zone=ZoneInfo(page.source.time_zone), shapes=known.shapes)
    except NotAListing as error:
        if known.kind is ListingKind.PAGE:
            # A list page without a list may be empty; whether to believe that is the judge's.
            return Listed(kind=ListingKind.PAGE, entries=())
        return Failed(at=now, failure=Failure.UNREADABLE, detail=str(error), status=answer.status)


def _first_polls(now: datetime, *, backlog: bool, means: Means) -> Callable[[int], datetime]:
    """When the n-th newest unknown entry is read first: at once, but at a first visit the older ones in a while.

    After a migration what was known is to be found again soon: many are read as fast as leaves room for other looks.
    """
    limit = means.settings.watch.first_visit
    gap = _BACKLOG if backlog else timedelta(seconds=2 * means.settings.fetch.delay_per_host)
    begin = now + means.settings.pace.slowest if backlog else now
    return lambda index: now if index < limit else begin + (index - limit) * gap
