"""When a source's site is learned, and from what: its stored evidence, so that the same store teaches the same."""

from __future__ import annotations

import structlog

from presswatch.means import Means
from scraper.model import DuePage, Fetched, Outcome, Site
from scraper.read import MOST_LOADS, learn

__all__ = ["is_due", "learn_site"]

_FIRST = 3
"""Releases from which on something is learned."""
_AGAIN = (3, 6, 12)
"""Numbers of a revision after which it is worth a look whether something varies on each load."""

log = structlog.get_logger()


def is_due(site: Site, releases: int, number: int | None) -> bool:
    """True where there is enough more to learn from: twice the releases, or a release that keeps changing."""
    if releases < _FIRST:
        return False
    return number in _AGAIN or (site.pages < MOST_LOADS and releases >= 2 * site.pages)


async def learn_site(page: DuePage, outcome: Outcome, means: Means) -> None:
    """Learn the site of a release that has a new revision, where that is due, and keep what came of it."""
    if outcome.revision is None:
        return
    storage = means.storage
    known = await means.run(storage.site, page.source_id)
    releases = await means.run(storage.lessons, page.source_id)
    if not is_due(known, releases, outcome.revision.number):
        return
    loads = await means.run(storage.loads, page.source_id, most=MOST_LOADS)
    try:
        site = await means.run(_learned, loads)
    except Exception:
        # The look is recorded; what could not be learned from it is tried again when there is more to learn from.
        log.exception("learning failed", source=page.source.name)
        return
    if site != known:
        await means.run(storage.keep_site, page.source_id, site)
        log.info("learned", source=page.source.name, pages=site.pages, loads=site.loads, version=site.version)


def _learned(loads: list[Fetched]) -> Site:
    return learn((load.body, load.final_url) for load in loads)
